//! The rule SOP0410: a seat approves its own work.
#![doc = include_str!("../../../../../docs/codes/SOP0410.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::StepKind;

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
        for pair in process.steps.windows(2) {
            let [before, step] = pair else { continue };
            let stated = |s: &gemba_model::Step| s.seat.as_ref().map(|seat| seat.name.clone());
            let (Some(author), Some(judge)) = (stated(before), stated(step)) else { continue };
            // Who checks and then approves is one judge; who makes and then approves is none.
            let words = crate::outline::words(&before.title);
            let made = words.split(' ').next().is_some_and(|verb| MAKES.contains(&verb));
            if step.kind == StepKind::Approval && made && author.eq_ignore_ascii_case(&judge) {
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
