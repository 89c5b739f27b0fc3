//! What is wrong with a text, as data: code, span, severity, message, help and fix, and the forms in
//! which a reader or a program gets it.
//!
//! This crate knows no rule and no language: it is given findings and the text they are about.

pub mod apply;
pub mod diagnostic;
pub mod diff;
pub mod line_index;
pub mod located;
pub mod sarif;
pub mod text;

pub use apply::apply;
pub use diagnostic::{Code, Diagnostic, Fix, Related, Severity};
pub use line_index::{LineIndex, Position};
pub use located::{Located, Tally};
