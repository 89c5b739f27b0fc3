//! Token replay: the quick preview of conformance. Silent steps are taken exactly, so a trace fits if and only
//! if the model allows it; how far one that does not fit is off, alignments say better.

use crate::language::{Language, TooMany};
use crate::net::Net;
use crate::number::{NONE, id, ix, long, share};
use crate::report::{Refusal, Watch};
use crate::table::Names;
use crate::variants::Variants;

/// How one variant was replayed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Replayed {
    /// Tokens that had to be put there.
    pub missing: u64,
    /// Tokens that were left at the end.
    pub remaining: u64,
    /// Tokens taken and given by the steps that have a name, and by the beginning and the end.
    pub consumed: u64,
    /// Tokens given.
    pub produced: u64,
    /// Events of activities that the model does not have.
    pub unknown: Vec<u32>,
    /// Events that the model does not allow where they came.
    pub forced: Vec<u32>,
    /// Steps that could have come next where the trace ends before the model does: names of the model.
    pub waiting: Vec<String>,
}

impl Replayed {
    /// Whether the model allows the trace.
    pub fn is_fit(&self) -> bool {
        self.missing == 0 && self.remaining == 0 && self.unknown.is_empty()
    }

    /// How well it fits, from 0 to 1: the mean of what need not be put there and of what is not left.
    pub fn fitness(&self) -> f64 {
        let unknown = long(self.unknown.len());
        let good = |bad: u64, all: u64| 1.0 - share(bad.min(all)) / share(all.max(1));
        let missing = good(self.missing + unknown, self.consumed + unknown);
        f64::midpoint(missing, good(self.remaining, self.produced))
    }
}

/// Replays every variant of a log on a net.
///
/// # Errors
///
/// A net with too many silent ways at once is refused; whoever watches may stop it.
pub fn replay(
    activities: &Names,
    variants: &Variants,
    net: &Net,
    watch: &mut dyn Watch,
) -> Result<Vec<Replayed>, Refusal> {
    let mut language = Language::new(net);
    let mut step_of = vec![NONE; activities.len()];
    for (step, name) in language.graph.names.iter().enumerate() {
        if let Some(slot) = activities.find(name).and_then(|a| step_of.get_mut(ix(a))) {
            *slot = id(step);
        }
    }
    let mut all = Vec::with_capacity(variants.all.len());
    for (done, variant) in variants.all.iter().enumerate() {
        if !watch.goes_on(long(done)) {
            return Err(Refusal::Stopped);
        }
        let one = one(&mut language, &variant.activities, &step_of);
        all.push(one.map_err(|TooMany| {
            let text =
                "the model has too many silent ways at once to be replayed: align it instead";
            Refusal::TooLarge(text.to_owned())
        })?);
    }
    Ok(all)
}

fn one(language: &mut Language, trace: &[u32], step_of: &[u32]) -> Result<Replayed, TooMany> {
    let mut told = Replayed { consumed: 1, produced: 1, ..Replayed::default() };
    let mut state = language.first()?;
    for activity in trace {
        let step = step_of.get(ix(*activity)).copied().unwrap_or(NONE);
        if step == NONE {
            told.unknown.push(*activity);
            continue;
        }
        let (takes, gives) = language.graph.weights(step);
        told.consumed += u64::from(takes);
        told.produced += u64::from(gives);
        if let Some(next) = language.after(state, step)? {
            state = next;
            continue;
        }
        told.forced.push(*activity);
        let markings = language.markings(state).to_vec();
        let best = markings
            .into_iter()
            .filter_map(|marking| language.graph.forced(marking, step))
            .min_by_key(|(_, lack)| *lack);
        if let Some((next, lack)) = best {
            told.missing += u64::from(lack);
            state = language.closed([next].into())?;
        }
    }
    if !language.may_end(state) {
        let end = language.graph.tokens(language.graph.last).to_vec();
        let off = |marking: u32| {
            let mut off = (0_u64, 0_u64);
            for (token, wanted) in language.graph.tokens(marking).iter().zip(&end) {
                off.0 += u64::from(wanted.saturating_sub(*token));
                off.1 += u64::from(token.saturating_sub(*wanted));
            }
            off
        };
        let best = language.markings(state).iter().map(|m| off(*m)).min_by_key(|(a, b)| a + b);
        let (missing, remaining) = best.unwrap_or_default();
        told.missing += missing;
        told.remaining += remaining;
        for step in language.allowed(state) {
            told.waiting.extend(language.graph.names.get(ix(step)).cloned());
        }
    }
    Ok(told)
}

