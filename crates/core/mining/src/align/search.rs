//! Alignments by search: the shortest way through the markings of the net beside the events of the trace.
//!
//! A state is a marking and how many events are behind it. Steps that agree and silent steps are free, all
//! others cost one, so states wait in one stack for each cost and are taken from the cheapest. Events of
//! activities that the model does not have are set aside before. What the net can do is kept across variants.

use super::marking::Graph;
use super::{Aligned, Alignment, Limits, bump, counted};
use crate::net::Net;
use crate::number::{NONE, id, ix, long};
use crate::report::{Refusal, Watch};
use crate::table::{Names, Table, fold, mix};
use crate::variants::Variants;

/// How a state was come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Via {
    Free,
    Extra,
    Skipped(u32),
}

#[derive(Debug, Clone, Copy)]
struct State {
    marking: u32,
    done: u32,
    cost: u32,
    before: u32,
    via: Via,
    is_closed: bool,
}

/// What a search found.
enum Found {
    /// The state at the end.
    End(u32),
    /// The end cannot be come to.
    Nothing,
    /// It was given up; every way costs at least so much.
    Limited(u32),
}

pub(super) fn align(
    activities: &Names,
    variants: &Variants,
    net: &Net,
    limits: Limits,
    watch: &mut dyn Watch,
) -> Result<Aligned, Refusal> {
    let mut search = Search::new(Graph::new(net));
    let names = search.graph.names.clone();
    let mut step_of = vec![NONE; activities.len()];
    for (step, name) in names.iter().enumerate() {
        if let Some(slot) = activities.find(name).and_then(|a| step_of.get_mut(ix(a))) {
            *slot = id(step);
        }
    }
    // The shortest way through is the alignment of nothing.
    let mut through = Vec::new();
    let shortest = match search.run(&[], limits.states, 0, watch)? {
        Found::End(end) => {
            let (_, skipped) = search.told(end, &[]);
            through = skipped;
            search.states.get(ix(end)).map_or(0, |state| state.cost)
        }
        Found::Nothing => {
            return Err(Refusal::Malformed("the model cannot come to its end".to_owned()));
        }
        // The end was not found among so many markings: every trace gets a bound.
        Found::Limited(least) => least,
    };
    let mut left = limits.all_states;
    let mut all = Vec::with_capacity(variants.all.len());
    for (done, variant) in variants.all.iter().enumerate() {
        if !watch.goes_on(long(done)) {
            return Err(Refusal::Stopped);
        }
        let mut foreign = Vec::new();
        let (mut trace, mut own) = (Vec::new(), Vec::new());
        for activity in &variant.activities {
            let step = step_of.get(ix(*activity)).copied().unwrap_or(NONE);
            if step == NONE {
                bump(&mut foreign, *activity);
            } else {
                trace.push(step);
                own.push(*activity);
            }
        }
        let aside = variant.activities.len() - trace.len();
        // Later variants keep something to be looked for with.
        let most = limits.states.min((left / 8).max(10_000));
        let found = search.run(&trace, most, 0, watch)?;
        left = left.saturating_sub(search.states.len());
        let (end, at_least) = match found {
            Found::End(end) => (Some(end), None),
            Found::Nothing => {
                return Err(Refusal::Malformed("the model cannot come to its end".to_owned()));
            }
            Found::Limited(least) => {
                // Some way, if not the cheapest: the one that gets on in the trace soonest.
                let greedy = search.run(&trace, most, 2, watch)?;
                left = left.saturating_sub(search.states.len());
                (if let Found::End(end) = greedy { Some(end) } else { None }, Some(least))
            }
        };
        let (cost, extra, skipped) = match end {
            Some(end) => {
                let (extra, skipped) = search.told(end, &trace);
                (search.states.get(ix(end)).map_or(0, |state| state.cost), extra, skipped)
            }
            None => (id(trace.len()) + shortest, vec![true; trace.len()], through.clone()),
        };
        for (activity, _) in own.iter().zip(&extra).filter(|(_, is_extra)| **is_extra) {
            bump(&mut foreign, *activity);
        }
        let cost = u64::from(cost) + long(aside);
        let at_least = at_least.map_or(cost, |least| (u64::from(least) + long(aside)).min(cost));
        let extra = counted(&foreign);
        all.push(Alignment { cost, at_least, extra, skipped: counted(&skipped) });
    }
    Ok(Aligned { all, shortest: u64::from(shortest), steps: names })
}

