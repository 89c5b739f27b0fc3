//! What starts a run, as the words of a document say it.

use crate::lexicon::Lexicon;
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

const THRESHOLD: Lexicon = Lexicon::new(&[
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
]);

const REQUEST: Lexicon = Lexicon::new(&[
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
]);

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
]);

/// Whether a text speaks of a rhythm.
pub(crate) fn has_rhythm(text: &str) -> bool {
    SCHEDULE.stands_in(text)
}

/// The kind of a trigger by its words.
pub(crate) fn kind(text: &str) -> TriggerKind {
    if has_rhythm(text) {
        TriggerKind::Schedule
    } else if THRESHOLD.stands_in(text) {
        TriggerKind::Threshold
    } else if REQUEST.stands_in(text) {
        TriggerKind::Request
    } else {
        TriggerKind::Event
    }
}
