//! Carrying out the changes that settle findings.

use crate::Fix;

/// The text with these fixes carried out, and how many were.
///
/// Of two that touch each other the one that comes first in the text is carried out: the other was
/// made for a text that no longer is, so it has to be asked for again. One whose range is not within
/// the text, or not between characters, is left out.
pub fn apply<'a>(source: &str, fixes: impl IntoIterator<Item = &'a Fix>) -> (String, usize) {
    let mut fixes: Vec<&Fix> = fixes.into_iter().collect();
    fixes.sort_by_key(|fix| (fix.range.start, fix.range.end));
    let mut out = String::with_capacity(source.len());
    let (mut at, mut n) = (0, 0);
    for fix in fixes {
        let free = n == 0 || fix.range.start > at;
        let before = source.get(at..fix.range.start).filter(|_| free);
        let Some(before) = before.filter(|_| source.get(fix.range.clone()).is_some()) else {
            continue;
        };
        out.push_str(before);
        out.push_str(&fix.replacement);
        at = fix.range.end;
        n += 1;
    }
    out.push_str(source.get(at..).unwrap_or_default());
    (out, n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::ops::Range;

    fn fix(range: Range<usize>, replacement: &str) -> Fix {
        Fix { range, replacement: replacement.to_owned(), title: String::new() }
    }

    #[test]
    fn fixes_are_carried_out_in_the_order_of_the_text() {
        for (fixes, expected, n) in [
            (vec![], "abcdef", 0),
            (vec![fix(4..6, "X"), fix(0..1, "Y")], "YbcdX", 2),
            (vec![fix(0..0, "> "), fix(6..6, " <")], "> abcdef <", 2),
            (vec![fix(0..3, "X"), fix(2..4, "Y")], "Xdef", 1),
            (vec![fix(0..3, "X"), fix(3..4, "Y")], "Xdef", 1),
            (vec![fix(2..2, "X"), fix(2..2, "Y")], "abXcdef", 1),
            (vec![fix(3..99, "X"), fix(0..1, "")], "bcdef", 1),
        ] {
            assert_eq!(apply("abcdef", &fixes), (expected.to_owned(), n), "{fixes:?}");
        }
        assert_eq!(apply("äö", &[fix(1..2, "x")]), ("äö".to_owned(), 0));
    }

    proptest! {
        #[test]
        fn any_fixes_give_a_text(text in "[a-zä\n]{0,20}", at in proptest::collection::vec((0usize..25, 0usize..25), 0..5)) {
            let fixes: Vec<Fix> = at.iter().map(|(a, b)| fix(*a.min(b)..*a.max(b), "é")).collect();
            let (made, n) = apply(&text, &fixes);
            prop_assert!(n <= fixes.len());
            prop_assert_eq!(made.matches('é').count(), n);
        }
    }
}
