//! The nodes of a scope as a graph that can be written down in an order: implicit splits made plain,
//! parallel work gathered or put in a row, and the order of the steps.

use crate::scope::{Event, Kind, Scope};
use crate::xml::Element;
use std::collections::{BTreeMap, BTreeSet};

/// A node of the graph.
#[derive(Debug, Clone)]
pub(crate) struct Spot<'a> {
    /// The element; `None` for a split that is not drawn.
    pub(crate) element: Option<&'a Element>,
    pub(crate) kind: Kind,
    pub(crate) event: Event,
    /// The nodes of parallel work that was gathered here, in order.
    pub(crate) together: Vec<usize>,
    /// Whether it is part of another node now.
    pub(crate) absorbed: bool,
    /// Whether it is what the step after it waits for, and no step of its own.
    pub(crate) waits: bool,
    /// The gateway of which it asks one more case.
    pub(crate) again: Option<&'a Element>,
}

/// An edge of the graph.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link<'a> {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// The flow that says under which condition; `None` for a way that is not drawn as a flow.
    pub(crate) flow: Option<&'a Element>,
}

/// What became of a parallel split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    /// The split.
    pub(crate) at: usize,
}

/// The cases of an inclusive split, to be asked in turn.
struct Turns {
    /// The link of each case, and the links with which its work ends.
    ways: Vec<(usize, Vec<usize>)>,
    /// The links on which nothing is done.
    idle: Vec<usize>,
    /// Where all go on.
    join: usize,
}

#[derive(Debug)]
pub(crate) struct Graph<'a> {
    pub(crate) spots: Vec<Spot<'a>>,
    pub(crate) links: Vec<Link<'a>>,
    /// The links that leave each node, and those that reach it.
    pub(crate) outs: Vec<Vec<usize>>,
    pub(crate) ins: Vec<Vec<usize>>,
    /// Splits whose work was put in a row.
    pub(crate) rows: Vec<Row>,
}

impl<'a> Graph<'a> {
    /// The graph of a scope; elements whose id begins with `waits` belong to the step after them.
    pub(crate) fn of(scope: &Scope<'a>, waits: &str) -> Self {
        let spots = scope
            .nodes
            .iter()
            .map(|n| Spot {
                element: Some(n.element),
                kind: n.kind,
                event: n.event,
                together: Vec::new(),
                absorbed: false,
                waits: n.kind == Kind::Catch
                    && n.element.id().is_some_and(|id| id.starts_with(waits)),
                again: None,
            })
            .collect();
        let links = scope
            .flows
            .iter()
            .map(|f| Link { from: f.from, to: f.to, flow: Some(f.element) })
            .collect();
        let mut graph = Self { spots, links, outs: Vec::new(), ins: Vec::new(), rows: Vec::new() };
        graph.join_links_by_name();
        graph.index();
        graph.split_plainly();
        graph.index();
        graph.return_to_steps();
        graph.index();
        graph.gather();
        graph.index();
        graph.put_in_a_row();
        graph.index();
        graph.ask_in_turn();
        graph
    }

    fn index(&mut self) {
        self.outs = vec![Vec::new(); self.spots.len()];
        self.ins = vec![Vec::new(); self.spots.len()];
        for (index, link) in self.links.iter().enumerate() {
            if let Some(outs) = self.outs.get_mut(link.from) {
                outs.push(index);
            }
            if let Some(ins) = self.ins.get_mut(link.to) {
                ins.push(index);
            }
        }
    }

