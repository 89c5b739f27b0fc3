//! The sections of a document, flat and in order, and what their headings say they hold.

use crate::block::{Block, Kind, dedented};
use crate::lexicon::Lexicon;

/// A heading and the blocks up to the next heading of any level; the first section may have none.
#[derive(Debug)]
pub(crate) struct Section<'a> {
    pub(crate) level: u8,
    pub(crate) heading: Option<&'a Block>,
    pub(crate) title: &'a str,
    /// The words of the title, as [`words`] gives them.
    pub(crate) words: String,
    /// What the title announces.
    pub(crate) piece: Piece,
    pub(crate) blocks: &'a [Block],
}

/// The sections of these blocks.
pub(crate) fn sections(blocks: &[Block]) -> Vec<Section<'_>> {
    let mut found = Vec::new();
    let mut rest = blocks;
    loop {
        let (heading, body) = match rest.split_first() {
            Some((first, after)) if matches!(first.kind, Kind::Heading(_)) => (Some(first), after),
            _ => (None, rest),
        };
        let length =
            body.iter().position(|b| matches!(b.kind, Kind::Heading(_))).unwrap_or(body.len());
        let (mine, after) = body.split_at_checked(length).unwrap_or((body, &[]));
        let level = match heading.map(|h| h.kind) {
            Some(Kind::Heading(level)) => level,
            _ => 0,
        };
        let title = heading.map(Block::plain).unwrap_or_default();
        let words = words(title);
        let piece = announced(&words);
        found.push(Section { level, heading, title, words, piece, blocks: mine });
        if after.is_empty() {
            return found;
        }
        rest = after;
    }
}

/// The Markdown of these blocks as written, or each with its indentation taken off.
pub(crate) fn markdown<'a>(source: &str, blocks: impl IntoIterator<Item = &'a Block>) -> String {
    let mut parts = Vec::new();
    for block in blocks {
        let text = whole(source, block);
        if !text.trim().is_empty() {
            parts.push(text);
        }
    }
    parts.join("\n\n")
}

/// One block as Markdown; an indented code block keeps the indentation that makes it one.
fn whole(source: &str, block: &Block) -> String {
    let raw = source.get(block.span.clone()).unwrap_or_default();
    if block.kind == Kind::Code && !raw.starts_with("```") && !raw.starts_with("~~~") {
        let code = dedented(source, &block.span);
        let indented: Vec<String> = code
            .lines()
            .map(|l| if l.is_empty() { String::new() } else { format!("    {l}") })
            .collect();
        return indented.join("\n");
    }
    let mut text = dedented(source, &block.span);
    if block.kind == Kind::Code {
        // A fence that the author never closed would swallow what is put after it.
        let mark = if text.starts_with('~') { '~' } else { '`' };
        let fence: String = text.chars().take_while(|c| *c == mark).collect();
        let last = text.lines().skip(1).last().map(str::trim).unwrap_or_default();
        if last.len() < fence.len() || !last.chars().all(|c| c == mark) {
            text.push('\n');
            text.push_str(&fence);
        }
    }
    if block.kind == Kind::Html && text.starts_with("<!--") && !text.contains("-->") {
        text.push_str("\n-->");
    }
    text
}

/// A heading's words without a leading number or "Step 3:".
pub(crate) fn without_number(title: &str) -> &str {
    let trimmed = title.trim();
    let number = trimmed.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    // "2 days later" begins with a number that is no label: a label has a dot or a mark behind it.
    let label = trimmed.len() - number.len();
    let dotted = trimmed.get(..label).is_some_and(|l| l.contains('.'));
    if label > 0 && (number.starts_with([')', ':']) || (dotted && number.starts_with(' '))) {
        return number.trim_start_matches([' ', ')', ':']);
    }
    trimmed
}

/// The words of a heading in lower case, letters and spaces only.
pub(crate) fn words(title: &str) -> String {
    let bare = without_number(title);
    // "2 Start": a number before a capital letter counts, "2 days later" begins with one.
    let counted = bare.split_once(' ').filter(|(number, rest)| {
        (1..=2).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_digit())
            && rest.starts_with(char::is_uppercase)
    });
    let lower = counted.map_or(bare, |(_, rest)| rest).to_lowercase();
    let mut out = String::with_capacity(lower.len());
    let between = |c: char| !(c.is_alphanumeric() || c == '\'' || c == '’');
    for word in lower.split(between).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Which of the five pieces a heading announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    Steps,
    Output,
    Failure,
    Other,
}

const OUTPUT: Lexicon = Lexicon::new(&[
    "expected output",
    "expected outputs",
    "output",
    "outputs",
    "expected result",
    "expected results",
    "result",
    "results",
    "end result",
    "done when",
    "what done looks like",
    "expected outcome",
    "expected outcomes",
    "outcome",
    "outcomes",
    "artifact",
    "artifacts",
    "artifact s",
    "deliverables",
    "deliverable",
    "definition of done",
    "records",
    "acceptance criteria",
    "what good looks like",
    "what success looks like",
    "success looks like",
    "success criteria",
    "done looks like",
    "exit criteria",
    "completion criteria",
    "end state",
    "we are done when",
    "finished when",
    "complete when",
]);

const FAILURE: Lexicon = Lexicon::new(&[
    "failure signals",
    "failure signal",
    "failure",
    "failures",
    "failure modes",
    "signs of failure",
    "troubleshooting",
    "known limits and troubleshooting",
    "what failure looks like",
    "when things go wrong",
    "what can go wrong",
    "known issues",
    "known problems",
    "escalation",
    "escalations",
    "connector failures",
    "if it fails",
    "warning signs",
    "risks",
    "known failure modes",
]);

/// What a heading announces.
pub(crate) fn piece(title: &str) -> Piece {
    announced(&words(title))
}

fn announced(words: &str) -> Piece {
    if words == "steps" {
        Piece::Steps
    } else if OUTPUT.has(words) {
        Piece::Output
    } else if FAILURE.has(words)
        || words.starts_with("troubleshoot")
        || (words.starts_with("if ") && words.contains(" not "))
        || ((words.starts_with("if ") || words.starts_with("when "))
            && [" fails", " fail", " goes wrong", " go wrong"].iter().any(|w| words.ends_with(w)))
    {
        Piece::Failure
    } else {
        Piece::Other
    }
}
