//! From what happened to news: the events of runs, and the acts of the audit log that are told outside.

use super::{Fact, Kind, Named, News, fresh, listening, tell};
use crate::{
    App, Principal, Result, Who, processes,
    publishing::Frozen,
    records::{Incident, Inlet, ProcessRecord, Seat, TriggerRecord, Trouble},
    runs::state_of,
};
use gemba_engine::{By, Event, Run};
use gemba_model::{
    StepId,
    id::{AccountId, ProcessId, SeatId, WorkItemId},
};
use gemba_store::{RunRow, Tx, load};

fn account(by: &By) -> Option<AccountId> {
    match by {
        By::Person { account, .. } => Some(*account),
        By::Agent { .. } | By::System => None,
    }
}

/// What the events of a run tell; `before` is the state they were decided on, `by` whoever acts.
pub(crate) async fn of_run(
    app: &App,
    tx: &mut dyn Tx,
    by: &By,
    row: &RunRow,
    frozen: &Frozen,
    before: &Run,
    events: &[Event],
) -> Result<()> {
    let channels = listening(app, tx).await?;
    if channels.is_empty() {
        return Ok(());
    }
    let record = processes::of_id(tx, row.process).await?.value;
    let compiled = &frozen.revision.compiled;
    let step = |id: &StepId| {
        let title = compiled.asked(id).map(|step| step.title).unwrap_or_default();
        Named::new(id.as_str(), title)
    };
    let mut state = before.clone();
    let mut facts = Vec::new();
    for event in events {
        let was = state.clone();
        state = state.apply(event);
        let title = state.title.clone();
        let run = format!("“{title}”");
        let at = |item: &WorkItemId| was.open.iter().find(|open| open.item == *item);
        let (kind, says, about): (Kind, String, About) = match event {
            Event::RunStarted { .. } => {
                (Kind::RunStarted, format!("{run} began."), About::default())
            }
            Event::RunCompleted { .. } => {
                (Kind::RunCompleted, format!("{run} is completed."), About::default())
            }
            Event::RunCancelled { reason, .. } => {
                (Kind::RunCancelled, format!("{run} was ended early: {reason}"), About::default())
            }
            // What waits for a moment is nobody's turn, and what another run carries out only where none can.
            Event::StepOpened { step: id, .. }
                if frozen.plan.step(id).is_some_and(|step| step.calls.is_some()) =>
            {
                continue;
            }
            Event::CallNotMade { item, step: id, why, .. }
            | Event::CallEnded { item, step: id, reason: why, .. } => (
                Kind::StepOpened,
                format!(
                    "It is the turn of “{}” in {run}, which no other run does: {why}",
                    step(id).title
                ),
                About {
                    item: Some(*item),
                    step: Some(step(id)),
                    seat: at(item).map(|open| open.seat),
                    due: at(item).and_then(|open| open.due),
                },
            ),
            Event::StepOpened { item, step: id, seat, due, until: None, .. } => (
                Kind::StepOpened,
                format!("It is the turn of “{}” in {run}.", step(id).title),
                About { item: Some(*item), step: Some(step(id)), seat: Some(*seat), due: *due },
            ),
            Event::StepReassigned { item, to, reason, .. } => {
                let step = at(item).map(|open| step(&open.step));
                let name = step.as_ref().map_or("", |step| step.title.as_str());
                (
                    Kind::StepHandedOver,
                    format!("“{name}” in {run} was handed over: {reason}"),
                    About { item: Some(*item), step, seat: Some(*to), due: None },
                )
            }
            Event::StepCompleted { item, step: id, .. } => (
                Kind::StepCompleted,
                format!("“{}” in {run} was done.", step(id).title),
                About {
                    item: Some(*item),
                    step: Some(step(id)),
                    seat: at(item).map(|open| open.seat),
                    due: None,
                },
            ),
            Event::StepSkipped { item, step: id, reason, .. } => (
                Kind::StepSkipped,
                format!("{run} went on without “{}”: {reason}", step(id).title),
                About {
                    item: Some(*item),
                    step: Some(step(id)),
                    seat: at(item).map(|open| open.seat),
                    due: None,
                },
            ),
            Event::StepDelegated { item, name, note, .. } => {
                let step = at(item).map(|open| step(&open.step));
                let title = step.as_ref().map_or("", |step| step.title.as_str());
                let note = note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
                (
                    Kind::StepDelegated,
                    format!("“{title}” in {run} was given to {name}{note}"),
                    About {
                        item: Some(*item),
                        step,
                        seat: at(item).map(|open| open.seat),
                        due: at(item).and_then(|open| open.due),
                    },
                )
            }
            Event::ReminderDue { item, step: id, due, .. } => (
                Kind::StepReminder,
                format!("“{}” in {run} is due soon.", step(id).title),
                About {
                    item: Some(*item),
                    step: Some(step(id)),
                    seat: at(item).map(|open| open.seat),
                    due: Some(*due),
                },
            ),
            Event::ApprovalExpired { item, step: id, to: Some(to), due, .. } => (
                Kind::StepHandedOver,
                format!("Nobody answered “{}” in {run} in time: it was handed up.", step(id).title),
                About { item: Some(*item), step: Some(step(id)), seat: Some(*to), due: *due },
            ),
            Event::DeadlinePassed { item, step: id, due, .. } => (
                Kind::StepLate,
                format!("“{}” in {run} was not done by its deadline.", step(id).title),
                About {
                    item: Some(*item),
                    step: Some(step(id)),
                    seat: at(item).map(|open| open.seat),
                    due: Some(*due),
                },
            ),
            Event::SignalRaised { signal, .. } => {
                let text = usize::try_from(*signal)
                    .ok()
                    .and_then(|n| compiled.failure_signals.get(n))
                    .map_or("", |signal| signal.text.as_str());
                let says = format!("A failure signal came true in {run}: {text}");
                (Kind::SignalRaised, says, About::default())
            }
            Event::StepOpened { until: Some(_), .. }
            | Event::StepDivided { .. }
            | Event::StepJoined { .. }
            | Event::StepWithdrawn { .. }
            | Event::RunCalled { .. }
            | Event::CallReturned { .. }
            | Event::RoundBegun { .. }
            | Event::RoundHeld { .. }
            | Event::RoundAllowed { .. }
            | Event::OutcomeReached { .. }
            | Event::RunEnding { .. }
            | Event::RunMoved { .. }
            | Event::StepClaimed { .. }
            | Event::LeaseExtended { .. }
            | Event::StepReleased { .. }
            | Event::DelegationEnded { .. }
            | Event::StepDeferred { .. }
            | Event::PriorityChanged { .. }
            | Event::DeadlineSet { .. }
            | Event::ApprovalExpired { to: None, .. }
            | Event::ClaimLapsed { .. } => continue,
        };
        let path = match (kind, about.item) {
            (
                Kind::StepOpened
                | Kind::StepHandedOver
                | Kind::StepDelegated
                | Kind::StepReminder
                | Kind::StepLate,
                Some(item),
            ) => {
                format!("/work/{item}")
            }
            _ => format!("/runs/{}", row.id),
        };
        let news = News {
            process: Some(Named::new(&record.slug, &compiled.title)),
            run: Some(Named::new(row.id.to_string(), &title)),
            step: about.step,
            work_item: about.item.map(|item| item.to_string()),
            seat: seat(tx, about.seat).await?,
            by: Some(by.told()).filter(|_| *by != By::System),
            due: about.due,
            ..fresh(app, kind, says, row.id.to_string(), path)
        };
        let (process, seat) = (Some(row.process), about.seat);
        let person = match event {
            Event::StepDelegated { to, .. } => Some(*to),
            Event::ReminderDue { item, .. } | Event::DeadlinePassed { item, .. } => {
                at(item).and_then(|open| open.delegated.as_ref()).map(|given| given.to)
            }
            _ => None,
        };
        facts.push(Fact { news, process, seat, person, actor: account(by) });
    }
    tell(app, tx, &channels, facts).await
}

