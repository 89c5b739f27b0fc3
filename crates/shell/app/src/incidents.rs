//! Incidents: opened when a run needs a person, handed up while nobody answers, closed with a word.
//!
//! An incident belongs to a seat from its first moment: the one that owns the process, or, where no person
//! sits on that, the first above it on which one does. Where it is not closed within a workday it goes to
//! the seat above, and so on up the chart. What comes right
//! by itself (an overdue step is done, the run ends) closes its incident, and the record stays.

use crate::{
    Act, App, Error, Result, Who, access, audit,
    processes::{self, find},
    publishing::{Frozen, frozen},
    records::{Closed, HandedUp, Holder, Incident, Seat, Trouble},
    runs::state_of,
    seats, work, workspace,
};
use gemba_engine::{Event, Run};
use gemba_model::{
    StepId,
    id::{IncidentId, ProcessId, RunId, SeatId, WorkItemId},
    period::{Period, Unit},
};
use gemba_store::{Mode, Tx, Versioned, by_key, insert, load, save};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// How often a claim may run out before a person is asked.
const LAPSES: u32 = 3;
/// The longest report or note, in characters.
const MAX_TEXT: usize = 4_000;
/// The most incidents of one list.
const PAGE: usize = 200;

/// An incident as it is shown.
#[derive(Debug, Clone)]
pub struct IncidentView {
    /// What is kept of it.
    pub incident: Incident,
    /// The process: slug and title.
    pub process: (String, String),
    /// The run: number and title.
    pub run: (i64, String),
    /// The title of the step, where it is about one.
    pub step: Option<String>,
    /// The names of the seats it speaks of.
    pub seats: BTreeMap<SeatId, String>,
    /// Whether the one who asks must answer it.
    pub is_mine: bool,
    /// Whether the one who asks may close it.
    pub may_close: bool,
}

impl IncidentView {
    /// What went wrong, in a sentence.
    pub fn what(&self) -> String {
        let step = self.step.as_deref().unwrap_or("a step");
        match &self.incident.trouble {
            Trouble::Deadline { .. } => format!("“{step}” was not done by its deadline"),
            Trouble::Claims { times } => {
                format!("“{step}” was taken {times} times, and nobody came back to it")
            }
            Trouble::Signal { text, .. } => format!("A failure signal came true: {text}"),
            Trouble::CallEnded { reason, .. } => {
                format!("The run that carried out “{step}” was ended early: {reason}")
            }
            Trouble::CallReturned { reason, .. } => {
                format!("The output of the run that carries out “{step}” was returned: {reason}")
            }
            Trouble::Rounds { times, .. } => format!(
                "The run stands still: “{step}” sent it back {times} times in a row, which is as often as \
                 the document allows"
            ),
            Trouble::Reported { by, text } => format!("{by} reports a problem: {text}"),
            Trouble::Asked { by, text } => format!("{by} asks: {text}"),
        }
    }

    /// The name of the seat that must answer.
    pub fn seat(&self) -> &str {
        self.seats.get(&self.incident.seat).map_or("", String::as_str)
    }
}

/// Which incidents to list.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Only of this process (its slug).
    pub process: Option<String>,
    /// Only open ones.
    pub open: bool,
    /// Only those that the one who asks must answer.
    pub mine: bool,
}

/// A failure signal of a process, and how often it came true.
#[derive(Debug, Clone)]
pub struct Control {
    /// The words of the document.
    pub text: String,
    /// The same as a rule, where one is stated.
    pub rule: Option<String>,
    /// Whether Gemba watches it by itself.
    pub watched: bool,
    /// How often it came true.
    pub raised: usize,
    /// How many of those are open.
    pub open: usize,
    /// When it last did.
    pub last: Option<Timestamp>,
}

