//! The rule SOP0403: more than one seat answers for a step.
#![doc = include_str!("../../../../../docs/codes/SOP0403.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::raci::Conflict;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0403"),
    name: "several-accountable",
    severity: Severity::Error,
    summary: "More than one seat answers for a step",
    page: include_str!("../../../../../docs/codes/SOP0403.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        for step in super::conflicting(process, Conflict::SeveralAccountable) {
            found.push(
                RULE.at(
                    step.span.range(),
                    format!("more than one seat answers for step {}", step.number),
                )
                .with_help("leave one seat as accountable and make the others consulted"),
            );
        }
    }
}
