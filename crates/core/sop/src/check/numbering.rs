//! The rule SOP0304: the steps are not numbered in order.
#![doc = include_str!("../../../../../docs/codes/SOP0304.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0304"),
    name: "numbering",
    severity: Severity::Info,
    summary: "The steps are not numbered in order",
    page: include_str!("../../../../../docs/codes/SOP0304.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let mut before: Option<(u32, &gemba_model::Step)> = None;
        for step in &reading.process.steps {
            let typed = typed(&step.label);
            if let (Some(number), Some((last, previous))) = (typed, before)
                && number != last + 1
                && number > 1
            {
                let range = step.span.range();
                let place = range.start..(range.start + step.label.len()).min(range.end);
                found.push(
                    RULE.at(
                        place,
                        format!("the step numbered {number} follows the one numbered {last}"),
                    )
                    .with_related(super::title_place(document, previous), "the step before")
                    .with_help(format!("number it {}", last + 1)),
                );
            }
            before = typed.map(|number| (number, step));
        }
    }
}

/// The number that a marker such as "3." or "3)" types.
fn typed(label: &str) -> Option<u32> {
    label.strip_suffix(['.', ')'])?.parse().ok().filter(|n| *n < 10_000)
}
