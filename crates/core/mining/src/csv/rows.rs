//! The rows and fields of a table, from a stream.

use crate::number::long;
use crate::report::{Place, Refusal, Watch};
use crate::text::Utf8;
use memchr::{memchr, memchr2};
use std::borrow::Cow;
use std::io::Read;

const FIRST: usize = 256 * 1024;
const MAX_ROW: usize = 16 * 1024 * 1024;
const MAX_COLUMNS: usize = 4096;

/// A field: where it stands, and whether quotes within it are doubled.
#[derive(Debug, Clone, Copy)]
struct Field {
    from: usize,
    to: usize,
    is_doubled: bool,
}

/// The rows of a table.
pub(crate) struct Rows<R> {
    source: Utf8<R>,
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    before: u64,
    is_over: bool,
    delimiter: u8,
    line: u64,
    fields: Vec<Field>,
}

impl<R: Read> Rows<R> {
    pub(crate) fn new(reader: R, watch: &mut dyn Watch) -> Result<Self, Refusal> {
        let mut new = Self {
            source: Utf8::new(reader)?,
            buffer: vec![0; FIRST],
            at: 0,
            filled: 0,
            before: 0,
            is_over: false,
            delimiter: b',',
            line: 1,
            fields: Vec::new(),
        };
        new.fill(watch)?;
        new.delimiter = new.guess();
        Ok(new)
    }

    /// The mark that parts the first line most often.
    fn guess(&self) -> u8 {
        let head = self.buffer.get(..self.filled).unwrap_or_default();
        let line = head.get(..memchr(b'\n', head).unwrap_or(head.len())).unwrap_or_default();
        let mut is_quoted = false;
        let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0), (b'|', 0)];
        for byte in line {
            is_quoted ^= *byte == b'"';
            if let Some((_, count)) = counts.iter_mut().find(|(mark, _)| mark == byte && !is_quoted)
            {
                *count += 1;
            }
        }
        counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(mark, _)| *mark)
    }

    fn fill(&mut self, watch: &mut dyn Watch) -> Result<(), Refusal> {
        if self.at > 0 {
            self.buffer.copy_within(self.at..self.filled, 0);
            self.before += long(self.at);
            self.filled -= self.at;
            self.at = 0;
        }
        if self.filled == self.buffer.len() {
            if self.filled >= MAX_ROW {
                let size = MAX_ROW / (1024 * 1024);
                return Err(Refusal::TooLarge(format!(
                    "line {} is longer than {size} MiB",
                    self.line
                )));
            }
            self.buffer.resize(self.filled * 2, 0);
        }
        if !watch.goes_on(self.before) {
            return Err(Refusal::Stopped);
        }
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

    /// Goes to the next row that is not blank; false at the end.
    pub(crate) fn advance(&mut self, watch: &mut dyn Watch) -> Result<bool, Refusal> {
        loop {
            if self.at == self.filled && self.is_over {
                return Ok(false);
            }
            match self.row() {
                Some((end, lines)) => {
                    self.at = end;
                    self.line += lines;
                    let is_blank = matches!(self.fields.as_slice(), [only] if only.from == only.to);
                    if !is_blank {
                        return Ok(true);
                    }
                }
                None => self.fill(watch)?,
            }
            if self.fields.len() > MAX_COLUMNS {
                return Err(Refusal::TooLarge(format!(
                    "there are more than {MAX_COLUMNS} columns"
                )));
            }
        }
    }

    /// Takes the row that begins here apart: where it ends and how many lines it has. `None` where it goes
    /// on behind what was read.
    fn row(&mut self) -> Option<(usize, u64)> {
        self.fields.clear();
        let bytes = self.buffer.get(..self.filled)?;
        let mut at = self.at;
        let mut lines = 1;
        loop {
            let (from, mut is_doubled) = (at, false);
            let (from, to, end) = if bytes.get(at) == Some(&b'"') {
                let mut next = at + 1;
                let close = loop {
                    let rest = bytes.get(next..).unwrap_or_default();
                    let Some(length) = memchr(b'"', rest) else {
                        if self.is_over {
                            // A quote that nothing closes is closed by the end.
                            break self.filled;
                        }
                        return None;
                    };
                    match bytes.get(next + length + 1) {
                        Some(b'"') => {
                            is_doubled = true;
                            next += length + 2;
                        }
                        None if !self.is_over => return None,
                        _ => break next + length,
                    }
                };
                let inside = bytes.get(at + 1..close).unwrap_or_default();
                lines += long(memchr::memchr_iter(b'\n', inside).count());
                let rest = bytes.get(close..).unwrap_or_default();
                let more = memchr2(self.delimiter, b'\n', rest);
                (at + 1, close, more.map(|length| close + length))
            } else {
                let rest = bytes.get(at..).unwrap_or_default();
                let end = memchr2(self.delimiter, b'\n', rest).map(|length| at + length);
                (from, end.unwrap_or(self.filled), end)
            };
            if end.is_none() && !self.is_over {
                return None;
            }
            let is_last = end.is_none_or(|end| bytes.get(end) == Some(&b'\n'));
            let mut to = to;
            if is_last && to > from && bytes.get(to - 1) == Some(&b'\r') {
                to -= 1;
            }
            self.fields.push(Field { from, to, is_doubled });
            match end {
                None => return Some((self.filled, lines)),
                Some(end) if is_last => return Some((end + 1, lines)),
                Some(end) => at = end + 1,
            }
        }
    }

    /// The line behind the row.
    pub(crate) fn place(&self) -> Place {
        Place::Line(self.line.saturating_sub(1))
    }

    /// How many fields the row has.
    pub(crate) fn width(&self) -> usize {
        self.fields.len()
    }

    /// A field of the row; empty where there is none.
    pub(crate) fn field(&self, at: usize) -> Cow<'_, [u8]> {
        let Some(field) = self.fields.get(at) else { return Cow::Borrowed(b"") };
        let raw = self.buffer.get(field.from..field.to).unwrap_or_default();
        if !field.is_doubled {
            return Cow::Borrowed(raw);
        }
        let mut out = Vec::with_capacity(raw.len());
        let mut was_quote = false;
        for byte in raw {
            was_quote = *byte == b'"' && !was_quote;
            if !was_quote {
                out.push(*byte);
            }
        }
        Cow::Owned(out)
    }

    /// A field of the row as text without blanks around it.
    pub(crate) fn text(&self, at: usize) -> String {
        String::from_utf8_lossy(&self.field(at)).trim().to_owned()
    }
}
