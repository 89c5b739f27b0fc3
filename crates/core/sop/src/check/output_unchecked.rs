//! The rule SOP0114: an expected output does not say how one sees that it is right.
#![doc = include_str!("../../../../../docs/codes/SOP0114.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0114"),
    name: "output-unchecked",
    severity: Severity::Info,
    summary: "An expected output does not say how one sees that it is right",
    page: include_str!("../../../../../docs/codes/SOP0114.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for output in &reading.process.expected_output {
            let words = crate::outline::words(&output.text);
            let mut bare = ["a ", "an ", "the ", "all ", "our "].iter();
            let words = bare.find_map(|w| words.strip_prefix(w)).unwrap_or(&words);
            let n = words.split(' ').count();
            // A participle or a verb is a state: "Signed contract", "Invoices sent".
            let last = words.split(' ').next_back().unwrap_or_default();
            let state = words.split(' ').any(|word| {
                // "An updated price list" could be any.
                let idle = IDLE.contains(&word) && word != last;
                (word.ends_with("ed") && !idle)
                    || STATES.contains(&word)
                    || word.chars().any(char::is_numeric)
            });
            if (1..=3).contains(&n) && !words.is_empty() && !state && output.checks.is_empty() {
                found.push(
                    RULE.at(
                        output.span.range(),
                        format!(
                            "nothing says how one sees that \"{}\" is right",
                            output.text.trim()
                        ),
                    )
                    .with_help("name its state, as in \"All invoices are sent and booked\""),
                );
            }
        }
    }
}

/// Participles that say of a thing only that somebody has worked on it.
const IDLE: [&str; 16] = [
    "updated",
    "revised",
    "improved",
    "completed",
    "finished",
    "prepared",
    "processed",
    "optimized",
    "optimised",
    "refreshed",
    "enhanced",
    "finalized",
    "finalised",
    "cleaned",
    "corrected",
    "detailed",
];

const STATES: [&str; 16] = [
    "is", "are", "has", "have", "was", "sent", "done", "paid", "met", "kept", "known", "written",
    "gone", "made", "no", "every",
];
