//! The rule SOP0402: nobody answers for a step.
#![doc = include_str!("../../../../../docs/codes/SOP0402.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::raci::Conflict;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0402"),
    name: "nobody-accountable",
    severity: Severity::Info,
    summary: "Nobody answers for a step",
    page: include_str!("../../../../../docs/codes/SOP0402.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        // One finding: the cause is one, the missing owner.
        let unsaid = process.raci.is_empty() && process.owner.named().is_none();
        if unsaid {
            // The owner is missing, and that has a finding of its own.
            continue;
        }
        let count = super::conflicting(process, Conflict::NobodyAccountable).len();
        if count > 0 {
            found.push(
                RULE.at(
                    reading.notes.title.clone(),
                    format!("nobody answers for {count} steps of \"{}\"", process.title),
                )
                .with_help("name an owner, who answers for every step unless a row says otherwise"),
            );
        }
    }
}
