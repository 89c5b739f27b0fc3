//! The rule SOP0305: a step title is longer than a line.
#![doc = include_str!("../../../../../docs/codes/SOP0305.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0305"),
    name: "step-title-long",
    severity: Severity::Info,
    summary: "A step title is longer than a line",
    page: include_str!("../../../../../docs/codes/SOP0305.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for step in reading.process.all_steps() {
            let length = step.title.chars().count();
            let place = super::title_place(document, step);
            let before = document.source.get(..place.start).unwrap_or_default();
            // A first sentence of a paragraph is no lead: it may be as long as it must.
            let lead = before.ends_with("**") || before.ends_with("# ");
            if length > 80 && lead {
                found.push(
                    RULE.at(
                        place,
                        format!("the title of step {} has {length} characters", step.number),
                    )
                    .with_help("name the act and the thing; put the rest under it"),
                );
            }
        }
    }
}