    pub(crate) fn spot(&self, at: usize) -> Option<&Spot<'a>> {
        self.spots.get(at)
    }

    pub(crate) fn kind(&self, at: usize) -> Option<Kind> {
        self.spots.get(at).map(|s| s.kind)
    }

    /// The links that leave a node.
    pub(crate) fn leaving(&self, at: usize) -> Vec<Link<'a>> {
        let outs = self.outs.get(at).map(Vec::as_slice).unwrap_or_default();
        outs.iter().filter_map(|l| self.links.get(*l)).copied().collect()
    }

    pub(crate) fn n_in(&self, at: usize) -> usize {
        self.ins.get(at).map_or(0, Vec::len)
    }

    /// The boundary events of a node, in the order of the file.
    pub(crate) fn border(&self, at: usize) -> Vec<usize> {
        let is_here = |s: &Spot<'_>| s.kind == Kind::Boundary { host: Some(at) };
        self.spots.iter().enumerate().filter(|(_, s)| is_here(s)).map(|(n, _)| n).collect()
    }

    /// Whether it is an event at a border that leaves its step going on.
    pub(crate) fn runs_beside(&self, at: usize) -> bool {
        let element = self.spot(at).and_then(|s| s.element);
        self.is_boundary(at) && element.and_then(|e| e.attr("cancelActivity")) == Some("false")
    }

    /// What is begun beside a step that goes on leads back to it where it ends on its own.
    fn return_to_steps(&mut self) {
        for at in 0..self.spots.len() {
            let Some(Kind::Boundary { host: Some(host) }) = self.kind(at) else { continue };
            if !self.runs_beside(at) {
                continue;
            }
            let everywhere = |_| true;
            let mut main: BTreeSet<usize> = BTreeSet::from([host]);
            for link in self.leaving(host) {
                main.extend(self.reached(link.to, &everywhere));
            }
            let beside = self.reached(at, &everywhere);
            for index in 0..self.links.len() {
                let Some(link) = self.links.get(index).copied() else { continue };
                let own = beside.contains(&link.from) && !main.contains(&link.from);
                let ends = self
                    .spot(link.to)
                    .is_some_and(|s| s.kind == Kind::End && s.event == Event::None);
                if own
                    && ends
                    && link.from != at
                    && let Some(link) = self.links.get_mut(index)
                {
                    link.to = host;
                }
            }
        }
    }

    /// A link event that throws goes on at the one that catches under the same name.
    fn join_links_by_name(&mut self) {
        let named = |kind: Kind| {
            let is_it = move |s: &Spot<'_>| s.kind == kind && s.event == Event::Link;
            let spots = self.spots.iter().enumerate().filter(move |(_, s)| is_it(s));
            spots.filter_map(|(n, s)| Some((n, link_name(s.element?)))).collect::<Vec<_>>()
        };
        let catches = named(Kind::Catch);
        for (from, name) in named(Kind::Throw) {
            if let Some((to, _)) = catches.iter().find(|(_, other)| *other == name) {
                self.links.push(Link { from, to: *to, flow: None });
            }
        }
    }

    /// Several flows out of a step are a split: by condition where one has any, else all at once.
    fn split_plainly(&mut self) {
        for at in 0..self.spots.len() {
            let is_gateway = self.kind(at).is_some_and(Kind::is_gateway);
            let leaving = self.outs.get(at).cloned().unwrap_or_default();
            if is_gateway || leaving.len() < 2 {
                continue;
            }
            let default = self.spot(at).and_then(|s| s.element).and_then(|e| e.attr("default"));
            let flows = leaving.iter().filter_map(|l| self.links.get(*l)).filter_map(|l| l.flow);
            let conditional = default.is_some()
                || flows.into_iter().any(|f| f.part("conditionExpression").is_some());
            let split = self.spots.len();
            self.spots.push(Spot {
                element: None,
                kind: if conditional { Kind::Inclusive } else { Kind::Parallel },
                event: Event::None,
                together: Vec::new(),
                absorbed: false,
                waits: false,
                again: None,
            });
            for index in leaving {
                if let Some(link) = self.links.get_mut(index) {
                    link.from = split;
                }
            }
            self.links.push(Link { from: at, to: split, flow: None });
        }
    }

    /// A parallel split whose ways are plain rows that meet in one join becomes one node.
    fn gather(&mut self) {
        for at in 0..self.spots.len() {
            let Some((together, join)) = self.rows_between(at) else { continue };
            for inner in &together {
                if let Some(spot) = self.spots.get_mut(*inner) {
                    spot.absorbed = true;
                }
            }
            let is_inner = |n: usize| together.contains(&n);
            self.links.retain(|l| l.from != at && !is_inner(l.from) && !is_inner(l.to));
            for link in &mut self.links {
                if link.from == join {
                    link.from = at;
                }
            }
            if let Some(spot) = self.spots.get_mut(join) {
                spot.absorbed = true;
            }
            if let Some(spot) = self.spots.get_mut(at) {
                spot.together = together;
            }
            self.index();
        }
    }

    fn rows_between(&self, at: usize) -> Option<(Vec<usize>, usize)> {
        let leaving = self.leaving(at);
        if self.kind(at) != Some(Kind::Parallel) || leaving.len() < 2 {
            return None;
        }
        let mut together = Vec::new();
        let mut join = None;
        for link in &leaving {
            let mut here = link.to;
            while self.kind(here) != Some(Kind::Parallel) {
                let is_step = matches!(
                    self.kind(here),
                    Some(Kind::Task | Kind::SubProcess | Kind::Call | Kind::Catch | Kind::Throw)
                );
                let next = self.leaving(here);
                let [only] = next.as_slice() else { return None };
                let plain = is_step && self.n_in(here) == 1 && self.border(here).is_empty();
                if !plain || together.contains(&here) {
                    return None;
                }
                together.push(here);
                here = only.to;
            }
            if join.is_some_and(|j| j != here) {
                return None;
            }
            join = Some(here);
        }
        let join = join.filter(|j| *j != at && self.n_in(*j) == leaving.len())?;
        (!together.is_empty() && self.leaving(join).len() <= 1).then_some((together, join))
    }

    /// The ways of the other parallel splits are walked one after the other.
    fn put_in_a_row(&mut self) {
        for at in 0..self.spots.len() {
            let outs = self.outs.get(at).cloned().unwrap_or_default();
            if self.kind(at) != Some(Kind::Parallel) || outs.len() < 2 {
                continue;
            }
            self.rows.push(Row { at });
            let place = self.places();
            let after = |n: usize| place.get(&n) > place.get(&at);
            let firsts: Vec<usize> =
                outs.iter().filter_map(|l| self.links.get(*l)).map(|l| l.to).collect();
            let reached: Vec<BTreeSet<usize>> =
                firsts.iter().map(|first| self.reached(*first, &after)).collect();
            let shared = |n: usize| reached.iter().filter(|r| r.contains(&n)).count() > 1;
            // Ways that do work of their own, in order; the others are the join itself.
            let own: Vec<usize> =
                (0..firsts.len()).filter(|k| firsts.get(*k).is_some_and(|f| !shared(*f))).collect();
            let mut drop: BTreeSet<usize> = BTreeSet::new();
            for pair in own.windows(2) {
                let [this, next] = pair else { continue };
                let (Some(mine), Some(to)) = (reached.get(*this), firsts.get(*next).copied())
                else {
                    continue;
                };
                for (index, link) in self.links.iter_mut().enumerate() {
                    let inside = mine.contains(&link.from) && !shared(link.from);
                    let ends = matches!(self.spots.get(link.to).map(|s| s.kind), Some(Kind::End));
                    if inside && (shared(link.to) || ends) && !drop.contains(&index) {
                        link.to = to;
                    }
                }
            }
            for (k, index) in outs.iter().enumerate() {
                if own.first().copied().unwrap_or(0) != k {
                    drop.insert(*index);
                }
            }
            let mut index = 0;
            self.links.retain(|_| {
                index += 1;
                !drop.contains(&(index - 1))
            });
            self.index();
        }
    }

    /// An inclusive split whose ways meet again asks one case after the other, each with its own yes or
    /// no: whichever hold are taken. What is drawn otherwise stays a choice of one way.
    fn ask_in_turn(&mut self) {
        for at in 0..self.spots.len() {
            if self.kind(at) != Some(Kind::Inclusive) {
                continue;
            }
            let Some(plan) = self.turns(at) else { continue };
            let gateway = self.spot(at).and_then(|s| s.element);
            self.rows.push(Row { at });
            if let Some(spot) = self.spots.get_mut(at) {
                spot.kind = Kind::Exclusive;
            }
            let mut splits = vec![at];
            for _ in plan.ways.iter().skip(1) {
                splits.push(self.spots.len());
                self.spots.push(Spot {
                    element: None,
                    kind: Kind::Exclusive,
                    event: Event::None,
                    together: Vec::new(),
                    absorbed: false,
                    waits: false,
                    again: gateway,
                });
            }
            for (k, (way, inside)) in plan.ways.iter().enumerate() {
                let Some(split) = splits.get(k).copied() else { continue };
                let next = splits.get(k + 1).copied();
                for link in inside {
                    if let (Some(link), Some(next)) = (self.links.get_mut(*link), next) {
                        link.to = next;
                    }
                }
                if let Some(link) = self.links.get_mut(*way) {
                    link.from = split;
                }
                self.links.push(Link { from: split, to: next.unwrap_or(plan.join), flow: None });
            }
            let mut index = 0;
            self.links.retain(|_| {
                index += 1;
                !plan.idle.contains(&(index - 1))
            });
            self.index();
        }
    }

    /// How the cases of an inclusive split are asked in turn; nothing where that would change what the
    /// model says.
    fn turns(&self, at: usize) -> Option<Turns> {
        let outs = self.outs.get(at)?;
        if outs.len() < 2 {
            return None;
        }
        let default = self.spot(at).and_then(|s| s.element).and_then(|e| e.attr("default"));
        let place = self.places();
        let after = |n: usize| place.get(&n) > place.get(&at);
        let link = |index: &usize| self.links.get(*index).copied();
        let reached: Vec<BTreeSet<usize>> = outs
            .iter()
            .map(|out| link(out).map_or_else(BTreeSet::new, |l| self.reached(l.to, &after)))
            .collect();
        let shared = |n: usize| reached.iter().filter(|r| r.contains(&n)).count() > 1;
        let mut turns = Turns { ways: Vec::new(), idle: Vec::new(), join: 0 };
        let mut joins: BTreeSet<usize> = BTreeSet::new();
        let mut ends: Vec<usize> = Vec::new();
        for (out, mine) in outs.iter().zip(&reached) {
            let way = link(out)?;
            if !after(way.to) {
                return None;
            }
            if shared(way.to) {
                // Nothing is done on it.
                joins.insert(way.to);
                turns.idle.push(*out);
                continue;
            }
            let flow = way.flow?;
            let computed = flow.part("conditionExpression").map(Element::text).unwrap_or_default();
            let is_rest = default.is_some() && flow.id() == default;
            if is_rest || flow.title().is_empty() && computed.trim().is_empty() {
                return None;
            }
            let mut inside = Vec::new();
            for (index, link) in self.links.iter().enumerate() {
                if !mine.contains(&link.from) || shared(link.from) {
                    continue;
                }
                let target = self.spot(link.to)?;
                if shared(link.to) {
                    joins.insert(link.to);
                    inside.push(index);
                } else if target.kind == Kind::End && target.event == Event::None {
                    ends.push(link.to);
                    inside.push(index);
                }
            }
            turns.ways.push((*out, inside));
        }
        let mut joins = joins.into_iter();
        turns.join = match (joins.next(), joins.next()) {
            (Some(join), None) => join,
            (None, None) => *ends.last()?,
            _ => return None,
        };
        (!turns.ways.is_empty()).then_some(turns)
    }

    /// What can be reached from a node without going back.
    fn reached(&self, first: usize, after: &impl Fn(usize) -> bool) -> BTreeSet<usize> {
        let mut seen = BTreeSet::new();
        let mut open = vec![first];
        while let Some(at) = open.pop() {
            if after(at) && seen.insert(at) {
                open.extend(self.leaving(at).iter().map(|l| l.to));
                open.extend(self.border(at));
            }
        }
        seen
    }

    fn places(&self) -> BTreeMap<usize, usize> {
        self.order().into_iter().enumerate().map(|(place, at)| (at, place)).collect()
    }

    /// The nodes in the order in which they are written down: after what leads to them, the way that
    /// goes furthest first, a way back nowhere. What no start leads to comes last.
    pub(crate) fn order(&self) -> Vec<usize> {
        let mut done: Vec<bool> = self.spots.iter().map(|s| s.absorbed).collect();
        let mut order = Vec::new();
        let is_start = |s: &Spot<'_>| s.kind == Kind::Start;
        let free = |n: &usize| self.n_in(*n) == 0 && !self.is_boundary(*n);
        let all = 0..self.spots.len();
        let starts: Vec<usize> =
            all.clone().filter(|n| self.spots.get(*n).is_some_and(is_start)).collect();
        let loose: Vec<usize> = all.clone().filter(free).collect();
        for group in [starts, loose, all.collect()] {
            // The last start first: what comes before in the file then stands before.
            let mut piece = Vec::new();
            for start in group.into_iter().rev() {
                self.visit(start, &mut done, &mut piece);
            }
            piece.reverse();
            order.extend(piece);
        }
        order
    }

    fn is_boundary(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(Kind::Boundary { host: Some(_) }))
    }

    /// Adds what follows from a node and was not there, last first.
    fn visit(&self, start: usize, done: &mut [bool], order: &mut Vec<usize>) {
        let mut open: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut enter = |at: usize, open: &mut Vec<(usize, Vec<usize>)>| {
            if let Some(mark) = done.get_mut(at).filter(|mark| !**mark) {
                *mark = true;
                open.push((at, self.next(at)));
            }
        };
        enter(start, &mut open);
        while let Some((at, ahead)) = open.last_mut() {
            if let Some(next) = ahead.pop() {
                enter(next, &mut open);
            } else {
                order.push(*at);
                open.pop();
            }
        }
    }

    /// What follows a node, the way that should be written first in front: the one visited last.
    fn next(&self, at: usize) -> Vec<usize> {
        let mut ways: Vec<(bool, usize)> =
            self.leaving(at).iter().map(|l| (self.ends_soon(l.to), l.to)).collect();
        ways.sort_by_key(|(ends, _)| *ends);
        let mut next: Vec<usize> = ways.into_iter().map(|(_, to)| to).collect();
        next.extend(self.border(at));
        next
    }

    /// Whether a way leads to an end with nothing to do before.
    fn ends_soon(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(Kind::End))
    }
}

/// The name under which a link event is found.
fn link_name(element: &Element) -> String {
    let own = element.part("linkEventDefinition").map(Element::title).unwrap_or_default();
    if own.is_empty() { element.title() } else { own }
}
