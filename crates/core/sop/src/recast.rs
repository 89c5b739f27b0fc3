//! Blocks that are headings, lists and tables in all but their marks are made so: raw HTML of an exported
//! page, bold lines over the parts of a text document, paragraphs that carry their numbers as words.

use crate::block::{Block, Inline, Kind, Mark, Piece};
use crate::outline::{self, Piece as Announced};
use crate::{headings, html, listing};

/// The most blocks that are looked at; what a larger document holds stays as it is.
const MAX_BLOCKS: usize = 20_000;

/// The blocks of a document as they are meant.
pub(crate) fn recast(source: &str, blocks: Vec<Block>) -> Vec<Block> {
    if blocks.len() > MAX_BLOCKS {
        return blocks;
    }
    let mut blocks = shown(source, blocks);
    for block in &mut blocks {
        if matches!(block.kind, Kind::Heading(_)) {
            without_anchor(source, block);
        }
    }
    let blocks = titled(blocks);
    let numbered = |b: &Block| {
        let mut lines = b.inline.split(|i| i.piece == Piece::Break);
        b.kind == Kind::Para && lines.any(may_count)
    };
    if !blocks.iter().any(numbered) {
        return blocks;
    }
    let mut parted: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        match lines(&block) {
            Some(lines) => parted.extend(lines),
            None => parted.push(block),
        }
    }
    counted(parted)
}

/// Puts the blocks that raw HTML shows in its place, where a document has a list, a table or a heading
/// in it; paragraphs alone stay as they are.
fn shown(source: &str, blocks: Vec<Block>) -> Vec<Block> {
    if !blocks.iter().any(|b| b.kind == Kind::Html && structured(source, b)) {
        return blocks;
    }
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    let mut run: Vec<Block> = Vec::new();
    for block in blocks {
        if block.kind == Kind::Html {
            run.push(block);
            continue;
        }
        release(source, &mut run, &mut out);
        out.push(block);
    }
    release(source, &mut run, &mut out);
    out
}

fn structured(source: &str, block: &Block) -> bool {
    let text = source.get(block.span.clone()).unwrap_or_default().to_ascii_lowercase();
    ["<ol", "<ul", "<table", "<h1", "<h2", "<h3", "<h4"].iter().any(|tag| text.contains(tag))
}

/// Adds what a run of HTML blocks shows; only blank lines stand between them.
fn release(source: &str, run: &mut Vec<Block>, out: &mut Vec<Block>) {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
    match html::blocks(source, &(first.span.start..last.span.end)) {
        Some(made) => {
            run.clear();
            out.extend(made);
        }
        None => out.append(run),
    }
}

/// Takes `{#name}` off the end of a heading: it is a place to link to.
fn without_anchor(source: &str, heading: &mut Block) {
    let Some(last) = heading.inline.last() else { return };
    let Piece::Text(text) = &last.piece else { return };
    let Some(open) = text.rfind("{#").filter(|_| text.ends_with('}')) else { return };
    let verbatim = text.len() == last.span.len();
    let place = last.span.start + open;
    let escaped = source.get(..place).is_some_and(|before| before.ends_with('\\'));
    if !verbatim || escaped || text.get(open..).is_some_and(|anchor| anchor.contains(' ')) {
        return;
    }
    let mut inline = heading.inline.clone();
    if let Some(last) = inline.last_mut() {
        last.piece = Piece::Text(text.get(..open).unwrap_or_default().trim_end().to_owned());
        last.span.end = place;
    }
    *heading = Block::made(heading.kind, heading.span.clone(), Vec::new(), inline);
}

