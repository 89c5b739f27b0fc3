//! The rule SOP0003: the text is not valid UTF-8.
#![doc = include_str!("../../../../../docs/codes/SOP0003.md")]

use super::Rule;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0003"),
    name: "not-utf-8",
    severity: Severity::Error,
    summary: "The text is not valid UTF-8",
    page: include_str!("../../../../../docs/codes/SOP0003.md"),
};

/// The finding for text in another encoding; `at` is the first byte that shows it.
pub(crate) fn finding(at: usize) -> Diagnostic {
    RULE.at(at..at, "the text is not valid UTF-8").with_help("save the file as UTF-8")
}
