//! The rule SOP0005: lists are nested too deep.
#![doc = include_str!("../../../../../docs/codes/SOP0005.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0005"),
    name: "too-deep",
    severity: Severity::Error,
    summary: "Lists are nested too deep",
    page: include_str!("../../../../../docs/codes/SOP0005.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(range) = &document.tree.too_deep {
        found.push(
            RULE.at(range.clone(), "lists are nested too deep to be read")
                .with_help("move the inner steps into a process of their own"),
        );
    }
}
