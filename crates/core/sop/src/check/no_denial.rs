//! The rule SOP0207: an approval does not say what follows a refusal.
#![doc = include_str!("../../../../../docs/codes/SOP0207.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::{Step, StepKind};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0207"),
    name: "no-denial",
    severity: Severity::Warning,
    summary: "An approval does not say what follows a refusal",
    page: include_str!("../../../../../docs/codes/SOP0207.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let steps = &reading.process.steps;
        let refused = |step: &Step| {
            step.walk().iter().any(|s| {
                s.decisions.len() > 1
                    || s.decisions.iter().any(|d| crate::resolve::leads_away(&d.target))
            })
        };
        for (at, step) in steps.iter().enumerate().filter(|(_, s)| s.kind == StepKind::Approval) {
            let own = document.source.get(step.span.range()).unwrap_or_default();
            let next = steps.get(at + 1);
            let after = next.and_then(|s| document.source.get(s.span.range())).unwrap_or_default();
            let said = [own, after].iter().any(|text| {
                let lower = text.to_lowercase();
                REFUSED.iter().any(|word| lower.contains(word))
            });
            if !said && !refused(step) && !next.is_some_and(refused) {
                found.push(
                    RULE.at(
                        super::title_place(document, step),
                        format!("step {} does not say what follows a refusal", step.number),
                    )
                    .with_help(
                        "add \"If it is rejected, go back to step ...\" or say that it ends",
                    ),
                );
            }
        }
    }
}

const REFUSED: [&str; 14] = [
    "reject",
    "denied",
    "deny",
    "denies",
    "declin",
    "refus",
    "disapprov",
    "not approve",
    "n't approve",
    "turned down",
    "otherwise",
    "if not",
    "if no",
    "unless",
];
