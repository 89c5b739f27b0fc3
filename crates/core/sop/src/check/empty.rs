//! The rule SOP0001: the document is empty.
#![doc = include_str!("../../../../../docs/codes/SOP0001.md")]

use super::Rule;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0001"),
    name: "empty",
    severity: Severity::Error,
    summary: "The document is empty",
    page: include_str!("../../../../../docs/codes/SOP0001.md"),
};

/// The finding for an empty document.
pub(crate) fn finding() -> Diagnostic {
    RULE.at(0..0, "the document is empty").with_help("write a title, an owner and the steps")
}
