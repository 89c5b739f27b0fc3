//! The rule SOP0902: a comment that should silence a finding cannot.
#![doc = include_str!("../../../../../docs/codes/SOP0902.md")]

use super::Rule;

use gemba_diag::{Code, Diagnostic, Severity};
use std::ops::Range;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0902"),
    name: "ignore-unclear",
    severity: Severity::Warning,
    summary: "A comment that should silence a finding cannot",
    page: include_str!("../../../../../docs/codes/SOP0902.md"),
};

pub(crate) fn finding(place: Range<usize>, why: impl AsRef<str>) -> Diagnostic {
    RULE.at(place, format!("this silences nothing: {}", why.as_ref()))
        .with_help("write <!-- gemba-ignore CODE: the reason -->, for a warning or an info")
}
