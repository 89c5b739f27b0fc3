//! The rule SOP0701: a step does not say what to do.
#![doc = include_str!("../../../../../docs/codes/SOP0701.md")]

use super::{Document, Rule};
use crate::lexicon::Lexicon;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0701"),
    name: "step-vague",
    severity: Severity::Warning,
    summary: "A step does not say what to do",
    page: include_str!("../../../../../docs/codes/SOP0701.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for step in reading.process.all_steps() {
            let words = crate::act::of(&step.title);
            let alone = step.text.lines().all(is_a_field) && step.steps.is_empty();
            let vague = VAGUE.said_in(&words).or_else(|| {
                // "Properly" adds nothing where nothing else says how.
                HOW.iter().find(|word| alone && words.ends_with(*word)).copied()
            });
            if let Some(phrase) = vague
                && words.split(' ').count() <= phrase.split(' ').count() + 4
            {
                found.push(
                    RULE.at(
                        super::title_place(document, step),
                        format!("\"{}\" does not say what to do", step.title),
                    )
                    .with_help("say what is done, with what, and when it is done well"),
                );
            }
        }
    }
}

/// Whether a line says nothing of how: it is blank, or a field such as "Outcome: refunded".
fn is_a_field(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || (line.starts_with(['-', '*', '+']) && line.contains(": "))
}

const VAGUE: Lexicon = Lexicon::new(&[
    "do the needful",
    "do what is necessary",
    "do whatever is necessary",
    "take appropriate action",
    "take appropriate actions",
    "take the appropriate action",
    "take the appropriate actions",
    "take necessary action",
    "take the necessary action",
    "take the necessary actions",
    "take the necessary steps",
    "handle appropriately",
    "handle it appropriately",
    "deal with it",
    "proceed as usual",
    "as you see fit",
    "the usual way",
]);

const HOW: [&str; 6] =
    [" appropriately", " properly", " accordingly", " as appropriate", " as usual", " as needed"];
