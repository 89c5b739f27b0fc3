//! The rule SOP0211: the work is handed to nobody in particular.
#![doc = include_str!("../../../../../docs/codes/SOP0211.md")]

use super::{Document, Rule};
use crate::lexicon::Lexicon;
use crate::passage::{says, tail};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0211"),
    name: "handoff-to-nobody",
    severity: Severity::Warning,
    summary: "The work is handed to nobody in particular",
    page: include_str!("../../../../../docs/codes/SOP0211.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for passage in super::within(document, reading) {
            for (_, nobody) in NOBODY.first_places(&passage.lower) {
                let given = passage.lower.match_indices(nobody).any(|(at, _)| {
                    let after = passage.lower.get(at + nobody.len()..).unwrap_or_default();
                    let before = tail(passage.lower.get(..at).unwrap_or_default(), 200);
                    let sentence = before.rsplit(['.', ';', '!', '?']).next().unwrap_or_default();
                    let whole = !after.starts_with(char::is_alphanumeric);
                    let to = sentence.ends_with(" to ")
                        || ["notify ", "notifies "].iter().any(|verb| sentence.ends_with(verb));
                    // "Someone from Sales" and "someone who ..." are somebody.
                    let named =
                        [" from ", " in ", " of ", " at ", " who ", " on ", " with ", " for "]
                            .iter()
                            .any(|word| after.starts_with(word));
                    whole && to && !named && gives(sentence)
                });
                if given {
                    found.push(
                        RULE.at(
                            passage.place(document.source, nobody),
                            format!("\"{nobody}\" is nobody in particular"),
                        )
                        .with_help("name the seat that gets the work"),
                    );
                    break;
                }
            }
        }
    }
}

/// Whether a sentence speaks of giving work to somebody.
fn gives(sentence: &str) -> bool {
    GIVES.iter().any(|verb| says(sentence, verb) || says(sentence, &format!("{verb}s")))
        || says(sentence, "passes")
}

const GIVES: [&str; 9] =
    ["hand", "pass", "send", "forward", "give", "assign", "escalate", "notify", "delegate"];

const NOBODY: Lexicon = Lexicon::new(&[
    "someone else",
    "someone",
    "somebody",
    "whoever",
    "the next person",
    "the appropriate person",
    "the right person",
    "the relevant person",
    "the responsible person",
    "the appropriate people",
    "the relevant people",
    "the appropriate team",
    "the relevant team",
    "the appropriate party",
    "the relevant parties",
    "the relevant stakeholders",
    "the right team",
    "the responsible team",
    "the right department",
    "the appropriate department",
    "the relevant department",
    "the responsible department",
    "the next available",
    "whomever",
]);
