//! Where time goes and what is done again: waiting and working times of steps and ways, bottlenecks, rework.
//!
//! One waits from the end of what comes before to the beginning of what comes next; where events do not say when
//! they began (`start_timestamp`), to its end. What overlaps does not wait.

use crate::dfg::follow;
use crate::log::{EventLog, NO_TIME};
use crate::number::{figure, id, ix, long, share};
use crate::stats::quantile;
use std::collections::BTreeMap;

/// Lengths of time, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lengths {
    /// How many there are.
    pub count: u64,
    /// Their sum.
    pub sum: f64,
    /// Their mean.
    pub mean: f64,
    /// Half are no longer.
    pub median: f64,
    /// Nine of ten are no longer.
    pub p90: f64,
    /// The longest.
    pub max: f64,
}

impl Lengths {
    /// Of these lengths; `None` of none.
    pub fn of(mut all: Vec<i64>) -> Option<Self> {
        all.sort_unstable();
        let sum: f64 = all.iter().map(|length| figure(*length)).sum();
        let count = long(all.len());
        Some(Self {
            count,
            sum,
            mean: sum / share(count.max(1)),
            median: quantile(&all, 0.5)?,
            p90: quantile(&all, 0.9)?,
            max: quantile(&all, 1.0)?,
        })
    }
}

/// An activity in figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepTimes {
    /// The activity.
    pub activity: u32,
    /// How often it happens.
    pub times: u64,
    /// In how many cases.
    pub cases: u64,
    /// How long it is waited for; `None` where no time is known, and for what only comes first.
    pub waiting: Option<Lengths>,
    /// How long it takes; `None` where the log does not say when it was begun.
    pub working: Option<Lengths>,
}

/// A way from one activity to the next in figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WayTimes {
    /// The activity before.
    pub from: u32,
    /// The activity after.
    pub to: u32,
    /// How often it is taken.
    pub times: u64,
    /// In how many cases.
    pub cases: u64,
    /// How long one waits on it.
    pub waiting: Option<Lengths>,
    /// The share of all waiting of the log that is spent on it, from 0 to 1.
    pub share: f64,
}

/// Where the time of a log goes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Performance {
    /// The activities, by id.
    pub steps: Vec<StepTimes>,
    /// The ways, by the ids of their ends.
    pub ways: Vec<WayTimes>,
}

impl Performance {
    /// The ways on which most is waited in all, the worst first.
    pub fn bottlenecks(&self) -> Vec<&WayTimes> {
        let mut all: Vec<&WayTimes> = self.ways.iter().filter(|way| way.share > 0.0).collect();
        all.sort_by(|a, b| b.share.total_cmp(&a.share));
        all
    }
}

#[derive(Default)]
struct Counted {
    times: u64,
    cases: u64,
    /// The case that was counted last, and one more.
    last: u32,
    lengths: Vec<i64>,
}

impl Counted {
    fn count(&mut self, case: usize) {
        self.times += 1;
        if self.last != id(case) + 1 {
            self.last = id(case) + 1;
            self.cases += 1;
        }
    }
}

