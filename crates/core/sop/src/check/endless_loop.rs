//! The rule SOP0204: a loop has no way out.
#![doc = include_str!("../../../../../docs/codes/SOP0204.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0204"),
    name: "endless-loop",
    severity: Severity::Error,
    summary: "A loop has no way out",
    page: include_str!("../../../../../docs/codes/SOP0204.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        let reached = gemba_model::flow::reachable(process);
        let ends = gemba_model::flow::can_end(process);
        let stuck = process.steps.iter().zip(reached.into_iter().zip(ends));
        // One finding for the whole loop: every step of it is stuck.
        if let Some((step, _)) = stuck.into_iter().find(|(_, (reached, ends))| *reached && !*ends) {
            found.push(
                RULE.at(
                    step.span.range(),
                    format!("from step {} \"{}\" the run can never end", step.number, step.title),
                )
                .with_help("add a branch that leads out of the loop"),
            );
        }
    }
}
