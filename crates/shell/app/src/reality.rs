//! A process as it runs beside as it is written: what its runs really did, held against the document in force.

use crate::{
    Act, App, Error, Result, Who,
    accounts::hashed,
    known,
    processes::find,
    publishing::frozen,
    records::{Revision, Seat},
    workspace,
};
use gemba_model::{
    Process,
    id::{ProcessId, RunId, SeatId, WorkItemId},
};
use gemba_store::{ItemFilter, ItemState, Mode, RunFilter, RunRow, RunState, Tx, all};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use std::{collections::BTreeMap, sync::Arc};

mod events;
mod held;

pub use held::{Change, Difference, Found, Held, Kind, StepRow, Way, Week};

/// How many of the latest runs are looked at.
pub const MOST_RUNS: u32 = 500;
/// Of fewer cases nobody should say how well a process is followed.
pub const LEAST_CASES: usize = 20;

/// The time that is looked at: whole days of the workspace, each end included; an open end is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
}

/// A run that is spoken of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunName {
    /// Its number within the process.
    pub number: i64,
    /// When it began.
    pub started: Timestamp,
}

/// A process as it runs.
#[derive(Debug, Clone)]
pub struct Reality {
    /// The number of the revision that it is held against.
    pub revision: u32,
    /// How many finished runs were looked at.
    pub runs: usize,
    /// Whether there are more of them in this time than are looked at.
    pub is_cut: bool,
    /// How many of them followed an older revision.
    pub older: usize,
    /// What was found, or why the document could not be held against it.
    pub held: std::result::Result<Arc<Held>, String>,
    /// The runs by the names that what was found has for them.
    pub names: BTreeMap<String, RunName>,
}

/// A process as it runs: its finished runs that began in this time, held against the document in force. `None`
/// where nothing is in force.
pub async fn of_process(
    app: &App,
    who: &Who,
    slug: &str,
    window: Window,
) -> Result<Option<Reality>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?.value;
    let Some(in_force) = &record.published else { return Ok(None) };
    let frozen = frozen(app, &mut *tx, &in_force.revision).await?;
    let zone = workspace::its_zone(&mut *tx).await?;
    let (runs, is_cut) = runs_in(&mut *tx, record.id, window, &zone).await?;
    let seats: BTreeMap<SeatId, String> =
        all::<Seat>(&mut *tx).await?.into_iter().map(|s| (s.value.id, s.value.name)).collect();
    let older = runs.iter().filter(|run| run.revision != frozen.revision.hash).count();
    let key = key(&frozen.revision, &runs, &seats, slug, &zone);
    let held = if let Some(held) = app.known().reality(&key) {
        Ok(held)
    } else {
        let found = looked_at(app, &mut *tx, &frozen.revision, &runs, &seats, slug, &zone);
        found.await?.map(|held| {
            let held = Arc::new(held);
            app.known().learn_reality(key, &held);
            held
        })
    };
    let name =
        |run: &RunRow| (run.id.to_string(), RunName { number: run.number, started: run.started });
    Ok(Some(Reality {
        revision: in_force.number,
        runs: runs.len(),
        is_cut,
        older,
        held,
        names: runs.iter().map(name).collect(),
    }))
}

/// All that what is found hangs on. What finished runs did does not change any more.
fn key(
    revision: &Revision,
    runs: &[RunRow],
    seats: &BTreeMap<SeatId, String>,
    slug: &str,
    zone: &TimeZone,
) -> String {
    let mut text = format!("runs {} {slug} {:?}", revision.hash, zone.iana_name());
    for run in runs {
        text.push_str(&run.id.to_string());
        text.push_str(&run.revision);
    }
    for (id, name) in seats {
        text.push_str(&id.to_string());
        text.push_str(name);
        text.push('\n');
    }
    hashed(text.as_bytes())
}

/// The latest finished runs that began in this time, the oldest first, and whether there are more.
async fn runs_in(
    tx: &mut dyn Tx,
    process: ProcessId,
    window: Window,
    zone: &TimeZone,
) -> Result<(Vec<RunRow>, bool)> {
    let wrong = |_| Error::invalid("from", "This day is out of the calendar.");
    let begin = |day: Date| day.to_zoned(zone.clone()).map(|at| at.timestamp()).map_err(wrong);
    let from = window.from.map(begin).transpose()?;
    let to = window.to.map(|day| day.checked_add(1.day()).map_err(wrong)).transpose()?;
    let to = to.map(begin).transpose()?;
    let filter = RunFilter {
        process: Some(process),
        state: Some(RunState::Completed),
        // Ids are in the order of time.
        before: to.map(|to| RunId::new(millis(to), 0)),
        limit: MOST_RUNS + 1,
    };
    let mut runs = tx.runs(&filter).await?;
    runs.retain(|run| from.is_none_or(|from| run.started >= from));
    let most = usize::try_from(MOST_RUNS).unwrap_or(usize::MAX);
    let is_cut = runs.len() > most;
    runs.truncate(most);
    runs.reverse();
    Ok((runs, is_cut))
}

fn millis(at: Timestamp) -> u64 {
    u64::try_from(at.as_millisecond()).unwrap_or(0)
}

async fn looked_at(
    app: &App,
    tx: &mut dyn Tx,
    revision: &Revision,
    runs: &[RunRow],
    seats: &BTreeMap<SeatId, String>,
    slug: &str,
    zone: &TimeZone,
) -> Result<std::result::Result<Held, String>> {
    let filter = ItemFilter {
        process: Some(revision.process),
        states: vec![ItemState::Done],
        // Ids are in the order of time: what was done before the oldest of these runs is left out.
        after: runs.first().map(|oldest| WorkItemId::new(millis(oldest.started), 0)),
        limit: u32::MAX,
        ..ItemFilter::default()
    };
    let items = if runs.is_empty() { Vec::new() } else { tx.items(&filter).await? };
    let mut older: BTreeMap<String, Process> = BTreeMap::new();
    for hash in events::older(runs, &revision.hash) {
        if let Some(found) = known::record::<Revision>(app, tx, hash).await? {
            older.insert(hash.to_owned(), found.compiled.clone());
        }
    }
    let process = held::named(&revision.compiled);
    let around = events::Around { process: &process, older: &older, seats };
    let log = events::log(runs, &items, &around);
    Ok(held::held(&held::Matter {
        process: &process,
        log: &log,
        holders: &events::holders(&revision.bindings, seats),
        calendar: &workspace::its_calendar(tx).await?,
        has_dues: true,
        zone,
        page: &format!("/processes/{slug}"),
    }))
}
