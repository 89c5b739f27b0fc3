//! `cargo xtask bench NAME`: hands over to the benchmarks, on a release build.

use std::process::ExitCode;

use crate::task::{Outcome, Task};
use crate::workspace::Workspace;

/// Those that measure the binary itself.
const BINARY: [&str; 3] = ["http", "memory", "rest"];

/// Runs one benchmark; its last line on standard output is its figures as JSON.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> ExitCode {
    if arguments.first().is_some_and(|name| BINARY.contains(&name.as_str())) {
        // This one measures the binary itself.
        let built = Task::cargo(["build", "--release", "--package", "gemba-cli"])
            .within(&workspace.root)
            .run();
        if !matches!(built, Outcome::Passed) {
            return ExitCode::FAILURE;
        }
    }
    let task = Task::cargo(["run", "--release", "--quiet", "--package", "gemba-bench", "--"])
        .args(arguments)
        .within(&workspace.root);
    match task.run() {
        Outcome::Passed => ExitCode::SUCCESS,
        Outcome::Failed(_) | Outcome::NotRun { .. } => ExitCode::FAILURE,
    }
}
