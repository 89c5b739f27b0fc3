//! How far along the flow each shape stands: the longest way to it, back edges left out.
//!
//! A shape that another lane hands over to shares the column of the shape before it where the way
//! straight across is free, so that a process of many handoffs stays narrow.

use crate::graph::{Graph, ShapeKind};
use crate::order::{self, Rows};
use std::collections::{BTreeMap, BTreeSet};

/// The columns of the map.
#[derive(Debug)]
pub(crate) struct Ranks {
    /// The column of each node. Every edge that neither goes back nor straight across leads to a later
    /// column.
    pub(crate) of: Vec<usize>,
    /// The links that stay within their column, straight across the flow into another lane.
    pub(crate) across: BTreeSet<usize>,
}

/// How often columns are given out again without the links whose way across is not free.
const ROUNDS: usize = 8;

/// Gives every node its column and its row.
pub(crate) fn ranks(graph: &Graph) -> (Ranks, Rows) {
    let plain = columns(graph, &BTreeSet::new());
    let mut across = candidates(graph, &plain);
    for _ in 0..ROUNDS {
        let of = columns(graph, &across);
        let rows = order::rows(graph, &of);
        let kept = free(graph, &of, &rows, &across);
        if kept.len() == across.len() {
            return (Ranks { of, across }, rows);
        }
        across = kept;
    }
    let rows = order::rows(graph, &plain);
    (Ranks { of: plain, across: BTreeSet::new() }, rows)
}

/// The links that may lead straight across: to a node only the one that comes from farthest along,
/// from a box its only one, from a diamond one on each side; never back and forth within one chain.
fn candidates(graph: &Graph, plain: &[usize]) -> BTreeSet<usize> {
    let column = |node: usize| plain.get(node).copied().unwrap_or(0);
    let mut last: BTreeMap<usize, usize> = BTreeMap::new();
    for (index, link) in graph.links.iter().enumerate().filter(|(_, link)| !link.is_back()) {
        let best = last.entry(link.to).or_insert(index);
        if graph.links.get(*best).is_some_and(|other| column(other.from) < column(link.from)) {
            *best = index;
        }
    }
    let mut found = BTreeSet::new();
    let mut led: BTreeMap<usize, bool> = BTreeMap::new();
    let mut left: BTreeSet<(usize, bool)> = BTreeSet::new();
    let outs = graph.outs();
    for (index, link) in graph.links.iter().enumerate().filter(|(_, link)| !link.is_back()) {
        let (Some(from), Some(to)) = (graph.nodes.get(link.from), graph.nodes.get(link.to)) else {
            continue;
        };
        let is_down = from.lane < to.lane;
        let is_alone = outs.get(link.from).is_some_and(|links| links.len() == 1);
        let goes_on = led.get(&link.from).is_none_or(|down| *down == is_down);
        // All corners of a diamond are for what leaves it.
        let may = from.lane != to.lane
            && (is_alone || from.kind.is_gateway())
            && !to.kind.is_gateway()
            && last.get(&link.to) == Some(&index);
        if may && goes_on && !left.contains(&(link.from, is_down)) {
            led.insert(link.to, is_down);
            left.insert((link.from, is_down));
            found.insert(index);
        }
    }
    found
}

/// Those links of these whose two shapes do stand in one column with nothing between them.
fn free(graph: &Graph, of: &[usize], rows: &Rows, across: &BTreeSet<usize>) -> BTreeSet<usize> {
    let at =
        |node: usize| (of.get(node).copied().unwrap_or(0), rows.of.get(node).copied().unwrap_or(0));
    let cells: BTreeSet<(usize, usize)> = (0..graph.nodes.len()).map(at).collect();
    let mut kept = BTreeSet::new();
    // Two lines in one column must not run through the same gap between rows.
    let mut gaps: BTreeSet<(usize, usize)> = BTreeSet::new();
    for index in across {
        let Some(link) = graph.links.get(*index) else { continue };
        let ((column, from), (own, to)) = (at(link.from), at(link.to));
        let (low, high) = (from.min(to), from.max(to));
        let is_open = (low + 1..high).all(|row| !cells.contains(&(column, row)));
        let is_clear = (low..high).all(|row| !gaps.contains(&(column, row)));
        if own == column && is_open && is_clear {
            gaps.extend((low..high).map(|row| (column, row)));
            kept.insert(*index);
        }
    }
    kept
}

fn columns(graph: &Graph, across: &BTreeSet<usize>) -> Vec<usize> {
    let outs = graph.outs();
    let mut ranks: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    let mut done: Vec<usize> = Vec::with_capacity(ranks.len());
    for (index, (node, links)) in graph.nodes.iter().zip(&outs).enumerate() {
        // A shape that nothing leads to stands after the one written before it, but a start begins.
        let own = ranks.get(index).copied().flatten().unwrap_or_else(|| match node.kind {
            ShapeKind::Start => 0,
            _ => done.last().map_or(0, |before| before + 1),
        });
        done.push(own);
        for index in links {
            let Some(link) = graph.links.get(*index).filter(|link| !link.is_back()) else {
                continue;
            };
            let far = usize::from(!across.contains(index));
            if let Some(rank) = ranks.get_mut(link.to) {
                *rank = Some(rank.unwrap_or(0).max(own + far));
            }
        }
    }
    pull_starts(graph, &outs, across, &ranks, &mut done);
    done
}

/// A start that only later shapes follow stands right before the first of them.
fn pull_starts(
    graph: &Graph,
    outs: &[Vec<usize>],
    across: &BTreeSet<usize>,
    led: &[Option<usize>],
    done: &mut [usize],
) {
    for (index, (node, links)) in graph.nodes.iter().zip(outs).enumerate() {
        let is_led_to = led.get(index).copied().flatten().is_some();
        if node.kind != ShapeKind::Start || is_led_to {
            continue;
        }
        let first = links
            .iter()
            .filter_map(|l| graph.links.get(*l).map(|link| (*l, link)))
            .filter(|(_, link)| !link.is_back())
            .filter_map(|(l, link)| Some(done.get(link.to)? + usize::from(across.contains(&l))))
            .min();
        if let (Some(first), Some(slot)) = (first, done.get_mut(index)) {
            *slot = first.saturating_sub(1);
        }
    }
}
