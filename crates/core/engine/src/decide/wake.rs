//! What time brings: waits end, deadlines pass, claims run out, failure signals tell.

use super::{Flow, Now, expire};
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
        // Another of several who approve may have settled it just now.
        if !flow.run().open.iter().any(|open| open.item == item) {
            continue;
        }
        let lapsed = open.claim.as_ref().filter(|claim| !claim.holds(at));
        if let Some(claim) = lapsed {
            flow.push(Event::ClaimLapsed { at, item, by: claim.by.clone() });
        }
        if open.delegated.as_ref().is_some_and(|given| !given.holds(at)) {
            flow.push(Event::DelegationEnded { at, item, by: By::System });
        }
        let passed = open.due.filter(|due| !open.late && *due <= at);
        let remind = open.remind.filter(|remind| *remind <= at && passed.is_none());
        if let Some(due) = remind.and(open.due) {
            flow.push(Event::ReminderDue { at, item, step: open.step.clone(), due });
        }
        if let Some(due) = passed {
            flow.push(Event::DeadlinePassed { at, item, step: open.step.clone(), due });
            expire::expired(&mut flow, plan, open, at);
            if !matches!(flow.run().status, crate::Status::Running | crate::Status::Ending) {
                break;
            }
        }
        if open.until.is_none_or(|until| until > at)
            || !flow.run().open.iter().any(|open| open.item == item)
        {
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
        flow.go_on(step, open.within.as_ref(), next, None);
        if !matches!(flow.run().status, crate::Status::Running | crate::Status::Ending) {
            break;
        }
    }
    flow.events
}
