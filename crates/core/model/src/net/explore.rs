//! The states that a run can come to, and what is wrong with them.

use super::{Fault, Net, Place, Transition, Verdict};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};

/// The most states that are looked at; twelve parts at the same time make about four thousand.
const MAX_STATES: usize = 10_000;

/// The tokens of a state: each place that holds one, in order, as often as it does.
type Marking = Vec<Place>;

/// The states found so far, in the order of the search: by the length of the shortest way there.
#[derive(Default)]
struct States {
    markings: Vec<Marking>,
    numbers: BTreeMap<Marking, usize>,
    /// From which state, by which transition, each was reached first.
    parents: Vec<Option<(usize, usize)>>,
    /// From which states, by which transitions, each can be reached.
    before: Vec<Vec<(usize, usize)>>,
}

impl States {
    /// Keeps a state; gives its number where it is new.
    fn add(&mut self, marking: Marking, from: Option<(usize, usize)>) -> Option<usize> {
        if let Some(known) = self.numbers.get(&marking) {
            self.before.get_mut(*known)?.extend(from);
            return None;
        }
        let number = self.markings.len();
        self.numbers.insert(marking.clone(), number);
        self.markings.push(marking);
        self.parents.push(from);
        self.before.push(from.into_iter().collect());
        Some(number)
    }
}

/// The state after a transition; nothing where it cannot happen.
fn fire(marking: &Marking, transition: &Transition) -> Option<Marking> {
    let mut next = marking.clone();
    for place in &transition.from {
        let at = next.iter().position(|held| held == place)?;
        next.remove(at);
    }
    next.extend(&transition.to);
    next.sort_unstable();
    Some(next)
}

/// Looks at every state that a run can come to, the nearest first.
pub(super) fn explore(net: &Net) -> Verdict {
    let mut seen = States::default();
    let mut open: VecDeque<usize> = seen.add(vec![net.source], None).into_iter().collect();
    let mut fired = vec![false; net.n_steps];
    let (mut limited, mut left_over, mut stuck) = (false, None, None);
    // The states from which it is known what comes: the end, or a fault.
    let mut settled: Vec<usize> = Vec::new();
    while let Some(state) = open.pop_front() {
        let Some(marking) = seen.markings.get(state).cloned() else { continue };
        let twice = marking.windows(2).any(|pair| pair.first() == pair.last());
        if twice || (marking.len() > 1 && marking.contains(&net.sink)) {
            left_over.get_or_insert(state);
            settled.push(state);
            continue;
        }
        let mut moved = false;
        for n in marking.iter().filter_map(|place| net.takers.get(*place)).flatten() {
            let Some(transition) = net.transitions.get(*n) else { continue };
            let Some(next) = fire(&marking, transition) else { continue };
            moved = true;
            if let Some(mark) = fired.get_mut(transition.step) {
                *mark = true;
            }
            if seen.markings.len() >= MAX_STATES && !seen.numbers.contains_key(&next) {
                limited = true;
                continue;
            }
            open.extend(seen.add(next, Some((state, *n))));
        }
        if !moved {
            if marking != [net.sink] {
                stuck.get_or_insert(state);
            }
            settled.push(state);
        }
    }
    let mut faults = Vec::new();
    let within = |state: usize| {
        let mut places = seen.markings.get(state).into_iter().flatten();
        places.find_map(|place| net.inside.get(*place).copied().flatten())
    };
    if let Some(state) = stuck {
        faults.push(Fault::Stuck { path: path(net, &seen, state), waits: within(state) });
    }
    if let Some(state) = left_over {
        faults.push(Fault::LeftOver { path: path(net, &seen, state), left: within(state) });
    }
    if !limited {
        faults.extend(endless(net, &seen, settled));
        let dead = net.acting.iter().filter(|at| fired.get(**at) == Some(&false));
        faults.extend(dead.map(|step| Fault::Dead { step: *step }));
    }
    Verdict { faults, limited }
}

/// The steps of these transitions that are shown, a step with parts that begin at once only once.
fn steps(net: &Net, transitions: impl Iterator<Item = usize>) -> Vec<usize> {
    transitions
        .filter_map(|n| net.transitions.get(n))
        .filter(|transition| transition.shown)
        .map(|transition| transition.step)
        .collect()
}

/// The steps on the shortest way to a state.
fn path(net: &Net, seen: &States, state: usize) -> Vec<usize> {
    let mut way = Vec::new();
    let mut at = state;
    while let Some(Some((before, transition))) = seen.parents.get(at) {
        way.push(*transition);
        at = *before;
    }
    steps(net, way.into_iter().rev())
}

/// The first state from which nothing comes to an end or a standstill, and a circle from there.
fn endless(net: &Net, seen: &States, settled: Vec<usize>) -> Option<Fault> {
    let mut ends = vec![false; seen.markings.len()];
    let mut open = settled;
    while let Some(state) = open.pop() {
        match ends.get_mut(state) {
            Some(mark) if !*mark => *mark = true,
            _ => continue,
        }
        open.extend(seen.before.get(state).into_iter().flatten().map(|(before, _)| *before));
    }
    // The nearest state of the part without an end may lead into a circle without being on it.
    let lost = ends.iter().enumerate().filter(|(_, ends)| !**ends).map(|(state, _)| state);
    let (state, circle) = lost.take(500).find_map(|s| Some((s, circle(net, seen, s)?)))?;
    Some(Fault::NeverEnds { path: path(net, seen, state), circle })
}

/// The shortest circle through a state, found backwards.
fn circle(net: &Net, seen: &States, state: usize) -> Option<Vec<usize>> {
    let mut after: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut open = VecDeque::from([state]);
    while let Some(at) = open.pop_front() {
        for (before, transition) in seen.before.get(at).into_iter().flatten() {
            if *before == state {
                let mut way = vec![*transition];
                let mut next = at;
                while next != state {
                    let (following, transition) = after.get(&next).copied()?;
                    way.push(transition);
                    next = following;
                }
                return Some(steps(net, way.into_iter()));
            }
            if let Entry::Vacant(free) = after.entry(*before) {
                free.insert((at, *transition));
                open.push_back(*before);
            }
        }
    }
    None
}
