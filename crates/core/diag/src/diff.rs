//! What changes from one text to another, line by line, as patch programs read it (unified format).

use std::fmt::Write as _;

/// How many lines stand around a change.
const CONTEXT: usize = 3;
/// The most changed lines that are looked for one by one; beyond it the middle is replaced whole.
const MAX_CHANGES: usize = 400;

/// A line that stays, goes or comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line<'a> {
    Same(&'a str),
    Old(&'a str),
    New(&'a str),
}

/// The change from `old` to `new` of the file at `path`; empty where they are the same.
pub fn unified(path: &str, old: &str, new: &str) -> String {
    let before: Vec<&str> = old.split_inclusive('\n').collect();
    let after: Vec<&str> = new.split_inclusive('\n').collect();
    let lines = lines(&before, &after);
    let changed: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !matches!(line, Line::Same(_)))
        .map(|(n, _)| n)
        .collect();
    let mut out = String::new();
    let Some(first) = changed.first() else { return out };
    // Writing to a String cannot fail, here and below.
    let _written = write!(out, "--- {path}\n+++ {path}\n");
    let mut open = (first.saturating_sub(CONTEXT), *first);
    for at in changed.iter().skip(1).copied().chain([usize::MAX]) {
        if at != usize::MAX && at <= open.1 + 2 * CONTEXT + 1 {
            open.1 = at;
            continue;
        }
        hunk(&mut out, &lines, open.0, (open.1 + CONTEXT + 1).min(lines.len()));
        open = (at.saturating_sub(CONTEXT), at);
    }
    out
}

fn hunk(out: &mut String, lines: &[Line<'_>], from: usize, to: usize) {
    let count = |part: &[Line<'_>], old: bool| {
        let counted = |l: &&Line<'_>| match l {
            Line::Same(_) => true,
            Line::Old(_) => old,
            Line::New(_) => !old,
        };
        part.iter().filter(counted).count()
    };
    let (before, part) = lines.split_at_checked(from).unwrap_or((lines, &[]));
    let part = part.get(..to.saturating_sub(from)).unwrap_or(part);
    let place = |old: bool| {
        let n = count(part, old);
        // An empty side names the line before it.
        (count(before, old) + usize::from(n > 0), n)
    };
    let ((old_at, old_n), (new_at, new_n)) = (place(true), place(false));
    let _written = writeln!(out, "@@ -{old_at},{old_n} +{new_at},{new_n} @@");
    for line in part {
        let (mark, text) = match line {
            Line::Same(text) => (' ', text),
            Line::Old(text) => ('-', text),
            Line::New(text) => ('+', text),
        };
        let end = if text.ends_with('\n') { "" } else { "\n\\ No newline at end of file\n" };
        let _written = write!(out, "{mark}{text}{end}");
    }
}

fn lines<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (same, old) = old.split_at_checked(start).unwrap_or((old, &[]));
    let new = new.get(start..).unwrap_or_default();
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, tail) = old.split_at_checked(old.len() - end).unwrap_or((old, &[]));
    let new = new.get(..new.len() - end).unwrap_or_default();
    let mut made: Vec<Line<'a>> = same.iter().map(|l| Line::Same(l)).collect();
    let whole = || {
        let gone = old.iter().map(|l| Line::Old(l));
        gone.chain(new.iter().map(|l| Line::New(l))).collect()
    };
    made.extend(shortest(old, new).unwrap_or_else(whole));
    made.extend(tail.iter().map(|l| Line::Same(l)));
    made
}

