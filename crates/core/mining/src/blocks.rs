//! From a Petri net to the process tree that means the same, where the net is made of blocks.
//!
//! The net is made smaller, two transitions or two places at a time, by steps that keep what it can do; each
//! transition carries the tree of what it stands for. A net that comes down to one transition is that tree
//! (after van Zelst and Leemans, "Translating Workflow Nets to Process Trees", 2021).

use crate::net::Net;
use crate::number::id;
use crate::tree::Tree;
use std::collections::{BTreeMap, BTreeSet};

/// Larger nets are left as they are.
const MAX_TRANSITIONS: usize = 2000;
/// Trees that are nested deeper are left as nets.
const MAX_DEPTH: u64 = 200;

type Set = BTreeSet<u32>;

#[derive(Debug, Clone)]
struct Block {
    takes: Set,
    gives: Set,
    tree: Tree,
}

#[derive(Debug, Clone, Default)]
struct Place {
    /// The transitions that give to it and that take from it.
    givers: Set,
    takers: Set,
}

struct Work {
    blocks: BTreeMap<u32, Block>,
    places: BTreeMap<u32, Place>,
    next_block: u32,
    next_place: u32,
    first: u32,
    last: u32,
}

/// The tree of a net; `None` where the net is not made of blocks.
pub fn tree_of(net: &Net) -> Option<Tree> {
    if net.transitions.len() > MAX_TRANSITIONS || !net.is_whole() {
        return None;
    }
    let mut work = Work::of(net)?;
    while work.step() {}
    let mut blocks = work.blocks.into_values();
    let (only, rest) = (blocks.next()?, blocks.next());
    let is_whole = only.takes.contains(&work.first) && only.gives.contains(&work.last);
    let is_one = rest.is_none() && is_whole && only.takes.len() == 1 && only.gives.len() == 1;
    is_one.then(|| only.tree.folded()).filter(|tree| tree.depth() <= MAX_DEPTH)
}

impl Work {
    fn of(net: &Net) -> Option<Self> {
        let count = id(net.places.len());
        let (first, last) = (count, count + 1);
        let mut work = Self {
            blocks: BTreeMap::new(),
            places: BTreeMap::new(),
            next_block: 0,
            next_place: count + 2,
            first,
            last,
        };
        let single = |arcs: &[(u32, u32)]| -> Option<Set> {
            let is_plain = !arcs.is_empty() && arcs.iter().all(|(_, weight)| *weight == 1);
            is_plain.then(|| arcs.iter().map(|(place, _)| *place).collect())
        };
        for transition in &net.transitions {
            let tree = transition.name.as_ref().map_or(Tree::Silent, Tree::activity);
            work.add(single(&transition.takes)?, single(&transition.gives)?, tree);
        }
        work.add(Set::from([first]), single(&net.initial)?, Tree::Silent);
        work.add(single(&net.end)?, Set::from([last]), Tree::Silent);
        Some(work)
    }

    fn add(&mut self, takes: Set, gives: Set, tree: Tree) -> u32 {
        let new = self.next_block;
        self.next_block += 1;
        for place in &takes {
            self.places.entry(*place).or_default().takers.insert(new);
        }
        for place in &gives {
            self.places.entry(*place).or_default().givers.insert(new);
        }
        self.blocks.insert(new, Block { takes, gives, tree });
        new
    }

    fn remove(&mut self, block: u32) -> Option<Block> {
        let gone = self.blocks.remove(&block)?;
        for place in &gone.takes {
            if let Some(place) = self.places.get_mut(place) {
                place.takers.remove(&block);
            }
        }
        for place in &gone.gives {
            if let Some(place) = self.places.get_mut(place) {
                place.givers.remove(&block);
            }
        }
        Some(gone)
    }

    /// Removes a place that nothing is left at, or that says nothing new.
    fn drop_place(&mut self, place: u32) {
        let Some(gone) = self.places.remove(&place) else { return };
        for giver in gone.givers {
            if let Some(block) = self.blocks.get_mut(&giver) {
                block.gives.remove(&place);
            }
        }
        for taker in gone.takers {
            if let Some(block) = self.blocks.get_mut(&taker) {
                block.takes.remove(&place);
            }
        }
    }

