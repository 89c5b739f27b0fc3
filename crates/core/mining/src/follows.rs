//! What a model lets come right after what, and what makes a step's turn come.

use crate::align::Model;
use crate::align::marking::Graph;
use crate::net::Net;
use crate::number::{NONE, ix};
use crate::tree::Tree;
use std::collections::{BTreeMap, BTreeSet};

/// What a model lets come right after what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Follows {
    /// What may come first.
    pub starts: BTreeSet<String>,
    /// What may come last.
    pub ends: BTreeSet<String>,
    /// What may come right after what: before, after.
    pub pairs: BTreeSet<(String, String)>,
    /// Whether a case may have no activity at all.
    pub may_be_nothing: bool,
}

/// The most markings that are looked at for a model that is not made of blocks.
const MAX_MARKINGS: usize = 50_000;

/// What a model lets come right after what; `None` where its ways are too many to be told.
pub fn follows(model: &Model) -> Option<Follows> {
    match &model.tree {
        Some(tree) => Some(of_tree(tree)),
        None => of_net(&model.net),
    }
}

fn cross(
    pairs: &mut BTreeSet<(String, String)>,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
) {
    for a in before {
        pairs.extend(after.iter().map(|b| (a.clone(), b.clone())));
    }
}

fn of_tree(tree: &Tree) -> Follows {
    match tree {
        Tree::Silent => Follows { may_be_nothing: true, ..Follows::default() },
        Tree::Activity(name) => {
            let own: BTreeSet<String> = [name.clone()].into();
            Follows { starts: own.clone(), ends: own, ..Follows::default() }
        }
        Tree::Sequence(parts) => {
            let mut all = Follows { may_be_nothing: true, ..Follows::default() };
            for part in parts {
                let part = of_tree(part);
                cross(&mut all.pairs, &all.ends, &part.starts);
                all.pairs.extend(part.pairs);
                if all.may_be_nothing {
                    all.starts.extend(part.starts);
                }
                if part.may_be_nothing {
                    all.ends.extend(part.ends);
                } else {
                    all.ends = part.ends;
                }
                all.may_be_nothing &= part.may_be_nothing;
            }
            all
        }
        Tree::Choice(parts) => {
            let mut all = Follows::default();
            for part in parts {
                let part = of_tree(part);
                all.starts.extend(part.starts);
                all.ends.extend(part.ends);
                all.pairs.extend(part.pairs);
                all.may_be_nothing |= part.may_be_nothing;
            }
            all
        }
        Tree::Parallel(parts) => {
            let names = |tree: &Tree| -> BTreeSet<String> {
                tree.names().into_iter().map(str::to_owned).collect()
            };
            let mut all = Follows { may_be_nothing: true, ..Follows::default() };
            for (n, tree) in parts.iter().enumerate() {
                let part = of_tree(tree);
                all.starts.extend(part.starts);
                all.ends.extend(part.ends);
                all.pairs.extend(part.pairs);
                all.may_be_nothing &= part.may_be_nothing;
                for other in parts.iter().skip(n + 1) {
                    let (own, other) = (names(tree), names(other));
                    cross(&mut all.pairs, &own, &other);
                    cross(&mut all.pairs, &other, &own);
                }
            }
            all
        }
        Tree::Loop(body, redo) => {
            let (body, redo) = (of_tree(body), of_tree(redo));
            let mut pairs = body.pairs;
            pairs.extend(redo.pairs);
            cross(&mut pairs, &body.ends, &redo.starts);
            cross(&mut pairs, &redo.ends, &body.starts);
            let (mut starts, mut ends) = (body.starts, body.ends);
            if redo.may_be_nothing {
                cross(&mut pairs, &ends, &starts);
            }
            if body.may_be_nothing {
                cross(&mut pairs, &redo.ends, &redo.starts);
                starts.extend(redo.starts);
                ends.extend(redo.ends);
            }
            Follows { starts, ends, pairs, may_be_nothing: body.may_be_nothing }
        }
    }
}

