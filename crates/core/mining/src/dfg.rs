//! The directly-follows graph: which activity comes right after which, how often, and how long it takes.
//!
//! Where events say when they began (`start_timestamp`), an activity is followed by the one that begins
//! next, and the time between is from the end of one to the beginning of the other: the time somebody waits.

use crate::log::{EventLog, NO_TIME};
use crate::number::{NONE, figure, id, ix, share};
use crate::table::{Table, fold, mix};
use std::collections::BTreeMap;

/// Up to so many activities a square of all pairs is kept; above, a table of those that occur.
const SQUARE: usize = 1024;

/// What is known of one activity coming right after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The activity before.
    pub from: u32,
    /// The activity after.
    pub to: u32,
    /// How often.
    pub count: u64,
    /// How often both have a time.
    pub timed: u64,
    /// The sum of the times between, in microseconds.
    pub sum: i64,
    /// The shortest time between.
    pub min: i64,
    /// The longest time between.
    pub max: i64,
}

impl Edge {
    fn new(from: u32, to: u32) -> Self {
        Self { from, to, count: 0, timed: 0, sum: 0, min: i64::MAX, max: i64::MIN }
    }

    /// The mean time between in microseconds; `None` where no time is known.
    pub fn mean(&self) -> Option<f64> {
        (self.timed > 0).then(|| figure(self.sum) / share(self.timed))
    }

    fn add(&mut self, between: Option<i64>) {
        self.count += 1;
        let Some(between) = between else { return };
        self.timed += 1;
        self.sum = self.sum.saturating_add(between);
        self.min = self.min.min(between);
        self.max = self.max.max(between);
    }
}

/// A directly-follows graph.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dfg {
    /// How often each activity occurs, by its id.
    pub activities: Vec<u64>,
    /// The pairs, in the order of their ids.
    pub edges: Vec<Edge>,
    /// How many cases begin with each activity, by its id.
    pub starts: Vec<u64>,
    /// How many cases end with each activity, by its id.
    pub ends: Vec<u64>,
    /// How many cases have no event at all.
    pub empty: u64,
}

/// The directly-follows graph of a log, with the times between.
pub fn dfg(log: &EventLog) -> Dfg {
    let count = log.activities.len();
    let mut graph = Dfg {
        activities: vec![0; count],
        edges: Vec::new(),
        starts: vec![0; count],
        ends: vec![0; count],
        empty: 0,
    };
    let mut edges = Edges::new(count);
    for case in 0..log.cases() {
        let trace = log.trace(case);
        let (Some(first), Some(last)) = (trace.first(), trace.last()) else {
            graph.empty += 1;
            continue;
        };
        bump(&mut graph.starts, *first);
        bump(&mut graph.ends, *last);
        for activity in trace {
            bump(&mut graph.activities, *activity);
        }
    }
    follow(log, |_, from, to, between| edges.add(from, to, between));
    graph.edges = edges.all();
    graph
}

/// Tells each pair of activities that come right after each other, by case, with the time between where it is
/// known.
pub(crate) fn follow(log: &EventLog, mut tell: impl FnMut(usize, u32, u32, Option<i64>)) {
    let begins = log.begins();
    let known =
        |before: i64, after: i64| (before != NO_TIME && after != NO_TIME).then(|| after - before);
    let mut order: Vec<(i64, i64, u32)> = Vec::new();
    for case in 0..log.cases() {
        let (trace, times) = (log.trace(case), log.times(case));
        let Some(begins) = &begins else {
            let mut both = trace.iter().zip(times);
            let Some((mut from, mut before)) = both.next() else { continue };
            for (to, after) in both {
                tell(case, *from, *to, known(*before, *after));
                (from, before) = (to, after);
            }
            continue;
        };
        order.clear();
        let begins = begins.get(log.range(case)).unwrap_or_default();
        let all = trace.iter().zip(times).zip(begins);
        order.extend(all.map(|((activity, time), begin)| (*begin, *time, *activity)));
        order.sort_by_key(|(begin, time, _)| (*begin, *time));
        for pair in order.windows(2) {
            if let [(_, before, from), (after, _, to)] = pair {
                tell(case, *from, *to, known(*before, *after));
            }
        }
    }
}

fn bump(counts: &mut [u64], activity: u32) {
    if let Some(count) = counts.get_mut(ix(activity)) {
        *count += 1;
    }
}

