//! From the words people use to a [`Limit`]; what they do not say exactly enough gives none.

use super::{Amount, Comparison, Limit, Number};
use crate::words::{self, Word};

/// The longest measure and unit, in words.
const MAX_MEASURE: usize = 9;
const MAX_UNIT: usize = 4;

/// How a text compares, longer phrases first.
const PHRASES: [(&str, Comparison); 44] = [
    ("takes longer than", Comparison::Above),
    ("takes more than", Comparison::Above),
    ("lasts longer than", Comparison::Above),
    ("lasts more than", Comparison::Above),
    ("goes up to more than", Comparison::Above),
    ("is greater than", Comparison::Above),
    ("is higher than", Comparison::Above),
    ("is more than", Comparison::Above),
    ("are more than", Comparison::Above),
    ("is longer than", Comparison::Above),
    ("is less than", Comparison::Below),
    ("are less than", Comparison::Below),
    ("is lower than", Comparison::Below),
    ("is fewer than", Comparison::Below),
    ("is at least", Comparison::AtLeast),
    ("are at least", Comparison::AtLeast),
    ("is at most", Comparison::AtMost),
    ("is above", Comparison::Above),
    ("is over", Comparison::Above),
    ("are over", Comparison::Above),
    ("is below", Comparison::Below),
    ("is under", Comparison::Below),
    ("goes above", Comparison::Above),
    ("goes over", Comparison::Above),
    ("rises above", Comparison::Above),
    ("climbs above", Comparison::Above),
    ("goes below", Comparison::Below),
    ("falls below", Comparison::Below),
    ("drops below", Comparison::Below),
    ("falls under", Comparison::Below),
    ("drops under", Comparison::Below),
    ("requiring more than", Comparison::Above),
    ("of more than", Comparison::Above),
    ("more than", Comparison::Above),
    ("longer than", Comparison::Above),
    ("less than", Comparison::Below),
    ("fewer than", Comparison::Below),
    ("exceeds", Comparison::Above),
    ("exceed", Comparison::Above),
    ("crosses", Comparison::Above),
    ("surpasses", Comparison::Above),
    ("reaches", Comparison::AtLeast),
    ("above", Comparison::Above),
    ("below", Comparison::Below),
];

/// How a clause opens before its measure.
const LEADS: [&str; 10] =
    ["as soon as", "in case", "whenever", "when", "once", "if", "where", "for", "unless", "that"];

/// The first words of the phrases.
const OPENERS: [&str; 22] = [
    "takes",
    "lasts",
    "goes",
    "is",
    "are",
    "rises",
    "climbs",
    "falls",
    "drops",
    "requiring",
    "of",
    "more",
    "longer",
    "less",
    "fewer",
    "exceeds",
    "exceed",
    "crosses",
    "surpasses",
    "reaches",
    "above",
    "below",
];

