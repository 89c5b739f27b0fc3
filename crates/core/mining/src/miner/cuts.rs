//! Where a directly-follows graph can be cut.

use super::Cut;
use super::part::{Follows, Sets};

/// The first cut that there is: choice, sequence, parallel, loop.
pub(super) fn find(follows: &Follows) -> Option<Cut> {
    if follows.len() == 0 {
        return None;
    }
    let named = |groups: Vec<Vec<usize>>| -> Vec<Vec<u32>> {
        groups.iter().map(|group| follows.named(group)).collect()
    };
    choice(follows)
        .map(|groups| Cut::Choice(named(groups)))
        .or_else(|| sequence(follows).map(|groups| Cut::Sequence(named(groups))))
        .or_else(|| parallel(follows).map(|groups| Cut::Parallel(named(groups))))
        .or_else(|| repeated(follows).map(|groups| Cut::Loop(named(groups))))
}

fn several(groups: Vec<Vec<usize>>) -> Option<Vec<Vec<usize>>> {
    (groups.len() > 1).then_some(groups)
}

fn pairs(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).flat_map(move |a| (0..count).map(move |b| (a, b)))
}

/// Parts that nothing leads between.
fn choice(follows: &Follows) -> Option<Vec<Vec<usize>>> {
    let mut sets = Sets::new(follows.len());
    for (a, b) in pairs(follows.len()).filter(|(a, b)| follows.has(*a, *b)) {
        sets.join(a, b);
    }
    several(sets.all())
}

/// Parts of which each leads to all that come later and none leads back. Parts that can only be passed over
/// together are one.
fn sequence(follows: &Follows) -> Option<Vec<Vec<usize>>> {
    let count = follows.len();
    let reach = follows.reach();
    let reaches =
        |a: usize, b: usize| reach.get(a).and_then(|row| row.get(b)).copied() == Some(true);
    let mut sets = Sets::new(count);
    for (a, b) in pairs(count).filter(|(a, b)| a < b) {
        if reaches(a, b) == reaches(b, a) {
            sets.join(a, b);
        }
    }
    // What was put together may stand both before and behind another: then that belongs to it too.
    let mut groups = sets.all();
    loop {
        let leads = |a: &[usize], b: &[usize]| a.iter().any(|a| b.iter().any(|b| reaches(*a, *b)));
        let tied = pairs(groups.len()).filter(|(a, b)| a < b).find(|(a, b)| {
            let (Some(a), Some(b)) = (groups.get(*a), groups.get(*b)) else { return false };
            leads(a, b) == leads(b, a)
        });
        let Some((a, b)) = tied else { break };
        let more = groups.remove(b);
        if let Some(group) = groups.get_mut(a) {
            group.extend(more);
            group.sort_unstable();
        }
    }
    if groups.len() < 2 {
        return None;
    }
    groups.sort_by(|a, b| {
        let (Some(a), Some(b)) = (a.first(), b.first()) else { return std::cmp::Ordering::Equal };
        if a == b { std::cmp::Ordering::Equal } else { reaches(*b, *a).cmp(&reaches(*a, *b)) }
    });
    several(together(follows, groups))
}

