//! Steps that are rows of a table: their cells, and what can be put into them.

use super::reading::{Flat, Reading};
use super::{Making, applied};
use std::ops::Range;

/// The cells of a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The bytes of each cell in the text, without the blanks around it.
    pub(super) cells: Vec<Range<usize>>,
    /// Which of them says what is done.
    pub(super) titled: usize,
}

impl Row {
    pub(super) fn of(old: &Reading, here: &Flat) -> Self {
        let line = old.first_line(here);
        let cells: Vec<Range<usize>> = cells(line)
            .into_iter()
            .map(|cell| here.start + cell.start..here.start + cell.end)
            .collect();
        let text = |cell: &Range<usize>| old.source.get(cell.clone()).unwrap_or_default();
        let said = here.step.title.to_lowercase();
        let holds = |cell: &Range<usize>| {
            let plain = text(cell).replace(['*', '_', '`'], "").to_lowercase();
            plain.len() > 3 && (plain.starts_with(&said) || said.starts_with(&plain))
        };
        let longest =
            (0..cells.len()).max_by_key(|n| cells.get(*n).map_or(0, ExactSizeIterator::len));
        let titled = cells.iter().position(holds).or(longest).unwrap_or(0);
        Self { cells, titled }
    }
}

/// The bytes of the cells of a line, without the blanks around them; a bar after a backslash is none.
fn cells(line: &str) -> Vec<Range<usize>> {
    let mut bars = Vec::new();
    let mut is_escaped = false;
    for (at, c) in line.char_indices() {
        if c == '|' && !is_escaped {
            bars.push(at);
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    let end = line.trim_end().len();
    let first = usize::from(line.starts_with('|'));
    let mut starts: Vec<usize> = bars.iter().skip(first).map(|bar| bar + 1).collect();
    starts.insert(0, first);
    let mut ends: Vec<usize> = bars.iter().skip(first).copied().collect();
    if bars.last().is_some_and(|bar| bar + 1 == end) {
        starts.pop();
    } else {
        ends.push(end);
    }
    starts
        .into_iter()
        .zip(ends)
        .map(|(from, to)| {
            let cell = line.get(from..to).unwrap_or_default();
            let left = from + cell.len() - cell.trim_start().len();
            left..(left + cell.trim().len())
        })
        .collect()
}

/// Words as they may stand in a cell.
pub(super) fn in_cell(words: &str) -> String {
    words.replace('|', "\\|")
}

/// Lines put into a row, in each of the ways in which rows say such things: in an empty cell, as further
/// sentences of what is done, or on lines of their own within a cell. What is said under a name ("Due:
/// Friday") stands in a column of that name without it.
pub(super) fn parts(old: &Reading, here: &Flat, lines: &str, chosen: &str) -> Vec<Making> {
    let row = Row::of(old, here);
    let words = in_cell(&lines.lines().collect::<Vec<_>>().join(" "));
    let (bare, chosen) = (in_cell(chosen), in_cell(chosen));
    let at_title = row.cells.get(row.titled).cloned().into_iter();
    let others =
        row.cells.iter().enumerate().filter(|(n, _)| *n != row.titled).map(|(_, c)| c.clone());
    let is_named = lines.lines().count() == 1 && lines.contains(": ");
    let mut ways = Vec::new();
    if is_named {
        ways.extend(others.clone().filter(Range::is_empty).map(|cell| (cell, bare.clone())));
    }
    for cell in at_title.chain(others) {
        let own = old.source.get(cell.clone()).unwrap_or_default();
        if own.is_empty() {
            continue;
        }
        let joint = if own.ends_with(['.', '!', '?', ':']) { " " } else { ". " };
        ways.push((cell.clone(), format!("{own}{joint}{words}")));
        ways.push((cell, format!("{own}<br>{words}")));
    }
    let made = |(cell, text): (Range<usize>, String)| {
        let place = cell.start;
        let lacks = |side: Option<&str>, blank: fn(&str) -> bool| !side.is_some_and(blank);
        let before = lacks(old.source.get(..place), |t| t.ends_with(' '));
        let after = lacks(old.source.get(cell.end..), |t| t.starts_with(' '));
        let blank = |is_needed: bool| if is_needed && cell.is_empty() { " " } else { "" };
        let text = format!("{}{text}{}", blank(before), blank(after));
        let from = text.rfind(&chosen).unwrap_or(0);
        let select = from..from + chosen.len();
        let (text, select) = applied(&old.source, vec![(cell, text)], place, select);
        Making { text, select, places: (0..old.steps.len()).collect() }
    };
    ways.into_iter().map(made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_cells_between_its_bars() {
        for (line, expected) in [
            ("| 1 | Lead | Open |", vec!["1", "Lead", "Open"]),
            ("| 1 | | Open |", vec!["1", "", "Open"]),
            ("|1||Open|", vec!["1", "", "Open"]),
            ("1 | Open", vec!["1", "Open"]),
            ("| a \\| b | c", vec!["a \\| b", "c"]),
            ("|", vec![]),
            ("", vec![""]),
            ("| ü | é|  ", vec!["ü", "é"]),
        ] {
            let found: Vec<&str> =
                cells(line).into_iter().map(|cell| line.get(cell).unwrap()).collect();
            assert_eq!(found, expected, "{line}");
        }
    }
}
