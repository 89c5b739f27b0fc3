//! The rule SOP0501: the file holds several processes.
#![doc = include_str!("../../../../../docs/codes/SOP0501.md")]

use super::{Document, Rule};
use crate::block::{Block, Kind};
use crate::labels;
use crate::outline::{self, Section};
use gemba_diag::{Code, Diagnostic, Severity};
use std::ops::Range;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0501"),
    name: "several-processes",
    severity: Severity::Info,
    summary: "The file holds several processes",
    page: include_str!("../../../../../docs/codes/SOP0501.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    if let [_, second, ..] = document.readings {
        let count = document.readings.len();
        found.push(
            RULE.at(second.notes.title.clone(), format!("the file holds {count} processes"))
                .with_help("keep one process per file"),
        );
    } else if let Some((at, count)) = beside(document) {
        found.push(
            RULE.at(at, format!("the file seems to hold {count} processes, read as one"))
                .with_help("keep one process per file, so that each has its own owner and trigger"),
        );
    }
}

/// Parts of the document that are processes by what they are called ("Procedure B: Closing the shop") or
/// say (an owner or a trigger of their own, under a title of their own): where the second is, and how many.
fn beside(document: &Document<'_>) -> Option<(Range<usize>, usize)> {
    let headings = || document.tree.blocks.iter().filter(|b| matches!(b.kind, Kind::Heading(_)));
    let called: Vec<&Block> = headings().filter(|block| is_called_one(block.plain())).collect();
    if let [_, second, ..] = called.as_slice() {
        return Some((second.span.clone(), called.len()));
    }
    // The closer look is for the few documents with several titles.
    if headings().filter(|block| block.kind == Kind::Heading(1)).count() < 2 {
        return None;
    }
    let sections = outline::sections(&document.tree.blocks);
    let says = |section: &Section<'_>| {
        let trigger = section.words == "trigger" || section.words == "triggers";
        trigger || labels::of(section.blocks).iter().any(|l| SAYS.contains(&l.key.as_str()))
    };
    let saying: Vec<&Section<'_>> = sections
        .iter()
        .enumerate()
        .filter(|(_, title)| title.level == 1)
        .filter(|(at, _)| {
            let own = sections.iter().skip(*at).enumerate();
            own.take_while(|(n, s)| *n == 0 || s.level > 1).any(|(_, section)| says(section))
        })
        .map(|(_, title)| title)
        .collect();
    let second = saying.get(1)?;
    Some((second.heading.map_or(0..0, |heading| heading.span.clone()), saying.len()))
}

/// What a process says of itself.
const SAYS: [&str; 5] = ["owner", "process owner", "trigger", "triggers", "sop owner"];

/// Whether a heading counts procedures: "Procedure A: ...", "SOP 2 - ...".
fn is_called_one(title: &str) -> bool {
    let mut words = title.split_whitespace();
    let kind = words.next().unwrap_or_default().to_lowercase();
    let mark = words.next().unwrap_or_default();
    let bare = mark.trim_end_matches([':', '.', '-', '–', '—']);
    let counted = bare.chars().all(|c| c.is_ascii_digit()) || bare.len() == 1;
    ["procedure", "process", "sop"].contains(&kind.as_str())
        && !bare.is_empty()
        && counted
        && words.next().is_some()
}
