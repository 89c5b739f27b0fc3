//! The rule SOP0215: work is handed in a circle and nobody does anything to it.
#![doc = include_str!("../../../../../docs/codes/SOP0215.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::{Step, StepKind};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0215"),
    name: "circular-handoff",
    severity: Severity::Warning,
    summary: "Work is handed in a circle and nobody does anything to it",
    page: include_str!("../../../../../docs/codes/SOP0215.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        for (at, step) in process.steps.iter().enumerate() {
            let Some(first) = process.doer(step) else { continue };
            let mut way = vec![first];
            let mut last = step;
            for next in process.steps.iter().skip(at + 1).take(LONGEST) {
                let Some(doer) = process.doer(next) else { break };
                let given = last.handoff_to.iter().any(|name| name.eq_ignore_ascii_case(doer));
                if !given || doer.eq_ignore_ascii_case(first) || !only_passes_on(next) {
                    break;
                }
                way.push(doer);
                if next.handoff_to.iter().any(|name| name.eq_ignore_ascii_case(first)) {
                    way.push(first);
                    let message = format!(
                        "the work goes {} and nobody on the way does anything to it",
                        way.join(" -> ")
                    );
                    found.push(
                        RULE.at(super::title_place(document, next), message)
                            .with_related(
                                super::title_place(document, step),
                                "it is handed on here",
                            )
                            .with_help(
                                "leave the way round out, or say what is done or decided on it",
                            ),
                    );
                    break;
                }
                last = next;
            }
        }
    }
}

/// How many seats of a circle are followed.
const LONGEST: usize = 6;

/// Whether a step does nothing but hand the work on.
fn only_passes_on(step: &Step) -> bool {
    let written = step.title.to_lowercase();
    let title = crate::act::of(&step.title);
    let passes = PASSES
        .iter()
        .any(|verb| title.strip_prefix(verb).is_some_and(|rest| rest.starts_with(' ')));
    // "Forward the file to Sales and check it" does more.
    let more = [" and ", ",", ";", ". ", " with ", " after ", " once ", " when ", " if "];
    let text = step.text.trim();
    passes
        && step.kind == StepKind::Task
        && !more.iter().any(|word| written.contains(word))
        && (text.is_empty() || text.trim_end_matches('.') == step.title.trim_end_matches('.'))
        && step.decisions.is_empty()
        && step.evidence.is_empty()
        && step.steps.is_empty()
        && step.wait_for.is_none()
        && step.procedure.is_none()
}

const PASSES: [&str; 7] = ["pass", "hand", "forward", "return", "give", "send", "transfer"];
