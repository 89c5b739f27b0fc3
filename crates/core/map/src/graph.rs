//! What is on the map: the shapes and edges of a process or of any other flow, not yet anywhere.

use crate::difference::Fate;
use gemba_model::{StepId, StepKind, TriggerKind};
use std::collections::BTreeSet;

/// What a shape stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShapeKind {
    /// Where a run begins; says what triggers it.
    Start,
    /// A step.
    Step(StepKind),
    /// Something that happens on the way and is waited for: a time, a message.
    Event,
    /// The diamond where one of several ways is taken.
    Decision,
    /// Where ways that parted come together again, one at a time.
    Join,
    /// Where all ways are taken at once, or all are waited for.
    Parallel,
    /// The end of a run that went its whole way.
    Outcome,
    /// The end of a run that a branch or a step ended before.
    Stop,
}

impl ShapeKind {
    /// Whether it is a diamond, which edges leave by their corners.
    pub fn is_gateway(self) -> bool {
        match self {
            Self::Decision | Self::Join | Self::Parallel => true,
            Self::Start | Self::Step(_) | Self::Event | Self::Outcome | Self::Stop => false,
        }
    }

    /// Whether it is a start, an end or something in between that happens.
    pub fn is_event(self) -> bool {
        match self {
            Self::Start | Self::Event | Self::Outcome | Self::Stop => true,
            Self::Decision | Self::Join | Self::Parallel | Self::Step(_) => false,
        }
    }
}

/// What an edge stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// The next thing, done by the same seat.
    Sequence,
    /// One of several ways.
    Branch,
    /// One of several ways, to this or an earlier step.
    Back,
    /// The next thing, done by another seat.
    Handoff,
}

/// The name of the lane for steps that nobody is named for.
pub(crate) const UNASSIGNED: &str = "Unassigned";

/// A shape to be placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The name that edges refer to, unique in the graph.
    pub id: String,
    /// What it stands for.
    pub kind: ShapeKind,
    /// The index of its lane; of no meaning in a graph without lanes.
    pub lane: usize,
    /// What it says: within the shape, or beside it where the notation has it so.
    pub text: String,
    /// The step's number as the reader knows it; empty where it has none.
    pub number: String,
    /// The step it belongs to: for boxes and diamonds of a process.
    pub step: Option<StepId>,
    /// What kind of thing starts a run here: for starts.
    pub trigger: Option<TriggerKind>,
    /// A remark that stands beside the shape, tied to it by a line.
    pub note: Option<String>,
    /// What became of it, where two flows are compared.
    pub fate: Fate,
}

impl Node {
    /// A shape without number, step, trigger, note or fate.
    pub fn new(
        id: impl Into<String>,
        kind: ShapeKind,
        lane: usize,
        text: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            kind,
            lane,
            text: text.into(),
            number: String::new(),
            step: None,
            trigger: None,
            note: None,
            fate: Fate::Same,
        }
    }
}

/// An edge to be routed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The index of the node it leaves.
    pub from: usize,
    /// The index of the node it reaches.
    pub to: usize,
    /// What it stands for; the way it takes depends on the order of the nodes alone.
    pub kind: EdgeKind,
    /// The words at it.
    pub label: Option<String>,
    /// The step and the branch it draws.
    pub branch: Option<(StepId, String)>,
    /// What became of it, where two flows are compared.
    pub fate: Fate,
}

impl Link {
    /// An edge without words.
    pub fn new(from: usize, to: usize) -> Self {
        Self { from, to, kind: EdgeKind::Sequence, label: None, branch: None, fate: Fate::Same }
    }

    /// Whether it leads to the same or an earlier node, against the flow.
    pub fn is_back(&self) -> bool {
        self.to <= self.from
    }
}

/// A flow to be laid out.
///
/// Nodes stand in the order in which they are read: a link to the same or an earlier node is drawn
/// as one that goes back, all others lead along the flow. [`Graph::of`] keeps the order of the
/// document; [`Graph::ordered`] finds one for nodes that came in any order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// The title of the whole.
    pub title: String,
    /// The names of the lanes, in order. Without any the shapes stand in the open.
    pub lanes: Vec<String>,
    /// The shapes.
    pub nodes: Vec<Node>,
    /// The edges. One whose ends do not exist is left out.
    pub links: Vec<Link>,
}

