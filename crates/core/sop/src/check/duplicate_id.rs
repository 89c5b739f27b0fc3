//! The rule SOP0301: two steps have the same id.
#![doc = include_str!("../../../../../docs/codes/SOP0301.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0301"),
    name: "duplicate-step-id",
    severity: Severity::Error,
    summary: "Two steps have the same id",
    page: include_str!("../../../../../docs/codes/SOP0301.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        let _ = process;
        for (id, range) in &reading.notes.twice {
            found.push(
                RULE.at(range.clone(), format!("two steps have the id `{id}`"))
                    .with_help("give each step its own id, or leave the new one out"),
            );
        }
    }
}
