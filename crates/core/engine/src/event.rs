//! What happened to a run. Stored for ever: a changed shape is a new variant, and the old one stays
//! readable.

use gemba_model::{
    EvidenceKind, Priority, StepId,
    approval::Unanswered,
    id::{AccountId, OccurrenceKey, RunId, SeatId, TokenId, WorkItemId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A person for whom another acts while they are away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActedFor {
    /// The account.
    pub account: AccountId,
    /// The name at the time.
    pub name: String,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum By {
    /// A person, signed in.
    Person {
        /// The account.
        account: AccountId,
        /// The name at the time.
        name: String,
        /// Whose seat they acted on, while that person was away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        acting_for: Option<ActedFor>,
    },
    /// An agent, by the token of its seat.
    Agent {
        /// The seat it acts for.
        seat: SeatId,
        /// The token it showed.
        token: TokenId,
        /// The name at the time.
        name: String,
    },
    /// Gemba itself.
    System,
}

impl By {
    /// The name to show.
    pub fn name(&self) -> &str {
        match self {
            Self::Person { name, .. } | Self::Agent { name, .. } => name,
            Self::System => "Gemba",
        }
    }

    /// The name to show, with the one for whom they acted.
    pub fn told(&self) -> String {
        match self {
            Self::Person { name, acting_for: Some(away), .. } => {
                format!("{name} (acting for {})", away.name)
            }
            Self::Person { .. } | Self::Agent { .. } | Self::System => self.name().to_owned(),
        }
    }

    /// The accounts behind it: the person, and the one for whom they acted.
    fn accounts(&self) -> Vec<AccountId> {
        match self {
            Self::Person { account, acting_for, .. } => {
                let away = acting_for.as_ref().map(|away| away.account);
                std::iter::once(*account).chain(away).collect()
            }
            Self::Agent { .. } | Self::System => Vec::new(),
        }
    }

    /// Whether the same person stands behind both, as who did it or as whose seat they acted on: what
    /// must be done by two is not done by one of them twice.
    pub fn shares(&self, other: &Self) -> bool {
        let theirs = other.accounts();
        self.is_same(other) || self.accounts().iter().any(|account| theirs.contains(account))
    }

    /// Whether they acted for the other.
    pub fn acted_for(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Person { acting_for: Some(away), .. }, Self::Person { account, .. }) => {
                away.account == *account
            }
            _ => false,
        }
    }

    /// Whether both are the same person, agent seat, or Gemba itself; for whom they act is no matter.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Person { account: a, .. }, Self::Person { account: b, .. }) => a == b,
            (Self::Agent { seat: a, .. }, Self::Agent { seat: b, .. }) => a == b,
            (Self::System, Self::System) => true,
            _ => false,
        }
    }
}

/// What started a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    /// Somebody asked for it.
    Request,
    /// A schedule came due.
    Schedule {
        /// The occurrence, unique for ever.
        occurrence: OccurrenceKey,
    },
    /// A message came from outside.
    Event {
        /// The occurrence.
        occurrence: OccurrenceKey,
    },
    /// A number crossed a limit.
    Threshold {
        /// The occurrence.
        occurrence: OccurrenceKey,
    },
    /// A guest sent a form.
    Guest {
        /// The occurrence.
        occurrence: OccurrenceKey,
    },
    /// A step of another run carries out this process.
    Call(Caller),
}

/// The step of a run that carries out a process as a run of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The run of the step.
    pub run: RunId,
    /// The work item of the step.
    pub item: WorkItemId,
    /// How many runs stand above: 1 where the calling run was called by none.
    pub depth: u32,
}

impl Origin {
    /// The occurrence that started the run.
    pub fn occurrence(&self) -> Option<OccurrenceKey> {
        match self {
            Self::Request | Self::Call(_) => None,
            Self::Schedule { occurrence }
            | Self::Event { occurrence }
            | Self::Threshold { occurrence }
            | Self::Guest { occurrence } => Some(*occurrence),
        }
    }
}

/// A piece of evidence that was left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Its form.
    pub kind: EvidenceKind,
    /// The words, the address, or the digest of the file.
    pub value: String,
    /// The file's name, for a file; of a value, its key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Left {
    /// The key and the value, where it is a value.
    pub fn value(&self) -> Option<(&str, Value)> {
        let key = self.name.as_deref().filter(|_| self.kind.is_value())?;
        Some((key, Value { kind: self.kind, value: self.value.clone() }))
    }
}

/// A value that a run has, as the last step that asked for it left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// Number, date or choice.
    pub kind: EvidenceKind,
    /// "12000.5", "2026-03-31", "won".
    pub value: String,
}

/// A moment at which a failure signal tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// Which of the process's failure signals, counted from 0.
    pub signal: u32,
    /// When.
    pub at: Timestamp,
}

