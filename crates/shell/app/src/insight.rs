//! What really happened: how often each step and branch was taken, how long it took, which paths runs
//! took; and the same as an overlay for the map.

use crate::{
    Act, App, Result, Who,
    processes::find,
    publishing::{Frozen, frozen},
    records::ProcessRecord,
};
use gemba_engine::Run;
use gemba_map::{Overlay, StepMark, StepState};
use gemba_model::{StepId, id::WorkItemId};
use gemba_store::{ItemFilter, ItemRow, ItemState, Mode, RunFilter, RunState, StepStat, Tx};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

/// How many of the latest runs the paths are counted over.
const RUNS: u32 = 500;
const PATHS: usize = 12;

/// A step and how it went.
#[derive(Debug, Clone)]
pub struct StepInsight {
    /// The step.
    pub step: StepId,
    /// Its title in the revision in force; the id where it is not there any more.
    pub title: String,
    /// How often it was done.
    pub n: i64,
    /// The mean time from its turn to done, in seconds.
    pub mean_s: i64,
    /// The longest, in seconds.
    pub max_s: i64,
    /// How often each branch was taken.
    pub branches: Vec<(String, i64)>,
}

/// A path that runs took.
#[derive(Debug, Clone)]
pub struct PathTaken {
    /// The titles of the steps, in order.
    pub steps: Vec<String>,
    /// How many runs.
    pub n: usize,
}

/// What happened in a process.
#[derive(Debug, Clone)]
pub struct Insight {
    /// Runs going on.
    pub running: i64,
    /// Runs that came to their end.
    pub completed: i64,
    /// Runs ended before their end.
    pub cancelled: i64,
    /// The median time from start to end of the latest completed runs, in seconds.
    pub median_cycle_s: Option<i64>,
    /// The time from start to end of the latest completed runs, oldest first, in seconds.
    pub cycles_s: Vec<i64>,
    /// The steps, in document order.
    pub steps: Vec<StepInsight>,
    /// The paths, most frequent first.
    pub paths: Vec<PathTaken>,
}

/// What happened in a process.
pub async fn of_process(app: &App, who: &Who, slug: &str) -> Result<Insight> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?.value;
    let stats = tx.step_stats(record.id).await?;
    let process = in_force(app, &mut *tx, &record).await?;
    let title = |id: &StepId| titled(process.as_deref(), id);
    let steps = told(&stats, process.as_deref());

    let filter = RunFilter {
        process: Some(record.id),
        state: Some(RunState::Completed),
        limit: RUNS,
        before: None,
    };
    let runs = tx.runs(&filter).await?;
    let mut cycles: Vec<i64> =
        runs.iter().filter_map(|r| Some(r.ended?.as_second() - r.started.as_second())).collect();
    cycles.reverse();
    let mut by_run: BTreeMap<_, Vec<ItemRow>> = BTreeMap::new();
    let filter = ItemFilter {
        process: Some(record.id),
        states: vec![ItemState::Done],
        // Ids are in order of time, so this leaves out what was done before the oldest of these runs.
        after: runs.last().map(|oldest| first_id_at(oldest.started)),
        limit: u32::MAX,
        ..ItemFilter::default()
    };
    for item in tx.items(&filter).await? {
        by_run.entry(item.run).or_default().push(item);
    }
    let mut paths: BTreeMap<Vec<StepId>, usize> = BTreeMap::new();
    for run in &runs {
        let mut items = by_run.remove(&run.id).unwrap_or_default();
        items.sort_by_key(|i| (i.closed, i.id));
        *paths.entry(items.into_iter().map(|i| i.step).collect()).or_default() += 1;
    }
    let mut paths: Vec<PathTaken> = paths
        .into_iter()
        .map(|(steps, n)| PathTaken { steps: steps.iter().map(title).collect(), n })
        .collect();
    paths.sort_by_key(|p| std::cmp::Reverse(p.n));
    paths.truncate(PATHS);

    let count = |state: RunState, counts: &[(gemba_model::id::ProcessId, RunState, i64)]| {
        counts.iter().find(|c| c.0 == record.id && c.1 == state).map_or(0, |c| c.2)
    };
    let counts = tx.run_counts().await?;
    Ok(Insight {
        running: count(RunState::Running, &counts),
        completed: count(RunState::Completed, &counts),
        cancelled: count(RunState::Cancelled, &counts),
        median_cycle_s: median(&cycles),
        cycles_s: cycles,
        steps,
        paths,
    })
}

/// How often each step and branch was taken and how long it took, in document order.
pub async fn steps(app: &App, who: &Who, slug: &str) -> Result<Vec<StepInsight>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?.value;
    let stats = tx.step_stats(record.id).await?;
    Ok(told(&stats, in_force(app, &mut *tx, &record).await?.as_deref()))
}

async fn in_force(
    app: &App,
    tx: &mut dyn Tx,
    record: &ProcessRecord,
) -> Result<Option<Arc<Frozen>>> {
    Ok(match &record.published {
        Some(p) => Some(frozen(app, tx, &p.revision).await?),
        None => None,
    })
}

fn titled(process: Option<&Frozen>, id: &StepId) -> String {
    let step = process.and_then(|frozen| frozen.revision.compiled.step(id));
    step.map_or_else(|| id.to_string(), |s| s.title.clone())
}

