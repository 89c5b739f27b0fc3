//! `cargo demo`: the product's main job in one command, on a sample company.

use std::path::Path;
use std::process::ExitCode;

use crate::front::{self, Bundle};
use crate::task::{Outcome, Task};
use crate::workspace::{Profile, Workspace};

/// Builds what is needed and becomes `gemba demo`.
pub(crate) fn run(workspace: &Workspace, arguments: Vec<String>) -> ExitCode {
    let (profile, arguments) = split(arguments);
    if let Bundle::Absent(why) = front::ensure(workspace) {
        let why = match why {
            Outcome::Passed => String::new(),
            Outcome::Failed(why) | Outcome::NotRun { why, .. } => format!(" ({why})"),
        };
        eprintln!("Going on without the front-end bundle{why}: the pages work without it.");
    }
    let (ended, gemba) = workspace.build_gemba(profile);
    if let Outcome::Failed(why) = ended {
        eprintln!("{why}");
        return ExitCode::FAILURE;
    }
    become_program(&gemba, &arguments)
}

/// `--release` is for the build, everything else for `gemba demo`.
fn split(arguments: Vec<String>) -> (Profile, Vec<String>) {
    let (mine, theirs): (Vec<_>, Vec<_>) =
        arguments.into_iter().partition(|argument| argument == "--release");
    (if mine.is_empty() { Profile::Dev } else { Profile::Release }, theirs)
}

/// Takes this program's place, so that signals and the exit code are the server's own.
#[cfg(unix)]
fn become_program(gemba: &Path, arguments: &[String]) -> ExitCode {
    use std::os::unix::process::CommandExt as _;
    let error = Task::new(gemba).arg("demo").args(arguments).command().exec();
    eprintln!("{} did not start: {error}", gemba.display());
    ExitCode::FAILURE
}

#[cfg(not(unix))]
fn become_program(gemba: &Path, arguments: &[String]) -> ExitCode {
    match Task::new(gemba).arg("demo").args(arguments).run() {
        Outcome::Passed => ExitCode::SUCCESS,
        Outcome::Failed(_) | Outcome::NotRun { .. } => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str], profile: Profile, rest: &[&str]) {
        let (got, left) = split(arguments.iter().map(ToString::to_string).collect());
        assert_eq!((got, left), (profile, rest.iter().map(ToString::to_string).collect()));
    }

    #[test]
    fn the_build_profile_is_asked_for_anywhere_and_the_rest_is_passed_on() {
        check(&[], Profile::Dev, &[]);
        check(&["--listen", "127.0.0.1:0"], Profile::Dev, &["--listen", "127.0.0.1:0"]);
        check(&["--listen", "x", "--release"], Profile::Release, &["--listen", "x"]);
    }
}
