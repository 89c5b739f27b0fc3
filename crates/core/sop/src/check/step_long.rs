//! The rule SOP0308: a step is very long.
#![doc = include_str!("../../../../../docs/codes/SOP0308.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0308"),
    name: "step-long",
    severity: Severity::Info,
    summary: "A step is very long",
    page: include_str!("../../../../../docs/codes/SOP0308.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        // So many words take twice as many bytes.
        for step in reading.process.all_steps().into_iter().filter(|s| s.text.len() > 500) {
            let words = step.text.split_whitespace().count();
            let fenced =
                step.text.contains("```") || step.text.contains("~~~") || step.text.contains("\n|");
            if words > 250 && !fenced {
                found.push(
                    RULE.at(
                        super::title_place(document, step),
                        format!("step {} has {words} words", step.number),
                    )
                    .with_help("make several steps of it, or move the background to a section"),
                );
            }
        }
    }
}
