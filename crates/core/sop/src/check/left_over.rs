//! The rule SOP0209: a run can end while parts of a step are still being done.
#![doc = include_str!("../../../../../docs/codes/SOP0209.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::net::Fault;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0209"),
    name: "left-over",
    severity: Severity::Warning,
    summary: "A run can end while parts of a step are still being done",
    page: include_str!("../../../../../docs/codes/SOP0209.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    super::each_fault(document, |process, fault| {
        let Fault::LeftOver { path, left } = fault else { return };
        let all = process.all_steps();
        let Some(step) = left.or(path.last().copied()).and_then(|at| all.get(at).copied()) else {
            return;
        };
        let way = super::way(process, path);
        found.push(
            RULE.at(
                super::title_place(document, step),
                format!("on the way {way} parts of step {} are left over", step.number),
            )
            .with_help("let the branch end within its part, and decide behind the step"),
        );
    });
}
