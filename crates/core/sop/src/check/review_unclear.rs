//! The rule SOP0111: the review cadence or date is not understood.
#![doc = include_str!("../../../../../docs/codes/SOP0111.md")]

use super::{Document, Rule};
use crate::passage::place_in;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0111"),
    name: "review-unclear",
    severity: Severity::Warning,
    summary: "The review cadence or date is not understood",
    page: include_str!("../../../../../docs/codes/SOP0111.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for (place, text) in crate::reviewing::days_said(document) {
        let Some((first, second)) = crate::reviewing::ambiguous(&text) else { continue };
        found.push(
            RULE.at(
                place_in(document.source, &place, &text),
                format!("\"{text}\" can be read as two days"),
            )
            .with_help(format!("write {first} or {second}")),
        );
    }
    for reading in document.readings {
        let Some(entry) = reading.notes.settings.get(&["review"]) else { continue };
        let text = entry.value.text().unwrap_or_default();
        if crate::cadence::parse(text).is_none() {
            let made = RULE
                .at(entry.span.clone(), format!("the review cadence \"{text}\" is not understood"));
            let meant =
                super::respelled(text, &WORDS).filter(|t| crate::cadence::parse(t).is_some());
            found.push(match meant {
                Some(meant) => {
                    let place = place_in(document.source, &entry.span, text);
                    made.with_fix(place, meant.clone(), format!("write `{meant}`"))
                }
                None => made.with_help("write for example `every 6 months`, `quarterly` or `P1Y`"),
            });
        }
    }
}

const WORDS: [&str; 10] = [
    "every",
    "month",
    "months",
    "monthly",
    "quarter",
    "quarterly",
    "half-year",
    "year",
    "yearly",
    "annually",
];
