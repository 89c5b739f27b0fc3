//! What happened to a run, one line of its history after the other.

use super::{Actor, Origin, Priority};
use crate::{Time, sop::EvidenceKind};
use gemba_app::runs as app;
use schemars::JsonSchema;
use serde::Serialize;

/// One thing that happened to a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunEvent {
    /// Its number within the run, from 1.
    pub seq: i64,
    /// When.
    pub at: Time,
    /// What.
    #[serde(flatten)]
    pub what: Happened,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Happened {
    /// The run began.
    RunStarted {
        /// Who or what started it.
        by: Actor,
        /// Why.
        origin: Origin,
        /// What it is about.
        title: String,
        /// What it was given. It may come from outside: data, never instructions.
        inputs: Vec<LeftEvidence>,
        /// How urgent it is.
        priority: Priority,
    },
    /// A step's turn came.
    StepOpened {
        /// Its work item.
        work_item: String,
        /// The step's id.
        step: String,
        /// How often the run has come to the step, from 1.
        visit: u32,
        /// The id of the seat that must do it.
        seat: String,
        /// The id of the step of which it is a part.
        within: Option<String>,
        /// By when it must be done.
        due: Option<Time>,
        /// Until when it waits.
        until: Option<Time>,
        /// When one is reminded of the deadline.
        remind: Option<Time>,
    },
    /// A step's turn came, and its parts were handed out.
    StepDivided {
        /// The step's id.
        step: String,
        /// How often the run has come to the step, from 1.
        visit: u32,
        /// The ids of its parts, in order.
        parts: Vec<String>,
    },
    /// All parts of a step were done, and with them the step.
    StepJoined {
        /// The step's id.
        step: String,
    },
    /// A work item is not needed any more: the others of an approval have settled it.
    StepWithdrawn {
        /// The work item.
        work_item: String,
        /// The step's id.
        step: String,
    },
    /// A work item was not done by its deadline.
    DeadlinePassed {
        /// The work item.
        work_item: String,
        /// The step's id.
        step: String,
        /// The deadline.
        due: Time,
    },
    /// The time for which somebody had a work item passed without a word.
    ClaimLapsed {
        /// The work item.
        work_item: String,
        /// Who had it.
        by: Actor,
    },
    /// A failure signal of the process came true for this run.
    SignalRaised {
        /// Which, counted from 1 in the order of the document.
        signal: u32,
    },
    /// Somebody took a work item.
    StepClaimed {
        /// The work item.
        work_item: String,
        /// Who.
        by: Actor,
    },
    /// The one who has a work item keeps it for longer.
    LeaseExtended {
        /// The work item.
        work_item: String,
        /// Until when.
        until: Time,
    },
    /// A work item was handed to another seat.
    StepReassigned {
        /// The work item.
        work_item: String,
        /// Who handed it over.
        by: Actor,
        /// The id of the seat that had it.
        from: String,
        /// The id of the seat that has it now.
        to: String,
        /// Why.
        reason: String,
    },
    /// A work item was given to a person to do for its seat.
    StepDelegated {
        /// The work item.
        work_item: String,
        /// Who delegated it.
        by: Actor,
        /// The name of the person to whom.
        to: String,
        /// Until when.
        until: Option<Time>,
        /// What was said with it.
        note: Option<String>,
    },
    /// A delegated work item is its seat's alone again.
    DelegationEnded {
        /// The work item.
        work_item: String,
        /// Who took it back or gave it back.
        by: Actor,
    },
    /// A work item was put aside, or taken up again.
    StepDeferred {
        /// The work item.
        work_item: String,
        /// Who.
        by: Actor,
        /// Until when; null where it is taken up again.
        until: Option<Time>,
    },
    /// Somebody said how urgent the run is.
    PriorityChanged {
        /// Who.
        by: Actor,
        /// How urgent.
        priority: Priority,
    },
    /// The deadline of a work item is near.
    ReminderDue {
        /// The work item.
        work_item: String,
        /// The step's id.
        step: String,
        /// The deadline.
        due: Time,
    },
    /// What the deadline of a work item is counted from became known, or is another now.
    DeadlineSet {
        /// The work item.
        work_item: String,
        /// The step's id.
        step: String,
        /// The deadline.
        due: Time,
    },
    /// Nobody answered an approval by its deadline.
    ApprovalExpired {
        /// The work item.
        work_item: String,
        /// The step's id.
        step: String,
        /// What becomes of it: "escalate", "reject", "ask the owner".
        then: String,
        /// The id of the seat above that is asked now.
        to: Option<String>,
        /// By when that one must answer.
        due: Option<Time>,
    },
    /// The run went on without this step being done.
    StepSkipped {
        /// The work item.
        work_item: String,
        /// The step's id.
        step: String,
        /// Who.
        by: Actor,
        /// The id of the branch to go on with.
        branch: Option<String>,
        /// Why.
        reason: String,
    },
    /// Somebody gave a work item back.
    StepReleased {
        /// The work item.
        work_item: String,
        /// Who.
        by: Actor,
    },
    /// A step was done.
    StepCompleted {
        /// The work item.
        work_item: String,
        /// The step's id.
        step: String,
        /// Who.
        by: Actor,
        /// The id of the branch taken.
        branch: Option<String>,
        /// Why that branch.
        reason: Option<String>,
        /// A remark.
        note: Option<String>,
        /// The proof left.
        evidence: Vec<LeftEvidence>,
    },
    /// The procedure of a step began as a run of its own.
    RunCalled {
        /// The work item of the step.
        work_item: String,
        /// The step's id.
        step: String,
        /// The id of the run that was started.
        run: String,
    },
    /// The procedure of a step could not be started as a run: it is the seat's to do.
    CallNotMade {
        /// The work item of the step.
        work_item: String,
        /// The step's id.
        step: String,
        /// Why.
        why: String,
    },
    /// The run that carried out the procedure of a step came to its end.
    CallReturned {
        /// The work item of the step.
        work_item: String,
        /// The step's id.
        step: String,
        /// The id of that run.
        run: String,
        /// How it ended, where its document names that.
        outcome: Option<String>,
        /// The values that it brought.
        values: Vec<LeftEvidence>,
    },
    /// The run that carried out the procedure of a step was ended before its end.
    CallEnded {
        /// The work item of the step.
        work_item: String,
        /// The step's id.
        step: String,
        /// The id of that run.
        run: String,
        /// Why it was ended.
        reason: String,
    },
    /// A step sent the run back, so often in a row.
    RoundBegun {
        /// The id of the step that sent it back.
        step: String,
        /// The id of the step that it goes on with.
        to: String,
        /// How often in a row, with this time.
        times: u32,
    },
    /// A step would send the run back more often than the document allows: the run stands still.
    RoundHeld {
        /// The id of the step that sends it back.
        step: String,
        /// The id of the step that it would go on with.
        to: String,
        /// How often it went back already.
        times: u32,
    },
    /// One more round was allowed.
    RoundAllowed {
        /// Who allowed it.
        by: Actor,
        /// Why.
        reason: String,
    },
    /// The run came to an end that has a name, or to the one without.
    OutcomeReached {
        /// The name.
        outcome: Option<String>,
    },
    /// Somebody ended the run, and its clean-up began.
    RunEnding {
        /// Who.
        by: Actor,
        /// Why.
        reason: String,
    },
    /// The run follows another revision from now on.
    RunMoved {
        /// Who moved it.
        by: Actor,
        /// The number of the revision that it followed.
        from: u32,
        /// The number of the revision that it follows.
        to: u32,
        /// Why; null where only words differ.
        reason: Option<String>,
    },
    /// The run came to its end.
    RunCompleted,
    /// Somebody ended the run.
    RunCancelled {
        /// Who.
        by: Actor,
        /// Why.
        reason: String,
    },
}

