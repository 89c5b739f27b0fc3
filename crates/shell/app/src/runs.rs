//! Runs: begun, looked at, ended early; and the one way by which a command reaches a run.

use crate::{
    Act, App, Error, Result, Who, access,
    agents::guard,
    approvals, audit,
    calls::{self, RunLink},
    conditions,
    error::counts,
    incidents, last_run, outbox,
    processes::{self, find},
    publishing::{Frozen, frozen},
    records::ProcessRecord,
    search, seats, work,
    work::WorkRow,
    workspace,
};
pub use gemba_engine::{By, Event, Origin, Run, Status, event::Left};
use gemba_engine::{Command, Given, Now, Plan, Start, decide, start as begin};
use gemba_model::{
    EvidenceKind, Priority, Process,
    field::{self, Field},
    id::{RunId, SeatId, WorkItemId},
};
use gemba_schedule::WorkCalendar;
pub use gemba_store::RunState;
use gemba_store::{ItemFilter, ItemRow, ItemState, Mode, RunFilter, RunRow, Tx};
use jiff::{Timestamp, tz::TimeZone};
use std::{collections::BTreeMap, sync::Arc};

pub(crate) mod writing;

/// The most runs of one page.
const PAGE: u32 = 200;
/// How many pages are looked through for runs with one outcome.
const MOST_PAGES: usize = 40;

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
    /// The name of the end that it came to, where the document gives it one.
    pub outcome: Option<String>,
    /// Why it was ended, while its clean-up is done.
    pub ending: Option<String>,
    /// Whether it stands still, for it went back as often as the document allows.
    pub held: bool,
    /// How urgent it is.
    pub priority: Priority,
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
    /// What it was given when it began.
    pub inputs: Vec<Left>,
    /// What happened, in order (the last 1,000 events).
    pub history: Vec<HistoryLine>,
    /// The names of the seats that the history speaks of.
    pub seats: BTreeMap<SeatId, String>,
    /// Whether the one who asks may end it.
    pub may_cancel: bool,
    /// Whether the one who asks may let it go round once more, where it stands still.
    pub may_allow: bool,
    /// Whether the one who asks may say how urgent it is.
    pub may_prioritise: bool,
    /// The run of which it is a part: a step of that one carries out this one's process.
    pub caller: Option<RunLink>,
    /// The runs that carry out procedures of its steps, or did, the latest first.
    pub called: Vec<RunLink>,
}

pub(crate) fn state_of(row: &RunRow) -> Result<Run> {
    let corrupt = |e| gemba_store::Error::corrupt(format!("state of run {}", row.id), e);
    Ok(serde_json::from_str(&row.body).map_err(corrupt)?)
}

/// Starts a run of the revision in force.
pub async fn start(app: &App, who: &Who, slug: &str, title: &str) -> Result<RunId> {
    start_with(app, who, slug, title, &BTreeMap::new()).await
}

/// Starts a run of the revision in force, with what it is given, by name. What is called as a value that
/// a step asks for, and fits, is that value from the start.
pub async fn start_with(
    app: &App,
    who: &Who,
    slug: &str,
    title: &str,
    inputs: &BTreeMap<String, String>,
) -> Result<RunId> {
    let done = start_in(app, who, slug, title, inputs, Mode::Ahead).await;
    if counts(&done) {
        return done;
    }
    start_in(app, who, slug, title, inputs, Mode::Write).await
}

async fn start_in(
    app: &App,
    who: &Who,
    slug: &str,
    title: &str,
    inputs: &BTreeMap<String, String>,
    mode: Mode,
) -> Result<RunId> {
    let mut tx = app.open(who, Act::StartRun, mode).await?;
    let record = find(&mut *tx, slug).await?.value;
    guard::in_process(app, &mut *tx, who, record.id).await?;
    let id = begin_run(app, &mut *tx, &record, who.by(), Origin::Request, title, inputs).await?;
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
    inputs: &BTreeMap<String, String>,
) -> Result<RunId> {
    processes::require_kept(process)?;
    let Some(in_force) = &process.published else {
        return Err(Error::NotPublished { slug: process.slug.clone() });
    };
    let frozen = frozen(app, tx, &in_force.revision).await?;
    let now = app.now();
    // Where nothing is called by it, it is given when the run is written.
    let (number, title) = match title.trim() {
        "" => {
            let number = tx.next_run_number(process.id).await?;
            (number, format!("{} #{number}", in_force.summary.title))
        }
        given => (0, given.to_owned()),
    };
    let about = title.clone();
    let calendar = calendar_for(tx, &frozen.plan).await?;
    let moment = Now { at: now, calendar: &calendar };
    let inputs = given(&frozen.revision.compiled, inputs);
    let priority = Priority::Normal;
    let wish = Start { by: by.clone(), origin, title, inputs, priority };
    let events = begin(&frozen.plan, wish, moment, &mut || fresh_item(app))?;
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
        wake: None,
    };
    let id = row.id;
    outbox::of_run(app, tx, &by, &row, &frozen, &Run::default(), &events).await?;
    let state = writing::write(app, tx, row, Run::default(), &events).await?;
    search::put_run(tx, id, &about, &in_force.summary.title).await?;
    calls::follow(app, tx, id, &frozen, &Run::default(), state, &events).await?;
    Ok(id)
}