    /// Makes the net smaller everywhere it can be; whether it could.
    fn step(&mut self) -> bool {
        let mut has_changed = false;
        for rule in [Self::twins, Self::sequences, Self::choices, Self::loops, Self::parallels] {
            while rule(self) {
                has_changed = true;
            }
        }
        has_changed || self.self_loops()
    }

    /// Two places that are given to and taken from together are one.
    fn twins(&mut self) -> bool {
        let mut seen: BTreeMap<(&Set, &Set), u32> = BTreeMap::new();
        let mut twin = None;
        for (at, place) in &self.places {
            if place.givers.is_empty() && place.takers.is_empty() {
                twin = Some(*at);
                break;
            }
            if *at == self.first || *at == self.last {
                continue;
            }
            if seen.insert((&place.givers, &place.takers), *at).is_some() {
                twin = Some(*at);
                break;
            }
        }
        twin.is_some_and(|place| {
            self.drop_place(place);
            true
        })
    }

    fn only(set: &Set) -> Option<u32> {
        let mut all = set.iter();
        let first = all.next()?;
        all.next().is_none().then_some(*first)
    }

    /// A place between two blocks, neither of which has another way there, makes them one.
    fn sequences(&mut self) -> bool {
        let found: Vec<u32> = self
            .places
            .iter()
            .filter_map(|(at, place)| {
                let (giver, taker) = (Self::only(&place.givers)?, Self::only(&place.takers)?);
                let is_alone = giver != taker
                    && Self::only(&self.blocks.get(&giver)?.gives)? == *at
                    && Self::only(&self.blocks.get(&taker)?.takes)? == *at;
                is_alone.then_some(*at)
            })
            .collect();
        let mut has_changed = false;
        for at in found {
            let Some(place) = self.places.get(&at) else { continue };
            let both = (Self::only(&place.givers), Self::only(&place.takers));
            let (Some(giver), Some(taker)) = both else { continue };
            // What changed since may have made a ring of it.
            if giver == taker {
                continue;
            }
            let (Some(before), Some(after)) = (self.remove(giver), self.remove(taker)) else {
                continue;
            };
            self.places.remove(&at);
            let tree = one_after_another(before.tree, after.tree);
            self.add(before.takes, after.gives, tree);
            has_changed = true;
        }
        has_changed
    }

    /// Blocks from the same places to the same places are a choice.
    fn choices(&mut self) -> bool {
        let mut groups: BTreeMap<(Set, Set), Vec<u32>> = BTreeMap::new();
        for (at, block) in &self.blocks {
            groups.entry((block.takes.clone(), block.gives.clone())).or_default().push(*at);
        }
        let mut has_changed = false;
        for ((takes, gives), blocks) in groups {
            if blocks.len() < 2 {
                continue;
            }
            let parts = blocks.into_iter().filter_map(|at| Some(self.remove(at)?.tree)).collect();
            self.add(takes, gives, Tree::Choice(parts));
            has_changed = true;
        }
        has_changed
    }

    /// A block that is the only way from one place to another, with a way back, is a loop.
    fn loops(&mut self) -> bool {
        let found = self.blocks.iter().find_map(|(at, body)| {
            let (begin, end) = (Self::only(&body.takes)?, Self::only(&body.gives)?);
            let (from, to) = (self.places.get(&begin)?, self.places.get(&end)?);
            if begin == end || Self::only(&from.takers)? != *at || Self::only(&to.givers)? != *at {
                return None;
            }
            let back = to.takers.iter().find(|back| {
                self.blocks.get(back).is_some_and(|back| {
                    Self::only(&back.takes) == Some(end) && Self::only(&back.gives) == Some(begin)
                })
            })?;
            Some((*at, *back))
        });
        let Some((body, back)) = found else { return false };
        let (Some(body), Some(back)) = (self.remove(body), self.remove(back)) else { return false };
        let tree = Tree::Loop(Box::new(body.tree), Box::new(back.tree));
        self.add(body.takes, body.gives, tree);
        true
    }

