//! What is known around a document: the seats of the workspace, its processes, other files, today.

use jiff::civil::Date;
use std::collections::BTreeSet;

/// What a document is held against; what is not known is not judged.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The seats that exist.
    pub seats: Option<Vec<KnownSeat>>,
    /// The processes that exist beside those of the document.
    pub processes: Option<Vec<KnownProcess>>,
    /// The folders whose documents are known.
    pub folders: Vec<Folder>,
    /// The day on which the document is read.
    pub today: Option<Date>,
}

/// A seat of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSeat {
    /// Its name.
    pub name: String,
    /// What else it is called.
    pub aliases: Vec<String>,
    /// Who holds it.
    pub holder: Holder,
}

/// Who holds a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A person.
    Person,
    /// An AI agent.
    Agent,
    /// Nobody.
    Vacant,
}

/// A process of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownProcess {
    /// Its name in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The file that holds it, where it is one.
    pub file: Option<String>,
}

/// A folder of which all Markdown documents are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// The folder, with `/` between its parts.
    pub path: String,
    /// Its documents, each with the folder's path before it.
    pub files: BTreeSet<String>,
}

impl Surroundings {
    /// The seat of this name or alias, whatever its letters are, with or without "the".
    pub(crate) fn seat(&self, name: &str) -> Option<&KnownSeat> {
        let is = |other: &String| same(other, name);
        self.seats.iter().flatten().find(|s| is(&s.name) || s.aliases.iter().any(is))
    }

    /// Whether a path lies in a folder whose documents are known and is none of them.
    pub(crate) fn lacks(&self, path: &str) -> bool {
        self.folders.iter().any(|folder| {
            let inside = folder.path.is_empty()
                || path.strip_prefix(&folder.path).is_some_and(|rest| rest.starts_with('/'));
            inside && !folder.files.contains(path)
        })
    }
}

/// Whether two names are one but for the case of their letters and a "the" before them.
fn same<'a>(one: &'a str, other: &'a str) -> bool {
    let lower = |name: &'a str| bare(name).chars().flat_map(char::to_lowercase);
    lower(one).eq(lower(other))
}

fn bare(name: &str) -> &str {
    let name = name.trim();
    match name.split_at_checked(4) {
        Some((the, rest)) if the.eq_ignore_ascii_case("the ") => rest.trim_start(),
        _ => name,
    }
}
