//! The rule SOP0309: a step holds two acts.
#![doc = include_str!("../../../../../docs/codes/SOP0309.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0309"),
    name: "two-acts",
    severity: Severity::Info,
    summary: "A step holds two acts",
    page: include_str!("../../../../../docs/codes/SOP0309.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for step in &reading.process.steps {
            let Some((first, second)) = step.title.split_once(" and ") else { continue };
            let acts = |text: &str| {
                let mut words = text.split_whitespace();
                let verb = words.next().unwrap_or_default().to_lowercase();
                // "Check them and file": without an object of its own it is one act.
                crate::verbs::is_verb(&verb)
                    && words.clone().count() > 1
                    && words.next().is_some_and(|w| DETERMINERS.contains(&w))
            };
            if acts(first) && acts(second) && step.title.chars().count() <= 80 {
                found.push(
                    RULE.at(
                        super::title_place(document, step),
                        format!("step {} holds two acts", step.number),
                    )
                    .with_help("make two steps of it"),
                );
            }
        }
    }
}

const DETERMINERS: [&str; 8] = ["the", "a", "an", "all", "each", "every", "your", "any"];
