//! The rule SOP0112: the trigger does not say when.
#![doc = include_str!("../../../../../docs/codes/SOP0112.md")]

use super::{Document, Rule};
use crate::passage::says;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0112"),
    name: "trigger-vague",
    severity: Severity::Warning,
    summary: "The trigger does not say when",
    page: include_str!("../../../../../docs/codes/SOP0112.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for trigger in &reading.process.triggers {
            let lower = trigger.text.to_lowercase();
            let vague = VAGUE.iter().find(|phrase| {
                // The phrase with a word or two round it, such as "is done as needed".
                let length = phrase.split_whitespace().count() + 2;
                says(&lower, phrase) && lower.split_whitespace().count() <= length
            });
            if let Some(phrase) = vague
                && trigger.rule.is_none()
            {
                found.push(
                    RULE.at(
                        super::place(trigger.span),
                        format!("\"{phrase}\" does not say when a run starts"),
                    )
                    .with_help("name the date, the event, the request or the limit that starts it"),
                );
            }
        }
    }
}

const VAGUE: [&str; 19] = [
    "as needed",
    "as required",
    "as necessary",
    "as appropriate",
    "when needed",
    "when required",
    "when necessary",
    "when appropriate",
    "if needed",
    "if necessary",
    "whenever needed",
    "whenever necessary",
    "from time to time",
    "periodically",
    "regularly",
    "on a regular basis",
    "occasionally",
    "ad hoc",
    "at some point",
];
