//! The rule SOP0901: a comment silences a finding that there is not.
#![doc = include_str!("../../../../../docs/codes/SOP0901.md")]

use super::Rule;

use gemba_diag::{Code, Diagnostic, Severity};
use std::ops::Range;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0901"),
    name: "ignore-unused",
    severity: Severity::Warning,
    summary: "A comment silences a finding that there is not",
    page: include_str!("../../../../../docs/codes/SOP0901.md"),
};

pub(crate) fn finding(code: Code, place: Range<usize>) -> Diagnostic {
    RULE.at(place, format!("this silences {code}, which is not found here"))
        .with_help("take the comment out, or put it on the line of the finding or before it")
}
