//! Raw HTML as the blocks that it shows: lists, tables, headings and paragraphs of a page that was exported
//! from a wiki.
//!
//! Reads the elements that hold text, as the HTML standard describes them
//! (<https://html.spec.whatwg.org/multipage/syntax.html>), and forgives what is not closed. What it
//! does not know it passes over, text within it is kept; scripts, styles and comments show nothing.

use crate::block::{Block, Inline, Kind, MAX_DEPTH, Mark, Piece};
use std::ops::Range;

/// The blocks that a stretch of raw HTML shows; none where it holds neither list, table, heading nor
/// paragraph.
pub(crate) fn blocks(source: &str, span: &Range<usize>) -> Option<Vec<Block>> {
    let text = source.get(span.clone())?;
    let mut build = Build::default();
    let mut rest = text;
    let mut at = span.start;
    while !rest.is_empty() {
        let taken = build.token(rest, at);
        let taken = taken.clamp(1, rest.len());
        // A token ends between letters; where it would not, the letter is passed over as a whole.
        let taken = (taken..=rest.len()).find(|n| rest.is_char_boundary(*n)).unwrap_or(rest.len());
        at += taken;
        rest = rest.get(taken..).unwrap_or_default();
    }
    while !build.open.is_empty() {
        build.close(at);
    }
    build.part();
    build.structured.then_some(build.done)
}

/// An element that is open.
struct Open {
    name: &'static str,
    kind: Kind,
    start: usize,
    children: Vec<Block>,
}

#[derive(Default)]
struct Build {
    open: Vec<Open>,
    done: Vec<Block>,
    /// The words of the paragraph, heading or cell that is being read.
    inline: Vec<Inline>,
    /// Marks that are open within it, innermost last.
    marks: Vec<(&'static str, Mark)>,
    /// Something other than text was found.
    structured: bool,
}

/// Elements that are blocks, with what they are.
const BLOCKS: [(&str, Kind); 15] = [
    ("ol", Kind::List(Some(1))),
    ("ul", Kind::List(None)),
    ("li", Kind::Item(None)),
    ("table", Kind::Table),
    ("tr", Kind::Row),
    ("td", Kind::Cell),
    ("th", Kind::Cell),
    ("h1", Kind::Heading(1)),
    ("h2", Kind::Heading(2)),
    ("h3", Kind::Heading(3)),
    ("h4", Kind::Heading(4)),
    ("h5", Kind::Heading(5)),
    ("h6", Kind::Heading(6)),
    ("blockquote", Kind::Quote),
    ("pre", Kind::Code),
];

/// Elements that end a paragraph and hold nothing else.
const PARTING: [&str; 14] = [
    "p", "div", "section", "article", "aside", "header", "footer", "main", "figure", "hr", "dl",
    "dt", "dd", "details",
];

/// Elements of which the content shows nothing.
const HIDDEN: [&str; 4] = ["script", "style", "template", "head"];

const MARKS: [(&str, Mark); 4] =
    [("strong", Mark::Strong), ("b", Mark::Strong), ("em", Mark::Emphasis), ("i", Mark::Emphasis)];

impl Build {
    /// Takes one token from the front of a text that stands at `at`; gives its length.
    fn token(&mut self, text: &str, at: usize) -> usize {
        if let Some(comment) = text.strip_prefix("<!--") {
            return comment.find("-->").map_or(text.len(), |end| 4 + end + 3);
        }
        let Some(inner) = text.strip_prefix('<') else {
            let end = text.find('<').unwrap_or(text.len());
            self.text(text.get(..end).unwrap_or_default(), at);
            return end;
        };
        let closing = inner.starts_with('/');
        let name = inner.trim_start_matches('/');
        let length =
            name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(name.len());
        let name = name.get(..length).unwrap_or_default().to_ascii_lowercase();
        if name.is_empty() && !inner.starts_with(['!', '?']) {
            // "< 5" is text.
            self.text("<", at);
            return 1;
        }
        let Some(end) = tag_end(inner) else { return text.len() };
        let whole = 1 + end + 1;
        if HIDDEN.contains(&name.as_str()) && !closing {
            let close = format!("</{name}");
            let after = text.get(whole..).unwrap_or_default().to_ascii_lowercase();
            return whole + after.find(&close).unwrap_or(after.len());
        }
        let attributes = inner.get(length..end).unwrap_or_default();
        if closing {
            self.end(&name, at, at + whole);
        } else {
            self.start(&name, attributes, at..at + whole);
        }
        whole
    }

