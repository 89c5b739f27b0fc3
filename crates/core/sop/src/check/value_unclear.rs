//! The rule SOP0413: a step asks for a value that nothing can be.
#![doc = include_str!("../../../../../docs/codes/SOP0413.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::field::{Field, Shape};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0413"),
    name: "value-unclear",
    severity: Severity::Warning,
    summary: "A step asks for a value that nothing can be",
    page: include_str!("../../../../../docs/codes/SOP0413.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for step in &reading.process.steps {
            let evidence = step.walk().into_iter().flat_map(|part| &part.evidence);
            for asked in evidence.filter_map(Field::of) {
                let Some((says, help)) = unclear(&asked) else { continue };
                let says = format!("step {} {says}", step.number);
                let place = super::title_place(document, step);
                found.push(RULE.at(place, says).with_help(help));
            }
        }
    }
}

fn unclear(asked: &Field) -> Option<(String, &'static str)> {
    let name = &asked.name;
    match &asked.shape {
        _ if asked.key.is_empty() => Some((
            "asks for a value without a name".to_owned(),
            "say what it is: `Evidence (number): invoice total`",
        )),
        Shape::Choice(words) if words.len() < 2 => Some((
            format!("lets choose the {name} from fewer than two words"),
            "name the words: `Evidence (choice): outcome: won, lost or postponed`",
        )),
        Shape::Number { limits, .. } => match limits.as_slice() {
            // Between two limits there must be something: the lower one is within the upper.
            [(_, low), (high_is, high)] if !high_is.holds(low, high) => Some((
                format!("wants the {name} between {low} and {high}"),
                "write the smaller number first",
            )),
            _ => None,
        },
        Shape::Choice(_) | Shape::Date => None,
    }
}
