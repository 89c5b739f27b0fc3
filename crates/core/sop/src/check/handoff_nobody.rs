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
        let steps = &reading.process.steps;
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
            let on = ON.said_in(&passage.lower).filter(|phrase| {
                let named = steps.iter().filter(|s| super::holds(s, passage));
                named.flat_map(|s| s.walk()).all(|s| s.handoff_to.is_empty())
                    && nameless(&passage.lower, phrase)
            });
            if let Some(phrase) = on {
                found.push(
                    RULE.at(
                        passage.place(document.source, phrase),
                        format!("\"{phrase}\" does not say to whom"),
                    )
                    .with_help("name the seat that gets the work"),
                );
            }
        }
    }
}

/// Whether the sentence goes on without saying who gets it.
fn nameless(lower: &str, phrase: &str) -> bool {
    let after = lower.split_once(phrase).map(|(_, after)| after).unwrap_or_default();
    let rest = after.split(['.', ';', '!', '?']).next().unwrap_or_default();
    ![" to ", " for ", " over "].iter().any(|word| rest.contains(word))
}

/// Words with which work is given on.
const ON: Lexicon = Lexicon::new(&[
    "pass it on",
    "passes it on",
    "pass them on",
    "passes them on",
    "pass this on",
    "passes this on",
    "hand it on",
    "hands it on",
    "hand it over",
    "hands it over",
    "hand them over",
    "hands them over",
    "forward it",
    "forwards it",
    "send it on",
    "sends it on",
    "escalate it",
    "escalates it",
]);

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