/// Opens and closes what the events of a run bring. `before` is the state they were decided on.
pub(crate) async fn follow(
    app: &App,
    tx: &mut dyn Tx,
    (process, run): (ProcessId, RunId),
    frozen: &Frozen,
    before: &Run,
    events: &[Event],
) -> Result<()> {
    let troubled = |item: WorkItemId, state: &Run| {
        let open = state.open.iter().find(|open| open.item == item);
        open.is_some_and(|open| {
            open.late
                || open.lapses >= LAPSES
                || open.uncalled.is_some()
                || !open.unanswered.is_empty()
        })
    };
    let mut state = before.clone();
    for event in events {
        let was = state.clone();
        state = state.apply(event);
        match event {
            Event::DeadlinePassed { item, step, due, .. } => {
                let about = Some((*item, step.clone()));
                open(app, tx, (process, run), about, Trouble::Deadline { due: *due }).await?;
            }
            Event::ClaimLapsed { item, .. } => {
                let open_item = state.open.iter().find(|open| open.item == *item);
                let Some(lapsed) = open_item.filter(|open| open.lapses == LAPSES) else { continue };
                let about = Some((*item, lapsed.step.clone()));
                let trouble = Trouble::Claims { times: lapsed.lapses };
                open(app, tx, (process, run), about, trouble).await?;
            }
            Event::CallEnded { item, step, run: child, reason, .. } => {
                let trouble = Trouble::CallEnded { run: *child, reason: reason.clone() };
                open(app, tx, (process, run), Some((*item, step.clone())), trouble).await?;
            }
            Event::CallReturned { item, .. } => {
                let note = "The run came to its end.";
                close_those(app, tx, run, Some(*item), "Gemba", note).await?;
            }
            Event::SignalRaised { signal, .. } => {
                let text = usize::try_from(*signal)
                    .ok()
                    .and_then(|at| frozen.revision.compiled.failure_signals.get(at))
                    .map(|signal| signal.text.clone())
                    .unwrap_or_default();
                let trouble = Trouble::Signal { signal: *signal, text };
                open(app, tx, (process, run), None, trouble).await?;
            }
            Event::StepCompleted { item, by, .. } | Event::StepSkipped { item, by, .. }
                if troubled(*item, &was) =>
            {
                let note = match event {
                    Event::StepSkipped { .. } => "The run went on without the step.",
                    _ => "The step was done.",
                };
                close_those(app, tx, run, Some(*item), &by.told(), note).await?;
            }
            Event::StepWithdrawn { item, .. } if troubled(*item, &was) => {
                close_those(app, tx, run, Some(*item), "Gemba", "The others have settled it.")
                    .await?;
            }
            Event::RoundHeld { step, times, .. } => {
                let trouble = Trouble::Rounds { step: step.clone(), times: *times };
                open(app, tx, (process, run), None, trouble).await?;
            }
            Event::RoundAllowed { by, reason, .. } => {
                close_held(app, tx, run, &by.told(), reason).await?;
            }
            Event::RunCompleted { .. } | Event::RunEnding { .. } | Event::RunCancelled { .. } => {
                let was_quiet = was.raised.is_empty()
                    && was.held.is_none()
                    && !was.open.iter().any(|open| troubled(open.item, &was));
                if !was_quiet {
                    close_those(app, tx, run, None, "Gemba", "The run has ended.").await?;
                }
            }
            Event::RunStarted { .. }
            | Event::StepOpened { .. }
            | Event::StepDivided { .. }
            | Event::StepJoined { .. }
            | Event::StepWithdrawn { .. }
            | Event::RunMoved { .. }
            | Event::RunCalled { .. }
            | Event::CallNotMade { .. }
            | Event::RoundBegun { .. }
            | Event::OutcomeReached { .. }
            | Event::StepClaimed { .. }
            | Event::LeaseExtended { .. }
            | Event::StepReassigned { .. }
            | Event::StepDelegated { .. }
            | Event::DelegationEnded { .. }
            | Event::StepDeferred { .. }
            | Event::PriorityChanged { .. }
            | Event::ReminderDue { .. }
            | Event::DeadlineSet { .. }
            | Event::ApprovalExpired { .. }
            | Event::StepReleased { .. }
            | Event::StepCompleted { .. }
            | Event::StepSkipped { .. } => {}
        }
    }
    Ok(())
}

pub(crate) async fn open(
    app: &App,
    tx: &mut dyn Tx,
    (process, run): (ProcessId, RunId),
    about: Option<(WorkItemId, StepId)>,
    trouble: Trouble,
) -> Result<IncidentId> {
    // A run can outlive a revision: the seat that owns the process today answers.
    let owner = owner_of(tx, process).await?.ok_or_else(|| Error::not_found("process", process))?;
    open_for(app, tx, (process, run), about, trouble, owner).await
}

