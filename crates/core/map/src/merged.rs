//! One graph of two processes: the new one with what the old one had besides, each with its fate.

use crate::difference::{Difference, Fate, StepDifference, difference, pairs};
use crate::graph::{Graph, Link, Node, ShapeKind};
use gemba_model::Process;
use std::collections::{BTreeMap, BTreeSet};

impl Graph {
    /// The new process with what was removed at its old place, and the difference it shows.
    ///
    /// Removed shapes are called `was:` and their old id. A changed step has what changed as its
    /// note.
    pub fn of_difference(old: &Process, new: &Process) -> (Self, Difference) {
        let difference = difference(old, new);
        let before = Self::of(old);
        let mut merger = Merger {
            mapped: mapped(&before, &Self::of(new), &pairs(old, new)),
            graph: Self::of(new),
            old: before,
        };
        merger.judge(&difference);
        merger.judge_links();
        merger.add_lanes();
        merger.add_ghosts();
        (merger.graph, difference)
    }
}

/// For each node of a process' graph the top-level step it belongs to.
fn owners(graph: &Graph) -> Vec<Option<usize>> {
    let mut steps = 0;
    let owner = |node: &Node| match node.kind {
        ShapeKind::Step(_) => {
            steps += 1;
            Some(steps - 1)
        }
        // A step's diamond and early ends stand right behind its box.
        ShapeKind::Decision | ShapeKind::Stop => usize::checked_sub(steps, 1),
        ShapeKind::Start
        | ShapeKind::Event
        | ShapeKind::Join
        | ShapeKind::Parallel
        | ShapeKind::Outcome => None,
    };
    graph.nodes.iter().map(owner).collect()
}

/// What tells a shape from the others of its step: the kind, and for early ends the branch.
fn part(node: &Node) -> (u8, &str) {
    match node.kind {
        ShapeKind::Start => (0, ""),
        ShapeKind::Step(_) => (1, ""),
        ShapeKind::Decision => (2, ""),
        ShapeKind::Stop => (3, node.id.splitn(3, ':').nth(2).unwrap_or_default()),
        ShapeKind::Outcome => (4, ""),
        ShapeKind::Event | ShapeKind::Join | ShapeKind::Parallel => (5, &node.id),
    }
}

/// For each old node the new one that it is.
fn mapped(old: &Graph, new: &Graph, pairs: &[(usize, usize)]) -> Vec<Option<usize>> {
    let now: BTreeMap<usize, usize> = pairs.iter().copied().collect();
    let mut places: BTreeMap<(Option<usize>, (u8, &str)), usize> = BTreeMap::new();
    for (index, (node, owner)) in new.nodes.iter().zip(owners(new)).enumerate() {
        places.entry((owner, part(node))).or_insert(index);
    }
    let mut used = BTreeSet::new();
    old.nodes
        .iter()
        .zip(owners(old))
        .map(|(node, owner)| {
            let owner = match owner {
                Some(owner) => Some(*now.get(&owner)?),
                None => None,
            };
            places.get(&(owner, part(node))).copied().filter(|index| used.insert(*index))
        })
        .collect()
}

struct Merger {
    graph: Graph,
    old: Graph,
    mapped: Vec<Option<usize>>,
}

impl Merger {
    fn now(&self, old: usize) -> Option<usize> {
        self.mapped.get(old).copied().flatten()
    }

