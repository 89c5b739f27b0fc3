//! `cargo xtask gallery`: hands over to the gallery of maps.

use std::process::ExitCode;

use crate::task::{Outcome, Task};
use crate::workspace::Workspace;

/// Draws the maps; says at the end where the page is.
pub(crate) fn run(workspace: &Workspace, arguments: Vec<String>) -> ExitCode {
    let task = Task::cargo(["run", "--quiet", "--package", "gemba-gallery", "--"])
        .args(arguments)
        .within(&workspace.root);
    match task.run() {
        Outcome::Passed => ExitCode::SUCCESS,
        Outcome::Failed(_) | Outcome::NotRun { .. } => ExitCode::FAILURE,
    }
}
