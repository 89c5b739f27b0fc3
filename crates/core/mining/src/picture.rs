//! The directly-follows graph as a graph to be laid out: activities with how often, ways with how often and how
//! long they take.

use crate::dfg::Dfg;
use crate::log::EventLog;
use crate::number::{floor, id, ix};
use crate::time;
use gemba_map::{EdgeKind, Graph, Link, Node, ShapeKind};
use gemba_model::StepKind;

/// The directly-follows graph of a log as a graph to be laid out.
pub fn graph(log: &EventLog, dfg: &Dfg, title: &str) -> Graph {
    let mut nodes = vec![Node::new("start", ShapeKind::Start, 0, "Start")];
    // The place of each activity that occurs.
    let mut places = vec![None; dfg.activities.len()];
    for (n, count) in dfg.activities.iter().enumerate().filter(|(_, count)| **count > 0) {
        if let Some(slot) = places.get_mut(n) {
            *slot = Some(nodes.len());
        }
        let name = log.activities.get(id(n));
        let kind = ShapeKind::Step(StepKind::Task);
        nodes.push(Node::new(format!("a{n}"), kind, 0, format!("{name} ({count})")));
    }
    let end = nodes.len();
    nodes.push(Node::new("end", ShapeKind::Outcome, 0, "End"));
    let place = |activity: u32| places.get(ix(activity)).copied().flatten();
    let mut links = Vec::new();
    let mut link = |from: Option<usize>, to: Option<usize>, label: String| {
        if let (Some(from), Some(to)) = (from, to) {
            links.push(Link { kind: EdgeKind::Branch, label: Some(label), ..Link::new(from, to) });
        }
    };
    let some = |counts: &[u64]| -> Vec<(u32, u64)> {
        let all = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        all.map(|(n, count)| (id(n), *count)).collect()
    };
    for (activity, count) in some(&dfg.starts) {
        link(Some(0), place(activity), count.to_string());
    }
    for edge in &dfg.edges {
        let time = edge.mean().and_then(|mean| i64::try_from(floor(mean.max(0.0))).ok());
        let time = time.map(|mean| format!(", {}", time::in_words(mean))).unwrap_or_default();
        link(place(edge.from), place(edge.to), format!("{}{time}", edge.count));
    }
    for (activity, count) in some(&dfg.ends) {
        link(place(activity), Some(end), count.to_string());
    }
    Graph { title: title.to_owned(), lanes: Vec::new(), nodes, links }.ordered()
}