/// Where the time of a log goes.
pub fn performance(log: &EventLog) -> Performance {
    let begins = log.begins();
    let mut steps: Vec<Counted> = Vec::new();
    steps.resize_with(log.activities.len(), Counted::default);
    let mut working: Vec<Vec<i64>> = vec![Vec::new(); log.activities.len()];
    for case in 0..log.cases() {
        let begun = begins.as_ref().and_then(|begins| begins.get(log.range(case)));
        for (n, (activity, end)) in log.trace(case).iter().zip(log.times(case)).enumerate() {
            if let Some(step) = steps.get_mut(ix(*activity)) {
                step.count(case);
            }
            let begin = begun.and_then(|begun| begun.get(n)).copied().unwrap_or(NO_TIME);
            if let Some(list) = working.get_mut(ix(*activity))
                && begin != NO_TIME
                && *end != NO_TIME
            {
                list.push((end - begin).max(0));
            }
        }
    }
    let mut ways: BTreeMap<(u32, u32), Counted> = BTreeMap::new();
    follow(log, |case, from, to, between| {
        let way = ways.entry((from, to)).or_default();
        way.count(case);
        if let Some(between) = between {
            way.lengths.push(between.max(0));
            if let Some(step) = steps.get_mut(ix(to)) {
                step.lengths.push(between.max(0));
            }
        }
    });
    let mut ways: Vec<WayTimes> = ways
        .into_iter()
        .map(|((from, to), way)| {
            let waiting = Lengths::of(way.lengths);
            WayTimes { from, to, times: way.times, cases: way.cases, waiting, share: 0.0 }
        })
        .collect();
    let sum = |way: &WayTimes| way.waiting.map_or(0.0, |waiting| waiting.sum);
    let all: f64 = ways.iter().map(sum).sum();
    for way in &mut ways {
        way.share = if all > 0.0 { sum(way) / all } else { 0.0 };
    }
    let steps = steps.into_iter().zip(working).enumerate().map(|(n, (step, working))| StepTimes {
        activity: id(n),
        times: step.times,
        cases: step.cases,
        waiting: Lengths::of(step.lengths),
        working: Lengths::of(working),
    });
    Performance { steps: steps.collect(), ways }
}

/// An activity that is done again within a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeated {
    /// The activity.
    pub activity: u32,
    /// In how many cases it is done more than once.
    pub cases: u64,
    /// How often it is done again: the first time of a case does not count.
    pub again: u64,
    /// How often of these it comes right after itself.
    pub at_once: u64,
}

/// A way back: to an activity that the case had before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WayBack {
    /// From where.
    pub from: u32,
    /// To what was done before.
    pub to: u32,
    /// How often.
    pub times: u64,
    /// In how many cases.
    pub cases: u64,
}

/// What is done again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rework {
    /// How many cases do something again.
    pub cases: u64,
    /// How many events are one more of what the case had before.
    pub events: u64,
    /// The activities that are done again, the most cases first.
    pub activities: Vec<Repeated>,
    /// The ways on which cases go back, the most frequent first.
    pub ways_back: Vec<WayBack>,
}

