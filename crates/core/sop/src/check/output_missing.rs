//! The rule SOP0105: no expected output is stated.
#![doc = include_str!("../../../../../docs/codes/SOP0105.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0105"),
    name: "output-missing",
    severity: Severity::Warning,
    summary: "No expected output is stated",
    page: include_str!("../../../../../docs/codes/SOP0105.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        if process.expected_output.is_empty() {
            found.push(
                RULE.at(
                    reading.notes.title.clone(),
                    format!("\"{}\" does not say what it produces", process.title),
                )
                .with_help("add a list under `## Expected output`"),
            );
        }
    }
}
