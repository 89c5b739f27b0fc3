//! The workspace as a folder of Markdown, and back: what people keep in git and take with them.
//!
//! [`export`] gives the files, [`import`] takes a folder or archive: one that was exported is restored,
//! any other becomes drafts. Neither touches a disk.

mod agentic;
mod out;
mod restore;
mod sheet;
pub mod team;

pub use out::export;

use crate::{
    Act, App, Error, Result, Who, access, archive, models,
    processes::{self, File, Imported},
};
use std::collections::BTreeMap;

/// The file by which the folder of a workspace is known.
pub const MARK: &str = "workspace.md";
/// The format that is written, as it stands in that file.
const FORMAT: &str = "1";
const TEAM: &str = "team.md";
const SCORECARD: &str = "scorecard.md";
const INDEX: &str = "processes/index.md";
const ATTACHMENTS: &str = "attachments/index.md";

/// A file that somebody wants to import.
#[derive(Debug, Clone)]
pub struct Source {
    /// How it is called in answers.
    pub name: String,
    /// Where it lies within the folder or archive, with `/` between folders.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// Whether somebody chose this very file; then it is read whatever its ending says.
    pub chosen: bool,
}

impl Source {
    /// A file within a folder or archive.
    pub fn within(path: impl Into<String>, bytes: Vec<u8>) -> Self {
        let path = path.into();
        Self { name: path.clone(), path, bytes, chosen: false }
    }
}

/// What is told about an import beside the documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The file or thing it is about.
    pub about: String,
    /// What became of it.
    pub message: String,
}

/// How much of a workspace was restored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Restored {
    /// Seats added.
    pub seats: usize,
    /// Measurables added.
    pub measurables: usize,
    /// Processes added.
    pub processes: usize,
    /// How many of them are in force.
    pub in_force: usize,
    /// Attachments added.
    pub attachments: usize,
}

/// What became of an import.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The documents that became drafts, or refused all.
    pub documents: Vec<Imported>,
    /// What was not taken, was there already or could not be as it was.
    pub notes: Vec<Note>,
    /// What was restored, where the files were the folder of a workspace.
    pub restored: Option<Restored>,
}

/// Whether a file found in a folder or archive is a document by its name.
pub fn is_document(path: &str) -> bool {
    let hidden = path.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
    let lower = path.to_lowercase();
    let markdown = [".md", ".markdown"].iter().any(|ending| lower.ends_with(ending));
    !hidden && (markdown || models::is_model(path))
}

/// Whether this is the text of the file by which the folder of a workspace is known.
pub fn is_mark(bytes: &[u8]) -> bool {
    let text = str::from_utf8(bytes).unwrap_or_default();
    sheet::entries(text).iter().any(|entry| entry.fact("Format").is_some())
}

/// Whether an export writes a file of this path beside its sheets: the text of a process, or an
/// attachment under its digest.
pub fn is_exported(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["processes", _, name] | ["retired", name] => name.strip_suffix(".md").is_some(),
        ["attachments", name] => {
            let digest = name.split('.').next().unwrap_or(name);
            digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit())
        }
        _ => false,
    }
}

