//! From the words people use to a [`Cue`]; what they do not say exactly enough gives none.

use super::{Cue, Side};
use crate::TriggerKind;
use crate::limit::Limit;
use crate::period::Period;
use crate::words::{self, Word};

/// The longest anchor and happening, in words.
const MAX_ANCHOR: usize = 14;
/// The longest subject, in words.
const MAX_SUBJECT: usize = 6;

pub(super) fn cue(kind: TriggerKind, text: &str) -> Option<Cue> {
    let words = words::of(text);
    match kind {
        TriggerKind::Schedule => relative(&words),
        TriggerKind::Threshold => Limit::said_in(text).map(Cue::Limit),
        TriggerKind::Event | TriggerKind::Request => happening(&words),
    }
}

/// "60 days before the engagement ends", "T+1", "within 24 hours of the request".
fn relative(words: &[Word<'_>]) -> Option<Cue> {
    let mut found: Option<Cue> = None;
    for at in 0..words.len() {
        let rest = words.get(at..)?;
        let Some(cue) = counted(words, at).or_else(|| lettered(rest)) else { continue };
        // Two moments in one sentence are no one moment.
        if found.as_ref().is_some_and(|known| *known != cue) {
            return None;
        }
        found = Some(cue);
    }
    found
}

fn counted(words: &[Word<'_>], at: usize) -> Option<Cue> {
    let rest = words.get(at..)?;
    let before = at.checked_sub(1).and_then(|n| words.get(n)).map_or("", |w| w.bare.as_str());
    let (length, period, to) = if before == "the" {
        // "the day before the launch"
        let one = [Word { written: "a", bare: "a".to_owned(), ends: false }, rest.first()?.clone()];
        let (_, period, _) = words::period(&one)?;
        (1, period, None)
    } else {
        words::period(rest)?
    };
    // "at least 60 days before" bounds the moment and does not name it.
    let bounded = matches!(
        before,
        "half"
            | "least"
            | "than"
            | "most"
            | "about"
            | "around"
            | "approximately"
            | "roughly"
            | "every"
            | "to"
            | "or"
            | "-"
    );
    let behind = rest.get(length..)?;
    let side = |phrase: &str, side: Side| Some((words::opens(behind, phrase)?, side));
    let within = before == "within";
    let (skip, side) = if within {
        side("of", Side::Within)
            .or_else(|| side("after", Side::Within))
            .or_else(|| side("from", Side::Within))
            .or_else(|| side("following", Side::Within))?
    } else {
        side("before", Side::Before)
            .or_else(|| side("prior to", Side::Before))
            .or_else(|| side("ahead of", Side::Before))
            .or_else(|| side("in advance of", Side::Before))
            .or_else(|| side("after", Side::After))
            .or_else(|| side("following", Side::After))?
    };
    let anchor = anchor(behind.get(skip..)?)?;
    (!bounded).then_some(Cue::Relative { period, to, side, anchor })
}

/// "T+1", "D-3", "T-6 days": days before or after a day that the text calls T or D.
fn lettered(words: &[Word<'_>]) -> Option<Cue> {
    let first = words.first()?;
    let (letter, rest) = first.bare.split_at_checked(1)?;
    if !matches!(letter, "t" | "d") || !first.written.contains(['T', 'D']) {
        return None;
    }
    let (sign, digits) = rest.split_at_checked(1)?;
    let side = match sign {
        "+" => Side::After,
        "-" => Side::Before,
        _ => return None,
    };
    let counted = [
        Word { written: digits, bare: digits.to_owned(), ends: false },
        words.get(1).cloned().unwrap_or(Word {
            written: "days",
            bare: "days".to_owned(),
            ends: false,
        }),
    ];
    let days = || digits.parse().ok().and_then(|n| Period::new(n, crate::period::Unit::Days));
    let period = words::period(&counted).map(|(_, period, _)| period).or_else(days)?;
    Some(Cue::Relative { period, to: None, side, anchor: letter.to_uppercase() })
}

fn anchor(words: &[Word<'_>]) -> Option<String> {
    let anchor = words::clause(words);
    let first = anchor.split_whitespace().next().unwrap_or_default().to_lowercase();
    let told = !anchor.is_empty()
        && !words::pronoun(&first)
        && !matches!(first.as_str(), "or" | "and" | "before" | "after")
        && anchor.split_whitespace().count() <= MAX_ANCHOR;
    told.then_some(anchor)
}

/// How a clause opens that says what happens.
const LEADS: [&str; 16] = [
    "use this when",
    "use when",
    "as soon as",
    "in the event that",
    "every time",
    "each time",
    "any time",
    "whenever",
    "when",
    "once",
    "if",
    "after",
    "upon",
    "on",
    "where",
    "in case",
];

/// Verbs of which one stands in what happens, as a person or thing does it.
const VERBS: [&str; 88] = [
    "accepts",
    "agrees",
    "announces",
    "applies",
    "approves",
    "arrives",
    "asks",
    "becomes",
    "begins",
    "books",
    "breaks",
    "calls",
    "cancels",
    "changes",
    "churns",
    "closes",
    "comes",
    "completes",
    "confirms",
    "contacts",
    "creates",
    "crosses",
    "decides",
    "declares",
    "detects",
    "discovers",
    "ends",
    "enters",
    "escalates",
    "expires",
    "fails",
    "files",
    "fills",
    "finds",
    "finishes",
    "fires",
    "gets",
    "gives",
    "goes",
    "has",
    "have",
    "hires",
    "is",
    "are",
    "was",
    "were",
    "joins",
    "launches",
    "leaves",
    "logs",
    "merges",
    "misses",
    "moves",
    "needs",
    "notices",
    "occurs",
    "opens",
    "orders",
    "passes",
    "pays",
    "places",
    "publishes",
    "raises",
    "receives",
    "registers",
    "rejects",
    "releases",
    "renews",
    "reports",
    "requests",
    "resigns",
    "resolves",
    "returns",
    "schedules",
    "sends",
    "ships",
    "shows",
    "signs",
    "starts",
    "stops",
    "submits",
    "suspects",
    "triggers",
    "turns",
    "updates",
    "uploads",
    "wants",
    "wishes",
];

/// "When a new lead enters the CRM", "client submits a revision", "upon receipt of the invoice".
fn happening(words: &[Word<'_>]) -> Option<Cue> {
    let lead = LEADS.iter().find_map(|lead| words::opens(words, lead)).unwrap_or(0);
    let mut rest = words.get(lead..)?;
    if let Some(at) = rest.iter().position(|w| w.ends && !w.written.ends_with('.')) {
        rest = rest.get(..=at)?;
    }
    // What is quoted is what somebody says, not what happens.
    if rest.iter().any(|w| w.written.contains(['"', '“', '”', '('])) {
        return None;
    }
    for (noun, verb) in [
        ("receipt of", "is received"),
        ("completion of", "is completed"),
        ("approval of", "is approved"),
        ("cancellation of", "is cancelled"),
        ("arrival of", "arrives"),
    ] {
        if let Some(n) =
            words::opens(rest, noun).or_else(|| words::opens(rest, &format!("the {noun}")))
        {
            let subject = anchor(rest.get(n..)?)?;
            return Some(Cue::Happening { subject, happening: verb.to_owned() });
        }
    }
    while let [first, after @ ..] = rest
        && matches!(first.bare.as_str(), "the" | "a" | "an" | "any" | "your" | "our" | "their")
    {
        rest = after;
    }
    let verb = |at: usize| rest.get(at).is_some_and(|w| VERBS.contains(&w.bare.as_str()));
    // "client requests are received": of two in a row the first is a noun.
    let at = (1..rest.len().min(MAX_SUBJECT + 1)).find(|at| verb(*at) && !verb(at + 1))?;
    let (subject, happening) = rest.split_at_checked(at)?;
    if subject.iter().any(|w| words::pronoun(&w.bare) || w.ends) || happening.len() > MAX_ANCHOR {
        return None;
    }
    // What ends on a joint goes on elsewhere: "when there is:".
    let open = happening.last().is_some_and(|w| {
        matches!(
            w.bare.as_str(),
            "is" | "are"
                | "when"
                | "that"
                | "to"
                | "of"
                | "as"
                | "such"
                | "the"
                | "a"
                | "and"
                | "or"
        )
    });
    if open && happening.len() > 1 {
        return None;
    }
    // Alone "is" or "has" says nothing.
    let thin = happening.len() == 1
        && happening.first().is_some_and(|w| {
            matches!(
                w.bare.as_str(),
                "is" | "are" | "was" | "were" | "has" | "have" | "gets" | "needs" | "wants"
            )
        });
    if thin {
        return None;
    }
    let (subject, happening) = (words::joined(subject), words::clause(happening));
    (!subject.is_empty() && !happening.is_empty()).then_some(Cue::Happening { subject, happening })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(kind: TriggerKind, text: &str, expected: &str) {
        let got = cue(kind, text).map_or("-".to_owned(), |cue| cue.to_string());
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn relative_dates_are_an_offset_and_an_anchor() {
        for (text, expected) in [
            ("60 days before the engagement ends", "P60D before engagement ends"),
            ("60 days before the end of an engagement", "P60D before end of an engagement"),
            (
                "6-7 months before an employee's term ends, PeopleOps will reach out",
                "P6M to P7M before employee's term ends",
            ),
            ("Ten minutes before the meeting", "PT10M before meeting"),
            ("Two weeks prior to renewal", "P2W before renewal"),
            ("3 business days after the invoice date", "3 workdays after invoice date"),
            ("within 24 hours of the report", "within PT24H after report"),
            ("Within one business day of the request, reply", "within 1 workday after request"),
            ("the day after the launch", "P1D after launch"),
            ("A week before the launch", "P1W before launch"),
            ("half an hour before the show", "PT30M before show"),
            ("T+1", "P1D after T"),
            ("On T-6 days", "P6D before T"),
            ("D+3", "P3D after D"),
            // Not exact, or no anchor.
            ("at least 60 days before the engagement ends", "-"),
            ("about 2 weeks before the launch", "-"),
            ("30 days before or 10 days after the renewal", "-"),
            ("60 days before it", "-"),
            ("Day 1", "-"),
            ("2 days later", "-"),
            ("within 24 hours", "-"),
            ("7-6 months before the end", "-"),
            ("", "-"),
        ] {
            check(TriggerKind::Schedule, text, expected);
        }
    }

    #[test]
    fn thresholds_are_a_measure_and_an_amount() {
        for (text, expected) in [
            ("when ad spend crosses 80% of budget", "ad spend > 80% of budget"),
            ("If the error rate goes above 2.5%", "error rate > 2.5%"),
            ("stock falls below 20 units", "stock < 20 units"),
            ("A purchase of more than $10,000", "purchase > 10000 $"),
            ("forecast (not actual) cost goes above the threshold", "-"),
        ] {
            check(TriggerKind::Threshold, text, expected);
        }
    }

    #[test]
    fn events_and_requests_are_a_subject_and_what_happens() {
        for (text, expected) in [
            ("when a new lead enters the CRM", "new lead: enters the CRM"),
            ("client submits a revision", "client: submits a revision"),
            ("When a team member requests time off", "team member: requests time off"),
            ("Once the contract is signed, create the project", "contract: is signed"),
            ("When client requests are received", "client requests: are received"),
            ("Upon receipt of the signed contract", "signed contract: is received"),
            ("When a customer signs up.", "customer: signs up"),
            // Nobody in particular, no verb, or somebody's words.
            ("When you are done", "-"),
            ("When it fails", "-"),
            ("in an emergency", "-"),
            ("Before purchasing any product or service", "-"),
            ("Use when the user asks \"who owes me money\"", "-"),
            ("", "-"),
        ] {
            check(TriggerKind::Event, text, expected);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "(([0-9]{1,3}|when|a|days|before|T\\+1|the|is|not|within|more than|\\PC{0,5})[ ,.]){0,14}") {
            for kind in [TriggerKind::Schedule, TriggerKind::Threshold, TriggerKind::Event] {
                if let Some(cue) = cue(kind, &text) {
                    prop_assert!(!cue.to_string().contains('\n'));
                }
            }
        }
    }
}
