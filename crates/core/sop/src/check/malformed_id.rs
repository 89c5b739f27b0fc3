//! The rule SOP0311: the id of a step is not written as ids are.
#![doc = include_str!("../../../../../docs/codes/SOP0311.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0311"),
    name: "malformed-id",
    severity: Severity::Warning,
    summary: "The id of a step is not written as ids are",
    page: include_str!("../../../../../docs/codes/SOP0311.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for passage in document.passages.iter().filter(|p| p.step.is_some() && !p.quoted) {
        let span = passage.block.span.clone();
        let text = document.source.get(span.clone()).unwrap_or_default();
        let line = text.lines().next().unwrap_or_default().trim_end();
        if !line.ends_with('}') {
            continue;
        }
        let Some(open) = line.rfind("{#") else { continue };
        let inner = line.get(open + 2..line.len() - 1).unwrap_or_default();
        let slug = gemba_model::Slug::from_text(inner, "");
        let written = gemba_model::Slug::parse(inner).is_some();
        if written
            || slug.as_str().is_empty()
            || inner.contains(['{', '}'])
            || line.get(..open).is_some_and(|l| l.ends_with('\\'))
        {
            continue;
        }
        let place = span.start + open..span.start + line.len();
        found.push(RULE.at(place.clone(), format!("`{inner}` is no id")).with_fix(
            place,
            format!("{{#{slug}}}"),
            format!("write `{{#{slug}}}`"),
        ));
    }
}
