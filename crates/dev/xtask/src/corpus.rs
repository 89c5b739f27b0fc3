//! `cargo xtask corpus`: hands over to the measure of how well SOPs are read.

use std::process::ExitCode;

use crate::task::{Outcome, Task};
use crate::workspace::Workspace;

/// Runs the measure; its last line on standard output is its figures as JSON.
pub(crate) fn run(workspace: &Workspace, arguments: Vec<String>) -> ExitCode {
    let task = Task::cargo(["run", "--quiet", "--package", "gemba-corpus", "--"])
        .args(arguments)
        .within(&workspace.root);
    match task.run() {
        Outcome::Passed => ExitCode::SUCCESS,
        Outcome::Failed(_) | Outcome::NotRun { .. } => ExitCode::FAILURE,
    }
}
