//! Optimal alignments: the fewest deviations that make a trace and a model agree, and which.
//!
//! A deviation is an event that the model does not allow there (*extra*) or a step of the model that did not
//! happen (*skipped*); silent steps cost nothing. Where the model is made of blocks and no activity stands in
//! two of them, [`tree`] finds the optimum block by block (Schwanen, Pakusa and van der Aalst, 2024); anything
//! else is searched by [`search`], which gives a bound where it would take too long.

pub(crate) mod marking;
mod search;
mod tree;

use crate::blocks;
use crate::net::Net;
use crate::number::{id, ix};
use crate::report::{Refusal, Watch};
use crate::table::Names;
use crate::tree::Tree;
use crate::variants::Variants;

/// A model that logs are held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// The model as a net.
    pub net: Net,
    /// The same as a tree, where it is made of blocks.
    pub tree: Option<Tree>,
}

impl Model {
    /// The model that a net is.
    pub fn of_net(net: Net) -> Self {
        let tree = blocks::tree_of(&net);
        Self { net, tree }
    }

    /// The model that a tree is.
    pub fn of_tree(tree: Tree) -> Self {
        Self { net: Net::of_tree(&tree), tree: Some(tree) }
    }

    /// The names of its activities, each once, in the order of the net.
    pub fn activities(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.net.transitions.iter().filter_map(|t| t.name.as_deref()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Whether alignments are found block by block.
    pub fn is_by_blocks(&self) -> bool {
        self.tree.as_ref().is_some_and(Tree::is_unique)
    }
}

/// How far the search for one alignment goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most states that are looked at for one variant.
    pub states: usize,
    /// The most states that are looked at for a whole log; what comes after gets a smaller share.
    pub all_states: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { states: 4_000_000, all_states: 200_000_000 }
    }
}

/// The alignment of one variant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alignment {
    /// How many deviations there are: the fewest, or where the search was limited, a number that suffices.
    pub cost: u64,
    /// How many there are at least; the same as `cost` where it is proven.
    pub at_least: u64,
    /// Events too many: activity of the log, how often.
    pub extra: Vec<(u32, u32)>,
    /// Steps of the model that did not happen: the place in [`Aligned::steps`], how often.
    pub skipped: Vec<(u32, u32)>,
}

impl Alignment {
    /// Whether there is provably no alignment with fewer deviations.
    pub fn is_proven(&self) -> bool {
        self.cost == self.at_least
    }
}

/// The alignments of all variants of a log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aligned {
    /// One for each variant, in the order of the variants.
    pub all: Vec<Alignment>,
    /// How many activities the shortest way through the model has.
    pub shortest: u64,
    /// The names of the model's activities.
    pub steps: Vec<String>,
}

/// Aligns every variant of a log with a model.
///
/// # Errors
///
/// A model that cannot come to its end has no alignments; and whoever watches may stop it.
pub fn align(
    activities: &Names,
    variants: &Variants,
    model: &Model,
    limits: Limits,
    watch: &mut dyn Watch,
) -> Result<Aligned, Refusal> {
    match &model.tree {
        Some(tree) if tree.is_unique() => tree::align(activities, variants, tree, watch),
        _ => search::align(activities, variants, &model.net, limits, watch),
    }
}

/// Counts of ids as a list.
fn counted(counts: &[u32]) -> Vec<(u32, u32)> {
    let some = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    some.map(|(at, count)| (id(at), *count)).collect()
}

