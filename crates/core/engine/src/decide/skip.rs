//! A run goes on without a step: with a right and a reason, and the history says so.

use super::{Flow, MAX_TEXT, Now, answers_for, complete::route, on_behalf, short};
use crate::{Event, Open, Plan, Rejection, Run, command::Asker};
use gemba_model::id::WorkItemId;

/// What comes with "skip".
pub(super) struct Wish<'a> {
    pub(super) branch: Option<&'a str>,
    pub(super) reason: &'a str,
}

pub(super) fn skip(
    plan: &Plan,
    run: &Run,
    open: &Open,
    asker: &Asker,
    wish: &Wish<'_>,
    now: Now<'_>,
    fresh: &mut dyn FnMut() -> WorkItemId,
) -> Result<Vec<Event>, Rejection> {
    if !answers_for(plan, asker) {
        return Err(Rejection::MayNotSkip);
    }
    if wish.reason.trim().is_empty() {
        return Err(Rejection::SkipReasonNeeded);
    }
    short("reason", wish.reason, MAX_TEXT)?;
    let Some(step) = plan.step(&open.step) else {
        return Err(Rejection::NoSuchStep { step: open.step.clone() });
    };
    let said = wish.branch.map(str::trim).filter(|said| !said.is_empty());
    let (branch, next) = route(step, said, true)?;
    let mut flow = Flow::new(plan, run, now, fresh).of(asker);
    flow.push(Event::StepSkipped {
        at: now.at,
        item: open.item,
        step: open.step.clone(),
        by: on_behalf(plan, open, asker),
        branch: branch.clone(),
        reason: wish.reason.trim().to_owned(),
    });
    if plan.accepts(&step.id) {
        flow.accepted(next);
    } else {
        flow.go_on(step, open.within.as_ref(), next, branch.as_deref());
    }
    Ok(flow.events)
}
