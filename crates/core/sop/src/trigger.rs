//! What starts a run, as its words say it: the kind, the rhythm, and what it waits for.

use crate::lexicon::Lexicon;
use crate::seat;
use gemba_model::{Cue, Recurrence, Span, Trigger, TriggerKind, ValueState};

/// Where the words of a trigger stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// In a place made for it: a setting, a label, a table row, a section. There "monthly" means the 1st.
    Outright,
    /// In a sentence. There a rhythm counts only with its day.
    InPassing,
}

/// The trigger that these words are; its kind follows from them where none is given.
pub(crate) fn read(text: String, said: Said, kind: Option<TriggerKind>) -> Trigger {
    let state = if seat::is_blank(&text) {
        ValueState::Placeholder
    } else {
        match said {
            Said::Outright => ValueState::Stated,
            Said::InPassing => ValueState::Implied,
        }
    };
    let whole: Option<Recurrence> = match (kind, said) {
        (None | Some(TriggerKind::Schedule), Said::Outright) => text.parse().ok(),
        _ => None,
    };
    let kind = kind.unwrap_or_else(|| match whole {
        Some(_) => TriggerKind::Schedule,
        None => self::kind(&text),
    });
    let cue = if whole.is_some() { None } else { Cue::said_in(kind, &text) };
    // "3 days before the end of each month": the rhythm is the anchor's, not the trigger's.
    let within = kind == TriggerKind::Schedule && cue.is_none();
    let rule = whole.or_else(|| if within { Recurrence::said_in(&text) } else { None });
    Trigger { kind, state, text, rule, cue, span: None }
}

/// A trigger with its place.
pub(crate) fn at(mut trigger: Trigger, place: &std::ops::Range<usize>) -> Trigger {
    trigger.span = Some(Span::new(place.start, place.end));
    trigger
}

/// The kind that a word names.
pub(crate) fn kind_word(word: &str) -> Option<TriggerKind> {
    Some(match word.to_lowercase().as_str() {
        "schedule" => TriggerKind::Schedule,
        "event" => TriggerKind::Event,
        "threshold" => TriggerKind::Threshold,
        "request" => TriggerKind::Request,
        _ => return None,
    })
}

/// The word that names a kind.
pub(crate) fn word_of(kind: TriggerKind) -> &'static str {
    match kind {
        TriggerKind::Schedule => "schedule",
        TriggerKind::Event => "event",
        TriggerKind::Threshold => "threshold",
        TriggerKind::Request => "request",
    }
}

/// Words of a comparison; only a number or the name of a limit makes them one.
const COMPARES: Lexicon = Lexicon::new(&[
    "exceed",
    "above ",
    "below ",
    "over ",
    "falls under",
    "drops under",
    "more than ",
    "less than ",
    "fewer than ",
    "greater than ",
    "at least ",
    "reaches ",
    "crosses ",
    "surpass",
    "hits ",
]);

/// The names of limits.
const LIMITS: Lexicon = Lexicon::new(&[
    "threshold",
    "limit",
    "budget",
    "quota",
    "target",
    "ceiling",
    "minimum",
    "maximum",
]);

/// Whether a number or limit is crossed.
fn crosses(text: &str) -> bool {
    COMPARES.stands_in(text)
        && (LIMITS.stands_in(text) || text.contains(|c: char| c.is_ascii_digit() || c == '%'))
        // "at least three days in advance" speaks of time before something.
        && !text.contains("in advance")
}

const REQUEST: Lexicon = Lexicon::new(&[
    "request",
    "user wants",
    "who have",
    "for anyone",
    "asks",
    "ask for",
    "submit",
    "opens a ticket",
    "open a ticket",
    "raises a ticket",
    "raise a ticket",
    "files a ticket",
    "file a ticket",
    "create a ticket",
    "creates a ticket",
    "applies for",
    "apply for",
    "wants to",
    "want to",
    "wish to",
    "wishes to",
    "wishing to",
    "would like",
    "you'd like",
    "’d like",
    "you need",
    "orders",
    "on demand",
    "inquir",
    "enquir",
    "when asked",
    "fill in the form",
    "fills in the form",
    "fill out",
    "fills out",
    "purchas",
]);

/// Words that say something has been dealt with: then a request that stands beside them is past.
const SETTLED: Lexicon = Lexicon::new(&[
    " is approved",
    " are approved",
    " been approved",
    " is rejected",
    " is closed",
    " been closed",
    " is completed",
    " is resolved",
    " is signed",
    " been signed",
]);

/// A rhythm or a distance from a date, whatever else is said.
const SCHEDULE: Lexicon = Lexicon::new(&[
    "every day",
    "every week",
    "every month",
    "every quarter",
    "every year",
    "every monday",
    "every tuesday",
    "every wednesday",
    "every thursday",
    "every friday",
    "every workday",
    "every business day",
    "every morning",
    "every other ",
    "every two ",
    "every three ",
    "every six ",
    "each day",
    "each week",
    "each month",
    "each quarter",
    "each year",
    "each workday",
    "each business day",
    "each weekday",
    "each morning",
    "days before",
    "weeks before",
    "week before",
    "day before",
    "months before",
    "month before",
    "hours before",
    "minutes before",
    "days prior",
    "weeks prior",
    "months prior",
    "days after",
    "weeks after",
    "months after",
    "day after",
    "end of the month",
    "end of month",
    "end of each",
    "end of every",
    "beginning of each",
    "beginning of every",
    "beginning of the month",
    "start of each",
    "start of every",
    "end of the week",
    "end of the quarter",
    "end of the year",
    "end of the fiscal year",
    "first of the month",
    "day of the month",
    "day of each",
    "day of every",
    "of the month",
    "once a day",
    "once a week",
    "once a month",
    "once a quarter",
    "once a year",
    "twice a ",
    "times a year",
    "per month",
    "per week",
    "per quarter",
    "fortnight",
    "annually",
    "month-end",
    "month end",
    "quarter-end",
    "year-end",
    "t+1",
    "mondays",
    "tuesdays",
    "wednesdays",
    "thursdays",
    "fridays",
]);

