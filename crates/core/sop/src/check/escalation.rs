//! The rule SOP0411: an escalation names nobody.
#![doc = include_str!("../../../../../docs/codes/SOP0411.md")]

use super::{Document, Rule};
use crate::block::{Mark, Piece};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0411"),
    name: "escalation-to-nobody",
    severity: Severity::Info,
    summary: "An escalation names nobody",
    page: include_str!("../../../../../docs/codes/SOP0411.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for passage in super::within(document, reading) {
            let links =
                passage.block.inline.iter().any(|i| matches!(i.piece, Piece::Open(Mark::Link(_))));
            // Who is meant may stand behind a link.
            if links || !passage.lower.contains("escalate") {
                continue;
            }
            let sentences = crate::inline::sentences(passage.block.plain());
            if let Some(verb) = sentences.iter().find_map(|s| to_nobody(&s.to_lowercase())) {
                found.push(
                    RULE.at(passage.place(document.source, verb), "this escalation names nobody")
                        .with_help("name the seat, as in \"Escalate to the Finance lead\""),
                );
            }
        }
    }
}

/// The verb of an escalation that names nobody.
fn to_nobody(sentence: &str) -> Option<&'static str> {
    let (at, verb) = ["escalates", "escalate"]
        .iter()
        .find_map(|verb| sentence.find(verb).map(|at| (at, *verb)))?;
    let before = sentence.get(..at).unwrap_or_default();
    let after = sentence.get(at + verb.len()..).unwrap_or_default();
    // "How to escalate" and "decide whether to escalate" order nothing.
    // "When the incident escalates": it does so by itself.
    let object = after.split(' ').find(|w| !w.is_empty()).unwrap_or_default();
    if verb == "escalates" && !OBJECTS.contains(&object) {
        return None;
    }
    let spoken_of = before.ends_with("to ") || before.ends_with("not ") || after.starts_with('d');
    let words = after.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words = words.peekable();
    let named =
        words.clone().any(|word| NAMES.contains(&word)) || after.contains(['@', '#', '/', ':']);
    let nobody =
        [" to management", " to leadership", " internally"].iter().any(|w| after.starts_with(w));
    let few = words.by_ref().count() <= 12;
    (!spoken_of && (nobody || !named) && few).then_some(verb)
}

/// Words with which begins what somebody escalates.
const OBJECTS: [&str; 11] =
    ["it", "them", "this", "that", "the", "any", "all", "every", "each", "an", "a"];

/// Words with which somebody, or a way to somebody, is named.
const NAMES: [&str; 24] = [
    "to",
    "via",
    "through",
    "per",
    "using",
    "following",
    "according",
    "with",
    "notify",
    "inform",
    "tell",
    "call",
    "page",
    "contact",
    "ask",
    "email",
    "message",
    "ping",
    "policy",
    "procedure",
    "process",
    "path",
    "matrix",
    "below",
];
