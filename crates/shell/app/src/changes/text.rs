//! What is different between two texts: lines that stayed, went and came, and within those the words.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// From how many pairs of differing lines on they are no longer compared one by one: the work grows with
/// their number, and nobody reads so much.
const MOST_COMPARED: usize = 16_000_000;
/// The most words of a line that are compared one by one.
const MOST_WORDS: usize = 2_000;

/// Lines that stayed, or lines that took the place of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Whether they stayed.
    pub is_same: bool,
    /// The number of the first old line, from 1.
    pub old_line: usize,
    /// The number of the first new line, from 1.
    pub new_line: usize,
    /// The old lines.
    pub old: Vec<String>,
    /// The new lines; the old ones again where they stayed.
    pub new: Vec<String>,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// Whether the other line says something else here.
    pub differs: bool,
}

/// Two texts line by line (Myers 1986); the ends of lines do not count.
pub fn blocks(old: &str, new: &str) -> Vec<Block> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = |(a, b): &(&&str, &&str)| a == b;
    let head = old.iter().zip(&new).take_while(same).count();
    let rest = |lines: &[&str]| lines.len() - head;
    let room = rest(&old).min(rest(&new));
    let tail = old.iter().rev().zip(new.iter().rev()).take(room).take_while(same).count();
    let n_old = rest(&old) - tail;
    let n_new = rest(&new) - tail;
    let middle_old = old.get(head..head + n_old).unwrap_or_default();
    let middle_new = new.get(head..head + n_new).unwrap_or_default();
    let mut spans = vec![(true, 0, head, 0, head)];
    if n_old.saturating_mul(n_new) > MOST_COMPARED {
        spans.push((false, head, n_old, head, n_new));
    } else {
        let ops = capture_diff_slices(Algorithm::Myers, middle_old, middle_new);
        spans.extend(ops.iter().map(|op| {
            let (same, old_at, old_len, new_at, new_len) = span(op);
            (same, head + old_at, old_len, head + new_at, new_len)
        }));
    }
    spans.push((true, head + n_old, tail, head + n_new, tail));
    let lines = |all: &[&str], at: usize, n: usize| {
        let lines = all.get(at..at + n).unwrap_or_default();
        lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>()
    };
    let mut blocks: Vec<Block> = Vec::new();
    for (is_same, old_at, old_len, new_at, new_len) in spans {
        if old_len + new_len == 0 {
            continue;
        }
        let (old, new) = (lines(&old, old_at, old_len), lines(&new, new_at, new_len));
        match blocks.last_mut() {
            Some(last) if last.is_same == is_same => {
                last.old.extend(old);
                last.new.extend(new);
            }
            _ => {
                let (old_line, new_line) = (old_at + 1, new_at + 1);
                blocks.push(Block { is_same, old_line, new_line, old, new });
            }
        }
    }
    blocks
}

/// An operation as: whether the same, where and how many of the old, where and how many of the new.
fn span(op: &DiffOp) -> (bool, usize, usize, usize, usize) {
    match *op {
        DiffOp::Equal { old_index, new_index, len } => (true, old_index, len, new_index, len),
        DiffOp::Delete { old_index, old_len, new_index } => {
            (false, old_index, old_len, new_index, 0)
        }
        DiffOp::Insert { old_index, new_index, new_len } => {
            (false, old_index, 0, new_index, new_len)
        }
        DiffOp::Replace { old_index, old_len, new_index, new_len } => {
            (false, old_index, old_len, new_index, new_len)
        }
    }
}

/// Two lines word by word. Lines that share too little are different as a whole: marking every other word
/// helps nobody.
pub fn words(old: &str, new: &str) -> (Vec<Piece>, Vec<Piece>) {
    let whole = |text: &str| vec![Piece { text: text.to_owned(), differs: true }];
    let (was, is) = (split(old), split(new));
    if was.len().max(is.len()) > MOST_WORDS {
        return (whole(old), whole(new));
    }
    let ops = capture_diff_slices(Algorithm::Myers, &was, &is);
    let length = |words: &[&str]| words.iter().map(|w| w.trim().len()).sum::<usize>();
    let shared: usize = ops
        .iter()
        .filter_map(|op| match *op {
            DiffOp::Equal { old_index, len, .. } => was.get(old_index..old_index + len),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => None,
        })
        .map(length)
        .sum();
    if shared * 4 < length(&was).max(length(&is)) {
        return (whole(old), whole(new));
    }
    let mut sides = (Vec::new(), Vec::new());
    for op in &ops {
        let (same, old_at, old_len, new_at, new_len) = span(op);
        let put = |side: &mut Vec<Piece>, words: &[&str]| {
            if !words.is_empty() {
                side.push(Piece { text: words.concat(), differs: !same });
            }
        };
        put(&mut sides.0, was.get(old_at..old_at + old_len).unwrap_or_default());
        put(&mut sides.1, is.get(new_at..new_at + new_len).unwrap_or_default());
    }
    sides
}

