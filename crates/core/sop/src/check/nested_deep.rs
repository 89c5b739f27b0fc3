//! The rule SOP0307: steps are nested more than three deep.
#![doc = include_str!("../../../../../docs/codes/SOP0307.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0307"),
    name: "nested-deep",
    severity: Severity::Info,
    summary: "Steps are nested more than three deep",
    page: include_str!("../../../../../docs/codes/SOP0307.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for top in &reading.process.steps {
            let deep = |s: &&gemba_model::Step| s.number.matches('.').count() > 2;
            if let Some(part) = top.walk().into_iter().find(deep) {
                found.push(
                    RULE.at(
                        super::title_place(document, part),
                        format!("step {} is nested more than three deep", part.number),
                    )
                    .with_help("make the inner steps a process of their own and call it"),
                );
            }
        }
    }
}
