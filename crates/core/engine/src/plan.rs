//! What a revision says to the engine: its steps with their seats, evidence and ways out.

use crate::{Now, Run};
use gemba_model::{
    Evidence, FailureSignal, Next, Process, Recurrence, Routes, Step, StepId, StepKind, acceptance,
    approval::{self, Unanswered},
    due,
    due::{Anchor, Due},
    field::{self, Field},
    flow::{self, Order},
    id::SeatId,
    limit::{Amount, Comparison, Limit},
    period::Period,
    signal::{Deadline, SignalRule},
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// How often in a row a step may send a run back, where the document does not say.
pub const MOST_ROUNDS: u32 = 100;

/// Which seat of the workspace a seat name of the document means; names in lower case.
pub type Bindings = BTreeMap<String, SeatId>;

/// A frozen process as the engine reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub(crate) steps: Vec<PlanStep>,
    pub(crate) owner: Option<SeatId>,
    /// The act of accepting the output, where the document says what it must be.
    pub(crate) acceptance: Option<PlanStep>,
    /// What is done when a run is ended before its end, in order.
    pub(crate) cleanup: Vec<PlanStep>,
    /// The outcomes, in lower case, with which there is something to accept; none for the end without a
    /// name.
    owed: BTreeSet<Option<String>>,
    /// The failure signals that tell by time alone: which, and how long after the start.
    pub(crate) clocks: Vec<(u32, Period)>,
    /// The failure signals that a value of a step tells: which, the key of the value, beyond what.
    pub(crate) bounds: Vec<(u32, String, Limit)>,
    /// Whether any step carries out a procedure as a run of its own.
    calls: bool,
}

/// One step of a [`Plan`], or a part of one that is handed out by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanStep {
    /// The stable id.
    pub id: StepId,
    /// The seat that does it.
    pub seat: SeatId,
    /// What must be left as proof.
    pub evidence: Vec<Evidence>,
    /// The ways out; of a part, none but on.
    pub routes: Routes,
    /// By when it must be done.
    pub due: Option<By>,
    /// How long before its deadline one is reminded, where it says so itself.
    pub remind: Option<Period>,
    /// Until when it waits; a step that waits is done by itself.
    pub wait: Option<By>,
    /// How often in a row it may send the run back; where nothing is said, [`MOST_ROUNDS`].
    pub at_most: Option<u32>,
    /// What the outcome is called, where the run ends with it.
    pub outcome: Option<String>,
    /// The procedure that it carries out as a run of its own, as written; none of a web address.
    pub calls: Option<String>,
    /// The parts that are handed out, in order; none where they are the step's checklist.
    pub parts: Vec<Self>,
    /// How they are handed out.
    pub order: Order,
    /// How many of its parts must say yes, where it is an approval by several seats.
    pub quorum: Option<usize>,
    /// Whether it is an approval.
    pub approves: bool,
    /// What becomes of it where it is an approval that nobody gives in time.
    pub unanswered: Option<Unanswered>,
    /// Whoever did these steps may not do this one.
    pub not_by: Vec<StepId>,
    /// Whether who does it matters to another step.
    pub witnessed: bool,
}

/// By when, with the step that is meant looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// So long after something.
    After(Period, Since),
    /// The first moment of a rhythm after the start; of its day the end, unless a time is said.
    Moment {
        /// The rhythm.
        rule: Recurrence,
        /// Whether a time of day is said.
        timed: bool,
    },
    /// So long before or after a date among the values of the run.
    Dated {
        /// How long.
        period: Period,
        /// Whether before it; else after it.
        before: bool,
        /// The key of the value.
        value: String,
    },
}

/// What a deadline is counted from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// The start of the run.
    Start,
    /// The step's turn.
    Turn,
    /// The last time this step was done.
    Done(StepId),
}

/// Seat names that mean no seat of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbound {
    /// The names, in order of appearance. Empty when a step has no seat and the process no owner.
    pub names: Vec<String>,
}