/// The same, answered by the person on this seat or the first above it.
async fn open_for(
    app: &App,
    tx: &mut dyn Tx,
    (process, run): (ProcessId, RunId),
    about: Option<(WorkItemId, StepId)>,
    trouble: Trouble,
    of_seat: SeatId,
) -> Result<IncidentId> {
    let (millis, chance) = app.fresh();
    let id = IncidentId::new(millis, chance);
    let (item, mut step) = about.unzip();
    if let Trouble::Rounds { step: held, .. } = &trouble {
        step = Some(held.clone());
    }
    let seat = person_above(tx, of_seat).await?;
    let incident = Incident {
        id,
        trouble,
        process,
        run,
        item,
        step,
        opened: app.now(),
        seat,
        answer_by: answer_by(app, tx).await?,
        handed_up: Vec::new(),
        closed: None,
    };
    insert(tx, &incident).await?;
    audit::write(app, tx, &Who::system(), "incident.opened", &id.to_string(), &incident.trouble)
        .await?;
    Ok(id)
}

/// The seat itself where a person sits on it, else the first above it with one; where there is none, itself.
async fn person_above(tx: &mut dyn Tx, owner: SeatId) -> Result<SeatId> {
    let mut seen = Vec::new();
    let mut next = Some(owner);
    while let Some(id) = next.filter(|id| !seen.contains(id)) {
        seen.push(id);
        let Some(seat) = load::<Seat>(tx, &id.to_string()).await? else { break };
        match seat.value.holder {
            Holder::Person { .. } => return Ok(id),
            Holder::Agent { .. } | Holder::Vacant => next = seat.value.reports_to,
        }
    }
    Ok(owner)
}

/// One workday from now.
async fn answer_by(app: &App, tx: &mut dyn Tx) -> Result<Option<Timestamp>> {
    let calendar = workspace::its_calendar(tx).await?;
    Ok(Period::new(1, Unit::Workdays).and_then(|day| calendar.after(app.now(), day)))
}

async fn close_those(
    app: &App,
    tx: &mut dyn Tx,
    run: RunId,
    item: Option<WorkItemId>,
    by: &str,
    note: &str,
) -> Result<()> {
    for mut found in by_key::<Incident>(tx, "run", &run.to_string()).await? {
        let meant = item.is_none() || found.value.item == item;
        if !meant || found.value.closed.is_some() {
            continue;
        }
        end(app, tx, &Who::system(), &mut found, by, note).await?;
    }
    Ok(())
}

/// Whoever answers has let the run go on.
async fn close_held(app: &App, tx: &mut dyn Tx, run: RunId, by: &str, note: &str) -> Result<()> {
    for mut found in by_key::<Incident>(tx, "run", &run.to_string()).await? {
        let held = matches!(found.value.trouble, Trouble::Rounds { .. });
        if held && found.value.closed.is_none() {
            end(app, tx, &Who::system(), &mut found, by, note).await?;
        }
    }
    Ok(())
}

async fn end(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    found: &mut Versioned<Incident>,
    by: &str,
    note: &str,
) -> Result<()> {
    let (by, note) = (by.to_owned(), note.to_owned());
    found.value.closed = Some(Closed { at: app.now(), by, note });
    found.value.answer_by = None;
    save(tx, found).await?;
    let id = found.value.id.to_string();
    audit::write(app, tx, who, "incident.closed", &id, &found.value.closed).await
}

/// Hands up what nobody answered in time; how many were handed up comes back.
pub async fn hand_up_due(app: &App) -> Result<usize> {
    let who = Who::system();
    let due = |incident: &Incident| incident.answer_by.is_some_and(|at| at <= app.now());
    let mut tx = app.open(&who, Act::Read, Mode::Read).await?;
    let open = by_key::<Incident>(&mut *tx, "open", "yes").await?;
    drop(tx);
    let mut n = 0;
    for found in open.into_iter().filter(|found| due(&found.value)) {
        let mut tx = app.open(&who, Act::Work, Mode::Write).await?;
        let id = found.value.id.to_string();
        // Another node may have seen to it since, or somebody has answered.
        let Some(mut found) = load::<Incident>(&mut *tx, &id).await? else { continue };
        if !due(&found.value) || found.value.closed.is_some() {
            continue;
        }
        let from = found.value.seat;
        let seat = load::<Seat>(&mut *tx, &from.to_string()).await?;
        match seat.and_then(|seat| seat.value.reports_to).filter(|to| !was_with(&found.value, *to))
        {
            Some(to) => {
                found.value.handed_up.push(HandedUp { at: app.now(), from, to });
                found.value.seat = to;
                found.value.answer_by = answer_by(app, &mut *tx).await?;
            }
            None => found.value.answer_by = None,
        }
        save(&mut *tx, &found).await?;
        audit::write(app, &mut *tx, &who, "incident.handed_up", &id, &found.value.handed_up)
            .await?;
        tx.commit().await?;
        n += 1;
    }
    Ok(n)
}

