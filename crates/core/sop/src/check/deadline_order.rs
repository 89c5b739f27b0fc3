//! The rule SOP0604: a step is due before the one that comes first.
#![doc = include_str!("../../../../../docs/codes/SOP0604.md")]

use super::{Document, Rule};
use crate::passage::place_in;
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::{Process, Target};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0604"),
    name: "deadline-order",
    severity: Severity::Warning,
    summary: "A step is due before the one that comes first",
    page: include_str!("../../../../../docs/codes/SOP0604.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        // A step that a branch leads past has a clock of its own: it is no step before the next one.
        let passed = passed(&reading.process);
        let mut before: Option<(&gemba_model::Step, u32, String)> = None;
        for (step, passed) in reading.process.steps.iter().zip(passed) {
            let Some((n, way)) = step.due.as_deref().and_then(counted) else { continue };
            if let Some((first, earlier, same)) = &before
                && *same == way
                && n < *earlier
            {
                let due = step.due.as_deref().unwrap_or_default();
                let other = first.due.as_deref().unwrap_or_default();
                found.push(
                    RULE.at(
                        place_in(document.source, &step.span.range(), due),
                        format!("step {} is due {due}, before step {}", step.number, first.number),
                    )
                    .with_related(
                        place_in(document.source, &first.span.range(), other),
                        format!("step {} is due {other}", first.number),
                    )
                    .with_help("mend one of the two, or say that it is the next month"),
                );
            }
            let leaves = step.decisions.iter().any(|d| crate::resolve::leads_away(&d.target));
            before = if leaves || passed { None } else { Some((step, n, way)) };
        }
    }
}

/// A deadline as a number and the way it is counted: "by the 5th" as 5 and "th"; nothing for a time
/// that counts from the step's own beginning.
fn counted(due: &str) -> Option<(u32, String)> {
    let lower = due.trim().trim_end_matches('.').to_lowercase();
    let bare = ["by the ", "on the ", "until the ", "the ", "by ", "on ", "until "]
        .iter()
        .find_map(|word| lower.strip_prefix(word))
        .unwrap_or(&lower);
    let (mark, rest) = match bare.strip_prefix("day ") {
        Some(rest) => ("day", rest),
        None => match bare.strip_prefix("t+") {
            Some(rest) => ("t+", rest),
            None => ("", bare),
        },
    };
    let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, tail) = rest.split_at_checked(length)?;
    let number = digits.parse().ok()?;
    let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|end| tail.strip_prefix(end));
    match (mark, ordinal) {
        ("", Some(rest)) => Some((number, format!("th{rest}"))),
        ("", None) => {
            // "2 days after the start" counts from the same moment for every step.
            tail.contains("after the start").then(|| (number, tail.replace("days", "day")))
        }
        (mark, _) => Some((number, format!("{mark}{tail}"))),
    }
}

/// Whether a branch before each step leads to a step after it.
fn passed(process: &Process) -> Vec<bool> {
    let mut passed = vec![false; process.steps.len()];
    for (at, step) in process.steps.iter().enumerate() {
        for decision in step.walk().iter().flat_map(|s| &s.decisions) {
            let to = match &decision.target {
                Target::Step(id) => process.top_level(id),
                Target::End => Some(process.steps.len()),
                _ => None,
            };
            let over = to.and_then(|to| passed.get_mut(at + 1..to));
            over.into_iter().flatten().for_each(|mark| *mark = true);
        }
    }
    passed
}
