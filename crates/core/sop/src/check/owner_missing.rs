//! The rule SOP0101: no owner is named.
#![doc = include_str!("../../../../../docs/codes/SOP0101.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0101"),
    name: "owner-missing",
    severity: Severity::Error,
    summary: "No owner is named",
    page: include_str!("../../../../../docs/codes/SOP0101.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        if process.owner.state == gemba_model::OwnerState::Missing {
            found.push(
                RULE.at(
                    reading.notes.title.clone(),
                    format!("no owner is named for \"{}\"", process.title),
                )
                .with_help("add `owner: <seat>` to the front matter"),
            );
        }
    }
}