/// What an event is about, besides its run.
#[derive(Debug, Default)]
struct About {
    item: Option<WorkItemId>,
    step: Option<Named>,
    seat: Option<SeatId>,
    due: Option<jiff::Timestamp>,
}

async fn seat(tx: &mut dyn Tx, id: Option<SeatId>) -> Result<Option<Named>> {
    let Some(id) = id else { return Ok(None) };
    let seat = load::<Seat>(tx, &id.to_string()).await?;
    Ok(seat.map(|seat| Named::new(seat.value.slug, seat.value.name)))
}

/// What an act of the audit log tells; most tell nothing outside.
pub(crate) async fn of_act(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    action: &str,
    subject: &str,
    detail: &str,
) -> Result<()> {
    let kind = match action {
        "incident.opened" => Kind::IncidentOpened,
        "incident.handed_up" => Kind::IncidentHandedUp,
        "incident.closed" => Kind::IncidentClosed,
        "trigger.held" => Kind::TriggerHeld,
        "process.published" => Kind::ProcessPublished,
        "process.proposed" => Kind::ProcessProposed,
        "process.retired" => Kind::ProcessRetired,
        _ => return Ok(()),
    };
    let channels = listening(app, tx).await?;
    if channels.is_empty() {
        return Ok(());
    }
    let fact = match kind {
        Kind::IncidentOpened | Kind::IncidentHandedUp | Kind::IncidentClosed => {
            incident(app, tx, kind, subject).await?
        }
        Kind::TriggerHeld => held(app, tx, subject, detail).await?,
        _ => process(app, tx, kind, subject).await?,
    };
    let Some(mut fact) = fact else { return Ok(()) };
    fact.actor = match who.principal {
        Principal::Person { account } => Some(account),
        Principal::Token { .. } | Principal::Operator | Principal::System => None,
    };
    fact.news.by = Some(who.name.clone()).filter(|_| who.principal != Principal::System);
    tell(app, tx, &channels, vec![fact]).await
}

