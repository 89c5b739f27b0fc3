//! Reads the graph out of a process: a box per step, a diamond where a step has several ways out.

use crate::graph::{EdgeKind, Graph, Link, Node, ShapeKind, UNASSIGNED};
use crate::text::clean;
use gemba_model::{Decision, Next, Process, Routes, Step, StepKind, Target, flow};
use std::collections::{BTreeMap, BTreeSet};

/// Titles of fewer characters are whole.
const LONG_TITLE: usize = 60;

impl Graph {
    /// The graph of a process, its steps in document order.
    pub fn of(process: &Process) -> Self {
        Builder::new(process).build()
    }
}

struct Builder<'a> {
    process: &'a Process,
    graph: Graph,
    ids: BTreeSet<String>,
    /// The lanes by name; names that differ only in case are one seat.
    seats: BTreeMap<String, usize>,
    /// For each top-level step its box, and the shape that its ways leave from.
    places: Vec<(usize, usize)>,
}

impl<'a> Builder<'a> {
    fn new(process: &'a Process) -> Self {
        Self {
            process,
            graph: Graph::default(),
            ids: BTreeSet::new(),
            seats: BTreeMap::new(),
            places: Vec::new(),
        }
    }

    fn build(mut self) -> Graph {
        let process = self.process;
        self.graph.title = clean(&process.title);
        let routes: Vec<Routes> =
            (0..process.steps.len()).map(|index| flow::routes(process, index)).collect();
        let lanes: Vec<usize> = process
            .steps
            .iter()
            .map(|step| process.doer(step))
            .map(|doer| self.lane(doer.unwrap_or(UNASSIGNED)))
            .collect();
        let first = match lanes.first() {
            Some(lane) => *lane,
            None => self.lane(process.owner.named().unwrap_or(UNASSIGNED)),
        };
        let start = self.node("start", ShapeKind::Start, first, trigger_text(process), None);
        let mut stops: Vec<(usize, usize, Option<usize>)> = Vec::new();
        for (index, step) in process.steps.iter().enumerate() {
            let lane = lanes.get(index).copied().unwrap_or(first);
            let body = self.node(
                &format!("step:{}", step.id),
                ShapeKind::Step(step.kind),
                lane,
                shown_title(step),
                Some(step),
            );
            let mut exit = body;
            if let Some(Routes::Branches(branches)) = routes.get(index) {
                let id = format!("decision:{}", step.id);
                exit = self.node(&id, ShapeKind::Decision, lane, String::new(), Some(step));
                for (nth, branch) in branches.iter().enumerate() {
                    if let Some(action) = stop_action(step, &branch.id, branch.to) {
                        let id = format!("stop:{}:{}", step.id, branch.id);
                        let stop = self.node(&id, ShapeKind::Stop, lane, action, None);
                        stops.push((index, stop, Some(nth)));
                    }
                }
            } else if step.kind == StepKind::End && index + 1 < process.steps.len() {
                let id = format!("stop:{}", step.id);
                let stop = self.node(&id, ShapeKind::Stop, lane, "End".to_owned(), None);
                stops.push((index, stop, None));
            }
            self.places.push((body, exit));
        }
        self.link_all(start, &routes, &stops, lanes.last().copied().unwrap_or(first));
        self.graph
    }

    fn link_all(
        &mut self,
        start: usize,
        routes: &[Routes],
        stops: &[(usize, usize, Option<usize>)],
        last_lane: usize,
    ) {
        let places = self.places.clone();
        let mut outcome = None;
        let mut goal = |builder: &mut Self, next: Next| match next {
            Next::Step(to) => places.get(to).map(|place| place.0),
            Next::End => Some(*outcome.get_or_insert_with(|| {
                let text = outcome_text(builder.process);
                builder.node("end", ShapeKind::Outcome, last_lane, text, None)
            })),
        };
        if let Some(to) = goal(self, flow::first(self.process)) {
            self.link(start, to, None);
        }
        let mut stops = stops.iter().peekable();
        for (index, (route, (body, exit))) in routes.iter().zip(&places).enumerate() {
            if body != exit {
                self.link(*body, *exit, None);
            }
            for (nth, (next, branch)) in route.all().into_iter().enumerate() {
                let own = branch.map(|_| nth);
                let stop = stops.next_if(|(step, _, way)| *step == index && *way == own);
                let to = match stop {
                    Some((_, stop, _)) => Some(*stop),
                    None => goal(self, next),
                };
                let named = branch.map(|b| (index, b.id.clone(), clean(&b.label)));
                if let Some(to) = to {
                    self.link(*exit, to, named);
                }
            }
        }
    }

