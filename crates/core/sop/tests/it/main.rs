//! The SOP language, tested from outside.

mod canonical;
mod clauses;
mod contradicting;
mod fixes;
mod language;
mod plainly;
mod quiet;
mod rules;
#[expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "it reads files that a person annotated and prints figures for people"
)]
mod score;
mod silencing;
mod styles;
