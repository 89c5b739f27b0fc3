//! As written beside as it runs: each step and each way between steps, in the document, in reality, or in both.

use crate::align::Model;
use crate::conform::{Conformance, Deviation, Kind};
use crate::follows::follows;
use crate::log::EventLog;
use crate::number::{NONE, ix, long};
use crate::performance::{Lengths, StepTimes, performance};
use crate::work::{doers, work};
use std::collections::{BTreeMap, BTreeSet};

/// Where something is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// In the document and in reality.
    Both,
    /// In the document only.
    Written,
    /// In reality only.
    Real,
}

impl Side {
    fn of(is_written: bool, is_real: bool) -> Self {
        match (is_written, is_real) {
            (true, false) => Self::Written,
            (false, _) => Self::Real,
            (true, true) => Self::Both,
        }
    }

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Written => "written",
            Self::Real => "real",
        }
    }
}

/// A step, as written beside as it runs.
#[derive(Debug, Clone, PartialEq)]
pub struct StepBeside {
    /// Its title in the document, or the activity that the document does not have.
    pub name: String,
    /// Where it is found.
    pub side: Side,
    /// How often it happens.
    pub times: u64,
    /// In how many cases.
    pub cases: u64,
    /// How long it is waited for.
    pub waiting: Option<Lengths>,
    /// How long it takes.
    pub working: Option<Lengths>,
    /// Who does it: resource, how often; the most frequent first.
    pub doers: Vec<(String, u64)>,
    /// In how many cases it deviates in each way.
    pub deviations: BTreeMap<Kind, u64>,
}

/// A way from one step to the next, as written beside as it runs.
#[derive(Debug, Clone, PartialEq)]
pub struct WayBeside {
    /// The step before; `None` for the beginning.
    pub from: Option<String>,
    /// The step after; `None` for the end.
    pub to: Option<String>,
    /// Where it is found.
    pub side: Side,
    /// How often it is taken.
    pub times: u64,
    /// In how many cases.
    pub cases: u64,
    /// How long one waits on it.
    pub waiting: Option<Lengths>,
}

/// A process as written beside as it runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Beside {
    /// How many cases there are.
    pub cases: u64,
    /// The steps, those of the document first and in its order.
    pub steps: Vec<StepBeside>,
    /// The ways; the most frequent first.
    pub ways: Vec<WayBeside>,
    /// Whether the ways of the document could be told; else all ways are shown as those of reality.
    pub is_whole: bool,
}

