//! The rule SOP0702: a decision has a limit without a number.
#![doc = include_str!("../../../../../docs/codes/SOP0702.md")]

use super::{Document, Rule};
use crate::lexicon::Lexicon;
use crate::passage::place_in;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0702"),
    name: "limit-vague",
    severity: Severity::Warning,
    summary: "A decision has a limit without a number",
    page: include_str!("../../../../../docs/codes/SOP0702.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for step in reading.process.all_steps() {
            for decision in &step.decisions {
                let lower = crate::inline::lower(&decision.condition);
                let measured = lower.contains(|c: char| c.is_ascii_digit())
                    || [" than ", "defined", "limit", "threshold", "policy"]
                        .iter()
                        .any(|w| lower.contains(w));
                let vague = VAGUE.said_in(&lower).filter(|_| NOUNS.said_in(&lower).is_some());
                if let (false, Some(word)) = (measured, vague) {
                    let span = super::place(decision.span.or(Some(step.span)));
                    found.push(
                        RULE.at(
                            place_in(document.source, &span, word),
                            format!("how much is \"{word}\"?"),
                        )
                        .with_help("write the number from which on it is so"),
                    );
                }
            }
        }
    }
}

const VAGUE: Lexicon = Lexicon::new(&[
    "large",
    "small",
    "big",
    "high",
    "low",
    "too high",
    "too low",
    "significant",
    "substantial",
    "considerable",
    "excessive",
    "expensive",
    "material",
    "reasonable",
    "unusually high",
]);

/// What is measured in a number.
const NOUNS: Lexicon = Lexicon::new(&[
    "amount",
    "amounts",
    "sum",
    "total",
    "price",
    "cost",
    "costs",
    "order",
    "orders",
    "purchase",
    "purchases",
    "discount",
    "refund",
    "expense",
    "expenses",
    "invoice",
    "deviation",
    "difference",
    "variance",
    "volume",
    "budget",
    "delay",
    "contract value",
    "fee",
    "payment",
]);
