//! The rule SOP0506: two documents describe the same process.
#![doc = include_str!("../../../../../docs/codes/SOP0506.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0506"),
    name: "process-twice",
    severity: Severity::Warning,
    summary: "Two documents describe the same process",
    page: include_str!("../../../../../docs/codes/SOP0506.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    let Some(known) = &document.surroundings.processes else { return };
    for reading in document.readings {
        let process = &reading.process;
        let other = known.iter().find(|p| {
            // Where processes are no files, the text of one goes by the name of it.
            let names = [p.file.as_deref(), Some(p.slug.as_str())];
            let elsewhere = !names.contains(&Some(document.file_name));
            elsewhere
                && (p.slug == process.slug.as_str() || p.title.eq_ignore_ascii_case(&process.title))
        });
        if let Some(other) = other {
            let place = other.file.as_deref().map_or(String::new(), |file| format!(" in {file}"));
            found.push(
                RULE.at(
                    reading.notes.title.clone(),
                    format!("there is another \"{}\"{place}", other.title),
                )
                .with_help("keep one of them, or say in the titles what differs"),
            );
        }
    }
}
