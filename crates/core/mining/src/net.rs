//! Petri nets with an initial and a final marking; silent transitions have no name.

use crate::number::{id, ix};
use crate::tree::Tree;

/// A transition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transition {
    /// The activity; `None` for a silent one.
    pub name: Option<String>,
    /// What it takes: place and number of tokens, in the order of places.
    pub takes: Vec<(u32, u32)>,
    /// What it gives: place and number of tokens, in the order of places.
    pub gives: Vec<(u32, u32)>,
}

/// A Petri net.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Net {
    /// The names of the places.
    pub places: Vec<String>,
    /// The transitions.
    pub transitions: Vec<Transition>,
    /// The tokens at the beginning: place and number.
    pub initial: Vec<(u32, u32)>,
    /// The tokens at the end: place and number. Everything else is empty then.
    pub end: Vec<(u32, u32)>,
}

impl Net {
    /// A new place.
    pub fn place(&mut self, name: impl Into<String>) -> u32 {
        self.places.push(name.into());
        id(self.places.len() - 1)
    }

    /// A new transition that takes one token from each place and gives one to each.
    pub fn transition(&mut self, name: Option<String>, takes: &[u32], gives: &[u32]) {
        let arcs = |places: &[u32]| {
            let mut arcs: Vec<(u32, u32)> = Vec::with_capacity(places.len());
            for place in places {
                match arcs.iter_mut().find(|(known, _)| known == place) {
                    Some((_, weight)) => *weight += 1,
                    None => arcs.push((*place, 1)),
                }
            }
            arcs.sort_unstable();
            arcs
        };
        self.transitions.push(Transition { name, takes: arcs(takes), gives: arcs(gives) });
    }

    /// The net of a process tree: from one place to another, with a silent transition where blocks part, join,
    /// begin to repeat or are left out.
    pub fn of_tree(tree: &Tree) -> Self {
        let mut net = Self::default();
        let (source, sink) = (net.place("source"), net.place("sink"));
        net.block(tree, source, sink);
        net.initial.push((source, 1));
        net.end.push((sink, 1));
        net
    }

    fn inner(&mut self) -> u32 {
        let name = format!("p{}", self.places.len() - 1);
        self.place(name)
    }

    fn block(&mut self, tree: &Tree, from: u32, to: u32) {
        match tree {
            Tree::Silent => self.transition(None, &[from], &[to]),
            Tree::Activity(name) => self.transition(Some(name.clone()), &[from], &[to]),
            Tree::Sequence(parts) => {
                let Some((last, parts)) = parts.split_last() else {
                    return self.transition(None, &[from], &[to]);
                };
                let mut at = from;
                for part in parts {
                    let next = self.inner();
                    self.block(part, at, next);
                    at = next;
                }
                self.block(last, at, to);
            }
            Tree::Choice(parts) => {
                for part in parts {
                    self.block(part, from, to);
                }
            }
            Tree::Parallel(parts) => {
                let ways: Vec<(u32, u32)> =
                    parts.iter().map(|_| (self.inner(), self.inner())).collect();
                let begins: Vec<u32> = ways.iter().map(|(begin, _)| *begin).collect();
                let ends: Vec<u32> = ways.iter().map(|(_, end)| *end).collect();
                self.transition(None, &[from], &begins);
                for (part, (begin, end)) in parts.iter().zip(ways) {
                    self.block(part, begin, end);
                }
                self.transition(None, &ends, &[to]);
            }
            Tree::Loop(body, redo) => {
                let (begin, end) = (self.inner(), self.inner());
                self.transition(None, &[from], &[begin]);
                self.block(body, begin, end);
                self.block(redo, end, begin);
                self.transition(None, &[end], &[to]);
            }
        }
    }

    /// Whether every arc ends at a place that there is.
    pub fn is_whole(&self) -> bool {
        let there = |(place, weight): &(u32, u32)| ix(*place) < self.places.len() && *weight > 0;
        self.transitions.iter().all(|t| t.takes.iter().chain(&t.gives).all(there))
            && self.initial.iter().chain(&self.end).all(there)
    }
}