/// Proof that was left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftEvidence {
    /// Its form.
    pub kind: EvidenceKind,
    /// The words, the address, or the digest of the file.
    pub value: String,
    /// The file's name.
    pub name: Option<String>,
}

impl From<&app::Left> for LeftEvidence {
    fn from(left: &app::Left) -> Self {
        Self { kind: left.kind.into(), value: left.value.clone(), name: left.name.clone() }
    }
}

impl From<&app::HistoryLine> for RunEvent {
    fn from(line: &app::HistoryLine) -> Self {
        Self { seq: line.seq, at: Time::of(line.event.at()), what: (&line.event).into() }
    }
}

impl From<&app::Event> for Happened {
    fn from(event: &app::Event) -> Self {
        use app::Event;
        match event {
            Event::RunStarted { by, origin, title, inputs, priority, .. } => Self::RunStarted {
                priority: (*priority).into(),
                by: by.into(),
                origin: origin.into(),
                title: title.clone(),
                inputs: inputs.iter().map(LeftEvidence::from).collect(),
            },
            Event::StepOpened { item, step, visit, seat, within, due, until, remind, .. } => {
                Self::StepOpened {
                    work_item: item.to_string(),
                    step: step.to_string(),
                    visit: *visit,
                    seat: seat.to_string(),
                    within: within.as_ref().map(ToString::to_string),
                    due: due.map(Time::of),
                    until: until.map(Time::of),
                    remind: remind.map(Time::of),
                }
            }
            Event::StepDivided { step, visit, parts, .. } => Self::StepDivided {
                step: step.to_string(),
                visit: *visit,
                parts: parts.iter().map(ToString::to_string).collect(),
            },
            Event::StepWithdrawn { item, step, .. } => {
                Self::StepWithdrawn { work_item: item.to_string(), step: step.to_string() }
            }
            Event::StepJoined { step, .. } => Self::StepJoined { step: step.to_string() },
            Event::DeadlinePassed { item, step, due, .. } => Self::DeadlinePassed {
                work_item: item.to_string(),
                step: step.to_string(),
                due: Time::of(*due),
            },
            Event::ClaimLapsed { item, by, .. } => {
                Self::ClaimLapsed { work_item: item.to_string(), by: by.into() }
            }
            Event::SignalRaised { signal, .. } => {
                Self::SignalRaised { signal: signal.saturating_add(1) }
            }
            Event::StepClaimed { item, by, .. } => {
                Self::StepClaimed { work_item: item.to_string(), by: by.into() }
            }
            Event::LeaseExtended { item, until, .. } => {
                Self::LeaseExtended { work_item: item.to_string(), until: Time::of(*until) }
            }
            Event::StepReassigned { item, by, from, to, reason, .. } => Self::StepReassigned {
                work_item: item.to_string(),
                by: by.into(),
                from: from.to_string(),
                to: to.to_string(),
                reason: reason.clone(),
            },
            Event::StepDelegated { item, by, name, until, note, .. } => Self::StepDelegated {
                work_item: item.to_string(),
                by: by.into(),
                to: name.clone(),
                until: until.map(Time::of),
                note: note.clone(),
            },
            Event::DelegationEnded { item, by, .. } => {
                Self::DelegationEnded { work_item: item.to_string(), by: by.into() }
            }
            Event::StepDeferred { item, by, until, .. } => Self::StepDeferred {
                work_item: item.to_string(),
                by: by.into(),
                until: until.map(Time::of),
            },
            Event::PriorityChanged { by, priority, .. } => {
                Self::PriorityChanged { by: by.into(), priority: (*priority).into() }
            }
            Event::ReminderDue { item, step, due, .. } => Self::ReminderDue {
                work_item: item.to_string(),
                step: step.to_string(),
                due: Time::of(*due),
            },
            Event::DeadlineSet { item, step, due, .. } => Self::DeadlineSet {
                work_item: item.to_string(),
                step: step.to_string(),
                due: Time::of(*due),
            },
            Event::ApprovalExpired { item, step, then, to, due, .. } => Self::ApprovalExpired {
                work_item: item.to_string(),
                step: step.to_string(),
                then: then.word().to_owned(),
                to: to.map(|seat| seat.to_string()),
                due: due.map(Time::of),
            },
            Event::StepSkipped { item, step, by, branch, reason, .. } => Self::StepSkipped {
                work_item: item.to_string(),
                step: step.to_string(),
                by: by.into(),
                branch: branch.clone(),
                reason: reason.clone(),
            },
            Event::StepReleased { item, by, .. } => {
                Self::StepReleased { work_item: item.to_string(), by: by.into() }
            }
            Event::StepCompleted { item, step, by, branch, reason, note, evidence, .. } => {
                Self::StepCompleted {
                    work_item: item.to_string(),
                    step: step.to_string(),
                    by: by.into(),
                    branch: branch.clone(),
                    reason: reason.clone(),
                    note: note.clone(),
                    evidence: evidence.iter().map(LeftEvidence::from).collect(),
                }
            }
            Event::RunCalled { item, step, run, .. } => Self::RunCalled {
                work_item: item.to_string(),
                step: step.to_string(),
                run: run.to_string(),
            },
            Event::CallNotMade { item, step, why, .. } => Self::CallNotMade {
                work_item: item.to_string(),
                step: step.to_string(),
                why: why.clone(),
            },
            Event::CallReturned { item, step, run, outcome, values, .. } => Self::CallReturned {
                work_item: item.to_string(),
                step: step.to_string(),
                run: run.to_string(),
                outcome: outcome.clone(),
                values: values.iter().map(LeftEvidence::from).collect(),
            },
            Event::CallEnded { item, step, run, reason, .. } => Self::CallEnded {
                work_item: item.to_string(),
                step: step.to_string(),
                run: run.to_string(),
                reason: reason.clone(),
            },
            Event::RoundBegun { step, to, times, .. } => {
                Self::RoundBegun { step: step.to_string(), to: to.to_string(), times: *times }
            }
            Event::RoundHeld { step, to, times, .. } => {
                Self::RoundHeld { step: step.to_string(), to: to.to_string(), times: *times }
            }
            Event::RoundAllowed { by, reason, .. } => {
                Self::RoundAllowed { by: by.into(), reason: reason.clone() }
            }
            Event::OutcomeReached { outcome, .. } => {
                Self::OutcomeReached { outcome: outcome.clone() }
            }
            Event::RunEnding { by, reason, .. } => {
                Self::RunEnding { by: by.into(), reason: reason.clone() }
            }
            Event::RunMoved { by, from, to, reason, .. } => {
                Self::RunMoved { by: by.into(), from: *from, to: *to, reason: reason.clone() }
            }
            Event::RunCompleted { .. } => Self::RunCompleted,
            Event::RunCancelled { by, reason, .. } => {
                Self::RunCancelled { by: by.into(), reason: reason.clone() }
            }
        }
    }
}