    fn lane(&mut self, name: &str) -> usize {
        let name = clean(name);
        let lanes = &mut self.graph.lanes;
        *self.seats.entry(name.to_lowercase()).or_insert_with(|| {
            lanes.push(name);
            lanes.len() - 1
        })
    }

    fn node(
        &mut self,
        id: &str,
        kind: ShapeKind,
        lane: usize,
        text: String,
        step: Option<&Step>,
    ) -> usize {
        let index = self.graph.nodes.len();
        let mut id = id.to_owned();
        // A broken document may say an id twice; shapes must still be told apart.
        if !self.ids.insert(id.clone()) {
            id = format!("{id}:{index}");
            self.ids.insert(id.clone());
        }
        self.graph.nodes.push(Node {
            number: step.map(|s| clean(&s.number)).unwrap_or_default(),
            step: step.map(|s| s.id.clone()),
            trigger: match kind {
                ShapeKind::Start => self.process.triggers.first().map(|trigger| trigger.kind),
                _ => None,
            },
            ..Node::new(id, kind, lane, text)
        });
        index
    }

    fn link(&mut self, from: usize, to: usize, branch: Option<(usize, String, String)>) {
        let lane = |index: usize| self.graph.nodes.get(index).map(|n| n.lane);
        let kind = match &branch {
            Some(_) if to <= from => EdgeKind::Back,
            Some(_) => EdgeKind::Branch,
            None if lane(from) == lane(to) => EdgeKind::Sequence,
            None => EdgeKind::Handoff,
        };
        let label = branch.as_ref().map(|(_, _, label)| label.clone());
        let branch = branch.and_then(|(index, id, _)| {
            self.process.steps.get(index).map(|step| (step.id.clone(), id))
        });
        self.graph.links.push(Link { kind, label, branch, ..Link::new(from, to) });
    }
}

/// What the early end of a branch says; `None` where the branch does not end the run early.
fn stop_action(step: &Step, branch: &str, to: Next) -> Option<String> {
    let decisions: Vec<&Decision> = step.walk().into_iter().flat_map(|s| &s.decisions).collect();
    let decision = decisions.into_iter().find(|d| d.id == branch)?;
    let ends = to == Next::End && decision.target == Target::End;
    ends.then(|| {
        let action = clean(&decision.action);
        let outcome = decision.outcome.as_deref().map(clean);
        match (action.is_empty(), outcome) {
            (true, None) => "End".to_owned(),
            (true, Some(outcome)) => format!("End: {outcome}"),
            (false, None) => action,
            (false, Some(outcome)) => format!("{action}; end: {outcome}"),
        }
    })
}

/// The title of a step, with an ellipsis where its text says the same sentence at more length.
fn shown_title(step: &Step) -> String {
    let title = clean(&step.title);
    let letters = |text: &str| -> String {
        text.chars().take(LONG_TITLE * 4).filter(|c| c.is_alphanumeric()).collect()
    };
    let own = letters(&title);
    if title.chars().count() < LONG_TITLE || !title.ends_with(char::is_alphanumeric) {
        return title;
    }
    // What follows the last word of the title, where the text repeats it.
    let mut seen = 0;
    let mut rest = step.text.char_indices();
    while seen < own.len() {
        match rest.next() {
            Some((_, c)) if c.is_alphanumeric() => {
                if !own.get(seen..).is_some_and(|left| left.starts_with(c)) {
                    return title;
                }
                seen += c.len_utf8();
            }
            Some(_) => {}
            None => return title,
        }
    }
    let goes_on = rest
        .map(|(_, c)| c)
        .find(|c| !matches!(c, '*' | '_' | '`' | ']'))
        .is_some_and(|c| !matches!(c, '.' | ':' | '!' | '?'));
    if goes_on { format!("{title}\u{2026}") } else { title }
}

/// What starts the process, in words.
fn trigger_text(process: &Process) -> String {
    let texts: Vec<String> =
        process.triggers.iter().map(|t| clean(&t.text)).filter(|t| !t.is_empty()).collect();
    if texts.is_empty() { "Start".to_owned() } else { texts.join(" / ") }
}

/// What the process leaves behind, in words.
fn outcome_text(process: &Process) -> String {
    process
        .expected_output
        .iter()
        .map(|output| clean(&output.text))
        .find(|text| !text.is_empty())
        .unwrap_or_else(|| "Done".to_owned())
}
