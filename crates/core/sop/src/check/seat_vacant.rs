//! The rule SOP0407: work goes to a vacant seat.
#![doc = include_str!("../../../../../docs/codes/SOP0407.md")]

use super::{Document, Rule};
use crate::surroundings::Holder;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0407"),
    name: "seat-vacant",
    severity: Severity::Warning,
    summary: "Work goes to a vacant seat",
    page: include_str!("../../../../../docs/codes/SOP0407.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        let vacant = |name: &str| {
            document.surroundings.seat(name).is_some_and(|seat| seat.holder == Holder::Vacant)
        };
        for step in process.all_steps() {
            let doer = step.seat.iter().map(|seat| seat.name.as_str());
            let all = doer.chain(step.handoff_to.iter().map(String::as_str));
            if let Some(name) = all.into_iter().find(|name| vacant(name)) {
                found.push(
                    RULE.at(
                        super::title_place(document, step),
                        format!("step {} goes to \"{name}\", which nobody holds", step.number),
                    )
                    .with_help("fill the seat, or let another one do the step until it is"),
                );
            }
        }
    }
}
