//! The rule SOP0409: a role is named in two ways.
#![doc = include_str!("../../../../../docs/codes/SOP0409.md")]

use super::{Document, Rule};
use crate::near::distance;
use crate::passage::place_in;
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::Process;
use std::ops::Range;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0409"),
    name: "role-two-ways",
    severity: Severity::Warning,
    summary: "A role is named in two ways",
    page: include_str!("../../../../../docs/codes/SOP0409.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        let names: Vec<&str> = process.seat_names().into_iter().take(100).collect();
        let plainly: Vec<String> = names.iter().map(|name| usual(name)).collect();
        for (n, (second, bare)) in names.iter().zip(&plainly).enumerate() {
            let mut known = names.iter().zip(&plainly).take(n);
            let found_first = known
                .find(|(first, other)| same(first, second) || (first != &second && *other == bare));
            let Some((first, _)) = found_first else { continue };
            // What the reader knows to be the same seat is defined.
            let defined = format!("({second})");
            let other = format!("({first})");
            if document.source.contains(&defined) || document.source.contains(&other) {
                continue;
            }
            let place = named_at(document, process, second);
            found.push(
                RULE.at(place, format!("\"{second}\" is probably \"{first}\""))
                    .with_related(named_at(document, process, first), "named otherwise here")
                    .with_help("use one name, or say once that the two are the same"),
            );
        }
    }
}

/// Where a name is used first.
fn named_at(document: &Document<'_>, process: &Process, name: &str) -> Range<usize> {
    let owner = process.owner.named().filter(|owner| owner.eq_ignore_ascii_case(name));
    let of_owner = owner.and(process.owner.span).map(gemba_model::Span::range);
    let all = process.all_steps();
    let step = all.iter().find(|step| {
        let doer = step.seat.iter().map(|seat| seat.name.as_str());
        let told = step.handoff_to.iter().chain(&step.consulted).chain(&step.informed);
        doer.chain(told.map(String::as_str)).any(|n| n.eq_ignore_ascii_case(name))
    });
    let span = of_owner.or_else(|| step.map(|s| s.span.range())).unwrap_or_default();
    place_in(document.source, &span, name)
}

/// Whether two names are one but for a slip, or one is short for the other; habits of writing aside.
fn same(first: &str, second: &str) -> bool {
    short_for(first, second) || short_for(second, first) || slip(first, second)
}

/// A name as it would read without the habits of writers: "Book-keeper" as "bookkeeper", "Warehouse
/// leader" and "Warehouse lead" alike, "Finance team" as "finance".
fn usual(name: &str) -> String {
    let lower = name.to_lowercase().replace("human resources", "hr");
    // "Head of sales" is "sales head".
    let turned = lower
        .split_once(" of ")
        .filter(|(first, _)| matches!(*first, "head" | "director" | "manager" | "chief" | "lead"));
    let lower = turned.map_or_else(|| lower.clone(), |(first, field)| format!("{field} {first}"));
    let words = || lower.split([' ', '-']).filter(|word| !word.is_empty() && *word != "the");
    let count = words().count();
    let mut out = String::with_capacity(lower.len());
    for (at, word) in words().enumerate() {
        let last = at > 0 && at + 1 == count;
        out.push_str(match word {
            "leader" => "lead",
            "mgr" => "manager",
            "sr" | "sr." => "senior",
            "jr" | "jr." => "junior",
            "&" => "and",
            "dept" | "dept." | "department" | "team" if last => "",
            "administrator" => "admin",
            word => word,
        });
    }
    out
}

/// "PM" for "Project manager".
fn short_for(short: &str, long: &str) -> bool {
    let initials: String = long.split([' ', '-']).filter_map(|w| w.chars().next()).collect();
    (2..=5).contains(&short.len())
        && short.chars().all(|c| c.is_ascii_uppercase())
        && long.contains(' ')
        && initials.eq_ignore_ascii_case(short)
}

/// One letter apart in a long word, and in nothing else.
fn slip(first: &str, second: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (first.split(' ').collect(), second.split(' ').collect());
    if a.len() != b.len() || first.len() < 8 {
        return false;
    }
    let different: Vec<_> = a.iter().zip(&b).filter(|(x, y)| !x.eq_ignore_ascii_case(y)).collect();
    match different.as_slice() {
        [(x, y)] => {
            let plain = |w: &str| w.len() > 4 && w.chars().all(char::is_alphabetic);
            plain(x) && plain(y) && distance(x, y, 1) == Some(1)
        }
        _ => false,
    }
}
