//! Steps that stand in a flowchart: nodes are steps, diamonds decisions, subgraphs lanes.
//!
//! Reads the `graph` and `flowchart` diagrams of Mermaid as its documentation describes them
//! (<https://mermaid.js.org/syntax/flowchart.html>): node shapes, chains, labelled edges, `&`,
//! subgraphs. Other statements are passed over.

use crate::block::{Block, Kind};
use crate::decision::{self, Jump};
use crate::draft::{self, Draft};
use crate::inline::fold;
use crate::outline::Section;
use gemba_model::{Decision, SeatSource, Slug, Span, Step, StepId, StepSeat, Target};
use std::collections::{BTreeMap, BTreeSet};

/// The most edges that are read of a diagram.
const MAX_EDGES: usize = 5_000;

#[derive(Debug, Default)]
struct Chart {
    nodes: Vec<Node>,
    places: BTreeMap<String, usize>,
    edges: Vec<Edge>,
    lanes: Vec<String>,
}

#[derive(Debug)]
struct Node {
    text: String,
    asks: bool,
    /// Drawn as the shape in which charts begin and end.
    round: bool,
    lane: Option<String>,
    span: std::ops::Range<usize>,
}

#[derive(Debug)]
struct Edge {
    from: usize,
    to: usize,
    label: String,
}

/// The most flowcharts that are read of a document.
const MAX_CHARTS: usize = 20;

