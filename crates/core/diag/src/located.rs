//! One finding as JSON gives it: with lines and columns instead of byte offsets.

use crate::{Code, Diagnostic, LineIndex, Severity};
use serde::Serialize;

/// A finding with its place; the end is one past the last column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Located {
    /// Which rule found it.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The first line, from one.
    pub line: usize,
    /// The first column, from one, in characters.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// One past the last column.
    pub end_column: usize,
}

impl Located {
    /// A finding with its place in the text of `index`.
    pub fn new(index: &LineIndex<'_>, diagnostic: &Diagnostic) -> Self {
        let range = index.clamp_range(&diagnostic.range);
        let (start, end) = (index.position(range.start), index.position(range.end));
        Self {
            code: diagnostic.code,
            severity: diagnostic.severity,
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }

    /// All findings about one text with their places.
    pub fn all(source: &str, diagnostics: &[Diagnostic]) -> Vec<Self> {
        let index = LineIndex::new(source);
        diagnostics.iter().map(|d| Self::new(&index, d)).collect()
    }
}

/// How many findings of each severity there are, over how many files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// Files looked at.
    pub files: usize,
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
    /// Findings of severity info.
    pub infos: usize,
}

impl Tally {
    /// Counts one more file and its findings.
    pub fn add(&mut self, diagnostics: &[Diagnostic]) {
        self.files += 1;
        for diagnostic in diagnostics {
            match diagnostic.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Info => self.infos += 1,
            }
        }
    }

    /// The summary in one line: "2 files: 1 error, 3 warnings, 0 infos".
    pub fn line(self) -> String {
        let of = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        format!(
            "{}: {}, {}, {}",
            of(self.files, "file"),
            of(self.errors, "error"),
            of(self.warnings, "warning"),
            of(self.infos, "info")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_the_fields_of_the_contract() {
        let found = Diagnostic::warning(Code("SOP0103"), "no trigger", 3..5);
        let json = serde_json::to_value(Located::all("ab\ncd\n", &[found])).expect("plain data");
        let expected = serde_json::json!([{
            "code": "SOP0103", "severity": "warning", "message": "no trigger", "help": null,
            "line": 2, "column": 1, "end_line": 2, "end_column": 3
        }]);
        assert_eq!(json, expected);
    }

    #[test]
    fn the_summary_counts_and_minds_the_plural() {
        let mut tally = Tally::default();
        tally.add(&[Diagnostic::error(Code("SOP0101"), "e", 0..0)]);
        tally.add(&[]);
        assert_eq!(tally.line(), "2 files: 1 error, 0 warnings, 0 infos");
    }
}
