//! One finding: where, how bad, what, and what to do about it.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The text cannot be accepted as it is.
    Error,
    /// The text can be accepted, but something important is missing or doubtful.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// The word used in JSON and in the text form.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The stable code of a rule, such as `SOP0103`: never reused for another meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Code(pub &'static str);

impl Code {
    /// The code as text.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A change of the text that would settle a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// The bytes to replace.
    pub range: Range<usize>,
    /// What to put there.
    pub replacement: String,
    /// What the change does, in a few words.
    pub title: String,
}

/// Another place of the same text that a finding speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Related {
    /// The bytes.
    pub range: Range<usize>,
    /// What stands there.
    pub message: String,
}

/// One finding about one text.
///
/// The message is one line that stands alone, without a final full stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Which rule found it.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The bytes it is about.
    pub range: Range<usize>,
    /// A change that would settle it.
    pub fix: Option<Fix>,
    /// Other places that belong to it, such as the first of two that contradict each other.
    pub related: Vec<Related>,
    /// The bytes hold a secret: nobody may print them.
    pub conceals: bool,
}

impl Diagnostic {
    /// A finding about `range`; line breaks and a final full stop are taken out of the message.
    pub fn new(
        code: Code,
        severity: Severity,
        message: impl AsRef<str>,
        range: Range<usize>,
    ) -> Self {
        Self {
            code,
            severity,
            message: one_line(message.as_ref()),
            help: None,
            range,
            fix: None,
            related: Vec::new(),
            conceals: false,
        }
    }

    /// A finding of severity error.
    pub fn error(code: Code, message: impl AsRef<str>, range: Range<usize>) -> Self {
        Self::new(code, Severity::Error, message, range)
    }

    /// A finding of severity warning.
    pub fn warning(code: Code, message: impl AsRef<str>, range: Range<usize>) -> Self {
        Self::new(code, Severity::Warning, message, range)
    }

    /// A finding of severity info.
    pub fn info(code: Code, message: impl AsRef<str>, range: Range<usize>) -> Self {
        Self::new(code, Severity::Info, message, range)
    }

    /// The same with a word of advice.
    #[must_use]
    pub fn with_help(mut self, help: impl AsRef<str>) -> Self {
        self.help = Some(one_line(help.as_ref()));
        self
    }

    /// The same with another place that belongs to it.
    #[must_use]
    pub fn with_related(mut self, range: Range<usize>, message: impl AsRef<str>) -> Self {
        self.related.push(Related { range, message: one_line(message.as_ref()) });
        self
    }

    /// The same about a secret that must not be printed.
    #[must_use]
    pub fn concealing(mut self) -> Self {
        self.conceals = true;
        self
    }

    /// The same with a change that would settle it.
    #[must_use]
    pub fn with_fix(
        mut self,
        range: Range<usize>,
        replacement: impl Into<String>,
        title: impl AsRef<str>,
    ) -> Self {
        self.fix =
            Some(Fix { range, replacement: replacement.into(), title: one_line(title.as_ref()) });
        self
    }
}

/// Whether one of the findings refuses the text.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}

fn one_line(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match folded.strip_suffix('.') {
        Some(rest) if !rest.ends_with('.') => rest.to_owned(),
        _ => folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_without_a_final_full_stop() {
        for (given, expected) in [
            ("no owner is named", "no owner is named"),
            ("no owner\nis  named.", "no owner is named"),
            ("and so on...", "and so on..."),
        ] {
            let made = Diagnostic::error(Code("SOP0101"), given, 0..0).with_help(given);
            assert_eq!(made.message, expected);
            assert_eq!(made.help.as_deref(), Some(expected));
        }
    }

    #[test]
    fn errors_come_before_warnings_before_infos() {
        assert!(Severity::Error < Severity::Warning && Severity::Warning < Severity::Info);
    }

    #[test]
    fn only_errors_refuse() {
        let warning = Diagnostic::warning(Code("SOP0103"), "w", 0..1);
        let error = Diagnostic::error(Code("SOP0101"), "e", 0..1);
        assert!(!has_errors(std::slice::from_ref(&warning)));
        assert!(has_errors(&[warning, error]));
    }
}
