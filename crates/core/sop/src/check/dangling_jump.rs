//! The rule SOP0201: a branch leads to a step that does not exist.
#![doc = include_str!("../../../../../docs/codes/SOP0201.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0201"),
    name: "dangling-jump",
    severity: Severity::Error,
    summary: "A branch leads to a step that does not exist",
    page: include_str!("../../../../../docs/codes/SOP0201.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        for step in process.all_steps() {
            for decision in &step.decisions {
                if let gemba_model::Target::Dangling(words) = &decision.target {
                    found.push(
                        RULE.at(
                            super::place(decision.span),
                            format!("\"{words}\" leads to a step that does not exist"),
                        )
                        .with_help(format!("the steps are numbered 1 to {}", process.steps.len())),
                    );
                }
            }
        }
    }
}
