//! Names as they appear in addresses, file names and step ids.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest slug that [`slug`] makes, in characters.
pub const MAX_LEN: usize = 60;

/// A lower-case name of `a-z`, `0-9` and single hyphens: never empty, never longer than [`MAX_LEN`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// Accepts a text that already is a slug.
    pub fn parse(text: &str) -> Option<Self> {
        (!text.is_empty() && slug(text) == text).then(|| Self(text.to_owned()))
    }

    /// Makes a slug out of any text; `fallback` is used where nothing is left of it.
    pub fn from_text(text: &str, fallback: &str) -> Self {
        let made = slug(text);
        if made.is_empty() { Self(fallback.to_owned()) } else { Self(made) }
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Slug {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is not a slug"))
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

/// The slug of a text: letters and digits kept (accents folded where the fold is one letter), every
/// other run of characters one hyphen, cut at a word boundary at [`MAX_LEN`]. Empty when nothing is left.
pub fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(MAX_LEN) + 8);
    let mut gap = false;
    for c in text.chars() {
        // One more than fits is enough to see where to cut.
        if out.len() > MAX_LEN + 8 {
            break;
        }
        if matches!(c, '\'' | '’') {
            continue;
        }
        let letter = c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase());
        let folded = fold(c);
        if letter.is_none() && folded.is_empty() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push('-');
        }
        gap = false;
        match letter {
            Some(letter) => out.push(letter),
            None => out.push_str(folded),
        }
    }
    if out.len() <= MAX_LEN {
        return out;
    }
    // Only ASCII was pushed, so every byte is a place to cut.
    let whole = out.as_bytes().get(MAX_LEN) == Some(&b'-');
    out.truncate(MAX_LEN);
    match out.rfind('-') {
        Some(at) if !whole && at > MAX_LEN / 2 => out.truncate(at),
        _ => {}
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// The letters that stand for one beyond ASCII; empty where there are none.
fn fold(c: char) -> &'static str {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'À' | 'Á' | 'Â' | 'Ã' | 'Å' => "a",
        'ä' | 'Ä' | 'æ' | 'Æ' => "ae",
        'ç' | 'Ç' | 'ć' | 'č' | 'Č' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ě' | 'ę' | 'È' | 'É' | 'Ê' | 'Ë' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => "i",
        'ñ' | 'Ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ø' => "o",
        'ö' | 'Ö' | 'œ' | 'Œ' => "oe",
        'š' | 'ś' | 'Š' | 'Ś' => "s",
        'ß' => "ss",
        'ù' | 'ú' | 'û' | 'ů' | 'Ù' | 'Ú' | 'Û' => "u",
        'ü' | 'Ü' => "ue",
        'ý' | 'ÿ' | 'Ý' => "y",
        'ž' | 'ź' | 'ż' | 'Ž' | 'Ź' | 'Ż' => "z",
        'ł' | 'Ł' => "l",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_slugs() {
        for (text, expected) in [
            ("Monthly invoicing", "monthly-invoicing"),
            ("  Client's report -- Q3 ", "clients-report-q3"),
            ("Überprüfung & Café", "ueberpruefung-cafe"),
            ("!!!", ""),
            ("日本", ""),
        ] {
            assert_eq!(slug(text), expected, "{text}");
        }
    }

    #[test]
    fn a_long_text_is_cut_at_a_word() {
        let made = slug(&"alpha beta gamma ".repeat(10));
        assert!(made.len() <= MAX_LEN && !made.ends_with('-'), "{made}");
        assert_eq!(slug(&made), made);
    }

    #[test]
    fn only_slugs_parse() {
        assert!(Slug::parse("a-b").is_some());
        assert!(Slug::parse("A b").is_none());
        assert!(Slug::parse("").is_none());
    }
}