/// Whether an incident was with a seat already: a chart that goes in a circle ends there.
fn was_with(incident: &Incident, seat: SeatId) -> bool {
    incident.seat == seat || incident.handed_up.iter().any(|up| up.from == seat)
}

/// Reports that something is wrong with a step; the owner of the process hears of it at once.
pub async fn report(app: &App, who: &Who, item: WorkItemId, text: &str) -> Result<IncidentId> {
    let text = said("problem", text)?;
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let row = tx.item(item).await?.ok_or_else(|| Error::not_found("work item", item))?;
    if !access::does(who, Some(row.seat)) && !work::is_given_to(&row, who) {
        let owner = owner_of(&mut *tx, row.process).await?;
        access::require_work(who, owner, "report a problem with this step")?;
    }
    let by = who.asker().by_for(row.seat).told();
    let trouble = Trouble::Reported { by, text };
    let about = Some((item, row.step.clone()));
    let id = open(app, &mut *tx, (row.process, row.run), about, trouble).await?;
    tx.commit().await?;
    Ok(id)
}

/// Asks the person above the seat of the one who asks; what closes the incident is the answer. Nothing
/// waits for it: the work item stays as it is.
pub async fn ask(app: &App, who: &Who, item: WorkItemId, text: &str) -> Result<IncidentId> {
    let text = said("question", text)?;
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let row = tx.item(item).await?.ok_or_else(|| Error::not_found("work item", item))?;
    access::require_own(who, Some(row.seat), "ask about this step")?;
    let trouble = Trouble::Asked { by: who.name.clone(), text };
    let about = Some((item, row.step.clone()));
    let of_seat = who.seats.first().copied().unwrap_or(row.seat);
    let id = open_for(app, &mut *tx, (row.process, row.run), about, trouble, of_seat).await?;
    tx.commit().await?;
    Ok(id)
}

/// The questions that were asked about a work item, in order, and their answers.
pub async fn questions(
    app: &App,
    who: &Who,
    item: WorkItemId,
) -> Result<Vec<(String, Option<String>)>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let row = tx.item(item).await?.ok_or_else(|| Error::not_found("work item", item))?;
    let mut asked: Vec<Incident> = by_key::<Incident>(&mut *tx, "run", &row.run.to_string())
        .await?
        .into_iter()
        .map(|found| found.value)
        .filter(|incident| incident.item == Some(item))
        .collect();
    asked.sort_by_key(|incident| incident.opened);
    let question = |incident: Incident| match incident.trouble {
        Trouble::Asked { text, .. } => Some((text, incident.closed.map(|closed| closed.note))),
        Trouble::Deadline { .. }
        | Trouble::Claims { .. }
        | Trouble::Signal { .. }
        | Trouble::CallEnded { .. }
        | Trouble::CallReturned { .. }
        | Trouble::Rounds { .. }
        | Trouble::Reported { .. } => None,
    };
    Ok(asked.into_iter().filter_map(question).collect())
}

/// Closes an incident with a word on what was done about it.
pub async fn close(app: &App, who: &Who, id: IncidentId, note: &str) -> Result<()> {
    let note = said("note", note)?;
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let mut found = existing(&mut *tx, id).await?;
    let owner = owner_of(&mut *tx, found.value.process).await?;
    if !access::does(who, owner) {
        access::require_work(who, Some(found.value.seat), "close this incident")?;
    }
    if found.value.closed.is_none() {
        let by = who.asker().by_for(found.value.seat).told();
        end(app, &mut *tx, who, &mut found, &by, &note).await?;
        tx.commit().await?;
    }
    Ok(())
}

fn said(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid(field, format!("the {field} is empty: say it in a few words")));
    }
    if text.chars().count() > MAX_TEXT {
        return Err(Error::invalid(
            field,
            format!("the {field} is longer than {MAX_TEXT} characters"),
        ));
    }
    Ok(text.to_owned())
}

async fn existing(tx: &mut dyn Tx, id: IncidentId) -> Result<Versioned<Incident>> {
    load::<Incident>(tx, &id.to_string()).await?.ok_or_else(|| Error::not_found("incident", id))
}

