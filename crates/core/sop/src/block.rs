//! Markdown as a tree of blocks with the places they were read from.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// The deepest nesting of lists and quotes that is read; what lies deeper is left out and reported.
pub(crate) const MAX_DEPTH: usize = 32;

/// What kind of block it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Heading(u8),
    Para,
    /// A list with the number it starts at, if numbered.
    List(Option<u64>),
    /// An item with the state of its checkbox, if it has one.
    Item(Option<bool>),
    Code,
    Quote,
    Table,
    Row,
    Cell,
    Html,
    Rule,
    Other,
}

/// What an inline piece is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    Code(String),
    Break,
    Html,
    Open(Mark),
    Close(Mark),
}

/// What is opened and closed within a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    Strong,
    Emphasis,
    Link(String),
    Image,
    Other,
}

/// One inline piece with its place.
#[derive(Debug, Clone)]
pub(crate) struct Inline {
    pub(crate) piece: Piece,
    pub(crate) span: Range<usize>,
}

/// One block.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) kind: Kind,
    pub(crate) span: Range<usize>,
    pub(crate) children: Vec<Block>,
    pub(crate) inline: Vec<Inline>,
    /// The text without markup, made once when the block is complete.
    text: String,
    /// The text lacks marks of another tool that the inline pieces still hold.
    pub(crate) mangled: bool,
}

impl Block {
    fn new(kind: Kind, span: Range<usize>) -> Self {
        Self {
            kind,
            span,
            children: Vec::new(),
            inline: Vec::new(),
            text: String::new(),
            mangled: false,
        }
    }

    /// A block with its words and what it holds.
    pub(crate) fn made(
        kind: Kind,
        span: Range<usize>,
        children: Vec<Self>,
        inline: Vec<Inline>,
    ) -> Self {
        let mut block = Self { children, inline, ..Self::new(kind, span) };
        block.complete();
        block
    }

    /// Makes the plain text of the words.
    fn complete(&mut self) {
        let plain = crate::inline::plain(&self.inline);
        let shown = crate::foreign::shown(&plain);
        self.mangled = shown.is_some();
        self.text = shown.unwrap_or(plain);
    }

    /// The text without markup, white space folded.
    pub(crate) fn plain(&self) -> &str {
        &self.text
    }

    /// The block from an inline piece on, without the first `offset` bytes of that piece, which must be
    /// words that stand in the source as they are.
    pub(crate) fn from(&self, at: usize, offset: usize) -> Option<Self> {
        let mut inline = self.inline.get(at..)?.to_vec();
        let first = inline.first_mut()?;
        if offset > 0 {
            let Piece::Text(text) = &mut first.piece else { return None };
            if text.len() != first.span.len() {
                return None;
            }
            *text = text.get(offset..)?.to_owned();
            first.span.start += offset;
        }
        let span = first.span.start..self.span.end;
        Some(Self::made(self.kind, span, Vec::new(), inline))
    }
}

/// The blocks of a document.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) blocks: Vec<Block>,
    /// The place of the first block that lies too deep.
    pub(crate) too_deep: Option<Range<usize>>,
}

/// Reads the blocks of `source` from `start` on; spans are offsets into all of `source`.
pub(crate) fn read(source: &str, start: usize) -> Tree {
    let body = source.get(start..).unwrap_or_default();
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let mut build = Build::default();
    for (event, range) in Parser::new_ext(body, options).into_offset_iter() {
        let end = (range.end + start).max(range.start + start);
        build.take(event, range.start + start..end);
    }
    while !build.stack.is_empty() {
        build.close();
    }
    Tree { blocks: build.done, too_deep: build.too_deep }
}

#[derive(Default)]
struct Build {
    stack: Vec<Block>,
    done: Vec<Block>,
    containers: usize,
    /// How many open tags are being left out.
    skipped: usize,
    too_deep: Option<Range<usize>>,
}

impl Build {
    fn take(&mut self, event: Event<'_>, span: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, span),
            Event::End(tag) => self.end(tag),
            _ if self.skipped > 0 => {}
            Event::Text(text) => self.inline(Piece::Text(text.into_string()), span),
            Event::Code(text) => self.inline(Piece::Code(text.into_string()), span),
            Event::SoftBreak | Event::HardBreak => self.inline(Piece::Break, span),
            Event::InlineHtml(text) => {
                let piece = if is_break(&text) { Piece::Break } else { Piece::Html };
                self.inline(piece, span);
            }
            Event::Html(_) => {
                if self.stack.last().is_none_or(|b| b.kind != Kind::Html) {
                    self.open(Kind::Html, span);
                    self.close();
                }
            }
            Event::Rule => {
                self.close_implicit();
                self.open(Kind::Rule, span);
                self.close();
            }
            Event::TaskListMarker(checked) => {
                if let Some(item) =
                    self.stack.iter_mut().rev().find(|b| matches!(b.kind, Kind::Item(_)))
                {
                    item.kind = Kind::Item(Some(checked));
                }
            }
            Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, span: Range<usize>) {
        if self.skipped > 0 {
            self.skipped += 1;
            return;
        }
        let mark = match tag {
            Tag::Strong => Some(Mark::Strong),
            Tag::Emphasis => Some(Mark::Emphasis),
            Tag::Link { dest_url, .. } => Some(Mark::Link(dest_url.to_string())),
            Tag::Image { .. } => Some(Mark::Image),
            Tag::Strikethrough | Tag::Superscript | Tag::Subscript => Some(Mark::Other),
            _ => None,
        };
        if let Some(mark) = mark {
            self.inline(Piece::Open(mark), span);
            return;
        }
        self.close_implicit();
        let kind = match tag {
            Tag::Paragraph => Kind::Para,
            Tag::Heading { level, .. } => {
                Kind::Heading(u8::try_from(heading_depth(*level)).unwrap_or(6))
            }
            Tag::BlockQuote(_) => Kind::Quote,
            Tag::CodeBlock(_) => Kind::Code,
            Tag::HtmlBlock => Kind::Html,
            Tag::List(start) => Kind::List(*start),
            Tag::Item => Kind::Item(None),
            Tag::Table(_) => Kind::Table,
            Tag::TableHead | Tag::TableRow => Kind::Row,
            Tag::TableCell => Kind::Cell,
            _ => Kind::Other,
        };
        if matches!(kind, Kind::List(_) | Kind::Quote) {
            if self.containers >= MAX_DEPTH {
                self.too_deep.get_or_insert(span);
                self.skipped = 1;
                return;
            }
            self.containers += 1;
        }
        self.open(kind, span);
    }

