//! The rule SOP0116: nothing says why the process exists.
#![doc = include_str!("../../../../../docs/codes/SOP0116.md")]

use super::{Document, Rule};
use crate::passage::says;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0116"),
    name: "purpose-missing",
    severity: Severity::Info,
    summary: "Nothing says why the process exists",
    page: include_str!("../../../../../docs/codes/SOP0116.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        let said = !process.purpose.trim().is_empty()
            || reading.notes.settings.get(&["description", "purpose", "summary"]).is_some()
            || process.sections.iter().any(|section| {
                let words = crate::outline::words(&section.title);
                SAID.iter().any(|word| says(&words, word))
            });
        if !said && !process.steps.is_empty() {
            found.push(
                RULE.at(
                    reading.notes.title.clone(),
                    format!("nothing says why \"{}\" exists", process.title),
                )
                .with_help("write a sentence under the title: who gets what out of it"),
            );
        }
    }
}

const SAID: [&str; 10] = [
    "purpose",
    "scope",
    "overview",
    "summary",
    "introduction",
    "background",
    "about",
    "objective",
    "goal",
    "why",
];
