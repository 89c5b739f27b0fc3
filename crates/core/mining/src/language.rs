//! What a net allows next after what happened: its markings taken together wherever silent steps lead, so that
//! each sequence of activities leads to one state.

use crate::align::marking::Graph;
use crate::net::Net;
use crate::number::{NONE, id, ix};
use crate::table::{Table, hash_ids};
use std::collections::{BTreeMap, BTreeSet};

/// The most markings of one state, and of all.
const MAX_STATE: usize = 50_000;
const MAX_ALL: usize = 10_000_000;

/// The states of a net that were met.
pub(crate) struct Language {
    pub(crate) graph: Graph,
    sets: Vec<Vec<u32>>,
    table: Table,
    next: BTreeMap<(u32, u32), Option<u32>>,
    allowed: BTreeMap<u32, Vec<u32>>,
    kept: usize,
}

/// A state had too many markings to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMany;

impl Language {
    pub(crate) fn new(net: &Net) -> Self {
        Self {
            graph: Graph::new(net),
            sets: Vec::new(),
            table: Table::default(),
            next: BTreeMap::new(),
            allowed: BTreeMap::new(),
            kept: 0,
        }
    }

    /// The state at the beginning.
    pub(crate) fn first(&mut self) -> Result<u32, TooMany> {
        self.closed([self.graph.first].into())
    }

    /// The state of these markings and all that silent steps lead to from them.
    pub(crate) fn closed(&mut self, mut set: BTreeSet<u32>) -> Result<u32, TooMany> {
        let mut open: Vec<u32> = set.iter().copied().collect();
        while let Some(marking) = open.pop() {
            for at in self.graph.steps(marking) {
                let step = self.graph.step(at);
                if step.name == NONE && set.insert(step.to) {
                    open.push(step.to);
                }
            }
            if set.len() > MAX_STATE {
                return Err(TooMany);
            }
        }
        let set: Vec<u32> = set.into_iter().collect();
        let hash = hash_ids(&set);
        let sets = &self.sets;
        if let Some(known) = self.table.find(hash, |at| sets.get(ix(at)) == Some(&set)) {
            return Ok(known);
        }
        self.kept += set.len();
        if self.kept > MAX_ALL {
            return Err(TooMany);
        }
        let new = id(self.sets.len());
        self.table.insert(hash, new);
        self.sets.push(set);
        Ok(new)
    }

    /// The markings of a state.
    pub(crate) fn markings(&self, state: u32) -> &[u32] {
        self.sets.get(ix(state)).map_or(&[], Vec::as_slice)
    }

    /// Whether it may end here.
    pub(crate) fn may_end(&self, state: u32) -> bool {
        self.markings(state).binary_search(&self.graph.last).is_ok()
    }

    /// The state after an activity; `None` where it is not allowed.
    pub(crate) fn after(&mut self, state: u32, name: u32) -> Result<Option<u32>, TooMany> {
        if let Some(known) = self.next.get(&(state, name)) {
            return Ok(*known);
        }
        let mut set = BTreeSet::new();
        for marking in self.markings(state).to_vec() {
            for at in self.graph.steps(marking) {
                let step = self.graph.step(at);
                if step.name == name {
                    set.insert(step.to);
                }
            }
        }
        let next = if set.is_empty() { None } else { Some(self.closed(set)?) };
        self.next.insert((state, name), next);
        Ok(next)
    }

    /// The activities that are allowed in a state, in order.
    pub(crate) fn allowed(&mut self, state: u32) -> Vec<u32> {
        if let Some(known) = self.allowed.get(&state) {
            return known.clone();
        }
        let mut names = BTreeSet::new();
        for marking in self.markings(state).to_vec() {
            for at in self.graph.steps(marking) {
                let step = self.graph.step(at);
                if step.name != NONE {
                    names.insert(step.name);
                }
            }
        }
        let names: Vec<u32> = names.into_iter().collect();
        self.allowed.insert(state, names.clone());
        names
    }
}
