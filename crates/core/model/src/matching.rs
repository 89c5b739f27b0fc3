//! Which step of one process is which of another, and which of them moved: one answer for the
//! changes in words and for the map of both.
//!
//! Steps are the same where they have the same id. Where at least one of two ids was derived from a
//! title, steps are also the same if their titles are much alike, or somewhat alike in the same place.
//! Steps are matched level by level: those of the process, then those within each pair.

use crate::process::{Process, Step};
use std::collections::{BTreeMap, BTreeSet};

/// How much two titles must have in common, in thousandths, to be one step wherever they stand.
const ALIKE: usize = 600;
/// The same where the instructions are much the same too.
const SOMEWHAT: usize = 340;
/// The same where both stand between the same neighbours.
const IN_PLACE: usize = 200;
/// Where more pairs than this would have to be compared, a step is compared with nearby ones only.
const MOST_PAIRS: usize = 40_000;
/// How many places away a step is still nearby.
const NEARBY: usize = 50;
/// The most words of a text that are looked at.
const MOST_WORDS: usize = 200;

/// Which steps of any depth are the same, as places in [`Process::all_steps`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matching {
    /// The old place of each new step that was there before.
    pub was: BTreeMap<usize, usize>,
    /// The new places of the steps that changed their order among their neighbours, or the step that
    /// holds them.
    pub moved: BTreeSet<usize>,
}

/// Steps with their places.
type Placed<'a> = Vec<(usize, &'a Step)>;

impl Matching {
    /// Matches the steps of two processes. The top-level steps are matched as by [`pairs`] and have
    /// moved as by [`moved`].
    pub fn of(old: &Process, new: &Process) -> Self {
        let mut matching = Self::default();
        let mut loose = (Vec::new(), Vec::new());
        matching.level((&old.steps, 0), (&new.steps, 0), &mut loose);
        // A step of the process stays one, so that the map, which shows no others, says the same.
        let tops = |process: &Process| -> BTreeSet<usize> {
            places(&process.steps, 0).into_iter().collect()
        };
        let (old_tops, new_tops) = (tops(old), tops(new));
        loose.0.retain(|(at, _)| !old_tops.contains(at));
        loose.1.retain(|(at, _)| !new_tops.contains(at));
        matching.across(&loose.0, &loose.1);
        matching
    }

    /// Matches the steps of one level, each list with the place of its first step, then what they hold.
    /// What finds none may have come from or gone to another step.
    fn level<'a>(
        &mut self,
        (old, old_at): (&'a [Step], usize),
        (new, new_at): (&'a [Step], usize),
        loose: &mut (Placed<'a>, Placed<'a>),
    ) {
        let pairs = pairs(old, new);
        let moved = moved(&pairs);
        let was: BTreeMap<usize, usize> = pairs.iter().map(|(was, now)| (*now, *was)).collect();
        let kept: BTreeSet<usize> = was.values().copied().collect();
        let old_places = places(old, old_at);
        for (index, (step, at)) in old.iter().zip(&old_places).enumerate() {
            if !kept.contains(&index) {
                loose.0.extend((*at..).zip(step.walk()));
            }
        }
        for (index, (step, at)) in new.iter().zip(places(new, new_at)).enumerate() {
            let before =
                was.get(&index).and_then(|was| Some((old.get(*was)?, *old_places.get(*was)?)));
            let Some((before, before_at)) = before else {
                loose.1.extend((at..).zip(step.walk()));
                continue;
            };
            self.was.insert(at, before_at);
            if moved.contains(&index) {
                self.moved.insert(at);
            }
            self.level((&before.steps, before_at + 1), (&step.steps, at + 1), loose);
        }
    }

    /// Matches steps that are held by others before and after, by their ids: they moved.
    fn across(&mut self, old: &[(usize, &Step)], new: &[(usize, &Step)]) {
        let mut by_id: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, step) in old {
            by_id.entry(step.id.as_str()).or_insert(*at);
        }
        for (at, step) in new {
            if let Some(was) = by_id.remove(step.id.as_str()) {
                self.was.insert(*at, was);
                self.moved.insert(*at);
            }
        }
    }
}

/// The place of each of these steps among all, where the first has this one.
fn places(steps: &[Step], first: usize) -> Vec<usize> {
    let mut at = first;
    let place = |step: &Step| {
        let here = at;
        at += step.walk().len();
        here
    };
    steps.iter().map(place).collect()
}