impl Plan {
    /// The plan of a process whose seat names are bound; all unbound names at once otherwise.
    ///
    /// A part whose seat is not bound falls to the seat of the step that holds it: revisions were frozen
    /// when parts were checklists only.
    pub fn of(process: &Process, bindings: &Bindings) -> Result<Self, Unbound> {
        let mut steps = Vec::new();
        let mut names: Vec<String> = Vec::new();
        let mut nobody = false;
        let mut cleanup = Vec::new();
        let in_order = (0..process.cleanup.len()).map(|index| {
            let next = index + 1;
            let on = if next < process.cleanup.len() { Next::Step(next) } else { Next::End };
            Routes::Straight(on)
        });
        let cleaning =
            process.cleanup.iter().zip(in_order).map(|(step, routes)| (step, routes, true));
        let ways = (0..process.steps.len()).map(|index| flow::routes(process, index));
        let running = process.steps.iter().zip(ways).map(|(step, routes)| (step, routes, false));
        for (step, routes, cleans) in running.chain(cleaning) {
            let Some(name) = process.doer(step) else {
                nobody = true;
                continue;
            };
            let Some(seat) = bindings.get(&name.to_lowercase()) else {
                if !names.iter().any(|n| n == name) {
                    names.push(name.to_owned());
                }
                continue;
            };
            for name in step.approval.iter().flat_map(|approval| &approval.seats) {
                let known = bindings.contains_key(&name.to_lowercase());
                if !known && !names.iter().any(|n| n == name) {
                    names.push(name.clone());
                }
            }
            let planned = PlanStep::of(process, bindings, step, *seat, routes);
            if cleans {
                cleanup.push(planned);
            } else {
                steps.push(planned);
            }
        }
        let owner = process.owner.named().and_then(|name| bindings.get(&name.to_lowercase()));
        if nobody || !names.is_empty() {
            return Err(Unbound { names });
        }
        let owner = owner.copied();
        let acceptance = owner.zip(acceptance::of(process)).map(|(seat, act)| PlanStep {
            id: act.step.id,
            seat,
            evidence: Vec::new(),
            routes: Routes::Branches(act.branches),
            due: None,
            remind: None,
            wait: None,
            at_most: None,
            outcome: None,
            calls: None,
            parts: Vec::new(),
            order: Order::InTurn,
            quorum: None,
            approves: true,
            unanswered: None,
            not_by: Vec::new(),
            witnessed: false,
        });
        let asked: Vec<StepId> =
            process.all_steps().iter().flat_map(|step| approval::barred(process, step)).collect();
        witness(&mut steps, &asked);
        let (clocks, bounds) = (clocks(process), bounds(process));
        let calls = steps.iter().chain(&cleanup).any(PlanStep::holds_call);
        let named = acceptance::outcomes(process).into_iter().map(Some);
        let owed = std::iter::once(None)
            .chain(named)
            .filter(|outcome| acceptance::is_owed(process, outcome.as_deref()))
            .map(|outcome| outcome.map(|name| name.to_lowercase()))
            .collect();
        Ok(Self { steps, owner, acceptance, cleanup, owed, clocks, bounds, calls })
    }

    /// The seat that answers for the process.
    pub fn owner(&self) -> Option<SeatId> {
        self.owner
    }

    /// The steps, in document order.
    pub fn steps(&self) -> &[PlanStep] {
        &self.steps
    }

    /// The seats that have something to do, in order, once each.
    pub fn doers(&self) -> Vec<SeatId> {
        fn gather(steps: &[PlanStep], seats: &mut Vec<SeatId>) {
            for step in steps {
                if !seats.contains(&step.seat) {
                    seats.push(step.seat);
                }
                gather(&step.parts, seats);
            }
        }
        let mut seats = Vec::new();
        gather(&self.steps, &mut seats);
        gather(&self.cleanup, &mut seats);
        seats
    }

    /// The step, or part that is handed out, with this id.
    pub fn step(&self, id: &StepId) -> Option<&PlanStep> {
        self.steps
            .iter()
            .chain(&self.acceptance)
            .chain(&self.cleanup)
            .find_map(|step| step.find(id))
    }

    /// The place of a step among the top-level ones.
    pub(crate) fn position(&self, id: &StepId) -> Option<usize> {
        self.steps.iter().position(|step| step.id == *id)
    }

    /// Whether there is something to accept at this end.
    pub(crate) fn owes(&self, outcome: Option<&str>) -> bool {
        self.owed.contains(&outcome.map(str::to_lowercase))
    }

    /// Whether this is the act of accepting the output.
    pub(crate) fn accepts(&self, id: &StepId) -> bool {
        self.acceptance.as_ref().is_some_and(|act| act.id == *id)
    }

    /// The failure signals that are watched, by the clock or by values, counted from 0.
    pub fn watched(&self) -> Vec<u32> {
        let bounds = self.bounds.iter().map(|(signal, ..)| *signal);
        self.clocks.iter().map(|(signal, _)| *signal).chain(bounds).collect()
    }

    /// Whether any of its steps carries out a procedure as a run of its own.
    pub fn calls(&self) -> bool {
        self.calls
    }

