//! How often a document says it is held against reality, when that was done last, and when it is due.

use crate::cadence;
use crate::front::Settings;
use crate::inline::sentences;
use crate::labels;
use crate::lexicon::Lexicon;
use crate::outline::Section;
use gemba_model::recurrence::MONTHS;
use gemba_model::review::Cadence;
use jiff::civil::Date;
use std::ops::Range;

/// The front matter keys of the cadence.
pub(crate) const CADENCE: [&str; 8] = [
    "review",
    "review_in",
    "review_cycle",
    "review_cadence",
    "review_frequency",
    "review_interval",
    "reviewInterval",
    "review_period",
];

/// The front matter keys of the last review.
pub(crate) const LAST: [&str; 8] = [
    "last_reviewed",
    "last_review_date",
    "last_reviewed_on",
    "last_review",
    "reviewed_on",
    "date_reviewed",
    "lastReviewed",
    "last-reviewed",
];

/// The front matter keys of the next review.
pub(crate) const NEXT: [&str; 7] = [
    "next_review",
    "next_review_date",
    "review_date",
    "review_by",
    "review_due",
    "nextReview",
    "next-review",
];

/// What a document says of its review.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) cadence: Option<Cadence>,
    pub(crate) last: Option<Date>,
    pub(crate) next: Option<Date>,
}

/// Whether the key of a label names the day of the last review.
fn names_last(key: &str) -> bool {
    matches!(
        key,
        "last reviewed"
            | "last review"
            | "last review date"
            | "date of last review"
            | "last reviewed on"
            | "date reviewed"
    )
}

/// Whether the key of a label names the day of the next review.
fn names_next(key: &str) -> bool {
    matches!(
        key,
        "next review"
            | "next review date"
            | "review date"
            | "review due"
            | "date of next review"
            | "next review due"
            | "due for review"
            | "next review by"
            | "review by"
            | "review due by"
            | "review due date"
    )
}

/// The words of each review day that a document names, with their place.
pub(crate) fn days_said(document: &crate::check::Document<'_>) -> Vec<(Range<usize>, String)> {
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    for reading in document.readings {
        for keys in [&LAST[..], &NEXT[..]] {
            let entry = reading.notes.settings.get(keys);
            let said =
                entry.and_then(|e| Some((e.span.clone(), e.value.text()?.trim().to_owned())));
            found.extend(said);
        }
    }
    let labels = labels::of(&document.tree.blocks).into_iter();
    let days = labels.filter(|label| names_last(&label.key) || names_next(&label.key));
    found.extend(days.map(|l| (l.span, l.value.trim().trim_end_matches('.').to_owned())));
    found.dedup();
    found
}

/// The two days that numbers with slashes may name: 01/03/2025 is the 1st of March and the 3rd of January.
pub(crate) fn ambiguous(text: &str) -> Option<(Date, Date)> {
    let (one, other, year) = numbers(text)?;
    let first = Date::new(year, other, one).ok()?;
    let second = Date::new(year, one, other).ok()?;
    (first != second).then_some((first, second))
}

/// Day and month, in whatever order, and the year: "01/03/2025".
fn numbers(text: &str) -> Option<(i8, i8, i16)> {
    let parts: Vec<&str> = text.trim().split('/').collect();
    let [one, other, year] = parts.as_slice() else { return None };
    let short = (1..=2).contains(&one.len()) && (1..=2).contains(&other.len());
    if !short || year.len() != 4 {
        return None;
    }
    Some((one.parse().ok()?, other.parse().ok()?, year.parse().ok()?))
}

/// What the settings say, and where they are silent the text.
pub(crate) fn read(settings: &Settings, sections: &[Section<'_>], canonical: bool) -> Said {
    let day = |keys: &[&str]| settings.text(keys).and_then(|text| date(&text));
    let mut said = Said {
        cadence: settings.text(&CADENCE).and_then(|text| cadence::parse(&text)).or_else(|| {
            // "reviewInterval: 6" counts months.
            let months = settings.text(&["review_interval", "reviewInterval", "review_in"])?;
            Cadence::months(months.parse().ok()?)
        }),
        last: day(&LAST),
        next: day(&NEXT),
    };
    if canonical {
        return said;
    }
    for section in sections {
        for label in labels::of(section.blocks) {
            let value = label.value.trim_end_matches('.');
            match label.key.as_str() {
                "review" | "review cycle" | "review cadence" | "review frequency"
                | "review interval" | "review period" | "reviewed" => {
                    said.cadence = said.cadence.or_else(|| cadence::parse(value));
                    said.last = said
                        .last
                        .or_else(|| if label.key == "reviewed" { date(value) } else { None });
                }
                key if names_last(key) => said.last = said.last.or_else(|| date(value)),
                key if names_next(key) => said.next = said.next.or_else(|| date(value)),
                _ => {}
            }
        }
    }
    let blocks = || sections.iter().flat_map(|s| s.blocks);
    said.cadence =
        said.cadence.or_else(|| blocks().flat_map(|b| sentences(b.plain())).find_map(of_sentence));
    said
}

/// Words of a sentence that speaks of reviewing the document itself.
const DOCUMENT: Lexicon = Lexicon::new(&[
    "this document",
    "this sop",
    "this procedure",
    "this process",
    "this policy",
    "this page",
    "this checklist",
    "this runbook",
    "this playbook",
    "the document is",
    "the sop is",
]);

const REVIEWED: Lexicon = Lexicon::new(&["reviewed", "review this", "review of this", "revisited"]);

/// "This SOP is reviewed annually", "must be reviewed at least every 6 months".
fn of_sentence(sentence: &str) -> Option<Cadence> {
    if !(DOCUMENT.stands_in(sentence) && REVIEWED.stands_in(sentence)) {
        return None;
    }
    let words: Vec<&str> = sentence
        .split_whitespace()
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()))
        .collect();
    // The longest run of words that is a cadence; more than one of them says none.
    let mut found: Option<Cadence> = None;
    let mut at = 0;
    while at < words.len() {
        let most = (words.len() - at).min(4);
        let run = (1..=most).rev().find_map(|length| {
            let text = words.get(at..at + length)?.join(" ");
            let plain = !text.starts_with(|c: char| c.is_ascii_digit()) || length > 1;
            cadence::parse(&text).filter(|_| plain).map(|cadence| (length, cadence))
        });
        match run {
            Some((length, cadence)) if marks(words.get(at..at + length)?) => {
                if found.is_some_and(|known| known != cadence) {
                    return None;
                }
                found = Some(cadence);
                at += length;
            }
            _ => at += 1,
        }
    }
    found
}

