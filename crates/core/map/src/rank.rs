//! How far along the flow each shape stands: the longest way to it, back edges left out.

use crate::graph::{Graph, ShapeKind};

/// The column of each node. Every edge that does not go back leads to a later column.
pub(crate) fn ranks(graph: &Graph) -> Vec<usize> {
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
        for link in links.iter().filter_map(|l| graph.links.get(*l)).filter(|l| !l.is_back()) {
            if let Some(rank) = ranks.get_mut(link.to) {
                *rank = Some(rank.unwrap_or(0).max(own + 1));
            }
        }
    }
    pull_starts(graph, &outs, &ranks, &mut done);
    done
}

/// A start that only later shapes follow stands right before the first of them.
fn pull_starts(graph: &Graph, outs: &[Vec<usize>], led: &[Option<usize>], done: &mut [usize]) {
    for (index, (node, links)) in graph.nodes.iter().zip(outs).enumerate() {
        let is_led_to = led.get(index).copied().flatten().is_some();
        if node.kind != ShapeKind::Start || is_led_to {
            continue;
        }
        let first = links
            .iter()
            .filter_map(|l| graph.links.get(*l))
            .filter(|link| !link.is_back())
            .filter_map(|link| done.get(link.to).copied())
            .min();
        if let (Some(first), Some(slot)) = (first, done.get_mut(index)) {
            *slot = first.saturating_sub(1);
        }
    }
}
