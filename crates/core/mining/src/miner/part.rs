//! A part of a log while it is mined, and its directly-follows graph.

use crate::number::{ix, share};
use std::collections::{BTreeMap, BTreeSet};

/// Sequences of activities, each once, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Part {
    traces: BTreeMap<Vec<u32>, u64>,
}

impl Part {
    pub(crate) fn of(traces: impl IntoIterator<Item = (Vec<u32>, u64)>) -> Self {
        let mut part = Self::default();
        for (trace, count) in traces {
            part.add(trace, count);
        }
        part
    }

    pub(crate) fn add(&mut self, trace: Vec<u32>, count: u64) {
        *self.traces.entry(trace).or_default() += count;
    }

    pub(crate) fn traces(&self) -> impl Iterator<Item = (&[u32], u64)> {
        self.traces.iter().map(|(trace, count)| (trace.as_slice(), *count))
    }

    /// How many traces there are.
    pub(crate) fn count(&self) -> u64 {
        self.traces.values().sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.traces.is_empty()
    }

    /// Takes out the traces without events and says how many they were.
    pub(crate) fn take_empty(&mut self) -> u64 {
        self.traces.remove(&Vec::new()).unwrap_or(0)
    }

    /// The activity that every trace consists of, once.
    pub(crate) fn single(&self) -> Option<u32> {
        match self.traces.first_key_value() {
            Some((trace, _)) if self.traces.len() == 1 => match trace.as_slice() {
                [only] => Some(*only),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The directly-follows graph of a part. Activities have places here, in the order of their ids.
#[derive(Debug, Clone)]
pub(crate) struct Follows {
    activities: Vec<u32>,
    counts: Vec<u64>,
    pub(crate) starts: Vec<u64>,
    pub(crate) ends: Vec<u64>,
}

impl Follows {
    pub(crate) fn of(part: &Part) -> Self {
        let all: BTreeSet<u32> =
            part.traces().flat_map(|(trace, _)| trace.iter().copied()).collect();
        let activities: Vec<u32> = all.into_iter().collect();
        let mut place = vec![0; activities.last().map_or(0, |last| ix(*last) + 1)];
        for (n, activity) in activities.iter().enumerate() {
            if let Some(slot) = place.get_mut(ix(*activity)) {
                *slot = n;
            }
        }
        let count = activities.len();
        let mut follows = Self {
            activities,
            counts: vec![0; count * count],
            starts: vec![0; count],
            ends: vec![0; count],
        };
        let at = |activity: u32| place.get(ix(activity)).copied().unwrap_or(0);
        for (trace, weight) in part.traces() {
            let (Some(first), Some(last)) = (trace.first(), trace.last()) else { continue };
            add(&mut follows.starts, at(*first), weight);
            add(&mut follows.ends, at(*last), weight);
            for pair in trace.windows(2) {
                if let [before, after] = pair {
                    add(&mut follows.counts, at(*before) * count + at(*after), weight);
                }
            }
        }
        follows
    }

    /// How many activities there are.
    pub(crate) fn len(&self) -> usize {
        self.activities.len()
    }

    pub(crate) fn activities(&self) -> &[u32] {
        &self.activities
    }

    pub(crate) fn others(&self, activity: u32) -> Vec<u32> {
        self.activities.iter().copied().filter(|other| *other != activity).collect()
    }

    /// Whether one place comes right after another.
    pub(crate) fn has(&self, from: usize, to: usize) -> bool {
        self.counts.get(from * self.len() + to).is_some_and(|count| *count > 0)
    }

    pub(crate) fn is_start(&self, at: usize) -> bool {
        self.starts.get(at).is_some_and(|count| *count > 0)
    }

    pub(crate) fn is_end(&self, at: usize) -> bool {
        self.ends.get(at).is_some_and(|count| *count > 0)
    }

    /// Whether an activity begins or ends a trace.
    pub(crate) fn begins(&self, activity: u32) -> bool {
        self.activities.binary_search(&activity).is_ok_and(|at| self.is_start(at))
    }

    pub(crate) fn finishes(&self, activity: u32) -> bool {
        self.activities.binary_search(&activity).is_ok_and(|at| self.is_end(at))
    }

    /// The activities at these places.
    pub(crate) fn named(&self, places: &[usize]) -> Vec<u32> {
        places.iter().filter_map(|at| self.activities.get(*at).copied()).collect()
    }

    /// The same without the ways that are rare beside the most frequent one from the same activity, and without
    /// beginnings and ends that are rare beside the most frequent.
    pub(crate) fn without_rare(&self, noise: f64) -> Self {
        let mut new = self.clone();
        let count = self.len();
        for (from, row) in new.counts.chunks_mut(count.max(1)).enumerate() {
            let ends = self.ends.get(from).copied().unwrap_or(0);
            let most = row.iter().copied().max().unwrap_or(0).max(ends);
            for slot in row {
                if share(*slot) < noise * share(most) {
                    *slot = 0;
                }
            }
        }
        for edges in [&mut new.starts, &mut new.ends] {
            let most = edges.iter().copied().max().unwrap_or(0);
            for slot in edges.iter_mut().filter(|slot| share(**slot) < noise * share(most)) {
                *slot = 0;
            }
        }
        new
    }

    /// For each place the places that are come to from it, over any number of steps.
    pub(crate) fn reach(&self) -> Vec<Vec<bool>> {
        let count = self.len();
        let after: Vec<Vec<usize>> =
            (0..count).map(|from| (0..count).filter(|to| self.has(from, *to)).collect()).collect();
        (0..count)
            .map(|from| {
                let mut seen = vec![false; count];
                let mut open: Vec<usize> = after.get(from).cloned().unwrap_or_default();
                while let Some(at) = open.pop() {
                    match seen.get_mut(at) {
                        Some(flag) if !*flag => *flag = true,
                        _ => continue,
                    }
                    open.extend(after.get(at).into_iter().flatten());
                }
                seen
            })
            .collect()
    }
}

fn add(counts: &mut [u64], at: usize, weight: u64) {
    if let Some(slot) = counts.get_mut(at) {
        *slot += weight;
    }
}

/// Sets of places that are put together step by step.
pub(crate) struct Sets {
    of: Vec<usize>,
}

impl Sets {
    pub(crate) fn new(count: usize) -> Self {
        Self { of: (0..count).collect() }
    }

    /// The smallest place of the set that a place is in.
    pub(crate) fn root(&self, mut at: usize) -> usize {
        while let Some(up) = self.of.get(at).copied().filter(|up| *up != at) {
            at = up;
        }
        at
    }

    pub(crate) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(slot) = self.of.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }

    /// The sets, in the order of their smallest places.
    pub(crate) fn all(&self) -> Vec<Vec<usize>> {
        let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..self.of.len() {
            sets.entry(self.root(at)).or_default().push(at);
        }
        sets.into_values().collect()
    }
}
