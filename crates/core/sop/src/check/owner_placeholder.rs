//! The rule SOP0107: the owner is a blank to be filled in.
#![doc = include_str!("../../../../../docs/codes/SOP0107.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0107"),
    name: "owner-placeholder",
    severity: Severity::Error,
    summary: "The owner is a blank to be filled in",
    page: include_str!("../../../../../docs/codes/SOP0107.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        if process.owner.state == gemba_model::OwnerState::Placeholder {
            found.push(
                RULE.at(super::place(process.owner.span), "the owner is a blank to be filled in")
                    .with_help("name the one seat that answers for the process"),
            );
        }
    }
}
