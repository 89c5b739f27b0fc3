//! How often a jump back may be taken: "go back to step 2, at most 3 times".

use crate::lexicon::Lexicon;
use std::ops::Range;

const BEFORE: [&str; 4] = ["at most ", "no more than ", "not more than ", "up to "];
/// The same, for a look whether there is anything to find.
const OPENS: Lexicon = Lexicon::new(&BEFORE);
const WORDS: [(&str, u32); 10] = [
    ("one", 1),
    ("once", 1),
    ("two", 2),
    ("twice", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("ten", 10),
    ("twenty", 20),
];
/// More is no bound.
const MOST: u32 = 1_000;

/// The bound that a text says, and where.
pub(crate) fn said(text: &str) -> Option<(u32, Range<usize>)> {
    if !OPENS.stands_in(text) {
        return None;
    }
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return None;
    }
    BEFORE.iter().find_map(|before| {
        let at = lower.find(before)?;
        let rest = lower.get(at + before.len()..)?;
        let word = rest.split(|c: char| !c.is_alphanumeric()).next()?;
        let n = match word.parse::<u32>() {
            Ok(n) => n,
            Err(_no_number) => WORDS.iter().find(|(own, _)| *own == word)?.1,
        };
        let after = rest.get(word.len()..)?;
        let unit = if matches!(word, "once" | "twice") {
            0
        } else {
            let unit = [" times", " time", " rounds", " round"];
            unit.iter().find(|unit| after.starts_with(**unit))?.len()
        };
        let end = at + before.len() + word.len() + unit;
        let ends = lower.get(end..)?.starts_with(|c: char| !c.is_alphanumeric());
        let ends = ends || end == lower.len();
        (ends && (1..=MOST).contains(&n)).then_some((n, at..end))
    })
}

/// A text without the bound with which it ends.
pub(crate) fn without(text: &str) -> Option<&str> {
    let (_, place) = said(text)?;
    let after = text.get(place.end..)?.trim_matches([' ', '.', ')']);
    let before = text.get(..place.start)?.trim_end_matches([' ', ',', '(', ';']);
    (after.is_empty() && !before.is_empty()).then_some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_stands_at_the_end_of_a_jump() {
        let check = |text: &str, expected: Option<(&str, u32)>| {
            let found = without(text).zip(said(text).map(|(n, _)| n));
            assert_eq!(found, expected, "{text}");
        };
        check("go back to step 2, at most 3 times", Some(("go back to step 2", 3)));
        check("go back to step 2 (no more than three times).", Some(("go back to step 2", 3)));
        check("go back to step 2 at most twice", Some(("go back to step 2", 2)));
        check("go back to step 2, up to 1 time", Some(("go back to step 2", 1)));
        check("go back to step 2, at most 3 days later", None);
        check("go back to step 2, at most 0 times", None);
        check("try at most 3 times before you call", None);
        check("at most 3 times", None);
    }
}
