//! The rule SOP0809: steps stand in a comment that readers do not see.
#![doc = include_str!("../../../../../docs/codes/SOP0809.md")]

use super::{Document, Rule, comment_orders};
use crate::block::{Block, Kind, Piece};
use gemba_diag::{Code, Diagnostic, Severity};
use std::ops::Range;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0809"),
    name: "comment-steps",
    severity: Severity::Info,
    summary: "Steps stand in a comment that readers do not see",
    page: include_str!("../../../../../docs/codes/SOP0809.md"),
};

/// The most of a comment that is read.
const MOST: usize = 20_000;

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    if !document.source.contains("<!--") {
        return;
    }
    let code = code_places(document);
    let mut at = 0;
    while let Some((start, length)) = comment_orders::comment(document.source, at) {
        at = start + length;
        let text = document.source.get(start..at).unwrap_or_default();
        let shown = code.iter().any(|place| place.contains(&start));
        if shown || !text.starts_with("<!--") {
            continue;
        }
        let inside = text.trim_start_matches("<!--").trim_end_matches("-->");
        let count = steps(crate::passage::head(inside, MOST));
        if count > 0 {
            let things = if count == 1 { "a step" } else { "steps" };
            found.push(
                RULE.at(start..at, format!("this comment holds {things} that readers do not see"))
                    .with_help("take the comment marks off, or take the steps out"),
            );
        }
    }
}

/// Where code stands: what looks like a comment there is shown.
fn code_places(document: &Document<'_>) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut stack: Vec<&Block> = document.tree.blocks.iter().collect();
    while let Some(block) = stack.pop() {
        if block.kind == Kind::Code {
            places.push(block.span.clone());
        }
        let code = block.inline.iter().filter(|part| matches!(part.piece, Piece::Code(_)));
        places.extend(code.map(|part| part.span.clone()));
        stack.extend(&block.children);
    }
    places
}

/// How many lines of a comment are items that say what is done.
fn steps(inside: &str) -> usize {
    let items = inside.lines().filter_map(|line| {
        let bare = line.trim_start();
        let numbered = bare.trim_start_matches(|c: char| c.is_ascii_digit());
        let counted = numbered.len() < bare.len();
        let number = numbered.strip_prefix(". ").or_else(|| numbered.strip_prefix(") "));
        let bullet =
            ["- [ ] ", "- [x] ", "- ", "* "].iter().find_map(|mark| bare.strip_prefix(mark));
        number.filter(|_| counted).or(bullet)
    });
    let does =
        |text: &&str| crate::verbs::is_act(text) || crate::actor::of_sentence(text).is_some();
    items.filter(|text| text.split_whitespace().count() > 1).filter(does).count()
}
