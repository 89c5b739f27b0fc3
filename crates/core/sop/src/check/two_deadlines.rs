//! The rule SOP0605: a step has two deadlines.
#![doc = include_str!("../../../../../docs/codes/SOP0605.md")]

use super::{Document, Rule};
use crate::passage::place_in;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0605"),
    name: "two-deadlines",
    severity: Severity::Warning,
    summary: "A step has two deadlines",
    page: include_str!("../../../../../docs/codes/SOP0605.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for step in reading.process.all_steps() {
            let due = step.due.as_deref().map(str::to_lowercase);
            let Some((n, unit)) = due.as_deref().and_then(duration) else { continue };
            let text = format!("{}.\n\n{}", step.title.trim_end_matches('.'), step.text);
            let other = crate::inline::sentences(&text).iter().find_map(|sentence| {
                let sentence = sentence.to_lowercase();
                let cases = [
                    "if ",
                    "when ",
                    "unless ",
                    "otherwise",
                    "client",
                    "customer",
                    "supplier",
                    "vendor",
                ];
                if cases.iter().any(|word| sentence.contains(word)) {
                    return None;
                }
                let (_, rest) = sentence.split_once("within ")?;
                let (m, same) = duration(rest)?;
                (same == unit && m != n).then(|| format!("within {m} {unit}"))
            });
            if let Some(other) = other {
                let place = place_in(document.source, &step.span.range(), &other);
                found.push(
                    RULE.at(
                        place,
                        format!("step {} is due in {n} {unit}s, and {other}s", step.number),
                    )
                    .with_help("leave one of the two"),
                );
            }
        }
    }
}

/// "2 days ..." as a number and a unit in the singular; nothing where more is said, as in "2 days
/// before".
fn duration(text: &str) -> Option<(u32, &str)> {
    let mut words = text.split_whitespace();
    let n = words.next()?.parse().ok()?;
    let unit = words.next()?.trim_end_matches(['.', ',', ';', ':', ')']);
    let unit = unit.strip_suffix('s').unwrap_or(unit);
    let plain = matches!(unit, "minute" | "hour" | "day" | "week" | "month");
    let of = words.next().is_none_or(|w| !matches!(w, "before" | "of" | "after" | "from"));
    (plain && of).then_some((n, unit))
}
