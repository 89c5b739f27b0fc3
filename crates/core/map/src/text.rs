//! How wide a text is, and how it breaks into lines.
//!
//! The page's font is not known here, so each character is taken as wide as in the widest of the
//! common sans-serif fonts: a line that fits by this table fits on every screen.

/// The advance of the printable ASCII characters from the space on, in thousandths of the font size.
const ASCII: [i64; 95] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337, 637, 637, 637,
    637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 531, 1001, 685, 687, 699, 771, 632,
    576, 775, 752, 295, 295, 656, 558, 863, 749, 788, 604, 788, 695, 635, 611, 732, 685, 989, 686,
    611, 686, 391, 337, 391, 838, 500, 500, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580,
    278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838,
];

/// The most characters looked at: more never fit, and a text may be a whole book.
const MAX_CHARS: usize = 1000;

/// The sign for what was left out.
const ELLIPSIS: char = '\u{2026}';

/// The advance of one character in thousandths of the font size.
fn advance(c: char) -> i64 {
    let code = u32::from(c);
    if let Some(known) =
        code.checked_sub(32).and_then(|i| usize::try_from(i).ok()).and_then(|i| ASCII.get(i))
    {
        return *known;
    }
    match c {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{c6}' | '\u{e6}' | '\u{152}' | '\u{153}' => 1100,
        '\u{a0}'..='\u{24f}' if c.is_lowercase() => 680,
        '\u{a0}'..='\u{24f}' => 860,
        ELLIPSIS | '\u{2013}'..='\u{2014}' => 1000,
        '\u{2018}'..='\u{201a}' => 400,
        '\u{201c}'..='\u{201e}' => 550,
        '\u{1100}'..='\u{11ff}'
        | '\u{2e80}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff60}' => 1200,
        _ if code >= 0x1_0000 => 1500,
        _ => 1100,
    }
}

/// The width of a text at a font size, in pixels, rounded up.
pub(crate) fn width(text: &str, size: i64) -> i64 {
    let units: i64 = text.chars().map(advance).sum();
    (units * size + 999) / 1000
}

/// The text as one line: white space is one space, control characters and the marks that reorder
/// text are gone.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let before = out.len();
        if before > 0 {
            out.push(' ');
        }
        let start = out.len();
        out.extend(word.chars().filter(|c| is_drawn(*c)));
        if out.len() == start {
            out.truncate(before);
        }
    }
    out
}

/// Whether a character may stand in a drawn text.
pub(crate) fn is_drawn(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}')
}