/// Looks at every marking that the net can come to.
fn of_net(net: &Net) -> Option<Follows> {
    let mut graph = Graph::new(net);
    let mut all = Follows::default();
    // The markings that are open, each with the names that may have come right before it; none is the start.
    let mut before: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    let mut open = vec![(graph.first, NONE)];
    while let Some((marking, last)) = open.pop() {
        if !before.entry(marking).or_default().insert(last) {
            continue;
        }
        if before.len() > MAX_MARKINGS {
            return None;
        }
        let name = |at: u32| graph_name(&graph, at);
        if marking == graph.last {
            match name(last) {
                Some(last) => {
                    all.ends.insert(last);
                }
                None => all.may_be_nothing = true,
            }
        }
        for at in graph.steps(marking) {
            let step = graph.step(at);
            if step.name == NONE {
                open.push((step.to, last));
                continue;
            }
            if let Some(next) = graph_name(&graph, step.name) {
                match graph_name(&graph, last) {
                    Some(last) => all.pairs.insert((last, next)),
                    None => all.starts.insert(next),
                };
            }
            open.push((step.to, step.name));
        }
    }
    Some(all)
}

fn graph_name(graph: &Graph, at: u32) -> Option<String> {
    graph.names.get(ix(at)).cloned()
}

/// For each activity those whose end makes its turn come: what gives the tokens that it takes, silent steps passed
/// over. An activity that comes first has none.
pub fn causes(net: &Net) -> BTreeMap<String, BTreeSet<String>> {
    // The transitions that give to each place.
    let mut givers: Vec<Vec<usize>> = vec![Vec::new(); net.places.len()];
    for (n, transition) in net.transitions.iter().enumerate() {
        for (place, _) in &transition.gives {
            if let Some(list) = givers.get_mut(ix(*place)) {
                list.push(n);
            }
        }
    }
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for transition in &net.transitions {
        let Some(name) = &transition.name else { continue };
        let causes = all.entry(name.clone()).or_default();
        let mut seen: BTreeSet<u32> = BTreeSet::new();
        let mut open: Vec<u32> = transition.takes.iter().map(|(place, _)| *place).collect();
        while let Some(place) = open.pop() {
            if !seen.insert(place) {
                continue;
            }
            for giver in givers.get(ix(place)).into_iter().flatten() {
                let Some(giver) = net.transitions.get(*giver) else { continue };
                match &giver.name {
                    Some(cause) => {
                        causes.insert(cause.clone());
                    }
                    None => open.extend(giver.takes.iter().map(|(place, _)| *place)),
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::play::trees;
    use proptest::prelude::*;

    fn a(name: &str) -> Tree {
        Tree::activity(name)
    }

    #[test]
    fn the_turn_of_a_step_comes_with_the_steps_before_it() {
        let tree = Tree::Sequence(vec![
            a("a"),
            Tree::Parallel(vec![a("b"), a("c").optional()]),
            a("d"),
            Tree::Loop(Box::new(a("e")), Box::new(a("f"))),
        ]);
        let causes = causes(&Net::of_tree(&tree));
        let told: Vec<(&str, Vec<&str>)> = causes
            .iter()
            .map(|(name, all)| (name.as_str(), all.iter().map(String::as_str).collect()))
            .collect();
        let expected = [
            ("a", vec![]),
            ("b", vec!["a"]),
            ("c", vec!["a"]),
            ("d", vec!["a", "b", "c"]),
            ("e", vec!["d", "f"]),
            ("f", vec!["e"]),
        ];
        assert_eq!(told, expected);
    }

    proptest! {
        #[test]
        fn blocks_and_markings_tell_the_same(tree in trees()) {
            if let Some(by_marking) = of_net(&Net::of_tree(&tree)) {
                prop_assert_eq!(of_tree(&tree), by_marking, "{}", tree);
            }
        }
    }
}
