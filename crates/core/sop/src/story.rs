//! What the running text of a document says about owner, trigger, output and failure.

use crate::actor;
use crate::block::{Block, Kind};
use crate::carrier::Found;
use crate::inline::sentences;
use crate::lexicon::Lexicon;
use crate::outline::{Piece, Section};
use crate::settings::{owner_named, span};
use crate::{seat, when};
use gemba_model::{FailureSignal, Output, Owner, OwnerState, Span, Trigger};

/// What was read between the lines.
#[derive(Debug, Default)]
pub(crate) struct Story {
    pub(crate) owner: Option<Owner>,
    pub(crate) triggers: Vec<Trigger>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) failures: Vec<FailureSignal>,
}

/// Reads the text of a process; a document in the canonical form says these things outright.
pub(crate) fn read(sections: &[Section<'_>], found: &Found<'_>, title: Option<usize>) -> Story {
    if found.canonical {
        return Story::default();
    }
    Story {
        owner: owner(sections),
        triggers: when::triggers(sections, found, title),
        outputs: outputs(sections),
        failures: failures(sections),
    }
}

/// The owner that a table row, a label line or a sentence names.
fn owner(sections: &[Section<'_>]) -> Option<Owner> {
    for section in sections {
        for block in section.blocks {
            let found = match block.kind {
                Kind::Table => owner_row(block),
                Kind::Para => owner_label(block),
                Kind::List(_) => {
                    block.children.iter().filter_map(|i| i.children.first()).find_map(owner_label)
                }
                _ => None,
            };
            if found.is_some() {
                return found;
            }
        }
    }
    sections.iter().flat_map(|s| s.blocks).filter(|b| b.kind == Kind::Para).find_map(owner_sentence)
}

fn names_owner(key: &str) -> bool {
    matches!(
        key.trim().trim_end_matches(':').to_lowercase().as_str(),
        "process owner"
            | "owner"
            | "sop owner"
            | "document owner"
            | "procedure owner"
            | "owned by"
            | "owner designation"
    )
}

fn owner_row(table: &Block) -> Option<Owner> {
    let row = table
        .children
        .iter()
        .find(|row| row.children.first().is_some_and(|c| names_owner(c.plain())))?;
    // A heading row "Owner" names the column of many rows, not one owner.
    if table.children.first().is_some_and(|first| first.span == row.span) && row.children.len() != 2
    {
        return None;
    }
    let cell = row.children.get(1)?;
    let placeholder = cell.plain().is_empty() || seat::is_blank(cell.plain());
    if placeholder {
        return Some(Owner {
            state: OwnerState::Placeholder,
            span: Some(span(&cell.span)),
            ..Owner::missing()
        });
    }
    Some(owner_named(cell.plain(), OwnerState::Stated, Some(&cell.span)))
}

fn owner_label(block: &Block) -> Option<Owner> {
    let text = block.plain();
    let (key, value) = text.split_once(':').filter(|(key, _)| key.len() < 40)?;
    if !names_owner(key) {
        return None;
    }
    let value = sentences(value).first().copied().unwrap_or_default().to_owned();
    let value = value.trim_end_matches('.');
    (value.split_whitespace().count() <= 8)
        .then(|| owner_named(value, OwnerState::Stated, Some(&block.span)))
}

/// Words of which one stands in every sentence that names the owner.
const OWNING: Lexicon =
    Lexicon::new(&["owns ", "own ", "owner", "owned", "responsible", "accountable"]);

/// "The Payroll Lead owns this process", "The PM is responsible for this process".
fn owner_sentence(block: &Block) -> Option<Owner> {
    let text = block.plain();
    if !OWNING.stands_in(text) {
        return None;
    }
    for sentence in sentences(text).into_iter().filter(|s| OWNING.stands_in(s)) {
        let lower = sentence.to_lowercase();
        for phrase in [
            " owns this process",
            " own this process",
            " owns the process",
            " own the process",
            " is the owner of this process",
            " is responsible for this process",
            " is accountable for this process",
            " is the process owner",
            " owns this procedure",
            " is responsible for this procedure",
            " owns this document",
        ] {
            let Some(at) = lower.find(phrase) else { continue };
            let name = seat::tidy(sentence.get(..at)?);
            if actor::is_a_seat(&name) {
                return Some(owner_named(&name, OwnerState::Implied, Some(&block.span)));
            }
        }
        if let Some((_, after)) = sentence.split_once("process is owned by ") {
            let name = seat::tidy(after);
            if actor::is_a_seat(&name) {
                return Some(owner_named(&name, OwnerState::Implied, Some(&block.span)));
            }
        }
    }
    None
}

const OUTPUT_LEADS: Lexicon = Lexicon::new(&[
    "you must check that",
    "check that:",
    "you should expect to see",
    "the expected result is",
    "the result is",
    "as a result",
    "the output is",
    "when done",
    "the process is complete when",
]);

fn outputs(sections: &[Section<'_>]) -> Vec<Output> {
    let mut found = Vec::new();
    for block in sections.iter().filter(|s| s.piece == Piece::Other).flat_map(|s| s.blocks) {
        if block.kind != Kind::Para || !OUTPUT_LEADS.stands_in(block.plain()) {
            continue;
        }
        for sentence in sentences(block.plain()) {
            if OUTPUT_LEADS.stands_in(sentence) {
                found.push(Output {
                    text: sentence.to_owned(),
                    checks: Vec::new(),
                    span: Span::new(block.span.start, block.span.end),
                });
            }
        }
    }
    found
}

const FAILS: [&str; 16] = [
    "fails",
    "failed",
    "error",
    "doesn't",
    "does not",
    "was not",
    "is not",
    "are not",
    "isn't",
    "cannot",
    "can't",
    "missing",
    "overdue",
    "late",
    "nonconforming",
    "difficulty",
];

/// How the sentences begin that say what went wrong.
const FAILING: Lexicon = Lexicon::new(&["if ", "in case "]);

/// Conditions that say something went wrong, each with its sentence.
fn failures(sections: &[Section<'_>]) -> Vec<FailureSignal> {
    let mut found: Vec<FailureSignal> = Vec::new();
    let mut take = |block: &Block| {
        if !FAILING.stands_in(block.plain()) {
            return;
        }
        for sentence in sentences(block.plain()) {
            let opens = ["If ", "if ", "In case "].iter().any(|w| sentence.starts_with(w));
            if !opens {
                continue;
            }
            let lower = sentence.to_lowercase();
            let clause = lower.split(", ").next().unwrap_or_default();
            if FAILS.iter().any(|w| {
                clause.split([' ', ',', ':']).any(|t| t == *w)
                    || (w.contains(' ') && clause.contains(w))
            }) {
                found.push(FailureSignal {
                    text: sentence.to_owned(),
                    rule: None,
                    span: Span::new(block.span.start, block.span.end),
                });
            }
        }
    };
    for block in sections.iter().flat_map(|s| s.blocks) {
        let mut stack = vec![block];
        while let Some(block) = stack.pop() {
            match block.kind {
                Kind::Para => take(block),
                Kind::List(_) | Kind::Item(_) => stack.extend(block.children.iter().rev()),
                _ => {}
            }
        }
    }
    found
}
