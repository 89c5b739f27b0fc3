//! The inductive miner: from a log to a process tree that is made of blocks and can always end.
//!
//! A log is cut where its directly-follows graph shows a choice, a sequence, parallel parts or a loop, and each
//! part is mined in turn (Leemans, Fahland and van der Aalst, 2013). With noise above 0, ways that are rare
//! beside others from the same activity are left out where nothing is found with them, and what does not fit a
//! cut is passed over (the infrequent variant, 2014). Without noise every case of the log fits the tree.

mod cuts;
mod falls;
mod part;
mod split;

use crate::log::EventLog;
use crate::number::{ix, share};
use crate::table::Names;
use crate::tree::Tree;
use crate::variants::{Variants, variants};
use part::{Follows, Part};

/// A cut: what kind of block it makes, and the activities of each of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cut {
    Choice(Vec<Vec<u32>>),
    Sequence(Vec<Vec<u32>>),
    Parallel(Vec<Vec<u32>>),
    /// The body first, then each way back.
    Loop(Vec<Vec<u32>>),
}

/// The tree of a log. `noise` is the share, from 0 to 1, under which a way is rare beside the most frequent one
/// from the same activity.
pub fn discover(log: &EventLog, noise: f64) -> Tree {
    of_variants(&log.activities, &variants(log), noise)
}

/// The tree of the variants of a log.
pub fn of_variants(activities: &Names, variants: &Variants, noise: f64) -> Tree {
    let traces = variants.all.iter().map(|v| (v.activities.clone(), v.count));
    let miner = Miner { activities, noise: noise.clamp(0.0, 1.0) };
    miner.mine(Part::of(traces)).folded()
}

struct Miner<'a> {
    activities: &'a Names,
    noise: f64,
}

impl Miner<'_> {
    fn leaf(&self, activity: u32) -> Tree {
        Tree::activity(self.activities.get(activity))
    }

    fn mine(&self, mut part: Part) -> Tree {
        let (empty, all) = (part.take_empty(), part.count());
        if part.is_empty() {
            return Tree::Silent;
        }
        if empty > 0 && share(empty) > self.noise * share(empty + all) {
            return Tree::Choice(vec![Tree::Silent, self.mine(part)]);
        }
        if let Some(only) = part.single() {
            return self.leaf(only);
        }
        let follows = Follows::of(&part);
        if let Some(cut) = cuts::find(&follows) {
            return self.apply(&part, cut);
        }
        if self.noise > 0.0
            && let Some(cut) = cuts::find(&follows.without_rare(self.noise))
        {
            return self.apply(&part, cut);
        }
        self.fall(&part, &follows)
    }

    fn mine_all(&self, parts: Vec<Part>) -> Vec<Tree> {
        parts.into_iter().map(|part| self.mine(part)).collect()
    }

    fn apply(&self, part: &Part, cut: Cut) -> Tree {
        match cut {
            Cut::Choice(groups) => Tree::Choice(self.mine_all(split::choice(part, &groups))),
            Cut::Sequence(groups) => Tree::Sequence(self.mine_all(split::sequence(part, &groups))),
            Cut::Parallel(groups) => Tree::Parallel(self.mine_all(split::parallel(part, &groups))),
            Cut::Loop(groups) => {
                let mut parts = split::repeated(part, &groups).into_iter();
                let body = parts.next().map_or(Tree::Silent, |body| self.mine(body));
                let redo = Tree::Choice(parts.map(|redo| self.mine(redo)).collect());
                Tree::Loop(Box::new(body), Box::new(redo.folded()))
            }
        }
    }

    /// What to do where no cut is found: take one activity aside, or let all begin anew.
    fn fall(&self, part: &Part, follows: &Follows) -> Tree {
        let aside = falls::once_in_each(part, follows).or_else(|| falls::aside(part, follows));
        if let Some(activity) = aside {
            let groups = [vec![activity], follows.others(activity)];
            return Tree::Parallel(self.mine_all(split::parallel(part, &groups)));
        }
        let again = falls::strictly_again(part, follows).or_else(|| falls::again(part, follows));
        if let Some(again) = again {
            return Tree::Loop(Box::new(self.mine(again)), Box::new(Tree::Silent));
        }
        let all = follows.activities().iter().map(|activity| self.leaf(*activity)).collect();
        Tree::Loop(Box::new(Tree::Choice(all)), Box::new(Tree::Silent))
    }
}

