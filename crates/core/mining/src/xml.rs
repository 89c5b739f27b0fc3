//! XML piece by piece from a stream: tags with their attributes, and words. Memory does not grow with the
//! file; a tag has a largest size, and document types are refused with the entities they could hold.

use crate::report::{Refusal, Watch};
use crate::text::Utf8;
use memchr::{memchr, memchr2};
use std::borrow::Cow;
use std::io::Read;
use std::ops::Range;

/// The longest tag or stretch of words.
const MAX_PIECE: usize = 16 * 1024 * 1024;
const FIRST: usize = 256 * 1024;

/// What comes next in a document.
#[derive(Debug)]
pub(crate) enum Item<'a> {
    /// A start tag; `true` where it is its own end.
    Start(Tag<'a>, bool),
    /// An end tag; its name without a prefix.
    End(&'a [u8]),
    /// Words between tags, raw.
    Text(&'a [u8]),
}

/// A start tag.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tag<'a> {
    bytes: &'a [u8],
    name: (usize, usize),
    attributes: &'a [(Range<usize>, Range<usize>)],
}

impl<'a> Tag<'a> {
    /// The name without its prefix.
    pub(crate) fn name(&self) -> &'a [u8] {
        self.bytes.get(self.name.0..self.name.1).unwrap_or_default()
    }

    /// The names and raw values of the attributes.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        let bytes = self.bytes;
        self.attributes.iter().map(move |(name, value)| {
            (
                bytes.get(name.clone()).unwrap_or_default(),
                bytes.get(value.clone()).unwrap_or_default(),
            )
        })
    }

    /// The raw value of an attribute.
    pub(crate) fn raw(&self, name: &[u8]) -> Option<&'a [u8]> {
        self.attributes().find(|(n, _)| *n == name).map(|(_, value)| value)
    }

    /// The value of an attribute as text.
    pub(crate) fn text(&self, name: &[u8]) -> Option<String> {
        self.raw(name).map(|raw| String::from_utf8_lossy(&unescape(raw)).into_owned())
    }
}

/// What a tag turned out to be, as places in the buffer.
enum Shape {
    Start { name: (usize, usize), is_empty: bool, end: usize },
    End { name: (usize, usize), end: usize },
    Text { from: usize, to: usize, end: usize },
    Skip { end: usize },
}

/// What to do where a piece is not whole.
enum Cut {
    More,
    Wrong(&'static str),
}

/// Reads a document piece by piece.
pub(crate) struct Scanner<R> {
    source: Utf8<R>,
    buffer: Vec<u8>,
    /// Where what was not yet given begins.
    at: usize,
    /// Where what was read ends.
    filled: usize,
    /// How many bytes came before the buffer.
    before: u64,
    is_over: bool,
    attributes: Vec<(Range<usize>, Range<usize>)>,
}

impl<R: Read> Scanner<R> {
    pub(crate) fn new(reader: R) -> Result<Self, Refusal> {
        let source = Utf8::new(reader)?;
        Ok(Self {
            source,
            buffer: vec![0; FIRST],
            at: 0,
            filled: 0,
            before: 0,
            is_over: false,
            attributes: Vec::new(),
        })
    }

    /// How many bytes have been given.
    pub(crate) fn position(&self) -> u64 {
        self.before + crate::number::long(self.at)
    }

    fn malformed(&self, what: &str) -> Refusal {
        Refusal::Malformed(format!(
            "it is no well-formed XML: {what} (near byte {})",
            self.position()
        ))
    }

    /// Reads more behind what is there.
    fn fill(&mut self, watch: &mut dyn Watch) -> Result<(), Refusal> {
        if self.at > 0 {
            self.buffer.copy_within(self.at..self.filled, 0);
            self.before += crate::number::long(self.at);
            self.filled -= self.at;
            self.at = 0;
        }
        if self.filled == self.buffer.len() {
            if self.filled >= MAX_PIECE {
                let size = MAX_PIECE / (1024 * 1024);
                return Err(Refusal::TooLarge(format!("a tag or text is longer than {size} MiB")));
            }
            self.buffer.resize((self.filled * 2).min(MAX_PIECE), 0);
        }
        if !watch.goes_on(self.before) {
            return Err(Refusal::Stopped);
        }
        // As much as there is room for: a decompressor gives little at a time.
        while let Some(room) = self.buffer.get_mut(self.filled..).filter(|room| !room.is_empty()) {
            let count = self.source.read(room)?;
            if count == 0 {
                self.is_over = true;
                break;
            }
            self.filled += count;
        }
        Ok(())
    }

