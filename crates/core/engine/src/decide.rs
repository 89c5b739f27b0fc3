//! From a command to its events, or to the reason why not.

use crate::{
    By, Command, Event, Open, Plan, Rejection, Run, Start, Status, Which, command::Asker,
    event::Watch,
};
use flow::Flow;
use gemba_model::{flow::Branch, id::WorkItemId};
use gemba_schedule::WorkCalendar;
use jiff::Timestamp;

mod call;
mod cancel;
mod complete;
mod delegate;
mod expire;
mod flow;
mod hold;
mod rounds;
mod skip;
mod urgency;
mod wake;

/// The longest title, reason or note, in characters.
pub const MAX_TEXT: usize = 10_000;
/// The most inputs of a run.
const MAX_INPUTS: usize = 50;
const MAX_TITLE: usize = 200;

/// When something is decided: the instant, and the calendar on which deadlines are counted.
#[derive(Debug, Clone, Copy)]
pub struct Now<'a> {
    /// The instant.
    pub at: Timestamp,
    /// The working days and hours.
    pub calendar: &'a WorkCalendar,
}

/// The events that begin a run.
pub fn start(
    plan: &Plan,
    start: Start,
    now: Now<'_>,
    fresh: &mut dyn FnMut() -> WorkItemId,
) -> Result<Vec<Event>, Rejection> {
    let Some(first) = plan.steps.first() else { return Err(Rejection::NothingToDo) };
    short("title", &start.title, MAX_TITLE)?;
    if start.inputs.len() > MAX_INPUTS {
        let problem = format!("a run is given at most {MAX_INPUTS} inputs");
        return Err(Rejection::EvidenceUnusable { problem });
    }
    for input in &start.inputs {
        short("input", &input.value, MAX_TEXT)?;
        short("name of an input", input.name.as_deref().unwrap_or_default(), MAX_TITLE)?;
    }
    let Start { by, origin, title, inputs, priority } = start;
    let at = now.at;
    let watch = plan.clocks.iter().filter_map(|(signal, period)| {
        Some(Watch { signal: *signal, at: now.calendar.after(at, *period)? })
    });
    let watch = watch.collect();
    let mut flow = Flow::new(plan, &Run::default(), now, fresh);
    flow.push(Event::RunStarted { at, by, origin, title, inputs, watch, priority });
    flow.open(first, None);
    Ok(flow.events)
}

/// The events that a command causes in this state.
pub fn decide(
    plan: &Plan,
    run: &Run,
    asker: &Asker,
    command: Command,
    now: Now<'_>,
    fresh: &mut dyn FnMut() -> WorkItemId,
) -> Result<Vec<Event>, Rejection> {
    match run.status {
        Status::Running | Status::Ending => {}
        Status::New | Status::Completed | Status::Cancelled => return Err(Rejection::RunEnded),
    }
    match command {
        Command::Claim { which, lease } => {
            let open = find(plan, run, &which)?;
            may_do(open, asker, now.at)?;
            waits_for_nothing(open)?;
            hold::claim(open, &asker.by_for(open.seat), lease, now.at)
        }
        Command::Release { which } => {
            let open = find(plan, run, &which)?;
            may_do(open, asker, now.at)?;
            hold::release(open, asker, now.at)
        }
        Command::Reassign { which, to, reason } => {
            let open = find(plan, run, &which)?;
            hold::reassign(plan, open, asker, to, reason, now.at)
        }
        Command::Complete { which, with } => {
            let open = find(plan, run, &which)?;
            may_do(open, asker, now.at)?;
            waits_for_nothing(open)?;
            may_finish(open, &asker.by_for(open.seat), with.token, now.at)?;
            complete::complete(plan, run, open, asker, with, now, fresh)
        }
        Command::Skip { which, branch, reason } => {
            let open = find(plan, run, &which)?;
            let wish = skip::Wish { branch: branch.as_deref(), reason: &reason };
            skip::skip(plan, run, open, asker, &wish, now, fresh)
        }
        Command::Delegate { which, to, name, until, note } => {
            let open = find(plan, run, &which)?;
            let wish = delegate::Wish { to, name, until, note };
            delegate::delegate(plan, open, asker, wish, now.at)
        }
        Command::TakeBack { which } => {
            delegate::take_back(plan, find(plan, run, &which)?, asker, now.at)
        }
        Command::Defer { which, until } => {
            let open = find(plan, run, &which)?;
            may_do(open, asker, now.at)?;
            urgency::defer(open, asker, until, now.at)
        }
        Command::Prioritise { priority } => urgency::prioritise(plan, run, asker, priority, now.at),
        Command::Escalate { item, to } => expire::escalate(plan, run, item, to, now),
        Command::Wake => Ok(wake::wake(plan, run, now, fresh)),
        Command::Call(told) => call::call(plan, run, asker, told, now, fresh),
        Command::AllowRound { reason } => rounds::allow(plan, run, asker, &reason, now, fresh),
        Command::Cancel { reason } => {
            if reason.trim().is_empty() {
                return Err(Rejection::CancelReasonNeeded);
            }
            short("reason", &reason, MAX_TEXT)?;
            Ok(cancel::cancel(plan, run, asker, reason, now, fresh))
        }
    }
}