/// Breaks a text into at most `max_lines` lines of at most `room` pixels; what does not fit is
/// replaced by an ellipsis.
pub(crate) fn wrap(text: &str, size: i64, room: i64, max_lines: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let text: String = clean(text).chars().take(MAX_CHARS).collect();
    'words: for word in text.split(' ').filter(|w| !w.is_empty()) {
        for piece in pieces(word, size, room) {
            let joint = if line.is_empty() || piece.glued { "" } else { " " };
            if width(&line, size) + width(joint, size) + width(&piece.text, size) <= room {
                line.push_str(joint);
                line.push_str(&piece.text);
                continue;
            }
            lines.push(std::mem::take(&mut line));
            line = piece.text;
            if lines.len() > max_lines {
                break 'words;
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > max_lines {
        lines.truncate(max_lines);
        shorten(&mut lines, size, room);
    }
    lines
}

/// Whether a word is too long for a line of this room and has to be broken.
pub(crate) fn is_broken(text: &str, size: i64, room: i64) -> bool {
    let text: String = clean(text).chars().take(MAX_CHARS).collect();
    text.split(' ').any(|word| width(word, size) > room)
}

/// Ends lines that are not the whole text: after a sentence where one ends in the lower half, else
/// after a word.
fn shorten(lines: &mut Vec<String>, size: i64, room: i64) {
    let ends = |line: &String| line.rfind(['.', ';', '!', '?']).map(|at| at + 1);
    let is_sentence = |line: &String, at: usize| {
        line.get(at..).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let half = lines.len() / 2;
    let found = lines.iter().enumerate().skip(half.max(1)).rev().find_map(|(index, line)| {
        ends(line).filter(|at| is_sentence(line, *at)).map(|at| (index, at))
    });
    if let Some((index, at)) = found {
        lines.truncate(index + 1);
        if let Some(last) = lines.last_mut() {
            last.truncate(at);
        }
    }
    let Some(last) = lines.last_mut() else { return };
    while width(last, size) + width("\u{2026}", size) > room {
        match last.rfind(' ') {
            Some(space) => last.truncate(space),
            None => break,
        }
    }
    let words = last.trim_end_matches([' ', ELLIPSIS, ',', ';', ':', '.', '(']);
    *last = cut(&format!("{words}{ELLIPSIS}"), size, room);
}

/// The text on one line of at most `room` pixels, with an ellipsis where it was cut.
pub(crate) fn cut(text: &str, size: i64, room: i64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let room = room - width("\u{2026}", size);
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += advance(c) * size;
        if used > room * 1000 {
            break;
        }
        out.push(c);
    }
    let mut out = out.trim_end_matches([' ', ELLIPSIS, ',', '.', ';', ':']).to_owned();
    out.push(ELLIPSIS);
    out
}

/// A part of a word that fits on a line.
struct Piece {
    text: String,
    /// Whether it belongs to the piece before without a space.
    glued: bool,
}

/// Splits a word that is wider than a line: after a hyphen or slash if possible, else anywhere.
fn pieces(word: &str, size: i64, room: i64) -> Vec<Piece> {
    if width(word, size) <= room {
        return vec![Piece { text: word.to_owned(), glued: false }];
    }
    let mut parts: Vec<String> = vec![String::new()];
    for c in word.chars() {
        let Some(part) = parts.last_mut() else { break };
        let full = !part.is_empty() && advance(c) > 0 && width(&format!("{part}{c}"), size) > room;
        let after_joint = part.ends_with(['-', '/', '_', '.', '@']) && width(part, size) * 4 > room;
        if full || after_joint {
            parts.push(c.to_string());
        } else {
            part.push(c);
        }
    }
    parts.into_iter().enumerate().map(|(i, text)| Piece { text, glued: i > 0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::{clean, cut, width, wrap};

    #[test]
    fn lines_never_exceed_the_room_and_keep_the_words() {
        let check = |text: &str, expected: &[&str]| {
            let lines = wrap(text, 13, 100, 3);
            assert!(lines.iter().all(|l| width(l, 13) <= 100), "{lines:?}");
            assert_eq!(lines, expected, "{text}");
        };
        check("", &[]);
        check("Check", &["Check"]);
        check("Check the invoice", &["Check the", "invoice"]);
        check("Check\tthe\n\u{1b}invoice\u{202e}", &["Check the", "invoice"]);
        check(
            "one two three four five six seven eight nine",
            &["one two three", "four five six", "seven eight\u{2026}"],
        );
        check(
            "one two three four. five six seven eight nine ten",
            &["one two three", "four\u{2026}"],
        );
        check("non-governmental", &["non-", "governmental"]);
        check("Donaudampfschifffahrt", &["Donaudampfsc", "hifffahrt"]);
        check(
            "\u{8acb}\u{6c42}\u{66f8}\u{3092}\u{78ba}\u{8a8d}\u{3059}\u{308b}",
            &["\u{8acb}\u{6c42}\u{66f8}\u{3092}\u{78ba}\u{8a8d}", "\u{3059}\u{308b}"],
        );
    }

    #[test]
    fn a_cut_text_ends_with_an_ellipsis_and_fits() {
        assert_eq!(cut("short", 11, 60), "short");
        let long = cut("2 h 10 min and a bit", 11, 60);
        assert!(long.ends_with('\u{2026}') && width(&long, 11) <= 60, "{long}");
    }

    #[test]
    fn a_word_of_nothing_but_control_characters_leaves_no_gap() {
        assert_eq!(clean(" a \u{1}\u{2} b "), "a b");
    }
}
