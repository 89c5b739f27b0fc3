//! What a net can do: its markings and the steps between them, made as they are asked for and kept.

use crate::net::Net;
use crate::number::{NONE, id, ix};
use crate::table::{Table, hash_bytes};

/// A step: what it is called (a place in [`Graph::names`], or none) and the marking it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) name: u32,
    pub(crate) to: u32,
}

/// A transition, ready to be tried: its name, what it takes and what it gives.
struct Ready {
    name: u32,
    takes: Vec<(usize, u8)>,
    gives: Vec<(usize, u8)>,
}

/// The markings of a net that were met.
pub(crate) struct Graph {
    transitions: Vec<Ready>,
    /// The transitions that take from each place first, so that few are tried.
    by_place: Vec<Vec<u32>>,
    /// Those that take nothing.
    free: Vec<u32>,
    /// The names of the activities, each once.
    pub(crate) names: Vec<String>,
    places: usize,
    tokens: Vec<u8>,
    table: Table,
    /// Where the steps of each marking are, once they were asked for.
    steps_of: Vec<(u32, u32)>,
    steps: Vec<Step>,
    pub(crate) first: u32,
    pub(crate) last: u32,
}

impl Graph {
    pub(crate) fn new(net: &Net) -> Self {
        let mut names: Vec<String> = Vec::new();
        let small = |arcs: &[(u32, u32)]| -> Vec<(usize, u8)> {
            arcs.iter().map(|(p, w)| (ix(*p), u8::try_from(*w).unwrap_or(u8::MAX))).collect()
        };
        let mut by_place = vec![Vec::new(); net.places.len()];
        let (mut transitions, mut free) = (Vec::new(), Vec::new());
        for (n, transition) in net.transitions.iter().enumerate() {
            let name = transition.name.as_ref().map_or(NONE, |name| {
                let known = names.iter().position(|other| other == name);
                id(known.unwrap_or_else(|| {
                    names.push(name.clone());
                    names.len() - 1
                }))
            });
            let (takes, gives) = (small(&transition.takes), small(&transition.gives));
            match takes.first().and_then(|(place, _)| by_place.get_mut(*place)) {
                Some(list) => list.push(id(n)),
                None => free.push(id(n)),
            }
            transitions.push(Ready { name, takes, gives });
        }
        let mut graph = Self {
            transitions,
            by_place,
            free,
            names,
            places: net.places.len(),
            tokens: Vec::new(),
            table: Table::default(),
            steps_of: Vec::new(),
            steps: Vec::new(),
            first: 0,
            last: 0,
        };
        let marking = |tokens: &[(u32, u32)]| {
            let mut marking = vec![0; net.places.len()];
            for (place, count) in small(tokens) {
                if let Some(slot) = marking.get_mut(place) {
                    *slot = count;
                }
            }
            marking
        };
        graph.first = graph.intern(&marking(&net.initial));
        graph.last = graph.intern(&marking(&net.end));
        graph
    }

    /// The tokens of a marking, by place.
    pub(crate) fn tokens(&self, marking: u32) -> &[u8] {
        let from = ix(marking) * self.places;
        self.tokens.get(from..from + self.places).unwrap_or_default()
    }

    pub(crate) fn intern(&mut self, tokens: &[u8]) -> u32 {
        let hash = hash_bytes(tokens);
        if let Some(known) = self.table.find(hash, |known| self.tokens(known) == tokens) {
            return known;
        }
        let new = id(self.steps_of.len());
        self.tokens.extend_from_slice(tokens);
        self.steps_of.push((NONE, 0));
        self.table.insert(hash, new);
        new
    }

    /// Where the steps out of a marking are in [`Graph::step`].
    pub(crate) fn steps(&mut self, marking: u32) -> std::ops::Range<usize> {
        let (from, count) = self.steps_of.get(ix(marking)).copied().unwrap_or((0, 0));
        if from != NONE {
            return ix(from)..ix(from + count);
        }
        let tokens = self.tokens(marking).to_vec();
        let mut may: Vec<u32> = self.free.clone();
        for (place, list) in self.by_place.iter().enumerate() {
            if tokens.get(place).is_some_and(|count| *count > 0) {
                may.extend(list);
            }
        }
        may.sort_unstable();
        let mut found = Vec::new();
        for n in may {
            let Some(transition) = self.transitions.get(ix(n)) else { continue };
            if let Some(next) = fired(&tokens, transition) {
                found.push((transition.name, next));
            }
        }
        let from = self.steps.len();
        for (name, next) in found {
            let to = self.intern(&next);
            self.steps.push(Step { name, to });
        }
        if let Some(slot) = self.steps_of.get_mut(ix(marking)) {
            *slot = (id(from), id(self.steps.len() - from));
        }
        from..self.steps.len()
    }

    pub(crate) fn step(&self, at: usize) -> Step {
        self.steps.get(at).copied().unwrap_or(Step { name: NONE, to: 0 })
    }

    /// The marking after a step of this name that lacks tokens: those it lacks are put there. With how many
    /// they were; of several transitions of the name the one that lacks fewest.
    pub(crate) fn forced(&mut self, marking: u32, name: u32) -> Option<(u32, u32)> {
        let tokens = self.tokens(marking).to_vec();
        let named = self.transitions.iter().filter(|t| t.name == name);
        let lacking = |t: &Ready| -> u32 {
            let lack = |(place, need): &(usize, u8)| {
                u32::from(need.saturating_sub(tokens.get(*place).copied().unwrap_or(0)))
            };
            t.takes.iter().map(lack).sum()
        };
        let (lack, transition) = named.map(|t| (lacking(t), t)).min_by_key(|(lack, _)| *lack)?;
        let mut filled = tokens.clone();
        for (place, need) in &transition.takes {
            if let Some(slot) = filled.get_mut(*place) {
                *slot = (*slot).max(*need);
            }
        }
        let next = fired(&filled, transition)?;
        Some((self.intern(&next), lack))
    }

    /// How many tokens a transition of this name takes and gives, and silent ones likewise: of the first.
    pub(crate) fn weights(&self, name: u32) -> (u32, u32) {
        let sum = |arcs: &[(usize, u8)]| arcs.iter().map(|(_, weight)| u32::from(*weight)).sum();
        let found = self.transitions.iter().find(|t| t.name == name);
        found.map_or((1, 1), |t| (sum(&t.takes), sum(&t.gives)))
    }
}

/// The tokens after a transition; `None` where it may not fire or a place would overflow.
fn fired(tokens: &[u8], transition: &Ready) -> Option<Vec<u8>> {
    let mut next = tokens.to_vec();
    for (place, need) in &transition.takes {
        let slot = next.get_mut(*place)?;
        *slot = slot.checked_sub(*need)?;
    }
    for (place, more) in &transition.gives {
        let slot = next.get_mut(*place)?;
        *slot = slot.checked_add(*more)?;
    }
    Some(next)
}