fn find<'a>(plan: &Plan, run: &'a Run, which: &Which) -> Result<&'a Open, Rejection> {
    run.open.iter().find(|open| which.is(open)).ok_or_else(|| match which {
        Which::Item(_) => Rejection::ItemNotOpen,
        Which::Step(step) if plan.step(step).is_none() => {
            Rejection::NoSuchStep { step: step.clone() }
        }
        Which::Step(_) if run.held.is_some() => Rejection::RoundsUsed,
        Which::Step(step) => Rejection::NotItsTurn {
            step: step.clone(),
            open: run.open.iter().map(|o| o.step.clone()).collect(),
        },
    })
}

fn may_do(open: &Open, asker: &Asker, now: Timestamp) -> Result<(), Rejection> {
    if asker.any_seat || asker.holds(open.seat) || open.is_delegated_to(&asker.by, now) {
        Ok(())
    } else {
        Err(Rejection::WrongSeat)
    }
}

/// A step whose procedure goes on as a run of its own is done by that run.
fn waits_for_nothing(open: &Open) -> Result<(), Rejection> {
    if open.child.is_some() { Err(Rejection::WaitsForRun) } else { Ok(()) }
}

/// Whether the asker answers for the run as a whole: the seat that owns the process, or a manager.
fn answers_for(plan: &Plan, asker: &Asker) -> bool {
    asker.any_seat || plan.owner.is_some_and(|owner| asker.holds(owner))
}

/// Who does something about this work item that its seat and those who answer for the run may do.
fn on_behalf(plan: &Plan, open: &Open, asker: &Asker) -> By {
    match plan.owner.filter(|_| !asker.any_seat && !asker.holds(open.seat)) {
        Some(owner) => asker.by_for(owner),
        None => asker.by_for(open.seat),
    }
}

/// What another has taken can only be finished by that one; a manager gives it back first. A claim whose
/// time has passed finishes nothing, and a fencing token only what was taken with it.
fn may_finish(open: &Open, by: &By, token: Option<u32>, now: Timestamp) -> Result<(), Rejection> {
    if token.is_some_and(|token| token != open.token) {
        return Err(Rejection::LeaseLost);
    }
    match &open.claim {
        Some(claim) if claim.holds(now) && claim.bars(by) => {
            Err(Rejection::ClaimedByOther { name: claim.by.name().to_owned() })
        }
        Some(claim) if !claim.holds(now) && claim.by.is_same(by) => Err(Rejection::LeaseLost),
        None if open.lapsed.as_ref().is_some_and(|had| had.is_same(by)) => {
            Err(Rejection::LeaseLost)
        }
        Some(_) | None => Ok(()),
    }
}

fn short(what: &'static str, text: &str, limit: usize) -> Result<(), Rejection> {
    if text.chars().count() > limit { Err(Rejection::TooLong { what, limit }) } else { Ok(()) }
}

/// The step ids of the branches of a plan's step, for a refusal that helps.
fn named(branches: &[Branch]) -> Vec<(String, String)> {
    branches.iter().map(|b| (b.id.clone(), b.label.clone())).collect()
}
