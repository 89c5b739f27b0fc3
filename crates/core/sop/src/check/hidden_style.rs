//! The rule SOP0806: a piece of HTML is styled so that nobody sees it.
#![doc = include_str!("../../../../../docs/codes/SOP0806.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0806"),
    name: "hidden-style",
    severity: Severity::Warning,
    summary: "A piece of HTML is styled so that nobody sees it",
    page: include_str!("../../../../../docs/codes/SOP0806.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    let source = document.source;
    let mut at = 0;
    while let Some(open) = source.get(at..).and_then(|rest| rest.find('<')) {
        let start = at + open;
        let rest = source.get(start..).unwrap_or_default();
        let opens = rest.get(1..).is_some_and(|r| r.starts_with(|c: char| c.is_ascii_alphabetic()));
        // A tag is short: what runs on without an end is none.
        let length = rest.bytes().take(1_000).position(|b| b == b'>');
        let (Some(length), true) = (length, opens) else {
            at = start + 1;
            continue;
        };
        let tag = rest.get(..length + 1).unwrap_or_default().to_ascii_lowercase();
        let bare: String = tag.chars().filter(|c| !c.is_whitespace()).collect();
        let styled = bare.contains("style=")
            && STYLES.iter().any(|style| {
                bare.match_indices(style).any(|(at, _)| {
                    // "background-color:white" hides nothing, nor does "opacity:0.8".
                    let before = bare.get(..at).unwrap_or_default();
                    let after = bare.get(at + style.len()..).unwrap_or_default();
                    !before.ends_with('-')
                        && !after.starts_with(['.', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
                })
            });
        if styled
            || tag.split_whitespace().skip(1).any(|word| word.trim_end_matches('>') == "hidden")
        {
            found.push(
                RULE.at(start..start + length + 1, "what this tag holds is not shown")
                    .with_help("show it or take it out"),
            );
        }
        at = start + length + 1;
    }
}

const STYLES: [&str; 9] = [
    "display:none",
    "visibility:hidden",
    "font-size:0",
    "opacity:0",
    "color:white",
    "color:#fff",
    "color:transparent",
    "height:0",
    "width:0",
];