/// Where a document has no headings under its title, and bold lines stand where they would be, these
/// are the headings.
fn titled(mut blocks: Vec<Block>) -> Vec<Block> {
    if blocks.iter().any(|b| matches!(b.kind, Kind::Heading(2..))) {
        return blocks;
    }
    let bold: Vec<usize> =
        blocks.iter().enumerate().filter(|(_, b)| is_bold_line(b)).map(|(at, _)| at).collect();
    // "**4.0 PROCEDURE**" is a heading among others of a document, "**1. Log it**" is a step.
    let numbered = |at: &usize| blocks.get(*at).is_some_and(|b| label(b).is_some());
    let of_a_document = |at: &usize| {
        let words = blocks.get(*at).map(|b| outline::words(b.plain())).unwrap_or_default();
        headings::of_a_document(&words)
    };
    let parts = bold.iter().filter(|at| numbered(at) && of_a_document(at)).count();
    let bold: Vec<usize> = bold.iter().copied().filter(|at| parts > 1 || !numbered(at)).collect();
    let announces = |at: &usize| {
        let words = blocks.get(*at).map(|b| outline::words(b.plain())).unwrap_or_default();
        headings::of_a_document(&words)
            || listing::procedure_words(&words)
            || !matches!(outline::piece(&words), Announced::Other)
    };
    if bold.len() < 2 || bold.iter().filter(|at| announces(at)).count() < 2 {
        return blocks;
    }
    for at in bold {
        let Some(block) = blocks.get_mut(at) else { continue };
        let strong =
            |i: &Inline| matches!(i.piece, Piece::Open(Mark::Strong) | Piece::Close(Mark::Strong));
        let inline = block.inline.iter().filter(|i| !strong(i)).cloned().collect();
        *block = Block::made(Kind::Heading(2), block.span.clone(), Vec::new(), inline);
    }
    blocks
}

/// A paragraph of nothing but a few bold words that are no sentence.
fn is_bold_line(block: &Block) -> bool {
    let inline = &block.inline;
    let opens = inline.first().is_some_and(|i| i.piece == Piece::Open(Mark::Strong));
    let closes = inline.iter().position(|i| i.piece == Piece::Close(Mark::Strong));
    let text = block.plain();
    block.kind == Kind::Para
        && opens
        && closes.is_some_and(|at| at + 1 == inline.len())
        && (1..=8).contains(&text.split_whitespace().count())
        && !text.ends_with(['.', '!', ','])
}

/// A quick look at whether a line may begin with a number or a letter that counts.
fn may_count(line: &[Inline]) -> bool {
    let first = line.iter().find_map(|i| match &i.piece {
        Piece::Text(text) => Some(text.as_bytes()),
        _ => None,
    });
    match first {
        Some([b'0'..=b'9' | b'(', ..] | [b'S' | b's', b't', b'e', b'p', ..]) => true,
        Some([letter, b'.' | b')', ..]) => letter.is_ascii_alphabetic(),
        _ => false,
    }
}

/// The number that a paragraph carries as words.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Label {
    /// "6.1.2" as 6, 1, 2; a letter by its place in the alphabet.
    path: Vec<u32>,
    mark: Marked,
    /// How many bytes of the plain text it takes, with the space behind it.
    length: usize,
}

/// How a number is written: numbers of one kind are one sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marked {
    /// "6.1.2"
    Dotted,
    /// "3." or "3)", where Markdown sees no list.
    Plain,
    /// "(3)"
    Brackets,
    /// "a)", "(a)", "a."
    Letter,
}

fn label(block: &Block) -> Option<Label> {
    if block.kind != Kind::Para {
        return None;
    }
    of_text(block.plain())
}

fn of_text(text: &str) -> Option<Label> {
    let (token, _) = text.split_once(' ')?;
    let length = token.len() + 1;
    let (bare, bracketed) = match token.strip_prefix('(') {
        Some(inner) => (inner.strip_suffix(')')?, true),
        None => (token, false),
    };
    let ended = bare.strip_suffix(['.', ')']);
    let core = ended.unwrap_or(bare);
    if !core.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    if let [letter @ b'a'..=b'z'] = core.as_bytes() {
        let path = vec![u32::from(letter - b'a') + 1];
        return (bracketed || ended.is_some()).then_some(Label {
            path,
            mark: Marked::Letter,
            length,
        });
    }
    let path: Vec<u32> = core
        .split('.')
        .map(|part| part.parse().ok().filter(|_| part.len() <= 2))
        .collect::<Option<_>>()?;
    let mark = match (path.len(), bracketed, ended.is_some()) {
        (1, true, _) => Marked::Brackets,
        (1, false, true) => Marked::Plain,
        (2..=6, false, _) => Marked::Dotted,
        _ => return None,
    };
    Some(Label { path, mark, length })
}

/// Whether a label goes on where the one before stands, in a sequence that began `depth` numbers deep.
fn follows(before: &[u32], next: &[u32], depth: usize) -> bool {
    let deeper =
        next.len() == before.len() + 1 && next.starts_with(before) && next.last() == Some(&1);
    let beside = || {
        let (last, above) = next.split_last()?;
        let level = before.get(above.len())?;
        let same = before.starts_with(above) && *last == level + 1;
        (same && next.len() >= depth).then_some(())
    };
    deeper || beside().is_some()
}

