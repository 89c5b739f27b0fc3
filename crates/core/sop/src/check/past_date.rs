//! The rule SOP0507: a deadline is in the past.
#![doc = include_str!("../../../../../docs/codes/SOP0507.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0507"),
    name: "past-date",
    severity: Severity::Info,
    summary: "A deadline is in the past",
    page: include_str!("../../../../../docs/codes/SOP0507.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    let Some(today) = document.surroundings.today else { return };
    for reading in document.readings {
        for passage in super::within(document, reading) {
            for word in ["by ", "until ", "before ", "due: ", "due on "] {
                for (at, _) in passage.lower.match_indices(word) {
                    let rest = passage.lower.get(at + word.len()..).unwrap_or_default();
                    let Some(text) = rest.get(..10) else { continue };
                    let Ok(date) = text.parse::<jiff::civil::Date>() else { continue };
                    if date < today {
                        let place = passage.place(document.source, text);
                        found.push(
                            RULE.at(place, format!("{date} has passed"))
                                .with_help("say when it is in every run, as in \"by the 5th\""),
                        );
                    }
                }
            }
        }
    }
}