/// Rhythms that also stand before a noun: "the weekly report".
const ADJECTIVES: Lexicon = Lexicon::new(&[
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "yearly",
    "annual",
    "semi-annual",
    "biweekly",
    "bi-weekly",
]);

/// How a clause opens that speaks of something happening.
const HAPPENS: Lexicon = Lexicon::new(&[
    "when ",
    "whenever ",
    "once ",
    "if ",
    "upon ",
    "as soon as ",
    "after ",
    "in the event ",
    "use when ",
    "use this when ",
    "use this process when ",
    "use this procedure when ",
    "use this runbook when ",
    "start here when ",
    "start this when ",
    "start when ",
]);

/// Whether a text speaks of a rhythm or of a distance from a date.
pub(crate) fn has_rhythm(text: &str) -> bool {
    SCHEDULE.stands_in(text)
        || (!HAPPENS.opens(text)
            && (ADJECTIVES.has_word_of(text)
                || Cue::said_in(TriggerKind::Schedule, text).is_some()))
}

/// Whether a text opens with the days on which it happens: "Every second Tuesday".
fn opens_with_days(text: &str) -> bool {
    let lower = text.trim_start().to_lowercase();
    let Some(rest) = ["every ", "each ", "on the "].iter().find_map(|w| lower.strip_prefix(w))
    else {
        return false;
    };
    let rest = ["first ", "second ", "third ", "fourth ", "last ", "other ", "1st ", "2nd "]
        .iter()
        .find_map(|w| rest.strip_prefix(w))
        .unwrap_or(rest);
    let word = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    DAYS.has(word)
}

const DAYS: Lexicon = Lexicon::new(&[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "workday",
    "weekday",
]);

/// The kind of a trigger by its words.
pub(crate) fn kind(text: &str) -> TriggerKind {
    if opens_with_days(text) || has_rhythm(text) {
        TriggerKind::Schedule
    } else if crosses(text) {
        TriggerKind::Threshold
    } else if (REQUEST.stands_in(text) && !SETTLED.stands_in(text)) || intends(text) {
        TriggerKind::Request
    } else {
        TriggerKind::Event
    }
}

/// "Before purchasing anything": whoever intends it comes and asks.
fn intends(text: &str) -> bool {
    let lower = text.trim_start().to_lowercase();
    let rest = lower.strip_prefix("before ").or_else(|| lower.strip_prefix("prior to "));
    let word = rest.and_then(|rest| rest.split_whitespace().next()).unwrap_or_default();
    word.len() > 5 && word.ends_with("ing") && !matches!(word, "morning" | "evening" | "meeting")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(said: Said, text: &str, expected: &str) {
        let read = read(text.to_owned(), said, None);
        let rule = read.normalised().unwrap_or_else(|| "-".to_owned());
        assert_eq!(format!("{} {rule}", word_of(read.kind)), expected, "{text}");
    }

    #[test]
    fn triggers_are_read_in_the_words_people_use() {
        for (text, expected) in [
            ("At the end of each month", "schedule monthly on the last day at 09:00"),
            ("60 days before the engagement ends", "schedule P60D before engagement ends"),
            ("when a new lead enters the CRM", "event new lead: enters the CRM"),
            ("when ad spend crosses 80% of budget", "threshold ad spend > 80% of budget"),
            ("client submits a revision", "request client: submits a revision"),
            ("T+1", "schedule P1D after T"),
            ("within 24 hours of the report", "schedule within PT24H after report"),
            ("T-6 days", "schedule P6D before T"),
            ("each weekday at 9", "schedule every workday at 09:00"),
            ("every other Friday", "schedule every 2 weeks on Friday at 09:00"),
            (
                "the 5th or the next business day",
                "schedule monthly on the 5th or the next workday at 09:00",
            ),
            ("last weekday of the month", "schedule monthly on the last workday at 09:00"),
            ("quarterly, first Monday", "schedule quarterly on the 1st Monday at 09:00"),
            ("twice a year", "schedule every 6 months on the 1st at 09:00"),
            ("monthly", "schedule monthly on the 1st at 09:00"),
            (
                "6-7 months before an employee's term ends",
                "schedule P6M to P7M before employee's term ends",
            ),
            ("Three days before the end of each month", "schedule P3D before end of each month"),
            ("Every Monday at 9am, the lead opens the board", "schedule every Monday at 09:00"),
            ("When the monthly report is published", "event monthly report: is published"),
            ("When a support ticket is closed", "event support ticket: is closed"),
            ("Once the request is approved", "event request: is approved"),
            ("Before purchasing any product", "request -"),
            ("forecast cost goes above the threshold", "threshold -"),
            ("A customer asks for a refund", "request customer: asks for a refund"),
        ] {
            check(Said::Outright, text, expected);
        }
        check(Said::InPassing, "We review this monthly", "schedule -");
        check(Said::InPassing, "On the 5th of every month", "schedule monthly on the 5th at 09:00");
    }
}
