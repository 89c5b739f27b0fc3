//! The rule SOP0310: a heading is no heading: the space after its marks is missing.
#![doc = include_str!("../../../../../docs/codes/SOP0310.md")]

use super::{Document, Rule};
use crate::block::Kind;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0310"),
    name: "heading-space",
    severity: Severity::Warning,
    summary: "A heading is no heading: the space after its marks is missing",
    page: include_str!("../../../../../docs/codes/SOP0310.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for passage in document.passages.iter().filter(|p| p.block.kind == Kind::Para) {
        let start = passage.block.span.start;
        let text = document.source.get(passage.block.span.clone()).unwrap_or_default();
        let mut at = start;
        for line in text.split_inclusive('\n') {
            let rest = line.trim_start_matches('#');
            let marks = line.len() - rest.len();
            // One mark may open a channel's name.
            if (2..=6).contains(&marks) && rest.starts_with(char::is_alphabetic) {
                let end = at + line.trim_end().len();
                found.push(
                    RULE.at(at..end, "this is no heading: a space is missing after its marks")
                        .with_fix(at + marks..at + marks, " ", "put a space after the marks"),
                );
            }
            at += line.len();
        }
    }
}