/// The lines of a paragraph as paragraphs of their own, where at least two of them carry a number.
fn lines(block: &Block) -> Option<Vec<Block>> {
    if block.kind != Kind::Para || !block.inline.iter().any(|i| i.piece == Piece::Break) {
        return None;
    }
    let starts = |line: &[Inline]| {
        if !may_count(line) {
            return false;
        }
        let text = crate::inline::plain(line);
        of_text(&text).is_some() || listing::is_lettered(&text) || listing::says_step(&text)
    };
    let parts: Vec<&[Inline]> = block.inline.split(|i| i.piece == Piece::Break).collect();
    if parts.iter().filter(|line| starts(line)).count() < 2 {
        return None;
    }
    // A line without a number goes on with the one before it.
    let mut groups: Vec<Vec<Inline>> = Vec::new();
    for line in parts.into_iter().filter(|line| !line.is_empty()) {
        match groups.last_mut().filter(|_| !starts(line)) {
            Some(group) => {
                let at = group.iter().map(|i| i.span.end).max().unwrap_or(0);
                group.push(Inline { piece: Piece::Break, span: at..at });
                group.extend_from_slice(line);
            }
            None => groups.push(line.to_vec()),
        }
    }
    // Marks that reach over a line's end belong to none of them.
    let even = |group: &[Inline]| {
        let opens = group.iter().filter(|i| matches!(i.piece, Piece::Open(_))).count();
        let closes = group.iter().filter(|i| matches!(i.piece, Piece::Close(_))).count();
        opens == closes
    };
    let whole = groups.iter().all(|group| even(group));
    let made = groups.into_iter().map(|inline| {
        let start = inline.first().map_or(block.span.start, |i| i.span.start);
        let end = inline.iter().map(|i| i.span.end).max().unwrap_or(start);
        Block::made(Kind::Para, start..end, Vec::new(), inline)
    });
    whole.then(|| made.collect())
}

/// One numbered paragraph with what stands under it.
struct Entry {
    label: Label,
    para: Block,
    under: Vec<Block>,
}

/// Makes lists of the paragraphs that count on.
fn counted(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    let mut open: Vec<Entry> = Vec::new();
    for block in blocks {
        let label = label(&block);
        let goes_on = match (open.first(), open.last(), &label) {
            (Some(first), Some(last), Some(next)) => {
                next.mark == last.label.mark
                    && follows(&last.label.path, &next.path, first.label.path.len())
            }
            _ => false,
        };
        if goes_on && let Some(label) = label {
            open.push(Entry { label, para: block, under: Vec::new() });
            continue;
        }
        let begins = label.filter(|l| l.path.last() == Some(&1));
        let ends = matches!(block.kind, Kind::Heading(_) | Kind::Rule | Kind::Html);
        match (begins, open.last_mut()) {
            (Some(label), _) => {
                settle(&mut open, &mut out);
                open.push(Entry { label, para: block, under: Vec::new() });
            }
            (None, Some(last)) if !ends => last.under.push(block),
            _ => {
                settle(&mut open, &mut out);
                out.push(block);
            }
        }
    }
    settle(&mut open, &mut out);
    out
}

/// Puts a sequence down as a list, or as it was where it is one paragraph alone.
fn settle(open: &mut Vec<Entry>, out: &mut Vec<Block>) {
    let entries = std::mem::take(open);
    if entries.len() < 2 {
        for entry in entries {
            out.push(entry.para);
            out.extend(entry.under);
        }
        return;
    }
    out.extend(list(entries));
}

fn list(entries: Vec<Entry>) -> Option<Block> {
    let depth = entries.first()?.label.path.len();
    let first = entries.first()?.label.path.last().copied().map(u64::from);
    let mut items: Vec<Block> = Vec::new();
    let mut rest = entries.into_iter().peekable();
    while let Some(entry) = rest.next() {
        let mut deeper: Vec<Entry> = Vec::new();
        while let Some(next) = rest.next_if(|next| next.label.path.len() > depth) {
            deeper.push(next);
        }
        let start = entry.para.span.start;
        let mut children = vec![without(entry.para, entry.label.length)];
        children.extend(entry.under);
        children.extend(list(deeper));
        let end = children.iter().map(|b| b.span.end).max().unwrap_or(start);
        items.push(Block::made(Kind::Item(None), start..end, children, Vec::new()));
    }
    let span = items.first()?.span.start..items.last()?.span.end;
    Some(Block::made(Kind::List(first), span, items, Vec::new()))
}