/// Inputs as the engine takes them.
fn given(process: &Process, inputs: &BTreeMap<String, String>) -> Vec<Given> {
    let steps = process.all_steps();
    let asked = || steps.iter().flat_map(|step| &step.evidence);
    let one = |(name, value): (&String, &String)| {
        let key = field::key(name);
        let fit = asked()
            .filter_map(|evidence| Some((evidence.kind, Field::of(evidence)?)))
            .filter(|(_, field)| field.key == key)
            .find_map(|(kind, field)| Some((kind, field.fit(value).ok()?)));
        let (kind, value, name) = match fit {
            Some((kind, value)) => (kind, value, key),
            None => (EvidenceKind::Text, value.clone(), name.clone()),
        };
        Given { kind, value, name: Some(name) }
    };
    inputs.iter().map(one).collect()
}

/// What a run was given, in the order of its names.
pub(crate) async fn inputs(tx: &mut dyn Tx, id: RunId) -> Result<Vec<Left>> {
    let first = history(tx, id, 0, 1).await?.into_iter().next();
    Ok(match first.map(|line| line.event) {
        Some(Event::RunStarted { inputs, .. }) => inputs,
        _ => Vec::new(),
    })
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
    guard::in_process(app, tx, who, row.process).await?;
    let frozen = frozen(app, tx, &row.revision).await?;
    let state = app.known().run(&row)?;
    let calendar = calendar_for(tx, &frozen.plan).await?;
    let now = Now { at: app.now(), calendar: &calendar };
    let command = conditions::weighed(&frozen, &state, command)?;
    let command = approvals::bound(tx, &row, &frozen, &state, command).await?;
    let events = decide(&frozen.plan, &state, &who.asker(), command, now, &mut || fresh_item(app))?;
    if events.is_empty() {
        return Ok(state);
    }
    outbox::of_run(app, tx, &who.by(), &row, &frozen, &state, &events).await?;
    incidents::follow(app, tx, (row.process, run), &frozen, &state, &events).await?;
    let after = writing::write(app, tx, row, state.clone(), &events).await?;
    calls::follow(app, tx, run, &frozen, &state, after, &events).await
}

/// The workspace's calendar, read only where the plan counts on one.
pub(crate) async fn calendar_for(tx: &mut dyn Tx, plan: &Plan) -> Result<WorkCalendar> {
    if plan.tells_time() {
        workspace::its_calendar(tx).await
    } else {
        Ok(WorkCalendar::usual(TimeZone::UTC))
    }
}

/// Lets happen what time brings to runs, the earliest first, at most `limit` of them; how many were seen
/// to comes back.
pub async fn wake_due(app: &App, limit: u32) -> Result<usize> {
    let who = Who::system();
    let mut tx = app.open(&who, Act::Read, Mode::Read).await?;
    let due = tx.woken(app.now(), limit).await?;
    drop(tx);
    let (mut seen, mut failed) = (0, None);
    for id in &due {
        // A fault in one run holds up no other.
        match wake(app, &who, *id).await {
            Ok(()) => seen += 1,
            Err(error) => failed = Some(error),
        }
    }
    match failed {
        Some(error) if seen == 0 => Err(error),
        _ => Ok(seen),
    }
}

