//! Words that were probably meant: those a slip of the pen away from what was written.

/// The one word among these that is closest to a word, if it is a slip or two away; nothing where two
/// are as close, or where the word is too short for a slip to be told from another word.
pub(crate) fn nearest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let most = match length {
        0..=3 => return None,
        4..=7 => 1,
        _ => 2,
    };
    let mut best: Option<(usize, &str)> = None;
    let mut twice = false;
    for other in among {
        let Some(distance) = distance(word, other, most) else { continue };
        match best {
            Some((known, same)) if distance == known => twice |= same != other,
            Some((known, _)) if distance > known => {}
            _ => {
                best = Some((distance, other));
                twice = false;
            }
        }
    }
    best.filter(|_| !twice).map(|(_, other)| other)
}

/// How many letters must be put in, left out, changed or swapped with their neighbour to make one of
/// the other (optimal string alignment); nothing beyond `most`. Small and capital letters are the same.
pub(crate) fn distance(one: &str, other: &str, most: usize) -> Option<usize> {
    if one.is_ascii() && other.is_ascii() {
        // A slip changes which letters occur at all by two at most.
        let unlike = usize::try_from((letters(one) ^ letters(other)).count_ones()).unwrap_or(0);
        if one.len().abs_diff(other.len()) > most || unlike > 2 * most {
            return None;
        }
    }
    let (a, b): (Vec<char>, Vec<char>) =
        (one.to_lowercase().chars().collect(), other.to_lowercase().chars().collect());
    if a.len().abs_diff(b.len()) > most || a.len() > 200 {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], n: usize| row.get(n).copied().unwrap_or(usize::MAX - 1);
            let mut least =
                (at(&last, j + 1) + 1).min(at(&row, j) + 1).min(at(&last, j) + usize::from(x != y));
            let swapped = i > 0 && j > 0 && b.get(j - 1) == Some(x) && a.get(i - 1) == Some(y);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|n| *n <= most)
}

/// Which letters of the alphabet occur in a text, a bit each.
fn letters(text: &str) -> u32 {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic);
    letters.fold(0, |found, b| found | 1 << (b & 31))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        for (one, other, expected) in [
            ("owner", "owner", Some(0)),
            ("onwer", "owner", Some(1)),
            ("Ower", "owner", Some(1)),
            ("triggers", "trigger", Some(1)),
            ("reviwe", "review", Some(1)),
            ("raci", "title", None),
            ("", "ab", Some(2)),
            ("abc", "", None),
        ] {
            assert_eq!(distance(one, other, 2), expected, "{one} {other}");
        }
    }

    #[test]
    fn the_closest_word_is_meant_where_it_is_one() {
        let keys = ["owner", "trigger", "review", "title"];
        assert_eq!(nearest("onwer", keys), Some("owner"));
        assert_eq!(nearest("own", keys), None);
        assert_eq!(nearest("steps", keys), None);
        assert_eq!(nearest("tower", ["power", "lower"]), None);
    }
}