struct Search {
    graph: Graph,
    states: Vec<State>,
    table: Table,
    /// The states that wait, by the order in which they are to be taken.
    waiting: Vec<Vec<u32>>,
}

impl Search {
    fn new(graph: Graph) -> Self {
        Self { graph, states: Vec::new(), table: Table::default(), waiting: Vec::new() }
    }

    /// Looks for the way to the end beside a trace. With `haste` an event that is still ahead weighs so much,
    /// and what is found need not be the cheapest.
    fn run(
        &mut self,
        trace: &[u32],
        most: usize,
        haste: u32,
        watch: &mut dyn Watch,
    ) -> Result<Found, Refusal> {
        self.states.clear();
        self.table = Table::default();
        self.waiting.clear();
        let length = id(trace.len());
        let last = self.graph.last;
        self.reach(
            State {
                marking: self.graph.first,
                done: 0,
                cost: 0,
                before: NONE,
                via: Via::Free,
                is_closed: false,
            },
            length * haste,
        );
        let mut level = 0;
        loop {
            let Some(stack) = self.waiting.get_mut(level) else { return Ok(Found::Nothing) };
            let Some(at) = stack.pop() else {
                level += 1;
                continue;
            };
            let Some(state) = self.states.get_mut(ix(at)) else { continue };
            if state.is_closed {
                continue;
            }
            state.is_closed = true;
            let State { marking, done, cost, .. } = *state;
            if marking == last && done == length {
                return Ok(Found::End(at));
            }
            if self.states.len() >= most {
                return Ok(Found::Limited(if haste == 0 { id(level) } else { 0 }));
            }
            if self.states.len().is_multiple_of(1 << 16) && !watch.goes_on(0) {
                return Err(Refusal::Stopped);
            }
            let next = trace.get(ix(done)).copied();
            let behind = |done: u32| (length - done) * haste;
            let new = |marking, done, cost, via| State {
                marking,
                done,
                cost,
                before: at,
                via,
                is_closed: false,
            };
            if next.is_some() {
                let state = new(marking, done + 1, cost + 1, Via::Extra);
                self.reach(state, cost + 1 + behind(done + 1));
            }
            for step in self.graph.steps(marking) {
                let step = self.graph.step(step);
                if step.name == NONE {
                    self.reach(new(step.to, done, cost, Via::Free), cost + behind(done));
                    continue;
                }
                let state = new(step.to, done, cost + 1, Via::Skipped(step.name));
                self.reach(state, cost + 1 + behind(done));
                if next == Some(step.name) {
                    let state = new(step.to, done + 1, cost, Via::Free);
                    self.reach(state, cost + behind(done + 1));
                }
            }
            // What is free leads to earlier stacks where one is in haste.
            if haste > 0 {
                level = level.saturating_sub(ix(haste));
            }
        }
    }

    /// Puts a state among those that wait, unless it was reached as cheaply before.
    fn reach(&mut self, state: State, order: u32) {
        let hash = fold(mix(u64::from(state.marking), u64::from(state.done)));
        let states = &self.states;
        let known = self.table.find(hash, |at| {
            states.get(ix(at)).is_some_and(|s| s.marking == state.marking && s.done == state.done)
        });
        let at = if let Some(at) = known {
            let Some(old) = self.states.get_mut(ix(at)) else { return };
            if old.is_closed || old.cost <= state.cost {
                return;
            }
            *old = state;
            at
        } else {
            let at = id(self.states.len());
            self.states.push(state);
            self.table.insert(hash, at);
            at
        };
        let order = ix(order);
        if self.waiting.len() <= order {
            self.waiting.resize(order + 1, Vec::new());
        }
        if let Some(stack) = self.waiting.get_mut(order) {
            stack.push(at);
        }
    }

    /// The deviations on the way to a state: which events are extra, and how often each step is skipped.
    fn told(&self, end: u32, trace: &[u32]) -> (Vec<bool>, Vec<u32>) {
        let mut extra = vec![false; trace.len()];
        let mut skipped = Vec::new();
        let mut next = end;
        while let Some(state) = self.states.get(ix(next)) {
            match state.via {
                Via::Free => {}
                Via::Extra => {
                    if let Some(flag) = extra.get_mut(ix(state.done).wrapping_sub(1)) {
                        *flag = true;
                    }
                }
                Via::Skipped(name) => bump(&mut skipped, name),
            }
            next = state.before;
        }
        (extra, skipped)
    }
}
