//! An approval that nobody gives by its deadline: it goes up the chart, counts as a no, or the owner is
//! asked.

use super::{Flow, Now};
use crate::{By, Event, Open, Plan, PlanStep, Rejection, Run};
use gemba_model::{
    Routes,
    approval::{self, Unanswered},
    flow::Branch,
    id::{SeatId, WorkItemId},
    period::{Period, Unit},
};
use jiff::Timestamp;

/// How long the seat above has.
const AGAIN: u32 = 1;

/// What becomes of an open approval whose deadline has just passed, where its document says so. To hand it
/// up takes the team chart, and so a command of its own.
pub(super) fn expired(flow: &mut Flow<'_>, plan: &Plan, open: &Open, at: Timestamp) {
    let Some(step) = plan.step(&open.step) else { return };
    let (item, id) = (open.item, open.step.clone());
    let event =
        |then| Event::ApprovalExpired { at, item, step: id.clone(), then, to: None, due: None };
    match (step.unanswered, refusal(step)) {
        (None | Some(Unanswered::Escalate), _) => {}
        // Where there is no way for a no, nobody can say it.
        (Some(Unanswered::AskOwner), _) | (Some(Unanswered::Reject), None) => {
            flow.push(event(Unanswered::AskOwner));
        }
        (Some(Unanswered::Reject), Some(branch)) => {
            flow.push(event(Unanswered::Reject));
            flow.push(Event::StepCompleted {
                at,
                item,
                step: id.clone(),
                by: By::System,
                branch: Some(branch.id.clone()),
                reason: Some("Nobody answered in time.".to_owned()),
                note: None,
                evidence: Vec::new(),
                shown: None,
                witnessed: false,
            });
            flow.go_on(step, open.within.as_ref(), branch.to, Some(&branch.id));
        }
    }
}

/// The way out of a step that is a no.
fn refusal(step: &PlanStep) -> Option<&Branch> {
    match &step.routes {
        Routes::Straight(_) => None,
        Routes::Branches(ways) => ways.iter().find(|way| approval::denies(&way.label)),
    }
}

impl Run {
    /// The approvals that nobody gave in time and that are to be handed up the chart now.
    pub fn to_hand_up(&self, plan: &Plan) -> Vec<&Open> {
        let is_meant = |open: &&Open| {
            let step = plan.step(&open.step);
            let policy = step.and_then(|step| step.unanswered);
            policy == Some(Unanswered::Escalate) && open.late && !open.expired
        };
        self.open.iter().filter(is_meant).collect()
    }
}

/// The seat above answers now, within a workday; where there is none, the owner is asked.
pub(super) fn escalate(
    plan: &Plan,
    run: &Run,
    item: WorkItemId,
    to: Option<SeatId>,
    now: Now<'_>,
) -> Result<Vec<Event>, Rejection> {
    let open = run.to_hand_up(plan).into_iter().find(|open| open.item == item);
    let open = open.ok_or(Rejection::NotHandedUp)?;
    let (then, due) = match to {
        Some(_) => {
            let period = Period::new(AGAIN, Unit::Workdays);
            (Unanswered::Escalate, period.and_then(|period| now.calendar.after(now.at, period)))
        }
        None => (Unanswered::AskOwner, None),
    };
    let step = open.step.clone();
    Ok(vec![Event::ApprovalExpired { at: now.at, item, step, then, to, due }])
}
