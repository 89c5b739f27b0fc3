//! The rule SOP0208: a step says it comes after a later one.
#![doc = include_str!("../../../../../docs/codes/SOP0208.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0208"),
    name: "order-contradiction",
    severity: Severity::Warning,
    summary: "A step says it comes after a later one",
    page: include_str!("../../../../../docs/codes/SOP0208.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let steps = &reading.process.steps;
        for passage in super::within(document, reading) {
            let Some((after, number)) = opening(&passage.lower) else { continue };
            let Some(own) = steps.iter().position(|s| super::holds(s, passage)) else { continue };
            let Some(other) = steps.iter().position(|s| s.number == number) else { continue };
            let wrong = if after { other > own } else { other < own };
            if let (true, Some(step)) = (wrong, steps.get(other)) {
                let word = if after { "after" } else { "before" };
                let place = passage.place(document.source, &format!("{word} step {number}"));
                let stands = if after { "before" } else { "after" };
                found.push(
                    RULE.at(place, format!("this stands {stands} step {number}, not {word} it"))
                        .with_related(super::title_place(document, step), "the step named")
                        .with_help("put the step where it is done, or mend the number"),
                );
            }
        }
    }
}

/// "After step 7 ..." or "Before step 2 ...": whether it is after, and the number.
fn opening(lower: &str) -> Option<(bool, &str)> {
    let (after, rest) = match lower.strip_prefix("after step ") {
        Some(rest) => (true, rest),
        None => (false, lower.strip_prefix("before step ")?),
    };
    let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let number = rest.get(..length).filter(|n| !n.is_empty())?;
    // "After step 7 fails" speaks of a case, and "7.2" is a part.
    let tail = rest.get(length..).unwrap_or_default();
    (tail.is_empty() || tail.starts_with([',', ' ', ':'])).then_some((after, number))
}