/// The pairs while they are counted.
struct Edges {
    all: Vec<Edge>,
    /// Where each pair is, by from and to; empty where there are too many activities.
    square: Vec<u32>,
    table: Table,
    width: usize,
}

impl Edges {
    fn new(width: usize) -> Self {
        let cells = if width <= SQUARE { width * width } else { 0 };
        Self { all: Vec::new(), square: vec![NONE; cells], table: Table::default(), width }
    }

    fn add(&mut self, from: u32, to: u32, between: Option<i64>) {
        let at = match self.square.get_mut(ix(from) * self.width + ix(to)) {
            Some(cell) => {
                if *cell == NONE {
                    *cell = id(self.all.len());
                    self.all.push(Edge::new(from, to));
                }
                *cell
            }
            None => self.find(from, to),
        };
        if let Some(edge) = self.all.get_mut(ix(at)) {
            edge.add(between);
        }
    }

    fn find(&mut self, from: u32, to: u32) -> u32 {
        let hash = fold(mix(u64::from(from), u64::from(to)));
        let all = &self.all;
        let is_it =
            |at: u32| all.get(ix(at)).is_some_and(|edge| edge.from == from && edge.to == to);
        if let Some(at) = self.table.find(hash, is_it) {
            return at;
        }
        let new = id(self.all.len());
        self.table.insert(hash, new);
        self.all.push(Edge::new(from, to));
        new
    }

    fn all(self) -> Vec<Edge> {
        let mut all = self.all;
        all.sort_unstable_by_key(|edge| (edge.from, edge.to));
        all
    }
}

/// The middle and the spread of the times between two activities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The median in microseconds.
    pub median: f64,
    /// The standard deviation of the sample in microseconds; `None` for a single time.
    pub deviation: Option<f64>,
}

/// The middle and the spread of each pair's times, by from and to. It looks at every time and is slower than
/// the graph itself.
pub fn spreads(log: &EventLog) -> BTreeMap<(u32, u32), Spread> {
    let mut times: BTreeMap<(u32, u32), Vec<i64>> = BTreeMap::new();
    follow(log, |_, from, to, between| {
        if let Some(between) = between {
            times.entry((from, to)).or_default().push(between);
        }
    });
    times.into_iter().filter_map(|(pair, mut times)| Some((pair, spread(&mut times)?))).collect()
}

fn spread(times: &mut [i64]) -> Option<Spread> {
    times.sort_unstable();
    let median = crate::stats::quantile(times, 0.5)?;
    let sum: f64 = times.iter().map(|time| figure(*time)).sum();
    let count = share(crate::number::long(times.len()));
    let mean = sum / count;
    let squares: f64 = times.iter().map(|time| (figure(*time) - mean).powi(2)).sum();
    let deviation = (times.len() > 1).then(|| (squares / (count - 1.0)).sqrt());
    Some(Spread { median, deviation })
}

impl Dfg {
    /// The same graph with the rarest pairs left out: at least the share of the most frequent ones is kept,
    /// and of each activity its most frequent way in and out, so that nothing stands alone.
    #[must_use]
    pub fn filtered(mut self, share_kept: f64) -> Self {
        let mut counts: Vec<u64> = self.edges.iter().map(|edge| edge.count).collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let total = share(counts.iter().sum());
        let (mut sum, mut least) = (0.0, 0);
        for count in counts {
            if sum >= total * share_kept {
                break;
            }
            sum += share(count);
            least = count;
        }
        let best = |key: fn(&Edge) -> u32| {
            let mut best: BTreeMap<u32, (u64, u32, u32)> = BTreeMap::new();
            for edge in self.edges.iter().filter(|edge| edge.from != edge.to) {
                let entry = best.entry(key(edge)).or_insert((0, NONE, NONE));
                if edge.count > entry.0 {
                    *entry = (edge.count, edge.from, edge.to);
                }
            }
            best
        };
        let (outs, ins) = (best(|edge| edge.from), best(|edge| edge.to));
        self.edges.retain(|edge| {
            let pair = (edge.count, edge.from, edge.to);
            edge.count >= least
                || outs.get(&edge.from) == Some(&pair)
                || ins.get(&edge.to) == Some(&pair)
        });
        self
    }
}