impl Graph {
    /// The links that leave each node, by node.
    pub(crate) fn outs(&self) -> Vec<Vec<usize>> {
        let mut outs = vec![Vec::new(); self.nodes.len()];
        for (index, link) in self.links.iter().enumerate() {
            if let Some(list) = outs.get_mut(link.from) {
                list.push(index);
            }
        }
        outs
    }

    /// The same graph with its nodes in an order in which as little as possible goes back.
    ///
    /// A link goes back where a walk from the starts, deep first and in the given order, meets a node
    /// that it is still under way from. What then remains has no circle and is put in order, the
    /// earlier node first where either would do.
    #[must_use]
    pub fn ordered(self) -> Self {
        let (back, outs) = (self.back_links(), self.outs());
        let mut before = vec![0_usize; self.nodes.len()];
        for (index, link) in self.links.iter().enumerate() {
            if let Some(count) = before.get_mut(link.to).filter(|_| !back.contains(&index)) {
                *count += 1;
            }
        }
        let is_free = |(index, count): (usize, &usize)| (*count == 0).then_some(index);
        let mut free: BTreeSet<usize> = before.iter().enumerate().filter_map(is_free).collect();
        let mut order: Vec<usize> = Vec::with_capacity(self.nodes.len());
        while let Some(node) = free.pop_first() {
            order.push(node);
            for index in outs.get(node).into_iter().flatten().filter(|i| !back.contains(i)) {
                let Some(to) = self.links.get(*index).map(|link| link.to) else { continue };
                if let Some(count) = before.get_mut(to) {
                    *count -= 1;
                    if *count == 0 {
                        free.insert(to);
                    }
                }
            }
        }
        self.in_order(&order)
    }

    /// The links that lead back in a walk from the starts.
    fn back_links(&self) -> BTreeSet<usize> {
        #[derive(Clone, Copy, PartialEq)]
        enum Seen {
            No,
            UnderWay,
            Done,
        }
        let outs = self.outs();
        let mut is_led_to = vec![false; self.nodes.len()];
        for link in self.links.iter().filter(|link| link.from != link.to) {
            if let Some(flag) = is_led_to.get_mut(link.to) {
                *flag = true;
            }
        }
        let starts = |(index, led): (usize, &bool)| (!led).then_some(index);
        let roots: Vec<usize> =
            is_led_to.iter().enumerate().filter_map(starts).chain(0..self.nodes.len()).collect();
        let mut seen = vec![Seen::No; self.nodes.len()];
        let mut back = BTreeSet::new();
        for root in roots {
            let mut path: Vec<(usize, usize)> = Vec::new();
            let enter = |node: usize, path: &mut Vec<(usize, usize)>, seen: &mut Vec<Seen>| {
                if let Some(state) = seen.get_mut(node).filter(|state| **state == Seen::No) {
                    *state = Seen::UnderWay;
                    path.push((node, 0));
                }
            };
            enter(root, &mut path, &mut seen);
            while let Some((node, nth)) = path.last_mut() {
                let node = *node;
                let next = outs.get(node).and_then(|links| links.get(*nth)).copied();
                *nth += 1;
                let Some(index) = next else {
                    if let Some(state) = seen.get_mut(node) {
                        *state = Seen::Done;
                    }
                    path.pop();
                    continue;
                };
                let Some(to) = self.links.get(index).map(|link| link.to) else { continue };
                if seen.get(to) == Some(&Seen::UnderWay) {
                    back.insert(index);
                } else {
                    enter(to, &mut path, &mut seen);
                }
            }
        }
        back
    }

    /// The same graph with its nodes in this order.
    fn in_order(mut self, order: &[usize]) -> Self {
        let mut place = vec![usize::MAX; self.nodes.len()];
        for (new, old) in order.iter().enumerate() {
            if let Some(slot) = place.get_mut(*old) {
                *slot = new;
            }
        }
        let at = |old: usize| place.get(old).copied().unwrap_or(usize::MAX);
        let mut nodes: Vec<(usize, Node)> =
            self.nodes.into_iter().enumerate().map(|(old, node)| (at(old), node)).collect();
        nodes.sort_by_key(|(new, _)| *new);
        self.nodes = nodes.into_iter().map(|(_, node)| node).collect();
        for link in &mut self.links {
            (link.from, link.to) = (at(link.from), at(link.to));
        }
        self
    }
}
