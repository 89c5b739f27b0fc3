//! The files of the repository, as text, by their path from its root.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Text by path; paths have `/` on every system.
pub(crate) type Files = BTreeMap<String, String>;

/// Made by a build or by git, never written by a person.
const NOT_OURS: [&str; 5] = [".git", "target", "node_modules", "dist", "corpus"];

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).unwrap().to_path_buf()
}

/// Every text file of the checkout whose path passes.
pub(crate) fn all(wanted: impl Fn(&str) -> bool) -> Files {
    let root = root();
    let mut files = Files::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_symlink() || NOT_OURS.contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let shown = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            // A picture or a font is not text, and a file may go while its neighbours are read.
            if wanted(&shown)
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                files.insert(shown, text);
            }
        }
    }
    files
}

/// A few files for a test, by path and text.
pub(crate) fn some(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

/// Whether a path ends in that extension.
pub(crate) fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}
