//! The rule SOP0410: a seat approves its own work.
#![doc = include_str!("../../../../../docs/codes/SOP0410.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::{Step, StepKind};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0410"),
    name: "approves-own",
    severity: Severity::Warning,
    summary: "A seat approves its own work",
    page: include_str!("../../../../../docs/codes/SOP0410.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        for (at, step) in process.steps.iter().enumerate() {
            if step.kind != StepKind::Approval {
                continue;
            }
            let judge = stated(step);
            let approved = thing(&crate::act::of(&step.title));
            let earlier = process.steps.get(..at).unwrap_or_default();
            // Who checks and then approves is one judge; who makes and then approves is none. What was
            // made further up is the same where it is called the same.
            let made = earlier.iter().rev().take(MOST).enumerate().find(|(back, before)| {
                let act = crate::act::of(&before.title);
                let makes = act.split(' ').next().is_some_and(|verb| MAKES.contains(&verb));
                makes && (*back == 0 || (approved.is_some() && thing(&act) == approved))
            });
            if let Some(judge) = judge
                && let Some((_, before)) = made
                && stated(before).is_some_and(|author| author.eq_ignore_ascii_case(judge))
            {
                found.push(
                    RULE.at(
                        super::title_place(document, step),
                        format!("{judge} approves what it did itself in step {}", before.number),
                    )
                    .with_related(super::title_place(document, before), "done by the same seat")
                    .with_help("let another seat approve"),
                );
            }
        }
    }
}

/// How many steps before an approval are looked at.
const MOST: usize = 20;

/// The seat that the text itself gives a step.
fn stated(step: &Step) -> Option<&str> {
    step.seat.as_ref().map(|seat| seat.name.as_str())
}

/// What an act is done to, as far as one word says it: "refund" in "approve the refund".
fn thing(act: &str) -> Option<String> {
    let mut words =
        act.split(' ').skip(1).filter(|w| !matches!(*w, "off" | "the" | "a" | "an" | "all"));
    words.next().filter(|word| word.len() > 2).map(str::to_owned)
}

/// Verbs that make what is approved.
const MAKES: [&str; 22] = [
    "prepare",
    "write",
    "draft",
    "create",
    "calculate",
    "enter",
    "fill",
    "request",
    "submit",
    "build",
    "compile",
    "propose",
    "make",
    "plan",
    "design",
    "record",
    "estimate",
    "order",
    "buy",
    "develop",
    "update",
    "collect",
];
