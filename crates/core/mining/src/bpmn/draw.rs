//! A process tree as nodes and flows: as a BPMN model with a drawing, and as a graph to be laid out.

use crate::report::Refusal;
use crate::tree::Tree;
use crate::xml::escape;
use gemba_map::{Graph, Link, Node, ShapeKind};
use gemba_model::StepKind;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Start,
    Task,
    /// One way is taken.
    Choice,
    /// Ways come together, one at a time.
    Join,
    /// All ways are taken.
    Fork,
    /// All ways are waited for.
    Merge,
    End,
}

#[derive(Default)]
struct Flow {
    nodes: Vec<(What, String)>,
    links: Vec<(usize, usize)>,
}

impl Flow {
    fn of(tree: &Tree) -> Self {
        let mut flow = Self::default();
        let start = flow.node(What::Start, "");
        let last = flow.block(tree, start);
        let end = flow.node(What::End, "");
        flow.links.push((last, end));
        flow
    }

    fn node(&mut self, what: What, name: &str) -> usize {
        self.nodes.push((what, name.to_owned()));
        self.nodes.len() - 1
    }

    /// Puts a block behind a node and gives the node that it ends with.
    fn block(&mut self, tree: &Tree, behind: usize) -> usize {
        match tree {
            Tree::Silent => behind,
            Tree::Activity(name) => {
                let node = self.node(What::Task, name);
                self.links.push((behind, node));
                node
            }
            Tree::Sequence(parts) => parts.iter().fold(behind, |last, part| self.block(part, last)),
            Tree::Choice(parts) => self.ways(parts, behind, What::Choice, What::Join),
            Tree::Parallel(parts) => self.ways(parts, behind, What::Fork, What::Merge),
            Tree::Loop(body, redo) => {
                let begin = self.node(What::Join, "");
                self.links.push((behind, begin));
                let last = self.block(body, begin);
                let end = self.node(What::Choice, "");
                self.links.push((last, end));
                let back = self.block(redo, end);
                self.links.push((back, begin));
                end
            }
        }
    }

    fn ways(&mut self, parts: &[Tree], behind: usize, split: What, join: What) -> usize {
        let begin = self.node(split, "");
        self.links.push((behind, begin));
        let lasts: Vec<usize> = parts.iter().map(|part| self.block(part, begin)).collect();
        let end = self.node(join, "");
        for last in lasts {
            self.links.push((last, end));
        }
        end
    }
}

/// A tree as a BPMN 2.0 model with its drawing.
///
/// # Errors
///
/// A model too large to be drawn is refused.
pub fn text(tree: &Tree, title: &str) -> Result<String, Refusal> {
    let flow = Flow::of(tree);
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <bpmn:definitions xmlns:bpmn=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" id=\"Definitions_found\" \
         targetNamespace=\"urn:gemba:bpmn\" exporter=\"Gemba\">\n  <bpmn:process id=\"Process_found\" name=\"",
    );
    escape(&mut out, title);
    out.push_str("\" isExecutable=\"false\">\n");
    for (n, (what, name)) in flow.nodes.iter().enumerate() {
        let element = match what {
            What::Start => "startEvent",
            What::Task => "task",
            What::Choice | What::Join => "exclusiveGateway",
            What::Fork | What::Merge => "parallelGateway",
            What::End => "endEvent",
        };
        put!(out, "    <bpmn:{element} id=\"Node_{n}\"");
        if !name.is_empty() {
            out.push_str(" name=\"");
            escape(&mut out, name);
            out.push('"');
        }
        out.push_str(">\n");
        for (at, _) in flow.links.iter().enumerate().filter(|(_, (_, to))| *to == n) {
            put!(out, "      <bpmn:incoming>Flow_{at}</bpmn:incoming>\n");
        }
        for (at, _) in flow.links.iter().enumerate().filter(|(_, (from, _))| *from == n) {
            put!(out, "      <bpmn:outgoing>Flow_{at}</bpmn:outgoing>\n");
        }
        put!(out, "    </bpmn:{element}>\n");
    }
    for (at, (from, to)) in flow.links.iter().enumerate() {
        put!(
            out,
            "    <bpmn:sequenceFlow id=\"Flow_{at}\" sourceRef=\"Node_{from}\" targetRef=\"Node_{to}\" />\n"
        );
    }
    out.push_str("  </bpmn:process>\n</bpmn:definitions>\n");
    let (definitions, _) = gemba_bpmn::read(out.as_bytes())
        .map_err(|refusal| Refusal::TooLarge(refusal.finding.message))?;
    Ok(gemba_bpmn::write(&gemba_bpmn::drawn(&definitions)))
}

/// A tree as a graph to be laid out.
pub fn graph(tree: &Tree, title: &str) -> Graph {
    let flow = Flow::of(tree);
    let nodes = flow.nodes.iter().enumerate().map(|(n, (what, name))| {
        let kind = match what {
            What::Start => ShapeKind::Start,
            What::Task => ShapeKind::Step(StepKind::Task),
            What::Choice => ShapeKind::Decision,
            What::Join => ShapeKind::Join,
            What::Fork | What::Merge => ShapeKind::Parallel,
            What::End => ShapeKind::Outcome,
        };
        let words = match what {
            What::Start => "Start",
            What::End => "End",
            What::Task => name,
            What::Choice | What::Join | What::Fork | What::Merge => "",
        };
        Node::new(format!("n{n}"), kind, 0, words)
    });
    let links = flow.links.iter().map(|(from, to)| Link::new(*from, *to)).collect();
    let graph = Graph { title: title.to_owned(), lanes: Vec::new(), nodes: nodes.collect(), links };
    graph.ordered()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::play::trees;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_tree_drawn_as_a_model_is_read_back_as_the_same(tree in trees()) {
            let tree = tree.folded();
            let text = text(&tree, "T").unwrap();
            let (definitions, report) = gemba_bpmn::read(text.as_bytes()).unwrap();
            prop_assert!(report.findings.is_empty(), "{:?}", report.findings);
            if tree.names().is_empty() {
                return Ok(());
            }
            let read = super::super::model(&definitions).unwrap();
            let sorted = |tree: &Tree| {
                let mut names: Vec<String> = tree.names().into_iter().map(str::to_owned).collect();
                names.sort();
                names
            };
            let found = read.tree.unwrap();
            prop_assert_eq!(sorted(&found), sorted(&tree));
            prop_assert_eq!(found.shortest(), tree.shortest());
        }
    }
}
