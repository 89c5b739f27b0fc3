//! For tests: trees at random, and what a tree can play out.

use crate::number::id;
use crate::table::Names;
use crate::tree::Tree;
use crate::variants::{Variant, Variants};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// The variants of the model's own play: every way through a tree with each loop taken at most so often, up to
/// a number of them.
pub(crate) fn played(tree: &Tree, rounds: u32, most: usize) -> Vec<Vec<String>> {
    let mut ways = play(tree, rounds, most);
    ways.truncate(most);
    ways
}

fn play(tree: &Tree, rounds: u32, most: usize) -> Vec<Vec<String>> {
    let joined = |before: &[Vec<String>], after: &[Vec<String>]| -> Vec<Vec<String>> {
        let pairs =
            before.iter().flat_map(|a| after.iter().map(move |b| [a.as_slice(), b].concat()));
        pairs.take(most).collect()
    };
    match tree {
        Tree::Silent => vec![Vec::new()],
        Tree::Activity(name) => vec![vec![name.clone()]],
        Tree::Choice(parts) => {
            parts.iter().flat_map(|p| play(p, rounds, most)).take(most).collect()
        }
        Tree::Sequence(parts) => parts
            .iter()
            .fold(vec![Vec::new()], |ways, part| joined(&ways, &play(part, rounds, most))),
        Tree::Parallel(parts) => parts.iter().fold(vec![Vec::new()], |ways, part| {
            let own = play(part, rounds, most);
            let pairs = ways.iter().flat_map(|a| own.iter().flat_map(move |b| mixed(a, b)));
            pairs.take(most).collect()
        }),
        Tree::Loop(body, redo) => {
            let (body, redo) = (play(body, rounds, most), play(redo, rounds, most));
            let mut ways = body.clone();
            let mut last = body.clone();
            for _ in 0..rounds {
                last = joined(&joined(&last, &redo), &body);
                ways.extend(last.iter().cloned());
            }
            ways.truncate(most);
            ways
        }
    }
}

/// Three ways to mix two sequences: one after the other, the other way round, and in turns.
fn mixed(a: &[String], b: &[String]) -> Vec<Vec<String>> {
    let mut turns = Vec::with_capacity(a.len() + b.len());
    for at in 0..a.len().max(b.len()) {
        turns.extend(a.get(at).cloned());
        turns.extend(b.get(at).cloned());
    }
    vec![[a, b].concat(), [b, a].concat(), turns]
}

/// Variants of named activities, each once.
pub(crate) fn variants_of(traces: &[Vec<String>]) -> (Names, Variants) {
    let mut names = Names::default();
    let mut counts: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
    for trace in traces {
        let ids = trace.iter().map(|name| names.intern(name)).collect();
        *counts.entry(ids).or_default() += 1;
    }
    let all = counts.into_iter().enumerate().map(|(first, (activities, count))| Variant {
        activities,
        count,
        first: id(first),
    });
    (names, Variants { all: all.collect(), of_case: Vec::new() })
}

/// Trees of all kinds; names may repeat.
pub(crate) fn trees() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        1 => Just(Tree::Silent),
        6 => (0..8_u8).prop_map(|n| Tree::activity(char::from(b'a' + n).to_string())),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let parts = proptest::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            parts.clone().prop_map(Tree::Sequence),
            parts.clone().prop_map(Tree::Choice),
            parts.prop_map(Tree::Parallel),
            (inner.clone(), inner).prop_map(|(a, b)| Tree::Loop(Box::new(a), Box::new(b))),
        ]
    })
}
