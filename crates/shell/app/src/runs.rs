//! Runs: begun, looked at, ended early; and the one place where a run's events are written.

use crate::{
    Act, App, Error, Result, Who, audit, last_run,
    processes::{self, find},
    publishing::{Frozen, frozen},
    records::ProcessRecord,
    search, seats, work,
    work::WorkRow,
};
pub use gemba_engine::{By, Event, Origin, Run, Status, event::Left};
use gemba_engine::{Command, Start, decide, start as begin};
use gemba_model::{
    Process,
    id::{RunId, SeatId, WorkItemId},
};
pub use gemba_store::RunState;
use gemba_store::{EventRow, ItemFilter, ItemRow, ItemState, Mode, RunFilter, RunRow, Tx};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

/// The most runs of one page.
const PAGE: u32 = 200;

/// A run in a list.
#[derive(Debug, Clone)]
pub struct RunListRow {
    /// The run.
    pub id: RunId,
    /// The process: slug and title.
    pub process: (String, String),
    /// Its number within the process.
    pub number: i64,
    /// What it is about.
    pub title: String,
    /// Where it stands.
    pub state: RunState,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// The steps whose turn it is: title and seat.
    pub open: Vec<(String, String)>,
    /// How many steps were done.
    pub n_done: u32,
}

/// One thing that happened to a run.
#[derive(Debug, Clone)]
pub struct HistoryLine {
    /// Its number.
    pub seq: i64,
    /// The event.
    pub event: Event,
}

/// A run with everything its page shows.
#[derive(Debug, Clone)]
pub struct RunView {
    /// As in lists.
    pub row: RunListRow,
    /// The state.
    pub state: Run,
    /// The revision it is pinned to.
    pub revision: u32,
    /// What that revision says.
    pub process: Process,
    /// The work items whose turn it is.
    pub open: Vec<WorkRow>,
    /// What happened, in order (the last 1,000 events).
    pub history: Vec<HistoryLine>,
    /// The names of the seats that the history speaks of.
    pub seats: BTreeMap<SeatId, String>,
    /// Whether the one who asks may end it.
    pub may_cancel: bool,
}

pub(crate) fn state_of(row: &RunRow) -> Result<Run> {
    let corrupt = |e| gemba_store::Error::corrupt(format!("state of run {}", row.id), e);
    Ok(serde_json::from_str(&row.body).map_err(corrupt)?)
}

/// Starts a run of the revision in force.
pub async fn start(app: &App, who: &Who, slug: &str, title: &str) -> Result<RunId> {
    let mut tx = app.open(who, Act::StartRun, Mode::Write).await?;
    let record = find(&mut *tx, slug).await?.value;
    let id = begin_run(app, &mut *tx, &record, who.by(), Origin::Request, title).await?;
    if let Some(in_force) = &record.published {
        last_run::remember(app, &mut *tx, who, record.id, in_force.number).await?;
    }
    audit::write(app, &mut *tx, who, "run.started", &id.to_string(), &slug).await?;
    tx.commit().await?;
    Ok(id)
}

pub(crate) async fn begin_run(
    app: &App,
    tx: &mut dyn Tx,
    process: &ProcessRecord,
    by: By,
    origin: Origin,
    title: &str,
) -> Result<RunId> {
    processes::require_kept(process)?;
    let Some(in_force) = &process.published else {
        return Err(Error::NotPublished { slug: process.slug.clone() });
    };
    let frozen = frozen(app, tx, &in_force.revision).await?;
    let now = app.now();
    let number = tx.next_run_number(process.id).await?;
    let title = match title.trim() {
        "" => format!("{} #{number}", in_force.summary.title),
        given => given.to_owned(),
    };
    let about = title.clone();
    let events = begin(&frozen.plan, Start { by, origin, title }, now, &mut || fresh_item(app))?;
    let (millis, chance) = app.fresh();
    let row = RunRow {
        id: RunId::new(millis, chance),
        process: process.id,
        revision: in_force.revision.clone(),
        number,
        state: RunState::Running,
        started: now,
        ended: None,
        n_events: 0,
        body: String::new(),
    };
    let id = row.id;
    write(tx, row, Run::default(), &events).await?;
    search::put_run(tx, id, &about, &in_force.summary.title).await?;
    Ok(id)
}

fn fresh_item(app: &App) -> WorkItemId {
    let (millis, chance) = app.fresh();
    WorkItemId::new(millis, chance)
}

