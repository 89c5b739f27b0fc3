//! What the running text of a document says about owner, trigger, output and failure.

use crate::actor;
use crate::block::{Block, Kind};
use crate::carrier::Found;
use crate::front::Settings;
use crate::inline::{fold, sentences};
use crate::lexicon::Lexicon;
use crate::outline::{Piece, Section};
use crate::settings::{owner_named, span};
use crate::{seat, trigger};
use gemba_model::{
    FailureSignal, Output, Owner, OwnerState, Span, Trigger, TriggerKind, ValueState,
};
use std::ops::Range;

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
    let first_step = found.steps.first().map_or(usize::MAX, |s| s.span.start);
    Story {
        owner: owner(sections),
        triggers: triggers(sections, found, title, first_step),
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

/// Where a trigger may be said, in the order in which it is believed.
fn triggers(
    sections: &[Section<'_>],
    found: &Found<'_>,
    title: Option<usize>,
    first_step: usize,
) -> Vec<Trigger> {
    for section in sections.iter().filter(|s| says_when(&s.words)) {
        let texts = said(section.blocks);
        if let Some((text, at)) = texts.first() {
            return vec![made(&fold(text.trim_end_matches(':')), ValueState::Stated, at)];
        }
    }
    let before: Vec<&Block> = sections
        .iter()
        .flat_map(|s| s.blocks)
        .filter(|b| b.kind == Kind::Para && b.span.start < first_step)
        .collect();
    let mut weaker = None;
    for block in &before {
        for sentence in sentences(block.plain()) {
            if let Some(clause) = opening_clause(sentence) {
                return vec![made(clause, ValueState::Stated, &block.span)];
            }
            if weaker.is_none()
                && (trigger::has_rhythm(sentence)
                    || asks(sentence)
                    || inner_clause(sentence).is_some())
            {
                let words = inner_clause(sentence).unwrap_or(sentence);
                weaker = Some(made(words, ValueState::Implied, &block.span));
            }
        }
    }
    for step in found.steps.iter().take(1) {
        let mut blocks: Vec<&Block> = step.head.into_iter().collect();
        blocks.extend(step.body.iter().copied().filter(|b| b.kind == Kind::Para));
        blocks.extend(
            step.body
                .iter()
                .filter(|b| matches!(b.kind, Kind::List(_)))
                .flat_map(|l| l.children.iter())
                .filter_map(|i| i.children.first()),
        );
        for block in blocks {
            for sentence in sentences(block.plain()) {
                if let Some(clause) = opening_clause(sentence) {
                    return vec![made(clause, ValueState::Implied, &block.span)];
                }
                if weaker.is_none() && (trigger::has_rhythm(sentence) || asks(sentence)) {
                    weaker = Some(made(sentence, ValueState::Implied, &block.span));
                }
            }
        }
    }
    if let Some(heading) = title.and_then(|at| sections.get(at))
        && weaker.is_none()
        && trigger::has_rhythm(heading.title)
    {
        let at = heading.heading.map_or(0..0, |h| h.span.clone());
        weaker = Some(made(heading.title, ValueState::Implied, &at));
    }
    weaker.into_iter().collect()
}

fn made(text: &str, state: ValueState, at: &Range<usize>) -> Trigger {
    let text = fold(text.trim().trim_end_matches(['.', ',', ':']));
    let rule = text.parse().ok();
    let kind = if rule.is_some() { TriggerKind::Schedule } else { trigger::kind(&text) };
    Trigger { kind, state, text, rule, cue: None, span: Some(Span::new(at.start, at.end)) }
}

/// Whether the words of a heading announce when the process starts.
fn says_when(said: &str) -> bool {
    matches!(
        said,
        "trigger"
            | "triggers"
            | "when"
            | "when to use"
            | "when to start"
            | "when to do this"
            | "frequency"
            | "schedule"
            | "timing"
            | "cadence"
    ) || said.starts_with("when to ")
        || said.starts_with("when should ")
}

/// The paragraphs and items of a section, plain.
fn said(blocks: &[Block]) -> Vec<(&str, Range<usize>)> {
    let mut found = Vec::new();
    for block in blocks {
        match block.kind {
            Kind::Para => found.push((block.plain(), block.span.clone())),
            Kind::List(_) => found.extend(
                block
                    .children
                    .iter()
                    .filter_map(|i| i.children.first())
                    .map(|p| (p.plain(), p.span.clone())),
            ),
            _ => {}
        }
    }
    found
}

/// How a clause opens that says when.
const OPENING: Lexicon = Lexicon::new(&[
    "when ",
    "whenever ",
    "once ",
    "before ",
    "after ",
    "at the end of ",
    "at the beginning of ",
    "at the start of ",
    "every ",
    "each ",
    "upon ",
    "as soon as ",
    "in the event of ",
    "use when ",
    "use this when ",
]);

const RELATIVE: Lexicon = Lexicon::new(&[" before ", " after ", " prior to "]);

/// "When X, ...", "Before Y, ...", "60 days before Z, ...": the clause that opens a sentence.
fn opening_clause(sentence: &str) -> Option<&str> {
    let counted = sentence.starts_with(|c: char| c.is_ascii_digit())
        && RELATIVE.stands_in(sentence.split(',').next().unwrap_or_default());
    if !(OPENING.opens(sentence) || counted) {
        return None;
    }
    let lower = sentence.to_lowercase();
    let (clause, rest) = sentence.split_once(", ").unwrap_or((sentence, ""));
    let idle = [
        "once you have read",
        "before you begin",
        "before you start",
        "after this",
        "after that",
        "each step",
        "every step",
        "each of",
        "once completed",
    ];
    let long_enough = clause.split_whitespace().count() > 2 || trigger::has_rhythm(clause);
    (long_enough
        && !idle.iter().any(|w| lower.starts_with(w))
        && (!rest.is_empty() || lower.starts_with("use ")))
    .then(|| if lower.starts_with("use ") { sentence } else { clause })
}

/// "... when X" within a sentence of the introduction.
fn inner_clause(sentence: &str) -> Option<&str> {
    let at = WITHIN.find(sentence)?;
    if ABOUT.stands_in(sentence) { sentence.get(at + 1..) } else { None }
}

/// How a clause goes on that says when.
const WITHIN: Lexicon = Lexicon::new(&[
    " when ",
    " whenever ",
    " before ",
    " after ",
    " in the event of ",
    " every time ",
    " during a ",
    " for anyone ",
    " who have ",
    " wishing to ",
]);

/// Words that speak of the process itself.
const ABOUT: Lexicon = Lexicon::new(&[
    "this ",
    "use ",
    "follow ",
    "we ",
    "process",
    "procedure",
    "checklist",
    "information on",
]);

fn asks(sentence: &str) -> bool {
    ASKS.stands_in(sentence)
}

/// Words of somebody who asks for a run.
const ASKS: Lexicon = Lexicon::new(&[
    "submit a ticket",
    "submit a request",
    "open a ticket",
    "file a ticket",
    "requests for",
    "request form",
    "as soon as possible with your",
    "ask the ",
    "who have a",
    "create a ticket",
]);

/// The trigger that a description of the front matter says.
pub(crate) fn of_description(settings: &Settings) -> Vec<Trigger> {
    let Some(entry) = settings.get(&["description"]) else { return Vec::new() };
    let text = fold(entry.value.text().unwrap_or_default());
    let sentence = sentences(&text)
        .into_iter()
        .find(|s| {
            let lower = s.to_lowercase();
            lower.starts_with("use when")
                || lower.starts_with("use this")
                || opening_clause(s).is_some()
                || trigger::has_rhythm(s)
        })
        .or_else(|| {
            sentences(&text).into_iter().find(|s| {
                s.to_lowercase().contains(" during ") || s.to_lowercase().contains(" when ")
            })
        });
    sentence.map(|s| made(s, ValueState::Implied, &entry.span)).into_iter().collect()
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
