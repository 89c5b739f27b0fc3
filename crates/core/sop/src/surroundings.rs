//! What is known around a document: the seats of the workspace, its processes, other files, today.

use gemba_model::Step;
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

    /// What the seats are called.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let seats = self.seats.iter().flatten();
        seats.flat_map(|s| std::iter::once(&s.name).chain(&s.aliases)).map(String::as_str)
    }

    /// The process that a document's link to a procedure means: by its file, by its name in addresses or
    /// by its title. A process without a file is known by the name that its file would have.
    fn process(&self, document: &str, to: &str) -> Option<&KnownProcess> {
        let path = to.split(['#', '?']).next().unwrap_or_default().trim();
        if path.is_empty() || path.contains("://") {
            return None;
        }
        let known = || self.processes.iter().flatten();
        let file = beside(document, path);
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let stem = [".md", ".markdown"].iter().find_map(|end| name.strip_suffix(end));
        let bare = stem.unwrap_or(name);
        known()
            .find(|p| p.file.is_some() && p.file == file)
            .or_else(|| known().find(|p| p.file.is_none() && p.slug.eq_ignore_ascii_case(bare)))
            .or_else(|| known().find(|p| same(&p.slug, path) || same(&p.title, path)))
    }

    /// Binds the calls of a document's steps to the processes that are known: what was a link is then
    /// the name of the process in addresses.
    pub(crate) fn bind(&self, document: &str, steps: &mut [Step]) {
        // Nested no deeper than the reader of steps allows.
        for step in steps {
            if let Some(procedure) = &mut step.procedure
                && let Some(process) = self.process(document, &procedure.to)
            {
                process.slug.clone_into(&mut procedure.to);
            }
            self.bind(document, &mut step.steps);
        }
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

/// A relative path as seen from the folder of a file; nothing where it leads above all folders.
pub(crate) fn beside(file: &str, path: &str) -> Option<String> {
    let unix = file.replace('\\', "/");
    let folder = unix.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|p| *p != "." && !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let root = if unix.starts_with('/') { "/" } else { "" };
    Some(format!("{root}{}", parts.join("/")))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn known(slug: &str, title: &str, file: Option<&str>) -> KnownProcess {
        let file = file.map(str::to_owned);
        KnownProcess { slug: slug.to_owned(), title: title.to_owned(), file }
    }

    #[test]
    fn a_call_is_bound_to_the_process_that_its_link_means() {
        let processes = vec![
            known("refunds", "Refunds", Some("sops/money/refunds.md")),
            known("payroll", "Monthly payroll", None),
        ];
        let around = Surroundings { processes: Some(processes), ..Surroundings::default() };
        for (to, expected) in [
            ("money/refunds.md", "refunds"),
            ("./money/refunds.md#late", "refunds"),
            ("../sops/money/refunds.md", "refunds"),
            ("refunds", "refunds"),
            ("Refunds", "refunds"),
            ("monthly payroll", "payroll"),
            ("people/payroll.md", "payroll"),
            ("/processes/payroll", "payroll"),
            // Another file of the same name is another document.
            ("other/refunds.md", "other/refunds.md"),
            ("https://wiki.example.org/payroll", "https://wiki.example.org/payroll"),
            ("hiring.md", "hiring.md"),
            ("#payroll", "#payroll"),
        ] {
            let text = format!("# Close\n\n## Steps\n\n1. Follow the [procedure](<{to}>).\n");
            let compiled = crate::compile_in(&text, "sops/close.md", &around);
            let step = compiled.processes.first().and_then(|p| p.steps.first());
            let bound = step.and_then(|s| s.procedure.as_ref()).map(|p| p.to.as_str());
            let calls = !to.starts_with('#');
            assert_eq!(bound, calls.then_some(expected), "{to}");
        }
    }
}