/// One more of an id.
fn bump(counts: &mut Vec<u32>, at: u32) {
    if counts.len() <= ix(at) {
        counts.resize(ix(at) + 1, 0);
    }
    if let Some(count) = counts.get_mut(ix(at)) {
        *count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Unwatched;
    use proptest::prelude::*;

    /// The costs of traces, each a string of one-letter activities.
    fn costs(model: &Model, traces: &[&str], limits: Limits) -> Vec<(u64, bool)> {
        let mut names = Names::default();
        let variants = Variants::of(traces.iter().map(|trace| {
            let ids = trace.chars().map(|c| names.intern(&c.to_string())).collect();
            (ids, 1)
        }));
        let aligned = align(&names, &variants, model, limits, &mut Unwatched).unwrap();
        aligned.all.iter().map(|a| (a.cost, a.is_proven())).collect()
    }

    fn a(name: &str) -> Tree {
        Tree::activity(name)
    }

    fn by_search(tree: &Tree) -> Model {
        Model { net: Net::of_tree(tree), tree: None }
    }

    #[test]
    fn the_fewest_deviations_are_found_in_every_kind_of_block() {
        let tree = Tree::Sequence(vec![
            a("a"),
            Tree::Choice(vec![a("b"), a("c")]),
            Tree::Parallel(vec![a("d"), a("e")]),
            Tree::Loop(Box::new(a("f")), Box::new(a("g"))),
        ]);
        let traces = [
            "abdef", "acedf", "abdefgf", "", "abcdef", "adef", "fedba", "abdefg", "xabdefx",
            "abdeffgf",
        ];
        let expected = [0, 0, 0, 5, 1, 1, 6, 1, 2, 1].map(|cost| (cost, true));
        for model in [Model::of_tree(tree.clone()), by_search(&tree)] {
            let found = costs(&model, &traces, Limits::default());
            for ((trace, found), expected) in traces.iter().zip(found).zip(expected) {
                assert_eq!(found, expected, "{trace}");
            }
        }
    }

    #[test]
    fn a_limit_gives_a_bound_that_is_marked() {
        let tree = Tree::Parallel((b'a'..=b'h').map(|c| a(&char::from(c).to_string())).collect());
        let limits = Limits { states: 50, all_states: 1000 };
        let found = costs(&by_search(&tree), &["hgfedcbahgfedcba", "abcdefgh"], limits);
        assert!(!found[0].1 && found[0].0 >= 8, "{found:?}");
        let exact = costs(&by_search(&tree), &["hgfedcbahgfedcba"], Limits::default());
        assert_eq!(exact, [(8, true)]);
    }

    #[test]
    fn a_model_that_cannot_end_is_refused() {
        let mut net = Net::of_tree(&a("a"));
        net.end = vec![(1, 2)];
        let model = Model::of_net(net);
        let variants = Variants::of([(vec![], 1)]);
        let refused =
            align(&Names::default(), &variants, &model, Limits::default(), &mut Unwatched);
        assert!(matches!(refused, Err(Refusal::Malformed(_))));
    }

    /// Trees in which no activity stands twice.
    fn unique(tree: Tree, next: &mut u8) -> Tree {
        let mut each = |parts: Vec<Tree>| parts.into_iter().map(|p| unique(p, next)).collect();
        match tree {
            Tree::Silent => Tree::Silent,
            Tree::Activity(_) => {
                *next += 1;
                a(&char::from(b'a' + *next - 1).to_string())
            }
            Tree::Sequence(parts) => Tree::Sequence(each(parts)),
            Tree::Choice(parts) => Tree::Choice(each(parts)),
            Tree::Parallel(parts) => Tree::Parallel(each(parts)),
            Tree::Loop(body, redo) => {
                let body = unique(*body, next);
                Tree::Loop(Box::new(body), Box::new(unique(*redo, next)))
            }
        }
    }

    fn trees() -> impl Strategy<Value = Tree> {
        let leaf = prop_oneof![1 => Just(Tree::Silent), 5 => Just(a("x"))];
        leaf.prop_recursive(4, 14, 3, |inner| {
            let parts = proptest::collection::vec(inner.clone(), 2..4);
            prop_oneof![
                parts.clone().prop_map(Tree::Sequence),
                parts.clone().prop_map(Tree::Choice),
                parts.prop_map(Tree::Parallel),
                (inner.clone(), inner).prop_map(|(a, b)| Tree::Loop(Box::new(a), Box::new(b))),
            ]
        })
        .prop_map(|tree| unique(tree, &mut 0))
    }

    proptest! {
        #[test]
        fn blocks_and_search_find_the_same_number(tree in trees(), traces in proptest::collection::vec("[a-p]{0,9}", 1..4)) {
            let traces: Vec<&str> = traces.iter().map(String::as_str).collect();
            let folded = Model::of_tree(tree.clone().folded());
            let limits = Limits::default();
            let by_tree = costs(&Model::of_tree(tree.clone()), &traces, limits);
            prop_assert_eq!(&by_tree, &costs(&folded, &traces, limits), "{}", tree);
            prop_assert_eq!(&by_tree, &costs(&by_search(&tree), &traces, limits), "{}", tree);
        }

        #[test]
        fn the_deviations_told_are_as_many_as_counted(tree in trees(), trace in "[a-p]{0,9}") {
            let mut names = Names::default();
            let ids = trace.chars().map(|c| names.intern(&c.to_string())).collect();
            let variants = Variants::of([(ids, 1)]);
            for model in [Model::of_tree(tree.clone()), by_search(&tree)] {
                let aligned = align(&names, &variants, &model, Limits::default(), &mut Unwatched).unwrap();
                let one = &aligned.all[0];
                let told: u32 = one.extra.iter().chain(&one.skipped).map(|(_, count)| count).sum();
                prop_assert_eq!(u64::from(told), one.cost);
            }
        }
    }
}
