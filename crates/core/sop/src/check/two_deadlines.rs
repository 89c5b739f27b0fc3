//! The rule SOP0605: a step has two deadlines.
#![doc = include_str!("../../../../../docs/codes/SOP0605.md")]

use super::{Document, Rule, deadline_order};
use crate::lexicon::Lexicon;
use crate::passage::place_in;
use crate::process::Reading;
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
        elsewhere(document, reading, found);
    }
}

/// Holds the field "Due" of each step against what the text outside the steps says of the same act: due
/// "by the 5th", and "All invoices are sent by the 3rd" under the purpose.
fn elsewhere(document: &Document<'_>, reading: &Reading, found: &mut Vec<Diagnostic>) {
    if document.readings.len() != 1 {
        return;
    }
    let steps = reading.process.steps.iter().filter_map(|step| {
        let due = step.due.as_deref()?;
        let act = acting(&step.title);
        let moment = deadline_order::counted(due);
        let length = duration(&due.to_lowercase()).map(|(n, unit)| (n, unit.to_owned()));
        (act.len() > 1 && (moment.is_some() || length.is_some()))
            .then_some((step, due, act, moment, length))
    });
    let steps: Vec<_> = steps.collect();
    if steps.is_empty() {
        return;
    }
    for passage in document.passages.iter().filter(|p| !p.quoted && p.step.is_none()) {
        if matches!(passage.block.kind, crate::block::Kind::Heading(_)) {
            continue;
        }
        for sentence in crate::inline::sentences(passage.block.plain()) {
            let lower = sentence.to_lowercase();
            if CASES.said_in(&lower).is_some() {
                continue;
            }
            let Some(words) = told(&lower) else { continue };
            let said: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
            let same = |act: &[String]| act.iter().all(|w| said.iter().any(|s| alike(w, s)));
            let Some((step, due, _, moment, length)) =
                steps.iter().find(|(_, _, act, _, _)| same(act))
            else {
                continue;
            };
            let other = deadline_order::counted(words);
            let moments = moment.as_ref().zip(other).is_some_and(|(a, b)| a.1 == b.1 && a.0 != b.0);
            let within = lower.split_once("within ").and_then(|(_, rest)| duration(rest));
            let lengths =
                length.as_ref().zip(within).is_some_and(|(a, b)| a.1 == b.1 && a.0 != b.0);
            if moments || lengths {
                found.push(
                    RULE.at(
                        passage.place(document.source, words),
                        format!("step {} is due {due}, and here it is {words}", step.number),
                    )
                    .with_related(
                        place_in(document.source, &step.span.range(), due),
                        format!("step {} is due {due}", step.number),
                    )
                    .with_help("leave one of the two"),
                );
            }
        }
    }
}

/// The words of an act that tell what is done to what.
fn acting(title: &str) -> Vec<String> {
    let act = crate::act::of(title);
    act.split(' ').filter(|w| w.len() > 3).take(6).map(str::to_owned).collect()
}

/// Whether two words are forms of one: "send" and "sent", "invoice" and "invoices".
fn alike(one: &str, other: &str) -> bool {
    let shorter = one.len().min(other.len());
    let shared = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    shared >= 3 && shared + 1 >= shorter && one.len().abs_diff(other.len()) <= 3
}

/// The deadline with which a sentence ends: "by the 3rd", "within 2 days".
fn told(lower: &str) -> Option<&str> {
    let bare = lower.trim_end_matches(['.', '!', ';']);
    let at = [" by ", " within ", " on the ", " no later than "]
        .iter()
        .filter_map(|joint| bare.rfind(joint))
        .max()?;
    let words = bare.get(at + 1..)?;
    (words.split(' ').count() <= 5 && words.contains(|c: char| c.is_ascii_digit())).then_some(words)
}

/// Words that say that a time holds in some cases only, or of somebody else.
const CASES: Lexicon = Lexicon::new(&[
    "if",
    "when",
    "unless",
    "otherwise",
    "client",
    "customer",
    "supplier",
    "vendor",
    "not",
    "except",
    "until",
    "before",
    "after",
]);

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