pub(super) fn limit(words: &[Word<'_>]) -> Option<Limit> {
    let mut found: Option<Limit> = None;
    let mut at = 0;
    while at < words.len() {
        let rest = words.get(at..)?;
        if !rest.first().is_some_and(|word| OPENERS.contains(&word.bare.as_str())) {
            at += 1;
            continue;
        }
        let Some((length, comparison, phrase)) =
            PHRASES.iter().find_map(|(phrase, c)| Some((words::opens(rest, phrase)?, *c, *phrase)))
        else {
            at += 1;
            continue;
        };
        if let Some(limit) = stated(words, at, length, comparison, phrase) {
            if found.is_some() {
                return None;
            }
            found = Some(limit);
        }
        at += length;
    }
    // Signs in the text itself could make the printed form another rule.
    found.filter(|limit| limit.to_string().parse().as_ref() == Ok(limit))
}

fn stated(
    words: &[Word<'_>],
    at: usize,
    length: usize,
    comparison: Comparison,
    phrase: &str,
) -> Option<Limit> {
    let behind = words.get(at + length..)?;
    // "more than 30 days overdue": what follows the time belongs to the measure.
    if let Some((used, period, None)) = words::period(behind) {
        let more = if behind.get(used - 1)?.ends { "" } else { &units(behind.get(used..)?) };
        let measure = measure(words.get(..at)?, phrase);
        let measure = match (measure, more) {
            (Some(measure), "") => measure,
            (Some(measure), more) => format!("{measure} {more}"),
            (None, _) => return None,
        };
        return Some(Limit { measure, comparison, amount: Amount::Period(period) });
    }
    let (number, mut unit) = number(&behind.first()?.bare)?;
    if !behind.first()?.ends {
        let more = units(behind.get(1..)?);
        if !more.is_empty() {
            let gap = if unit.is_empty() { "" } else { " " };
            unit = format!("{unit}{gap}{more}");
        }
    }
    let measure = measure(words.get(..at)?, phrase)?;
    Some(Limit { measure, comparison, amount: Amount::Number { number, unit } })
}

/// "80%", "$10,000", "5", "ten", "10k": the number and the sign that stands with it.
fn number(word: &str) -> Option<(Number, String)> {
    if let Some(n) = words::count(word).filter(|_| !matches!(word, "a" | "an")) {
        return Some((n.to_string().parse().ok()?, String::new()));
    }
    let (sign, bare) = match word.strip_prefix(['$', '€', '£']) {
        Some(rest) => (word.get(..word.len() - rest.len())?, rest),
        None => ("", word),
    };
    let (bare, percent) = bare.strip_suffix('%').map_or((bare, false), |bare| (bare, true));
    let (bare, zeros) = match bare.strip_suffix('k') {
        Some(bare) if !bare.contains('.') => (bare, "000"),
        Some(_) => return None,
        None => (bare, ""),
    };
    let number = format!("{bare}{zeros}").parse().ok()?;
    Some((number, if percent { "%".to_owned() } else { sign.to_owned() }))
}

/// The words behind a number that say of what, up to the next clause.
fn units(words: &[Word<'_>]) -> String {
    let stops = [
        "for", "in", "on", "at", "during", "within", "by", "and", "or", "then", "we", "you", "it",
        "is", "are", "to", "the", "that", "when", "if", "will", "must", "should", "may", "can",
        "this",
    ];
    let mut taken: Vec<&Word<'_>> = Vec::new();
    for word in words.iter().take(MAX_UNIT + 1) {
        let of = taken.last().is_some_and(|w| w.bare == "of") && word.bare == "the";
        if stops.contains(&word.bare.as_str()) && !of {
            break;
        }
        if word.bare.is_empty() || !word.bare.chars().next().is_some_and(char::is_alphabetic) {
            break;
        }
        taken.push(word);
        if word.ends {
            break;
        }
    }
    if taken.len() > MAX_UNIT || taken.last().is_some_and(|w| w.bare == "of") {
        return String::new();
    }
    let text = taken.iter().map(|w| w.written).collect::<Vec<_>>().join(" ");
    text.trim_end_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

/// What is measured: the words of the clause before the comparison.
fn measure(words: &[Word<'_>], phrase: &str) -> Option<String> {
    let from = words.iter().rposition(|w| w.ends).map_or(0, |at| at + 1);
    let mut rest = words.get(from..)?;
    while let Some(n) = LEADS.iter().find_map(|lead| words::opens(rest, lead)) {
        rest = rest.get(n..)?;
    }
    while let [before @ .., last] = rest
        && matches!(
            last.bare.as_str(),
            "is" | "are" | "was" | "were" | "of" | "has" | "have" | "been" | "by" | "with"
        )
    {
        rest = before;
    }
    let said = words::joined(rest);
    let bare = rest.iter().all(|w| words::pronoun(&w.bare));
    let lasts = phrase.starts_with("takes") || phrase.starts_with("lasts");
    if lasts {
        return Some(if bare { "duration".to_owned() } else { format!("{said} duration") });
    }
    let short = rest.len() <= MAX_MEASURE;
    let pronoun = rest.iter().any(|w| words::pronoun(&w.bare));
    (!said.is_empty() && short && !pronoun).then_some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_from_sentences() {
        for (text, expected) in [
            (
                "If the SSH connection takes longer than 24 hours, call",
                "SSH connection duration > PT24H",
            ),
            ("If it takes more than 2 business days, escalate", "duration > 2 workdays"),
            ("An invoice is more than 30 days overdue", "invoice overdue > P30D"),
            ("The error rate exceeds 5% of requests", "error rate > 5% of requests"),
            ("If open tickets reaches 50", "open tickets >= 50"),
            ("When the queue holds more than ten tickets", "queue holds > 10 tickets"),
            ("the amount is over $5k", "amount > 5000 $"),
            ("more than 5 days", "-"),
            ("If this is above 5", "-"),
            ("load is above 5 or stock is below 3", "-"),
            ("above all", "-"),
            ("", "-"),
        ] {
            let got = Limit::said_in(text);
            if let Some(limit) = &got {
                assert_eq!(limit.to_string().parse().as_ref(), Ok(limit), "{text}");
            }
            assert_eq!(got.map_or("-".to_owned(), |l| l.to_string()), expected, "{text}");
        }
    }
}