    /// Blocks whose places are filled together and emptied together run side by side.
    fn parallels(&mut self) -> bool {
        let mut groups: BTreeMap<(&Set, &Set), Vec<u32>> = BTreeMap::new();
        for (at, block) in &self.blocks {
            let (Some(begin), Some(end)) = (Self::only(&block.takes), Self::only(&block.gives))
            else {
                continue;
            };
            let (Some(from), Some(to)) = (self.places.get(&begin), self.places.get(&end)) else {
                continue;
            };
            let is_alone =
                Self::only(&from.takers) == Some(*at) && Self::only(&to.givers) == Some(*at);
            if is_alone && begin != end && !from.givers.is_empty() && !to.takers.is_empty() {
                groups.entry((&from.givers, &to.takers)).or_default().push(*at);
            }
        }
        let Some(blocks) = groups.into_values().find(|blocks| blocks.len() > 1) else {
            return false;
        };
        let mut parts = Vec::new();
        let mut kept: Option<(Set, Set)> = None;
        for at in blocks {
            let Some(block) = self.remove(at) else { continue };
            parts.push(block.tree);
            if kept.is_none() {
                kept = Some((block.takes, block.gives));
            } else {
                for place in block.takes.iter().chain(&block.gives) {
                    self.drop_place(*place);
                }
            }
        }
        let Some((takes, gives)) = kept else { return false };
        self.add(takes, gives, Tree::Parallel(parts));
        true
    }

    /// A ring at one place can be done any number of times before anything else is done there.
    fn self_loops(&mut self) -> bool {
        let found = self.blocks.iter().find_map(|(at, block)| {
            let place = Self::only(&block.takes)?;
            let is_ring =
                Self::only(&block.gives)? == place && place != self.first && place != self.last;
            is_ring.then_some((*at, place))
        });
        let Some((ring, place)) = found else { return false };
        let Some(ring) = self.remove(ring) else { return false };
        let behind = self.next_place;
        self.next_place += 1;
        let takers = self.places.get_mut(&place).map(|p| std::mem::take(&mut p.takers));
        let takers = takers.unwrap_or_default();
        for taker in &takers {
            if let Some(block) = self.blocks.get_mut(taker) {
                block.takes.remove(&place);
                block.takes.insert(behind);
            }
        }
        self.places.entry(behind).or_default().takers = takers;
        let tree = Tree::Loop(Box::new(Tree::Silent), Box::new(ring.tree));
        self.add(Set::from([place]), Set::from([behind]), tree);
        true
    }
}

/// A sequence of two; a long row of them does not become a deep one.
fn one_after_another(before: Tree, after: Tree) -> Tree {
    let mut parts = match before {
        Tree::Sequence(parts) => parts,
        other => vec![other],
    };
    match after {
        Tree::Sequence(more) => parts.extend(more),
        other => parts.push(other),
    }
    Tree::Sequence(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::play::trees;
    use proptest::prelude::*;

    #[track_caller]
    fn check(net: &Net, expected: Option<&str>) {
        assert_eq!(tree_of(net).map(|tree| tree.to_string()).as_deref(), expected);
    }

    #[test]
    fn a_net_in_which_splits_are_part_of_activities_is_still_made_of_blocks() {
        let mut net = Net::default();
        let at = ["0", "1", "2", "3", "4", "5"].map(|name| net.place(name));
        let name = |name: &str| Some(name.to_owned());
        net.transition(name("a"), &[at[0]], &[at[1], at[2]]);
        net.transition(name("b"), &[at[1]], &[at[3]]);
        net.transition(name("c"), &[at[2]], &[at[4]]);
        net.transition(None, &[at[2]], &[at[4]]);
        net.transition(name("d"), &[at[3], at[4]], &[at[5]]);
        net.transition(name("e"), &[at[5]], &[at[5]]);
        net.initial.push((at[0], 1));
        net.end.push((at[5], 1));
        check(&net, Some("->( 'a', +( 'b', X( tau, 'c' ) ), 'd', *( tau, 'e' ) )"));
        net.transition(name("f"), &[at[1]], &[at[4]]);
        check(&net, None);
    }

    proptest! {
        #[test]
        fn the_net_of_a_tree_is_made_of_blocks_with_the_same_activities(tree in trees()) {
            let found = tree_of(&Net::of_tree(&tree));
            prop_assert!(found.is_some(), "{}", tree);
            let sorted = |tree: &Tree| {
                let mut names: Vec<String> = tree.names().into_iter().map(str::to_owned).collect();
                names.sort();
                names
            };
            prop_assert_eq!(sorted(&found.unwrap()), sorted(&tree));
        }
    }
}
