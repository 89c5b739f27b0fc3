//! Words within a block: markup taken off, sentences told apart, markup put on.

use crate::block::{Inline, Mark, Piece};

/// The text without markup, white space folded.
pub(crate) fn plain(inline: &[Inline]) -> String {
    let length = |part: &Inline| match &part.piece {
        Piece::Text(text) | Piece::Code(text) => text.len(),
        Piece::Break => 1,
        Piece::Html | Piece::Open(_) | Piece::Close(_) => 0,
    };
    let mut out = String::with_capacity(inline.iter().map(length).sum());
    let mut gap = false;
    for (at, part) in inline.iter().enumerate() {
        match &part.piece {
            Piece::Text(text) | Piece::Code(text) => fold_onto(&mut out, &mut gap, text),
            Piece::Break => gap = true,
            // A link without words shows what only its tool knows: here it is a blank.
            Piece::Open(Mark::Link(_))
                if matches!(
                    inline.get(at + 1).map(|next| &next.piece),
                    Some(Piece::Close(Mark::Link(_)))
                ) =>
            {
                fold_onto(&mut out, &mut gap, BLANK);
            }
            Piece::Html | Piece::Open(_) | Piece::Close(_) => {}
        }
    }
    out
}

/// A text without the pictures and signs before its first word: "⚠️ If it is late".
pub(crate) fn without_sign(text: &str) -> &str {
    if text.is_ascii() {
        return text;
    }
    let sign = |c: char| {
        !c.is_ascii()
            && !c.is_alphanumeric()
            && !matches!(c, '“' | '‘' | '„' | '«' | '¿' | '¡' | '§')
    };
    let bare = text.trim_start_matches(sign);
    if bare.len() < text.len() { bare.trim_start() } else { text }
}

/// What stands for a blank that the text leaves.
const BLANK: &str = "…";

/// A text in small letters.
pub(crate) fn lower(text: &str) -> String {
    // Nearly every text is ASCII, and then the bytes can be taken many at once.
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.to_lowercase() }
}

/// White space folded to single spaces, none at the ends.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_onto(&mut out, &mut false, text);
    out
}

/// Puts a text behind another, white space folded; `gap` says whether white space came last.
fn fold_onto(out: &mut String, gap: &mut bool, text: &str) {
    let even = is_even(text);
    let mut rest = text;
    loop {
        let word = rest.trim_start();
        *gap |= word.len() < rest.len();
        if word.is_empty() {
            return;
        }
        if *gap && !out.is_empty() {
            out.push(' ');
        }
        *gap = false;
        if even {
            out.push_str(word.trim_end());
            *gap = word.ends_with(' ');
            return;
        }
        let length = word.find(char::is_whitespace).unwrap_or(word.len());
        let (word, after) = word.split_at_checked(length).unwrap_or((word, ""));
        out.push_str(word);
        rest = after;
    }
}

/// Whether a text is ASCII words with single spaces between them, as nearly every one is.
fn is_even(text: &str) -> bool {
    // Without an early way out the compiler looks at many bytes at once.
    let odd = text.bytes().fold(0, |odd, b| odd | u8::from(!matches!(b, b' '..=b'~')));
    odd == 0 && !text.contains("  ")
}

/// Whether taking the markup off would lose more than looks.
pub(crate) fn loses_markup(inline: &[Inline]) -> bool {
    inline.iter().any(|part| {
        matches!(part.piece, Piece::Html | Piece::Open(Mark::Link(_) | Mark::Image | Mark::Other))
    })
}

