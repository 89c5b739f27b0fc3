//! How far along the flow each shape stands: the longest way to it, back edges left out.

use crate::graph::{EdgeKind, Graph};

/// The column of each node. Every edge that is no back edge leads to a later column.
pub(crate) fn ranks(graph: &Graph) -> Vec<usize> {
    let outs = graph.outs();
    let mut ranks: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    let mut done: Vec<usize> = Vec::with_capacity(ranks.len());
    for (index, links) in outs.iter().enumerate() {
        // A shape that nothing leads to stands after the one written before it.
        let own = ranks
            .get(index)
            .copied()
            .flatten()
            .unwrap_or_else(|| done.last().map_or(0, |before| before + 1));
        done.push(own);
        for link in links.iter().filter_map(|l| graph.links.get(*l)) {
            if link.kind == EdgeKind::Back {
                continue;
            }
            if let Some(rank) = ranks.get_mut(link.to) {
                *rank = Some(rank.unwrap_or(0).max(own + 1));
            }
        }
    }
    done
}
