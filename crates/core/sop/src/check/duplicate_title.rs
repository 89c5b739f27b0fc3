//! The rule SOP0302: two steps have the same title.
#![doc = include_str!("../../../../../docs/codes/SOP0302.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0302"),
    name: "duplicate-step-title",
    severity: Severity::Info,
    summary: "Two steps have the same title",
    page: include_str!("../../../../../docs/codes/SOP0302.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        let mut seen: Vec<String> = Vec::new();
        for step in &process.steps {
            let title = step.title.to_lowercase();
            if seen.contains(&title) {
                found.push(
                    RULE.at(
                        step.span.range(),
                        format!("another step is called \"{}\" too", step.title),
                    )
                    .with_help("say in the title what is different about this one"),
                );
            }
            seen.push(title);
        }
    }
}
