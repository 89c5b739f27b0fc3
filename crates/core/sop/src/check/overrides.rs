//! The rule SOP0804: the text tells its reader to ignore instructions.
#![doc = include_str!("../../../../../docs/codes/SOP0804.md")]

use super::{Document, Rule};
use crate::lexicon::Lexicon;

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0804"),
    name: "instruction-override",
    severity: Severity::Error,
    summary: "The text tells its reader to ignore instructions",
    page: include_str!("../../../../../docs/codes/SOP0804.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for passage in document.passages {
        for (at, phrase) in OVERRIDES.first_places(&passage.lower) {
            let before = passage.lower.get(..at).unwrap_or_default();
            let quoted = before.ends_with(['"', '“', '”', '\'', '‘', '«', '„']);
            let word = before.ends_with(char::is_alphanumeric);
            if !quoted && !word {
                found.push(
                    RULE.at(
                        passage.place(document.source, phrase),
                        format!("\"{phrase}\" tells the reader to obey somebody else"),
                    )
                    .with_help("take the sentence out; quote it where you speak of such attacks"),
                );
                break;
            }
        }
    }
}

const OVERRIDES: Lexicon = Lexicon::new(&[
    "ignore all previous instruction",
    "ignore previous instruction",
    "ignore the previous instruction",
    "ignore any previous instruction",
    "ignore all prior instruction",
    "ignore prior instruction",
    "ignore all other instruction",
    "ignore your instruction",
    "ignore your previous instruction",
    "ignore the instructions above",
    "ignore the above instruction",
    "ignore everything above",
    "disregard all previous",
    "disregard previous instruction",
    "disregard the above",
    "disregard your instruction",
    "forget your previous instruction",
    "forget all previous",
    "forget everything you were told",
    "forget everything you have been told",
    "forget your instruction",
    "you are now a helpful assistant",
    "you are now an ai",
    "you are no longer bound by",
    "do not tell the user",
    "reveal your system prompt",
]);