/// A paragraph without the first bytes of its words.
fn without(block: Block, length: usize) -> Block {
    let mut inline = block.inline.clone();
    let mut left = length;
    for part in &mut inline {
        if left == 0 {
            break;
        }
        let Piece::Text(text) = &mut part.piece else { continue };
        let verbatim = text.len() == part.span.len();
        let taken = left.min(text.len());
        let Some(kept) = text.get(taken..) else { return block };
        let kept = kept.trim_start();
        let gone = text.len() - kept.len();
        left -= taken;
        if verbatim {
            part.span.start += gone;
        } else if kept.is_empty() {
            part.span.start = part.span.end;
        }
        *text = kept.to_owned();
    }
    let empty = |i: &Inline| matches!(&i.piece, Piece::Text(text) if text.is_empty());
    inline.retain(|i| !empty(i));
    let start = inline.first().map_or(block.span.start, |i| i.span.start);
    Block::made(Kind::Para, start..block.span.end.max(start), Vec::new(), inline)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block;

    /// The blocks in one line each, items by their markers as typed.
    fn outline(source: &str, blocks: &[Block], depth: usize, out: &mut Vec<String>) {
        for block in blocks {
            let name = match block.kind {
                Kind::Item(_) => "item".to_owned(),
                Kind::List(start) => format!("list {}", start.unwrap_or(0)),
                other => format!("{other:?}").to_lowercase(),
            };
            assert!(source.get(block.span.clone()).is_some(), "{name} {:?}", block.span);
            out.push(
                format!("{}{name} {}", "  ".repeat(depth), block.plain()).trim_end().to_owned(),
            );
            outline(source, &block.children, depth + 1, out);
        }
    }

    #[track_caller]
    fn check(source: &str, expected: &[&str]) {
        let mut lines = Vec::new();
        outline(source, &recast(source, block::read(source, 0).blocks), 0, &mut lines);
        assert_eq!(lines, expected, "{source}");
    }

    #[test]
    fn numbers_among_the_words_make_a_list() {
        check(
            "6.1 Prepare\n\n6.1.1 Clean it.\n\n6.1.2 Dry it.\n\nWith a cloth.\n\n6.2 Pack",
            &[
                "list 1",
                "  item",
                "    para Prepare",
                "    list 1",
                "      item",
                "        para Clean it.",
                "      item",
                "        para Dry it.",
                "        para With a cloth.",
                "  item",
                "    para Pack",
            ],
        );
        check(
            "Do this:\n(a) Open it.\n(b) Close\nit.\n",
            &[
                "para Do this:",
                "list 1",
                "  item",
                "    para Open it.",
                "  item",
                "    para Close it.",
            ],
        );
        check(
            "**1\\. Log it.** Now.\n\n**2\\. File it.** Then.",
            &["list 1", "  item", "    para Log it. Now.", "  item", "    para File it. Then."],
        );
    }

    #[test]
    fn a_number_that_does_not_count_on_stays_a_word() {
        check(
            "2.5 mg are enough.\n\n7.1 is a version.",
            &["para 2.5 mg are enough.", "para 7.1 is a version."],
        );
        check("1.1 alone\n\ntext", &["para 1.1 alone", "para text"]);
    }

    #[test]
    fn bold_lines_are_headings_where_there_are_none() {
        check(
            "# T {#t}\n\n**Purpose**\n\nWhy.\n\n**Procedure**\n\nHow.",
            &[
                "heading(1) T",
                "heading(2) Purpose",
                "para Why.",
                "heading(2) Procedure",
                "para How.",
            ],
        );
        check("# T\n\n**Mind**\n\n**Procedure**", &["heading(1) T", "para Mind", "para Procedure"]);
        check(
            "# T \\{#t}\n\n## X\n\n**Purpose**\n\n**Scope**",
            &["heading(1) T {#t}", "heading(2) X", "para Purpose", "para Scope"],
        );
    }

    #[test]
    fn lists_of_a_page_are_lists_and_plain_tags_are_left() {
        check("<p>Hi</p>\n", &["html"]);
        check(
            "<p>Hi</p>\n\n<ol><li>A</li>\n\n<li>B</li></ol>\n",
            &["para Hi", "list 1", "  item", "    para A", "  item", "    para B"],
        );
    }
}
