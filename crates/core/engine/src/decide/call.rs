//! What becomes of the procedure that a step carries out as a run of its own.

use super::{Flow, Now, complete};
use crate::{
    Event, Open, Plan, Rejection, Run,
    command::{Asker, Call},
};
use gemba_model::id::{RunId, WorkItemId};

/// The step says what became of its call. When the run that it waited for came to its end, and brought
/// all that the step asks for, the step is done.
pub(super) fn call(
    plan: &Plan,
    run: &Run,
    asker: &Asker,
    told: Call,
    now: Now<'_>,
    fresh: &mut dyn FnMut() -> WorkItemId,
) -> Result<Vec<Event>, Rejection> {
    let at = now.at;
    match told {
        Call::Begun { item, run: child } => {
            let open = of_item(run, item)?;
            Ok(vec![Event::RunCalled { at, item, step: open.step.clone(), run: child }])
        }
        Call::NotMade { item, why } => {
            let open = of_item(run, item)?;
            Ok(vec![Event::CallNotMade { at, item, step: open.step.clone(), why }])
        }
        Call::Ended { run: child, reason } => {
            let open = waiting(run, child)?;
            let (item, step) = (open.item, open.step.clone());
            Ok(vec![Event::CallEnded { at, item, step, run: child, reason }])
        }
        Call::Returned { run: child, outcome, values, with } => {
            let open = waiting(run, child)?;
            let (item, step) = (open.item, open.step.clone());
            let signals = complete::told_by(plan, run, &values);
            let mut flow = Flow::new(plan, run, now, fresh);
            flow.push(Event::CallReturned { at, item, step, run: child, outcome, values });
            for signal in signals {
                flow.push(Event::SignalRaised { at, signal });
            }
            let after = flow.run().clone();
            let mut events = flow.events;
            if let Ok(open) = of_item(&after, item) {
                // What is missing is asked of the seat: a choice, or proof that the run did not bring.
                let done = complete::complete(plan, &after, open, asker, with, now, fresh);
                events.extend(done.unwrap_or_default());
            }
            Ok(events)
        }
    }
}

fn of_item(run: &Run, item: WorkItemId) -> Result<&Open, Rejection> {
    let free = |open: &&Open| open.item == item && open.child.is_none();
    run.open.iter().find(free).ok_or(Rejection::ItemNotOpen)
}

fn waiting(run: &Run, child: RunId) -> Result<&Open, Rejection> {
    run.open.iter().find(|open| open.child == Some(child)).ok_or(Rejection::ItemNotOpen)
}
