//! Agents on seats: what each was hired for, how far it goes, what stops it.

mod bar;
mod charters;
pub(crate) mod guard;
mod stops;

pub use bar::{Bar, Lack};
pub use charters::{AgentView, CharterInput, charter, list, readiness};
pub use stops::{StopView, Target, resume, stop, stopped};