/// The pairs of the same steps of one level, as places in the old and in the new list, in the order of
/// the new one.
pub fn pairs(old: &[Step], new: &[Step]) -> Vec<(usize, usize)> {
    let mut matched = Matched::default();
    let mut by_id: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, step) in old.iter().enumerate().rev() {
        by_id.entry(step.id.as_str()).or_default().push(index);
    }
    for (now, step) in new.iter().enumerate() {
        // A broken document may say an id twice: first with first.
        if let Some(was) = by_id.get_mut(step.id.as_str()).and_then(Vec::pop) {
            matched.add(was, now);
        }
    }
    let open_old: Vec<Words> = matched.open(old, |m| &m.now);
    let open_new: Vec<Words> = matched.open(new, |m| &m.was);
    let is_many = open_old.len().saturating_mul(open_new.len()) > MOST_PAIRS;
    let mut scores: Vec<(usize, usize, usize, usize)> = Vec::new();
    for (i, was) in open_old.iter().enumerate() {
        let (low, high) =
            if is_many { (i.saturating_sub(NEARBY), i + NEARBY) } else { (0, open_new.len()) };
        for now in open_new.iter().take(high).skip(low) {
            let title = was.title_alike(now);
            if title >= ALIKE || title >= SOMEWHAT && was.text_alike(now) >= 500 {
                let far = was.index.abs_diff(now.index);
                scores.push((usize::MAX - title, far, was.index, now.index));
            }
        }
    }
    scores.sort_unstable();
    for (_, _, was, now) in scores {
        if matched.is_open(was, now) && may_be_same(old, new, was, now) {
            matched.add(was, now);
        }
    }
    in_place(old, new, &mut matched);
    let mut pairs: Vec<(usize, usize)> = matched.now.into_iter().collect();
    pairs.sort_by_key(|(_, now)| *now);
    pairs
}

/// Steps between the same neighbours that have at least something in common.
fn in_place(old: &[Step], new: &[Step], matched: &mut Matched) {
    for now in 0..new.len() {
        if matched.was.contains_key(&now) {
            continue;
        }
        let before = match now.checked_sub(1) {
            Some(before) => matched.was.get(&before).map(|was| was + 1),
            None => Some(0),
        };
        let Some(was) = before else { continue };
        let after = if now + 1 == new.len() {
            was + 1 == old.len()
        } else {
            matched.was.get(&(now + 1)) == Some(&(was + 1))
        };
        let (Some(a), Some(b)) = (old.get(was), new.get(now)) else { continue };
        let (a, b) = (Words::of(was, a), Words::of(now, b));
        let is_like = a.title_alike(&b) >= IN_PLACE || a.text_alike(&b) >= SOMEWHAT;
        if after && is_like && matched.is_open(was, now) && may_be_same(old, new, was, now) {
            matched.add(was, now);
        }
    }
}

/// Two ids that the author wrote are two steps.
fn may_be_same(old: &[Step], new: &[Step], was: usize, now: usize) -> bool {
    let is_stated = |steps: &[Step], index: usize| steps.get(index).is_some_and(|s| s.id_stated);
    !(is_stated(old, was) && is_stated(new, now))
}

#[derive(Default)]
struct Matched {
    now: BTreeMap<usize, usize>,
    was: BTreeMap<usize, usize>,
}

impl Matched {
    fn add(&mut self, was: usize, now: usize) {
        self.now.insert(was, now);
        self.was.insert(now, was);
    }

    fn is_open(&self, was: usize, now: usize) -> bool {
        !self.now.contains_key(&was) && !self.was.contains_key(&now)
    }

    fn open(&self, steps: &[Step], taken: fn(&Self) -> &BTreeMap<usize, usize>) -> Vec<Words> {
        let open = steps.iter().enumerate().filter(|(index, _)| !taken(self).contains_key(index));
        open.map(|(index, step)| Words::of(index, step)).collect()
    }
}

/// The words of a step.
struct Words {
    index: usize,
    title: BTreeSet<String>,
    text: BTreeSet<String>,
}

impl Words {
    fn of(index: usize, step: &Step) -> Self {
        Self { index, title: words(&step.title), text: words(&step.text) }
    }

    fn title_alike(&self, other: &Self) -> usize {
        alike(&self.title, &other.title)
    }

    fn text_alike(&self, other: &Self) -> usize {
        alike(&self.text, &other.text)
    }
}

/// The words of a text. Short ones ("the", "it", "and") say little and count only where there is
/// nothing else.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let all: BTreeSet<String> = words.take(MOST_WORDS).map(str::to_lowercase).collect();
    let long: BTreeSet<String> =
        all.iter().filter(|word| word.chars().count() > 3).cloned().collect();
    if long.is_empty() { all } else { long }
}

/// How much two sets have in common, in thousandths: twice the common part over both sizes (Dice).
fn alike(a: &BTreeSet<String>, b: &BTreeSet<String>) -> usize {
    let common = a.intersection(b).count();
    (2000 * common).checked_div(a.len() + b.len()).unwrap_or(0)
}

/// The new indices of the steps that moved: as few as explain the new order. What stays is a longest
/// row of pairs whose old places rise too, found as in patience sorting.
pub fn moved(pairs: &[(usize, usize)]) -> BTreeSet<usize> {
    // The position in `pairs` of the last member of the best row of each length.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let old = |at: &usize| pairs.get(*at).map_or(0, |(was, _)| *was);
    for (at, (was, _)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| old(end) < *was);
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut stays = BTreeSet::new();
    let mut at = ends.last().copied();
    while let Some(here) = at {
        stays.insert(here);
        at = before.get(here).copied().flatten();
    }
    let is_moved =
        |(at, (_, now)): (usize, &(usize, usize))| (!stays.contains(&at)).then_some(*now);
    pairs.iter().enumerate().filter_map(is_moved).collect()
}