    fn start(&mut self, name: &str, attributes: &str, span: Range<usize>) {
        if name == "br" {
            self.inline.push(Inline { piece: Piece::Break, span });
            return;
        }
        if name == "input" {
            // A box to tick makes its item one of a checklist.
            let ticked = attributes.contains("checked");
            if attributes.contains("checkbox")
                && let Some(item) = self.open.iter_mut().rev().find(|o| o.name == "li")
            {
                item.kind = Kind::Item(Some(ticked));
            }
            return;
        }
        if let Some((name, kind)) = BLOCKS.iter().find(|(known, _)| *known == name) {
            self.begin(name, *kind, attributes, span);
            return;
        }
        if PARTING.contains(&name) {
            self.structured |= name == "p";
            self.part();
            return;
        }
        if name == "a" {
            let to = attribute(attributes, "href").unwrap_or_default();
            self.mark("a", Mark::Link(to), span);
        } else if let Some((name, mark)) = MARKS.iter().find(|(known, _)| *known == name) {
            self.mark(name, mark.clone(), span);
        }
    }

    fn begin(&mut self, name: &'static str, kind: Kind, attributes: &str, span: Range<usize>) {
        self.structured = true;
        // Within a cell there are words only; what would be a block begins a new line of it.
        if self.in_cell() && !matches!(kind, Kind::Row | Kind::Cell) {
            self.inline.push(Inline { piece: Piece::Break, span });
            return;
        }
        match kind {
            // What the one before left open ends here.
            Kind::Item(_) => self.close_up_to(&["ol", "ul"], span.start),
            Kind::Row => self.close_up_to(&["table"], span.start),
            Kind::Cell => self.close_up_to(&["tr"], span.start),
            _ => self.part(),
        }
        let lists =
            self.open.iter().filter(|o| matches!(o.kind, Kind::List(_) | Kind::Quote)).count();
        let stray = matches!(kind, Kind::Item(_) | Kind::Row | Kind::Cell) && self.open.is_empty();
        if stray || lists >= MAX_DEPTH {
            return;
        }
        let first = attribute(attributes, "start").and_then(|n| n.parse().ok());
        let kind = match (kind, first) {
            (Kind::List(Some(_)), Some(first)) => Kind::List(Some(first)),
            (kind, _) => kind,
        };
        self.open.push(Open { name, kind, start: span.start, children: Vec::new() });
    }

    fn end(&mut self, name: &str, start: usize, end: usize) {
        if let Some(at) = self.marks.iter().rposition(|(known, _)| *known == name) {
            for (_, mark) in self.marks.drain(at..).rev() {
                self.inline.push(Inline { piece: Piece::Close(mark), span: start..end });
            }
            return;
        }
        if PARTING.contains(&name) {
            if self.in_cell() {
                self.inline.push(Inline { piece: Piece::Break, span: start..end });
            } else {
                self.part();
            }
            return;
        }
        let Some(at) = self.open.iter().rposition(|o| o.name == name) else { return };
        while self.open.len() > at {
            self.close(end);
        }
    }

    fn in_cell(&self) -> bool {
        self.open.last().is_some_and(|o| o.kind == Kind::Cell)
    }

    fn mark(&mut self, name: &'static str, mark: Mark, span: Range<usize>) {
        self.inline.push(Inline { piece: Piece::Open(mark.clone()), span });
        self.marks.push((name, mark));
    }

    fn text(&mut self, text: &str, at: usize) {
        let blank = text.trim().is_empty();
        let within = self.open.last().map(|o| o.kind);
        let holds = matches!(
            within,
            None | Some(Kind::Item(_) | Kind::Cell | Kind::Heading(_) | Kind::Quote | Kind::Code)
        );
        if !holds || (blank && self.inline.is_empty()) {
            return;
        }
        let span = at..at + text.len();
        self.inline.push(Inline { piece: Piece::Text(decoded(text)), span });
    }

    /// Ends the paragraph that is being read.
    fn part(&mut self) {
        if self.in_cell() || self.open.last().is_some_and(|o| matches!(o.kind, Kind::Heading(_))) {
            return;
        }
        let inline = self.words();
        let said =
            inline.iter().any(|i| matches!(&i.piece, Piece::Text(t) if !t.trim().is_empty()));
        if !said {
            return;
        }
        let start = inline.first().map_or(0, |i| i.span.start);
        let end = inline.iter().map(|i| i.span.end).max().unwrap_or(start);
        self.put(Block::made(Kind::Para, start..end, Vec::new(), inline));
    }

    /// The words read so far, their marks closed.
    fn words(&mut self) -> Vec<Inline> {
        let mut inline = std::mem::take(&mut self.inline);
        let at = inline.iter().map(|i| i.span.end).max().unwrap_or(0);
        for (_, mark) in self.marks.drain(..).rev() {
            inline.push(Inline { piece: Piece::Close(mark), span: at..at });
        }
        let breaks = |i: &Inline| {
            i.piece == Piece::Break || matches!(&i.piece, Piece::Text(t) if t.trim().is_empty())
        };
        let from = inline.iter().position(|i| !breaks(i)).unwrap_or(inline.len());
        let to = inline.iter().rposition(|i| !breaks(i)).map_or(from, |at| at + 1);
        inline.get(from..to).unwrap_or_default().to_vec()
    }