async fn named(tx: &mut dyn Tx, id: ProcessId) -> Result<Named> {
    let record = processes::of_id(tx, id).await?.value;
    Ok(Named::new(&record.slug, &record.summary().title))
}

async fn incident(app: &App, tx: &mut dyn Tx, kind: Kind, id: &str) -> Result<Option<Fact>> {
    let Some(found) = load::<Incident>(tx, id).await? else { return Ok(None) };
    let incident = found.value;
    let Some(run) = tx.run(incident.run).await? else { return Ok(None) };
    let title = state_of(&run)?.title;
    let what = match &incident.trouble {
        Trouble::Deadline { .. } => "a step was not done by its deadline".to_owned(),
        Trouble::Claims { times } => {
            format!("a step was taken {times} times, and nobody came back to it")
        }
        Trouble::Signal { text, .. } => format!("a failure signal came true: {text}"),
        Trouble::CallEnded { reason, .. } => {
            format!("the run that carried out a step was ended early: {reason}")
        }
        Trouble::CallReturned { reason, .. } => {
            format!("the output of the run that carries out a step was returned: {reason}")
        }
        Trouble::Rounds { times, .. } => {
            format!("it went back {times} times in a row and stands still")
        }
        Trouble::Reported { by, text } => format!("{by} reports: {text}"),
        Trouble::Asked { by, text } => format!("{by} asks: {text}"),
    };
    let says = match (kind, &incident.closed) {
        (Kind::IncidentClosed, Some(closed)) => {
            format!("The incident in “{title}” was closed by {}: {}", closed.by, closed.note)
        }
        (Kind::IncidentHandedUp, _) => {
            format!("Nobody answered in time to the incident in “{title}”: {what}")
        }
        _ => format!("“{title}” needs a person: {what}"),
    };
    let news = News {
        process: Some(named(tx, incident.process).await?),
        run: Some(Named::new(run.id.to_string(), title)),
        work_item: incident.item.map(|item| item.to_string()),
        seat: seat(tx, Some(incident.seat)).await?,
        due: incident.answer_by,
        ..fresh(app, kind, says, id.to_owned(), format!("/incidents/{id}"))
    };
    let process = Some(incident.process);
    Ok(Some(Fact { news, process, seat: Some(incident.seat), person: None, actor: None }))
}

async fn held(app: &App, tx: &mut dyn Tx, id: &str, detail: &str) -> Result<Option<Fact>> {
    let process = match load::<TriggerRecord>(tx, id).await? {
        Some(trigger) => Some(trigger.value.process),
        None => load::<Inlet>(tx, id).await?.map(|inlet| inlet.value.process),
    };
    let Some(process) = process else { return Ok(None) };
    let named = named(tx, process).await?;
    // As `triggers::turn` writes it: the moment, the state, why.
    let told: (jiff::Timestamp, String, Option<String>) = match serde_json::from_str(detail) {
        Ok(told) => told,
        Err(_other) => return Ok(None),
    };
    let why = told.2.unwrap_or_default();
    let says = format!("A trigger of “{}” was due and started no run: {why}", named.title);
    let news = News {
        process: Some(named),
        due: Some(told.0),
        ..fresh(app, Kind::TriggerHeld, says, id.to_owned(), format!("/triggers/{id}"))
    };
    Ok(Some(Fact { news, process: Some(process), seat: None, person: None, actor: None }))
}

async fn process(app: &App, tx: &mut dyn Tx, kind: Kind, id: &str) -> Result<Option<Fact>> {
    let Some(found) = load::<ProcessRecord>(tx, id).await? else { return Ok(None) };
    let record = found.value;
    let title = record.summary().title.clone();
    let says = match kind {
        Kind::ProcessPublished => format!("A revision of “{title}” is in force."),
        Kind::ProcessProposed => format!("A revision of “{title}” waits for an answer."),
        _ => format!("“{title}” was retired."),
    };
    let owner = record.published.as_ref().map(|in_force| in_force.owner);
    let news = News {
        process: Some(Named::new(&record.slug, title)),
        seat: seat(tx, owner).await?,
        ..fresh(app, kind, says, id.to_owned(), format!("/processes/{}", record.slug))
    };
    Ok(Some(Fact { news, process: Some(record.id), seat: owner, person: None, actor: None }))
}
