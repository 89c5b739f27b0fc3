//! The fuzz targets, a minute each: part of `cargo ci --nightly`.
//!
//! `fuzz/` is a package of its own with an empty `[workspace]` table, so that nothing else waits for
//! its build. Adding a target is adding a file to `fuzz/fuzz_targets` and its `[[bin]]`.

use std::path::Path;

use crate::programs;
use crate::task::{Outcome, Task};
use crate::workspace::Workspace;

const CARGO_FUZZ: &str = "0.13.2";
const SECONDS: u32 = 60;

/// Runs every target under `fuzz/fuzz_targets`.
pub(crate) fn run(workspace: &Workspace) -> Outcome {
    let folder = workspace.root.join("fuzz");
    let targets = targets(&folder.join("fuzz_targets"));
    if targets.is_empty() {
        return Outcome::Failed("there are no fuzz targets under fuzz/fuzz_targets".to_owned());
    }
    let home = workspace.tools().join("cargo");
    programs::ensure(&["c++"]).then(|| install(&home)).then(|| {
        let mut ended = Outcome::Passed;
        for target in targets {
            ended = ended.then(|| {
                Task::new(home.join("bin/cargo-fuzz"))
                    .args(["fuzz", "run", &target, "--"])
                    .args([format!("-max_total_time={SECONDS}"), "-verbosity=0".to_owned()])
                    // The sanitizer's coverage flags are not stable; nothing else unstable is used.
                    .env("RUSTC_BOOTSTRAP", "1")
                    .within(&workspace.root)
                    .run()
            });
        }
        ended
    })
}

fn install(home: &Path) -> Outcome {
    if home.join("bin/cargo-fuzz").is_file() {
        return Outcome::Passed;
    }
    Task::cargo(["install", "cargo-fuzz", "--locked", "--version", CARGO_FUZZ, "--root"])
        .arg(home)
        .run()
}

fn targets(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let files = entries.flatten().map(|entry| entry.path());
    let mut names: Vec<String> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .filter_map(|file| Some(file.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    names
}