    fn put(&mut self, block: Block) {
        match self.open.last_mut() {
            Some(open) => open.children.push(block),
            None => self.done.push(block),
        }
    }

    /// Closes what is open within the innermost of these elements.
    fn close_up_to(&mut self, names: &[&str], at: usize) {
        if !self.open.iter().any(|o| names.contains(&o.name)) {
            self.part();
            return;
        }
        while self.open.last().is_some_and(|o| !names.contains(&o.name)) {
            self.close(at);
        }
    }

    /// Closes the innermost element.
    fn close(&mut self, end: usize) {
        let holds_words = self
            .open
            .last()
            .is_some_and(|o| matches!(o.kind, Kind::Cell | Kind::Heading(_) | Kind::Code));
        let inline = if holds_words {
            self.words()
        } else {
            self.part();
            Vec::new()
        };
        let Some(open) = self.open.pop() else { return };
        let empty = open.children.is_empty() && inline.is_empty();
        if empty && !matches!(open.kind, Kind::Cell | Kind::Row) {
            return;
        }
        self.put(Block::made(open.kind, open.start..end, open.children, inline));
    }
}

/// Where a tag ends, without the mark that opens it; a quoted value may hold the mark.
fn tag_end(inner: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in inner.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') if at > 0 => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    None
}

/// The value of an attribute.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let after = attributes.split_once(&format!("{name}="))?.1;
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
    let value = match quote {
        Some(quote) => after.get(1..)?.split(quote).next()?,
        None => after.split([' ', '/']).next()?,
    };
    Some(decoded(value))
}

/// A text with its character references as the characters they stand for.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let known =
            after.split_once(';').and_then(|(name, behind)| Some((character(name)?, behind)));
        rest = if let Some((c, behind)) = known {
            out.push(c);
            behind
        } else {
            out.push('&');
            after
        };
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16)).ok()?;
        return char::from_u32(code).filter(|c| !c.is_control());
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "rarr" => '→',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "bull" => '•',
        "euro" => '€',
        "pound" => '£',
        "deg" => '°',
        "ge" => '≥',
        "le" => '≤',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The blocks as an outline: kind and words, parts in brackets.
    fn outline(blocks: &[Block]) -> String {
        let one = |block: &Block| {
            let inner = outline(&block.children);
            let name = match block.kind {
                Kind::List(Some(n)) => format!("ol{n}"),
                Kind::List(None) => "ul".to_owned(),
                Kind::Item(None) => "li".to_owned(),
                Kind::Item(Some(ticked)) => format!("box {ticked}"),
                Kind::Heading(n) => format!("h{n}"),
                other => format!("{other:?}").to_lowercase(),
            };
            let words = block.plain();
            let words = if words.is_empty() { String::new() } else { format!(" {words}") };
            if inner.is_empty() {
                format!("{name}{words}")
            } else {
                format!("{name}{words}({inner})")
            }
        };
        blocks.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    #[track_caller]
    fn check(html: &str, expected: &str) {
        let read = blocks(html, &(0..html.len()));
        assert_eq!(read.as_deref().map(outline).unwrap_or_default(), expected, "{html}");
    }

    #[test]
    fn what_a_page_shows_is_what_is_read() {
        check("<p>One <b>two</b></p><p>Three", "para One two; para Three");
        check(
            "<ol><li>A<ul><li>a1</li></ul></li>\n\n<li>B</ol>",
            "ol1(li(para A; ul(li(para a1))); li(para B))",
        );
        check("<ol start=\"4\"><li><p>D</p></li></ol>", "ol4(li(para D))");
        check(
            "<table><tbody><tr><th>Who</th><td>A<br/>B</td></tr><tr><td><p>x</p><p>y</p></td></table>",
            "table(row(cell Who; cell A B); row(cell x y))",
        );
        check("<h2 class=\"a>b\">Steps &amp; more</h2>text", "h2 Steps & more; para text");
        check(
            "<ul><li><input type=\"checkbox\" checked> Lock it</li></ul>",
            "ul(box true(para Lock it))",
        );
        check("<p>5 < 6 &copy; &#8364;&#x20;</p>", "para 5 < 6 &copy; €");
        check("<p>a<!-- b --><script>c()</script>d</p>", "para ad");
        check("<p><a href=\"x?a=1&amp;b=2\">Form</a></p>", "para Form");
    }

    #[test]
    fn tags_that_hold_no_blocks_and_tags_without_an_end_show_nothing() {
        for html in
            ["<span>x</span>", "<img src=\"x\">", "<!-- <p>x</p> -->", "<div>é</div>", "<", "<p"]
        {
            check(html, "");
        }
        check("<ul>", "");
        check("</p></ol><li>é", "para é");
    }
}
