//! The rule SOP0009: there are too many steps.
#![doc = include_str!("../../../../../docs/codes/SOP0009.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0009"),
    name: "too-many-steps",
    severity: Severity::Error,
    summary: "There are too many steps",
    page: include_str!("../../../../../docs/codes/SOP0009.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        if reading.notes.too_many {
            found.push(
                RULE.at(
                    reading.notes.title.clone(),
                    format!("\"{}\" has more than a thousand steps", process.title),
                )
                .with_help("split it into processes that call one another"),
            );
        }
    }
}
