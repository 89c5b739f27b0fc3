//! Long stretches of one lane in several rows, as text is broken into lines: the flow goes on at the
//! left of the next row.
//!
//! A stretch is columns of which every shape stands in one lane. It is cut where the fewest edges
//! pass, near the length that is asked for, from its beginning: a step more moves what follows it and
//! nothing before it.

use crate::graph::Graph;
use crate::order::Rows;
use crate::rank::Ranks;
use std::ops::Range;

/// How much earlier than asked a stretch may be cut, where fewer edges pass.
const EARLIER: usize = 2;
/// What an edge that goes back counts, where it passes a cut.
const BACK: usize = 2;

/// Breaks all stretches that are half as long again as this many columns.
pub(crate) fn wrap(graph: &Graph, ranks: &mut Ranks, rows: &mut Rows, columns: usize) {
    let mut shift = 0;
    for (lane, stretch) in stretches(graph, &ranks.of) {
        let stretch = stretch.start - shift..stretch.end - shift;
        if columns > EARLIER + 1 && stretch.len() * 2 > columns * 3 {
            let pieces = pieces(graph, &ranks.of, stretch.clone(), columns);
            shift += fold(graph, ranks, rows, lane, &pieces);
        }
    }
}

/// The stretches of one lane each, with that lane, along the flow.
fn stretches(graph: &Graph, of: &[usize]) -> Vec<(usize, Range<usize>)> {
    let count = of.iter().max().map_or(0, |last| last + 1);
    let mut lanes: Vec<Option<usize>> = vec![None; count];
    let mut is_mixed = vec![false; count];
    for (node, column) in graph.nodes.iter().zip(of) {
        let (Some(lane), Some(mixed)) = (lanes.get_mut(*column), is_mixed.get_mut(*column)) else {
            continue;
        };
        *mixed |= lane.is_some_and(|lane| lane != node.lane);
        *lane = Some(node.lane);
    }
    let mut found: Vec<(usize, Range<usize>)> = Vec::new();
    for (column, (lane, mixed)) in lanes.iter().zip(is_mixed).enumerate() {
        let Some(lane) = lane.filter(|_| !mixed) else { continue };
        match found.last_mut() {
            Some((own, stretch)) if *own == lane && stretch.end == column => {
                stretch.end = column + 1;
            }
            _ => found.push((lane, column..column + 1)),
        }
    }
    found
}

/// Cuts a stretch into pieces of about so many columns.
fn pieces(graph: &Graph, of: &[usize], stretch: Range<usize>, columns: usize) -> Vec<Range<usize>> {
    // What passes between a column and the one after it.
    let mut passing = vec![0usize; stretch.end + 1];
    let column = |node: usize| of.get(node).copied().unwrap_or(0);
    for link in &graph.links {
        let (from, to) = (column(link.from), column(link.to));
        let weight = if link.is_back() { BACK } else { 1 };
        for between in from.min(to)..from.max(to) {
            if let Some(count) = passing.get_mut(between) {
                *count += weight;
            }
        }
    }
    // A diamond stands behind its box.
    for (node, column) in graph.nodes.iter().zip(of) {
        let before = column.checked_sub(1).filter(|_| node.kind.is_gateway());
        if let Some(count) = before.and_then(|before| passing.get_mut(before)) {
            *count += 1;
        }
    }
    let mut pieces = Vec::new();
    let mut start = stretch.start;
    while stretch.end - start > columns {
        let ends = (start + columns - EARLIER..=start + columns).rev();
        let best = ends
            .min_by_key(|end| end.checked_sub(1).and_then(|last| passing.get(last)).copied())
            .unwrap_or(start + columns);
        pieces.push(start..best);
        start = best;
    }
    pieces.push(start..stretch.end);
    pieces
}

/// Lays the pieces of a stretch below each other and gives back how many columns that saves.
fn fold(
    graph: &Graph,
    ranks: &mut Ranks,
    rows: &mut Rows,
    lane: usize,
    pieces: &[Range<usize>],
) -> usize {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return 0 };
    let (start, end) = (first.start, last.end);
    let longest = pieces.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
    let saved = (end - start).saturating_sub(longest);
    let top = rows.starts.get(lane).copied().unwrap_or(0);
    let height = rows.starts.get(lane + 1).map_or(1, |next| next - top);
    // How many rows each piece takes, and where it begins within the lane.
    let mut needs = vec![1; pieces.len()];
    for (column, row) in ranks.of.iter().zip(&rows.of) {
        let piece = pieces.iter().position(|piece| piece.contains(column));
        if let Some(need) = piece.and_then(|piece| needs.get_mut(piece)) {
            *need = (*need).max(row - top + 1);
        }
    }
    let mut begins = Vec::with_capacity(needs.len());
    let mut below = 0;
    for need in &needs {
        begins.push(below);
        below += need;
    }
    let more = below.saturating_sub(height);
    for ((node, column), row) in graph.nodes.iter().zip(&mut ranks.of).zip(&mut rows.of) {
        let piece = pieces.iter().zip(&begins).find(|(piece, _)| piece.contains(column));
        if let Some((piece, begin)) = piece {
            *column = start + (*column - piece.start);
            *row += begin;
        } else if *column >= end {
            *column -= saved;
        }
        if node.lane > lane {
            *row += more;
        }
    }
    for edge in rows.starts.iter_mut().skip(lane + 1) {
        *edge += more;
    }
    saved
}