/// A work item that is another seat's now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reseated {
    /// The work item.
    pub item: WorkItemId,
    /// The seat.
    pub seat: SeatId,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The run began.
    RunStarted {
        /// When.
        at: Timestamp,
        /// Who or what started it.
        by: By,
        /// Why it started.
        origin: Origin,
        /// What this run is about, in a few words.
        title: String,
        /// What it was given: words under a name, and values that steps ask for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        inputs: Vec<Left>,
        /// When a failure signal of the process tells, should the run not have ended by then.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        watch: Vec<Watch>,
        /// How urgent it is.
        #[serde(default, skip_serializing_if = "Priority::is_normal")]
        priority: Priority,
    },
    /// A step's turn came: its work item is offered to the seat.
    StepOpened {
        /// When.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// The step.
        step: StepId,
        /// How often this run has come to the step, from 1.
        visit: u32,
        /// The seat that must do it.
        seat: SeatId,
        /// The step whose part it is, where parts are handed out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        within: Option<StepId>,
        /// By when it must be done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Timestamp>,
        /// Until when it waits: then it is done by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// When one is reminded of the deadline.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remind: Option<Timestamp>,
    },
    /// A step's turn came, and its parts are handed out.
    StepDivided {
        /// When.
        at: Timestamp,
        /// The step.
        step: StepId,
        /// How often this run has come to the step, from 1.
        visit: u32,
        /// The parts, in order.
        parts: Vec<StepId>,
        /// The step whose part it is itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        within: Option<StepId>,
    },
    /// All parts of a step were done, and with them the step.
    StepJoined {
        /// When.
        at: Timestamp,
        /// The step.
        step: StepId,
    },
    /// A work item is not needed any more: the others of an approval have settled it.
    StepWithdrawn {
        /// When.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// The step.
        step: StepId,
    },
    /// A work item was not done by its deadline.
    DeadlinePassed {
        /// When it was noticed.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// The step.
        step: StepId,
        /// The deadline.
        due: Timestamp,
    },
    /// The time for which somebody had a work item passed without a word.
    ClaimLapsed {
        /// When it was noticed.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// Who had it.
        by: By,
    },
    /// A failure signal of the process came true for this run.
    SignalRaised {
        /// When it was noticed.
        at: Timestamp,
        /// Which of the process's failure signals, counted from 0.
        signal: u32,
    },
    /// Somebody took a work item.
    StepClaimed {
        /// When.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// Who.
        by: By,
        /// How long it is kept from others; without end where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// The one who has a work item keeps it for longer.
    LeaseExtended {
        /// When.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// How long it is kept from others now.
        until: Timestamp,
    },
    /// A work item was handed to another seat.
    StepReassigned {
        /// When.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// Who handed it over.
        by: By,
        /// The seat that had it.
        from: SeatId,
        /// The seat that has it now.
        to: SeatId,
        /// Why.
        reason: String,
    },
    /// A work item was given to a person to do for its seat, which goes on answering for it.
    StepDelegated {
        /// When.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// Who delegated it.
        by: By,
        /// To whom.
        to: AccountId,
        /// Their name at the time.
        name: String,
        /// Until when; then it is the seat's alone again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// What was said with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// A delegated work item is its seat's alone again.
    DelegationEnded {
        /// When.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// Who took it back or gave it back; Gemba, where its time was over.
        by: By,
    },
    /// A work item was put aside until a moment, or taken up again before it.
    StepDeferred {
        /// When.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// Who.
        by: By,
        /// Until when; nothing where it is taken up again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// Somebody said how urgent the run is.
    PriorityChanged {
        /// When.
        at: Timestamp,
        /// Who.
        by: By,
        /// How urgent.
        priority: Priority,
    },
    /// The deadline of a work item is near, and its seat is reminded of it.
    ReminderDue {
        /// When it was noticed.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// The step.
        step: StepId,
        /// The deadline.
        due: Timestamp,
    },
    /// What the deadline of a work item is counted from became known, or is another now.
    DeadlineSet {
        /// When.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// The step.
        step: StepId,
        /// The deadline.
        due: Timestamp,
        /// When one is reminded of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remind: Option<Timestamp>,
    },
    /// Nobody answered an approval by its deadline.
    ApprovalExpired {
        /// When it was noticed.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// The step.
        step: StepId,
        /// What becomes of it.
        then: Unanswered,
        /// The seat above that is asked now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<SeatId>,
        /// By when that one must answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Timestamp>,
    },
    /// Somebody gave a work item back.
    StepReleased {
        /// When.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// Who.
        by: By,
    },
    /// A step was done.
    StepCompleted {
        /// When.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// The step.
        step: StepId,
        /// Who.
        by: By,
        /// The branch taken, where the step has several ways out.
        branch: Option<String>,
        /// Why that branch.
        reason: Option<String>,
        /// A remark.
        note: Option<String>,
        /// The proof left.
        evidence: Vec<Left>,
        /// The digest of what was on record when it was approved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shown: Option<String>,
        /// Whether who did it matters to a later step.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        witnessed: bool,
    },
    /// The run went on without this step being done.
    StepSkipped {
        /// When.
        at: Timestamp,
        /// The work item.
        item: WorkItemId,
        /// The step.
        step: StepId,
        /// Who.
        by: By,
        /// The branch to go on with, where the step has several ways out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        branch: Option<String>,
        /// Why.
        reason: String,
    },
    /// The procedure of a step began as a run of its own; the step waits for it.
    RunCalled {
        /// When.
        at: Timestamp,
        /// The work item of the step.
        item: WorkItemId,
        /// The step.
        step: StepId,
        /// The run that was started.
        run: RunId,
    },
    /// The procedure of a step could not be started: the step is its seat's to do.
    CallNotMade {
        /// When.
        at: Timestamp,
        /// The work item of the step.
        item: WorkItemId,
        /// The step.
        step: StepId,
        /// Why.
        why: String,
    },
    /// The run that a step waited for came to its end, and the run goes on with what it brought.
    CallReturned {
        /// When.
        at: Timestamp,
        /// The work item of the step.
        item: WorkItemId,
        /// The step.
        step: StepId,
        /// The run that was called.
        run: RunId,
        /// How it ended, where its document names that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<String>,
        /// The values that it brought.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        values: Vec<Left>,
    },
    /// The run that a step waited for was ended before its end: the step is its seat's to do.
    CallEnded {
        /// When.
        at: Timestamp,
        /// The work item of the step.
        item: WorkItemId,
        /// The step.
        step: StepId,
        /// The run that was called.
        run: RunId,
        /// Why it was ended.
        reason: String,
    },
    /// A step sent the run back, so often in a row.
    RoundBegun {
        /// When.
        at: Timestamp,
        /// The step that sent it back.
        step: StepId,
        /// The step that it goes on with.
        to: StepId,
        /// How often in a row, with this time.
        times: u32,
    },
    /// A step would send the run back more often than the document allows: the run stands still.
    RoundHeld {
        /// When.
        at: Timestamp,
        /// The step that sends it back.
        step: StepId,
        /// The step that it would go on with.
        to: StepId,
        /// How often it went back already.
        times: u32,
    },
    /// Whoever answers for the run allows one more round.
    RoundAllowed {
        /// When.
        at: Timestamp,
        /// Who.
        by: By,
        /// Why.
        reason: String,
    },
    /// The run comes to an end that has another name than the one it came to before.
    OutcomeReached {
        /// When.
        at: Timestamp,
        /// What the document calls it; nothing for the end without a name.
        outcome: Option<String>,
    },
    /// Somebody ends the run before its end, and its clean-up begins.
    RunEnding {
        /// When.
        at: Timestamp,
        /// Who.
        by: By,
        /// Why.
        reason: String,
    },
    /// The run follows another revision from now on.
    RunMoved {
        /// When.
        at: Timestamp,
        /// Who moved it.
        by: By,
        /// The number of the revision that it followed.
        from: u32,
        /// The number of the revision that it follows.
        to: u32,
        /// Why; nothing where only words differ, which then were taken over by themselves.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// The work items that another seat does now.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        seats: Vec<Reseated>,
        /// The failure signals that came true, as they are counted there.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        raised: BTreeSet<u32>,
        /// When failure signals of that revision tell.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        watch: Vec<Watch>,
    },
    /// The last step was done.
    RunCompleted {
        /// When.
        at: Timestamp,
    },
    /// Somebody ended the run before its end.
    RunCancelled {
        /// When.
        at: Timestamp,
        /// Who.
        by: By,
        /// Why.
        reason: String,
    },
}

impl Event {
    /// When it happened.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::RunStarted { at, .. }
            | Self::StepOpened { at, .. }
            | Self::StepDivided { at, .. }
            | Self::StepJoined { at, .. }
            | Self::StepWithdrawn { at, .. }
            | Self::DeadlinePassed { at, .. }
            | Self::ClaimLapsed { at, .. }
            | Self::SignalRaised { at, .. }
            | Self::StepClaimed { at, .. }
            | Self::LeaseExtended { at, .. }
            | Self::StepReassigned { at, .. }
            | Self::StepDelegated { at, .. }
            | Self::DelegationEnded { at, .. }
            | Self::StepDeferred { at, .. }
            | Self::PriorityChanged { at, .. }
            | Self::ReminderDue { at, .. }
            | Self::DeadlineSet { at, .. }
            | Self::ApprovalExpired { at, .. }
            | Self::StepReleased { at, .. }
            | Self::StepCompleted { at, .. }
            | Self::StepSkipped { at, .. }
            | Self::RunCalled { at, .. }
            | Self::CallNotMade { at, .. }
            | Self::CallReturned { at, .. }
            | Self::CallEnded { at, .. }
            | Self::RoundBegun { at, .. }
            | Self::RoundHeld { at, .. }
            | Self::RoundAllowed { at, .. }
            | Self::OutcomeReached { at, .. }
            | Self::RunEnding { at, .. }
            | Self::RunMoved { at, .. }
            | Self::RunCompleted { at }
            | Self::RunCancelled { at, .. } => *at,
        }
    }
}
