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
    /// Findings that bring the change that settles them.
    pub fixable: usize,
}

impl Tally {
    /// Counts one more file and its findings.
    pub fn add(&mut self, diagnostics: &[Diagnostic]) {
        self.files += 1;
        for diagnostic in diagnostics {
            self.fixable += usize::from(diagnostic.fix.is_some());
            match diagnostic.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Info => self.infos += 1,
            }
        }
    }

    /// The summary in one line: "3 errors and 1 info in 2 files; 1 can be fixed with --fix".
    pub fn line(self) -> String {
        let of = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        let counts = [(self.errors, "error"), (self.warnings, "warning"), (self.infos, "info")];
        let mut said: Vec<String> =
            counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| of(*n, word)).collect();
        let found = match said.pop() {
            None => "nothing found".to_owned(),
            Some(last) if said.is_empty() => last,
            Some(last) => format!("{} and {last}", said.join(", ")),
        };
        let files = of(self.files, "file");
        match self.fixable {
            0 => format!("{found} in {files}"),
            n => format!("{found} in {files}; {n} can be fixed with --fix"),
        }
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
        assert_eq!(tally.line(), "1 error in 2 files");
        let fixable = Diagnostic::info(Code("SOP0008"), "i", 0..0).with_fix(0..0, "", "t");
        tally.add(&[fixable.clone(), fixable, Diagnostic::warning(Code("SOP0103"), "w", 0..0)]);
        assert_eq!(
            tally.line(),
            "1 error, 1 warning and 2 infos in 3 files; 2 can be fixed with --fix"
        );
        let mut none = Tally::default();
        none.add(&[]);
        assert_eq!(none.line(), "nothing found in 1 file");
    }
}
