//! What somebody wants of a run.

use crate::{By, Origin, event::Left};
use gemba_model::{
    StepId,
    id::{SeatId, WorkItemId},
};

/// The wish to begin a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Who or what starts it.
    pub by: By,
    /// Why.
    pub origin: Origin,
    /// What this run is about.
    pub title: String,
}

/// Which open step is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The work item with this id.
    Item(WorkItemId),
    /// The step with this id.
    Step(StepId),
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
}

/// The wish to change a running run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Take a work item.
    Claim {
        /// Which.
        which: Which,
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
    /// End the run before its end.
    Cancel {
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
    /// Whether they may do the work of any seat (managers and above).
    pub any_seat: bool,
}
