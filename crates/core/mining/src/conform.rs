//! A log held against a model, in figures and in the words of people: step skipped, extra step, wrong order; with
//! what is written of seats and deadlines ([`crate::breach`]) also wrong seat and too late.

use crate::align::{Aligned, Alignment, Limits, Model, align};
use crate::number::{id, ix, long, share};
use crate::replay::{Replayed, precision, replay};
use crate::report::{Refusal, Watch};
use crate::table::Names;
use crate::variants::{Variant, Variants};
use std::collections::BTreeMap;

/// How conformance is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// By optimal alignments: exact.
    #[default]
    Align,
    /// By token replay: quick. Which cases fit is exact, how far the others are off is not.
    Replay,
}

/// What a deviation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A step of the model did not happen.
    Skipped,
    /// Something happened that the model does not have there.
    Extra,
    /// A step happened in another place than the model has it.
    WrongOrder,
    /// Another seat did a step than the one that is written there.
    WrongSeat,
    /// A step was done after its deadline.
    TooLate,
}

impl Kind {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::Extra => "extra",
            Self::WrongOrder => "wrong_order",
            Self::WrongSeat => "wrong_seat",
            Self::TooLate => "too_late",
        }
    }

    /// In words, before the name of the activity.
    pub fn words(self) -> &'static str {
        match self {
            Self::Skipped => "step skipped",
            Self::Extra => "extra step",
            Self::WrongOrder => "wrong order",
            Self::WrongSeat => "wrong seat",
            Self::TooLate => "too late",
        }
    }
}

/// A deviation and how often it occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// What it is.
    pub kind: Kind,
    /// The activity.
    pub activity: String,
    /// In how many cases.
    pub cases: u64,
    /// How often in all.
    pub times: u64,
    /// More about it in words: who did it instead, how late it was.
    pub detail: Option<String>,
    /// The variants that have it, by their places; none where it is not about the order.
    pub variants: Vec<u32>,
}

/// How one variant agrees with the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct One {
    /// How many deviations: the fewest there are, or a number that suffices. In a replay, tokens that were
    /// missing or left and events that the model does not know.
    pub cost: u64,
    /// How many there are at least.
    pub at_least: u64,
    /// From 0 to 1.
    pub fitness: f64,
}

/// A log held against a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Conformance {
    /// How it was found.
    pub method: Method,
    /// How many cases there are.
    pub cases: u64,
    /// How well the log as a whole agrees, from 0 to 1.
    pub log: f64,
    /// How well a case agrees on average, from 0 to 1.
    pub average_trace: f64,
    /// How many of a hundred cases agree wholly.
    pub fitting_traces_percent: f64,
    /// How much of what the model allows the log makes use of; `None` where the model allows too much to tell.
    pub precision: Option<f64>,
    /// How many activities the shortest way through the model has.
    pub shortest: u64,
    /// What deviates, the most cases first.
    pub deviations: Vec<Deviation>,
    /// Each variant, in the order of the variants.
    pub per_variant: Vec<One>,
}

/// Holds a log against a model.
///
/// Fitness is 1 less the deviations by the events and the steps of the shortest way through the model.
///
/// # Errors
///
/// A model that cannot come to its end, or in a replay one with too many silent ways at once, is refused;
/// whoever watches may stop it.
pub fn conform(
    activities: &Names,
    variants: &Variants,
    model: &Model,
    method: Method,
    limits: Limits,
    watch: &mut dyn Watch,
) -> Result<Conformance, Refusal> {
    let mut sums = Sums::default();
    match method {
        Method::Align => {
            let aligned = align(activities, variants, model, limits, watch)?;
            sums.shortest = aligned.shortest;
            for (variant, alignment) in variants.all.iter().zip(&aligned.all) {
                sums.aligned(activities, variant, alignment, &aligned);
            }
        }
        Method::Replay => {
            let replayed = replay(activities, variants, &model.net, watch)?;
            for (variant, one) in variants.all.iter().zip(&replayed) {
                sums.replayed(activities, variant, one);
            }
        }
    }
    let precision = precision(activities, variants, &model.net);
    Ok(sums.done(method, precision))
}

