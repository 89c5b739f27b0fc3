//! The rule SOP0302: two steps have the same title.
#![doc = include_str!("../../../../../docs/codes/SOP0302.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};
use std::collections::BTreeSet;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0302"),
    name: "duplicate-step-title",
    severity: Severity::Info,
    summary: "Two steps have the same title",
    page: include_str!("../../../../../docs/codes/SOP0302.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
        for step in &process.steps {
            // Two seats may well do the same thing, each in its part.
            let seat = process.doer(step).unwrap_or_default().to_lowercase();
            if !seen.insert((step.title.to_lowercase(), seat)) {
                found.push(
                    RULE.at(
                        step.span.range(),
                        format!("another step is called \"{}\" too", step.title),
                    )
                    .with_help("say in the title what is different about this one"),
                );
            }
        }
    }
}
