//! The rule SOP0203: a step is never reached.
#![doc = include_str!("../../../../../docs/codes/SOP0203.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0203"),
    name: "unreachable-step",
    severity: Severity::Warning,
    summary: "A step is never reached",
    page: include_str!("../../../../../docs/codes/SOP0203.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        let reached = gemba_model::flow::reachable(process);
        for (step, reached) in process.steps.iter().zip(reached) {
            if !reached {
                found.push(
                    RULE.at(
                        step.span.range(),
                        format!("step {} \"{}\" is never reached", step.number, step.title),
                    )
                    .with_help("let a branch lead to it, or remove it"),
                );
            }
        }
    }
}
