//! The front-end bundle: built when Node is there and an input changed.
//!
//! Invariant: the pages work without it, so its absence never stops a build of the server.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use crate::programs;
use crate::task::{Outcome, Task};
use crate::workspace::Workspace;

/// What was done about the bundle.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Bundle {
    /// It is there and made from the present inputs.
    Current,
    /// It could not be made.
    Absent(Outcome),
}

/// Builds the bundle if it is missing or older than its inputs.
pub(crate) fn ensure(workspace: &Workspace) -> Bundle {
    let web = workspace.root.join("crates/doors/web");
    let (front, dist) = (web.join("front"), web.join("dist"));
    if !front.join("build.mjs").is_file() {
        return Bundle::Absent(Outcome::NotRun {
            why: "there is no front end in this checkout".to_owned(),
            install: "git checkout crates/doors/web/front".to_owned(),
        });
    }
    let inputs = fingerprint(&[&front, &web.join("assets")]);
    let stamp = Stamp::new(workspace, "front");
    // The server's own build makes the folder and leaves it empty.
    if has_files(&dist) && stamp.says(inputs) {
        return Bundle::Current;
    }
    let ended = programs::ensure(&["node", "npm"])
        .then(|| packages(workspace, &front))
        .then(|| Task::new("node").arg("build.mjs").within(&front).run());
    if ended == Outcome::Passed {
        stamp.set(inputs);
        return Bundle::Current;
    }
    Bundle::Absent(ended)
}

fn packages(workspace: &Workspace, front: &Path) -> Outcome {
    let lock = hash(&std::fs::read(front.join("package-lock.json")).unwrap_or_default());
    let stamp = Stamp::new(workspace, "front-packages");
    if front.join("node_modules").is_dir() && stamp.says(lock) {
        return Outcome::Passed;
    }
    let ended = Task::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .within(front)
        .run();
    if ended == Outcome::Passed {
        stamp.set(lock);
    }
    ended
}

/// A number kept under the build folder, to see whether inputs are as they were.
struct Stamp(PathBuf);

impl Stamp {
    fn new(workspace: &Workspace, name: &str) -> Stamp {
        Stamp(workspace.tools().join(name).with_extension("stamp"))
    }

    fn says(&self, number: u64) -> bool {
        std::fs::read_to_string(&self.0).is_ok_and(|text| text == number.to_string())
    }

    fn set(&self, number: u64) {
        let written = self.0.parent().map_or(Ok(()), std::fs::create_dir_all);
        let written = written.and_then(|()| std::fs::write(&self.0, number.to_string()));
        if let Err(error) = written {
            // Only costs another build next time.
            eprintln!("{}: {error}", self.0.display());
        }
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// One number for the names and contents of the folders' files, without what npm installed.
fn fingerprint(folders: &[&Path]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for folder in folders {
        let mut files = Vec::new();
        collect(folder, &mut files);
        files.sort();
        for file in files {
            file.strip_prefix(folder).unwrap_or(&file).hash(&mut hasher);
            std::fs::read(&file).unwrap_or_default().hash(&mut hasher);
        }
    }
    hasher.finish()
}

fn has_files(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if !path.is_dir() {
            files.push(path);
        } else if !path.ends_with("node_modules") {
            collect(&path, files);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("gemba-xtask-{}-{name}", std::process::id()));
        std::fs::create_dir_all(folder.join("node_modules")).unwrap();
        std::fs::write(folder.join("a.css"), "a{}").unwrap();
        folder
    }

    #[test]
    fn a_changed_input_changes_the_fingerprint_and_an_installed_package_does_not() {
        let folder = folder("fingerprint");
        let before = fingerprint(&[&folder]);
        std::fs::write(folder.join("node_modules/b.js"), "1").unwrap();
        assert_eq!(fingerprint(&[&folder]), before);
        std::fs::write(folder.join("a.css"), "b{}").unwrap();
        assert_ne!(fingerprint(&[&folder]), before);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
