//! The runs of a process as an event log: what was done, by which seat, from when to when. Pure.

use super::held::DUE;
use gemba_mining::{EventLog, Row, breach::Holders, time::rfc3339};
use gemba_model::{Process, StepId, id::SeatId};
use gemba_store::{ItemRow, RunRow};
use std::collections::{BTreeMap, BTreeSet};

/// What is known around the runs.
pub(crate) struct Around<'a> {
    /// What is written, its steps under names that tell them apart.
    pub(crate) process: &'a Process,
    /// What the other revisions call their steps, by the hash of the revision.
    pub(crate) older: &'a BTreeMap<String, Process>,
    /// The names of the seats.
    pub(crate) seats: &'a BTreeMap<SeatId, String>,
}

/// An event before it is put into columns.
struct Done {
    case: String,
    activity: String,
    ended: i64,
    holder: Option<String>,
    attributes: Vec<(&'static str, String)>,
}

/// The log of these runs. A step that several must approve was done when the last of them did.
pub(crate) fn log(runs: &[RunRow], items: &[ItemRow], around: &Around<'_>) -> EventLog {
    let of: BTreeMap<_, _> = runs.iter().map(|run| (run.id, run)).collect();
    let mut last: BTreeMap<(_, &StepId, u32), (&ItemRow, i64)> = BTreeMap::new();
    for item in items.iter().filter(|item| of.contains_key(&item.run)) {
        let Some(closed) = item.closed else { continue };
        let opened = item.opened.as_microsecond();
        let slot = last.entry((item.run, &item.step, item.visit)).or_insert((item, opened));
        slot.1 = slot.1.min(opened);
        if slot.0.closed.is_some_and(|other| other <= closed) {
            slot.0 = item;
        }
    }
    let mut all: Vec<(&ItemRow, i64)> = last.into_values().collect();
    all.sort_by_key(|(item, _)| (item.run, item.closed, item.id));
    let done = |(item, opened): (&ItemRow, i64)| {
        let run = of.get(&item.run)?;
        let mut attributes = vec![("start_timestamp", rfc3339(opened))];
        attributes.extend(around.seats.get(&item.seat).map(|seat| ("org:role", seat.clone())));
        attributes.extend(item.due.map(|due| (DUE, due.as_microsecond().to_string())));
        Some(Done {
            case: item.run.to_string(),
            activity: name(run, &item.step, around)?,
            ended: item.closed?.as_microsecond(),
            holder: item.holder.clone(),
            attributes,
        })
    };
    let done: Vec<Done> = all.into_iter().filter_map(done).collect();
    let pairs: Vec<Vec<(&str, &str)>> = done
        .iter()
        .map(|one| one.attributes.iter().map(|(key, value)| (*key, value.as_str())).collect())
        .collect();
    EventLog::of(done.iter().zip(&pairs).map(|(one, attributes)| Row {
        case: &one.case,
        activity: &one.activity,
        time: Some(one.ended),
        resource: one.holder.as_deref(),
        attributes,
    }))
}

/// What the document in force calls a step, or the one that the run followed. What neither has, such as the
/// act of accepting the output, is no step.
fn name(run: &RunRow, step: &StepId, around: &Around<'_>) -> Option<String> {
    let own = around.older.get(&run.revision);
    let found = around.process.step(step).or_else(|| own?.step(step));
    found.map(|step| step.title.clone())
}

/// Which seats of the document the seats of the chart are.
pub(crate) fn holders(
    bindings: &BTreeMap<String, SeatId>,
    seats: &BTreeMap<SeatId, String>,
) -> Holders {
    let mut holders = Holders::default();
    for name in seats.values() {
        holders.add(name, name);
    }
    for (written, seat) in bindings {
        if let Some(name) = seats.get(seat) {
            holders.add(name, written);
        }
    }
    holders
}

/// The hashes of the revisions that runs followed, besides this one.
pub(crate) fn older<'a>(runs: &'a [RunRow], in_force: &str) -> BTreeSet<&'a str> {
    runs.iter().map(|run| run.revision.as_str()).filter(|hash| *hash != in_force).collect()
}
