//! What a document states as "Key: value": lines, bullets, rows of two, and small tables of one row.

use crate::block::{Block, Inline, Kind, Piece};
use crate::inline::{fold, plain};
use std::ops::Range;

/// The longest key.
const MAX_KEY: usize = 40;

/// One such statement.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    /// The words of the key in small letters.
    pub(crate) key: String,
    /// What stands behind it, without markup; may be empty.
    pub(crate) value: String,
    pub(crate) span: Range<usize>,
}

/// The statements of some blocks, in order.
pub(crate) fn of(blocks: &[Block]) -> Vec<Label> {
    let mut found = Vec::new();
    for block in blocks {
        match block.kind {
            Kind::Table => table(block, &mut found),
            Kind::Para => lines(block, &mut found),
            Kind::List(_) => {
                for item in &block.children {
                    if let Some(para) = item.children.first() {
                        lines(para, &mut found);
                    }
                }
            }
            Kind::Quote => {
                for para in block.children.iter().filter(|b| b.kind == Kind::Para) {
                    lines(para, &mut found);
                }
            }
            _ => {}
        }
    }
    found
}

/// A key in small letters, its words only.
pub(crate) fn key(text: &str) -> String {
    let words = text.trim().trim_matches(['*', '_', ':', ' ', '`', '(', ')', '?', '.']);
    fold(&words.replace(['_', '/'], " ")).to_lowercase()
}

/// The lines of a paragraph that are "Key: value"; a line without a key goes on with the one before.
fn lines(block: &Block, found: &mut Vec<Label>) {
    let mut open: Option<Label> = None;
    for line in block.inline.split(|i| i.piece == Piece::Break) {
        for (text, span) in columns(line) {
            match text.split_once(':').filter(|(k, _)| is_key(k)) {
                Some((k, value)) => {
                    found.extend(open.take());
                    open = Some(Label { key: key(k), value: fold(value), span });
                }
                None => {
                    if let Some(label) = &mut open {
                        label.value = fold(&format!("{} {text}", label.value));
                        label.span.end = span.end.max(label.span.end);
                    }
                }
            }
        }
    }
    found.extend(open);
}

/// A line, or its parts where "|" stands between several statements.
fn columns(line: &[Inline]) -> Vec<(String, Range<usize>)> {
    let text = plain(line);
    let start = line.first().map_or(0, |i| i.span.start);
    let end = line.iter().map(|i| i.span.end).max().unwrap_or(start);
    let parts: Vec<&str> = text.split(" | ").collect();
    let each = parts.len() > 1
        && parts.iter().all(|part| part.split_once(':').is_some_and(|(k, _)| is_key(k)));
    if each {
        return parts.into_iter().map(|part| (part.to_owned(), start..end)).collect();
    }
    vec![(text, start..end)]
}

fn is_key(text: &str) -> bool {
    let trimmed = text.trim();
    (1..=MAX_KEY).contains(&trimmed.len())
        && trimmed.split_whitespace().count() <= 5
        && trimmed.starts_with(|c: char| c.is_alphabetic())
        && !trimmed.contains("http")
}

/// What else a document says of itself beside its owner, in a row of headings.
const OF_A_DOCUMENT: [&str; 14] = [
    "next review",
    "next review date",
    "last review",
    "last reviewed",
    "review",
    "review cycle",
    "review cadence",
    "version",
    "date",
    "effective date",
    "approved by",
    "department",
    "trigger",
    "frequency",
];

/// Rows of two cells, or a heading row over one row of values.
fn table(block: &Block, found: &mut Vec<Label>) {
    let width = block.children.first().map_or(0, |row| row.children.len());
    let row_of = |k: &Block, v: Option<&Block>| Label {
        key: key(k.plain()),
        value: v.map(|v| v.plain().to_owned()).unwrap_or_default(),
        span: v.map_or(k.span.clone(), |v| k.span.start..v.span.end),
    };
    // "Owner | Next review" over one row of values reads down, not across.
    let down = block.children.len() == 2
        && block.children.first().and_then(|head| head.children.get(1)).is_some_and(|second| {
            let key = key(second.plain());
            OF_A_DOCUMENT.contains(&key.as_str())
        });
    if width == 2 && !down {
        for row in &block.children {
            if let Some(k) = row.children.first().filter(|k| is_key(k.plain())) {
                found.push(row_of(k, row.children.get(1)));
            }
        }
    }
    if let [head, values] = block.children.as_slice()
        && (width > 2 || down || found.is_empty())
        && width > 1
    {
        for (at, k) in head.children.iter().enumerate().filter(|(_, k)| is_key(k.plain())) {
            found.push(row_of(k, values.children.get(at)));
        }
    }
}
