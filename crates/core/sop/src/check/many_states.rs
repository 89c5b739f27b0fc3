//! The rule SOP0214: there are too many ways through the process to check them all.
#![doc = include_str!("../../../../../docs/codes/SOP0214.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0214"),
    name: "too-many-states",
    severity: Severity::Info,
    summary: "There are too many ways through the process to check them all",
    page: include_str!("../../../../../docs/codes/SOP0214.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for (reading, verdict) in document.readings.iter().zip(document.verdicts) {
        if verdict.limited {
            found.push(
                RULE.at(
                    reading.notes.title.clone(),
                    format!("\"{}\" has too many ways to check them all", reading.process.title),
                )
                .with_help("make one step of parts that always go together"),
            );
        }
    }
}
