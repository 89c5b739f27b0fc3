//! How often a step may send the run back: counted, and held when that is often enough.

use super::{Flow, MAX_TEXT, Now, answers_for, short};
use crate::{Event, Plan, PlanStep, Rejection, Run, command::Asker, plan::MOST_ROUNDS};
use gemba_model::id::WorkItemId;

/// Whoever answers for the run lets it go round once more, with a reason.
pub(super) fn allow(
    plan: &Plan,
    run: &Run,
    asker: &Asker,
    reason: &str,
    now: Now<'_>,
    fresh: &mut dyn FnMut() -> WorkItemId,
) -> Result<Vec<Event>, Rejection> {
    if !answers_for(plan, asker) {
        return Err(Rejection::MayNotAllow);
    }
    let Some(held) = &run.held else { return Err(Rejection::NothingHeld) };
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Rejection::AllowReasonNeeded);
    }
    short("reason", reason, MAX_TEXT)?;
    let missing = || Rejection::NoSuchStep { step: held.to.clone() };
    let to = plan.step(&held.to).ok_or_else(missing)?;
    let mut flow = Flow::new(plan, run, now, fresh);
    let by = match plan.owner.filter(|_| !asker.any_seat) {
        Some(owner) => asker.by_for(owner),
        None => asker.by.clone(),
    };
    let reason = reason.to_owned();
    flow.push(Event::RoundAllowed { at: now.at, by, reason });
    flow.open(to, None);
    Ok(flow.events)
}

impl Flow<'_> {
    /// The run goes back to a step, or stands still where it went back often enough.
    pub(super) fn go_back(&mut self, from: &PlanStep, to: &PlanStep) {
        let times = self.run().rounds_of(&from.id);
        let (at, step, target) = (self.at(), from.id.clone(), to.id.clone());
        if times >= from.at_most.unwrap_or(MOST_ROUNDS) {
            self.push(Event::RoundHeld { at, step, to: target, times });
        } else {
            let times = times.saturating_add(1);
            self.push(Event::RoundBegun { at, step, to: target, times });
            self.open(to, None);
        }
    }
}
