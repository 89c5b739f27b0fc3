//! The rule SOP0312: a checkbox is no checkbox: the space in it is missing.
#![doc = include_str!("../../../../../docs/codes/SOP0312.md")]

use super::{Document, Rule};
use crate::block::Kind;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0312"),
    name: "checkbox-space",
    severity: Severity::Info,
    summary: "A checkbox is no checkbox: the space in it is missing",
    page: include_str!("../../../../../docs/codes/SOP0312.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for passage in document.passages.iter().filter(|p| p.block.kind == Kind::Para && !p.quoted) {
        let start = passage.block.span.start;
        let text = document.source.get(passage.block.span.clone()).unwrap_or_default();
        let before = document.source.get(..start).unwrap_or_default();
        if text.starts_with("[] ") && ["- ", "* ", "+ "].iter().any(|mark| before.ends_with(mark)) {
            found.push(
                RULE.at(start..start + 2, "this is no checkbox: a space is missing in it")
                    .with_fix(start..start + 2, "[ ]", "write `[ ]`"),
            );
        }
    }
}
