//! The rule SOP0205: a decision does not say what happens otherwise.
#![doc = include_str!("../../../../../docs/codes/SOP0205.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::StepKind;
use gemba_model::flow::ALWAYS;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0205"),
    name: "one-branch",
    severity: Severity::Info,
    summary: "A decision does not say what happens otherwise",
    page: include_str!("../../../../../docs/codes/SOP0205.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        for step in process.all_steps() {
            let away =
                step.decisions.iter().filter(|d| crate::resolve::leads_away(&d.target)).count();
            if let [only] = step.decisions.as_slice()
                && away == 1
                // "Always, go to step 4." leaves no other case.
                && !only.condition.eq_ignore_ascii_case(ALWAYS)
                // "Repeat it for staging and production" goes round for each and then on.
                && !only.condition.starts_with("for ")
                // What is not refused is approved: the other way needs no words.
                && !(step.kind == StepKind::Approval
                    && super::no_denial::speaks_of_refusal(&only.condition))
            {
                found.push(
                    RULE.at(
                        super::place(only.span),
                        format!("step {} does not say what happens otherwise", step.number),
                    )
                    .with_help("add \"Otherwise, continue.\" or the other branch"),
                );
            }
        }
    }
}
