//! The rule SOP0401: nobody does a step.
#![doc = include_str!("../../../../../docs/codes/SOP0401.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::raci::Conflict;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0401"),
    name: "nobody-responsible",
    severity: Severity::Info,
    summary: "Nobody does a step",
    page: include_str!("../../../../../docs/codes/SOP0401.md"),
};

/// How many steps are named one by one.
const MANY: usize = 6;

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        // One finding: the cause is one, the missing owner.
        let steps = super::conflicting(process, Conflict::NobodyResponsible);
        let Some(first) = steps.first() else { continue };
        let all = steps.len() == process.steps.len();
        let numbers: Vec<&str> = steps.iter().map(|step| step.number.as_str()).collect();
        let (place, message) = match numbers.as_slice() {
            _ if all && steps.len() > 1 => (
                reading.notes.title.clone(),
                format!("no step of \"{}\" says who does it", process.title),
            ),
            [number] => (
                super::title_place(document, first),
                format!("step {number} says nothing of who does it"),
            ),
            [several @ .., _, _] if several.len() > MANY => (
                super::title_place(document, first),
                format!(
                    "{} steps say nothing of who does them: {} and {} more",
                    numbers.len(),
                    several.get(..MANY).unwrap_or_default().join(", "),
                    numbers.len() - MANY
                ),
            ),
            [.., last] => (
                super::title_place(document, first),
                format!(
                    "steps {} and {last} say nothing of who does them",
                    numbers.split_last().map(|(_, rest)| rest.join(", ")).unwrap_or_default()
                ),
            ),
            [] => continue,
        };
        {
            found.push(RULE.at(place, message).with_help(
                "name an owner, or write the seat after the step's lead: `**Lead** — Seat`",
            ));
        }
    }
}
