//! Sets of words and phrases that are looked for in every text, with a quick way to pass by most places.

use crate::passage::is_whole;

/// Words or phrases in small ASCII letters; letters of a text match in either case.
#[derive(Debug)]
pub(crate) struct Lexicon {
    words: &'static [&'static str],
    /// Which second letters (bits) follow which first letter (rows) at the start of an entry. Small and
    /// capital letters share the five bits that are looked at.
    starts: [u32; 32],
    /// Where the entries with a first letter (row) begin and end in the set: all of them lie between.
    rows: [(u16, u16); 32],
}

impl Lexicon {
    #[expect(
        clippy::indexing_slicing,
        clippy::as_conversions,
        reason = "evaluated when compiled; the row is masked to the size of the table"
    )]
    pub(crate) const fn new(words: &'static [&'static str]) -> Self {
        let mut starts = [0; 32];
        let mut rows = [(0, 0); 32];
        let mut rest = words;
        let mut at: u16 = 0;
        while let [word, after @ ..] = rest {
            if let [first, ..] = word.as_bytes() {
                let row = &mut rows[(*first & 31) as usize];
                *row = if row.1 == 0 { (at, at + 1) } else { (row.0, at + 1) };
            }
            at += 1;
            match word.as_bytes() {
                [] => {}
                [only] => starts[(*only & 31) as usize] = u32::MAX,
                [first, second, ..] => starts[(*first & 31) as usize] |= 1 << (*second & 31),
            }
            rest = after;
        }
        Self { words, starts, rows }
    }

    /// Whether an entry may begin with these two bytes.
    fn may_begin(&self, first: u8, second: u8) -> bool {
        self.starts.get(usize::from(first & 31)).is_some_and(|row| row >> (second & 31) & 1 == 1)
    }

    /// Whether an entry may begin with these bytes.
    fn may_open(&self, bytes: &[u8]) -> bool {
        match bytes {
            [] => false,
            [only] => self.may_begin(*only, 0),
            [first, second, ..] => self.may_begin(*first, *second),
        }
    }

    /// The entries among which those with this first letter are.
    fn row(&self, first: u8) -> &[&'static str] {
        let (from, to) = self.bounds(first);
        self.words.get(from..to).unwrap_or_default()
    }

    fn bounds(&self, first: u8) -> (usize, usize) {
        let (from, to) = self.rows.get(usize::from(first & 31)).copied().unwrap_or_default();
        (usize::from(from), usize::from(to))
    }

    /// The entries that these bytes may begin with.
    fn near(&self, bytes: &[u8]) -> &[&'static str] {
        bytes.first().map(|first| self.row(*first)).unwrap_or_default()
    }

    /// The first entry, in the order of the set, that these bytes begin with.
    fn opening(&self, bytes: &[u8]) -> Option<&'static str> {
        if !self.may_open(bytes) {
            return None;
        }
        self.near(bytes).iter().find(|word| opens(bytes, word)).copied()
    }

    /// Whether a word in small letters is an entry.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.may_open(word.as_bytes()) && self.near(word.as_bytes()).contains(&word)
    }

    /// Whether a word in whatever letters is an entry.
    pub(crate) fn has_any_case(&self, word: &str) -> bool {
        self.may_open(word.as_bytes())
            && self.near(word.as_bytes()).iter().any(|w| w.eq_ignore_ascii_case(word))
    }

    /// Whether a text begins with an entry.
    pub(crate) fn opens(&self, text: &str) -> bool {
        self.opening(text.as_bytes()).is_some()
    }

    /// The rest of these bytes from the next place on where an entry may begin.
    fn next<'t>(&self, bytes: &'t [u8]) -> Option<&'t [u8]> {
        let mut rest = bytes;
        while let [first, after @ ..] = rest {
            if self.may_begin(*first, after.first().copied().unwrap_or_default()) {
                return Some(rest);
            }
            rest = after;
        }
        None
    }

    /// The place of the first entry that stands anywhere in a text, be it within a word.
    pub(crate) fn find(&self, text: &str) -> Option<usize> {
        let mut bytes = text.as_bytes();
        while let Some(rest) = self.next(bytes) {
            if self.near(rest).iter().any(|word| opens(rest, word)) {
                return Some(text.len() - rest.len());
            }
            bytes = rest.get(1..).unwrap_or_default();
        }
        None
    }

    /// The first place of each entry that stands in a text, in the order of the set.
    pub(crate) fn first_places(&self, text: &str) -> Vec<(usize, &'static str)> {
        self.places(text, |_, _| {})
    }

    /// The last place of each entry that stands in a text, in the order of the set.
    pub(crate) fn last_places(&self, text: &str) -> Vec<(usize, &'static str)> {
        self.places(text, |known, at| *known = at)
    }

    fn places(&self, text: &str, again: fn(&mut usize, usize)) -> Vec<(usize, &'static str)> {
        let mut found: Vec<(usize, usize)> = Vec::new();
        let mut bytes = text.as_bytes();
        while let Some(rest) = self.next(bytes) {
            let at = text.len() - rest.len();
            bytes = rest.get(1..).unwrap_or_default();
            let near = self.near(rest);
            let from = rest.first().map_or(0, |first| self.bounds(*first).0);
            let open = near.iter().enumerate().filter(|(_, word)| opens(rest, word));
            for n in open.map(|(n, _)| from + n) {
                match found.iter_mut().find(|(known, _)| *known == n) {
                    Some((_, known)) => again(known, at),
                    None => found.push((n, at)),
                }
            }
        }
        found.sort_unstable();
        found.into_iter().filter_map(|(n, at)| Some((at, *self.words.get(n)?))).collect()
    }

    /// The first entry, in the order of the set, that stands in a text as whole words.
    pub(crate) fn said_in(&self, text: &str) -> Option<&'static str> {
        let mut first: Option<usize> = None;
        let mut bytes = text.as_bytes();
        while let Some(rest) = self.next(bytes) {
            let at = text.len() - rest.len();
            bytes = rest.get(1..).unwrap_or_default();
            let from = rest.first().map_or(0, |first| self.bounds(*first).0);
            let open = self.near(rest).iter().enumerate().find(|(n, word)| {
                first.is_none_or(|known| from + n < known)
                    && opens(rest, word)
                    && is_whole(text, at..at + word.len())
            });
            first = open.map(|(n, _)| from + n).or(first);
        }
        self.words.get(first?).copied()
    }

    /// Whether an entry stands anywhere in a text, be it within a word.
    pub(crate) fn stands_in(&self, text: &str) -> bool {
        self.find(text).is_some()
    }

    /// Whether a whole word of a text is an entry.
    pub(crate) fn has_word_of(&self, text: &str) -> bool {
        let stands = |rest: &[u8]| {
            let ends = |word: &str| !rest.get(word.len()).is_some_and(u8::is_ascii_alphanumeric);
            self.near(rest).iter().any(|word| opens(rest, word) && ends(word))
        };
        let mut within = false;
        let mut rest = text.as_bytes();
        while let [first, after @ ..] = rest {
            let second = after.first().copied().unwrap_or_default();
            if !within && self.may_begin(*first, second) && stands(rest) {
                return true;
            }
            within = first.is_ascii_alphanumeric();
            rest = after;
        }
        false
    }
}