/// Lets the engine decide on a command for a run and writes what happens.
pub(crate) async fn act(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    run: RunId,
    command: Command,
) -> Result<Run> {
    let row = tx.run(run).await?.ok_or_else(|| Error::not_found("run", run))?;
    let frozen = frozen(app, tx, &row.revision).await?;
    let state = state_of(&row)?;
    let events =
        decide(&frozen.plan, &state, &who.asker(), command, app.now(), &mut || fresh_item(app))?;
    if events.is_empty() {
        return Ok(state);
    }
    write(tx, row, state, &events).await
}

/// The one place where a run changes: its events, its state and its work items, in one transaction.
async fn write(tx: &mut dyn Tx, mut row: RunRow, mut state: Run, events: &[Event]) -> Result<Run> {
    let mut stored = Vec::with_capacity(events.len());
    for event in events {
        let before = state.clone();
        state = state.apply(event);
        let body =
            serde_json::to_string(event).map_err(|e| gemba_store::Error::corrupt("event", e))?;
        stored.push(EventRow { seq: 0, at: event.at(), body });
        write_items(tx, &row, &before, event).await?;
    }
    tx.append_events(row.id, row.n_events + 1, &stored).await?;
    row.n_events = i64::try_from(state.n_events).unwrap_or(i64::MAX);
    row.state = match state.status {
        Status::New | Status::Running => RunState::Running,
        Status::Completed => RunState::Completed,
        Status::Cancelled => RunState::Cancelled,
    };
    row.ended = state.ended;
    row.body = serde_json::to_string(&state).map_err(|e| gemba_store::Error::corrupt("run", e))?;
    tx.put_run(&row).await?;
    Ok(state)
}

/// Keeps the work items in step with one event.
async fn write_items(tx: &mut dyn Tx, run: &RunRow, before: &Run, event: &Event) -> Result<()> {
    let of = |item: WorkItemId| before.open.iter().find(|open| open.item == item);
    let row = |open: &gemba_engine::Open, state| ItemRow {
        id: open.item,
        run: run.id,
        process: run.process,
        step: open.step.clone(),
        visit: open.visit,
        seat: open.seat,
        state,
        opened: open.since,
        closed: None,
        branch: None,
        holder: None,
    };
    match event {
        Event::StepOpened { at, item, step, visit, seat } => {
            let open = gemba_engine::Open::new(*item, step.clone(), *visit, *seat, *at);
            tx.put_item(&row(&open, ItemState::Open)).await?;
        }
        Event::StepClaimed { item, by, .. } => {
            if let Some(open) = of(*item) {
                let holder = Some(by.name().to_owned());
                tx.put_item(&ItemRow { holder, ..row(open, ItemState::Claimed) }).await?;
            }
        }
        Event::StepReassigned { item, to, .. } => {
            if let Some(open) = of(*item) {
                tx.put_item(&ItemRow { seat: *to, ..row(open, ItemState::Open) }).await?;
            }
        }
        Event::StepSkipped { at, item, by, branch, .. } => {
            if let Some(open) = of(*item) {
                let holder = Some(by.name().to_owned());
                let (closed, branch) = (Some(*at), branch.clone());
                tx.put_item(&ItemRow { holder, closed, branch, ..row(open, ItemState::Skipped) })
                    .await?;
            }
        }
        Event::StepReleased { item, .. } => {
            if let Some(open) = of(*item) {
                tx.put_item(&row(open, ItemState::Open)).await?;
            }
        }
        Event::StepCompleted { at, item, by, branch, .. } => {
            if let Some(open) = of(*item) {
                let holder = Some(by.name().to_owned());
                let (closed, branch) = (Some(*at), branch.clone());
                tx.put_item(&ItemRow { holder, closed, branch, ..row(open, ItemState::Done) })
                    .await?;
            }
        }
        Event::RunCancelled { at, .. } => {
            for open in &before.open {
                tx.put_item(&ItemRow { closed: Some(*at), ..row(open, ItemState::Dropped) })
                    .await?;
            }
        }
        Event::LeaseExtended { .. } | Event::RunStarted { .. } | Event::RunCompleted { .. } => {}
    }
    Ok(())
}

