//! The rule SOP0302: two steps have the same title.
#![doc = include_str!("../../../../../docs/codes/SOP0302.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::Step;
use std::collections::BTreeMap;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0302"),
    name: "duplicate-step-title",
    severity: Severity::Info,
    summary: "Two steps have the same title",
    page: include_str!("../../../../../docs/codes/SOP0302.md"),
};

/// How many findings of one process are told one by one.
const MANY: usize = 3;

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        let mut seen: BTreeMap<(String, String), &Step> = BTreeMap::new();
        let mut twice: Vec<(&Step, &Step)> = Vec::new();
        for step in &process.steps {
            // Two seats may well do the same thing, each in its part.
            let seat = process.doer(step).unwrap_or_default().to_lowercase();
            let first = *seen.entry((step.title.to_lowercase(), seat)).or_insert(step);
            if first.number != step.number {
                twice.push((first, step));
            }
        }
        // A list that is there twice, once per system, is one finding.
        let listed = twice.len() > MANY;
        let count = twice.len();
        for (first, step) in twice.into_iter().take(if listed { 1 } else { MANY }) {
            let message = if listed {
                format!(
                    "{count} steps are called like an earlier one, \"{}\" the first",
                    step.title
                )
            } else {
                format!("step {} is called \"{}\" too", first.number, step.title)
            };
            found.push(
                RULE.at(super::title_place(document, step), message)
                    .with_related(super::title_place(document, first), "the earlier one")
                    .with_help("say in the title what is different about this one"),
            );
        }
    }
}