/// The seat that owns a process now.
async fn owner_of(tx: &mut dyn Tx, process: ProcessId) -> Result<Option<SeatId>> {
    let process = processes::of_id(tx, process).await?.value;
    Ok(process.published.as_ref().map(|published| published.owner))
}

/// Incidents: open ones first, each kind latest first.
pub async fn list(app: &App, who: &Who, listing: Listing) -> Result<Vec<IncidentView>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let mut found: Vec<Incident> = match &listing.process {
        Some(slug) => {
            let process = find(&mut *tx, slug).await?.value.id.to_string();
            by_key::<Incident>(&mut *tx, "process", &process).await?
        }
        None if listing.open => by_key::<Incident>(&mut *tx, "open", "yes").await?,
        None => gemba_store::all::<Incident>(&mut *tx).await?,
    }
    .into_iter()
    .map(|found| found.value)
    .filter(|incident| !listing.open || incident.closed.is_none())
    .filter(|incident| !listing.mine || who.works_for(incident.seat))
    .collect();
    found.sort_by_key(|incident| (incident.closed.is_some(), std::cmp::Reverse(incident.opened)));
    found.truncate(PAGE);
    let mut views = Vec::with_capacity(found.len());
    for incident in found {
        views.push(view(app, &mut *tx, who, incident).await?);
    }
    Ok(views)
}

/// The open incidents that the one who asks must answer.
pub(crate) async fn mine(app: &App, tx: &mut dyn Tx, who: &Who) -> Result<Vec<IncidentView>> {
    let open = by_key::<Incident>(tx, "open", "yes").await?;
    let mut views = Vec::new();
    for found in open.into_iter().filter(|found| who.works_for(found.value.seat)).take(PAGE) {
        views.push(view(app, tx, who, found.value).await?);
    }
    Ok(views)
}

/// One incident.
pub async fn get(app: &App, who: &Who, id: IncidentId) -> Result<IncidentView> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let incident = existing(&mut *tx, id).await?.value;
    view(app, &mut *tx, who, incident).await
}

async fn view(app: &App, tx: &mut dyn Tx, who: &Who, incident: Incident) -> Result<IncidentView> {
    let run = tx.run(incident.run).await?.ok_or_else(|| Error::not_found("run", incident.run))?;
    let frozen = frozen(app, tx, &run.revision).await?;
    let process = processes::of_id(tx, incident.process).await?.value;
    let owner = process.published.as_ref().map(|published| published.owner);
    let compiled = &frozen.revision.compiled;
    let names = seats::names(tx).await?;
    let spoken_of = |seat: &SeatId| {
        incident.seat == *seat || incident.handed_up.iter().any(|up| up.from == *seat)
    };
    Ok(IncidentView {
        process: (process.slug, compiled.title.clone()),
        run: (run.number, state_of(&run)?.title),
        step: incident.step.as_ref().and_then(|step| compiled.asked(step)).map(|step| step.title),
        seats: names.into_iter().filter(|(seat, _)| spoken_of(seat)).collect(),
        is_mine: incident.closed.is_none() && who.works_for(incident.seat),
        may_close: incident.closed.is_none()
            && access::may(who, Act::Work)
            && (access::does(who, owner) || access::does(who, Some(incident.seat))),
        incident,
    })
}

/// The audit checklist of a process: its failure signals in the order of the document, and how often each
/// came true.
pub async fn controls(app: &App, who: &Who, slug: &str) -> Result<Vec<Control>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?.value;
    let Some(published) = &record.published else { return Ok(Vec::new()) };
    let frozen = frozen(app, &mut *tx, &published.revision).await?;
    let found = by_key::<Incident>(&mut *tx, "process", &record.id.to_string()).await?;
    let watched = frozen.plan.watched();
    let signals = frozen.revision.compiled.failure_signals.iter();
    let controls = (0_u32..).zip(signals).map(|(n, signal)| {
        // Revisions differ in their order: the words tell which signal it was.
        let of_it = |incident: &&Incident| {
            matches!(&incident.trouble, Trouble::Signal { text, .. } if *text == signal.text)
        };
        let raised: Vec<&Incident> = found.iter().map(|f| &f.value).filter(of_it).collect();
        Control {
            text: signal.text.clone(),
            rule: signal.rule.clone(),
            watched: watched.contains(&n),
            raised: raised.len(),
            open: raised.iter().filter(|incident| incident.closed.is_none()).count(),
            last: raised.iter().map(|incident| incident.opened).max(),
        }
    });
    Ok(controls.collect())
}