/// The shortest way from one to the other (Myers, "An O(ND) Difference Algorithm", 1986); nothing
/// where it is longer than [`MAX_CHANGES`].
fn shortest<'a>(old: &[&'a str], new: &[&'a str]) -> Option<Vec<Line<'a>>> {
    let most = (old.len() + new.len()).min(MAX_CHANGES);
    // For each diagonal k = x - y, moved by `most + 1`, the furthest x reached.
    let at = |k: isize| usize::try_from(k + isize::try_from(most).ok()? + 1).ok();
    let mut reach = vec![0_usize; 2 * most + 3];
    let mut trace: Vec<Vec<usize>> = Vec::new();
    for d in 0..=isize::try_from(most).ok()? {
        trace.push(reach.clone());
        for k in (-d..=d).step_by(2) {
            let (below, above) = (*reach.get(at(k - 1)?)?, *reach.get(at(k + 1)?)?);
            let down = k == -d || (k != d && below < above);
            let mut x = if down { above } else { below + 1 };
            let mut y = usize::try_from(isize::try_from(x).ok()? - k).ok()?;
            while x < old.len() && y < new.len() && old.get(x) == new.get(y) {
                x += 1;
                y += 1;
            }
            *reach.get_mut(at(k)?)? = x;
            if x >= old.len() && y >= new.len() {
                return back(old, new, &trace, most);
            }
        }
    }
    None
}

/// Goes back over the furthest places and names each line on the way.
fn back<'a>(
    old: &[&'a str],
    new: &[&'a str],
    trace: &[Vec<usize>],
    most: usize,
) -> Option<Vec<Line<'a>>> {
    let at = |k: isize| usize::try_from(k + isize::try_from(most).ok()? + 1).ok();
    let (mut x, mut y) = (old.len(), new.len());
    let mut made = Vec::new();
    for (d, reach) in trace.iter().enumerate().rev() {
        let d = isize::try_from(d).ok()?;
        let k = isize::try_from(x).ok()? - isize::try_from(y).ok()?;
        let (below, above) = (*reach.get(at(k - 1)?)?, *reach.get(at(k + 1)?)?);
        let down = k == -d || (k != d && below < above);
        let from_x = if d == 0 {
            0
        } else if down {
            above
        } else {
            below
        };
        let from_k = if down { k + 1 } else { k - 1 };
        let from_y = if d == 0 {
            0
        } else {
            usize::try_from(isize::try_from(from_x).ok()? - from_k).ok()?
        };
        let (stop_x, stop_y) = match (d, down) {
            (0, _) => (0, 0),
            (_, true) => (from_x, from_y + 1),
            (_, false) => (from_x + 1, from_y),
        };
        while x > stop_x && y > stop_y {
            x -= 1;
            y -= 1;
            made.push(Line::Same(old.get(x)?));
        }
        if d > 0 {
            made.push(if down { Line::New(new.get(from_y)?) } else { Line::Old(old.get(from_x)?) });
        }
        (x, y) = (from_x, from_y);
    }
    made.reverse();
    Some(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(old: &str, new: &str, expected: &str) {
        assert_eq!(unified("a.md", old, new), expected);
    }

    #[test]
    fn changes_are_told_with_the_lines_around_them() {
        check("a\n", "a\n", "");
        check("a\nb\nc\n", "a\nB\nc\n", "--- a.md\n+++ a.md\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
        check("", "a\n", "--- a.md\n+++ a.md\n@@ -0,0 +1,1 @@\n+a\n");
        check(
            "a",
            "a\n",
            "--- a.md\n+++ a.md\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n",
        );
        check(
            "1\n2\n3\n4\n5\n6\n7\n8\n9\nx\n",
            "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\ny\n",
            "--- a.md\n+++ a.md\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -7,4 +8,4 @@\n 7\n 8\n 9\n-x\n+y\n",
        );
    }

    /// Carries a list of lines out on the old text.
    fn carried(lines: &[Line<'_>], old: bool) -> String {
        lines
            .iter()
            .filter_map(|line| match line {
                Line::Same(text) => Some(*text),
                Line::Old(text) => old.then_some(*text),
                Line::New(text) => (!old).then_some(*text),
            })
            .collect()
    }

    proptest! {
        #[test]
        fn the_lines_are_those_of_both_texts(old in "([ab]\n){0,12}", new in "([ab]\n){0,12}") {
            let before: Vec<&str> = old.split_inclusive('\n').collect();
            let after: Vec<&str> = new.split_inclusive('\n').collect();
            let made = lines(&before, &after);
            prop_assert_eq!(carried(&made, true), old.clone());
            prop_assert_eq!(carried(&made, false), new.clone());
        }
    }

    #[test]
    fn texts_that_have_nothing_in_common_are_replaced_whole() {
        let old = "a\n".repeat(3_000);
        let new = "b\n".repeat(3_000);
        let made = unified("a.md", &old, &new);
        assert_eq!(made.lines().filter(|l| *l == "-a").count(), 3_000);
        assert_eq!(made.lines().filter(|l| *l == "+b").count(), 3_000);
    }
}