async fn wake(app: &App, who: &Who, id: RunId) -> Result<()> {
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let row = tx.run(id).await?;
    // Another node may have seen to it since.
    if row.is_some_and(|row| row.wake.is_some_and(|at| at <= app.now())) {
        let state = act(app, &mut *tx, who, id, Command::Wake).await?;
        approvals::hand_up(app, &mut *tx, who, id, &state).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The next moment at which something happens to any run by itself.
pub async fn next_wake(app: &App) -> Result<Option<Timestamp>> {
    let mut tx = app.open(&Who::system(), Act::Read, Mode::Read).await?;
    Ok(tx.next_wake().await?)
}

/// Ends a run before its end, with a reason.
pub async fn cancel(app: &App, who: &Who, id: RunId, reason: &str) -> Result<()> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    act(app, &mut *tx, who, id, Command::Cancel { reason: reason.to_owned() }).await?;
    audit::write(app, &mut *tx, who, "run.cancelled", &id.to_string(), &reason).await?;
    tx.commit().await?;
    Ok(())
}

/// Lets a run that stands still go round once more, with a reason.
pub async fn allow_round(app: &App, who: &Who, id: RunId, reason: &str) -> Result<()> {
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    act(app, &mut *tx, who, id, Command::AllowRound { reason: reason.to_owned() }).await?;
    audit::write(app, &mut *tx, who, "run.round_allowed", &id.to_string(), &reason).await?;
    tx.commit().await?;
    Ok(())
}

/// Says how urgent a run is; its work is done in that order.
pub async fn prioritise(app: &App, who: &Who, id: RunId, priority: Priority) -> Result<()> {
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    act(app, &mut *tx, who, id, Command::Prioritise { priority }).await?;
    audit::write(app, &mut *tx, who, "run.prioritised", &id.to_string(), &priority).await?;
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
    /// Only those that came to the end of this name, whatever its letters are.
    pub outcome: Option<String>,
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
    let limit = listing.limit.clamp(1, PAGE);
    let names = seats::names(&mut *tx).await?;
    let wanted = |row: &RunListRow| match (&listing.outcome, &row.outcome) {
        (None, _) => true,
        (Some(wanted), Some(own)) => own.eq_ignore_ascii_case(wanted),
        (Some(_), None) => false,
    };
    let mut rows = Vec::new();
    let mut before = listing.before;
    // An outcome stands in the state of the run: rare ones are looked for among so many runs.
    let page = if listing.outcome.is_some() { PAGE } else { limit };
    for _page in 0..MOST_PAGES {
        let filter = RunFilter { process, state: listing.state, before, limit: page };
        let found = tx.runs(&filter).await?;
        let last = found.last().map(|run| run.id);
        let whole = found.len() < usize::try_from(page).unwrap_or(usize::MAX);
        for run in found {
            let slug = processes::of_id(&mut *tx, run.process).await?.value.slug;
            let frozen = frozen(app, &mut *tx, &run.revision).await?;
            let row = list_row(&run, &state_of(&run)?, slug, &frozen, &names);
            rows.extend(Some(row).filter(|row| wanted(row)));
        }
        let enough = rows.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
        if whole || enough || listing.outcome.is_none() {
            break;
        }
        before = last;
    }
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
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
        let title = process.asked(&open.step).map(|step| step.title).unwrap_or_default();
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
        outcome: state.outcome.clone().filter(|_| state.status == Status::Completed),
        ending: state
            .ending
            .as_ref()
            .filter(|_| state.status == Status::Ending)
            .map(|e| e.reason.clone()),
        held: state.held.is_some(),
        priority: state.priority,
        n_done: process.steps.iter().filter_map(|step| state.done.get(&step.id)).sum(),
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
    let open = work::open_items(app, &mut *tx, who, &state).await?;
    let caller = match &state.called_by {
        Some(caller) => Some(calls::link(app, &mut *tx, caller.run).await?),
        None => None,
    };
    let history = history(&mut *tx, id, (run.n_events - 1_000).max(0), 1_000).await?;
    let mut called = Vec::new();
    for line in history.iter().rev() {
        if let Event::RunCalled { run, .. } = &line.event {
            called.push(calls::link(app, &mut *tx, *run).await?);
        }
    }
    Ok(RunView {
        caller,
        called,
        row: list_row(&run, &state, record.slug, &frozen, &names),
        revision: frozen.revision.number,
        process: frozen.revision.compiled.clone(),
        open,
        inputs: inputs(&mut *tx, id).await?,
        history,
        seats: names,
        may_cancel: access::may(who, Act::Manage)
            && matches!(state.status, Status::Running | Status::Ending),
        may_allow: state.held.is_some()
            && access::may(who, Act::Work)
            && access::does(who, frozen.plan.owner()),
        may_prioritise: access::may(who, Act::Work)
            && access::does(who, frozen.plan.owner())
            && state.status == Status::Running,
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

pub(crate) async fn history(
    tx: &mut dyn Tx,
    id: RunId,
    after: i64,
    limit: u32,
) -> Result<Vec<HistoryLine>> {
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