/// The steps of the flowcharts of a document, one after the other; a chart that tells again what one
/// before it told is left out.
pub(crate) fn steps(source: &str, sections: &[Section<'_>]) -> Vec<Draft> {
    let blocks = sections.iter().flat_map(|s| s.blocks);
    let charts = blocks.filter(|b| b.kind == Kind::Code).filter_map(|b| read(source, b));
    let mut steps: Vec<Draft> = Vec::new();
    for (group, chart) in charts.take(MAX_CHARTS).enumerate() {
        let drafts = chart.drafts();
        let told = |draft: &&Draft| {
            steps.iter().any(|known| known.step.title.eq_ignore_ascii_case(&draft.step.title))
        };
        if drafts.iter().filter(told).count() * 2 > drafts.len() {
            continue;
        }
        let before = steps.len();
        for (n, mut draft) in drafts.into_iter().enumerate() {
            if before + n >= draft::MAX_STEPS {
                return steps;
            }
            draft.step.number = (before + n + 1).to_string();
            draft.group = group;
            steps.push(draft);
        }
    }
    steps
}

fn read(source: &str, block: &Block) -> Option<Chart> {
    let text = source.get(block.span.clone())?;
    let mut lines = text.split_inclusive('\n');
    let opening = lines.next()?;
    let language = opening.trim().trim_start_matches(['`', '~', '{', ' ']).trim_end_matches('}');
    if !language.starts_with("mermaid") {
        return None;
    }
    let mut at = block.span.start + opening.len();
    let mut chart = Chart::default();
    let mut begun = false;
    for line in lines {
        for statement in line.split(';') {
            let bare = statement.trim();
            if !begun && !bare.is_empty() && !bare.starts_with("%%") {
                if !(bare.starts_with("graph") || bare.starts_with("flowchart")) {
                    return None;
                }
                begun = true;
            } else if begun {
                let from = at + (statement.len() - statement.trim_start().len());
                chart.statement(bare, from..from + bare.len());
            }
            at += statement.len() + 1;
        }
        // The last part of a line has no semicolon behind it.
        at -= 1;
        if chart.nodes.len() >= draft::MAX_STEPS || chart.edges.len() >= MAX_EDGES {
            break;
        }
    }
    (chart.nodes.len() > 1).then_some(chart)
}

impl Chart {
    fn statement(&mut self, text: &str, span: std::ops::Range<usize>) {
        let word = text.split_whitespace().next().unwrap_or_default();
        match word {
            "subgraph" => {
                let rest = text.get(word.len()..).unwrap_or_default().trim();
                // "subgraph id [Title]" or "subgraph Title".
                let title = rest.split_once('[').map_or(rest, |(_, t)| t.trim_end_matches(']'));
                self.lanes.push(words(title));
            }
            "end" => {
                self.lanes.pop();
            }
            "classDef" | "class" | "style" | "linkStyle" | "click" | "direction" | "accTitle:"
            | "accDescr:" => {}
            _ if text.starts_with(['%', '`', '~']) => {}
            _ => self.chain(text, &span),
        }
    }

    /// "A[One] --> B{Two?} -->|yes| C & D".
    fn chain(&mut self, text: &str, span: &std::ops::Range<usize>) {
        let mut rest = text;
        let mut before: Option<(Vec<usize>, String)> = None;
        for _ in 0..50 {
            let mut group = Vec::new();
            loop {
                let Some((node, after)) = self.node(rest, span) else { return };
                group.push(node);
                rest = after.trim_start();
                match rest.strip_prefix('&') {
                    Some(more) => rest = more.trim_start(),
                    None => break,
                }
            }
            if let Some((from, label)) = before.take() {
                for from in from {
                    for to in &group {
                        self.edges.push(Edge { from, to: *to, label: label.clone() });
                    }
                }
            }
            let Some((label, after)) = link(rest) else { return };
            before = Some((group, label));
            rest = after.trim_start();
        }
    }

    /// A node with its text where it is given, and what follows it.
    fn node<'t>(
        &mut self,
        text: &'t str,
        span: &std::ops::Range<usize>,
    ) -> Option<(usize, &'t str)> {
        let end = text
            .char_indices()
            .find(|(at, c)| {
                !(c.is_alphanumeric()
                    || *c == '_'
                    || (*c == '-'
                        && !text.get(*at..).is_some_and(|r| {
                            r.starts_with("--") || r.starts_with("-.") || r.starts_with("->")
                        })))
            })
            .map_or(text.len(), |(at, _)| at);
        let (id, mut rest) = text.split_at_checked(end)?;
        if id.is_empty() {
            return None;
        }
        let mut shown = None;
        for (open, close) in [
            ("([", "])"),
            ("[[", "]]"),
            ("[(", ")]"),
            ("((", "))"),
            ("{{", "}}"),
            ("[/", "/]"),
            ("[\\", "\\]"),
            ("[", "]"),
            ("(", ")"),
            ("{", "}"),
            (">", "]"),
        ] {
            if let Some(inner) = rest.strip_prefix(open) {
                let quoted = inner.starts_with('"');
                let at = if quoted {
                    let second = inner.get(1..)?.find('"')? + 2;
                    second + inner.get(second..)?.find(close)?
                } else {
                    inner.find(close)?
                };
                shown = Some((words(inner.get(..at)?), open));
                rest = inner.get(at + close.len()..)?;
                break;
            }
        }
        // ":::class" says nothing of the node itself.
        if let Some(class) = rest.strip_prefix(":::") {
            rest = class.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
        }
        let place = if let Some(place) = self.places.get(id) {
            *place
        } else {
            if self.nodes.len() >= draft::MAX_STEPS {
                return None;
            }
            self.places.insert(id.to_owned(), self.nodes.len());
            let lane = self.lanes.last().cloned();
            self.nodes.push(Node {
                text: words(id),
                asks: false,
                round: false,
                lane,
                span: span.clone(),
            });
            self.nodes.len() - 1
        };
        if let (Some(node), Some(lane)) = (self.nodes.get_mut(place), self.lanes.last()) {
            node.lane.get_or_insert_with(|| lane.clone());
        }
        if let (Some((text, open)), Some(node)) = (shown, self.nodes.get_mut(place))
            && !text.is_empty()
        {
            node.text = text;
            node.asks = open == "{";
            node.round = matches!(open, "([" | "((");
        }
        Some((place, rest))
    }

    fn drafts(self) -> Vec<Draft> {
        let terminal = |node: &Node| {
            let lower = node.text.to_lowercase();
            let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
            match bare {
                "start" | "begin" => Some(true),
                "end" | "stop" | "finish" | "finished" | "done" => Some(false),
                _ => None,
            }
        };
        // The number of each node that is a step, in the order in which they appear.
        let mut numbers: Vec<Option<usize>> = Vec::with_capacity(self.nodes.len());
        let mut count = 0;
        let reached: BTreeSet<usize> = self.edges.iter().map(|edge| edge.to).collect();
        let left: BTreeSet<usize> = self.edges.iter().map(|edge| edge.from).collect();
        for (at, node) in self.nodes.iter().enumerate() {
            // "([Refund requested])", into which nothing leads, is what starts it and nothing to do.
            let outer = reached.contains(&at) != left.contains(&at);
            let happened = node.text.ends_with("ed");
            let acts = crate::verbs::is_act(&node.text) && !happened;
            let event = node.round && outer && !acts;
            let is_step = terminal(node).is_none() && !event;
            count += usize::from(is_step);
            numbers.push(is_step.then_some(count));
        }
        let mut out: Vec<Vec<&Edge>> = self.nodes.iter().map(|_| Vec::new()).collect();
        for edge in &self.edges {
            if let Some(list) = out.get_mut(edge.from) {
                list.push(edge);
            }
        }
        let mut drafts = Vec::new();
        for ((node, number), edges) in self.nodes.iter().zip(&numbers).zip(&out) {
            let Some(number) = *number else { continue };
            let jump = |edge: &Edge| match numbers.get(edge.to).copied().flatten() {
                Some(to) if to == number + 1 => Jump::Next,
                Some(to) => Jump::To { words: format!("go to step {to}"), hard: true },
                None => Jump::End,
            };
            let mut branches: Vec<(String, Jump)> = Vec::new();
            match edges.as_slice() {
                [] if number < count => branches.push((decision::ALWAYS.to_owned(), Jump::End)),
                [] => {}
                [only] if only.label.is_empty() && !node.asks => match jump(only) {
                    Jump::Next => {}
                    // The last step ends the run by itself.
                    Jump::End if number == count => {}
                    away => branches.push((decision::ALWAYS.to_owned(), away)),
                },
                several => {
                    for edge in several {
                        let target = self.nodes.get(edge.to).map(|n| n.text.clone());
                        let label = match edge.label.as_str() {
                            "" if branches.iter().all(|(c, _)| c != "otherwise") => {
                                "otherwise".to_owned()
                            }
                            "" => target.unwrap_or_default(),
                            label => label.to_owned(),
                        };
                        branches.push((label, jump(edge)));
                    }
                }
            }
            drafts.push(one(node, number, branches));
        }
        drafts
    }
}

