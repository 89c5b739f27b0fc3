//! The rule SOP0204: a loop has no way out.
#![doc = include_str!("../../../../../docs/codes/SOP0204.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::net::Fault;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0204"),
    name: "endless-loop",
    severity: Severity::Error,
    summary: "A loop has no way out",
    page: include_str!("../../../../../docs/codes/SOP0204.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    super::each_fault(document, |process, fault| {
        let Fault::NeverEnds { path, circle } = fault else { return };
        let all = process.all_steps();
        let step = |at: Option<&usize>| at.and_then(|at| all.get(*at).copied());
        let (Some(first), Some(last)) = (step(circle.first()), step(circle.last())) else { return };
        let round: Vec<usize> = path.iter().chain(circle).chain(circle.first()).copied().collect();
        let way = match circle.as_slice() {
            [_] => format!("{way} -> {}", first.number, way = super::way(process, &round)),
            _ => super::way(process, &round),
        };
        let made = RULE.at(
            first.span.range(),
            format!(
                "from step {} \"{}\" the run can never end: {way} -> ...",
                first.number, first.title
            ),
        );
        let made = if last.id == first.id {
            made
        } else {
            let message = format!("step {} leads back to step {}", last.number, first.number);
            made.with_related(super::title_place(document, last), message)
        };
        found.push(made.with_help("add a branch that leads out of the loop"));
    });
}
