//! What somebody wants of a run.

use crate::{
    By, Open, Origin,
    event::{ActedFor, Left},
};
use gemba_model::{
    Priority, StepId,
    id::{AccountId, RunId, SeatId, WorkItemId},
};
use jiff::{SignedDuration, Timestamp};

/// The wish to begin a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Who or what starts it.
    pub by: By,
    /// Why.
    pub origin: Origin,
    /// What this run is about.
    pub title: String,
    /// What it is given: words under a name, and values that steps ask for.
    pub inputs: Vec<Given>,
    /// How urgent it is.
    pub priority: Priority,
}

/// Which open step is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The work item with this id.
    Item(WorkItemId),
    /// The step with this id.
    Step(StepId),
}

impl Which {
    /// Whether this open step is meant.
    pub fn is(&self, open: &Open) -> bool {
        match self {
            Self::Item(item) => open.item == *item,
            Self::Step(step) => open.step == *step,
        }
    }
}

/// Proof as brought; checked and kept as [`Left`].
pub type Given = Left;

/// What comes with "done".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    /// The branch taken.
    pub branch: Option<String>,
    /// Why that branch.
    pub reason: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// The proof.
    pub evidence: Vec<Given>,
    /// The fencing token of the claim under which the work was done; a claim that is no longer the
    /// present one is refused.
    pub token: Option<u32>,
    /// The digest of what was on record when it was approved.
    pub shown: Option<String>,
}

/// The wish to change a running run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Take a work item, or take it for longer.
    Claim {
        /// Which.
        which: Which,
        /// How long it is kept from others; without end where nothing is said.
        lease: Option<SignedDuration>,
    },
    /// Give a work item back.
    Release {
        /// Which.
        which: Which,
    },
    /// Report a step as done.
    Complete {
        /// Which.
        which: Which,
        /// What comes with it.
        with: Completion,
    },
    /// Go on without doing a step.
    Skip {
        /// Which.
        which: Which,
        /// The branch to go on with, where the step has several ways out.
        branch: Option<String>,
        /// Why.
        reason: String,
    },
    /// Hand a work item to another seat.
    Reassign {
        /// Which.
        which: Which,
        /// To whom.
        to: SeatId,
        /// Why.
        reason: String,
    },
    /// Give a work item to a person, to do it for its seat.
    Delegate {
        /// Which.
        which: Which,
        /// To whom.
        to: AccountId,
        /// Their name.
        name: String,
        /// Until when; without end where nothing is said.
        until: Option<Timestamp>,
        /// What is said with it.
        note: Option<String>,
    },
    /// Take back what was given to a person, or give it back.
    TakeBack {
        /// Which.
        which: Which,
    },
    /// Put a work item aside until a moment; without one, take it up again.
    Defer {
        /// Which.
        which: Which,
        /// Until when.
        until: Option<Timestamp>,
    },
    /// Say how urgent the run is.
    Prioritise {
        /// How urgent.
        priority: Priority,
    },
    /// Hand an approval that nobody gave in time to the seat above, or to nobody where there is none.
    Escalate {
        /// Which.
        item: WorkItemId,
        /// To whom.
        to: Option<SeatId>,
    },
    /// Let happen what time brings: a wait is over, a deadline has passed, a claim has run out, a failure
    /// signal tells. Nothing where nothing is due.
    Wake,
    /// What becomes of the procedure that a step carries out as a run of its own.
    Call(Call),
    /// Let the run go round once more, where it stands still because it went round often enough.
    AllowRound {
        /// Why.
        reason: String,
    },
    /// End the run before its end: its clean-up begins, where it has one. While that is done, end it at
    /// once.
    Cancel {
        /// Why.
        reason: String,
    },
}

/// What becomes of the procedure that a step carries out as a run of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// It was started as this run.
    Begun {
        /// The work item of the step.
        item: WorkItemId,
        /// The run.
        run: RunId,
    },
    /// It cannot be started.
    NotMade {
        /// The work item of the step.
        item: WorkItemId,
        /// Why.
        why: String,
    },
    /// Its run came to its end.
    Returned {
        /// The run.
        run: RunId,
        /// How it ended.
        outcome: Option<String>,
        /// The values that it has.
        values: Vec<Given>,
        /// The branch that they decide, with the reason, and what the step asks for of them. Where that is
        /// not all, the step is left to its seat.
        with: Completion,
    },
    /// Its run was ended before its end.
    Ended {
        /// The run.
        run: RunId,
        /// Why.
        reason: String,
    },
}

/// Who asks, with what standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// Who.
    pub by: By,
    /// The seats they act for.
    pub seats: Vec<SeatId>,
    /// The seats on which they act for somebody who is away.
    pub acting: Vec<Acting>,
    /// Whether they may do the work of any seat (managers and above).
    pub any_seat: bool,
}

/// A seat on which somebody acts for its holder, who is away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// The seat.
    pub seat: SeatId,
    /// Its holder.
    pub away: ActedFor,
}

impl Asker {
    /// Whether they act for this seat, by themselves or for its holder who is away.
    pub fn holds(&self, seat: SeatId) -> bool {
        self.seats.contains(&seat) || self.acting.iter().any(|acting| acting.seat == seat)
    }

    /// Who does something for this seat: where it is held by somebody who is away, acting for them.
    pub fn by_for(&self, seat: SeatId) -> By {
        let acting = self.acting.iter().find(|acting| acting.seat == seat);
        match (&self.by, acting.filter(|_| !self.seats.contains(&seat))) {
            (By::Person { account, name, .. }, Some(acting)) => By::Person {
                account: *account,
                name: name.clone(),
                acting_for: Some(acting.away.clone()),
            },
            (by, _) => by.clone(),
        }
    }
}