    /// Whether anything in it is counted on a calendar.
    pub fn tells_time(&self) -> bool {
        fn tells(step: &PlanStep) -> bool {
            step.due.is_some() || step.wait.is_some() || step.parts.iter().any(tells)
        }
        !self.clocks.is_empty() || self.steps.iter().chain(&self.cleanup).any(tells)
    }
}

impl PlanStep {
    fn of(
        process: &Process,
        bindings: &Bindings,
        step: &Step,
        seat: SeatId,
        routes: Routes,
    ) -> Self {
        let order = flow::parts(process, step);
        let own = |part: &Step| {
            let name = part.seat.as_ref().map(|seat| seat.name.to_lowercase());
            name.and_then(|name| bindings.get(&name).copied()).unwrap_or(seat)
        };
        let asked = approval::parts(process, step);
        // Whoever approves takes the way out of the step; of any other part the only way is on.
        let (parts, on) = match (order, &step.approval) {
            (Some(_), Some(_)) => (asked.as_slice(), routes.clone()),
            (Some(_), None) => (step.steps.as_slice(), Routes::Straight(Next::End)),
            (None, _) => (&[][..], Routes::Straight(Next::End)),
        };
        let parts = parts
            .iter()
            .map(|part| Self::of(process, bindings, part, own(part), on.clone()))
            .collect();
        let evidence = match order {
            Some(_) => step.evidence.clone(),
            None => step.walk().iter().flat_map(|s| s.evidence.iter().cloned()).collect(),
        };
        // Time ends a wait that asks for nothing; what asks for a choice or for proof is left to somebody.
        let silent = evidence.is_empty() && matches!(routes, Routes::Straight(_));
        let calls = step.procedure.as_ref().map(|procedure| procedure.to.trim()).filter(|to| {
            let alone = order.is_none() && matches!(step.kind, StepKind::Call | StepKind::Decision);
            alone && !to.is_empty() && !to.starts_with('#') && !to.contains("://")
        });
        let waits = step.wait_for.as_deref().filter(|_| step.kind == StepKind::Wait && silent);
        Self {
            id: step.id.clone(),
            seat,
            evidence,
            routes,
            due: step.due.as_deref().and_then(|text| By::said(process, text)),
            remind: step.remind.as_deref().and_then(due::reminder),
            wait: waits.and_then(|text| By::said(process, text)),
            at_most: step.at_most,
            outcome: step.outcome.clone(),
            calls: calls.map(str::to_owned),
            parts,
            order: order.unwrap_or(Order::InTurn),
            quorum: step.approval.as_ref().and_then(|a| usize::try_from(a.need).ok()),
            approves: step.kind == StepKind::Approval,
            unanswered: step.unanswered.filter(|_| step.kind == StepKind::Approval),
            not_by: approval::barred(process, step),
            witnessed: false,
        }
    }

    /// What the outcome is called, where the run ends with this step and this branch was said.
    pub(crate) fn outcome_of(&self, branch: Option<&str>) -> Option<&str> {
        let of_branch = match &self.routes {
            Routes::Straight(_) => None,
            Routes::Branches(ways) => ways
                .iter()
                .find(|way| Some(way.id.as_str()) == branch)
                .and_then(|way| way.outcome.as_deref()),
        };
        of_branch.or(self.outcome.as_deref())
    }

    fn holds_call(&self) -> bool {
        self.calls.is_some() || self.parts.iter().any(Self::holds_call)
    }

    /// When one is reminded of a deadline that lies at this moment; no more where that has passed.
    pub(crate) fn reminds_at(&self, due: Timestamp, now: &Now<'_>) -> Option<Timestamp> {
        let period = self.remind.or(now.calendar.remind)?;
        now.calendar.before(due, period).filter(|at| *at > now.at)
    }

    pub(crate) fn find(&self, id: &StepId) -> Option<&Self> {
        if self.id == *id { Some(self) } else { self.parts.iter().find_map(|part| part.find(id)) }
    }

    /// Whether something is left to do for its own seat when all its parts are done.
    pub(crate) fn closes(&self) -> bool {
        self.quorum.is_none() && self.asks()
    }

    fn asks(&self) -> bool {
        matches!(self.routes, Routes::Branches(_)) || !self.evidence.is_empty()
    }
}

