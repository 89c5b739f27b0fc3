//! From byte offsets to lines and columns as people count them.

use std::ops::Range;

/// A place in a text, both counted from one; columns count characters (Unicode scalar values).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// The starts of the lines of one text.
///
/// A line ends with `\n`, `\r\n` or a lone `\r`. Offsets beyond the text or inside a character are
/// clamped, never a panic.
#[derive(Debug, Clone)]
pub struct LineIndex<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> LineIndex<'a> {
    /// The index of a text.
    pub fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                starts.push(at + 1);
            }
        }
        Self { text, starts }
    }

    /// The number of lines; a final line break opens one more, empty line.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The nearest offset at or before `offset` that is inside the text and between characters.
    pub fn clamp(&self, offset: usize) -> usize {
        let mut at = offset.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at = at.saturating_sub(1);
        }
        at
    }

    /// The range moved onto character boundaries, its end never before its start.
    pub fn clamp_range(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.clamp(range.start);
        start..self.clamp(range.end).max(start)
    }

    /// The number of the line that holds `offset`, counted from one.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= self.clamp(offset))
    }

    /// Line and column of `offset`.
    pub fn position(&self, offset: usize) -> Position {
        let at = self.clamp(offset);
        let line = self.line(at);
        let start = self.start(line);
        let column = self.text.get(start..at).map_or(0, |before| before.chars().count()) + 1;
        Position { line, column }
    }

    /// The byte offset where a line begins; the end of the text for a line it does not have.
    pub fn start(&self, line: usize) -> usize {
        line.checked_sub(1).and_then(|n| self.starts.get(n)).copied().unwrap_or(self.text.len())
    }

    /// The bytes of a line without its line break.
    pub fn line_range(&self, line: usize) -> Range<usize> {
        let start = self.start(line);
        let end = self.starts.get(line).copied().unwrap_or(self.text.len()).max(start);
        let text = self.text.get(start..end).unwrap_or_default();
        start..start + text.trim_end_matches(['\n', '\r']).len()
    }

    /// A line without its line break; empty for a line the text does not have.
    pub fn line_text(&self, line: usize) -> &'a str {
        self.text.get(self.line_range(line)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, offset: usize, line: usize, column: usize) {
        assert_eq!(LineIndex::new(text).position(offset), Position { line, column }, "{text:?}");
    }

    #[test]
    fn places_are_counted_from_one_in_characters() {
        check("", 0, 1, 1);
        check("ab\ncd", 0, 1, 1);
        check("ab\ncd", 2, 1, 3);
        check("ab\ncd", 3, 2, 1);
        check("ab\r\ncd", 4, 2, 1);
        check("ab\rcd", 3, 2, 1);
        check("äöü\n", 4, 1, 3);
        check("äöü\n", 3, 1, 2);
        check("ab\n", 3, 2, 1);
        check("ab", 99, 1, 3);
        check("🙂x", 4, 1, 2);
    }

    #[test]
    fn a_line_comes_without_its_break() {
        let index = LineIndex::new("ab\r\ncd\n\nef");
        let lines: Vec<&str> = (0..=6).map(|n| index.line_text(n)).collect();
        assert_eq!(lines, ["", "ab", "cd", "", "ef", "", ""]);
        assert_eq!(index.lines(), 4);
    }

    proptest! {
        #[test]
        fn any_offset_has_a_place(text in "[a-zä\n\r🙂]{0,40}", from in 0usize..200, to in 0usize..200) {
            let index = LineIndex::new(&text);
            let range = index.clamp_range(&(from..to));
            prop_assert!(text.get(range.clone()).is_some());
            let place = index.position(from);
            prop_assert!(place.line >= 1 && place.line <= index.lines() && place.column >= 1);
            prop_assert!(index.position(range.end) >= index.position(range.start));
        }
    }
}
