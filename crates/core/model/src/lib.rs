//! The nouns of Gemba and their invariants: process, step, seat, trigger, RACI, run ids.
//!
//! Every other crate of the house speaks in these types. Nothing here reads a clock, a file or a
//! random number, and nothing here knows Markdown, SQL or HTTP.

pub mod acceptance;
pub mod approval;
pub mod change;
pub mod cue;
pub mod due;
pub mod field;
pub mod flow;
pub mod id;
pub mod limit;
pub mod matching;
pub mod net;
pub mod period;
pub mod policy;
pub mod priority;
pub mod process;
pub mod raci;
pub mod recurrence;
pub mod review;
pub mod role;
pub mod signal;
pub mod slug;
pub mod span;
mod words;

pub use cue::Cue;
pub use flow::{Branch, Next, Routes};
pub use policy::{Misfire, Overlap, Policy};
pub use priority::Priority;
pub use process::{
    Decision, Evidence, EvidenceKind, FailureSignal, Output, Owner, OwnerState, Procedure, Process,
    SeatSource, Section, Step, StepId, StepKind, StepSeat, Target, Trigger, TriggerKind,
    ValueState,
};
pub use recurrence::Recurrence;
pub use slug::{Slug, slug};
pub use span::Span;