/// Puts parts together that can only be passed over together.
///
/// A part that can be passed over takes in the parts before it that lead nowhere beyond it, and those behind it
/// that nothing leads to from before it: they are only there together.
fn together(follows: &Follows, groups: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let count = groups.len();
    let mut group_of = vec![0; follows.len()];
    for (n, group) in groups.iter().enumerate() {
        for at in group {
            if let Some(slot) = group_of.get_mut(*at) {
                *slot = n;
            }
        }
    }
    let group = |at: usize| group_of.get(at).copied().unwrap_or(0);
    // The earliest part that leads to each, and the latest that each leads to; a beginning comes from before
    // everything, an end leads behind everything.
    let mut from = vec![usize::MAX; count];
    let mut to = vec![0_usize; count];
    let earlier = |slot: Option<&mut usize>, value: usize| {
        if let Some(slot) = slot {
            *slot = (*slot).min(value);
        }
    };
    let later = |slot: Option<&mut usize>, value: usize| {
        if let Some(slot) = slot {
            *slot = (*slot).max(value);
        }
    };
    // Parts are counted from 1 here, so that 0 stands before them and count + 1 behind.
    for at in 0..follows.len() {
        if follows.is_start(at) {
            earlier(from.get_mut(group(at)), 0);
        }
        if follows.is_end(at) {
            later(to.get_mut(group(at)), count + 1);
        }
    }
    let mut is_passed = vec![false; count];
    let pass = |is_passed: &mut Vec<bool>, first: usize, last: usize| {
        for flag in is_passed.iter_mut().take(last).skip(first) {
            *flag = true;
        }
    };
    for (a, b) in pairs(follows.len()).filter(|(a, b)| follows.has(*a, *b)) {
        let (a, b) = (group(a), group(b));
        earlier(from.get_mut(b), a + 1);
        later(to.get_mut(a), b + 1);
        if a < b {
            pass(&mut is_passed, a + 1, b);
        }
    }
    for at in 0..follows.len() {
        if follows.is_start(at) {
            pass(&mut is_passed, 0, group(at));
        }
        if follows.is_end(at) {
            pass(&mut is_passed, group(at) + 1, count);
        }
    }
    let mut groups = groups;
    for part in 0..count {
        if is_passed.get(part) != Some(&true) || groups.get(part).is_none_or(Vec::is_empty) {
            continue;
        }
        let mut taken: Vec<usize> = Vec::new();
        let before = (0..part).rev().take_while(|q| to.get(*q).is_some_and(|to| *to <= part + 1));
        taken.extend(before);
        let behind =
            (part + 1..count).take_while(|q| from.get(*q).is_some_and(|from| *from > part));
        taken.extend(behind);
        for other in taken {
            let more = groups.get_mut(other).map(std::mem::take).unwrap_or_default();
            if let Some(group) = groups.get_mut(part) {
                group.extend(more);
                group.sort_unstable();
            }
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// Parts of which each comes right after each of the others, and each begins and ends traces.
fn parallel(follows: &Follows) -> Option<Vec<Vec<usize>>> {
    let mut sets = Sets::new(follows.len());
    for (a, b) in pairs(follows.len()).filter(|(a, b)| a < b) {
        if !follows.has(a, b) || !follows.has(b, a) {
            sets.join(a, b);
        }
    }
    let mut groups = sets.all();
    groups.sort_by_key(Vec::len);
    let is_whole = |group: &[usize]| {
        group.iter().any(|at| follows.is_start(*at)) && group.iter().any(|at| follows.is_end(*at))
    };
    // One that begins or ends nothing joins the one before it.
    let mut at = 0;
    while at < groups.len() && groups.len() > 1 {
        if groups.get(at).is_some_and(|group| is_whole(group)) {
            at += 1;
            continue;
        }
        let more = groups.remove(at);
        let into = at.saturating_sub(1);
        if let Some(group) = groups.get_mut(into) {
            group.extend(more);
            group.sort_unstable();
        }
        at = into;
    }
    groups.sort();
    several(groups)
}

/// A body that begins and ends traces, and ways back from its ends to its beginnings.
fn repeated(follows: &Follows) -> Option<Vec<Vec<usize>>> {
    let count = follows.len();
    let is_edge = |at: usize| follows.is_start(at) || follows.is_end(at);
    let mut sets = Sets::new(count);
    let first = (0..count).find(|at| is_edge(*at))?;
    for at in (0..count).filter(|at| is_edge(*at)) {
        sets.join(first, at);
    }
    let inner = |at: usize| !is_edge(at);
    for (a, b) in pairs(count).filter(|(a, b)| inner(*a) && inner(*b) && follows.has(*a, *b)) {
        sets.join(a, b);
    }
    let is_body = |sets: &Sets, at: usize| sets.root(at) == sets.root(first);
    // A way back leaves from ends and comes to beginnings alone.
    for (a, b) in pairs(count).filter(|(a, b)| follows.has(*a, *b)) {
        if inner(b) && is_edge(a) && !follows.is_end(a) {
            sets.join(first, b);
        }
        if inner(a) && is_edge(b) && !follows.is_start(b) {
            sets.join(first, a);
        }
    }
    // And where it comes to one beginning, or leaves from one end, it does so with all.
    let starts: Vec<usize> = (0..count).filter(|at| follows.is_start(*at)).collect();
    let ends: Vec<usize> = (0..count).filter(|at| follows.is_end(*at)).collect();
    loop {
        let broken = (0..count).filter(|at| !is_body(&sets, *at)).find(|at| {
            let to = starts.iter().filter(|start| follows.has(*at, **start)).count();
            let from = ends.iter().filter(|end| follows.has(**end, *at)).count();
            (to > 0 && to < starts.len()) || (from > 0 && from < ends.len())
        });
        let Some(at) = broken else { break };
        sets.join(first, at);
    }
    let mut groups = sets.all();
    let body = groups.iter().position(|group| group.contains(&first))?;
    let body = groups.remove(body);
    groups.insert(0, body);
    several(groups)
}
