//! The rule SOP0111: the review cadence is not understood.
#![doc = include_str!("../../../../../docs/codes/SOP0111.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0111"),
    name: "review-unclear",
    severity: Severity::Warning,
    summary: "The review cadence is not understood",
    page: include_str!("../../../../../docs/codes/SOP0111.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        let _ = process;
        let Some(entry) = reading.notes.settings.get(&["review"]) else { continue };
        let text = entry.value.text().unwrap_or_default();
        if crate::cadence::parse(text).is_none() {
            found.push(
                RULE.at(
                    entry.span.clone(),
                    format!("the review cadence \"{text}\" is not understood"),
                )
                .with_help("write for example `every 6 months`, `quarterly` or `P1Y`"),
            );
        }
    }
}
