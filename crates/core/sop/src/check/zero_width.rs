//! The rule SOP0802: a character without width stands within a word.
#![doc = include_str!("../../../../../docs/codes/SOP0802.md")]

use super::{Document, Rule};
use crate::passage::beyond_ascii;

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0802"),
    name: "zero-width",
    severity: Severity::Warning,
    summary: "A character without width stands within a word",
    page: include_str!("../../../../../docs/codes/SOP0802.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    let may_be =
        |c: char| matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{00ad}' | '\u{feff}');
    if !beyond_ascii(document.source).any(|(_, c)| may_be(c)) {
        return;
    }
    let mut before = None;
    let mut chars = document.source.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let invisible = match c {
            '\u{200b}' | '\u{2060}' | '\u{00ad}' => true,
            '\u{feff}' => at > 0,
            // Joiners belong to emoji and to scripts other than Latin.
            '\u{200c}' | '\u{200d}' => {
                let plain = |c: Option<char>| c.is_none_or(|c| c.is_ascii());
                plain(before) && plain(chars.peek().map(|(_, c)| *c))
            }
            _ => false,
        };
        if invisible {
            let range = at..at + c.len_utf8();
            let number = u32::from(c);
            found.push(
                RULE.at(
                    range.clone(),
                    format!("a character without width (U+{number:04X}) stands here"),
                )
                .with_fix(range, "", "take the character out"),
            );
        } else {
            before = Some(c);
        }
    }
}
