//! The rule SOP0604: a step is due before the one that comes first.
#![doc = include_str!("../../../../../docs/codes/SOP0604.md")]

use super::{Document, Rule};
use crate::passage::place_in;
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::recurrence::MONTHS;
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
        let mut before: Option<(&gemba_model::Step, String, i64, String)> = None;
        for (step, passed) in reading.process.steps.iter().zip(passed) {
            let Some((due, n, way)) = due(step) else { continue };
            if let Some((first, other, earlier, same)) = &before
                && *same == way
                && n < *earlier
                && !(way == OF_THE_WEEK && follows(*earlier, n))
            {
                found.push(
                    RULE.at(
                        place_in(document.source, &step.span.range(), &due),
                        format!("step {} is due {due}, before step {}", step.number, first.number),
                    )
                    .with_related(
                        place_in(document.source, &first.span.range(), other),
                        format!("step {} is due {other}", first.number),
                    )
                    .with_help("mend one of the two, or say that it is the next month or week"),
                );
            }
            let leaves = step.decisions.iter().any(|d| crate::resolve::leads_away(&d.target));
            before = if leaves || passed { None } else { Some((step, due, n, way)) };
        }
    }
}

/// When a step is due, as it is said, counted: in its field, a line of its own or at the end of its title.
fn due(step: &gemba_model::Step) -> Option<(String, i64, String)> {
    if let Some(due) = step.due.as_deref() {
        return counted(due).map(|(n, way)| (due.to_owned(), n, way));
    }
    let title = step.title.trim_end_matches('.');
    let ends = [" by ", " on ", " no later than ", " at the latest by ", " before ", " at "];
    let tails = ends.iter().filter_map(|joint| title.rfind(joint).map(|at| (at, *joint))).max();
    let tail = tails.and_then(|(at, joint)| title.get(at + joint.len()..));
    let lines = step.text.lines().map(|line| line.trim().trim_end_matches('.'));
    tail.into_iter()
        .chain(lines)
        .filter(|words| words.split(' ').count() <= 5)
        .find_map(|words| counted(words).map(|(n, way)| (words.to_owned(), n, way)))
}

/// A deadline as a number and the way it is counted: "by the 5th" as 5 and "th"; nothing for a time
/// that counts from the step's own beginning.
pub(super) fn counted(due: &str) -> Option<(i64, String)> {
    let lower = due.trim().trim_end_matches('.').to_lowercase();
    let bare = ["by the ", "on the ", "until the ", "the ", "by ", "on ", "until ", "before "]
        .iter()
        .find_map(|word| lower.strip_prefix(word))
        .unwrap_or(&lower);
    let moment = clock(bare).or_else(|| date(bare)).or_else(|| ahead(bare));
    if let Some(moment) = moment.or_else(|| weekday(bare)) {
        return Some(moment);
    }
    let marks = ["business day ", "working day ", "workday ", "day ", "t+", "d+"];
    let marked = marks.iter().find_map(|mark| bare.strip_prefix(mark).map(|rest| (*mark, rest)));
    let (mark, rest) = marked.unwrap_or(("", bare));
    let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, tail) = rest.split_at_checked(length)?;
    let number = digits.parse().ok()?;
    let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|end| tail.strip_prefix(end));
    match (mark.trim_end(), ordinal) {
        ("", Some(rest)) => Some((number, format!("th{rest}"))),
        ("", None) => {
            // "2 days after the start" counts from the same moment for every step.
            tail.contains("after the start").then(|| (number, tail.replace("days", "day")))
        }
        (mark, _) => Some((number, format!("{mark}{tail}"))),
    }
}

/// "17:00", "5 pm": the minutes of the day.
fn clock(words: &str) -> Option<(i64, String)> {
    let bare = words.strip_prefix("at ").unwrap_or(words);
    let (time, half) = match bare {
        "noon" => ("12", Some("pm")),
        _ => ["am", "pm", "a.m", "p.m"]
            .iter()
            .find_map(|half| Some((bare.strip_suffix(half)?.trim_end(), Some(*half))))
            .unwrap_or((bare, None)),
    };
    let (hours, minutes) = match (time.split_once(':'), half) {
        (Some((hours, minutes)), _) => (hours, minutes),
        (None, Some(_)) => (time, "0"),
        (None, None) => return None,
    };
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let later = half.is_some_and(|half| half.starts_with('p')) && hours < 12;
    let hours = if later { hours + 12 } else { hours };
    (hours < 25 && minutes < 60).then(|| (hours * 60 + minutes, "of the day".to_owned()))
}

/// "December 20", "20 December": days of one month can be compared, the year is open.
fn date(words: &str) -> Option<(i64, String)> {
    let (one, other) = words.split_once(' ')?;
    let month = |word: &str| MONTHS.iter().find(|name| name.eq_ignore_ascii_case(word));
    let (month, day) = match (month(one), month(other)) {
        (Some(month), None) => (month, other),
        (None, Some(month)) => (month, one),
        _ => return None,
    };
    let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()?;
    Some((day, format!("in {month}")))
}

const OF_THE_WEEK: &str = "of the week";

/// "Friday", "Friday at noon": the day of the week.
fn weekday(words: &str) -> Option<(i64, String)> {
    let (name, rest) = words.split_once(' ').unwrap_or((words, ""));
    let at = WEEKDAYS.iter().position(|day| *day == name)?;
    // "Friday of the next week" and "Friday before" are other Fridays.
    let plain = rest.is_empty() || clock(rest.trim_start_matches("at ")).is_some();
    plain.then_some((i64::try_from(at).ok()?, OF_THE_WEEK.to_owned()))
}

const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Whether a day of the week is the one on which work goes on after another: Monday after Friday.
fn follows(earlier: i64, later: i64) -> bool {
    earlier > 2 && later < 2
}

/// "T-5 days", "10 days before the event": the more days ahead, the earlier.
fn ahead(words: &str) -> Option<(i64, String)> {
    let (count, event) = match words.strip_prefix("t-") {
        Some(count) => (count, "t"),
        None => words.split_once(" before ")?,
    };
    let bare = count.strip_suffix(" days").or_else(|| count.strip_suffix(" day"));
    let count = if event == "t" { bare.unwrap_or(count) } else { bare? };
    Some((-count.parse::<i64>().ok()?, format!("before {event}")))
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