/// Imports files, all or none.
///
/// The folder of a workspace adds what is not here yet and overwrites
/// nothing; of any other folder each document becomes a draft, in the function that its folder is named
/// after where it names none itself.
pub async fn import(app: &App, who: &Who, files: Vec<Source>) -> Result<Outcome> {
    access::require(who, Act::Write)?;
    if files.iter().any(|file| file.path == MARK && is_mark(&file.bytes)) {
        let mut by_path = BTreeMap::new();
        for file in files {
            if let Some(twice) = by_path.insert(file.path, file.bytes) {
                drop(twice);
                return Err(Error::invalid("files", "a workspace is imported alone; choose one"));
            }
        }
        return restore::restore(app, who, by_path).await;
    }
    let mut notes = Vec::new();
    let mut documents = Vec::new();
    for Source { name, path, bytes, chosen } in agentic::read(files, &mut notes) {
        if agentic::is_skill(&path) {
            // The folder of a skill is called like the skill.
            documents.push((File { name, bytes }, None));
        } else if chosen || is_document(&path) {
            let folder = path.rsplit_once('/').and_then(|(folders, _)| folders.rsplit('/').next());
            documents.push((File { name, bytes }, folder.and_then(function)));
        } else {
            let message = "is no Markdown document and no BPMN model, and was left out";
            notes.push(Note { about: name, message: message.to_owned() });
        }
    }
    if documents.is_empty() && !notes.is_empty() {
        let message = "there is no Markdown document and no BPMN model in it";
        return Err(Error::invalid("files", message));
    }
    let documents = processes::import_into(app, who, documents).await?;
    Ok(Outcome { documents, notes, restored: None })
}

/// The files of a zip archive, within the limits of [`archive::unpack`] and without the one folder that
/// all of them lie in, if there is one.
pub fn unpacked(bytes: &[u8]) -> Result<Vec<Source>> {
    let files = archive::unpack(bytes)?;
    Ok(unwrapped(files.into_iter().map(|(path, bytes)| Source::within(path, bytes)).collect()))
}

/// The files without the one folder that all of them lie in: archives are often made of a folder.
pub fn unwrapped(mut files: Vec<Source>) -> Vec<Source> {
    let is_noise = |file: &Source| file.path.starts_with("__MACOSX/");
    let mut folders = files.iter().filter(|f| !is_noise(f)).map(|f| f.path.split_once('/'));
    let first = folders.next().flatten().map(|(folder, _)| format!("{folder}/"));
    if let Some(first) = first
        && folders.all(|at| at.is_some_and(|(folder, _)| first.strip_suffix('/') == Some(folder)))
    {
        for file in &mut files {
            if let Some(rest) = file.path.strip_prefix(&first) {
                file.path = rest.to_owned();
            }
        }
    }
    files
}

/// The function that a folder is named after: `customer-success` is "Customer success".
fn function(folder: &str) -> Option<String> {
    let words =
        folder.split(['-', '_', ' ']).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    let mut chars = words.chars();
    let first = chars.next()?;
    let usable = words.chars().count() <= 80 && words.chars().any(char::is_alphabetic);
    usable.then(|| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_names_a_function() {
        for (folder, expected) in [
            ("customer-success", Some("Customer success")),
            ("People_Ops", Some("People Ops")),
            ("hr", Some("Hr")),
            ("2024", None),
            ("--", None),
        ] {
            assert_eq!(function(folder).as_deref(), expected, "{folder}");
        }
    }

    #[test]
    fn a_document_is_known_by_its_name() {
        for (path, expected) in [
            ("a.md", true),
            ("x/A.MD", true),
            ("x/b.markdown", true),
            ("x/c.bpmn", true),
            ("c.txt", false),
            ("__MACOSX/._a.md", false),
            (".git/a.md", false),
            ("md", false),
        ] {
            assert_eq!(is_document(path), expected, "{path}");
        }
    }

    #[test]
    fn the_one_folder_of_an_archive_is_taken_off() {
        let check = |paths: &[&str], expected: &[&str]| {
            let files = paths.iter().map(|p| Source::within(*p, Vec::new())).collect();
            let paths: Vec<String> = unwrapped(files).into_iter().map(|f| f.path).collect();
            assert_eq!(paths, expected);
        };
        check(&["sops/a.md", "sops/hr/b.md"], &["a.md", "hr/b.md"]);
        check(&["sops/a.md", "b.md"], &["sops/a.md", "b.md"]);
        check(&["sops/a.md", "hr/b.md"], &["sops/a.md", "hr/b.md"]);
        check(&["sops/a.md", "__MACOSX/sops/._a.md"], &["a.md", "__MACOSX/sops/._a.md"]);
        check(&["a.md"], &["a.md"]);
        check(&[], &[]);
    }
}