fn told(stats: &[StepStat], process: Option<&Frozen>) -> Vec<StepInsight> {
    let mut steps: BTreeMap<StepId, StepInsight> = BTreeMap::new();
    for stat in stats {
        let entry = steps.entry(stat.step.clone()).or_insert_with(|| StepInsight {
            step: stat.step.clone(),
            title: titled(process, &stat.step),
            n: 0,
            mean_s: 0,
            max_s: 0,
            branches: Vec::new(),
        });
        entry.n += stat.n;
        entry.mean_s += stat.total_us / 1_000_000;
        entry.max_s = entry.max_s.max(stat.max_us / 1_000_000);
        if let Some(branch) = &stat.branch {
            entry.branches.push((branch.clone(), stat.n));
        }
    }
    let mut steps: Vec<StepInsight> = steps
        .into_values()
        .map(|s| StepInsight { mean_s: if s.n > 0 { s.mean_s / s.n } else { 0 }, ..s })
        .collect();
    let compiled = process.map(|frozen| &frozen.revision.compiled);
    let place = |id: &StepId| compiled.and_then(|p| p.top_level(id)).unwrap_or(usize::MAX);
    steps.sort_by_key(|s| place(&s.step));
    steps
}

fn first_id_at(at: Timestamp) -> WorkItemId {
    WorkItemId::new(u64::try_from(at.as_millisecond()).unwrap_or(0), 0)
}

fn median(values: &[i64]) -> Option<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied()
}

/// Seconds in the words of a person: "45 s", "12 min", "3 h 20 min", "2 d 4 h".
pub fn duration(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) if seconds < 1 => "under 1 s".to_owned(),
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, m) => format!("{m} min"),
        (0, h, 0) => format!("{h} h"),
        (0, h, m) => format!("{h} h {m} min"),
        (d, 0, _) => format!("{d} d"),
        (d, h, _) => format!("{d} d {h} h"),
    }
}

/// The same in one number, for where there is little room: "1.7 h".
pub(crate) fn brief(seconds: i64) -> String {
    let tenths = |unit: i64, word: &str| {
        let tenths = (seconds * 10 + unit / 2) / unit;
        match tenths % 10 {
            0 => format!("{} {word}", tenths / 10),
            rest => format!("{}.{rest} {word}", tenths / 10),
        }
    };
    match seconds {
        ..3_600 => duration(seconds),
        3_600..129_600 => tenths(3_600, "h"),
        _ => tenths(86_400, "d"),
    }
}

/// Counts and mean times for the map of a process.
pub(crate) fn overlay(stats: &[StepStat]) -> Overlay {
    let mut overlay = Overlay::default();
    let mut totals: BTreeMap<StepId, (i64, i64)> = BTreeMap::new();
    for stat in stats {
        let total = totals.entry(stat.step.clone()).or_default();
        total.0 += stat.n;
        total.1 += stat.total_us / 1_000_000;
        if let Some(branch) = &stat.branch {
            overlay.branches.insert((stat.step.clone(), branch.clone()), size(stat.n));
        }
    }
    for (step, (n, seconds)) in totals {
        let note = (n > 0).then(|| format!("⌀ {}", brief(seconds / n)));
        overlay.steps.insert(
            step,
            StepMark { state: StepState::None, count: Some(size(n)), note, href: None },
        );
    }
    overlay
}

/// Where a run stands, for its map.
pub(crate) fn run_overlay(run: &Run, done: &[ItemRow]) -> Overlay {
    let mut overlay = Overlay::default();
    for (step, n) in &run.done {
        let count = (*n > 1).then(|| u64::from(*n));
        let last = done.iter().rev().find(|i| i.step == *step);
        let note = last.and_then(|i| i.holder.clone());
        overlay
            .steps
            .insert(step.clone(), StepMark { state: StepState::Done, count, note, href: None });
    }
    for item in done {
        if let Some(branch) = &item.branch {
            *overlay.branches.entry((item.step.clone(), branch.clone())).or_default() += 1;
        }
    }
    for step in run.skipped.keys().filter(|step| !run.done.contains_key(*step)) {
        let note = Some("skipped".to_owned());
        let mark = StepMark { state: StepState::None, count: None, note, href: None };
        overlay.steps.insert(step.clone(), mark);
    }
    // A step whose parts are being done, or whose approvers are asked, is where the run stands as well.
    for group in &run.groups {
        let now = StepMark { state: StepState::Open, count: None, note: None, href: None };
        overlay.steps.insert(group.step.clone(), now);
    }
    for open in &run.open {
        let note = open.claim.as_ref().map(|c| c.by.told());
        let now = StepMark { state: StepState::Open, count: None, note, href: None };
        overlay.steps.insert(open.step.clone(), now);
    }
    overlay
}

fn size(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_as_a_person_would() {
        for (seconds, words) in [
            (0, "under 1 s"),
            (1, "1 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3_600, "1 h"),
            (12_000, "3 h 20 min"),
            (86_400, "1 d"),
            (187_200, "2 d 4 h"),
        ] {
            assert_eq!(duration(seconds), words);
        }
    }

    #[test]
    fn on_a_box_of_the_map_a_duration_is_one_number() {
        for (seconds, words) in [
            (0, "under 1 s"),
            (3_599, "59 min"),
            (3_600, "1 h"),
            (6_240, "1.7 h"),
            (7_200, "2 h"),
            (35_100, "9.8 h"),
            (118_800, "33 h"),
            (129_600, "1.5 d"),
        ] {
            assert_eq!(brief(seconds), words);
        }
    }

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[9, 1, 5]), Some(5));
    }
}