/// A line as words, spaces and marks; together they are the line again.
fn split(line: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        c if c.is_alphanumeric() => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut parts = Vec::new();
    let mut begin = 0;
    let mut last: Option<u8> = None;
    for (at, c) in line.char_indices() {
        let now: u8 = kind(c);
        if last.is_some_and(|last| last != now || now == 2) {
            parts.push(line.get(begin..at).unwrap_or_default());
            begin = at;
        }
        last = Some(now);
    }
    if begin < line.len() {
        parts.push(line.get(begin..).unwrap_or_default());
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks as text: " " for lines that stayed, "-" and "+" for those that went and came.
    fn shown(old: &str, new: &str) -> String {
        let mut out = String::new();
        for block in blocks(old, new) {
            let mut put = |mark: char, lines: &[String]| {
                for line in lines {
                    out.push(mark);
                    out.push_str(line);
                    out.push('|');
                }
            };
            if block.is_same {
                assert_eq!(block.old, block.new);
                put(' ', &block.old);
            } else {
                put('-', &block.old);
                put('+', &block.new);
            }
        }
        out
    }

    #[test]
    fn lines_stay_go_and_come() {
        for (old, new, expected) in [
            ("", "", ""),
            ("a\nb\n", "a\nb\n", " a| b|"),
            ("a\r\nb\n", "a\nb", " a| b|"),
            ("", "a\n", "+a|"),
            ("a\n", "", "-a|"),
            ("a\nb\nc\n", "a\nx\nc\n", " a|-b|+x| c|"),
            ("a\nb\nc\nd\n", "b\nc\nd\ne\n", "-a| b| c| d|+e|"),
            ("a\na\n", "a\n", " a|-a|"),
        ] {
            assert_eq!(shown(old, new), expected, "{old:?} {new:?}");
        }
    }

    #[test]
    fn each_block_says_where_it_begins_on_both_sides() {
        let found: Vec<(usize, usize)> = blocks("a\nb\nc\n", "a\nx\ny\nc\n")
            .iter()
            .map(|block| (block.old_line, block.new_line))
            .collect();
        assert_eq!(found, [(1, 1), (2, 2), (3, 4)]);
    }

    #[test]
    fn texts_that_share_nothing_are_compared_in_a_moment() {
        let text =
            |mark: &str| (0..6_000).map(|n| format!("{mark}{n}")).collect::<Vec<_>>().join("\n");
        let found = blocks(&text("a"), &text("b"));
        assert_eq!(found.len(), 1);
        assert!(found.iter().all(|block| block.old.len() == 6_000 && block.new.len() == 6_000));
    }

    #[test]
    fn the_words_that_differ_are_marked() {
        let marked = |pieces: Vec<Piece>| {
            let mark = |p: Piece| if p.differs { format!("[{}]", p.text) } else { p.text };
            pieces.into_iter().map(mark).collect::<String>()
        };
        for (old, new, was, is) in [
            ("in two days.", "in three days.", "in [two] days.", "in [three] days."),
            ("Pay it", "Pay it now", "Pay it", "Pay it[ now]"),
            ("Größe 4, rot", "Größe 5, rot", "Größe [4], rot", "Größe [5], rot"),
            (
                "all is new here",
                "nothing of that stayed",
                "[all is new here]",
                "[nothing of that stayed]",
            ),
            ("", "x", "[]", "[x]"),
        ] {
            let (left, right) = words(old, new);
            assert_eq!((marked(left), marked(right)), (was.to_owned(), is.to_owned()));
        }
    }
}
