//! The rule SOP0504: a link leads to a document that does not exist.
#![doc = include_str!("../../../../../docs/codes/SOP0504.md")]

use super::{Document, Rule};
use crate::near::nearest;
use crate::passage::place_in;
use crate::surroundings::beside;

use gemba_diag::{Code, Diagnostic, Severity};
use std::collections::BTreeSet;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0504"),
    name: "file-missing",
    severity: Severity::Warning,
    summary: "A link leads to a document that does not exist",
    page: include_str!("../../../../../docs/codes/SOP0504.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    if document.surroundings.folders.is_empty() {
        return;
    }
    let mut looked = 0;
    let mut said: BTreeSet<String> = BTreeSet::new();
    super::each_link(document, |target, range| {
        let path = target.split(['#', '?']).next().unwrap_or_default();
        let relative = !path.contains([':', '{', '%', '\\', ' ']) && !path.starts_with('/');
        if !relative || !path.to_ascii_lowercase().ends_with(".md") {
            return;
        }
        let Some(path) = beside(document.file_name, path) else { return };
        // Mending the first mends the others: they lead to the same document.
        if !document.surroundings.lacks(&path) || !said.insert(path.clone()) {
            return;
        }
        let made = RULE.at(range.clone(), format!("there is no document {path}"));
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        // A slip in the name of a document of the same folder.
        let beside =
            document.surroundings.folders.iter().flat_map(|f| &f.files).filter_map(|file| {
                let (other, name) = file.rsplit_once('/').unwrap_or(("", file));
                (other == folder).then_some(name)
            });
        let place = place_in(document.source, &range, name);
        // Looking for what was meant takes time: a few times are enough for a person.
        looked += 1;
        let meant = (looked <= 20).then(|| nearest(name, beside)).flatten();
        found.push(match meant {
            Some(meant) if place.len() == name.len() => {
                made.with_fix(place, meant, format!("write `{meant}`"))
            }
            _ => made.with_help("mend the link, or write the document"),
        });
    });
}