    /// Gives the shapes of the new process their fates.
    fn judge(&mut self, difference: &Difference) {
        let steps: BTreeMap<usize, &StepDifference> =
            difference.steps.iter().filter_map(|step| Some((step.now?, step))).collect();
        let kept: BTreeSet<usize> = self.mapped.iter().flatten().copied().collect();
        let owners = owners(&self.graph);
        for (index, (node, owner)) in self.graph.nodes.iter_mut().zip(owners).enumerate() {
            let step = owner.and_then(|owner| steps.get(&owner));
            match (node.kind, step) {
                (ShapeKind::Step(_), Some(step)) => {
                    node.fate = step.fate;
                    node.note = (step.fate == Fate::Changed).then(|| step.summary());
                }
                _ if !kept.contains(&index) => node.fate = Fate::Added,
                _ => {}
            }
            let replaced = match node.kind {
                ShapeKind::Start => difference.start.as_ref(),
                ShapeKind::Outcome => difference.outcome.as_ref(),
                _ => None,
            };
            if let Some(replaced) = replaced {
                node.fate = Fate::Changed;
                let was = if replaced.was.is_empty() { "nothing" } else { &replaced.was };
                node.note = Some(format!("was: {was}"));
            }
        }
    }

    /// Gives the links of the new process their fates and adds what was removed.
    fn judge_links(&mut self) {
        let mut ghosts: BTreeSet<usize> = BTreeSet::new();
        let mut old_ways: BTreeMap<usize, Vec<(usize, String)>> = BTreeMap::new();
        for (index, link) in self.old.links.iter().enumerate() {
            if let (Some(from), Some((_, branch))) = (self.now(link.from), &link.branch) {
                old_ways.entry(from).or_default().push((index, branch.clone()));
            }
        }
        let is_added = |graph: &Graph, node: usize| {
            graph.nodes.get(node).is_some_and(|node| node.fate == Fate::Added)
        };
        let mut links = std::mem::take(&mut self.graph.links);
        let mut later: Vec<usize> = Vec::new();
        for (index, link) in links.iter_mut().enumerate() {
            if is_added(&self.graph, link.from) || is_added(&self.graph, link.to) {
                link.fate = Fate::Added;
            }
            let Some((_, branch)) = &link.branch else { continue };
            let ways = old_ways.entry(link.from).or_default();
            let Some(at) = ways.iter().position(|(_, id)| id == branch) else {
                later.push(index);
                continue;
            };
            let (was, _) = ways.remove(at);
            link.fate = self.fate_of(link, was);
            if link.fate != Fate::Same
                && let Some(old) = self.old.links.get(was)
                && self.now(old.to) != Some(link.to)
            {
                ghosts.insert(was);
            }
        }
        for index in later {
            let Some(link) = links.get_mut(index) else { continue };
            let ways = old_ways.entry(link.from).or_default();
            let to = |was: usize| self.old.links.get(was).and_then(|old| self.now(old.to));
            let same = ways.iter().position(|(was, _)| to(*was) == Some(link.to));
            link.fate = if let Some(at) = same {
                ways.remove(at);
                Fate::Changed
            } else {
                Fate::Added
            };
        }
        let removed: BTreeSet<usize> =
            old_ways.into_values().flatten().map(|(index, _)| index).collect();
        for (index, link) in self.old.links.iter().enumerate() {
            let is_loose = self.now(link.from).is_none() || self.now(link.to).is_none();
            if is_loose || removed.contains(&index) {
                ghosts.insert(index);
            }
        }
        self.graph.links = links;
        // Their ends are numbered when the shapes they need are there.
        let ghosts = ghosts.iter().filter_map(|index| self.old.links.get(*index).cloned());
        self.old.links = ghosts.collect();
    }

    /// What became of a branch that both have.
    fn fate_of(&self, link: &Link, was: usize) -> Fate {
        let Some(old) = self.old.links.get(was) else { return Fate::Added };
        let goes_on = |graph: &Graph, link: &Link| {
            // The branch that leads to the next step: whichever that is now.
            let steps = |(index, node): (usize, &Node)| {
                (index > link.from && matches!(node.kind, ShapeKind::Step(_))).then_some(index)
            };
            graph.nodes.iter().enumerate().skip(link.from).find_map(steps) == Some(link.to)
        };
        let is_same = self.now(old.to) == Some(link.to)
            || goes_on(&self.old, old) && goes_on(&self.graph, link);
        match (is_same, old.label == link.label) {
            (true, true) => Fate::Same,
            _ => Fate::Changed,
        }
    }

