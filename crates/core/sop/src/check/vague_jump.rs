//! The rule SOP0202: a branch does not say where it leads.
#![doc = include_str!("../../../../../docs/codes/SOP0202.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0202"),
    name: "vague-jump",
    severity: Severity::Warning,
    summary: "A branch does not say where it leads",
    page: include_str!("../../../../../docs/codes/SOP0202.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        for step in process.all_steps() {
            for decision in &step.decisions {
                if let gemba_model::Target::Vague(words) = &decision.target {
                    found.push(
                        RULE.at(
                            super::place(decision.span),
                            format!("\"{words}\" does not say which step"),
                        )
                        .with_help("name the step by its number"),
                    );
                }
            }
        }
    }
}
