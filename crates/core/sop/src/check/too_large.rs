//! The rule SOP0004: the file is too large.
#![doc = include_str!("../../../../../docs/codes/SOP0004.md")]

use super::Rule;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0004"),
    name: "too-large",
    severity: Severity::Error,
    summary: "The file is too large",
    page: include_str!("../../../../../docs/codes/SOP0004.md"),
};

/// The finding for a file of this many bytes.
pub(crate) fn finding(bytes: usize) -> Diagnostic {
    let message = format!("the file has {bytes} bytes; at most {} are read", crate::MAX_BYTES);
    RULE.at(0..0, message).with_help("split it: one process per file")
}
