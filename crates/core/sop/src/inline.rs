//! Words within a block: markup taken off, sentences told apart, markup put on.

use crate::block::{Inline, Mark, Piece};

/// The text without markup, white space folded.
pub(crate) fn plain(inline: &[Inline]) -> String {
    let mut out = String::new();
    for part in inline {
        match &part.piece {
            Piece::Text(text) | Piece::Code(text) => out.push_str(text),
            Piece::Break => out.push(' '),
            Piece::Html | Piece::Open(_) | Piece::Close(_) => {}
        }
    }
    fold(&out)
}

/// White space folded to single spaces, none at the ends.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        // The ASCII case first: it is nearly all of every text.
        if c == ' ' || c == '\n' || (!c.is_ascii_graphic() && c.is_whitespace()) {
            gap = true;
        } else {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        }
    }
    out
}

/// Whether one of these words, in small letters here, stands in a text in whatever letters.
pub(crate) fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| words.iter().any(|w| w.len() == word.len() && w.eq_ignore_ascii_case(word)))
}

/// Whether taking the markup off would lose more than looks.
pub(crate) fn loses_markup(inline: &[Inline]) -> bool {
    inline.iter().any(|part| {
        matches!(part.piece, Piece::Html | Piece::Open(Mark::Link(_) | Mark::Image | Mark::Other))
    })
}

/// The byte offset in `text` just after its first sentence; the whole length where it is one.
pub(crate) fn sentence_end(text: &str) -> usize {
    let mut previous = ' ';
    let mut chars = text.char_indices().peekable();
    let mut depth = 0_usize;
    while let Some((at, c)) = chars.next() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '.' | '!' | '?' if depth == 0 => {
                let mut end = at + c.len_utf8();
                while let Some((next_at, next)) = chars.peek().copied() {
                    if !matches!(next, '"' | '\'' | '”' | '’' | ')' | '*' | '_' | '!' | '?') {
                        break;
                    }
                    end = next_at + next.len_utf8();
                    chars.next();
                }
                let rest = text.get(end..).unwrap_or_default();
                let spaced = rest.is_empty() || rest.starts_with(char::is_whitespace);
                let next = rest.trim_start().chars().next();
                let starts = next.is_none_or(|n| !n.is_lowercase());
                let before = text.get(..at).unwrap_or_default();
                if spaced && starts && !(c == '.' && abbreviated(before, previous)) {
                    return end;
                }
            }
            _ => {}
        }
        previous = c;
    }
    text.len()
}

/// Whether a full stop after this text belongs to an abbreviation or a number.
fn abbreviated(before: &str, previous: char) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    if previous.is_ascii_digit() && word.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return before.trim_start().len() == word.len();
    }
    matches!(
        word.to_ascii_lowercase().as_str(),
        "e.g"
            | "i.e"
            | "etc"
            | "vs"
            | "cf"
            | "approx"
            | "no"
            | "mr"
            | "mrs"
            | "ms"
            | "dr"
            | "st"
            | "inc"
            | "ltd"
            | "incl"
            | "resp"
    ) || (word.len() == 1 && word.chars().all(char::is_uppercase) && before.trim_start().len() > 1)
}

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
