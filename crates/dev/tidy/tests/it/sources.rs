//! What every source file and every manifest has.

use crate::files::{self, Files, has_extension};
use crate::none;

/// Past this a file holds two jobs.
const MOST_LINES: usize = 700;

/// The folders people's own files are in; a path into one says where somebody sat.
const SOMEBODYS: [&str; 3] = ["home", "root", "Users"];

fn opening_lines(files: &Files) -> Vec<String> {
    files
        .iter()
        .filter(|(path, text)| is_source(path) && !text.starts_with("//!"))
        .map(|(path, _)| format!("{path} does not begin with a //! line that says its one job"))
        .collect()
}

/// `noun.rs` beside `noun/` names the file in every list of open files; `mod.rs` does not.
fn nameless_modules(files: &Files) -> Vec<String> {
    files
        .keys()
        .filter(|path| path.contains("/src/") && path.ends_with("/mod.rs"))
        .map(|path| format!("{path} is named after its folder instead"))
        .collect()
}

fn lengths(files: &Files) -> Vec<String> {
    files
        .iter()
        .filter(|(path, _)| path.starts_with("crates/") && has_extension(path, "rs"))
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(path, lines)| format!("{path} has {lines} lines, more than {MOST_LINES}"))
        .collect()
}

fn lints(files: &Files) -> Vec<String> {
    files
        .iter()
        .filter(|(path, text)| {
            path.starts_with("crates/")
                && path.ends_with("/Cargo.toml")
                && !text.contains("[lints]\nworkspace = true")
        })
        .map(|(path, _)| format!("{path} does not inherit the lints of the workspace"))
        .collect()
}

fn versions(files: &Files) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files {
        if !path.starts_with("crates/") || !path.ends_with("/Cargo.toml") {
            continue;
        }
        let mut within = false;
        for line in text.lines() {
            if line.starts_with('[') {
                within = line.contains("dependencies");
            } else if within && line.contains('=') && !line.contains("workspace") {
                found.push(format!("{path}: `{line}` is not from the table of the workspace"));
            }
        }
    }
    found
}

fn machine_paths(files: &Files, checkout: &str) -> Vec<String> {
    let mut words: Vec<String> = SOMEBODYS.iter().map(|folder| format!("/{folder}/")).collect();
    // A checkout right below the root of the machine could be named like a word of ours.
    if checkout.matches('/').count() > 1 {
        words.push(checkout.to_owned());
    }
    let mut found = Vec::new();
    for (path, text) in files {
        for (number, line) in (1..).zip(text.lines()) {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("{path}:{number} holds a path of somebody's machine: {line}"));
            }
        }
    }
    found
}

fn is_source(path: &str) -> bool {
    path.starts_with("crates/") && path.contains("/src/") && has_extension(path, "rs")
}

#[test]
fn every_source_file_and_manifest_has_what_it_must() {
    let files = files::all(|path| path != "Cargo.lock");
    let mut found = opening_lines(&files);
    found.extend(lengths(&files));
    found.extend(nameless_modules(&files));
    found.extend(lints(&files));
    found.extend(versions(&files));
    found.extend(machine_paths(&files, files::root().to_str().unwrap()));
    none(&found);
}

#[test]
fn a_file_that_does_not_say_its_job_is_found() {
    let files = files::some(&[
        ("crates/core/model/src/a.rs", "//! One job.\n"),
        ("crates/core/model/src/b.rs", "fn b() {}\n"),
    ]);
    assert_eq!(
        opening_lines(&files),
        ["crates/core/model/src/b.rs does not begin with a //! line that says its one job"]
    );
}

#[test]
fn a_file_that_is_too_long_is_found() {
    let files = files::some(&[
        ("crates/core/model/src/a.rs", &"\n".repeat(700)),
        ("crates/core/model/tests/it/b.rs", &"\n".repeat(701)),
    ]);
    assert_eq!(lengths(&files), ["crates/core/model/tests/it/b.rs has 701 lines, more than 700"]);
}

#[test]
fn a_manifest_with_rules_of_its_own_is_found() {
    let files = files::some(&[
        ("crates/a/b/Cargo.toml", "[lints]\nworkspace = true\n[dependencies]\nx.workspace = true"),
        ("crates/a/c/Cargo.toml", "[dev-dependencies]\nx = \"1\"\n"),
    ]);
    assert_eq!(
        lints(&files),
        ["crates/a/c/Cargo.toml does not inherit the lints of the workspace"]
    );
    assert_eq!(
        versions(&files),
        ["crates/a/c/Cargo.toml: `x = \"1\"` is not from the table of the workspace"]
    );
}

#[test]
fn a_path_of_somebodys_machine_is_found() {
    let path = format!("/{}/ann/notes", SOMEBODYS[0]);
    let files = files::some(&[
        ("a.md", &format!("see\n{path}\n")),
        ("b.md", "in /srv/gemba/main/x"),
        ("c.md", "fine"),
    ]);
    assert_eq!(
        machine_paths(&files, "/srv/gemba/main"),
        [
            format!("a.md:2 holds a path of somebody's machine: {path}"),
            "b.md:1 holds a path of somebody's machine: in /srv/gemba/main/x".to_owned(),
        ]
    );
    assert_eq!(machine_paths(&files, "/gemba").len(), 1);
}

#[test]
fn a_module_named_mod_is_found() {
    let files = files::some(&[
        ("crates/core/sop/src/check/mod.rs", ""),
        ("crates/core/sop/src/check.rs", ""),
    ]);
    assert_eq!(
        nameless_modules(&files),
        ["crates/core/sop/src/check/mod.rs is named after its folder instead"]
    );
}
