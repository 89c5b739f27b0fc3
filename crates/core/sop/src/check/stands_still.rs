//! The rule SOP0213: a run can stand still for ever.
#![doc = include_str!("../../../../../docs/codes/SOP0213.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::net::Fault;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0213"),
    name: "stands-still",
    severity: Severity::Warning,
    summary: "A run can stand still for ever",
    page: include_str!("../../../../../docs/codes/SOP0213.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    super::each_fault(document, |process, fault| {
        let Fault::Stuck { path, waits } = fault else { return };
        let all = process.all_steps();
        let Some(step) = waits.or(path.last().copied()).and_then(|at| all.get(at).copied()) else {
            return;
        };
        let way = super::way(process, path);
        found.push(
            RULE.at(
                super::title_place(document, step),
                format!(
                    "on the way {way} step {} waits for parts that were never begun",
                    step.number
                ),
            )
            .with_help("jump to the step itself, which begins all its parts"),
        );
    });
}
