//! A process as a Graphviz graph.

use crate::graph::{EdgeKind, Graph, Node, ShapeKind};
use crate::mmd::{name, titled};
use crate::text::clean;
use gemba_model::{Process, StepKind};

/// Writes the map for Graphviz, one cluster per lane.
///
/// An approval is an octagon, a wait an arrow-shaped box, a procedure has a double border, parallel
/// work is slanted; handoffs are thick, ways back dashed.
pub fn dot(process: &Process) -> String {
    let graph = Graph::of(process);
    let mut out = format!(
        "digraph process {{\n  label=\"{}\";\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n  \
         edge [fontname=\"sans-serif\"];\n",
        quote(&clean(&process.title))
    );
    for (index, lane) in graph.lanes.iter().enumerate() {
        putln!(out, "  subgraph cluster_{index} {{\n    label=\"{}\";", quote(lane));
        for node in graph.nodes.iter().filter(|node| node.lane == index) {
            putln!(out, "    {} [{}];", name(&node.id), attributes(node));
        }
        out.push_str("  }\n");
    }
    for link in &graph.links {
        let (Some(from), Some(to)) = (graph.nodes.get(link.from), graph.nodes.get(link.to)) else {
            continue;
        };
        let mut extra: Vec<String> = Vec::new();
        if let Some(label) = &link.label {
            extra.push(format!("label=\"{}\"", quote(label)));
        }
        match link.kind {
            EdgeKind::Sequence | EdgeKind::Branch => {}
            // A way back says nothing about the order, and Graphviz fails on some circles through
            // clusters if it may.
            EdgeKind::Back => extra.push("style=dashed, constraint=false".to_owned()),
            EdgeKind::Handoff => extra.push("penwidth=2".to_owned()),
        }
        let extra =
            if extra.is_empty() { String::new() } else { format!(" [{}]", extra.join(", ")) };
        putln!(out, "  {} -> {}{extra};", name(&from.id), name(&to.id));
    }
    out.push_str("}\n");
    out
}

fn attributes(node: &Node) -> String {
    let text = quote(&titled(node));
    match node.kind {
        ShapeKind::Step(StepKind::Approval) => format!("shape=octagon, label=\"{text}\""),
        ShapeKind::Step(StepKind::Wait) => format!("shape=cds, label=\"{text}\""),
        ShapeKind::Step(StepKind::Call) => format!("shape=box, peripheries=2, label=\"{text}\""),
        ShapeKind::Step(StepKind::Parallel) => format!("shape=parallelogram, label=\"{text}\""),
        ShapeKind::Step(StepKind::Task | StepKind::Decision | StepKind::End) => {
            format!("shape=box, style=rounded, label=\"{text}\"")
        }
        ShapeKind::Decision => "shape=diamond, label=\"?\"".to_owned(),
        ShapeKind::Join => "shape=diamond, label=\"\"".to_owned(),
        ShapeKind::Parallel => "shape=diamond, label=\"+\"".to_owned(),
        ShapeKind::Start | ShapeKind::Event => format!("shape=oval, label=\"{text}\""),
        ShapeKind::Outcome | ShapeKind::Stop => {
            format!("shape=oval, peripheries=2, label=\"{text}\"")
        }
    }
}

/// A text within Graphviz's quotes. A backslash is doubled, as it begins an escape of labels.
fn quote(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn nothing_in_a_text_can_end_its_quotes() {
        let check = |text: &str, expected: &str| assert_eq!(quote(text), expected);
        check("plain", "plain");
        check("say \"no\"", "say \\\"no\\\"");
        check("ends with \\", "ends with \\\\");
        check("\\\" -> x", "\\\\\\\" -> x");
        check("<b>", "<b>");
    }
}
