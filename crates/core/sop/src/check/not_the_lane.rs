//! The rule SOP0404: the RACI row and the step name different seats.
#![doc = include_str!("../../../../../docs/codes/SOP0404.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::raci::Conflict;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0404"),
    name: "raci-contradicts-step",
    severity: Severity::Warning,
    summary: "The RACI row and the step name different seats",
    page: include_str!("../../../../../docs/codes/SOP0404.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        for step in super::conflicting(process, Conflict::NotTheLane) {
            found.push(
                RULE.at(
                    step.span.range(),
                    format!(
                        "the RACI row of step {} names another seat than the step",
                        step.number
                    ),
                )
                .with_help("name the same seat in both"),
            );
        }
    }
}
