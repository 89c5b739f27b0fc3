//! The rule SOP0505: a step calls a procedure that does not exist.
#![doc = include_str!("../../../../../docs/codes/SOP0505.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0505"),
    name: "unknown-procedure",
    severity: Severity::Warning,
    summary: "A step calls a procedure that does not exist",
    page: include_str!("../../../../../docs/codes/SOP0505.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    let Some(known) = &document.surroundings.processes else { return };
    for reading in document.readings {
        for step in reading.process.all_steps() {
            let Some(procedure) = &step.procedure else { continue };
            // A path or an address is another rule's.
            let to = procedure.to.trim();
            if to.is_empty() || to.contains(['/', '.', ':', '#']) {
                continue;
            }
            let same = |slug: &str, title: &str| {
                slug.eq_ignore_ascii_case(to) || title.eq_ignore_ascii_case(to)
            };
            let own =
                document.readings.iter().any(|r| same(r.process.slug.as_str(), &r.process.title));
            if !own && !known.iter().any(|p| same(&p.slug, &p.title)) {
                found.push(
                    RULE.at(
                        super::title_place(document, step),
                        format!("there is no process \"{to}\""),
                    )
                    .with_help("name a process as its address does, or write it"),
                );
            }
        }
    }
}
