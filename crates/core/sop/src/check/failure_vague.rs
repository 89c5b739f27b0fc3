//! The rule SOP0118: a failure signal cannot be noticed.
#![doc = include_str!("../../../../../docs/codes/SOP0118.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0118"),
    name: "failure-vague",
    severity: Severity::Info,
    summary: "A failure signal cannot be noticed",
    page: include_str!("../../../../../docs/codes/SOP0118.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for signal in &reading.process.failure_signals {
            let words = crate::outline::words(&signal.text);
            let vague = VAGUE.contains(&words.as_str()) || is_idle(&words);
            if vague && signal.rule.is_none() {
                found.push(
                    RULE.at(
                        signal.span.range(),
                        format!("nobody can see when \"{}\" is so", signal.text.trim()),
                    )
                    .with_help("say what one sees, as in \"An invoice is a draft on the 5th\""),
                );
            }
        }
    }
}

/// Whether words say that there is trouble, and not how one sees it: "problems occur", "poor communication".
fn is_idle(words: &str) -> bool {
    match words.split(' ').collect::<Vec<_>>().as_slice() {
        [thing, verb] => {
            let trouble = ["problems", "issues", "errors", "mistakes", "delays", "complications"];
            let comes = ["occur", "happen", "arise", "appear", "exist"];
            let manner = ["poor", "bad", "low", "insufficient", "lacking"];
            let kinds =
                ["communication", "quality", "results", "performance", "service", "planning"];
            trouble.contains(thing) && comes.contains(verb)
                || manner.contains(thing) && kinds.contains(verb)
        }
        _ => false,
    }
}

const VAGUE: [&str; 22] = [
    "problems",
    "there are problems",
    "issues",
    "there are issues",
    "errors",
    "there are errors",
    "mistakes",
    "mistakes are made",
    "delays",
    "something goes wrong",
    "something went wrong",
    "things go wrong",
    "anything goes wrong",
    "it fails",
    "it does not work",
    "the process fails",
    "the process does not work",
    "failure",
    "bad quality",
    "poor quality",
    "not done",
    "steps are skipped",
];
