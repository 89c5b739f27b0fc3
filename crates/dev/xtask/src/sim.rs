//! `cargo xtask sim`: hands over to the simulator.

use std::process::ExitCode;

use crate::task::{Outcome, Task};
use crate::workspace::Workspace;

/// How many seeds `cargo ci --nightly` simulates.
const NIGHTLY: &str = "100000";

/// Simulates; says at the end which seeds break a law.
pub(crate) fn run(workspace: &Workspace, mut arguments: Vec<String>) -> ExitCode {
    let n = arguments.len();
    arguments.retain(|argument| argument != "--release");
    match simulate(workspace, n != arguments.len(), arguments) {
        Outcome::Passed => ExitCode::SUCCESS,
        Outcome::Failed(_) | Outcome::NotRun { .. } => ExitCode::FAILURE,
    }
}

/// So many seeds that it takes the speed of a release build.
pub(crate) fn nightly(workspace: &Workspace) -> Outcome {
    simulate(workspace, true, vec!["--count".to_owned(), NIGHTLY.to_owned()])
}

fn simulate(workspace: &Workspace, release: bool, arguments: Vec<String>) -> Outcome {
    let task = Task::cargo(["run", "--quiet", "--package", "gemba-sim"]);
    let task = if release { task.args(["--release"]) } else { task };
    task.args(["--"]).args(arguments).within(&workspace.root).run()
}
