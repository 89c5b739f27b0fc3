//! The rows of the port: plain data, times as [`Timestamp`] in whole microseconds.

use gemba_model::{
    Priority, StepId,
    id::{AccountId, ChannelId, DeliveryId, ProcessId, RunId, SeatId, TriggerId, WorkItemId},
};
use jiff::Timestamp;

/// What a writer believes of the record it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// It does not exist yet.
    Absent,
    /// It is in this version.
    Version(i64),
}

/// A record as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// The id.
    pub id: String,
    /// The version, from 1.
    pub version: i64,
    /// The JSON document.
    pub body: String,
}

/// The state of a run, as one asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RunState {
    /// It goes on.
    Running,
    /// It came to its end.
    Completed,
    /// Somebody ended it.
    Cancelled,
}

impl RunState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Running, Self::Completed, Self::Cancelled];

    /// The word stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a [`Self::word`].
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// The id.
    pub id: RunId,
    /// The process.
    pub process: ProcessId,
    /// The content hash of the revision it is pinned to.
    pub revision: String,
    /// Its number within the process, from 1.
    pub number: i64,
    /// Where it stands.
    pub state: RunState,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// How many events it has; the guard against two writers.
    pub n_events: i64,
    /// The next moment at which something happens to it by itself.
    pub wake: Option<Timestamp>,
    /// The engine's state as JSON.
    pub body: String,
}

/// Which runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunFilter {
    /// Only of this process.
    pub process: Option<ProcessId>,
    /// Only in this state.
    pub state: Option<RunState>,
    /// Only older than this run.
    pub before: Option<RunId>,
    /// At most this many.
    pub limit: u32,
}

/// One event of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Its number, from 1.
    pub seq: i64,
    /// When it happened.
    pub at: Timestamp,
    /// The event as JSON.
    pub body: String,
}

/// Where a work item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemState {
    /// Offered to its seat.
    Open,
    /// Taken by somebody.
    Claimed,
    /// Waiting for a time or an event: nobody has anything to do.
    Waiting,
    /// Done.
    Done,
    /// Its run went on without it.
    Skipped,
    /// Its run ended without it.
    Dropped,
}

impl ItemState {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Claimed, Self::Waiting, Self::Done, Self::Skipped, Self::Dropped];

    /// Those of a work item that is not closed.
    pub const UNDONE: [Self; 3] = [Self::Open, Self::Claimed, Self::Waiting];

    /// The word stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Claimed => "claimed",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::Dropped => "dropped",
        }
    }

    /// The state of a [`Self::word`].
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// A work item: a step of a run, handed to a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// The id.
    pub id: WorkItemId,
    /// The run.
    pub run: RunId,
    /// The run's process.
    pub process: ProcessId,
    /// The step.
    pub step: StepId,
    /// How often the run has come to the step, from 1.
    pub visit: u32,
    /// The seat that must do it.
    pub seat: SeatId,
    /// Where it stands.
    pub state: ItemState,
    /// When its turn came.
    pub opened: Timestamp,
    /// When it was done or dropped.
    pub closed: Option<Timestamp>,
    /// The branch taken.
    pub branch: Option<String>,
    /// Who has taken it or did it, as a name to show.
    pub holder: Option<String>,
    /// By when it must be done.
    pub due: Option<Timestamp>,
    /// The person to whom its seat gave it.
    pub delegate: Option<AccountId>,
    /// How urgent its run is.
    pub priority: Priority,
    /// Until when it was put aside.
    pub follow_up: Option<Timestamp>,
}

/// Which work items.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemFilter {
    /// Only of these seats; `None` for any.
    pub seats: Option<Vec<SeatId>>,
    /// Only those that were given to this person.
    pub delegate: Option<AccountId>,
    /// Only in these states; empty for any.
    pub states: Vec<ItemState>,
    /// Only of this run.
    pub run: Option<RunId>,
    /// Only of this process.
    pub process: Option<ProcessId>,
    /// Only younger than this work item.
    pub after: Option<WorkItemId>,
    /// At most this many.
    pub limit: u32,
}

/// How often a step was done, by branch, and how long it took from its turn to done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepStat {
    /// The step.
    pub step: StepId,
    /// The branch taken, where there was a choice.
    pub branch: Option<String>,
    /// How often.
    pub n: i64,
    /// All durations together, in microseconds.
    pub total_us: i64,
    /// The longest.
    pub max_us: i64,
}