/// The byte offset in `text` just after its first sentence; the whole length where it is one.
pub(crate) fn sentence_end(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut from = 0;
    let marks = |b: &u8| matches!(b, b'(' | b'[' | b')' | b']' | b'.' | b'!' | b'?');
    while let Some(rest) = text.as_bytes().get(from..)
        && let Some((at, mark)) = rest.iter().enumerate().find(|(_, b)| marks(b))
    {
        let at = from + at;
        from = at + 1;
        match mark {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ => {
                let after = text.get(from..).unwrap_or_default();
                let rest = after.trim_start_matches(['"', '\'', '”', '’', ')', '*', '_', '!', '?']);
                from = text.len() - rest.len();
                let spaced = rest.is_empty() || rest.starts_with(char::is_whitespace);
                let next = rest.trim_start().chars().next();
                let starts = next.is_none_or(|n| !n.is_lowercase());
                if spaced
                    && starts
                    && !(*mark == b'.' && abbreviated(text.get(..at).unwrap_or_default()))
                {
                    return from;
                }
            }
        }
    }
    text.len()
}

/// Whether a full stop after this text belongs to an abbreviation or a number.
fn abbreviated(before: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    if before.ends_with(|c: char| c.is_ascii_digit())
        && word.chars().all(|c| c.is_ascii_digit() || c == '.')
    {
        return before.trim_start().len() == word.len();
    }
    ABBREVIATIONS.iter().any(|a| a.eq_ignore_ascii_case(word))
        || (word.len() == 1
            && word.chars().all(char::is_uppercase)
            && before.trim_start().len() > 1)
}

const ABBREVIATIONS: [&str; 19] = [
    "para", "sec", "fig", "e.g", "i.e", "etc", "vs", "cf", "approx", "no", "mr", "mrs", "ms", "dr",
    "st", "inc", "ltd", "incl", "resp",
];

/// The sentences of a text, in order.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = sentence_end(rest);
        let (sentence, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        found.push(sentence.trim());
        rest = after.trim_start();
    }
    found
}

/// A plain text as Markdown that reads as exactly that text.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '*'
                | '_'
                | '`'
                | '['
                | ']'
                | '<'
                | '>'
                | '&'
                | '~'
                | '|'
                | '{'
                | '}'
                | '!'
                | '$'
        ) {
            let plain_mark = match c {
                '!' | '>' | '$' | '~' | '|' => true,
                '&' => text.contains("& "),
                _ => false,
            };
            if !plain_mark {
                out.push('\\');
            }
        }
        out.push(c);
    }
    out
}

/// A text that stands at the start of a line, escaped where it would open a block.
pub(crate) fn escape_line(text: &str) -> String {
    let escaped = escape(text);
    let opens = escaped.starts_with(['#', '-', '+', '>', '=', '~', '|'])
        || escaped.chars().next().is_some_and(|c| c.is_ascii_digit());
    if !opens {
        return escaped;
    }
    match escaped.chars().next() {
        Some(c) if c.is_ascii_digit() => {
            let digits = escaped.chars().take_while(char::is_ascii_digit).count();
            let (number, rest) = escaped.split_at_checked(digits).unwrap_or((&escaped, ""));
            if rest.starts_with(['.', ')']) { format!("{number}\\{rest}") } else { escaped }
        }
        _ => format!("\\{escaped}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_folded() {
        for (text, expected) in [
            ("a b", "a b"),
            ("  a  b\n\tc ", "a b c"),
            ("naïve\u{a0}word  ü", "naïve word ü"),
            ("a ’b’ c\u{2028}d", "a ’b’ c d"),
            ("a \u{3000}b", "a b"),
            ("a\u{7f}b \u{1}", "a\u{7f}b \u{1}"),
            (" ", ""),
        ] {
            assert_eq!(fold(text), expected, "{text}");
            assert_eq!(fold(text), text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }

    #[test]
    fn sentences_are_told_apart() {
        for (text, expected) in [
            ("Do it. Then rest.", vec!["Do it.", "Then rest."]),
            ("Use e.g. Slack. Done!", vec!["Use e.g. Slack.", "Done!"]),
            ("See step 2.3 of this. Next", vec!["See step 2.3 of this.", "Next"]),
            ("Say \"go.\" Then (maybe. or not) go", vec!["Say \"go.\"", "Then (maybe. or not) go"]),
            (
                "Continue with step 2.3. If not, stop",
                vec!["Continue with step 2.3.", "If not, stop"],
            ),
        ] {
            assert_eq!(sentences(text), expected);
        }
    }
}