impl By {
    fn said(process: &Process, text: &str) -> Option<Self> {
        match Due::said_among(text, &field::dates(process))? {
            Due::After { period, anchor } => {
                let since = match anchor {
                    Anchor::Start => Since::Start,
                    Anchor::Turn => Since::Turn,
                    Anchor::Step(number) => {
                        let all = process.all_steps();
                        let meant = all.into_iter().find(|step| {
                            step.number == number || step.number.trim_end_matches('.') == number
                        })?;
                        Since::Done(meant.id.clone())
                    }
                };
                Some(Self::After(period, since))
            }
            Due::Moment { rule, timed } => Some(Self::Moment { rule, timed }),
            Due::Dated { period, before, value } => Some(Self::Dated { period, before, value }),
        }
    }

    /// Whether it may come to another instant in one state of a run than it came to in another before.
    pub(crate) fn may_have_changed(&self, before: &Run, after: &Run, is_set: bool) -> bool {
        match self {
            Self::After(_, Since::Done(step)) => !is_set && after.done_at.contains_key(step),
            Self::Dated { value, .. } => before.values.get(value) != after.values.get(value),
            Self::After(_, Since::Start | Since::Turn) | Self::Moment { .. } => false,
        }
    }

    /// The instant for a step whose turn comes now; `None` where what it is counted from has not been.
    pub(crate) fn at(&self, run: &Run, now: &Now<'_>) -> Option<Timestamp> {
        let start = run.started.unwrap_or(now.at);
        match self {
            Self::After(period, since) => {
                let from = match since {
                    Since::Start => start,
                    Since::Turn => now.at,
                    Since::Done(step) => *run.done_at.get(step)?,
                };
                now.calendar.after(from, *period)
            }
            Self::Dated { period, before, value } => {
                let date = run.values.get(value)?.value.parse().ok()?;
                now.calendar.beside(date, *period, *before)
            }
            Self::Moment { rule, timed } => now.calendar.moment(rule, *timed, start),
        }
    }
}

/// Marks the steps of which it must be known who did them: those that are asked for, and the parts of
/// approvals, which are given by different people.
fn witness(steps: &mut [PlanStep], asked: &[StepId]) {
    for step in steps {
        step.witnessed = step.witnessed || asked.contains(&step.id);
        if step.quorum.is_some() {
            step.parts.iter_mut().for_each(|part| part.witnessed = true);
        }
        witness(&mut step.parts, asked);
    }
}

/// The failure signals of a process that tell by time alone: the run takes longer than is said, or has
/// not come to its end in the time that is said.
fn clocks(process: &Process) -> Vec<(u32, Period)> {
    let signals = process.failure_signals.iter();
    let rules = signals.map(|signal| signal.rule.as_deref().and_then(|r| r.parse().ok()));
    (0..).zip(rules).filter_map(|(n, rule)| Some((n, lasts(&rule?)?))).collect()
}

/// The failure signals of a process that speak of a value which one of its steps asks for.
fn bounds(process: &Process) -> Vec<(u32, String, Limit)> {
    let asked: Vec<Field> = process
        .all_steps()
        .into_iter()
        .flat_map(|step| step.evidence.iter().filter_map(Field::of))
        .collect();
    let limit = |signal: &FailureSignal| match signal.rule.as_deref()?.parse().ok()? {
        SignalRule::Limit(limit) => Some(limit),
        SignalRule::Missed { .. } => None,
    };
    let limits = process.failure_signals.iter().map(limit);
    (0..)
        .zip(limits)
        .filter_map(|(n, limit)| {
            let limit = limit?;
            let field = asked.iter().find(|field| field.is_meant_by(&limit))?;
            Some((n, field.key.clone(), limit))
        })
        .collect()
}

/// What the words for the length of a run are.
const RUN_TIME: [&str; 8] = [
    "duration",
    "run",
    "run duration",
    "run time",
    "cycle time",
    "total time",
    "process",
    "time to complete",
];

fn lasts(rule: &SignalRule) -> Option<Period> {
    match rule {
        SignalRule::Limit(Limit {
            measure,
            comparison: Comparison::Above | Comparison::AtLeast,
            amount: Amount::Period(period),
        }) => RUN_TIME.contains(&measure.to_lowercase().as_str()).then_some(*period),
        SignalRule::Missed { deadline: Deadline::Within { period, anchor }, what } => {
            let of_start = anchor.as_deref().is_none_or(|anchor| {
                matches!(anchor.to_lowercase().as_str(), "start" | "the start" | "trigger")
            });
            let of_run = ["done", "completed", "finished", "run completed", "run finished"];
            (of_start && of_run.contains(&what.to_lowercase().as_str())).then_some(*period)
        }
        SignalRule::Limit(_) | SignalRule::Missed { deadline: Deadline::By(_), .. } => None,
    }
}