/// Where an occurrence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OccurrenceState {
    /// Written ahead: nothing is decided yet.
    Planned,
    /// Due, but it waits for a run before it to end.
    Waiting,
    /// Due, and somebody is asked whether it shall start.
    Asked,
    /// It started its run.
    Started,
    /// It was decided that it starts none.
    Skipped,
}

impl OccurrenceState {
    /// All states.
    pub const ALL: [Self; 5] =
        [Self::Planned, Self::Waiting, Self::Asked, Self::Started, Self::Skipped];

    /// The word stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Waiting => "waiting",
            Self::Asked => "asked",
            Self::Started => "started",
            Self::Skipped => "skipped",
        }
    }

    /// The state of a [`Self::word`].
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// What makes an occurrence due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OccurrenceKind {
    /// A schedule.
    Schedule,
    /// A moment of the past that somebody asked for afterwards.
    Backfill,
    /// A message from outside.
    Event,
    /// A number that crossed a limit.
    Threshold,
    /// A form that a guest sent.
    Request,
}

impl OccurrenceKind {
    /// All kinds.
    pub const ALL: [Self; 5] =
        [Self::Schedule, Self::Backfill, Self::Event, Self::Threshold, Self::Request];

    /// The word stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Backfill => "backfill",
            Self::Event => "event",
            Self::Threshold => "threshold",
            Self::Request => "request",
        }
    }

    /// The kind of a [`Self::word`].
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// An occurrence of a trigger, unique by trigger and instant: due once, started once or accounted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OccurrenceRow {
    /// The trigger.
    pub trigger: TriggerId,
    /// When it is due.
    pub due: Timestamp,
    /// The local date and time it stands for.
    pub civil: String,
    /// What makes it due.
    pub kind: OccurrenceKind,
    /// Where it stands.
    pub state: OccurrenceState,
    /// What it must not be written twice for, whatever the instant: source and id of a message.
    pub cause: Option<String>,
    /// The run it started.
    pub run: Option<RunId>,
    /// Why it stands where it stands, where there is something to say.
    pub reason: Option<String>,
    /// What came with it, as JSON.
    pub detail: Option<String>,
    /// When Gemba last acted on it.
    pub handled: Timestamp,
}

/// Which occurrences.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OccurrenceFilter {
    /// Only of this trigger.
    pub trigger: Option<TriggerId>,
    /// Only in these states; empty for any.
    pub states: Vec<OccurrenceState>,
    /// Only due at this instant or later.
    pub from: Option<Timestamp>,
    /// Only due before this instant.
    pub before: Option<Timestamp>,
    /// Whether the earliest come first; else the latest do.
    pub earliest_first: bool,
    /// At most this many.
    pub limit: u32,
}

/// The state of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeliveryState {
    /// It is to be tried, for the first time or again.
    Waiting,
    /// It was taken by its receiver.
    Sent,
    /// It was tried as often as it may be.
    Failed,
    /// It is not to be tried any more: its channel is gone or paused.
    Dropped,
}

impl DeliveryState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Sent, Self::Failed, Self::Dropped];

    /// The word stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }

    /// The state of a [`Self::word`].
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// A row of the outbox: something that is on its way out of the house, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// The id.
    pub id: DeliveryId,
    /// Where it goes to.
    pub channel: ChannelId,
    /// What it tells, in one dotted word: "run.completed".
    pub kind: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// When it is to be tried next; nothing where it is not.
    pub due: Option<Timestamp>,
    /// How often it was tried.
    pub tries: i64,
    /// What is to be sent and what came of each try, as JSON.
    pub body: String,
}

/// Which deliveries to read, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Only to this channel.
    pub channel: Option<ChannelId>,
    /// Only in this state.
    pub state: Option<DeliveryState>,
    /// Only older than this one.
    pub before: Option<DeliveryId>,
    /// At most this many.
    pub limit: u32,
}

/// The value of a measurable for one period.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueRow {
    /// The measurable's slug.
    pub measurable: String,
    /// The period: "2026-W47".
    pub period: String,
    /// The value.
    pub value: f64,
    /// When it was pushed.
    pub at: Timestamp,
    /// Who pushed it, as a name to show.
    pub by: String,
}

/// A line for the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAudit {
    /// When.
    pub at: Timestamp,
    /// Who, as a name to show.
    pub actor: String,
    /// What was done, in one dotted word: "process.published".
    pub action: String,
    /// What it was done to: an id.
    pub subject: String,
    /// What else is to be known, as JSON.
    pub detail: String,
}

/// A line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number, from 1.
    pub seq: i64,
    /// The line.
    pub entry: NewAudit,
    /// The hash of it and of the hash of the line before it; see [`crate::chain`].
    pub hash: String,
}
