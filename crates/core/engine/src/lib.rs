//! What a command means for a run: [`decide()`](decide::decide) and [`Run::apply`].
//!
//! Both are pure and total. `decide` reads the state and says which events happen or why not; `apply`
//! is the only writer of state and needs nothing but the event, so replaying the events of a run
//! gives its state on any machine at any time.
//!
//! Invariant: nothing here reads a clock, makes an id of its own, or knows how events are kept.

pub mod command;
pub mod decide;
pub mod event;
pub mod moving;
pub mod plan;
pub mod rejection;
pub mod run;

pub use command::{Acting, Call, Command, Completion, Given, Start, Which};
pub use decide::{Now, decide, start};
pub use event::{ActedFor, By, Caller, Event, Origin, Value};
pub use plan::{Plan, PlanStep, Unbound};
pub use rejection::Rejection;
pub use run::{Claim, Delegated, Group, Open, Run, Status};
