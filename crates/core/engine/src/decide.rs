//! From a command to its events, or to the reason why not.

use crate::{By, Command, Event, Open, Plan, Rejection, Run, Start, Status, Which, command::Asker};
use gemba_model::{Next, flow, id::WorkItemId};
use jiff::Timestamp;

mod complete;

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
        Command::Claim { which } => {
            let open = find(plan, run, &which)?;
            may_do(open, asker)?;
            match &open.claim {
                Some(claim) if claim.by.is_same(&asker.by) => Ok(Vec::new()),
                Some(claim) => Err(Rejection::ClaimedByOther { name: claim.by.name().to_owned() }),
                None => {
                    Ok(vec![Event::StepClaimed { at: now, item: open.item, by: asker.by.clone() }])
                }
            }
        }
        Command::Release { which } => {
            let open = find(plan, run, &which)?;
            may_do(open, asker)?;
            match &open.claim {
                None => Err(Rejection::NotClaimed),
                Some(claim) if asker.any_seat || claim.by.is_same(&asker.by) => {
                    Ok(vec![Event::StepReleased { at: now, item: open.item, by: asker.by.clone() }])
                }
                Some(claim) => Err(Rejection::ClaimedByOther { name: claim.by.name().to_owned() }),
            }
        }
        Command::Complete { which, with } => {
            let open = find(plan, run, &which)?;
            may_do(open, asker)?;
            may_finish(open, &asker.by)?;
            complete::complete(plan, run, open, &asker.by, with, now, fresh)
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

/// What another has taken can only be finished by that one; a manager gives it back first.
fn may_finish(open: &Open, by: &By) -> Result<(), Rejection> {
    match &open.claim {
        Some(claim) if !claim.by.is_same(by) => {
            Err(Rejection::ClaimedByOther { name: claim.by.name().to_owned() })
        }
        _ => Ok(()),
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