/// Which group each activity is in, by activity.
pub(crate) fn group_of(groups: &[Vec<u32>]) -> Vec<usize> {
    let most = groups.iter().flatten().map(|activity| ix(*activity) + 1).max().unwrap_or(0);
    let mut of = vec![usize::MAX; most];
    for (n, group) in groups.iter().enumerate() {
        for activity in group {
            if let Some(slot) = of.get_mut(ix(*activity)) {
                *slot = n;
            }
        }
    }
    of
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::{Limits, Model};
    use crate::conform::{Method, conform};
    use crate::play::{played, trees, variants_of};
    use crate::report::Unwatched;
    use proptest::prelude::*;

    fn mined(traces: &[&str], noise: f64) -> String {
        let words = |t: &&str| t.chars().map(|c| c.to_string()).collect();
        let traces: Vec<Vec<String>> = traces.iter().map(words).collect();
        let (names, variants) = variants_of(&traces);
        of_variants(&names, &variants, noise).to_string()
    }

    #[test]
    fn each_kind_of_block_is_found() {
        for (traces, expected) in [
            (&["a"][..], "'a'"),
            (&["ab", "ab"], "->( 'a', 'b' )"),
            (&["a", "b"], "X( 'a', 'b' )"),
            (&["ab", "ba"], "+( 'a', 'b' )"),
            (&["abc", "ac"], "->( 'a', X( tau, 'b' ), 'c' )"),
            (&["", "a"], "X( tau, 'a' )"),
            (&["a", "aa", "aaa"], "*( 'a', tau )"),
            (&["a", "aba", "ababa"], "*( 'a', 'b' )"),
            (&["abcd", "acbd", "aed"], "->( 'a', X( +( 'b', 'c' ), 'e' ), 'd' )"),
            (&["ab", "abcab", "abdab"], "*( ->( 'a', 'b' ), X( 'c', 'd' ) )"),
        ] {
            assert_eq!(mined(traces, 0.0), expected, "{traces:?}");
        }
        assert_eq!(mined(&[], 0.0), "tau");
    }

    #[test]
    fn what_is_rare_is_passed_over_where_noise_is_allowed() {
        let mut traces = vec!["abc"; 20];
        traces.push("acb");
        assert_eq!(mined(&traces, 0.0), "->( 'a', +( 'b', 'c' ) )");
        let mut traces = vec!["abcd"; 40];
        traces.extend(["bdac", "cabd", "dcab"]);
        assert_eq!(mined(&traces, 0.2), "->( 'a', 'b', 'c', 'd' )");
        let mut traces = vec!["a"; 9];
        traces.push("");
        assert_eq!(mined(&traces, 0.0), "X( tau, 'a' )");
        assert_eq!(mined(&traces, 0.2), "'a'");
    }

    proptest! {
        #[test]
        fn every_trace_fits_the_tree_that_was_mined_without_noise(traces in proptest::collection::vec("[a-f]{0,8}", 1..12)) {
            let words: Vec<Vec<String>> =
                traces.iter().map(|t| t.chars().map(|c| c.to_string()).collect()).collect();
            let (names, variants) = variants_of(&words);
            let tree = of_variants(&names, &variants, 0.0);
            prop_assert!(tree.is_unique());
            let model = Model::of_tree(tree.clone());
            let found = conform(&names, &variants, &model, Method::Align, Limits::default(), &mut Unwatched).unwrap();
            prop_assert!(found.deviations.is_empty(), "{} {:?}", tree, found.deviations);
        }

        #[test]
        fn any_noise_gives_a_tree_of_activities_of_the_log(traces in proptest::collection::vec("[a-f]{0,8}", 0..12), noise in 0.0..1.0) {
            let words: Vec<Vec<String>> =
                traces.iter().map(|t| t.chars().map(|c| c.to_string()).collect()).collect();
            let (names, variants) = variants_of(&words);
            let tree = of_variants(&names, &variants, noise);
            prop_assert!(tree.is_unique());
            prop_assert!(tree.names().iter().all(|name| names.find(name).is_some()));
        }

        #[test]
        fn what_a_tree_plays_out_is_mined_to_one_that_it_fits(tree in trees()) {
            let (names, variants) = variants_of(&played(&tree, 1, 30));
            let found = of_variants(&names, &variants, 0.0);
            let model = Model::of_tree(found.clone());
            let held = conform(&names, &variants, &model, Method::Align, Limits::default(), &mut Unwatched).unwrap();
            prop_assert!(held.deviations.is_empty(), "{} from {}", found, tree);
        }
    }
}
