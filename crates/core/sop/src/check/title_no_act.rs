//! The rule SOP0306: a step title names no act.
#![doc = include_str!("../../../../../docs/codes/SOP0306.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0306"),
    name: "step-title-no-act",
    severity: Severity::Info,
    summary: "A step title names no act",
    page: include_str!("../../../../../docs/codes/SOP0306.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for step in &reading.process.steps {
            let place = super::title_place(document, step);
            let before = document.source.get(..place.start).unwrap_or_default();
            let words = step.title.split_whitespace().count();
            let acts = crate::verbs::is_act(&step.title)
                || crate::verbs::is_duty(&step.title)
                || step.title.split_whitespace().any(|w| crate::verbs::is_verb(&w.to_lowercase()));
            // Longer leads are sentences with a verb of their own that is in no list.
            let short = words <= 2 && !step.title.ends_with('?');
            if before.ends_with("**") && short && !acts && step.kind == gemba_model::StepKind::Task
            {
                found.push(
                    RULE.at(place, format!("\"{}\" names no act", step.title))
                        .with_help("begin with a verb, as in \"Send the invoices\""),
                );
            }
        }
    }
}
