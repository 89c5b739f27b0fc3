//! What starts a run, as the words of a document say it.

use gemba_model::TriggerKind;

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

const THRESHOLD: [&str; 14] = [
    "threshold",
    "exceeds",
    "exceed ",
    "above ",
    "below ",
    "falls under",
    "drops under",
    "more than ",
    "less than ",
    "at least ",
    "goes over",
    "reaches ",
    "over budget",
    "%",
];

const REQUEST: [&str; 25] = [
    "request",
    "user wants",
    "who have",
    "for anyone",
    "asks",
    "ask for",
    "submit",
    "ticket",
    "applies for",
    "apply for",
    "wants to",
    "want to",
    "would like",
    "before purchasing",
    "purchas",
    "orders",
    "on demand",
    "inquir",
    "when asked",
    "fill in the form",
    "fill out",
    "notify",
    "contact ",
    "reach out",
    "need to ",
];

const SCHEDULE: [&str; 40] = [
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
    "each day",
    "each week",
    "each month",
    "each quarter",
    "each year",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "yearly",
    "annual",
    "annually",
    "semi-annual",
    "days before",
    "weeks before",
    "months before",
    "minutes before",
    "days after",
    "weeks after",
    "months after",
    "end of the month",
    "end of each",
    "beginning of each",
    "start of each",
    "end of the week",
    "first of the month",
    "day of the month",
    "once a ",
    "per month",
    "fortnight",
];

/// The kind of a trigger by its words.
pub(crate) fn kind(text: &str) -> TriggerKind {
    let lower = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if says(&SCHEDULE) {
        TriggerKind::Schedule
    } else if says(&THRESHOLD) {
        TriggerKind::Threshold
    } else if says(&REQUEST) {
        TriggerKind::Request
    } else {
        TriggerKind::Event
    }
}
