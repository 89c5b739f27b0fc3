//! The rule SOP0301: two steps have the same id.
#![doc = include_str!("../../../../../docs/codes/SOP0301.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0301"),
    name: "duplicate-step-id",
    severity: Severity::Error,
    summary: "Two steps have the same id",
    page: include_str!("../../../../../docs/codes/SOP0301.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for (id, range) in &reading.notes.twice {
            let made = RULE
                .at(range.clone(), format!("two steps have the id `{id}`"))
                .with_help("give each step its own id, or leave the new one out");
            // The reader gave the second step a free id: it becomes the written one.
            let given = reading.process.all_steps().into_iter().find(|s| s.span.range() == *range);
            let text = document.source.get(range.clone()).unwrap_or_default();
            let written = format!("{{#{id}}}");
            found.push(match (given, text.find(&written)) {
                (Some(step), Some(at)) if step.id.as_str() != id => {
                    let at = range.start + at;
                    let free = format!("{{#{}}}", step.id);
                    made.with_fix(at..at + written.len(), free, format!("write `{{#{}}}`", step.id))
                }
                _ => made,
            });
        }
    }
}
