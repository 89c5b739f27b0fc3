//! One external program, run to its end: what it is called with and how it ended.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How a step of `cargo ci` ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    Failed(String),
    /// Something that it needs is missing; `install` is the line that brings it.
    NotRun {
        why: String,
        install: String,
    },
}

impl Outcome {
    /// The next task's outcome if this one passed, else this one's.
    pub(crate) fn then(self, next: impl FnOnce() -> Outcome) -> Outcome {
        match self {
            Outcome::Passed => next(),
            ended => ended,
        }
    }
}

/// A program with its arguments, its folder and what is added to its environment.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    program: OsString,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    folder: Option<PathBuf>,
}

impl Task {
    pub(crate) fn new(program: impl Into<OsString>) -> Task {
        Task {
            program: program.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            folder: None,
        }
    }

    pub(crate) fn cargo<const N: usize>(arguments: [&str; N]) -> Task {
        Task::new("cargo").args(arguments)
    }

    pub(crate) fn arg(mut self, argument: impl Into<OsString>) -> Task {
        self.arguments.push(argument.into());
        self
    }

    pub(crate) fn args<A: Into<OsString>>(
        mut self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Task {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    pub(crate) fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Task {
        self.environment.push((name.into(), value.into()));
        self
    }

    pub(crate) fn within(mut self, folder: &Path) -> Task {
        self.folder = Some(folder.to_path_buf());
        self
    }

    /// Runs it to the end, with its output on the terminal.
    pub(crate) fn run(&self) -> Outcome {
        eprintln!("$ {}", self.line());
        match self.command().status() {
            Ok(status) if status.success() => Outcome::Passed,
            Ok(status) => Outcome::Failed(format!("`{}`: {status}", self.line())),
            Err(error) => Outcome::Failed(format!("`{}` did not start: {error}", self.line())),
        }
    }

    /// Runs it to the end and takes what it printed.
    pub(crate) fn text(&self) -> Result<String, String> {
        let output = self
            .command()
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("`{}` did not start: {error}", self.line()))?;
        if !output.status.success() {
            return Err(format!("`{}`: {}", self.line(), output.status));
        }
        String::from_utf8(output.stdout)
            .map_err(|error| format!("`{}` did not print text: {error}", self.line()))
    }

    /// The command line as one would type it.
    pub(crate) fn line(&self) -> String {
        let words = std::iter::once(&self.program).chain(&self.arguments);
        words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        // Set by the cargo that runs this program; left in, they would tell the next cargo's build
        // scripts of a package that is not theirs and make them run again.
        for (name, _) in std::env::vars_os() {
            if is_of_this_package(&name) {
                command.env_remove(name);
            }
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }
}

fn is_of_this_package(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_shown_as_one_would_type_it() {
        assert_eq!(Task::cargo(["fmt", "--all"]).arg("--check").line(), "cargo fmt --all --check");
    }

    #[test]
    fn a_program_that_is_not_there_is_a_failure_and_not_a_panic() {
        let ended = Task::new("gemba-no-such-program").run();
        assert!(matches!(ended, Outcome::Failed(why) if why.contains("did not start")));
    }

    #[test]
    fn what_comes_after_a_failure_does_not_run() {
        let ended = Outcome::Failed("first".to_owned()).then(|| panic!("ran"));
        assert_eq!(ended, Outcome::Failed("first".to_owned()));
    }
}