    /// The next piece; `None` at the end.
    pub(crate) fn next(&mut self, watch: &mut dyn Watch) -> Result<Option<Item<'_>>, Refusal> {
        let shape = loop {
            if self.at == self.filled {
                if self.is_over {
                    return Ok(None);
                }
                self.fill(watch)?;
                continue;
            }
            match self.shape() {
                Ok(Shape::Skip { end }) => self.at = end,
                Ok(shape) => break shape,
                Err(Cut::Wrong(what)) => return Err(self.malformed(what)),
                Err(Cut::More) if self.is_over => {
                    return Err(self.malformed("it ends in the middle of a tag"));
                }
                Err(Cut::More) => self.fill(watch)?,
            }
        };
        let piece = |(from, to): (usize, usize)| self.buffer.get(from..to).unwrap_or_default();
        Ok(Some(match shape {
            Shape::Start { name, is_empty, end } => {
                self.at = end;
                let tag = Tag { bytes: &self.buffer, name, attributes: &self.attributes };
                Item::Start(tag, is_empty)
            }
            Shape::End { name, end } => {
                self.at = end;
                Item::End(piece(name))
            }
            Shape::Text { from, to, end } => {
                self.at = end;
                Item::Text(piece((from, to)))
            }
            Shape::Skip { .. } => Item::Text(b""),
        }))
    }

    /// What begins at the first byte not given.
    fn shape(&mut self) -> Result<Shape, Cut> {
        let bytes = self.buffer.get(..self.filled).unwrap_or_default();
        let at = self.at;
        if bytes.get(at) != Some(&b'<') {
            let rest = bytes.get(at..).unwrap_or_default();
            return match memchr(b'<', rest) {
                Some(length) => Ok(Shape::Text { from: at, to: at + length, end: at + length }),
                None if self.is_over => {
                    Ok(Shape::Text { from: at, to: self.filled, end: self.filled })
                }
                None => Err(Cut::More),
            };
        }
        match bytes.get(at + 1) {
            None => Err(Cut::More),
            Some(b'/') => {
                let from = at + 2;
                let rest = bytes.get(from..).unwrap_or_default();
                let end = from + memchr(b'>', rest).ok_or(Cut::More)?;
                let mut to = end;
                while to > from && bytes.get(to - 1).is_some_and(u8::is_ascii_whitespace) {
                    to -= 1;
                }
                Ok(Shape::End { name: local(bytes, from, to), end: end + 1 })
            }
            Some(b'?') => {
                let end = until(bytes, at + 2, b"?>").ok_or(Cut::More)?;
                Ok(Shape::Skip { end })
            }
            Some(b'!') => declaration(bytes, at),
            Some(_) => start(bytes, at, &mut self.attributes),
        }
    }
}

fn declaration(bytes: &[u8], at: usize) -> Result<Shape, Cut> {
    let rest = bytes.get(at..).unwrap_or_default();
    let is = |mark: &[u8]| {
        let short = rest.len().min(mark.len());
        (rest.get(..short) == mark.get(..short)).then_some(short == mark.len())
    };
    match (is(b"<!--"), is(b"<![CDATA["), is(b"<!DOCTYPE")) {
        (Some(true), ..) => Ok(Shape::Skip { end: until(bytes, at + 4, b"-->").ok_or(Cut::More)? }),
        (_, Some(true), _) => {
            let end = until(bytes, at + 9, b"]]>").ok_or(Cut::More)?;
            // Words in which nothing is escaped are given as such only where nothing looks escaped.
            let (from, to) = (at + 9, end - 3);
            let is_plain = bytes.get(from..to).is_some_and(|words| memchr(b'&', words).is_none());
            Ok(if is_plain { Shape::Text { from, to, end } } else { Shape::Skip { end } })
        }
        (_, _, Some(true)) => {
            let length = memchr2(b'>', b'[', rest).ok_or(Cut::More)?;
            if rest.get(length) == Some(&b'[') {
                return Err(Cut::Wrong("it declares a document type, which is not read"));
            }
            Ok(Shape::Skip { end: at + length + 1 })
        }
        (None, None, None) => Err(Cut::Wrong("a tag begins with <! and is none that there is")),
        _ => Err(Cut::More),
    }
}

/// Where the bytes behind a mark begin.
fn until(bytes: &[u8], from: usize, mark: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    memchr::memmem::find(rest, mark).map(|length| from + length + mark.len())
}

/// A name without its prefix.
fn local(bytes: &[u8], from: usize, to: usize) -> (usize, usize) {
    let name = bytes.get(from..to).unwrap_or_default();
    (name.iter().position(|b| *b == b':').map_or(from, |colon| from + colon + 1), to)
}

