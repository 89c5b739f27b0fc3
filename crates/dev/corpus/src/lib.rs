//! How well ordinary SOPs are read, measured against documents that a person read.
//!
//! The documents are not part of the repository. A folder holds them as Markdown, and beside them in
//! `truth/` what a person found in each: steps with their actors and decisions, trigger, owner,
//! expected output, failure signals. Each piece is a count of what was right among what was wanted.

mod compare;
mod report;
mod score;
mod truth;

pub use report::{Figure, Report};
pub use truth::{Corpus, Document};
