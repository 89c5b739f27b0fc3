//! The rule SOP0106: no failure signals are stated.
#![doc = include_str!("../../../../../docs/codes/SOP0106.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0106"),
    name: "failure-signals-missing",
    severity: Severity::Warning,
    summary: "No failure signals are stated",
    page: include_str!("../../../../../docs/codes/SOP0106.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        if process.failure_signals.is_empty() {
            found.push(
                RULE.at(
                    reading.notes.title.clone(),
                    format!("\"{}\" does not say how one notices that it failed", process.title),
                )
                .with_help("add a list under `## Failure signals`"),
            );
        }
    }
}
