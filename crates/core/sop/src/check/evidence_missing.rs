//! The rule SOP0412: a step that cannot be taken back leaves no proof.
#![doc = include_str!("../../../../../docs/codes/SOP0412.md")]

use super::{Document, Rule};

use crate::lexicon::Lexicon;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0412"),
    name: "evidence-missing",
    severity: Severity::Info,
    summary: "A step that cannot be taken back leaves no proof",
    page: include_str!("../../../../../docs/codes/SOP0412.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for step in &reading.process.steps {
            let words = crate::act::of(&step.title);
            let grave = words.split(' ').next().is_some_and(|verb| GRAVE.contains(&verb));
            if !grave || !words.contains(' ') {
                continue;
            }
            let text = document.source.get(step.span.range()).unwrap_or_default();
            let kept = step.walk().iter().any(|s| !s.evidence.is_empty()) || PROOF.stands_in(text);
            if !kept {
                found.push(
                    RULE.at(
                        super::title_place(document, step),
                        format!("step {} leaves no proof", step.number),
                    )
                    .with_help("add `- Evidence (link): ...`, `(file)` or `(text)`"),
                );
            }
        }
    }
}

const GRAVE: [&str; 9] =
    ["pay", "delete", "refund", "dismiss", "terminate", "wire", "sign", "destroy", "purge"];

/// Words of which one says that something is kept.
const PROOF: Lexicon = Lexicon::new(&[
    "record",
    "log ",
    "attach",
    "receipt",
    "screenshot",
    "confirm",
    "evidence",
    "save ",
    "note ",
    "archive",
    "document",
]);