    /// Adds the lanes that only the old process has, after the lane they followed.
    fn add_lanes(&mut self) {
        let here: BTreeMap<String, usize> = self
            .graph
            .lanes
            .iter()
            .enumerate()
            .map(|(at, name)| (name.to_lowercase(), at))
            .collect();
        // The lanes that are gone, by the new lane they followed.
        let mut gone: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        let mut before = None;
        let mut is_now: Vec<Option<usize>> = Vec::new();
        for (index, name) in self.old.lanes.iter().enumerate() {
            let now = here.get(&name.to_lowercase()).copied();
            is_now.push(now);
            match now {
                Some(now) => before = Some(now),
                None => gone.entry(before).or_default().push(index),
            }
        }
        let mut lanes: Vec<String> = Vec::new();
        let mut new_at: BTreeMap<usize, usize> = BTreeMap::new();
        let mut old_at: BTreeMap<usize, usize> = BTreeMap::new();
        let mut ghosts = |after: Option<usize>, lanes: &mut Vec<String>| {
            for index in gone.remove(&after).unwrap_or_default() {
                old_at.insert(index, lanes.len());
                lanes.extend(self.old.lanes.get(index).cloned());
            }
        };
        ghosts(None, &mut lanes);
        for (index, name) in self.graph.lanes.iter().enumerate() {
            new_at.insert(index, lanes.len());
            lanes.push(name.clone());
            ghosts(Some(index), &mut lanes);
        }
        for node in &mut self.graph.nodes {
            node.lane = new_at.get(&node.lane).copied().unwrap_or(node.lane);
        }
        for node in &mut self.old.nodes {
            let place = match is_now.get(node.lane).copied().flatten() {
                Some(now) => new_at.get(&now),
                None => old_at.get(&node.lane),
            };
            node.lane = place.copied().unwrap_or_default();
        }
        self.graph.lanes = lanes;
    }

    /// Adds the shapes that only the old process has, after the shape they followed, and their links.
    fn add_ghosts(&mut self) {
        let mut ghosts: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        let mut before = None;
        for (index, now) in self.mapped.iter().enumerate() {
            let stays = |now: &&usize| {
                self.graph.nodes.get(**now).is_some_and(|node| node.fate != Fate::Moved)
            };
            match now {
                Some(_) => before = now.as_ref().filter(stays).copied().or(before),
                None => ghosts.entry(before).or_default().push(index),
            }
        }
        let nodes = std::mem::take(&mut self.graph.nodes);
        let mut new_at: BTreeMap<usize, usize> = BTreeMap::new();
        let mut ghost_at: BTreeMap<usize, usize> = BTreeMap::new();
        let mut all: Vec<Node> = Vec::new();
        let mut haunt = |after: Option<usize>, all: &mut Vec<Node>| {
            for index in ghosts.remove(&after).unwrap_or_default() {
                let Some(node) = self.old.nodes.get(index) else { continue };
                ghost_at.insert(index, all.len());
                all.push(Node {
                    id: format!("was:{}", node.id),
                    fate: Fate::Removed,
                    ..node.clone()
                });
            }
        };
        haunt(None, &mut all);
        for (index, node) in nodes.into_iter().enumerate() {
            new_at.insert(index, all.len());
            all.push(node);
            haunt(Some(index), &mut all);
        }
        self.graph.nodes = all;
        let at = |new: usize| new_at.get(&new).copied().unwrap_or(usize::MAX);
        for link in &mut self.graph.links {
            (link.from, link.to) = (at(link.from), at(link.to));
        }
        let place = |old: usize| match self.mapped.get(old).copied().flatten() {
            Some(new) => at(new),
            None => ghost_at.get(&old).copied().unwrap_or(usize::MAX),
        };
        let ghosts = self.old.links.iter().map(|link| Link {
            from: place(link.from),
            to: place(link.to),
            fate: Fate::Removed,
            ..link.clone()
        });
        self.graph.links.extend(ghosts);
    }
}