fn one(node: &Node, number: usize, branches: Vec<(String, Jump)>) -> Draft {
    let place = Span::new(node.span.start, node.span.end);
    let title = node.text.trim_end_matches('.').to_owned();
    let mut decisions = Vec::new();
    let mut jumps = Vec::new();
    for (condition, jump) in branches {
        decisions.push(Decision {
            outcome: None,
            id: Slug::from_text(&condition, "branch").as_str().to_owned(),
            condition,
            action: String::new(),
            target: Target::Inline,
            span: Some(place),
        });
        jumps.push(jump);
    }
    let leaves = decisions.iter().zip(&jumps).filter(|(d, _)| d.condition != decision::ALWAYS);
    let kind = draft::kind_of(&title, leaves.map(|(_, jump)| jump), false);
    let lane = node.lane.as_ref().filter(|name| !name.is_empty());
    let step = Step {
        number: number.to_string(),
        kind,
        seat: lane.map(|name| StepSeat::new(name.clone(), SeatSource::Heading, None)),
        decisions,
        span: place,
        ..Step::new(StepId::from_text(&title, &format!("step-{number}")), title)
    };
    Draft { step, jumps, parts: Vec::new(), group: 0 }
}

/// The label of an edge and what follows it: `-->|yes|`, `-- yes -->`, `-.->`, `==>`.
fn link(text: &str) -> Option<(String, &str)> {
    let body = |c: char| matches!(c, '-' | '=' | '.' | '<' | '>' | 'x' | 'o' | '~');
    let start = text.trim_start_matches('<');
    if !start.starts_with("--") && !start.starts_with("-.") && !start.starts_with("==") {
        return None;
    }
    let arrow: String = text.chars().take_while(|c| body(*c)).collect();
    // "--x" and "--o" end an arrow; "-- or" begins a label.
    let mut end = arrow.len();
    let spaced = text.get(end..).is_some_and(|r| r.starts_with([' ', '|', '"']) || r.is_empty());
    if !spaced && arrow.ends_with(['x', 'o']) {
        end -= 1;
    }
    let (arrow, rest) = text.split_at_checked(end)?;
    let closed = arrow.ends_with(['>', 'x', 'o']) || arrow.len() > 2 && !arrow.starts_with("-.");
    let after = rest.trim_start();
    if let Some(labelled) = after.strip_prefix('|') {
        let (label, rest) = labelled.split_once('|')?;
        return Some((words(label), rest));
    }
    if closed {
        return Some((String::new(), rest));
    }
    // "-- yes -->": the label stands within the arrow.
    let (at, _) = ["-->", "---", ".->", "==>", "===", "-.-"]
        .iter()
        .filter_map(|mark| after.find(mark).map(|at| (at, mark)))
        .min()?;
    let (label, rest) = after.split_at_checked(at)?;
    let rest = rest.trim_start_matches(['-', '=', '.', '>']);
    Some((words(label), rest))
}

/// A text of the diagram as plain words.
fn words(text: &str) -> String {
    let mut bare = text.trim().trim_matches('"').to_owned();
    for mark in ["<br/>", "<br />", "<br>", "\\n"] {
        bare = bare.replace(mark, " ");
    }
    fold(bare.trim_matches(['"', '`', '*', ' ']))
}
