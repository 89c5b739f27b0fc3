//! By when a step must be done, and until when a wait lasts: from the words of a step to a rule.
//!
//! The forms: so long after something ("2 business days after the start", "within 24 hours", "3 days
//! after step 4"), the end of a day ("the same day", "the next business day"), or the first of a kind
//! of moment ("Monday at 15:00", "the 5th", "the last workday"), or so long before or after a date that a
//! step asks for ("3 days before the contract end"). What is said of an anchor that a run does not know
//! ("5 days before the contract ends") gives no rule: the words are shown as they are.
//!
//! Lengths and anchors only; what they mean on a calendar is the business of the schedule crate.

use crate::field;
use crate::period::{Period, Unit};
use crate::recurrence::{Days, Recurrence};
use crate::words::{self, Word};

/// What a length of time is counted from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// When the run began.
    Start,
    /// When the step's turn came.
    Turn,
    /// When the step with this number was last done: "3", "4.2".
    Step(String),
}

/// By when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// So long after something. No time at all, counted in days or workdays, is the end of that very
    /// day.
    After {
        /// How long.
        period: Period,
        /// After what.
        anchor: Anchor,
    },
    /// The first moment of a rhythm after the run began.
    Moment {
        /// The rhythm.
        rule: Recurrence,
        /// Whether the words name a time of day; otherwise the end of that day is meant.
        timed: bool,
    },
    /// So long before or after a date among the values of the run.
    Dated {
        /// How long.
        period: Period,
        /// Whether before it; else after it.
        before: bool,
        /// The key of the value.
        value: String,
    },
}

impl Due {
    /// The rule that the words state, if they state one exactly.
    pub fn said_in(text: &str) -> Option<Self> {
        let words = words::of(text);
        let rest = led(&words)?;
        whole_day(rest).or_else(|| counted(rest)).or_else(|| moment(rest))
    }

    /// The same, where the words may also name a date that is asked for: `dates` are the keys of those.
    pub fn said_among(text: &str, dates: &[String]) -> Option<Self> {
        if let Some(due) = Self::said_in(text) {
            return Some(due);
        }
        let words = words::of(text);
        dated(led(&words)?, dates)
    }
}

/// The words behind "by", "no later than" and the like.
fn led<'a, 'b>(words: &'a [Word<'b>]) -> Option<&'a [Word<'b>]> {
    let mut rest = words;
    for lead in ["at the latest", "no later than", "not later than", "due", "in", "on", "by"] {
        if let Some(n) = words::opens(rest, lead) {
            rest = rest.get(n..)?;
        }
    }
    Some(rest)
}