    fn end(&mut self, tag: TagEnd) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let mark = match tag {
            TagEnd::Strong => Some(Mark::Strong),
            TagEnd::Emphasis => Some(Mark::Emphasis),
            TagEnd::Link => Some(Mark::Link(String::new())),
            TagEnd::Image => Some(Mark::Image),
            TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => Some(Mark::Other),
            _ => None,
        };
        if let Some(mark) = mark {
            let at = self
                .stack
                .last()
                .map_or(0, |b| b.inline.last().map_or(b.span.start, |i| i.span.end));
            self.inline(Piece::Close(mark), at..at);
            return;
        }
        self.close_implicit();
        if matches!(tag, TagEnd::List(_) | TagEnd::BlockQuote(_)) {
            self.containers = self.containers.saturating_sub(1);
        }
        self.close();
    }

    fn inline(&mut self, piece: Piece, span: Range<usize>) {
        // A tight item holds its words directly: they become the paragraph they would be in a loose one.
        if self.stack.last().is_none_or(|b| matches!(b.kind, Kind::Item(_) | Kind::Quote)) {
            if matches!(piece, Piece::Break) {
                return;
            }
            let mut para = Block::new(Kind::Para, span.clone());
            para.kind = Kind::Para;
            self.stack.push(para);
            self.implicit_mark();
        }
        if let Some(block) = self.stack.last_mut() {
            block.span.end = block.span.end.max(span.end);
            block.inline.push(Inline { piece, span });
        }
    }

    fn implicit_mark(&mut self) {
        if let Some(block) = self.stack.last_mut() {
            block.children.clear();
            block.kind = Kind::Other;
        }
    }

    /// Closes the paragraph of a tight item when another block begins or the item ends.
    fn close_implicit(&mut self) {
        let open = self.stack.last().is_some_and(|b| b.kind == Kind::Other && !b.inline.is_empty());
        if open {
            if let Some(block) = self.stack.last_mut() {
                block.kind = Kind::Para;
            }
            self.close();
        }
    }

    fn open(&mut self, kind: Kind, span: Range<usize>) {
        self.stack.push(Block::new(kind, span));
    }

    fn close(&mut self) {
        let Some(mut block) = self.stack.pop() else { return };
        block.complete();
        if block.kind == Kind::Other && !block.inline.is_empty() {
            block.kind = Kind::Para;
        }
        match self.stack.last_mut() {
            Some(parent) => parent.children.push(block),
            None => self.done.push(block),
        }
    }
}

fn heading_depth(level: pulldown_cmark::HeadingLevel) -> usize {
    match level {
        pulldown_cmark::HeadingLevel::H1 => 1,
        pulldown_cmark::HeadingLevel::H2 => 2,
        pulldown_cmark::HeadingLevel::H3 => 3,
        pulldown_cmark::HeadingLevel::H4 => 4,
        pulldown_cmark::HeadingLevel::H5 => 5,
        pulldown_cmark::HeadingLevel::H6 => 6,
    }
}

fn is_break(html: &str) -> bool {
    html.to_ascii_lowercase().starts_with("<br")
}

/// The Markdown of a block with its indentation taken off, so that it can be put elsewhere.
pub(crate) fn dedented(source: &str, span: &Range<usize>) -> String {
    let raw = source.get(span.clone()).unwrap_or_default();
    let start = span.start + (raw.len() - raw.trim_start_matches([' ', '\t']).len());
    let before = source.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().fold(0, advance);
    let text = raw.trim();
    let mut out = String::with_capacity(text.len());
    for (n, line) in text.lines().enumerate() {
        if n > 0 {
            out.push('\n');
            out.push_str(without_indent(line, column).trim_end());
        } else {
            out.push_str(line.trim_end());
        }
    }
    out
}

/// The column after a character; a tab goes to the next multiple of four.
fn advance(column: usize, c: char) -> usize {
    if c == '\t' { (column / 4 + 1) * 4 } else { column + 1 }
}

/// A line without white space up to a column; what a tab holds beyond it becomes spaces.
fn without_indent(line: &str, column: usize) -> String {
    let mut at = 0;
    let mut rest = line;
    while at < column {
        let Some(c) = rest.chars().next().filter(|c| matches!(c, ' ' | '\t')) else { break };
        at = advance(at, c);
        rest = rest.get(1..).unwrap_or_default();
    }
    format!("{}{rest}", " ".repeat(at.saturating_sub(column)))
}
