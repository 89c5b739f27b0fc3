//! Two texts that were made from the same one at the same time: what each changed, piece by piece, and
//! the text that comes of choosing.
//!
//! The merge is the usual three-way one by lines ("diff3", Khanna, Kunal and Pierce 2007): lines that
//! all three texts have in common hold it together, and what lies between them was changed by one
//! side, by both alike, or by both differently. Nothing is decided here: a piece that one side changed
//! can be left out as well as taken.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Texts with more lines are compared as a whole, between what they begin and end with alike.
const MAX_LINES: usize = 6_000;

/// A run of lines, as three texts have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// All three, or both later ones, say this.
    Same(String),
    /// One side changed it, or both did.
    Changed(Changed),
}

/// Who changed a run of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Only the one who merges.
    Me,
    /// Only the other one.
    Them,
    /// Both, differently.
    Both,
}

/// A run of lines that is not the same in all texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Who changed it.
    pub by: By,
    /// How it was.
    pub base: String,
    /// How it is in the text of the one who merges.
    pub mine: String,
    /// How it is in the other text.
    pub theirs: String,
}

/// What becomes of a changed run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// It is as mine.
    Mine,
    /// It is as theirs.
    Theirs,
    /// Mine, then theirs.
    Both,
    /// Other words.
    Words(String),
}

/// The pieces of two texts that were made from `base`, in order.
pub fn pieces(base: &str, mine: &str, theirs: &str) -> Vec<Piece> {
    let lines =
        |text: &'_ str| -> Vec<String> { text.split_inclusive('\n').map(str::to_owned).collect() };
    let (base, mine, theirs) = (lines(base), lines(mine), lines(theirs));
    let (to_mine, to_theirs) = (matches(&base, &mine), matches(&base, &theirs));
    let mut pieces = Vec::new();
    let (mut b, mut m, mut t) = (0, 0, 0);
    loop {
        // The next line that all three have.
        let next = (b..base.len()).find_map(|at| {
            let (m, t) = (to_mine.get(at).copied()??, to_theirs.get(at).copied()??);
            Some((at, m, t))
        });
        let (at, to_m, to_t) = next.unwrap_or((base.len(), mine.len(), theirs.len()));
        let text = |lines: &[String], from: usize, to: usize| {
            lines.get(from..to).unwrap_or_default().concat()
        };
        put(&mut pieces, text(&base, b, at), text(&mine, m, to_m), text(&theirs, t, to_t));
        if next.is_none() {
            return pieces;
        }
        put_same(&mut pieces, base.get(at).map_or("", String::as_str));
        (b, m, t) = (at + 1, to_m + 1, to_t + 1);
    }
}

fn put(pieces: &mut Vec<Piece>, base: String, mine: String, theirs: String) {
    let by = match (mine == base, theirs == base) {
        (true, true) => return put_same(pieces, &base),
        _ if mine == theirs => return put_same(pieces, &mine),
        (true, false) => By::Them,
        (false, true) => By::Me,
        (false, false) => By::Both,
    };
    pieces.push(Piece::Changed(Changed { by, base, mine, theirs }));
}

fn put_same(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Same(before)) => before.push_str(text),
        Some(Piece::Changed(_)) | None => pieces.push(Piece::Same(text.to_owned())),
    }
}

/// For each line of one text the line of the other that it is, where it is there.
fn matches(from: &[String], to: &[String]) -> Vec<Option<usize>> {
    let mut matched = vec![None; from.len()];
    let mut pair = |old: usize, new: usize, n: usize| {
        for step in 0..n {
            if let Some(slot) = matched.get_mut(old + step) {
                *slot = Some(new + step);
            }
        }
    };
    if from.len().max(to.len()) > MAX_LINES {
        let alike = |(a, b): &(&String, &String)| a == b;
        let first = from.iter().zip(to).take_while(alike).count();
        let room = from.len().min(to.len()) - first;
        let last = from.iter().rev().zip(to.iter().rev()).take(room).take_while(alike).count();
        pair(0, 0, first);
        pair(from.len() - last, to.len() - last, last);
        return matched;
    }
    for op in capture_diff_slices(Algorithm::Myers, from, to) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            pair(old_index, new_index, len);
        }
    }
    matched
}

/// The text that comes of choosing, one choice for each changed piece in order; `None` where a piece
/// that both changed is left without one. Of the others each is taken as its one side changed it.
pub fn settled(pieces: &[Piece], choices: &[Option<Choice>]) -> Option<String> {
    let mut out = String::new();
    let mut choices = choices.iter();
    for piece in pieces {
        let changed = match piece {
            Piece::Same(text) => {
                out.push_str(text);
                continue;
            }
            Piece::Changed(changed) => changed,
        };
        let choice = choices.next().cloned().flatten();
        let choice = choice.or(match changed.by {
            By::Me => Some(Choice::Mine),
            By::Them => Some(Choice::Theirs),
            By::Both => None,
        })?;
        match choice {
            Choice::Mine => out.push_str(&changed.mine),
            Choice::Theirs => out.push_str(&changed.theirs),
            Choice::Both => {
                put_whole(&mut out, &changed.mine);
                out.push_str(&changed.theirs);
            }
            Choice::Words(words) => put_whole(&mut out, &words),
        }
    }
    Some(out)
}