/// A log beside the model of what is written. The activities of the log must have the names of the model
/// ([`EventLog::renamed`]); `held` is the same log held against it.
pub fn beside(log: &EventLog, model: &Model, held: &Conformance) -> Beside {
    let written = follows(model);
    let is_whole = written.is_some();
    let written = written.unwrap_or_default();
    let found = performance(log);
    let work = work(log);
    let doers = doers(&work, log.activities.len());
    let mut deviations: BTreeMap<&str, BTreeMap<Kind, u64>> = BTreeMap::new();
    for Deviation { kind, activity, cases, .. } in &held.deviations {
        *deviations.entry(activity).or_default().entry(*kind).or_default() += cases;
    }
    let step = |name: &str, is_written: bool| {
        let at = log.activities.find(name);
        let times = at.and_then(|at| found.steps.get(ix(at))).filter(|step| step.times > 0);
        let nothing =
            StepTimes { activity: NONE, times: 0, cases: 0, waiting: None, working: None };
        let StepTimes { times, cases, waiting, working, .. } = times.copied().unwrap_or(nothing);
        let doers = at.and_then(|at| doers.get(ix(at))).into_iter().flatten();
        StepBeside {
            name: name.to_owned(),
            side: Side::of(is_written, times > 0),
            times,
            cases,
            waiting,
            working,
            doers: doers.map(|(who, times)| ((*who).to_owned(), *times)).collect(),
            deviations: deviations.get(name).cloned().unwrap_or_default(),
        }
    };
    let known = model.activities();
    let mut steps: Vec<StepBeside> = known.iter().map(|name| step(name, true)).collect();
    let names: BTreeSet<&str> = known.into_iter().collect();
    let mut others: Vec<StepBeside> = log
        .activities
        .iter()
        .filter(|name| !names.contains(name))
        .map(|name| step(name, false))
        .filter(|step| step.times > 0)
        .collect();
    others.sort_by_key(|step| std::cmp::Reverse(step.cases));
    steps.extend(others);

    let mut ways: BTreeMap<(Option<String>, Option<String>), WayBeside> = BTreeMap::new();
    let mut real = |from: Option<u32>, to: Option<u32>, times: u64, cases: u64, waiting| {
        let name = |activity: u32| log.activities.get(activity).to_owned();
        let (from, to) = (from.map(name), to.map(name));
        let way = WayBeside {
            from: from.clone(),
            to: to.clone(),
            side: Side::Real,
            times,
            cases,
            waiting,
        };
        ways.insert((from, to), way);
    };
    for way in &found.ways {
        real(Some(way.from), Some(way.to), way.times, way.cases, way.waiting);
    }
    let ends = |pick: fn(&[u32]) -> Option<&u32>| {
        let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
        for case in 0..log.cases() {
            if let Some(activity) = pick(log.trace(case)) {
                *counts.entry(*activity).or_default() += 1;
            }
        }
        counts
    };
    for (activity, cases) in ends(<[u32]>::first) {
        real(None, Some(activity), cases, cases, None);
    }
    for (activity, cases) in ends(<[u32]>::last) {
        real(Some(activity), None, cases, cases, None);
    }
    let pairs = written.pairs.into_iter().map(|(from, to)| (Some(from), Some(to)));
    let starts = written.starts.into_iter().map(|to| (None, Some(to)));
    let ends = written.ends.into_iter().map(|from| (Some(from), None));
    for (from, to) in pairs.chain(starts).chain(ends) {
        let way = ways.entry((from.clone(), to.clone())).or_insert(WayBeside {
            from,
            to,
            side: Side::Written,
            times: 0,
            cases: 0,
            waiting: None,
        });
        way.side = Side::of(true, way.times > 0);
    }
    let mut ways: Vec<WayBeside> = ways.into_values().collect();
    ways.sort_by_key(|way| std::cmp::Reverse(way.times));
    Beside { cases: long(log.cases()), steps, ways, is_whole }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tree;
    use crate::align::Limits;
    use crate::conform::{Method, conform};
    use crate::log::Row;
    use crate::number::id;
    use crate::report::Unwatched;
    use crate::variants::variants;

    fn told(tree: Tree, traces: &[&str]) -> (Vec<String>, Vec<String>) {
        let names: Vec<(String, Vec<String>)> = traces
            .iter()
            .enumerate()
            .map(|(n, trace)| (n.to_string(), trace.chars().map(String::from).collect()))
            .collect();
        let log = EventLog::of(names.iter().flat_map(|(case, trace)| {
            trace.iter().enumerate().map(|(n, activity)| Row {
                case,
                activity,
                time: Some(id(n).into()),
                resource: Some("Ann"),
                attributes: &[],
            })
        }));
        let model = Model::of_tree(tree);
        let found = variants(&log);
        let held = conform(
            &log.activities,
            &found,
            &model,
            Method::Align,
            Limits::default(),
            &mut Unwatched,
        )
        .unwrap();
        let found = beside(&log, &model, &held);
        let steps = found.steps.iter().map(|step| {
            let kinds: Vec<String> =
                step.deviations.iter().map(|(k, n)| format!(" {} {n}", k.name())).collect();
            format!("{} {} {}{}", step.name, step.side.name(), step.cases, kinds.concat())
        });
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "|".to_owned());
        let mut ways: Vec<String> = found
            .ways
            .iter()
            .map(|w| format!("{}{} {} {}", name(&w.from), name(&w.to), w.side.name(), w.times))
            .collect();
        ways.sort();
        (steps.collect(), ways)
    }

    #[test]
    fn steps_and_ways_are_in_the_document_in_reality_or_in_both() {
        let a = Tree::activity;
        let (steps, ways) =
            told(Tree::Sequence(vec![a("a"), a("b"), a("c")]), &["abc", "ac", "axbc"]);
        assert_eq!(steps, ["a both 3", "b both 2 skipped 1", "c both 3", "x real 1 extra 1"]);
        let expected = [
            "ab both 1",
            "ac real 1",
            "ax real 1",
            "bc both 2",
            "c| both 3",
            "xb real 1",
            "|a both 3",
        ];
        assert_eq!(ways, expected);
    }

    #[test]
    fn steps_that_may_come_in_any_order_differ_in_none() {
        let a = Tree::activity;
        let (steps, ways) = told(Tree::Parallel(vec![a("a"), a("b"), a("c")]), &["acb", "bca"]);
        assert_eq!(steps, ["a both 2", "b both 2", "c both 2"]);
        assert!(ways.iter().all(|way| !way.contains("real")), "{ways:?}");
        assert!(ways.contains(&"ab written 0".to_owned()), "{ways:?}");
    }
}
