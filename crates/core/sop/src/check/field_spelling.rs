//! The rule SOP0313: a field of a step is not spelled as fields are.
#![doc = include_str!("../../../../../docs/codes/SOP0313.md")]

use super::{Document, Rule};
use crate::block::Kind;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0313"),
    name: "field-spelling",
    severity: Severity::Warning,
    summary: "A field of a step is not spelled as fields are",
    page: include_str!("../../../../../docs/codes/SOP0313.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    // Elsewhere such words are ordinary text, read as well as may be.
    if !document.source.contains("\n## Steps") {
        return;
    }
    for reading in document.readings {
        let all = reading.process.all_steps();
        for passage in super::within(document, reading) {
            let start = passage.block.span.start;
            let text = document.source.get(passage.block.span.clone()).unwrap_or_default();
            let before = document.source.get(..start).unwrap_or_default();
            if passage.block.kind != Kind::Para
                || !["- ", "* ", "+ "].iter().any(|m| before.ends_with(m))
            {
                continue;
            }
            let lower = text.to_ascii_lowercase();
            let known = SPELLINGS
                .iter()
                .find(|(wrong, right)| lower.starts_with(wrong) && !text.starts_with(right));
            let slip = slip(&lower);
            let slip = slip.as_ref().map(|(wrong, right)| (wrong.as_str(), *right));
            let Some((wrong, right)) = known.map(|(w, r)| (*w, *r)).or(slip) else { continue };
            let Some(step) = all.iter().rev().find(|s| s.span.range().contains(&start)) else {
                continue;
            };
            let read = match right {
                "Due:" => step.due.is_some(),
                "Consult:" => !step.consulted.is_empty(),
                "Inform:" => !step.informed.is_empty(),
                "Evidence:" => !step.evidence.is_empty(),
                "Hand off to " => !step.handoff_to.is_empty(),
                _ => false,
            };
            if !read {
                let place = start..start + wrong.len();
                found.push(
                    RULE.at(
                        place.clone(),
                        format!(
                            "\"{}\" is no field of a step",
                            text.get(..wrong.len()).unwrap_or(wrong).trim()
                        ),
                    )
                    .with_fix(
                        place,
                        right,
                        format!("write `{}`", right.trim()),
                    ),
                );
            }
        }
    }
}

/// A label that is a slip of the pen away from a field: "evidance:".
fn slip(lower: &str) -> Option<(String, &'static str)> {
    const FIELDS: [(&str, &str); 4] = [
        ("evidence", "Evidence:"),
        ("deadline", "Due:"),
        ("consulted", "Consult:"),
        ("informed", "Inform:"),
    ];
    let (label, _) = lower.split_once(':')?;
    let meant = crate::near::nearest(label, FIELDS.iter().map(|(name, _)| *name))?;
    let (_, field) = FIELDS.iter().find(|(name, _)| *name == meant && *name != label)?;
    Some((format!("{label}:"), field))
}

/// Spellings in small letters, and the field that is meant.
const SPELLINGS: [(&str, &str); 22] = [
    ("due date:", "Due:"),
    ("due by:", "Due:"),
    ("due:", "Due:"),
    ("deadline:", "Due:"),
    ("consulted:", "Consult:"),
    ("consults:", "Consult:"),
    ("consult:", "Consult:"),
    ("informed:", "Inform:"),
    ("informs:", "Inform:"),
    ("inform:", "Inform:"),
    ("evidences:", "Evidence:"),
    ("evidence:", "Evidence:"),
    ("proof:", "Evidence:"),
    ("kind:", "Kind:"),
    ("hand off to: ", "Hand off to "),
    ("hand off: ", "Hand off to "),
    ("hand-off to ", "Hand off to "),
    ("hand-off: ", "Hand off to "),
    ("handoff to: ", "Hand off to "),
    ("handoff to ", "Hand off to "),
    ("handoff: ", "Hand off to "),
    ("hand over to ", "Hand off to "),
];