#[derive(Default)]
struct Sums {
    cases: u64,
    fitting: u64,
    shortest: u64,
    /// Deviations and what they are held against.
    bad: u64,
    all: u64,
    fitness: f64,
    deviations: BTreeMap<(Kind, String), (u64, u64, Vec<u32>)>,
    per_variant: Vec<One>,
}

/// 1 less the share of what is bad.
fn good(bad: u64, all: u64) -> f64 {
    if all == 0 { 1.0 } else { 1.0 - share(bad) / share(all) }
}

impl Sums {
    fn deviates(&mut self, kind: Kind, name: &str, variant: &Variant, times: u64) {
        if times > 0 {
            // The variant is counted once all its deviations are.
            let place = id(self.per_variant.len());
            let entry = self.deviations.entry((kind, name.to_owned())).or_default();
            entry.0 += variant.count;
            entry.1 += variant.count * times;
            if entry.2.last() != Some(&place) {
                entry.2.push(place);
            }
        }
    }

    fn aligned(&mut self, names: &Names, variant: &Variant, found: &Alignment, aligned: &Aligned) {
        let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        for (activity, times) in &found.extra {
            counts.entry(names.get(*activity)).or_default().0 += u64::from(*times);
        }
        for (step, times) in &found.skipped {
            let name = aligned.steps.get(ix(*step)).map_or("", String::as_str);
            counts.entry(name).or_default().1 += u64::from(*times);
        }
        for (name, (extra, skipped)) in counts {
            // What is missing in one place and too much in another is the same thing in the wrong order.
            let moved = extra.min(skipped);
            self.deviates(Kind::WrongOrder, name, variant, moved);
            self.deviates(Kind::Extra, name, variant, extra - moved);
            self.deviates(Kind::Skipped, name, variant, skipped - moved);
        }
        let all = long(variant.activities.len()) + self.shortest;
        self.add(variant, found.cost, found.at_least, all, good(found.cost, all));
    }

    fn replayed(&mut self, names: &Names, variant: &Variant, found: &Replayed) {
        let count = |list: &[u32]| {
            let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
            for activity in list {
                *counts.entry(*activity).or_default() += 1;
            }
            counts
        };
        for (activity, times) in count(&found.unknown) {
            self.deviates(Kind::Extra, names.get(activity), variant, times);
        }
        for (activity, times) in count(&found.forced) {
            self.deviates(Kind::WrongOrder, names.get(activity), variant, times);
        }
        for name in &found.waiting {
            self.deviates(Kind::Skipped, name, variant, 1);
        }
        let cost = found.missing + found.remaining + long(found.unknown.len());
        let all = found.consumed + found.produced;
        self.add(variant, cost, cost, all, found.fitness());
    }

    fn add(&mut self, variant: &Variant, cost: u64, at_least: u64, all: u64, fitness: f64) {
        self.cases += variant.count;
        self.fitting += if cost == 0 { variant.count } else { 0 };
        self.bad += variant.count * cost;
        self.all += variant.count * all;
        self.fitness += share(variant.count) * fitness;
        self.per_variant.push(One { cost, at_least, fitness });
    }

    fn done(self, method: Method, precision: Option<f64>) -> Conformance {
        let cases = share(self.cases.max(1));
        let mut deviations: Vec<Deviation> = self
            .deviations
            .into_iter()
            .map(|((kind, activity), (cases, times, variants))| Deviation {
                kind,
                activity,
                cases,
                times,
                detail: None,
                variants,
            })
            .collect();
        sort(&mut deviations);
        let is_empty = self.cases == 0;
        Conformance {
            method,
            cases: self.cases,
            log: good(self.bad.min(self.all), self.all),
            average_trace: if is_empty { 1.0 } else { self.fitness / cases },
            fitting_traces_percent: if is_empty {
                100.0
            } else {
                share(self.fitting) / cases * 100.0
            },
            precision,
            shortest: self.shortest,
            deviations,
            per_variant: self.per_variant,
        }
    }
}

