//! BPMN 2.0 with diagram interchange: models read and written without loss, processes made into models
//! and models into processes.
//!
//! [`read`] keeps everything that stands in a file and reports what is wrong with it; [`write()`] gives
//! it back. [`of_process`] draws a process as a model, [`to_processes`] makes processes of
//! one, [`drawn`] draws what a model leaves undrawn.

pub mod codes;
mod complete;
mod definitions;
mod encoding;
mod export;
mod import;
mod markdown;
mod read;
mod scope;
mod write;
pub mod xml;

pub use codes::{Rule, rules};
pub use complete::drawn;
pub use definitions::{Definitions, Ids};
pub use export::of_process;
pub use import::{Imported, to_processes};
pub use read::{MAX_BYTES, Refusal, Report, read};
pub use write::write;
