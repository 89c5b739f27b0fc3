//! Which row of its lane each shape stands in, so that few edges cross.
//!
//! A lane has one row unless several of its shapes share a column. The document's order decides
//! first; a swap is made only where it strictly shortens the edges, so that a small edit stays one.

use crate::graph::{Graph, ShapeKind};
use std::collections::{BTreeMap, BTreeSet};

/// The rows of the map.
#[derive(Debug)]
pub(crate) struct Rows {
    /// The row of each node, counted over all lanes.
    pub(crate) of: Vec<usize>,
    /// The first row of each lane, and one past the last row of the last lane.
    pub(crate) starts: Vec<usize>,
}

/// How often the cells are gone through for swaps.
const SWEEPS: usize = 2;

/// Gives every node its row.
pub(crate) fn rows(graph: &Graph, ranks: &[usize]) -> Rows {
    let near = neighbours(graph);
    let mut cells: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (index, (node, rank)) in graph.nodes.iter().zip(ranks).enumerate() {
        cells.entry((*rank, node.lane)).or_default().push(index);
    }
    let mut of: Vec<usize> = vec![0; graph.nodes.len()];
    for members in cells.values_mut() {
        members.sort_by_key(|index| (turn(graph, *index), *index));
        let mut taken = BTreeSet::new();
        for index in members.iter() {
            let wish = wish(graph, &near, &of, *index);
            let row = nearest_free(&taken, wish);
            taken.insert(row);
            if let Some(slot) = of.get_mut(*index) {
                *slot = row;
            }
        }
    }
    for _ in 0..SWEEPS {
        for members in cells.values().filter(|members| members.len() > 1) {
            swap(graph, &near, members, &mut of);
        }
    }
    across(graph, of)
}

/// Diamonds go first, as they stand beside their box; ends that nothing follows go last.
fn turn(graph: &Graph, index: usize) -> u8 {
    match graph.nodes.get(index).map(|node| node.kind) {
        Some(kind) if kind.is_gateway() => 0,
        Some(ShapeKind::Stop) => 2,
        _ => 1,
    }
}

/// For each node the nodes before and after it, back edges left out.
fn neighbours(graph: &Graph) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut near = vec![(Vec::new(), Vec::new()); graph.nodes.len()];
    for link in graph.links.iter().filter(|link| !link.is_back()) {
        if let Some(to) = near.get_mut(link.to) {
            to.0.push(link.from);
        }
        if let Some(from) = near.get_mut(link.from) {
            from.1.push(link.to);
        }
    }
    near
}

/// The row a node would like: that of the uppermost one before it in the same lane.
fn wish(graph: &Graph, near: &[(Vec<usize>, Vec<usize>)], of: &[usize], index: usize) -> usize {
    let lane = |i: usize| graph.nodes.get(i).map(|node| node.lane);
    near.get(index)
        .into_iter()
        .flat_map(|(before, _)| before)
        .filter(|before| lane(**before) == lane(index))
        .filter_map(|before| of.get(*before).copied())
        .min()
        .unwrap_or(0)
}

fn nearest_free(taken: &BTreeSet<usize>, wish: usize) -> usize {
    (0..=taken.len() + wish)
        .flat_map(|away| [wish.checked_sub(away), Some(wish + away)])
        .flatten()
        .find(|row| !taken.contains(row))
        .unwrap_or(wish)
}

/// Swaps two neighbours in a cell where that strictly shortens their edges within the lane.
fn swap(graph: &Graph, near: &[(Vec<usize>, Vec<usize>)], members: &[usize], of: &mut [usize]) {
    for pair in members.windows(2) {
        let [a, b] = pair else { continue };
        let is_bound = is_bound(graph, near, *a) || is_bound(graph, near, *b);
        if turn(graph, *a) != turn(graph, *b) || is_bound {
            continue;
        }
        let (Some(row_a), Some(row_b)) = (of.get(*a).copied(), of.get(*b).copied()) else {
            continue;
        };
        let now = pull(graph, near, of, *a, row_a) + pull(graph, near, of, *b, row_b);
        let then = pull(graph, near, of, *a, row_b) + pull(graph, near, of, *b, row_a);
        if then < now {
            of.swap(*a, *b);
        }
    }
}

/// Whether a node is one of a box and its diamond, which stand side by side.
fn is_bound(graph: &Graph, near: &[(Vec<usize>, Vec<usize>)], index: usize) -> bool {
    let is_diamond = |i: &usize| graph.nodes.get(*i).is_some_and(|node| node.kind.is_gateway());
    is_diamond(&index) || near.get(index).is_some_and(|(_, after)| after.iter().any(is_diamond))
}

/// How far the edges of a node reach up and down if it stands in a row.
fn pull(
    graph: &Graph,
    near: &[(Vec<usize>, Vec<usize>)],
    of: &[usize],
    index: usize,
    row: usize,
) -> usize {
    let Some(own) = graph.nodes.get(index) else { return 0 };
    near.get(index)
        .into_iter()
        .flat_map(|(before, after)| before.iter().chain(after))
        .filter_map(|other| Some((graph.nodes.get(*other)?.lane, *of.get(*other)?)))
        .map(|(lane, other)| match lane.cmp(&own.lane) {
            std::cmp::Ordering::Less => row,
            std::cmp::Ordering::Equal => row.abs_diff(other),
            // A deeper row is nearer to what lies in lower lanes.
            std::cmp::Ordering::Greater => 16usize.saturating_sub(row),
        })
        .sum()
}

/// Rows within lanes become rows of the whole map.
fn across(graph: &Graph, mut of: Vec<usize>) -> Rows {
    let mut heights = vec![1; graph.lanes.len()];
    for (node, row) in graph.nodes.iter().zip(&of) {
        if let Some(height) = heights.get_mut(node.lane) {
            *height = (*height).max(row + 1);
        }
    }
    let mut starts = vec![0];
    let mut next = 0;
    for height in heights {
        next += height;
        starts.push(next);
    }
    for (node, row) in graph.nodes.iter().zip(&mut of) {
        *row += starts.get(node.lane).copied().unwrap_or(0);
    }
    Rows { of, starts }
}
