//! The rule SOP0103: nothing says what starts the process.
#![doc = include_str!("../../../../../docs/codes/SOP0103.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0103"),
    name: "trigger-missing",
    severity: Severity::Warning,
    summary: "Nothing says what starts the process",
    page: include_str!("../../../../../docs/codes/SOP0103.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        if process.triggers.is_empty() {
            found.push(
                RULE.at(reading.notes.title.clone(), format!("nothing says what starts \"{}\"", process.title))
                    .with_help("add `trigger:` to the front matter, for example `trigger: every Monday at 09:00` or `trigger: a client signs`"),
            );
        }
    }
}
