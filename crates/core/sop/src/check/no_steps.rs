//! The rule SOP0104: there are no steps.
#![doc = include_str!("../../../../../docs/codes/SOP0104.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0104"),
    name: "no-steps",
    severity: Severity::Error,
    summary: "There are no steps",
    page: include_str!("../../../../../docs/codes/SOP0104.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        if process.steps.is_empty() {
            found.push(
                RULE.at(
                    reading.notes.title.clone(),
                    format!("there are no steps in \"{}\"", process.title),
                )
                .with_help("write them as a numbered list under `## Steps`"),
            );
        }
    }
}
