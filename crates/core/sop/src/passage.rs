//! The running text of a document as the checks of its wording see it: one passage per heading,
//! paragraph and cell, with its place and without code.

use crate::block::{Block, Kind, Piece};
use crate::process::Reading;
use gemba_model::Span;
use std::ops::Range;

/// A heading, a paragraph or a cell.
#[derive(Debug)]
pub(crate) struct Passage<'a> {
    pub(crate) block: &'a Block,
    /// Its words in small letters, code and markup left out.
    pub(crate) lower: String,
    /// Whether it stands in a quotation: words of others.
    pub(crate) quoted: bool,
    /// The top-level step that it belongs to.
    pub(crate) step: Option<Span>,
}

impl<'a> Passage<'a> {
    /// The passages of these blocks, in order.
    pub(crate) fn all(blocks: &'a [Block], readings: &[Reading]) -> Vec<Self> {
        let mut found = Vec::new();
        gather_all(blocks, false, &mut found);
        let mut steps: Vec<Span> =
            readings.iter().flat_map(|r| &r.process.steps).map(|step| step.span).collect();
        steps.sort_unstable_by_key(|span| span.start);
        for passage in &mut found {
            let at = passage.block.span.start;
            let begun = steps.partition_point(|span| span.range().start <= at);
            let last = begun.checked_sub(1).and_then(|n| steps.get(n));
            passage.step = last.filter(|span| at < span.range().end).copied();
        }
        found
    }

    /// The place of a phrase as the source writes it; the whole passage where markup parts it.
    pub(crate) fn place(&self, source: &str, phrase: &str) -> Range<usize> {
        place_in(source, &self.block.span, phrase)
    }
}

/// The place of a phrase within a span, whatever its letters are; the whole span where it is not found.
pub(crate) fn place_in(source: &str, span: &Range<usize>, phrase: &str) -> Range<usize> {
    let text = source.get(span.clone()).unwrap_or_default();
    let found = find(text, phrase).map(|at| span.start + at..span.start + at + phrase.len());
    found.unwrap_or_else(|| span.start..span.start + text.trim_end().len())
}

/// The first place of a phrase, ASCII letters in either case.
pub(crate) fn find(text: &str, phrase: &str) -> Option<usize> {
    let (bytes, wanted) = (text.as_bytes(), phrase.as_bytes());
    let first = wanted.first()?;
    let heads = bytes.iter().enumerate().filter(|(_, b)| b.eq_ignore_ascii_case(first));
    heads.map(|(at, _)| at).find(|at| {
        bytes.get(*at..at + wanted.len()).is_some_and(|b| b.eq_ignore_ascii_case(wanted))
    })
}

/// Whether a phrase stands in a text in small letters, not as a part of longer words.
pub(crate) fn says(lower: &str, phrase: &str) -> bool {
    let Some(first) = phrase.bytes().next() else { return true };
    // A text is a line or two: looking at each byte is quicker than preparing a search.
    let heads = lower.bytes().enumerate().filter(|(_, b)| *b == first);
    heads.map(|(at, _)| at).any(|at| {
        lower.get(at..).is_some_and(|rest| rest.starts_with(phrase))
            && is_whole(lower, at..at + phrase.len())
    })
}

/// Each place of a phrase in a text.
pub(crate) fn places<'t>(text: &'t str, phrase: &'t str) -> impl Iterator<Item = usize> + use<'t> {
    // Most texts do not hold it at all: that is seen many bytes at once, preparing a search costs more.
    let held = text.contains(phrase).then_some(text);
    held.into_iter().flat_map(move |text| text.match_indices(phrase)).map(|(at, _)| at)
}

/// Whether what stands at a place is no part of a longer word.
pub(crate) fn is_whole(text: &str, place: Range<usize>) -> bool {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let before = text.get(..place.start).and_then(|t| t.chars().next_back());
    let after = text.get(place.end..).and_then(|t| t.chars().next());
    !inside(before) && !inside(after)
}

/// The characters of a text beyond ASCII with their places, the others passed by quickly.
pub(crate) fn beyond_ascii(text: &str) -> impl Iterator<Item = (usize, char)> {
    let starts = text.bytes().enumerate().filter(|(_, b)| *b >= 0xc0);
    starts.filter_map(|(at, _)| Some((at, text.get(at..)?.chars().next()?)))
}

fn gather<'a>(block: &'a Block, quoted: bool, found: &mut Vec<Passage<'a>>) {
    // Nested no deeper than the reader of blocks allows.
    match block.kind {
        Kind::Heading(_) | Kind::Para | Kind::Cell => {
            let lower = crate::inline::lower(&words(block));
            found.push(Passage { block, lower, quoted, step: None });
        }
        Kind::Code | Kind::Html | Kind::Rule => {}
        Kind::Quote => gather_all(&block.children, true, found),
        Kind::List(_) | Kind::Item(_) | Kind::Table | Kind::Row | Kind::Other => {
            gather_all(&block.children, quoted, found);
        }
    }
}

/// The blocks of one level: behind "Hi team," stand the words of a message, up to the next heading.
fn gather_all<'a>(blocks: &'a [Block], quoted: bool, found: &mut Vec<Passage<'a>>) {
    let mut message = false;
    for block in blocks {
        message &= !matches!(block.kind, Kind::Heading(_));
        gather(block, quoted || message, found);
        message |= block.kind == Kind::Para && opens_a_message(block.plain());
    }
}

/// Whether a paragraph is the opening of a letter: "Hi team,", "Dear [name],".
fn opens_a_message(text: &str) -> bool {
    let text = text.trim();
    let greets = ["hi ", "hi,", "hello ", "hello,", "hey ", "dear "];
    let starts = head(text, 6).to_lowercase();
    text.len() < 60
        && text.ends_with([',', '!', ':'])
        && greets.iter().any(|greeting| starts.starts_with(greeting))
}

/// The words of a block without its code.
fn words(block: &Block) -> String {
    let mut out = String::with_capacity(block.plain().len());
    for part in &block.inline {
        match &part.piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Break | Piece::Code(_) => out.push(' '),
            Piece::Html | Piece::Open(_) | Piece::Close(_) => {}
        }
    }
    crate::inline::fold(&out)
}

/// The beginning of a text, at most so many bytes: what a rule looks ahead stays the same for a line of
/// a megabyte.
pub(crate) fn head(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// The end of a text, at most so many bytes.
pub(crate) fn tail(text: &str, bytes: usize) -> &str {
    let mut start = text.len().saturating_sub(bytes);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.get(start..).unwrap_or_default()
}
