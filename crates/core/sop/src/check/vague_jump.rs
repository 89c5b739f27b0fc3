//! The rule SOP0202: a branch does not say where it leads.
#![doc = include_str!("../../../../../docs/codes/SOP0202.md")]

use super::{Document, Rule};
use crate::lexicon::Lexicon;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0202"),
    name: "vague-jump",
    severity: Severity::Warning,
    summary: "A branch does not say where it leads",
    page: include_str!("../../../../../docs/codes/SOP0202.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        for step in process.all_steps() {
            for decision in &step.decisions {
                if let gemba_model::Target::Vague(words) = &decision.target {
                    found.push(
                        RULE.at(
                            super::place(decision.span),
                            format!("\"{words}\" does not say which step"),
                        )
                        .with_help("name the step by its number"),
                    );
                }
            }
        }
        for passage in super::within(document, reading) {
            if let Some(phrase) = unclear(&passage.lower) {
                found.push(
                    RULE.at(
                        passage.place(document.source, phrase),
                        format!("\"{phrase}\" does not say which step"),
                    )
                    .with_help("name the step by its number"),
                );
            }
        }
    }
}

/// Words that send the reader to steps without saying which: "see above", "skip some steps".
fn unclear(lower: &str) -> Option<&str> {
    if !SENDS.stands_in(lower) {
        return None;
    }
    if let Some(phrase) = ABOVE.said_in(lower) {
        // "See above for the list" says for what.
        let after = lower.split_once(phrase).map(|(_, after)| after).unwrap_or_default();
        let whole = after.trim_start().is_empty() || after.starts_with(['.', ')', ',', ';']);
        return whole.then_some(phrase);
    }
    SENDING.iter().find_map(|verb| {
        let at = crate::passage::places(lower, verb).find(|at| {
            !lower.get(..*at).is_some_and(|before| before.ends_with(char::is_alphanumeric))
        })?;
        let rest = lower.get(at + verb.len()..)?;
        let some = SOME.iter().find(|some| rest.starts_with(**some))?;
        lower.get(at..at + verb.len() + some.len())
    })
}

/// What one of the phrases begins or ends with.
const SENDS: Lexicon = Lexicon::new(&["above", "below", "steps"]);

const ABOVE: Lexicon = Lexicon::new(&["see above", "see below", "same as above", "do as above"]);

const SENDING: [&str; 8] =
    ["skip ", "skips ", "repeat ", "repeats ", "redo ", "leave out ", "go through ", "go back to "];

const SOME: [&str; 8] = [
    "some steps",
    "some of the steps",
    "a few steps",
    "a few of the steps",
    "certain steps",
    "the relevant steps",
    "the appropriate steps",
    "several steps",
];
