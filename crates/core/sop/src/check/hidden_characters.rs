//! The rule SOP0801: the text holds characters that hide what it says.
#![doc = include_str!("../../../../../docs/codes/SOP0801.md")]

use super::{Document, Rule};
use crate::passage::beyond_ascii;
use gemba_diag::{Code, Diagnostic, Severity};
use std::ops::Range;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0801"),
    name: "hidden-characters",
    severity: Severity::Error,
    summary: "The text holds characters that hide what it says",
    page: include_str!("../../../../../docs/codes/SOP0801.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for (range, kind) in runs(document.source) {
        found.push(
            RULE.at(range.clone(), format!("{} {kind} here", count(document.source, &range)))
                .with_fix(range, "", "take the hidden characters out"),
        );
    }
}

/// How many characters hide something: "1 tag character" or "12 characters".
fn count(source: &str, range: &Range<usize>) -> String {
    let n = source.get(range.clone()).unwrap_or_default().chars().count();
    if n == 1 { "1 character that".to_owned() } else { format!("{n} characters that") }
}

/// What a character hides.
fn hides(c: char) -> Option<&'static str> {
    match c {
        '\u{e0000}'..='\u{e007f}' => Some("spell out hidden words stand"),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some("turn the direction of the text stand")
        }
        '\u{e0100}'..='\u{e01ef}' => Some("carry hidden data stand"),
        _ => None,
    }
}

/// The runs of hidden characters; one selector behind a letter picks its shape and hides nothing.
fn runs(source: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut found: Vec<(Range<usize>, &'static str)> = Vec::new();
    // Where a flag ends that tag characters may go on with.
    let mut flag = None;
    for (at, c) in beyond_ascii(source) {
        let end = at + c.len_utf8();
        match hides(c) {
            // The flags of England, Scotland and Wales are a black flag and tag characters.
            Some(_) if flag == Some(at) && ('\u{e0000}'..='\u{e007f}').contains(&c) => {
                flag = Some(end);
                continue;
            }
            Some(kind) => match found.last_mut() {
                Some((range, same)) if range.end == at && *same == kind => range.end = end,
                _ => found.push((at..end, kind)),
            },
            None => {}
        }
        flag = (c == '\u{1f3f4}').then_some(end);
    }
    let selectors = "carry hidden data stand";
    found.retain(|(range, kind)| *kind != selectors || range.len() > 4);
    found
}
