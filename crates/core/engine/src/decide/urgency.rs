//! How urgent a run is, and work that is put aside for a while.

use super::answers_for;
use crate::{Event, Open, Plan, Rejection, Run, command::Asker};
use gemba_model::Priority;
use jiff::Timestamp;

/// The owner's seat and managers say how urgent a run is.
pub(super) fn prioritise(
    plan: &Plan,
    run: &Run,
    asker: &Asker,
    priority: Priority,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    if !answers_for(plan, asker) {
        return Err(Rejection::MayNotPrioritise);
    }
    if run.priority == priority {
        return Ok(Vec::new());
    }
    let by = match plan.owner.filter(|_| !asker.any_seat) {
        Some(owner) => asker.by_for(owner),
        None => asker.by.clone(),
    };
    Ok(vec![Event::PriorityChanged { at: now, by, priority }])
}

/// Whoever may do a work item puts it aside; its deadline stays, and brings it back where it passes
/// earlier.
pub(super) fn defer(
    open: &Open,
    asker: &Asker,
    until: Option<Timestamp>,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let by = asker.by_for(open.seat);
    if let Some(claim) = open.claimed(now).filter(|claim| claim.bars(&by)) {
        return Err(Rejection::ClaimedByOther { name: claim.by.name().to_owned() });
    }
    if until.is_some_and(|until| until <= now) {
        return Err(Rejection::PastMoment);
    }
    if open.follow_up == until {
        return Ok(Vec::new());
    }
    Ok(vec![Event::StepDeferred { at: now, item: open.item, by, until }])
}
