//! The rhythm that stands somewhere in a sentence, where there is exactly one.

use super::Recurrence;
use super::parse;

/// The most words of a sentence that are looked at, and of a rhythm in it.
const MAX_WORDS: usize = 80;
const MAX_RHYTHM: usize = 16;

/// Words of which one stands in every rhythm.
const MARKS: [&str; 23] = [
    "every",
    "each",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "yearly",
    "annually",
    "fortnightly",
    "hourly",
    "twice",
    "mondays",
    "tuesdays",
    "wednesdays",
    "thursdays",
    "fridays",
    "saturdays",
    "sundays",
    "weekdays",
    "month",
    "quarter",
    "year",
    "semi-annually",
];

/// Words before or behind a rhythm that make it a bound or an exception.
const BOUNDS: [&str; 24] = [
    "before",
    "after",
    "by",
    "until",
    "till",
    "within",
    "prior",
    "since",
    "following",
    "around",
    "approximately",
    "about",
    "least",
    "most",
    "roughly",
    "than",
    "except",
    "excluding",
    "unless",
    "not",
    "during",
    "from",
    "between",
    "minus",
];

pub(super) fn rhythm(sentence: &str) -> Option<Recurrence> {
    let words: Vec<&str> = sentence.split_whitespace().take(MAX_WORDS + 1).collect();
    if words.len() > MAX_WORDS {
        return None;
    }
    let mut found: Option<Recurrence> = None;
    let mut from = 0;
    while from < words.len() {
        let Some((length, rule)) = longest(words.get(from..)?) else {
            from += 1;
            continue;
        };
        let before = from.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
        let behind = words.get(from + length).copied().unwrap_or_default();
        if bounds(before) || bounds(behind) || narrows(behind) || found.is_some() {
            return None;
        }
        found = Some(rule);
        from += length;
    }
    // A second rhythm that names no day ("weekly or monthly") leaves the first in doubt.
    let several = words.iter().filter(|w| adverb(&bare(w))).count() > 1;
    if several { None } else { found }
}

/// The longest rhythm that these words begin with.
fn longest(words: &[&str]) -> Option<(usize, Recurrence)> {
    let most = words.len().min(MAX_RHYTHM);
    // A rhythm does not run over the end of a clause.
    let ends =
        |w: &&str| w.ends_with([';', ':', '?', '!']) || (w.ends_with('.') && !w.ends_with("m."));
    let most = words.iter().take(most).position(ends).map_or(most, |at| at + 1);
    (1..=most).rev().find_map(|length| {
        let said = words.get(..length)?;
        if !said.iter().any(|w| MARKS.contains(&bare(w).as_str())) {
            return None;
        }
        // A comma or a joint at either end belongs to the sentence.
        let (first, last) = (bare(said.first()?), bare(said.last()?));
        if matches!(first.as_str(), "and" | "or" | "")
            || matches!(
                last.as_str(),
                "and"
                    | "or"
                    | "the"
                    | "on"
                    | "at"
                    | "of"
                    | "in"
                    | "a"
                    | "an"
                    | "each"
                    | "every"
                    | "per"
                    | "once"
            )
        {
            return None;
        }
        let text = said.join(" ");
        let text = text.trim_end_matches([',', ':', ';', '.', '?', '!']);
        match parse::read(text) {
            Ok((rule, true)) => Some((length, rule)),
            Ok((_, false)) | Err(_) => None,
        }
    })
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

fn bounds(word: &str) -> bool {
    BOUNDS.contains(&bare(word).as_str())
}

/// Words behind a rhythm that say in which time or case it holds: "each day in a week-long shift".
fn narrows(word: &str) -> bool {
    matches!(
        bare(word).as_str(),
        "in" | "of" | "that" | "when" | "if" | "which" | "while" | "throughout" | "where"
    )
}

fn adverb(word: &str) -> bool {
    matches!(
        word,
        "daily"
            | "weekly"
            | "monthly"
            | "quarterly"
            | "yearly"
            | "annually"
            | "semi-annually"
            | "fortnightly"
            | "hourly"
            | "semi-annual"
            | "annual"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_rhythm_is_found_in_a_sentence_or_none() {
        for (sentence, expected) in [
            ("At the end of each month", "monthly on the last day at 09:00"),
            (
                "At the end of each month, the PM exports the hours.",
                "monthly on the last day at 09:00",
            ),
            ("We meet every Monday at 9am to look at the numbers.", "every Monday at 09:00"),
            ("The report is sent on the 5th of every month.", "monthly on the 5th at 09:00"),
            (
                "Invoices go out on the last business day of each month.",
                "monthly on the last workday at 09:00",
            ),
            ("Each workday the support lead looks at the queue.", "every workday at 09:00"),
            ("Every other Friday, payroll is run.", "every 2 weeks on Friday at 09:00"),
            // Not exact enough, a bound, an exception or more than one.
            ("Reviewed weekly", "-"),
            ("The monthly report is sent", "-"),
            ("Invoices are due by the 5th of each month", "-"),
            ("Each day in a week-long shift", "-"),
            ("Run the month-end close", "-"),
            ("Three days before the end of each month", "-"),
            ("At least every Monday", "-"),
            ("Every Monday except holidays", "-"),
            ("Every Monday and on the 1st of each month", "-"),
            ("every Monday, then monthly or quarterly", "-"),
            ("The engagement ends on Friday", "-"),
            ("", "-"),
        ] {
            let got = rhythm(sentence).map_or("-".to_owned(), |rule| rule.to_string());
            assert_eq!(got, expected, "{sentence}");
        }
    }

    proptest! {
        #[test]
        fn any_sentence_is_read_without_a_panic(text in "([Ee]very|on|the|end|of|month|Friday|[0-9]th|at|9|and|or|business|day|.{0,6}| |,)( (each|last|first|other|week|month|year|\\PC{0,5})){0,12}") {
            if let Some(rule) = rhythm(&text) {
                prop_assert_eq!(rule.to_string().parse(), Ok(rule));
            }
        }
    }
}
