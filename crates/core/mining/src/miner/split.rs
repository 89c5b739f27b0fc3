//! A part of a log split along a cut. What does not fit is passed over; without noise everything fits.

use super::group_of;
use super::part::Part;
use crate::number::ix;

fn group(of: &[usize], activity: u32) -> usize {
    of.get(ix(activity)).copied().unwrap_or(usize::MAX)
}

fn parts(groups: &[Vec<u32>]) -> Vec<Part> {
    groups.iter().map(|_| Part::default()).collect()
}

fn add(parts: &mut [Part], at: usize, trace: Vec<u32>, count: u64) {
    if let Some(part) = parts.get_mut(at) {
        part.add(trace, count);
    }
}

/// Each trace to the part that most of its events belong to.
pub(super) fn choice(part: &Part, groups: &[Vec<u32>]) -> Vec<Part> {
    let of = group_of(groups);
    let mut split = parts(groups);
    for (trace, count) in part.traces() {
        let mut sums = vec![0_usize; groups.len()];
        for activity in trace {
            if let Some(sum) = sums.get_mut(group(&of, *activity)) {
                *sum += 1;
            }
        }
        let most = sums.iter().copied().max().unwrap_or(0);
        let at = sums.iter().position(|sum| *sum == most).unwrap_or(0);
        let own = trace.iter().copied().filter(|activity| group(&of, *activity) == at).collect();
        add(&mut split, at, own, count);
    }
    split
}

/// Each trace cut into stretches, one for each part, so that as few events as can be lie in a stretch that is
/// not their part's.
pub(super) fn sequence(part: &Part, groups: &[Vec<u32>]) -> Vec<Part> {
    let of = group_of(groups);
    let mut split = parts(groups);
    for (trace, count) in part.traces() {
        let of_trace: Vec<usize> = trace.iter().map(|activity| group(&of, *activity)).collect();
        let stretches = if of_trace.is_sorted() {
            of_trace.clone()
        } else {
            stretched(&of_trace, groups.len())
        };
        for at in 0..groups.len() {
            let all = trace.iter().zip(&of_trace).zip(&stretches);
            let own = all.filter(|((_, own), stretch)| **own == at && **stretch == at);
            add(&mut split, at, own.map(|((activity, _), _)| *activity).collect(), count);
        }
    }
    split
}

/// For each event the part whose stretch it lies in: never going back, with the fewest events of other parts.
fn stretched(of_trace: &[usize], count: usize) -> Vec<usize> {
    // The cost of the events so far with the last of them in each part's stretch, and the part before.
    let mut costs = vec![0_usize; count];
    let mut before: Vec<Vec<usize>> = Vec::with_capacity(of_trace.len());
    for own in of_trace {
        let (mut best, mut best_at) = (usize::MAX, 0);
        let mut from = Vec::with_capacity(count);
        for (at, cost) in costs.iter_mut().enumerate() {
            if *cost < best {
                (best, best_at) = (*cost, at);
            }
            from.push(best_at);
            *cost = best + usize::from(*own != at);
        }
        before.push(from);
    }
    let least = costs.iter().copied().min().unwrap_or(0);
    let mut at = costs.iter().position(|cost| *cost == least).unwrap_or(0);
    let mut stretches = Vec::with_capacity(of_trace.len());
    for from in before.iter().rev() {
        stretches.push(at);
        at = from.get(at).copied().unwrap_or(0);
    }
    stretches.reverse();
    stretches
}

/// Of each trace to each part its own events.
pub(super) fn parallel(part: &Part, groups: &[Vec<u32>]) -> Vec<Part> {
    let of = group_of(groups);
    let mut split = parts(groups);
    for (trace, count) in part.traces() {
        for at in 0..groups.len() {
            let own =
                trace.iter().copied().filter(|activity| group(&of, *activity) == at).collect();
            add(&mut split, at, own, count);
        }
    }
    split
}

/// Each trace cut where the part changes; the first part is the body, which begins and ends each trace.
pub(super) fn repeated(part: &Part, groups: &[Vec<u32>]) -> Vec<Part> {
    let of = group_of(groups);
    let mut split = parts(groups);
    for (trace, count) in part.traces() {
        let mut last = usize::MAX;
        for stretch in trace.chunk_by(|a, b| group(&of, *a) == group(&of, *b)) {
            let at = stretch.first().map_or(0, |activity| group(&of, *activity));
            // Between two ways back, and before the first, the body was done without a trace.
            if at != 0 && last != 0 {
                add(&mut split, 0, Vec::new(), count);
            }
            add(&mut split, at, stretch.to_vec(), count);
            last = at;
        }
        if last != 0 {
            add(&mut split, 0, Vec::new(), count);
        }
    }
    split
}
