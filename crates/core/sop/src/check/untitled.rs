//! The rule SOP0303: the document has no title.
#![doc = include_str!("../../../../../docs/codes/SOP0303.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0303"),
    name: "untitled",
    severity: Severity::Info,
    summary: "The document has no title",
    page: include_str!("../../../../../docs/codes/SOP0303.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        if reading.notes.untitled {
            found.push(
                RULE.at(
                    0..0,
                    format!(
                        "the document has no title; \"{}\" is taken from the file's name",
                        process.title
                    ),
                )
                .with_help("begin it with `# Title`"),
            );
        }
    }
}
