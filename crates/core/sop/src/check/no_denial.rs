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
        let asked = |at: usize, step: &Step| {
            let judged = steps.get(at + 1).is_some_and(|next| next.kind == StepKind::Approval);
            !judged && asks_approval(&crate::act::of(&step.title))
        };
        for (at, step) in steps.iter().enumerate() {
            if step.kind != StepKind::Approval && !asked(at, step) {
                continue;
            }
            let own = document.source.get(step.span.range()).unwrap_or_default();
            let next = steps.get(at + 1);
            let after = next.and_then(|s| document.source.get(s.span.range())).unwrap_or_default();
            let said = [own, after].iter().any(|text| speaks_of_refusal(text));
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

/// Whether a text says what there is when something is not approved.
pub(super) fn speaks_of_refusal(text: &str) -> bool {
    let lower = text.to_lowercase();
    REFUSED.iter().any(|word| lower.contains(word))
}

/// Whether an act is to have somebody else approve: "get the approval of the CFO".
fn asks_approval(act: &str) -> bool {
    let says = |words: &[&str]| words.iter().any(|word| crate::passage::says(act, word));
    let verb = act.split(' ').next().unwrap_or_default();
    let asks = matches!(
        verb,
        "get" | "obtain" | "seek" | "request" | "secure" | "ask" | "send" | "submit"
    );
    asks && says(&["approval", "sign off", "signoff", "authorisation", "authorization"])
        && !says(&[
            "approval request",
            "approval form",
            "approval workflow",
            "approval process",
            "approval email",
        ])
}

const REFUSED: [&str; 20] = [
    "without an approval",
    "without approval",
    "reject",
    "denied",
    "deny",
    "denies",
    "declin",
    "refus",
    "disapprov",
    "not approve",
    "not agree",
    "n't agree",
    "disagree",
    "objects",
    "n't approve",
    "turned down",
    "otherwise",
    "if not",
    "if no",
    "unless",
];
