//! The suites that look at the built program from outside, in other languages than Rust.
//!
//! Such a suite is an executable script `crates/RING/CRATE/suites/NAME.sh`. Its first comment lines
//! say what it takes:
//!
//! ```text
//! # needs: node npm chromium              system programs, by the names in programs.rs
//! # install: npm ci --ignore-scripts      what brings the suite's own packages, run beforehand
//! ```
//!
//! Both lines are optional, and each may occur several times. The script and its install lines run
//! in the crate's folder, with `GEMBA_BIN` (the built binary) and `GEMBA_SUITE_WORK` (a folder of
//! the suite's own that is never committed) in the environment. It passes by ending with zero.
//! Adding a suite is adding the file.

use std::path::{Path, PathBuf};

use crate::programs;
use crate::task::{Outcome, Task};
use crate::workspace::Workspace;

/// A suite that hangs must not take the whole run with it.
const LIMIT: &str = "20m";

/// One script with what it said of itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Suite {
    pub(crate) name: String,
    folder: PathBuf,
    script: PathBuf,
    needs: Vec<String>,
    install: Vec<String>,
}

/// Every suite of the workspace, in the order of their paths.
pub(crate) fn all(workspace: &Workspace) -> Vec<Suite> {
    let mut scripts: Vec<PathBuf> = entries(&workspace.root.join("crates"))
        .iter()
        .flat_map(|ring| entries(ring))
        .flat_map(|package| entries(&package.join("suites")))
        .filter(|path| path.extension().is_some_and(|extension| extension == "sh"))
        .collect();
    scripts.sort();
    scripts.iter().filter_map(|script| Suite::read(script)).collect()
}

impl Suite {
    fn read(script: &Path) -> Option<Suite> {
        let folder = script.parent()?.parent()?;
        let text = std::fs::read_to_string(script).unwrap_or_default();
        let package = folder.file_name()?.to_string_lossy();
        let name = script.file_stem()?.to_string_lossy();
        let needs = header(&text, "needs:");
        Some(Suite {
            name: format!("{package}/{name}"),
            folder: folder.to_path_buf(),
            script: script.to_path_buf(),
            needs: needs
                .iter()
                .flat_map(|line| line.split([' ', ',']))
                .filter(|word| !word.is_empty())
                .map(ToOwned::to_owned)
                .collect(),
            install: header(&text, "install:"),
        })
    }

    /// Brings what it needs, then runs it against the binary.
    pub(crate) fn run(&self, workspace: &Workspace, gemba: &Path) -> Outcome {
        let work = workspace.target.join("suites").join(&self.name);
        if let Err(error) = std::fs::create_dir_all(&work) {
            return Outcome::Failed(format!("{}: {error}", workspace.shown(&work)));
        }
        let needs: Vec<&str> = self.needs.iter().map(String::as_str).collect();
        let here = |task: Task| {
            task.within(&self.folder).env("GEMBA_BIN", gemba).env("GEMBA_SUITE_WORK", &work)
        };
        let mut ready = programs::ensure(&needs);
        for line in &self.install {
            ready = ready.then(|| {
                match here(Task::new("sh").args(["-euc", line])).run() {
                    // Its packages are missing, which says nothing about the product.
                    Outcome::Failed(why) => Outcome::NotRun { why, install: line.clone() },
                    ended => ended,
                }
            });
        }
        ready.then(|| here(self.limited()).run())
    }

    fn limited(&self) -> Task {
        match programs::on_path("timeout") {
            Some(timeout) => Task::new(timeout).args(["--kill-after=10s", LIMIT]).arg(&self.script),
            None => Task::new(&self.script),
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().map(|entry| entry.path()).collect()
}

/// The values of one key in the comment lines that a script begins with.
fn header(text: &str, key: &str) -> Vec<String> {
    text.lines()
        .take_while(|line| line.starts_with('#'))
        .filter_map(|line| line.trim_start_matches('#').trim_start().strip_prefix(key))
        .map(|value| value.trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, key: &str, expected: &[&str]) {
        assert_eq!(header(text, key), expected, "{text}");
    }

    #[test]
    fn a_script_says_what_it_needs_in_its_first_comment_lines() {
        check("#!/bin/sh\n# needs: node npm\n# install: npm ci\necho", "needs:", &["node npm"]);
        check("#!/bin/sh\n# needs: a\n# install: x\n# install: y z\n", "install:", &["x", "y z"]);
        check("#!/bin/sh\necho\n# needs: late\n", "needs:", &[]);
        check("", "needs:", &[]);
    }

    #[test]
    fn every_suite_of_the_workspace_asks_for_known_programs() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
        let workspace = Workspace { target: root.join("target"), root };
        for suite in all(&workspace) {
            for need in suite.needs {
                let known = programs::PROGRAMS.iter().any(|program| program.is_called(&need));
                assert!(known, "{} needs {need}, which programs.rs does not list", suite.name);
            }
        }
    }
}