/// How much of what the model allows the log makes use of, from 0 to 1.
///
/// For every beginning of a trace that the model allows: the share of what it allows next that some case does
/// next (escaping edges; Muñoz-Gama and Carmona, 2010). `None` where the model has too many silent ways at once.
pub fn precision(activities: &Names, variants: &Variants, net: &Net) -> Option<f64> {
    let mut language = Language::new(net);
    let steps: Vec<Option<u32>> = activities
        .iter()
        .map(|name| language.graph.names.iter().position(|known| known == name).map(id))
        .collect();
    let mut sorted: Vec<(&[u32], u64)> =
        variants.all.iter().map(|v| (v.activities.as_slice(), v.count)).collect();
    sorted.sort_unstable();
    let first = language.first().ok()?;
    let (mut allowed, mut escaping) = (0_u64, 0_u64);
    // Traces with a beginning in common, and the state behind it.
    let mut open = vec![(sorted.as_slice(), 0_usize, first)];
    while let Some((group, length, state)) = open.pop() {
        let weight: u64 = group.iter().map(|(_, count)| count).sum();
        let may = language.allowed(state);
        let mut done = Vec::new();
        let longer =
            group.iter().position(|(trace, _)| trace.len() > length).unwrap_or(group.len());
        let rest = group.get(longer..).unwrap_or_default();
        for part in rest.chunk_by(|a, b| a.0.get(length) == b.0.get(length)) {
            let activity = part.first().and_then(|(trace, _)| trace.get(length)).copied();
            let step = activity.and_then(|activity| steps.get(ix(activity)).copied().flatten());
            let Some(step) = step else { continue };
            if let Some(next) = language.after(state, step).ok()? {
                done.push(step);
                open.push((part, length + 1, next));
            }
        }
        allowed += weight * long(may.len());
        escaping += weight * long(may.iter().filter(|step| !done.contains(step)).count());
    }
    Some(if allowed == 0 { 1.0 } else { 1.0 - share(escaping) / share(allowed) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Unwatched;
    use crate::tree::Tree;

    fn a(name: &str) -> Tree {
        Tree::activity(name)
    }

    fn of(tree: &Tree, traces: &[&str]) -> (Names, Variants, Net) {
        let mut names = Names::default();
        let variants = Variants::of(
            traces.iter().map(|t| (t.chars().map(|c| names.intern(&c.to_string())).collect(), 1)),
        );
        (names, variants, Net::of_tree(tree))
    }

    #[test]
    fn a_trace_fits_if_and_only_if_the_model_allows_it() {
        let tree = Tree::Sequence(vec![
            a("a"),
            Tree::Parallel(vec![
                a("b").optional(),
                Tree::Loop(Box::new(a("c")), Box::new(Tree::Silent)),
            ]),
            a("d"),
        ]);
        let traces = ["acd", "abcd", "acbccd", "abd", "ad", "acdd", "xacd", "ac", ""];
        let (names, variants, net) = of(&tree, &traces);
        let found = replay(&names, &variants, &net, &mut Unwatched).unwrap();
        let fits: Vec<bool> = found.iter().map(Replayed::is_fit).collect();
        assert_eq!(fits, [true, true, true, false, false, false, false, false, false]);
        assert!(found.iter().all(|one| (0.0..=1.0).contains(&one.fitness())));
        assert!((found[0].fitness() - 1.0).abs() < 1e-9);
        assert_eq!(found[7].waiting, ["b", "c", "d"]);
    }

    #[test]
    fn precision_is_the_share_of_what_is_allowed_that_is_done() {
        let check = |tree: &Tree, traces: &[&str], expected: f64| {
            let (names, variants, net) = of(tree, traces);
            let found = precision(&names, &variants, &net).unwrap();
            assert!((found - expected).abs() < 1e-9, "{tree}: {found}");
        };
        let sequence = Tree::Sequence(vec![a("a"), a("b")]);
        check(&sequence, &["ab"], 1.0);
        // Behind nothing two of two are done once; behind the first one of one.
        check(&Tree::Parallel(vec![a("a"), a("b")]), &["ab", "ba"], 1.0);
        check(&Tree::Parallel(vec![a("a"), a("b")]), &["ab"], 2.0 / 3.0);
    }
}