fn start(
    bytes: &[u8],
    at: usize,
    attributes: &mut Vec<(Range<usize>, Range<usize>)>,
) -> Result<Shape, Cut> {
    attributes.clear();
    let ends_name = |b: u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/' | b'=');
    let word = |from: usize| -> Result<usize, Cut> {
        let rest = bytes.get(from..).unwrap_or_default();
        rest.iter().position(|b| ends_name(*b)).map(|length| from + length).ok_or(Cut::More)
    };
    let blank = |mut from: usize| {
        while bytes.get(from).is_some_and(u8::is_ascii_whitespace) {
            from += 1;
        }
        from
    };
    let end = word(at + 1)?;
    if end == at + 1 {
        return Err(Cut::Wrong("a tag has no name"));
    }
    let name = local(bytes, at + 1, end);
    let mut next = blank(end);
    loop {
        match bytes.get(next) {
            None => return Err(Cut::More),
            Some(b'>') => return Ok(Shape::Start { name, is_empty: false, end: next + 1 }),
            Some(b'/') => {
                return match bytes.get(next + 1) {
                    None => Err(Cut::More),
                    Some(b'>') => Ok(Shape::Start { name, is_empty: true, end: next + 2 }),
                    Some(_) => Err(Cut::Wrong("a / stands within a tag")),
                };
            }
            Some(_) => {}
        }
        let from = next;
        let to = word(from)?;
        next = blank(to);
        match bytes.get(next) {
            None => return Err(Cut::More),
            Some(b'=') if to > from => next = blank(next + 1),
            Some(_) => return Err(Cut::Wrong("an attribute has no value")),
        }
        let quote = match bytes.get(next) {
            None => return Err(Cut::More),
            Some(quote @ (b'"' | b'\'')) => *quote,
            Some(_) => return Err(Cut::Wrong("a value has no quotes")),
        };
        let rest = bytes.get(next + 1..).unwrap_or_default();
        let length = memchr(quote, rest).ok_or(Cut::More)?;
        attributes.push((from..to, next + 1..next + 1 + length));
        next = blank(next + 2 + length);
    }
}

/// A raw value with its references resolved; one that means nothing stays as it stands.
pub(crate) fn unescape(raw: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr(b'&', raw) else { return Cow::Borrowed(raw) };
    let mut out = raw.get(..first).unwrap_or_default().to_vec();
    let mut rest = raw.get(first..).unwrap_or_default();
    while let [_, behind @ ..] = rest {
        let end = memchr(b';', behind).filter(|end| *end <= 10);
        let meant = end.and_then(|end| {
            let name = behind.get(..end)?;
            Some((meaning(name)?, behind.get(end + 1..)?))
        });
        rest = if let Some((c, after)) = meant {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            after
        } else {
            out.push(b'&');
            behind
        };
        let next = memchr(b'&', rest).unwrap_or(rest.len());
        out.extend_from_slice(rest.get(..next).unwrap_or_default());
        rest = rest.get(next..).unwrap_or_default();
    }
    Cow::Owned(out)
}

fn meaning(name: &[u8]) -> Option<char> {
    match name {
        b"amp" => Some('&'),
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        [b'#', b'x' | b'X', digits @ ..] => {
            let digits = std::str::from_utf8(digits).ok()?;
            char::from_u32(u32::from_str_radix(digits, 16).ok()?)
        }
        [b'#', digits @ ..] => char::from_u32(std::str::from_utf8(digits).ok()?.parse().ok()?),
        _ => None,
    }
}

/// A text as it stands in a value or between tags.
pub(crate) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            ' '..='\u{fffd}' | '\u{10000}'.. => out.push(c),
            // XML has no way to say these at all.
            _ => out.push('\u{fffd}'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Unwatched;

    fn told(text: &[u8]) -> String {
        let mut scanner = Scanner::new(text).unwrap();
        let mut out = String::new();
        loop {
            match scanner.next(&mut Unwatched) {
                Ok(None) => return out,
                Ok(Some(Item::Start(tag, is_empty))) => {
                    put!(out, "<{}", String::from_utf8_lossy(tag.name()));
                    for (name, value) in tag.attributes() {
                        let value = unescape(value);
                        let (name, value) =
                            (String::from_utf8_lossy(name), String::from_utf8_lossy(&value));
                        put!(out, " {name}=[{value}]");
                    }
                    out.push_str(if is_empty { "/>" } else { ">" });
                }
                Ok(Some(Item::End(name))) => {
                    put!(out, "</{}>", String::from_utf8_lossy(name));
                }
                Ok(Some(Item::Text(text))) => {
                    out.push_str(String::from_utf8_lossy(text).trim());
                }
                Err(refusal) => return format!("{out}!{refusal}"),
            }
        }
    }

    #[test]
    fn a_document_is_its_tags_and_words() {
        assert_eq!(
            told(
                b"<?xml version='1.0'?><!-- > --><x:a  b = 'c>d' e=\"&lt;&#65;&#x42;&no;\"/ ><y/>"
            ),
            "!it is no well-formed XML: a / stands within a tag (near byte 31)"
        );
        assert_eq!(
            told(b"<!DOCTYPE a><x:a  b = 'c>d' e=\"&lt;&#65;&#x42;&no;&\"><y/>w<![CDATA[<z>]]></x:a >"),
            "<a b=[c>d] e=[<AB&no;&]><y/>w<z></a>"
        );
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for text in
            ["<a", "<a b>", "<a b=c>", "< a>", "<!x>", "<a b='", "<!DOCTYPE a [<!ENTITY b 'c'>]>"]
        {
            assert!(told(text.as_bytes()).contains("!it is no well-formed XML"), "{text}");
        }
    }

    #[test]
    fn a_tag_across_the_edge_of_the_buffer_is_whole() {
        let mut text = "<a>".to_owned();
        for n in 0..40_000 {
            put!(text, "<b n='{n}' c='a value &amp; more'/>");
        }
        let told = told(text.as_bytes());
        assert_eq!(told.matches("c=[a value & more]/>").count(), 40_000);
        assert!(told.contains("n=[39999]"));
    }
}