/// Words with the line break that keeps what follows on a line of its own.
fn put_whole(out: &mut String, words: &str) {
    out.push_str(words);
    if !words.is_empty() && !words.ends_with('\n') {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(by: By, base: &str, mine: &str, theirs: &str) -> Piece {
        let own = str::to_owned;
        Piece::Changed(Changed { by, base: own(base), mine: own(mine), theirs: own(theirs) })
    }

    fn same(text: &str) -> Piece {
        Piece::Same(text.to_owned())
    }

    #[test]
    fn each_change_is_told_by_who_made_it() {
        for (base, mine, theirs, expected) in [
            ("a\nb\nc\n", "a\nb\nc\n", "a\nb\nc\n", vec![same("a\nb\nc\n")]),
            (
                "a\nb\nc\n",
                "a\nB\nc\n",
                "a\nb\nc\n",
                vec![same("a\n"), changed(By::Me, "b\n", "B\n", "b\n"), same("c\n")],
            ),
            (
                "a\nb\n",
                "a\nb\n",
                "a\nb\nc\n",
                vec![same("a\nb\n"), changed(By::Them, "", "", "c\n")],
            ),
            ("a\nb\n", "a\nB\n", "a\nB\n", vec![same("a\nB\n")]),
            (
                "a\nb\nc\n",
                "a\nx\nc\n",
                "a\ny\nc\n",
                vec![same("a\n"), changed(By::Both, "b\n", "x\n", "y\n"), same("c\n")],
            ),
            (
                "1\n2\n3\n4\n5\n",
                "0\n1\n2\n3\n4\n5\n",
                "1\n2\n3\n4\n",
                vec![
                    changed(By::Me, "", "0\n", ""),
                    same("1\n2\n3\n4\n"),
                    changed(By::Them, "5\n", "5\n", ""),
                ],
            ),
            ("", "a\n", "b\n", vec![changed(By::Both, "", "a\n", "b\n")]),
        ] {
            assert_eq!(pieces(base, mine, theirs), expected, "{mine:?} {theirs:?}");
        }
    }

    #[test]
    fn a_text_comes_of_choosing_and_only_what_both_changed_must_be_chosen() {
        let pieces = pieces("a\nb\nc\nd\ne\n", "A\nb\nx\nd\ne\n", "a\nb\ny\nd\nE\n");
        assert_eq!(settled(&pieces, &[]), None);
        for (choice, middle) in [
            (Choice::Mine, "x\n"),
            (Choice::Theirs, "y\n"),
            (Choice::Both, "x\ny\n"),
            (Choice::Words("z".to_owned()), "z\n"),
        ] {
            let choices = [None, Some(choice), None];
            assert_eq!(settled(&pieces, &choices), Some(format!("A\nb\n{middle}d\nE\n")));
        }
        let left_out = [Some(Choice::Theirs), Some(Choice::Mine), Some(Choice::Mine)];
        assert_eq!(settled(&pieces, &left_out).as_deref(), Some("a\nb\nx\nd\ne\n"));
    }

    /// A text of few different lines, from a number: the smaller the number, the more alike.
    fn text(mut seed: u32, edits: u32) -> String {
        let mut lines: Vec<String> = (0..12).map(|n| format!("{}\n", n % 5)).collect();
        for _ in 0..edits {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = usize::try_from(seed >> 16).unwrap() % lines.len();
            match seed % 3 {
                0 => lines.insert(at, format!("new {}\n", seed % 7)),
                1 if lines.len() > 1 => drop(lines.remove(at)),
                _ => lines[at] = format!("other {}\n", seed % 7),
            }
        }
        lines.concat()
    }

    #[test]
    fn choosing_one_side_everywhere_gives_that_side() {
        for seed in 0..400 {
            let base = text(0, 0);
            let (mine, theirs) = (text(seed, seed % 6), text(seed * 31 + 7, seed % 5));
            let pieces = pieces(&base, &mine, &theirs);
            let n = pieces.iter().filter(|p| matches!(p, Piece::Changed(_))).count();
            let all = |choice: Choice| settled(&pieces, &vec![Some(choice); n]).unwrap();
            // What both did alike is part of either.
            assert_eq!(all(Choice::Mine), mine, "{seed}");
            assert_eq!(all(Choice::Theirs), theirs, "{seed}");
        }
    }

    #[test]
    fn very_long_texts_are_merged_between_what_is_alike() {
        let long = (0..7_000).map(|n| n.to_string()).collect::<Vec<_>>().join("\n") + "\n";
        let (mine, theirs) = (long.replace("\n10\n", "\nx\n"), format!("{long}more\n"));
        let pieces = pieces(&long, &mine, &theirs);
        assert_eq!(settled(&pieces, &[]), Some(format!("{mine}more\n")));
    }
}
