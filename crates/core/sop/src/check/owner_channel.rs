//! The rule SOP0102: the owner is a channel, not a seat.
#![doc = include_str!("../../../../../docs/codes/SOP0102.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0102"),
    name: "owner-channel",
    severity: Severity::Error,
    summary: "The owner is a channel, not a seat",
    page: include_str!("../../../../../docs/codes/SOP0102.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        if process.owner.state == gemba_model::OwnerState::Channel {
            let name = process.owner.seat.as_deref().unwrap_or_default();
            found.push(
                RULE.at(
                    super::place(process.owner.span),
                    format!("the owner {name} is a channel, not a seat"),
                )
                .with_help("name the one seat that answers for the process"),
            );
        }
    }
}
