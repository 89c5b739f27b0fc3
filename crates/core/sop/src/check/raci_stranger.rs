//! The rule SOP0405: a RACI row names no step.
#![doc = include_str!("../../../../../docs/codes/SOP0405.md")]

use super::{Document, Rule};
use crate::near::nearest;
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
        for (n, key) in reading.notes.strangers.iter().enumerate() {
            let place =
                reading.notes.settings.get(&["raci"]).map_or(0..0, |entry| entry.span.clone());
            let made = RULE
                .at(place.clone(), format!("the RACI row `{key}` names no step"))
                .with_help("use the step's id, as in `{#collect-the-hours}`");
            let steps = reading.process.all_steps();
            let among = steps.iter().filter(|_| n < 20).map(|step| step.id.as_str());
            let meant = nearest(key, among);
            let text = document.source.get(place.clone()).unwrap_or_default();
            let row = format!(" {key}:");
            found.push(match (meant, text.find(&row)) {
                (Some(meant), Some(at)) => {
                    let at = place.start + at + 1;
                    made.with_fix(at..at + key.len(), meant, format!("write `{meant}`"))
                }
                _ => made,
            });
        }
    }
}
