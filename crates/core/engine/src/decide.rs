//! From a command to its events, or to the reason why not.

use crate::{By, Command, Event, Open, Plan, Rejection, Run, Start, Status, Which, command::Asker};
use gemba_model::{Next, flow, id::WorkItemId};
use jiff::Timestamp;

mod complete;
mod hold;
mod skip;

/// The longest title, reason or note, in characters.
pub const MAX_TEXT: usize = 10_000;
const MAX_TITLE: usize = 200;

/// The events that begin a run.
pub fn start(
    plan: &Plan,
    start: Start,
    now: Timestamp,
    fresh: &mut dyn FnMut() -> WorkItemId,
) -> Result<Vec<Event>, Rejection> {
    let Some(first) = plan.steps.first() else { return Err(Rejection::NothingToDo) };
    short("title", &start.title, MAX_TITLE)?;
    let opened = Event::StepOpened {
        at: now,
        item: fresh(),
        step: first.id.clone(),
        visit: 1,
        seat: first.seat,
    };
    let Start { by, origin, title } = start;
    Ok(vec![Event::RunStarted { at: now, by, origin, title }, opened])
}

/// The events that a command causes in this state.
pub fn decide(
    plan: &Plan,
    run: &Run,
    asker: &Asker,
    command: Command,
    now: Timestamp,
    fresh: &mut dyn FnMut() -> WorkItemId,
) -> Result<Vec<Event>, Rejection> {
    if run.status != Status::Running {
        return Err(Rejection::RunEnded);
    }
    match command {
        Command::Claim { which, lease } => {
            let open = find(plan, run, &which)?;
            may_do(open, asker)?;
            hold::claim(open, &asker.by, lease, now)
        }
        Command::Release { which } => {
            let open = find(plan, run, &which)?;
            may_do(open, asker)?;
            hold::release(open, asker, now)
        }
        Command::Reassign { which, to, reason } => {
            let open = find(plan, run, &which)?;
            hold::reassign(plan, open, asker, to, reason, now)
        }
        Command::Complete { which, with } => {
            let open = find(plan, run, &which)?;
            may_do(open, asker)?;
            may_finish(open, &asker.by, with.token, now)?;
            complete::complete(plan, run, open, &asker.by, with, now, fresh)
        }
        Command::Skip { which, branch, reason } => {
            let open = find(plan, run, &which)?;
            let wish = skip::Wish { branch: branch.as_deref(), reason: &reason };
            skip::skip(plan, run, open, asker, &wish, now, fresh)
        }
        Command::Cancel { reason } => {
            if reason.trim().is_empty() {
                return Err(Rejection::CancelReasonNeeded);
            }
            short("reason", &reason, MAX_TEXT)?;
            Ok(vec![Event::RunCancelled { at: now, by: asker.by.clone(), reason }])
        }
    }
}

fn find<'a>(plan: &Plan, run: &'a Run, which: &Which) -> Result<&'a Open, Rejection> {
    match which {
        Which::Item(item) => {
            run.open.iter().find(|o| o.item == *item).ok_or(Rejection::ItemNotOpen)
        }
        Which::Step(step) if plan.step(step).is_none() => {
            Err(Rejection::NoSuchStep { step: step.clone() })
        }
        Which::Step(step) => {
            run.open.iter().find(|o| o.step == *step).ok_or_else(|| Rejection::NotItsTurn {
                step: step.clone(),
                open: run.open.iter().map(|o| o.step.clone()).collect(),
            })
        }
    }
}

fn may_do(open: &Open, asker: &Asker) -> Result<(), Rejection> {
    if asker.any_seat || asker.seats.contains(&open.seat) {
        Ok(())
    } else {
        Err(Rejection::WrongSeat)
    }
}

/// Whether the asker answers for the run as a whole: the seat that owns the process, or a manager.
fn answers_for(plan: &Plan, asker: &Asker) -> bool {
    asker.any_seat || plan.owner.is_some_and(|owner| asker.seats.contains(&owner))
}

/// What another has taken can only be finished by that one; a manager gives it back first. A claim whose
/// time has passed finishes nothing, and a fencing token only what was taken with it.
fn may_finish(open: &Open, by: &By, token: Option<u32>, now: Timestamp) -> Result<(), Rejection> {
    if token.is_some_and(|token| token != open.token) {
        return Err(Rejection::LeaseLost);
    }
    match &open.claim {
        Some(claim) if claim.holds(now) && !claim.by.is_same(by) => {
            Err(Rejection::ClaimedByOther { name: claim.by.name().to_owned() })
        }
        Some(claim) if !claim.holds(now) && claim.by.is_same(by) => Err(Rejection::LeaseLost),
        Some(_) | None => Ok(()),
    }
}

fn short(what: &'static str, text: &str, limit: usize) -> Result<(), Rejection> {
    if text.chars().count() > limit { Err(Rejection::TooLong { what, limit }) } else { Ok(()) }
}

/// What happens when the flow goes on: the next step opens, or the run ends.
fn go_on(
    plan: &Plan,
    run: &Run,
    next: Next,
    now: Timestamp,
    fresh: &mut dyn FnMut() -> WorkItemId,
) -> Event {
    let step = match next {
        Next::Step(index) => plan.steps.get(index),
        Next::End => None,
    };
    match step {
        None => Event::RunCompleted { at: now },
        Some(step) => Event::StepOpened {
            at: now,
            item: fresh(),
            step: step.id.clone(),
            visit: run.visits.get(&step.id).copied().unwrap_or(0).saturating_add(1),
            seat: step.seat,
        },
    }
}

/// The step ids of the branches of a plan's step, for a refusal that helps.
fn named(branches: &[flow::Branch]) -> Vec<(String, String)> {
    branches.iter().map(|b| (b.id.clone(), b.label.clone())).collect()
}