/// Ends a run before its end, with a reason.
pub async fn cancel(app: &App, who: &Who, id: RunId, reason: &str) -> Result<()> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    act(app, &mut *tx, who, id, Command::Cancel { reason: reason.to_owned() }).await?;
    audit::write(app, &mut *tx, who, "run.cancelled", &id.to_string(), &reason).await?;
    tx.commit().await?;
    Ok(())
}

/// Which runs to list.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Only of this process.
    pub process: Option<String>,
    /// Only in this state.
    pub state: Option<RunState>,
    /// Only older than this run.
    pub before: Option<RunId>,
    /// At most this many.
    pub limit: u32,
}

/// Runs, newest first.
pub async fn list(app: &App, who: &Who, listing: Listing) -> Result<Vec<RunListRow>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let process = match &listing.process {
        Some(slug) => Some(find(&mut *tx, slug).await?.value.id),
        None => None,
    };
    let filter = RunFilter {
        process,
        state: listing.state,
        before: listing.before,
        limit: listing.limit.clamp(1, PAGE),
    };
    let mut rows = Vec::new();
    let names = seats::names(&mut *tx).await?;
    for run in tx.runs(&filter).await? {
        let slug = processes::of_id(&mut *tx, run.process).await?.value.slug;
        let frozen = frozen(app, &mut *tx, &run.revision).await?;
        rows.push(list_row(&run, &state_of(&run)?, slug, &frozen, &names));
    }
    Ok(rows)
}

fn list_row(
    run: &RunRow,
    state: &Run,
    slug: String,
    frozen: &Arc<Frozen>,
    names: &BTreeMap<SeatId, String>,
) -> RunListRow {
    let process = &frozen.revision.compiled;
    let open = state.open.iter().map(|open| {
        let title = process.step(&open.step).map(|s| s.title.clone()).unwrap_or_default();
        (title, names.get(&open.seat).cloned().unwrap_or_default())
    });
    RunListRow {
        id: run.id,
        process: (slug, process.title.clone()),
        number: run.number,
        title: state.title.clone(),
        state: run.state,
        started: run.started,
        ended: run.ended,
        open: open.collect(),
        n_done: state.done.values().sum(),
    }
}

/// One run.
pub async fn get(app: &App, who: &Who, id: RunId) -> Result<RunView> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let run = tx.run(id).await?.ok_or_else(|| Error::not_found("run", id))?;
    let record = processes::of_id(&mut *tx, run.process).await?.value;
    let frozen = frozen(app, &mut *tx, &run.revision).await?;
    let names = seats::names(&mut *tx).await?;
    let state = state_of(&run)?;
    let filter = ItemFilter {
        run: Some(id),
        states: vec![ItemState::Open, ItemState::Claimed],
        limit: PAGE,
        ..ItemFilter::default()
    };
    let mut open = Vec::new();
    for item in tx.items(&filter).await? {
        open.push(work::row(app, &mut *tx, who, item).await?);
    }
    Ok(RunView {
        row: list_row(&run, &state, record.slug, &frozen, &names),
        revision: frozen.revision.number,
        process: frozen.revision.compiled.clone(),
        open,
        history: history(&mut *tx, id, (run.n_events - 1_000).max(0), 1_000).await?,
        seats: names,
        may_cancel: crate::access::may(who, Act::Manage) && state.status == Status::Running,
        state,
    })
}

/// What happened to a run after an event number, in order.
pub async fn events(
    app: &App,
    who: &Who,
    id: RunId,
    after: i64,
    limit: u32,
) -> Result<Vec<HistoryLine>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    tx.run(id).await?.ok_or_else(|| Error::not_found("run", id))?;
    history(&mut *tx, id, after, limit.clamp(1, 1_000)).await
}

async fn history(tx: &mut dyn Tx, id: RunId, after: i64, limit: u32) -> Result<Vec<HistoryLine>> {
    let mut lines = Vec::new();
    for row in tx.events(id, after, limit).await? {
        let event = serde_json::from_str(&row.body)
            .map_err(|e| gemba_store::Error::corrupt(format!("event {} of {id}", row.seq), e))?;
        lines.push(HistoryLine { seq: row.seq, event });
    }
    Ok(lines)
}

/// The work items of a run that were done, in order.
pub(crate) async fn done_items(tx: &mut dyn Tx, id: RunId) -> Result<Vec<ItemRow>> {
    let filter = ItemFilter {
        run: Some(id),
        states: vec![ItemState::Done],
        limit: 10_000,
        ..ItemFilter::default()
    };
    Ok(tx.items(&filter).await?)
}