/// What is done again within cases.
pub fn rework(log: &EventLog) -> Rework {
    let count = log.activities.len();
    // The case in which an activity was seen last, and the one in which it was seen again, each and one more.
    let (mut seen, mut again) = (vec![0_u32; count], vec![0_u32; count]);
    let mut activities: Vec<Repeated> =
        (0..count).map(|n| Repeated { activity: id(n), cases: 0, again: 0, at_once: 0 }).collect();
    let mut ways: BTreeMap<(u32, u32), Counted> = BTreeMap::new();
    let mut found = Rework::default();
    for case in 0..log.cases() {
        let mark = id(case) + 1;
        let mut before: Option<u32> = None;
        let mut is_again = false;
        for activity in log.trace(case) {
            let last = before.replace(*activity);
            let Some(slot) = seen.get_mut(ix(*activity)) else { continue };
            if *slot != mark {
                *slot = mark;
                continue;
            }
            is_again = true;
            found.events += 1;
            let Some(one) = activities.get_mut(ix(*activity)) else { continue };
            one.again += 1;
            one.at_once += u64::from(last == Some(*activity));
            if let Some(slot) = again.get_mut(ix(*activity)).filter(|slot| **slot != mark) {
                *slot = mark;
                one.cases += 1;
            }
            if let Some(from) = last {
                ways.entry((from, *activity)).or_default().count(case);
            }
        }
        found.cases += u64::from(is_again);
    }
    activities.retain(|one| one.again > 0);
    activities.sort_by_key(|one| std::cmp::Reverse(one.cases));
    found.activities = activities;
    found.ways_back = ways
        .into_iter()
        .map(|((from, to), way)| WayBack { from, to, times: way.times, cases: way.cases })
        .collect();
    found.ways_back.sort_by_key(|way| std::cmp::Reverse(way.times));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Row;

    const MINUTE: i64 = 60_000_000;

    /// Cases, each activities with the minute of their begin, where known, and of their end.
    fn log(cases: &[&[(&str, Option<i64>, i64)]]) -> EventLog {
        let mut texts = Vec::new();
        for (case, events) in cases.iter().enumerate() {
            for (name, begin, end) in *events {
                let begin = begin.map(|begin| crate::time::rfc3339(begin * MINUTE));
                texts.push((case.to_string(), *name, begin, end * MINUTE));
            }
        }
        let pairs: Vec<Vec<(&str, &str)>> = texts
            .iter()
            .map(|(_, _, begin, _)| begin.iter().map(|b| ("start_timestamp", b.as_str())).collect())
            .collect();
        EventLog::of(texts.iter().zip(&pairs).map(|((case, activity, _, end), pairs)| Row {
            case,
            activity,
            time: Some(*end),
            resource: None,
            attributes: pairs,
        }))
    }

    fn minutes(lengths: Option<Lengths>) -> Option<(u64, f64, f64)> {
        let minute = figure(MINUTE);
        lengths.map(|all| (all.count, all.median / minute, all.sum / minute))
    }

    #[test]
    fn one_waits_from_the_end_of_a_step_to_the_beginning_of_the_next() {
        let log = log(&[
            &[("a", Some(0), 10), ("b", Some(30), 35), ("c", Some(35), 40)],
            &[("a", Some(0), 20), ("b", Some(60), 70)],
        ]);
        let found = performance(&log);
        let steps: Vec<_> =
            found.steps.iter().map(|s| (minutes(s.waiting), minutes(s.working))).collect();
        assert_eq!(
            steps,
            [
                (None, Some((2, 15.0, 30.0))),
                (Some((2, 30.0, 60.0)), Some((2, 7.5, 15.0))),
                (Some((1, 0.0, 0.0)), Some((1, 5.0, 5.0))),
            ]
        );
        let ways: Vec<_> = found.bottlenecks().iter().map(|w| (w.from, w.to, w.cases)).collect();
        assert_eq!(ways, [(0, 1, 2)]);
        assert!((found.bottlenecks()[0].share - 1.0).abs() < 1e-9);
    }

    #[test]
    fn without_beginnings_one_waits_until_the_end() {
        let found = performance(&log(&[&[("a", None, 0), ("b", None, 10), ("a", None, 40)]]));
        let waits: Vec<_> = found.steps.iter().map(|s| (minutes(s.waiting), s.working)).collect();
        assert_eq!(waits, [(Some((1, 30.0, 30.0)), None), (Some((1, 10.0, 10.0)), None)]);
        let worst = found.bottlenecks()[0];
        assert_eq!((worst.from, worst.to, worst.share), (1, 0, 0.75));
    }

    #[test]
    fn what_is_done_again_is_counted_with_the_way_back_to_it() {
        let case = |names: &'static str| -> Vec<(&'static str, Option<i64>, i64)> {
            names.split(' ').enumerate().map(|(n, name)| (name, None, id(n).into())).collect()
        };
        let cases = [case("a b c a b d"), case("a a b d"), case("a b d")];
        let found = rework(&log(&cases.iter().map(Vec::as_slice).collect::<Vec<_>>()));
        assert_eq!((found.cases, found.events), (2, 3));
        let told: Vec<_> =
            found.activities.iter().map(|r| (r.activity, r.cases, r.again, r.at_once)).collect();
        assert_eq!(told, [(0, 2, 2, 1), (1, 1, 1, 0)]);
        let back: Vec<_> = found.ways_back.iter().map(|w| (w.from, w.to, w.times)).collect();
        assert_eq!(back, [(0, 0, 1), (0, 1, 1), (2, 0, 1)]);
    }
}
