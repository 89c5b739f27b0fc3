//! The ways that cases take: each sequence of activities once, with how often and in which cases.

use crate::log::EventLog;
use crate::number::{NONE, id, ix};
use crate::table::{Table, hash_ids};

/// One sequence of activities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The activities, in order.
    pub activities: Vec<u32>,
    /// How many cases take it.
    pub count: u64,
    /// The first case that takes it.
    pub first: u32,
}

/// The variants of a log: the most frequent first, then the one that came first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Variants {
    /// All of them.
    pub all: Vec<Variant>,
    /// The variant of each case, by its place in `all`.
    pub of_case: Vec<u32>,
}

/// The variants of a log.
pub fn variants(log: &EventLog) -> Variants {
    let mut table = Table::default();
    // Sequences are found in the log itself and copied once they are all known.
    let mut firsts: Vec<(u32, u64)> = Vec::new();
    let mut of_case = Vec::with_capacity(log.cases());
    for case in 0..log.cases() {
        let trace = log.trace(case);
        let hash = hash_ids(trace);
        let known = table.find(hash, |variant| {
            firsts.get(ix(variant)).is_some_and(|(first, _)| log.trace(ix(*first)) == trace)
        });
        let variant = known.unwrap_or_else(|| {
            let new = id(firsts.len());
            firsts.push((id(case), 0));
            table.insert(hash, new);
            new
        });
        if let Some((_, count)) = firsts.get_mut(ix(variant)) {
            *count += 1;
        }
        of_case.push(variant);
    }
    let mut order: Vec<u32> = (0..id(firsts.len())).collect();
    let count = |variant: u32| firsts.get(ix(variant)).map_or(0, |(_, count)| *count);
    order.sort_by_key(|variant| std::cmp::Reverse(count(*variant)));
    let mut place = vec![NONE; order.len()];
    let mut all = Vec::with_capacity(order.len());
    for (new, old) in order.iter().enumerate() {
        if let Some(slot) = place.get_mut(ix(*old)) {
            *slot = id(new);
        }
        if let Some((first, count)) = firsts.get(ix(*old)) {
            let activities = log.trace(ix(*first)).to_vec();
            all.push(Variant { activities, count: *count, first: *first });
        }
    }
    for variant in &mut of_case {
        *variant = place.get(ix(*variant)).copied().unwrap_or(NONE);
    }
    Variants { all, of_case }
}

impl Variants {
    /// Variants that are given instead of read from a log.
    pub fn of(traces: impl IntoIterator<Item = (Vec<u32>, u64)>) -> Self {
        let all: Vec<Variant> = traces
            .into_iter()
            .map(|(activities, count)| Variant { activities, count, first: 0 })
            .collect();
        Self { all, of_case: Vec::new() }
    }
}
