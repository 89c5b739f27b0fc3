//! The rule SOP0501: the file holds several processes.
#![doc = include_str!("../../../../../docs/codes/SOP0501.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0501"),
    name: "several-processes",
    severity: Severity::Info,
    summary: "The file holds several processes",
    page: include_str!("../../../../../docs/codes/SOP0501.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    if let [_, second, ..] = document.readings {
        let count = document.readings.len();
        found.push(
            RULE.at(second.notes.title.clone(), format!("the file holds {count} processes"))
                .with_help("keep one process per file"),
        );
    }
}
