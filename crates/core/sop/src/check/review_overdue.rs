//! The rule SOP0117: the review is overdue.
#![doc = include_str!("../../../../../docs/codes/SOP0117.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0117"),
    name: "review-overdue",
    severity: Severity::Warning,
    summary: "The review is overdue",
    page: include_str!("../../../../../docs/codes/SOP0117.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    let Some(today) = document.surroundings.today else { return };
    for reading in document.readings {
        let Some(due) = reading.process.review.due().filter(|due| *due < today) else { continue };
        let entry = reading.notes.settings.get(&KEYS);
        let place = entry.map_or_else(|| reading.notes.title.clone(), |entry| entry.span.clone());
        found.push(
            RULE.at(place, format!("the review was due on {due}"))
                .with_help("read it beside the work, mend it, and write the day of the review"),
        );
    }
}

/// The settings that say when the last or the next review is.
const KEYS: [&str; 7] = [
    "next_review",
    "review_date",
    "last_reviewed",
    "last_review_date",
    "last_reviewed_on",
    "last_review",
    "reviewed",
];
