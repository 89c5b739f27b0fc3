//! The rule SOP0002: the file is not text.
#![doc = include_str!("../../../../../docs/codes/SOP0002.md")]

use super::Rule;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0002"),
    name: "not-text",
    severity: Severity::Error,
    summary: "The file is not text",
    page: include_str!("../../../../../docs/codes/SOP0002.md"),
};

/// The finding for a file that is not text; `at` is the first byte that shows it.
pub(crate) fn finding(at: usize) -> Diagnostic {
    RULE.at(at..at, "the file is not text").with_help("export it as Markdown or plain text")
}
