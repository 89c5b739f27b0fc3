//! The rule SOP0110: the trigger is a blank to be filled in.
#![doc = include_str!("../../../../../docs/codes/SOP0110.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0110"),
    name: "trigger-placeholder",
    severity: Severity::Warning,
    summary: "The trigger is a blank to be filled in",
    page: include_str!("../../../../../docs/codes/SOP0110.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        for trigger in &process.triggers {
            if trigger.state == gemba_model::ValueState::Placeholder {
                found.push(
                    RULE.at(super::place(trigger.span), "the trigger is a blank to be filled in"),
                );
            }
        }
    }
}
