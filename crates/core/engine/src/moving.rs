//! A run that goes on moves to another revision: what stands in the way, and what happens.
//!
//! Steps are known by their stable ids. Where each open step, with the step whose part it is, is one of
//! the other revision too, the run goes on there from the same steps. What was done stays done; what is
//! new before them is not done in this run.

use crate::{Now, Plan, PlanStep, Run, Status, event::Watch};
use gemba_model::{
    StepId,
    id::{SeatId, WorkItemId},
};
use std::collections::{BTreeMap, BTreeSet};

/// What stands in the way of a move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// An open step is none of the other revision.
    Gone {
        /// The step.
        step: StepId,
    },
    /// A step whose parts are being done has other parts there.
    OtherParts {
        /// The step.
        step: StepId,
    },
}

/// Where a run moves to.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The plan of the other revision.
    pub plan: &'a Plan,
    /// What the failure signals of the present revision are there, counted from 0.
    pub signals: &'a BTreeMap<u32, u32>,
}

/// What a move changes in a run besides its revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The work items that another seat does there.
    pub seats: Vec<(WorkItemId, SeatId)>,
    /// The failure signals that came true, as they are counted there.
    pub raised: BTreeSet<u32>,
    /// When failure signals tell there.
    pub watch: Vec<Watch>,
    /// The steps that are new there and come before the first open one.
    pub passed: Vec<StepId>,
}

/// How a run that follows `from` would go on by the target; all obstacles at once otherwise.
pub fn moved(
    from: &Plan,
    target: Target<'_>,
    run: &Run,
    now: Now<'_>,
) -> Result<Move, Vec<Obstacle>> {
    let plan = target.plan;
    let ending = run.status == Status::Ending;
    let mut obstacles = Vec::new();
    let mut seats = Vec::new();
    for open in &run.open {
        let same_place = plan.holds(&open.step, open.within.as_ref(), ending);
        let (Some(then), Some(step), true) =
            (from.step(&open.step), plan.step(&open.step), same_place)
        else {
            obstacles.push(Obstacle::Gone { step: open.step.clone() });
            continue;
        };
        // What was handed on to another seat stays there.
        if open.for_seat.is_none() && then.seat != step.seat {
            seats.push((open.item, step.seat));
        }
    }
    // Where it stands still, it goes on from there when somebody lets it.
    for step in run.held.iter().flat_map(|held| [&held.step, &held.to]) {
        if plan.position(step).is_none() {
            obstacles.push(Obstacle::Gone { step: step.clone() });
        }
    }
    for group in &run.groups {
        let parts = |plan: &Plan| {
            let step = plan.step(&group.step)?;
            let ids: Vec<StepId> = step.parts.iter().map(|part| part.id.clone()).collect();
            Some((ids, step.order, step.quorum))
        };
        if parts(from).is_none() || parts(from) != parts(plan) {
            obstacles.push(Obstacle::OtherParts { step: group.step.clone() });
        }
    }
    if !obstacles.is_empty() {
        return Err(obstacles);
    }
    let raised = run.raised.iter().filter_map(|signal| target.signals.get(signal).copied());
    let raised: BTreeSet<u32> = raised.collect();
    let start = run.started.unwrap_or(now.at);
    let watch = plan.clocks.iter().filter(|(signal, _)| !raised.contains(signal));
    // What is ended is not watched any more.
    let watch = watch.filter(|_| !ending).filter_map(|(signal, period)| {
        Some(Watch { signal: *signal, at: now.calendar.after(start, *period)? })
    });
    let watch = watch.collect();
    Ok(Move { seats, raised, watch, passed: passed(from, plan, run) })
}

fn passed(from: &Plan, to: &Plan, run: &Run) -> Vec<StepId> {
    if run.status == Status::Ending {
        return Vec::new();
    }
    let places = || run.open.iter().map(|open| &open.step).chain(run.held.iter().map(|h| &h.to));
    let stands = |step: &&PlanStep| places().any(|place| step.find(place).is_some());
    let before = to.steps.iter().take_while(|step| !stands(step));
    let new = before.filter(|step| from.step(&step.id).is_none());
    new.map(|step| step.id.clone()).collect()
}

impl Plan {
    /// Whether a step is there, as a part of this other step or of none; of a run that is ended, whether
    /// it is one of the clean-up.
    fn holds(&self, id: &StepId, within: Option<&StepId>, ending: bool) -> bool {
        match within.map(|holder| self.step(holder)) {
            None if ending => self.cleanup.iter().any(|step| step.id == *id),
            None => self.steps.iter().chain(&self.acceptance).any(|step| step.id == *id),
            Some(Some(holder)) => holder.parts.iter().any(|part| part.id == *id),
            Some(None) => false,
        }
    }
}
