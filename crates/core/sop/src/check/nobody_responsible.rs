//! The rule SOP0401: nobody does a step.
#![doc = include_str!("../../../../../docs/codes/SOP0401.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::raci::Conflict;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0401"),
    name: "nobody-responsible",
    severity: Severity::Info,
    summary: "Nobody does a step",
    page: include_str!("../../../../../docs/codes/SOP0401.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        // One finding: the cause is one, the missing owner.
        let count = super::conflicting(process, Conflict::NobodyResponsible).len();
        if count > 0 {
            found.push(
                RULE.at(
                    reading.notes.title.clone(),
                    format!("{count} steps of \"{}\" name nobody who does them", process.title),
                )
                .with_help(
                    "name an owner, or write the seat after the step's lead: `**Lead** — Seat`",
                ),
            );
        }
    }
}