/// "year" alone is a word like any other; a cadence says "every", "a" or is an adverb.
fn marks(words: &[&str]) -> bool {
    let last = words.last().copied().unwrap_or_default().to_lowercase();
    words.len() > 1 || last.ends_with("ly")
}

/// A day as people write it: "2026-01-31", "31 January 2026", "January 31, 2026". Numbers alone with
/// slashes name a certain day only where one of them is no month.
pub(crate) fn date(text: &str) -> Option<Date> {
    let text = text.trim().trim_matches(['*', '_', '`']);
    let head = text.get(..10).unwrap_or(text);
    if let Ok(day) = head.replace('/', "-").parse::<Date>()
        && head.as_bytes().get(4).is_some_and(|b| matches!(b, b'-' | b'/'))
    {
        return Some(day);
    }
    // Only one of the two numbers can be a month: "31/03/2025".
    if let Some((one, other, year)) =
        numbers(text).filter(|(one, other, _)| *one > 12 || *other > 12)
    {
        let (day, month) = if one > 12 { (one, other) } else { (other, one) };
        return Date::new(year, month, day).ok();
    }
    let words: Vec<String> = text
        .split([' ', ','])
        .map(|w| w.trim_end_matches(['.', ',']).to_lowercase())
        .filter(|w| !w.is_empty() && w != "of")
        .collect();
    let month = |word: &str| {
        let at = MONTHS.iter().position(|name| {
            let name = name.to_lowercase();
            name == word || (word.len() >= 3 && name.starts_with(word))
        })?;
        i8::try_from(at + 1).ok()
    };
    let day = |word: &str| {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        digits.parse::<i8>().ok()
    };
    // A month alone is over with its last day.
    let whole_month = match words.as_slice() {
        [name, year] => Some((month(name)?, year.as_str())),
        [one] => one.split_once('-').and_then(|(year, n)| Some((n.parse().ok()?, year))),
        _ => None,
    };
    if let Some((month, year)) = whole_month.filter(|(_, year)| year.len() == 4) {
        return Some(Date::new(year.parse().ok()?, month, 1).ok()?.last_of_month());
    }
    let [first, second, year] = words.as_slice() else { return None };
    let (month, day) = match (month(first), month(second)) {
        (Some(month), None) => (month, day(second)?),
        (None, Some(month)) => (month, day(first)?),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let process = crate::compile(text, "x.md").processes.swap_remove(0);
        let show = |day: Option<Date>| day.map_or("-".to_owned(), |d| d.to_string());
        let cadence = process.review.cadence.map_or("-".to_owned(), Cadence::iso);
        let got = format!("{cadence} {} {}", show(process.review.last), show(process.review.next));
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn reviews_are_read_in_the_spellings_seen() {
        for (text, expected) in [
            ("---\nreview: quarterly\n---\n# A\n", "P3M - -"),
            (
                "---\nlast_reviewed_on: 2026-01-31\nreview_in: 3 months\n---\n# A\n",
                "P3M 2026-01-31 -",
            ),
            ("---\nreviewInterval: 6\n---\n# A\n", "P6M - -"),
            (
                "---\nreview_cycle: annual\nlast_review_date: 2026/02/03\n---\n# A\n",
                "P12M 2026-02-03 -",
            ),
            ("---\nnext_review: 2027-01-01\n---\n# A\n", "- - 2027-01-01"),
            (
                "# A\n\n**Last Reviewed:** January 31, 2026\n**Next Review:** 31 July 2026\n",
                "- 2026-01-31 2026-07-31",
            ),
            (
                "# A\n\n| Owner | Last Updated | Review Cadence |\n|---|---|---|\n| CFO | x | Quarterly |\n",
                "P3M - -",
            ),
            ("# A\n\n## Review\n\nThis SOP is reviewed annually by its owner.\n", "P12M - -"),
            ("# A\n\nThis document must be reviewed at least every 6 months.\n", "P6M - -"),
            ("# A\n\nThis policy is reviewed once a year.\n", "P12M - -"),
            ("# A\n\n**Last Reviewed:** \n**Next Review:** 01/02/2026\n", "- - -"),
            ("# A\n\n**Next Review:** 31/03/2026\n", "- - 2026-03-31"),
            ("# A\n\n**Next Review:** 03/31/2026\n", "- - 2026-03-31"),
            ("# A\n\nThe invoices are reviewed monthly.\n", "- - -"),
            (
                "# A\n\nThis process is reviewed quarterly for core and annually for other steps.\n",
                "- - -",
            ),
        ] {
            check(text, expected);
        }
    }
}
