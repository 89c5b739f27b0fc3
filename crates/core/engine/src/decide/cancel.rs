//! A run is ended before its end: what was open is dropped, and its clean-up begins where it has one.

use super::{Flow, Now};
use crate::{By, Event, Plan, Run, Status, command::Asker};
use gemba_model::id::WorkItemId;

pub(super) fn cancel(
    plan: &Plan,
    run: &Run,
    asker: &Asker,
    reason: String,
    now: Now<'_>,
    fresh: &mut dyn FnMut() -> WorkItemId,
) -> Vec<Event> {
    let (at, by) = (now.at, asker.by.clone());
    match plan.cleanup.first() {
        Some(first) if run.status != Status::Ending => {
            let mut flow = Flow::new(plan, run, now, fresh);
            flow.push(Event::RunEnding { at, by, reason });
            flow.open(first, None);
            flow.events
        }
        // Sent twice, it is one wish.
        Some(_) if run.ending.as_ref().is_some_and(|own| own.by == by && own.reason == reason) => {
            Vec::new()
        }
        // Only somebody cuts a clean-up short, no trigger and no run that called this one.
        Some(_) if asker.by == By::System => Vec::new(),
        Some(_) | None => vec![Event::RunCancelled { at, by, reason }],
    }
}
