//! The rule SOP0408: an agent decides alone.
#![doc = include_str!("../../../../../docs/codes/SOP0408.md")]

use super::{Document, Rule};
use crate::surroundings::Holder;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0408"),
    name: "agent-judges",
    severity: Severity::Warning,
    summary: "An agent decides alone",
    page: include_str!("../../../../../docs/codes/SOP0408.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        let steps = &process.steps;
        let held = |name: &str, holder: Holder| {
            document.surroundings.seat(name).is_some_and(|seat| seat.holder == holder)
        };
        for (at, step) in steps.iter().enumerate() {
            let Some(doer) = process.doer(step).filter(|name| held(name, Holder::Agent)) else {
                continue;
            };
            let grave = acts(&step.title).iter().any(|verb| GRAVE.contains(&verb.as_str()));
            let approves = |s: &gemba_model::Step| {
                s.walk().iter().any(|part| {
                    part.kind == gemba_model::StepKind::Approval
                        && process.doer(part).is_some_and(|name| !held(name, Holder::Agent))
                })
            };
            let beside = [at.checked_sub(1), Some(at), Some(at + 1)];
            let approved = beside.into_iter().flatten().filter_map(|n| steps.get(n)).any(approves);
            if (grave || step.kind == gemba_model::StepKind::Approval) && !approved {
                found.push(
                    RULE.at(
                        super::title_place(document, step),
                        format!(
                            "{doer} is an agent and does step {} without an approval",
                            step.number
                        ),
                    )
                    .with_help("put a step before it in which a person approves"),
                );
            }
        }
    }
}

/// The verbs of a title, whoever it is told of: "Review and approve the refund" has two.
fn acts(title: &str) -> Vec<String> {
    let act = crate::act::of(title);
    let words: Vec<&str> = act.split(' ').collect();
    let joined = words.windows(2).filter(|pair| matches!(pair, ["and" | "or", _]));
    let further = joined.filter_map(|pair| pair.last()).map(|word| crate::verbs::plain(word));
    words.first().map(|word| (*word).to_owned()).into_iter().chain(further).collect()
}

/// What cannot be taken back, or is decided about people and money.
const GRAVE: [&str; 27] = [
    "approve",
    "authorize",
    "decide",
    "delete",
    "dismiss",
    "fire",
    "hire",
    "pay",
    "refund",
    "reject",
    "release",
    "revoke",
    "sign",
    "terminate",
    "transfer",
    "wire",
    "cancel",
    "negotiate",
    "promise",
    "waive",
    "assess",
    "evaluate",
    "judge",
    "select",
    "choose",
    "accept",
    "deny",
];