impl Conformance {
    /// The same with what deviates from seats and deadlines. Fitness is about the order alone and stays.
    #[must_use]
    pub fn with(mut self, deviations: Vec<Deviation>) -> Self {
        self.deviations.extend(deviations);
        sort(&mut self.deviations);
        self
    }
}

/// The most cases first.
pub(crate) fn sort(deviations: &mut [Deviation]) {
    deviations.sort_by_key(|deviation| std::cmp::Reverse(deviation.cases));
}

/// Which activities of a log the model does not have, and which of the model's the log does not have.
pub fn strangers(activities: &Names, model: &Model) -> (Vec<String>, Vec<String>) {
    let known = model.activities();
    let of_log = activities.iter().filter(|name| !known.contains(name));
    let of_model = known.iter().filter(|name| activities.find(name).is_none());
    (of_log.map(str::to_owned).collect(), of_model.map(|name| (*name).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tree;
    use crate::play::{played, trees, variants_of};
    use crate::report::Unwatched;
    use proptest::prelude::*;

    fn a(name: &str) -> Tree {
        Tree::activity(name)
    }

    fn held(tree: Tree, traces: &[&str], method: Method) -> Conformance {
        let words = |t: &&str| t.chars().map(|c| c.to_string()).collect();
        let traces: Vec<Vec<String>> = traces.iter().map(words).collect();
        let (names, variants) = variants_of(&traces);
        let model = Model::of_tree(tree);
        conform(&names, &variants, &model, method, Limits::default(), &mut Unwatched).unwrap()
    }

    #[test]
    fn deviations_are_told_as_people_say_them() {
        let tree = Tree::Sequence(["a", "b", "c"].map(a).to_vec());
        let found = held(tree, &["abc", "abc", "ac", "bac", "abxc"], Method::Align);
        let told: Vec<(&str, &str, u64)> = found
            .deviations
            .iter()
            .map(|d| (d.kind.name(), d.activity.as_str(), d.cases))
            .collect();
        let skipped = found.deviations.iter().find(|d| d.kind == Kind::Skipped).unwrap();
        // Each trace is a variant of its own here.
        assert_eq!(skipped.variants, [2]);
        assert_eq!(told.len(), 3);
        assert!(
            told.contains(&("skipped", "b", 1)) && told.contains(&("extra", "x", 1)),
            "{told:?}"
        );
        assert!(told.iter().any(|(kind, ..)| *kind == "wrong_order"), "{told:?}");
        assert_eq!(found.cases, 5);
        assert!((found.fitting_traces_percent - 40.0).abs() < 1e-9);
        // 1 + 2 + 1 deviations; 15 events and five times three steps.
        let expected = 1.0 - 4.0 / (3.0 + 3.0 + 2.0 + 3.0 + 4.0 + 15.0);
        assert!((found.log - expected).abs() < 1e-9);
    }

    #[test]
    fn an_empty_log_agrees_with_everything() {
        for method in [Method::Align, Method::Replay] {
            let found = held(a("a"), &[], method);
            assert!((found.log - 1.0).abs() < 1e-9 && (found.average_trace - 1.0).abs() < 1e-9);
        }
    }

    proptest! {
        #[test]
        fn what_a_model_plays_out_fits_it_wholly(tree in trees()) {
            let (names, variants) = variants_of(&played(&tree, 2, 40));
            for model in [Model::of_tree(tree.clone()), Model::of_net(crate::Net::of_tree(&tree))] {
                for method in [Method::Align, Method::Replay] {
                    let limits = Limits { states: 20_000, all_states: 400_000 };
                    let found = conform(&names, &variants, &model, method, limits, &mut Unwatched);
                    let Ok(found) = found else { continue };
                    prop_assert!(found.deviations.is_empty(), "{} {:?}", tree, found.deviations);
                    prop_assert!((found.log - 1.0).abs() < 1e-9);
                }
            }
        }
    }
}
