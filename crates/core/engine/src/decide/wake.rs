//! What time brings: waits end, deadlines pass, claims run out, failure signals tell.

use super::{Flow, Now};
use crate::{By, Event, Plan, Run};
use gemba_model::{Routes, id::WorkItemId};

/// All that is due at this moment, in a fixed order; nothing where nothing is.
pub(super) fn wake(
    plan: &Plan,
    run: &Run,
    now: Now<'_>,
    fresh: &mut dyn FnMut() -> WorkItemId,
) -> Vec<Event> {
    let at = now.at;
    let mut flow = Flow::new(plan, run, now, fresh);
    for watch in run.watch.iter().filter(|watch| watch.at <= at) {
        flow.push(Event::SignalRaised { at, signal: watch.signal });
    }
    for open in &run.open {
        let item = open.item;
        let lapsed = open.claim.as_ref().filter(|claim| !claim.holds(at));
        if let Some(claim) = lapsed {
            flow.push(Event::ClaimLapsed { at, item, by: claim.by.clone() });
        }
        if let Some(due) = open.due.filter(|due| !open.late && *due <= at) {
            flow.push(Event::DeadlinePassed { at, item, step: open.step.clone(), due });
        }
        if open.until.is_none_or(|until| until > at) {
            continue;
        }
        let Some(step) = plan.step(&open.step) else { continue };
        // A plan has no wait with several ways out: time does not choose.
        let Routes::Straight(next) = step.routes else { continue };
        flow.push(Event::StepCompleted {
            at,
            item,
            step: open.step.clone(),
            by: By::System,
            branch: None,
            reason: None,
            note: None,
            evidence: Vec::new(),
            shown: None,
            witnessed: false,
        });
        flow.go_on(open.within.as_ref(), next, None);
        if flow.run().status != crate::Status::Running {
            break;
        }
    }
    flow.events
}
