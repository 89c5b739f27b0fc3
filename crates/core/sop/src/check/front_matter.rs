//! The rule SOP0006: the front matter cannot be read.
#![doc = include_str!("../../../../../docs/codes/SOP0006.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0006"),
    name: "front-matter",
    severity: Severity::Error,
    summary: "The front matter cannot be read",
    page: include_str!("../../../../../docs/codes/SOP0006.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    if let Some((reason, range)) = &document.front.fault {
        found.push(
            RULE.at(range.clone(), format!("the front matter cannot be read: {reason}"))
                .with_help("write one `key: value` per line and quote values with a colon"),
        );
    }
}
