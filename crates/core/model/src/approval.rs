//! Approvals by several seats: how many of them must say yes, and in what order they are asked.
//!
//! A step says it in a line of its own: "Approval: 2 of Finance lead, Sales lead, Director",
//! "Approval: all of Finance lead, Director", "Approval: Finance lead, then Director".

use crate::{Process, SeatSource, Step, StepId, StepKind, StepSeat};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The most seats that are asked.
const MOST: usize = 12;

/// Who is asked for a yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// How many of them must say yes.
    pub need: u32,
    /// The seats, in the order of the text.
    pub seats: Vec<String>,
    /// Whether each is asked only after the one before has said yes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_order: bool,
}

impl Approval {
    /// What a text says; none where it names no seats, or more yeses than seats.
    pub fn said_in(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches('.');
        let (count, names) = match text.split_once(" of ") {
            Some((count, names)) if Count::of(count).is_some() => (Count::of(count)?, names),
            _ => (Count::All, text),
        };
        let in_order = names.contains(" then ");
        let names = names.replace(" then ", ",").replace(" and ", ",");
        let mut seats: Vec<String> = Vec::new();
        for name in names.split([',', ';']).map(str::trim).filter(|name| !name.is_empty()) {
            if !seats.iter().any(|seat| seat.eq_ignore_ascii_case(name)) {
                seats.push(name.to_owned());
            }
        }
        let n = u32::try_from(seats.len()).ok()?;
        let need = match count {
            Count::All => n,
            Count::Any => 1,
            Count::Number(need) => need,
        };
        let possible = (1..=n).contains(&need) && seats.len() <= MOST;
        possible.then_some(Self { need, seats, in_order })
    }
}

/// What becomes of an approval that nobody gives by its deadline.
///
/// A step says it in a line of its own: "If not answered: escalate". Where it says nothing, the owner is
/// asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unanswered {
    /// It goes to the seat above on the team chart, which has as long again.
    Escalate,
    /// It counts as a no.
    Reject,
    /// The owner of the process is asked what is to become of it.
    AskOwner,
}

impl Unanswered {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Escalate, Self::Reject, Self::AskOwner];

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Escalate => "escalate",
            Self::Reject => "reject",
            Self::AskOwner => "ask the owner",
        }
    }

    /// What a text says.
    pub fn said_in(text: &str) -> Option<Self> {
        let said = text.trim().trim_end_matches('.').to_lowercase();
        Self::ALL.into_iter().find(|one| one.word() == said)
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// As it is read again.
impl fmt::Display for Approval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let between = if self.in_order { ", then " } else { ", " };
        let seats = self.seats.join(between);
        match usize::try_from(self.need) {
            Ok(need) if need == self.seats.len() => write!(f, "all of {seats}"),
            Ok(_) | Err(_) => write!(f, "{} of {seats}", self.need),
        }
    }
}

enum Count {
    All,
    Any,
    Number(u32),
}

impl Count {
    fn of(word: &str) -> Option<Self> {
        match word.trim().to_lowercase().as_str() {
            "all" | "each" | "both" => Some(Self::All),
            "any" | "one" => Some(Self::Any),
            "two" => Some(Self::Number(2)),
            "three" => Some(Self::Number(3)),
            digits => digits.parse().ok().map(Self::Number),
        }
    }
}

/// What each seat is asked: the step itself, as a work item of its own.
pub fn parts(process: &Process, step: &Step) -> Vec<Step> {
    let Some(approval) = &step.approval else { return Vec::new() };
    let taken = |id: &StepId| process.step(id).is_some();
    let mut parts: Vec<Step> = Vec::with_capacity(approval.seats.len());
    for name in &approval.seats {
        let free = |id: &StepId| !taken(id) && !parts.iter().any(|part| part.id == *id);
        let named = |n: usize| {
            let again = if n == 1 { String::new() } else { format!("-{n}") };
            StepId::from_text(&format!("{} by {name}{again}", step.id), "approval")
        };
        let Some(id) = (1..=2 * MOST).map(named).find(free) else { continue };
        parts.push(Step {
            id,
            kind: StepKind::Approval,
            seat: Some(StepSeat::new(name.as_str(), SeatSource::Label, None)),
            approval: None,
            steps: Vec::new(),
            ..step.clone()
        });
    }
    parts
}

/// The steps whose doers may not do this one, looked up by the numbers that it names: "step 2",
/// "whoever did steps 1 and 3".
pub fn barred(process: &Process, step: &Step) -> Vec<StepId> {
    let all = process.all_steps();
    let numbers = step.not_by.iter().flat_map(|text| {
        text.split(|c: char| !(c.is_ascii_digit() || c == '.'))
            .map(|number| number.trim_matches('.'))
            .filter(|number| !number.is_empty())
    });
    numbers
        .filter_map(|number| all.iter().find(|step| step.number.trim_end_matches('.') == number))
        .map(|step| step.id.clone())
        .collect()
}

const NO: [&str; 11] = [
    "reject",
    "denied",
    "deny",
    "denies",
    "declin",
    "refus",
    "disapprov",
    "not approv",
    "n't approv",
    "turned down",
    "sent back",
];

/// Whether a way out is a no.
pub fn denies(condition: &str) -> bool {
    let text = condition.to_lowercase();
    let says = |word: &&str| text.contains(*word);
    text == "no" || NO.iter().any(says)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_becomes_of_no_answer_is_said_in_few_words() {
        let cases = [
            ("escalate", Some(Unanswered::Escalate)),
            ("Reject.", Some(Unanswered::Reject)),
            ("ask the owner", Some(Unanswered::AskOwner)),
            ("wait", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Unanswered::said_in(text), expected, "{text}");
        }
        for one in Unanswered::ALL {
            assert_eq!(Unanswered::said_in(one.word()), Some(one));
        }
    }

    #[test]
    fn what_is_said_is_read_and_reads_back() {
        let check = |text: &str, expected: Option<&str>| {
            let approval = Approval::said_in(text);
            let told = approval.as_ref().map(|a| {
                format!(
                    "{}{} {}",
                    a.need,
                    if a.in_order { " in order" } else { "" },
                    a.seats.join("|")
                )
            });
            assert_eq!(told.as_deref(), expected, "{text}");
            if let Some(approval) = approval {
                assert_eq!(Approval::said_in(&approval.to_string()), Some(approval), "{text}");
            }
        };
        check(
            "2 of Finance lead, Sales lead, Director",
            Some("2 Finance lead|Sales lead|Director"),
        );
        check("two of A, B and C.", Some("2 A|B|C"));
        check("all of A and B", Some("2 A|B"));
        check("any of A; B", Some("1 A|B"));
        check("A, then B, then C", Some("3 in order A|B|C"));
        check("Director", Some("1 Director"));
        check("Head of Sales, Director", Some("2 Head of Sales|Director"));
        check("A, a", Some("1 A"));
        check("3 of A, B", None);
        check("0 of A, B", None);
        check("", None);
    }
}