/// "3 days before the contract end", "two workdays after {invoice date}", "the day of delivery".
fn dated(words: &[Word<'_>], dates: &[String]) -> Option<Due> {
    let known = |words: &[Word<'_>]| {
        let key = field::key(&words::joined(words));
        dates.contains(&key).then_some(key)
    };
    if let Some(value) = known(words) {
        let period = Period::new(0, Unit::Days)?;
        return Some(Due::Dated { period, before: false, value });
    }
    let within = words::opens(words, "within").unwrap_or(0);
    let rest = words.get(within..)?;
    let (length, period, longer) = words::period(rest)?;
    let behind = rest.get(length..)?;
    let joints = [("before", true), ("prior to", true), ("ahead of", true)];
    let later = ["after", "of", "from", "following", "since"].map(|joint| (joint, false));
    let mut found = joints.into_iter().chain(later);
    let (n, before) =
        found.find_map(|(joint, before)| Some((words::opens(behind, joint)?, before)))?;
    let value = known(behind.get(n..)?)?;
    // A range ends with the later of its ends: before a date that is the shorter length.
    let period = if before { period } else { longer.unwrap_or(period) };
    Some(Due::Dated { period, before, value })
}

/// How long before a deadline one is reminded: "2 hours before", "1 working day before the deadline".
pub fn reminder(text: &str) -> Option<Period> {
    let words = words::of(text);
    let (length, period, longer) = words::period(&words)?;
    let behind = words.get(length..)?;
    let tail = behind.get(words::opens(behind, "before").unwrap_or(0)..)?;
    let said = words::joined(tail).to_lowercase();
    let whole = matches!(said.as_str(), "" | "deadline" | "due" | "it is due" | "it's due");
    (whole && longer.is_none() && period.count() > 0).then_some(period)
}

/// "the same day", "end of the day", "the next business day".
fn whole_day(words: &[Word<'_>]) -> Option<Due> {
    let said = words.iter().map(|w| w.bare.as_str()).filter(|w| *w != "the").collect::<Vec<_>>();
    let (count, unit) = match said.join(" ").as_str() {
        "same day" | "end of day" | "close of day" | "today" | "eod" => (0, Unit::Days),
        "same business day"
        | "same workday"
        | "same working day"
        | "end of business day"
        | "close of business"
        | "cob" => (0, Unit::Workdays),
        "next day" | "tomorrow" | "following day" => (1, Unit::Days),
        "next business day" | "next workday" | "next working day" | "following business day" => {
            (1, Unit::Workdays)
        }
        _ => return None,
    };
    Some(Due::After { period: Period::new(count, unit)?, anchor: Anchor::Turn })
}

fn counted(words: &[Word<'_>]) -> Option<Due> {
    let rest = match words::opens(words, "within") {
        Some(n) => words.get(n..)?,
        None => words,
    };
    let (length, period, longer) = words::period(rest)?;
    let behind = rest.get(length..)?;
    let passed = ["have passed", "has passed", "have gone by", "later"];
    let behind =
        passed.iter().find_map(|w| behind.get(words::opens(behind, w)?..)).unwrap_or(behind);
    let anchor = if behind.is_empty() {
        Anchor::Turn
    } else {
        let joint = ["after", "of", "from", "following", "since"]
            .iter()
            .find_map(|joint| words::opens(behind, joint))?;
        anchor(&words::joined(behind.get(joint..)?).to_lowercase())?
    };
    // A range ends with its longer end.
    Some(Due::After { period: longer.unwrap_or(period), anchor })
}

fn anchor(words: &str) -> Option<Anchor> {
    if let Some(rest) = words.strip_prefix("step ") {
        let number = rest.split_whitespace().next()?.trim_matches(|c: char| !c.is_alphanumeric());
        let tail = rest.get(rest.find(number)? + number.len()..)?.trim();
        let numbered = number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let ends = matches!(tail, "" | "is done" | "was done" | "ends" | "has ended");
        return (numbered && !number.is_empty() && ends).then(|| Anchor::Step(number.to_owned()));
    }
    match words {
        "start" | "start of run" | "start of the run" | "run starts" | "run began"
        | "run begins" | "it starts" | "process starts" | "process started" | "trigger"
        | "request" => Some(Anchor::Start),
        "step opens" | "step began" | "step begins" | "step starts" | "work begins"
        | "previous step" | "step before" | "receipt" | "receiving it" => Some(Anchor::Turn),
        _ => None,
    }
}

/// "Monday at 15:00", "the 5th", "the last workday of the month".
fn moment(words: &[Word<'_>]) -> Option<Due> {
    words.first()?;
    // A moment is the first of its kind in any case.
    let next = ["the next", "the following", "next", "following", "the morning of"];
    let words = next.iter().find_map(|w| words.get(words::opens(words, w)?..)).unwrap_or(words);
    let written: Vec<&str> = words.iter().map(|w| w.written).collect();
    let text = written.join(" ");
    let bare_time = words::opens(words, "at").is_some();
    let leads: &[&str] = if bare_time { &["daily "] } else { &["every ", "monthly on ", ""] };
    let rule = leads.iter().find_map(|lead| format!("{lead}{text}").parse::<Recurrence>().ok())?;
    let named = matches!(
        rule,
        Recurrence::Calendar {
            days: Days::Weekly { every: 1, .. }
                | Days::Monthly { every: 1, .. }
                | Days::Yearly { .. }
                | Days::YearlyOn { .. }
                | Days::Daily,
            ..
        }
    );
    let timed = text.contains(':') || text.contains("am") || text.contains("pm") || {
        let lower = text.to_lowercase();
        lower.contains("noon") || lower.contains("midnight")
    };
    // "daily" is no moment; "at 17:00" is.
    let day_said = !matches!(rule, Recurrence::Calendar { days: Days::Daily, .. }) || timed;
    (named && day_said).then_some(Due::Moment { rule, timed })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(due: &Due) -> String {
        match due {
            Due::After { period, anchor } => format!("{period} after {anchor:?}"),
            Due::Moment { rule, timed: true } => format!("first {rule}"),
            Due::Moment { rule, timed: false } => format!("first day of {rule}"),
            Due::Dated { period, before, value } => {
                format!("{period} {} [{value}]", if *before { "before" } else { "after" })
            }
        }
    }

    #[test]
    fn words_that_name_a_date_among_the_values_give_a_rule() {
        let dates = ["contract_end".to_owned(), "invoice_date".to_owned()];
        let cases = [
            ("3 days before {contract end}", "P3D before [contract_end]"),
            ("5-10 business days before the contract end.", "5 workdays before [contract_end]"),
            ("2 business days after the invoice date", "2 workdays after [invoice_date]"),
            ("within 30 days of the invoice date", "P30D after [invoice_date]"),
            ("by the contract end", "P0D after [contract_end]"),
            ("24 hours prior to the contract end", "PT24H before [contract_end]"),
            ("2 days after the start", "P2D after Start"),
            ("3 days before the party", ""),
            ("before the contract end", ""),
            ("", ""),
        ];
        for (text, expected) in cases {
            let read = Due::said_among(text, &dates).as_ref().map(told).unwrap_or_default();
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn words_of_a_reminder_give_a_length_or_none() {
        let cases = [
            ("2 hours before", "PT2H"),
            ("One working day before the deadline.", "1 workday"),
            ("30 minutes before it is due", "PT30M"),
            ("3 days", "P3D"),
            ("0 days before", ""),
            ("1-2 days before", ""),
            ("2 hours after", ""),
            ("often", ""),
            ("", ""),
        ];
        for (text, expected) in cases {
            let read = reminder(text).map(|period| period.to_string()).unwrap_or_default();
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn words_of_a_deadline_give_a_rule_or_none() {
        let cases = [
            ("2 business days after the start", "2 workdays after Start"),
            ("within 24 hours", "PT24H after Turn"),
            ("Within 1 hour of the request.", "PT1H after Start"),
            ("3 days after step 4", "P3D after Step(\"4\")"),
            ("30 days after step 9 is done", "P30D after Step(\"9\")"),
            ("two working days", "2 workdays after Turn"),
            ("1-2 business days after the start", "2 workdays after Start"),
            ("the same day", "P0D after Turn"),
            ("By end of day", "P0D after Turn"),
            ("the next business day", "1 workday after Turn"),
            ("in 30 minutes", "PT30M after Turn"),
            ("Monday at 15:00", "first every Monday at 15:00"),
            ("by Friday", "first day of every Friday at 09:00"),
            ("by the 5th", "first day of monthly on the 5th at 09:00"),
            ("the last workday", "first day of monthly on the last workday at 09:00"),
            ("at 17:00", "first every day at 17:00"),
            ("Monday 09:00", "first every Monday at 09:00"),
            ("next Monday", "first day of every Monday at 09:00"),
            ("the following Friday at 12:00", "first every Friday at 12:00"),
            ("3 days have passed", "P3D after Turn"),
            ("24 hours have passed since step 2", "PT24H after Step(\"2\")"),
            ("a week", "P1W after Turn"),
            ("two weeks later", "P2W after Turn"),
            ("5 business days before the last day", ""),
            ("10 business days after the last day", ""),
            ("the last day of the contract", ""),
            ("soon", ""),
            ("daily", ""),
            ("every 3 months", ""),
            ("3 days after step four", ""),
            ("", ""),
        ];
        for (text, expected) in cases {
            let read = Due::said_in(text).as_ref().map(told).unwrap_or_default();
            assert_eq!(read, expected, "{text}");
        }
    }
}
