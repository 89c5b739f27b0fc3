//! How a run goes on: steps open, parts are handed out and come together again, the run ends.

use super::Now;
use crate::{By, Event, Plan, PlanStep, Run, Status, command::Asker};
use gemba_model::{Next, Routes, StepId, flow::Order, id::WorkItemId};

/// The events of one decision, with the state as it is after each of them.
pub(super) struct Flow<'a> {
    plan: &'a Plan,
    run: Run,
    now: Now<'a>,
    fresh: &'a mut dyn FnMut() -> WorkItemId,
    pub(super) events: Vec<Event>,
    /// Whether the output needs no more word of the owner: this very act is theirs.
    settled: bool,
}

impl<'a> Flow<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        run: &Run,
        now: Now<'a>,
        fresh: &'a mut dyn FnMut() -> WorkItemId,
    ) -> Self {
        Self { plan, run: run.clone(), now, fresh, events: Vec::new(), settled: false }
    }

    /// The flow of an act of somebody: what the owner's seat does itself, it accepts thereby.
    pub(super) fn of(mut self, asker: &Asker) -> Self {
        self.settled = self.plan.owner.is_some_and(|owner| asker.seats.contains(&owner));
        self
    }

    pub(super) fn at(&self) -> jiff::Timestamp {
        self.now.at
    }

    /// The state after the events so far.
    pub(super) fn run(&self) -> &Run {
        &self.run
    }

    pub(super) fn push(&mut self, event: Event) {
        self.run = std::mem::take(&mut self.run).apply(&event);
        self.events.push(event);
    }

    /// A step's turn comes: its work item opens, or its parts are handed out.
    pub(super) fn open(&mut self, step: &PlanStep, within: Option<&StepId>) {
        let visit = self.run.visits.get(&step.id).copied().unwrap_or(0).saturating_add(1);
        if step.parts.is_empty() {
            self.offer(step, visit, within);
            return;
        }
        self.push(Event::StepDivided {
            at: self.now.at,
            step: step.id.clone(),
            visit,
            parts: step.parts.iter().map(|part| part.id.clone()).collect(),
            within: within.cloned(),
        });
        let at_once = match step.order {
            Order::Together => step.parts.len(),
            Order::InTurn => 1,
        };
        for part in step.parts.iter().take(at_once) {
            self.open(part, Some(&step.id));
        }
    }

    fn offer(&mut self, step: &PlanStep, visit: u32, within: Option<&StepId>) {
        let due = step.due.as_ref().and_then(|due| due.at(&self.run, &self.now));
        let until = step.wait.as_ref().and_then(|wait| wait.at(&self.run, &self.now));
        let remind = due.and_then(|due| step.reminds_at(due, &self.now));
        let item = (self.fresh)();
        self.push(Event::StepOpened {
            at: self.now.at,
            item,
            step: step.id.clone(),
            visit,
            seat: step.seat,
            within: within.cloned(),
            due,
            until,
            remind,
        });
    }

    /// What deadlines of open steps are counted from is known now, or is another than it was before.
    pub(super) fn set_deadlines(&mut self, before: &Run) {
        let plan = self.plan;
        let mut set = Vec::new();
        for open in &self.run.open {
            let Some(step) = plan.step(&open.step) else { continue };
            let Some(rule) = &step.due else { continue };
            if !rule.may_have_changed(before, &self.run, open.due.is_some()) {
                continue;
            }
            let Some(due) = rule.at(&self.run, &self.now).filter(|due| open.due != Some(*due))
            else {
                continue;
            };
            let remind = step.reminds_at(due, &self.now);
            let (item, step) = (open.item, open.step.clone());
            set.push(Event::DeadlineSet { at: self.now.at, item, step, due, remind });
        }
        for event in set {
            self.push(event);
        }
    }

    /// The output was accepted, or returned to a step: the run goes on there, however often.
    pub(super) fn accepted(&mut self, next: Next) {
        let plan = self.plan;
        match next {
            Next::Step(index) => match plan.steps.get(index) {
                Some(step) => self.open(step, None),
                None => self.push(Event::RunCompleted { at: self.now.at }),
            },
            Next::End => self.push(Event::RunCompleted { at: self.now.at }),
        }
    }

    /// One of several has said yes or no. One no settles it, and so do enough yeses: the others are not
    /// asked any more.
    fn voted(&mut self, step: &PlanStep, need: usize, next: Next, branch: Option<&str>) {
        let Some(group) = self.run.group(&step.id).cloned() else { return };
        let yeses = step.parts.len().saturating_sub(group.left.len());
        if !step.denies(branch) && yeses < need {
            let first = |part: &&PlanStep| group.left.first() == Some(&part.id);
            if let (Order::InTurn, Some(part)) = (step.order, step.parts.iter().find(first)) {
                self.open(part, Some(&step.id));
            }
            return;
        }
        let is_other = |open: &&crate::Open| open.within.as_ref() == Some(&step.id);
        let others: Vec<_> = self.run.open.iter().filter(is_other).cloned().collect();
        for other in others {
            let (item, step) = (other.item, other.step);
            self.push(Event::StepWithdrawn { at: self.now.at, item, step });
        }
        self.push(Event::StepJoined { at: self.now.at, step: step.id.clone() });
        self.go_on(step, group.within.as_ref(), next, branch);
    }

    /// A step, or a part, is finished: what comes next opens, or the run ends. `next` is where a step
    /// that is no part leads; `branch` is what was said.
    pub(super) fn go_on(
        &mut self,
        from: &PlanStep,
        within: Option<&StepId>,
        next: Next,
        branch: Option<&str>,
    ) {
        if let Some(holder) = within {
            let plan = self.plan;
            match plan.step(holder).and_then(|step| Some((step, step.quorum?))) {
                Some((step, need)) => self.voted(step, need, next, branch),
                None => self.part_finished(holder),
            }
            return;
        }
        let plan = self.plan;
        if self.run.status == Status::Ending {
            self.clean_up(next);
            return;
        }
        match next {
            Next::Step(index) => match plan.steps.get(index) {
                Some(step) if plan.position(&from.id).is_some_and(|own| index <= own) => {
                    self.go_back(from, step);
                }
                Some(step) => self.open(step, None),
                None => self.end(from, branch),
            },
            Next::End => self.end(from, branch),
        }
    }

    /// The run comes to an end: its name is kept, and the owner has the last word where something must
    /// have been produced.
    fn end(&mut self, from: &PlanStep, branch: Option<&str>) {
        let plan = self.plan;
        let outcome = from.outcome_of(branch);
        if self.run.outcome.as_deref() != outcome {
            let outcome = outcome.map(str::to_owned);
            self.push(Event::OutcomeReached { at: self.now.at, outcome });
        }
        match &plan.acceptance {
            Some(act) if !self.settled && plan.owes(outcome) => self.open(act, None),
            Some(_) | None => self.push(Event::RunCompleted { at: self.now.at }),
        }
    }

    /// One step of the clean-up is finished: the next opens, or the run is ended at last.
    fn clean_up(&mut self, next: Next) {
        let plan = self.plan;
        let step = match next {
            Next::Step(index) => plan.cleanup.get(index),
            Next::End => None,
        };
        if let Some(step) = step {
            self.open(step, None);
            return;
        }
        let (by, reason) = match &self.run.ending {
            Some(ending) => (ending.by.clone(), ending.reason.clone()),
            None => (By::System, String::new()),
        };
        self.push(Event::RunCancelled { at: self.now.at, by, reason });
    }

    /// One part fewer is left of this step: the next in turn opens, or with the last the step goes on.
    fn part_finished(&mut self, holder: &StepId) {
        let plan = self.plan;
        let (Some(step), Some(group)) = (plan.step(holder), self.run.group(holder).cloned()) else {
            return;
        };
        if let Some(left) = group.left.first() {
            let next = step.parts.iter().find(|part| part.id == *left);
            if let (Order::InTurn, Some(part)) = (step.order, next) {
                self.open(part, Some(holder));
            }
            return;
        }
        if step.closes() {
            self.offer(step, group.visit, group.within.as_ref());
            return;
        }
        self.push(Event::StepJoined { at: self.now.at, step: holder.clone() });
        let next = match &step.routes {
            Routes::Straight(next) => *next,
            // A step with several ways out closes with a work item of its own.
            Routes::Branches(_) => Next::End,
        };
        self.go_on(step, group.within.as_ref(), next, None);
    }
}
