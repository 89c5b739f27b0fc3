//! The rule SOP0212: a step waits without a limit.
#![doc = include_str!("../../../../../docs/codes/SOP0212.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0212"),
    name: "wait-without-limit",
    severity: Severity::Info,
    summary: "A step waits without a limit",
    page: include_str!("../../../../../docs/codes/SOP0212.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for step in &reading.process.steps {
            if step.kind != gemba_model::StepKind::Wait {
                continue;
            }
            let text = document.source.get(step.span.range()).unwrap_or_default();
            let own = text.trim_start_matches(|c: char| !c.is_alphabetic());
            let limited = step.due.is_some()
                || !step.decisions.is_empty()
                || own.contains(|c: char| c.is_ascii_digit())
                || own.to_lowercase().contains(" until ");
            if !limited {
                found.push(
                    RULE.at(
                        super::title_place(document, step),
                        format!("nothing says how long step {} waits", step.number),
                    )
                    .with_help("add `- Due: 3 days`, or a branch for when it does not come"),
                );
            }
        }
    }
}
