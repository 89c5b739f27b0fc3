//! What a search looks through, and how a text becomes the words that are looked for.
//!
//! Every store keeps the words that [`words`] makes, so that all find the same. A word is a run of
//! letters and digits in lower case without diacritics; each Han character and kana is one of its own,
//! because such texts put no space between words.

use std::ops::Range;

/// The most words of one question; more are left out.
pub const MAX_WORDS: usize = 12;
/// The most characters of one word; more are left out.
const MAX_WORD: usize = 64;

/// One thing that can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRow {
    /// What it is, in one word: "process", "seat".
    pub kind: String,
    /// Its id, unique within the kind.
    pub id: String,
    /// Its name: what a word is worth most in.
    pub title: String,
    /// The titles within it, one a line: worth less.
    pub lines: String,
    /// All else that it says: worth least.
    pub text: String,
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchFilter {
    /// The words asked for. All must be there, each as the beginning of a word; one that consists of
    /// several ("e-mail") as these words in a row.
    pub words: Vec<Vec<String>>,
    /// Only of these kinds; empty for any.
    pub kinds: Vec<String>,
    /// Leave out so many of the best.
    pub offset: u32,
    /// At most this many.
    pub limit: u32,
}

impl SearchFilter {
    /// The words of a question as somebody typed it.
    pub fn words_of(question: &str) -> Vec<Vec<String>> {
        question
            .split_whitespace()
            .map(|typed| words(typed).into_iter().map(|w| w.folded).collect::<Vec<_>>())
            .filter(|word| !word.is_empty())
            .take(MAX_WORDS)
            .collect()
    }
}

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Where it stands, in bytes.
    pub at: Range<usize>,
    /// How it is compared.
    pub folded: String,
}

/// The words of a text, in order.
pub fn words(text: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    // Whether the last word may still grow.
    let mut open = false;
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        if is_mark(c) {
            if let Some(word) = found.last_mut().filter(|_| open) {
                word.at.end = end;
            }
        } else if stands_alone(c) {
            found.push(Word { at: start..end, folded: c.to_string() });
            open = false;
        } else if c.is_alphanumeric() {
            if !open {
                found.push(Word { at: start..start, folded: String::new() });
                open = true;
            }
            if let Some(word) = found.last_mut() {
                word.at.end = end;
                fold(c, &mut word.folded);
            }
        } else {
            open = false;
        }
    }
    for word in &mut found {
        if let Some((cut, _)) = word.folded.char_indices().nth(MAX_WORD) {
            word.folded.truncate(cut);
        }
    }
    found
}

/// The words of a text with spaces between: what an index is given.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in words(text) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&word.folded);
    }
    out
}

/// Where the words asked for stand among the words of a text: the places of each asked word's first
/// word, and how many follow it.
pub fn matches(asked: &[Vec<String>], words: &[Word]) -> Vec<Vec<Range<usize>>> {
    asked.iter().map(|word| places(word, words)).collect()
}

fn places(asked: &[String], words: &[Word]) -> Vec<Range<usize>> {
    let Some((last, before)) = asked.split_last() else { return Vec::new() };
    let fits = |at: usize| {
        let here = words.get(at..at + asked.len())?;
        let (end, begin) = here.split_last()?;
        let same = begin.iter().zip(before).all(|(w, a)| w.folded == *a);
        (same && end.folded.starts_with(last.as_str())).then(|| at..at + asked.len())
    };
    (0..words.len()).filter_map(fits).collect()
}

/// Combining diacritical marks (Unicode block U+0300).
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Kana and Han characters (Unicode blocks of their names).
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
        && c.is_alphanumeric()
}

fn fold(c: char, out: &mut String) {
    for c in c.to_lowercase().filter(|c| !is_mark(*c)) {
        match c {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            other => out.push(base(other)),
        }
    }
}

/// The letter without its diacritic, for the letters of European and Vietnamese writing.
fn base(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ȁ' | 'ȃ' | 'ạ'..='ặ' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ȅ' | 'ȇ' | 'ẹ'..='ệ' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' | 'ǧ' => 'g',
        'ĥ' | 'ħ' => 'h',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' | 'ỉ' | 'ị' => 'i',
        'ĵ' => 'j',
        'ķ' => 'k',
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ǒ' | 'ọ'..='ợ' => 'o',
        'ŕ' | 'ŗ' | 'ř' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => 's',
        'ţ' | 'ť' | 'ŧ' | 'ț' => 't',
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ǔ' | 'ụ'..='ự' => 'u',
        'ŵ' => 'w',
        'ý' | 'ÿ' | 'ŷ' | 'ỳ'..='ỹ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        'ς' => 'σ',
        'ё' => 'е',
        other => other,
    }
}

/// How much a row is worth for the words asked for; none where one of them is missing. The title
/// counts ten times, the titles within four times, and each further occurrence less than the one before.
pub(crate) fn worth(row: &SearchRow, asked: &[Vec<String>]) -> Option<u64> {
    let parts = [(&row.title, 10_000), (&row.lines, 4_000), (&row.text, 1_000)]
        .map(|(text, weight)| (matches(asked, &words(text)), weight));
    let mut worth = 0;
    for word in 0..asked.len() {
        let mut here = 0;
        for (places, weight) in &parts {
            let n = places.get(word).map_or(0, Vec::len);
            here += (1..=8.min(n)).map(|nth| weight / (1 << nth)).sum::<u64>();
        }
        if here == 0 {
            return None;
        }
        worth += here;
    }
    Some(worth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_words_without_case_and_diacritics() {
        for (text, expected) in [
            ("Monthly INVOICING", "monthly invoicing"),
            ("Überprüfung, naïve Straße", "uberprufung naive strasse"),
            ("e\u{301}tat", "etat"),
            ("Łódź Đà Nẵng İstanbul", "lodz da nang istanbul"),
            ("e-mail: a.b@c", "e mail a b c"),
            ("請求書を送る", "請 求 書 を 送 る"),
            ("हिन्दी", "हिन दी"),
            ("\u{301} -- \"", ""),
            ("ΆΛΦΑ", "αλφα"),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }

    #[test]
    fn a_question_is_words_whatever_is_typed() {
        let check = |text: &str, expected: &[&str]| {
            let words: Vec<String> =
                SearchFilter::words_of(text).iter().map(|w| w.join(" ")).collect();
            assert_eq!(words, expected, "{text}");
        };
        check("invoice OR 1=1", &["invoice", "or", "1 1"]);
        check("\"; DROP TABLE x; --", &["drop", "table", "x"]);
        check("NEAR(a b) title:x* ^y", &["near a", "b", "title x", "y"]);
        check("   ", &[]);
        assert_eq!(SearchFilter::words_of(&"a ".repeat(99)).len(), MAX_WORDS);
        assert_eq!(SearchFilter::words_of(&"ä".repeat(999)), [["a".repeat(MAX_WORD)]]);
    }

    #[test]
    fn words_keep_their_place_in_the_text() {
        let text = "Die Größe e\u{301} x";
        let found: Vec<Option<&str>> = words(text).iter().map(|w| text.get(w.at.clone())).collect();
        assert_eq!(found, ["Die", "Größe", "e\u{301}", "x"].map(Some));
    }
}
