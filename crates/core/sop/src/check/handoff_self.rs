//! The rule SOP0210: a step is handed to the seat that does it.
#![doc = include_str!("../../../../../docs/codes/SOP0210.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0210"),
    name: "handoff-to-self",
    severity: Severity::Warning,
    summary: "A step is handed to the seat that does it",
    page: include_str!("../../../../../docs/codes/SOP0210.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        for step in process.all_steps() {
            let Some(doer) = step.seat.as_ref().map(|seat| seat.name.as_str()) else { continue };
            if step.handoff_to.iter().any(|name| name.eq_ignore_ascii_case(doer)) {
                found.push(
                    RULE.at(
                        super::title_place(document, step),
                        format!("step {} is handed to {doer}, who does it", step.number),
                    )
                    .with_help("name the seat that goes on, or the seat that does the step"),
                );
            }
        }
    }
}
