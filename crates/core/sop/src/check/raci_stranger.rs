//! The rule SOP0405: a RACI row names no step.
#![doc = include_str!("../../../../../docs/codes/SOP0405.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0405"),
    name: "raci-unknown-step",
    severity: Severity::Warning,
    summary: "A RACI row names no step",
    page: include_str!("../../../../../docs/codes/SOP0405.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        let _ = process;
        for key in &reading.notes.strangers {
            let place =
                reading.notes.settings.get(&["raci"]).map_or(0..0, |entry| entry.span.clone());
            found.push(
                RULE.at(place, format!("the RACI row `{key}` names no step"))
                    .with_help("use the step's id, as in `{#collect-the-hours}`"),
            );
        }
    }
}
