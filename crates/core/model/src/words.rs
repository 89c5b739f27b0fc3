//! Words of a sentence as the readers of cues and signals look at them: small letters, no marks.

use crate::period::{Period, Unit};

/// The most words of a sentence that are looked at.
const MAX_WORDS: usize = 80;

/// A word with what it looks like without marks.
#[derive(Debug, Clone)]
pub(crate) struct Word<'a> {
    /// As written.
    pub(crate) written: &'a str,
    /// In small letters, without marks at its ends.
    pub(crate) bare: String,
    /// Whether a clause ends behind it.
    pub(crate) ends: bool,
}

/// The words of a text; none where it is too long to be a sentence.
pub(crate) fn of(text: &str) -> Vec<Word<'_>> {
    let words: Vec<&str> = text.split_whitespace().take(MAX_WORDS + 1).collect();
    if words.len() > MAX_WORDS {
        return Vec::new();
    }
    let mark = |c: char| !(c.is_alphanumeric() || matches!(c, '$' | '€' | '£' | '%'));
    words
        .into_iter()
        .map(|written| Word {
            written,
            bare: bare(written.trim_matches(mark)),
            ends: written.ends_with([',', ';', ':', '?', '!', '.'])
                || matches!(written, "-" | "–" | "—" | "->" | "→"),
        })
        .collect()
}

fn bare(word: &str) -> String {
    if word.is_ascii() {
        word.to_ascii_lowercase()
    } else {
        word.to_lowercase().replace('’', "'")
    }
}

/// Whether the words begin with this phrase.
pub(crate) fn opens(words: &[Word<'_>], phrase: &str) -> Option<usize> {
    let mut n = 0;
    for (at, wanted) in phrase.split(' ').enumerate() {
        let word = words.get(at)?;
        if word.bare != wanted {
            return None;
        }
        n = at + 1;
    }
    Some(n)
}

/// The words up to the end of the clause, joined, without marks at either end and without an article.
pub(crate) fn clause(words: &[Word<'_>]) -> String {
    let length = words.iter().position(|w| w.ends).map_or(words.len(), |at| at + 1);
    joined(words.get(..length).unwrap_or_default())
}

/// These words joined, without marks at either end and without an article.
pub(crate) fn joined(words: &[Word<'_>]) -> String {
    let mut rest = words;
    while let [first, after @ ..] = rest
        && article(&first.bare)
    {
        rest = after;
    }
    let text = rest.iter().map(|w| w.written).collect::<Vec<_>>().join(" ");
    let text = text.trim_matches(|c: char| {
        !(c.is_alphanumeric() || matches!(c, '$' | '€' | '£' | '%' | ')' | '\'' | '’'))
    });
    text.to_owned()
}

fn article(word: &str) -> bool {
    matches!(word, "the" | "a" | "an" | "your" | "our" | "their" | "any" | "this" | "that" | "")
}

/// Whether a word stands for something said elsewhere.
pub(crate) fn pronoun(word: &str) -> bool {
    matches!(
        word,
        "it" | "this"
            | "that"
            | "they"
            | "these"
            | "those"
            | "you"
            | "we"
            | "i"
            | "he"
            | "she"
            | "there"
            | "which"
            | "who"
            | "them"
            | "one"
            | "everyone"
            | "someone"
            | "anyone"
            | "nobody"
    )
}

/// A whole number in digits or as a word.
pub(crate) fn count(word: &str) -> Option<u32> {
    const WORDS: [&str; 16] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve", "thirteen", "fourteen", "fifteen",
    ];
    let tens = match word {
        "a" | "an" => Some(1),
        "twenty" => Some(20),
        "thirty" => Some(30),
        "forty-five" => Some(45),
        "forty" => Some(40),
        "sixty" => Some(60),
        "ninety" => Some(90),
        _ => None,
    };
    let known = WORDS.iter().position(|w| *w == word).and_then(|n| u32::try_from(n).ok());
    tens.or(known).or_else(|| {
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        if digits { word.parse().ok() } else { None }
    })
}

fn unit(word: &str) -> Option<Unit> {
    Some(match word.trim_end_matches('\'') {
        "minute" | "minutes" | "min" | "mins" => Unit::Minutes,
        "hour" | "hours" | "hr" | "hrs" | "h" => Unit::Hours,
        "day" | "days" => Unit::Days,
        "workday" | "workdays" | "weekdays" => Unit::Workdays,
        "week" | "weeks" => Unit::Weeks,
        "month" | "months" => Unit::Months,
        "year" | "years" => Unit::Years,
        _ => return None,
    })
}

/// The length of time at the start of these words: how many words it takes, its shorter and, where a
/// range is said, its longer end.
pub(crate) fn period(words: &[Word<'_>]) -> Option<(usize, Period, Option<Period>)> {
    let first = words.first()?.bare.as_str();
    if first == "half" && opens(words, "half an hour").is_some() {
        return Some((3, Period::new(30, Unit::Minutes)?, None));
    }
    // "24h", "30min"
    let digits = first.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0
        && let Some((number, short)) = first.split_at_checked(digits)
        && let Some(unit) = unit(short)
    {
        return Some((1, Period::new(number.parse().ok()?, unit)?, None));
    }
    let (mut at, from, to) = match first.split_once(['-', '–']) {
        Some((from, to)) if from != "forty" => {
            // "6-7 months", "24-hour"
            if let Some(unit) = unit(to) {
                return Some((1, Period::new(count(from)?, unit)?, None));
            }
            (1, count(from)?, Some(count(to)?))
        }
        _ => {
            let from = count(first)?;
            let range = words.get(1).is_some_and(|w| matches!(w.bare.as_str(), "to" | "or"));
            let to = words.get(2).filter(|_| range).and_then(|w| count(&w.bare));
            if to.is_some() { (3, from, to) } else { (1, from, None) }
        }
    };
    let work =
        words.get(at).is_some_and(|w| matches!(w.bare.as_str(), "business" | "working" | "work"));
    let calendar =
        words.get(at).is_some_and(|w| matches!(w.bare.as_str(), "calendar" | "full" | "whole"));
    at += usize::from(work || calendar);
    let unit = match (unit(&words.get(at)?.bare)?, work) {
        (Unit::Days, true) => Unit::Workdays,
        (_, true) => return None,
        (unit, false) => unit,
    };
    let shorter = Period::new(from, unit)?;
    let longer = match to {
        Some(to) if to > from => Some(Period::new(to, unit)?),
        Some(_) => return None,
        None => None,
    };
    Some((at + 1, shorter, longer))
}