/// Whether bytes begin with an entry.
fn opens(bytes: &[u8], word: &str) -> bool {
    // Most entries differ within two letters; looking at those first spares the comparison.
    let close = |n: usize| match (bytes.get(n), word.as_bytes().get(n)) {
        (Some(a), Some(b)) => a & 31 == b & 31,
        (None, Some(_)) => false,
        (_, None) => true,
    };
    close(0)
        && close(1)
        && bytes.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SET: Lexicon = Lexicon::new(&["if", "in case ", "%", "otherwise"]);

    #[test]
    fn entries_are_found_in_either_case() {
        for (text, place) in [
            ("If so", Some(0)),
            ("só, IN CASE of", Some(5)),
            ("whiff", Some(2)),
            ("50%", Some(2)),
            ("i", None),
            ("incase", None),
            ("", None),
        ] {
            assert_eq!(SET.find(text), place, "{text}");
        }
    }

    #[test]
    fn places_are_given_once_for_each_entry() {
        let text = "If in case IF 5%";
        assert_eq!(SET.first_places(text), [(0, "if"), (3, "in case "), (15, "%")]);
        assert_eq!(SET.last_places(text), [(11, "if"), (3, "in case "), (15, "%")]);
    }

    #[test]
    fn the_first_entry_of_the_set_that_is_whole_words_is_said() {
        for (text, expected) in [
            ("otherwise, if so", Some("if")),
            ("whiff otherwise", Some("otherwise")),
            ("in case 3, otherwise", Some("otherwise")),
            ("in case  of", Some("in case ")),
            ("éif ifé", None),
            ("(if)", Some("if")),
            ("", None),
        ] {
            assert_eq!(SET.said_in(text), expected, "{text}");
        }
    }

    #[test]
    fn whole_words_are_told_from_parts() {
        for (text, expected) in
            [("Do it if/when", true), ("a whiff", false), ("Otherwise", true), ("ifs", false)]
        {
            assert_eq!(SET.has_word_of(text), expected, "{text}");
        }
        assert!(
            SET.has("otherwise")
                && !SET.has("Otherwise")
                && !SET.has("other")
                && SET.opens("% of")
                && !SET.opens("of")
        );
    }
}
