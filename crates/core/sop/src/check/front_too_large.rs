//! The rule SOP0007: the front matter is too large.
#![doc = include_str!("../../../../../docs/codes/SOP0007.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0007"),
    name: "front-matter-too-large",
    severity: Severity::Error,
    summary: "The front matter is too large",
    page: include_str!("../../../../../docs/codes/SOP0007.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(range) = &document.front.too_large {
        found.push(
            RULE.at(range.clone(), "the front matter is larger than 64 KiB and was not read"),
        );
    }
}
