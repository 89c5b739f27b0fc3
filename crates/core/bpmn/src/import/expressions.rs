//! Conditions that were written for a machine: told apart from words, said as plainly as they can be.

use crate::codes::{self, called};
use crate::xml::{Element, folded};
use gemba_diag::Diagnostic;

/// What an expression says without the marks that make a machine read it: `${amount > 5}` as `amount > 5`.
pub(super) fn bare(expression: &str) -> &str {
    let text = expression.trim();
    let inner = ["${", "#{"]
        .iter()
        .find_map(|open| text.strip_prefix(open)?.strip_suffix('}'))
        .filter(|inner| !inner.contains(['{', '}']))
        .or_else(|| text.strip_prefix('=').filter(|rest| !rest.starts_with('=')));
    inner.map_or(text, str::trim)
}

/// Whether the text of a condition is code: it names its language, carries the marks of one or uses
/// operators and calls that no sentence has.
fn is_code(condition: &Element, text: &str) -> bool {
    const SIGNS: [&str; 10] = ["==", "!=", "&&", "||", "<=", ">=", "();", "()", "${", "#{"];
    condition.attr("language").is_some_and(|language| !language.is_empty())
        || bare(text) != text
        || SIGNS.iter().any(|sign| text.contains(sign))
}

/// Reports each way of a process that has no name but a condition for a machine.
pub(super) fn report(process: &Element, found: &mut Vec<Diagnostic>) {
    for flow in process.walk().into_iter().filter(|e| e.is("sequenceFlow")) {
        let Some(condition) = flow.part("conditionExpression") else { continue };
        let text = folded(&condition.text());
        if flow.title().is_empty() && !text.is_empty() && is_code(condition, &text) {
            let message = format!(
                "the {} has no name, only a condition for a machine: \"{}\"",
                called(flow),
                bare(&text)
            );
            found.push(codes::MACHINE.of(flow, message));
        }
    }
}
