//! Which way a run goes at a decision: by weight, or the shortest way to where it shall end up.

use crate::dice::Dice;
use gemba_model::{Branch, Next, Process, Routes, StepId, flow};
use std::collections::BTreeMap;

/// The position of a step in the process.
pub(crate) fn index(process: &Process, step: &StepId) -> usize {
    process.top_level(step).unwrap_or(process.steps.len())
}

/// How many steps it is from each step to the goal, where it can be reached.
fn distances(process: &Process, goal: Next) -> Vec<Option<u32>> {
    let mut far: Vec<Option<u32>> =
        (0..process.steps.len()).map(|at| (Next::Step(at) == goal).then_some(0)).collect();
    loop {
        let before = far.clone();
        for (at, known) in far.iter_mut().enumerate() {
            let ways = flow::routes(process, at);
            let best = ways.all().into_iter().filter_map(|(to, _)| away(&before, to, goal)).min();
            if let Some(best) = best {
                *known = Some(known.map_or(best + 1, |now| now.min(best + 1)));
            }
        }
        if far == before {
            return far;
        }
    }
}

fn away(far: &[Option<u32>], to: Next, goal: Next) -> Option<u32> {
    match to {
        _ if to == goal => Some(0),
        Next::Step(at) => far.get(at).copied().flatten(),
        Next::End => None,
    }
}

/// The branch taken at a step; none where there is no choice.
pub(crate) fn branch(
    process: &Process,
    at: usize,
    weights: Option<&BTreeMap<String, u32>>,
    goal: Option<Next>,
    dice: &mut Dice,
) -> Option<Branch> {
    let Routes::Branches(branches) = flow::routes(process, at) else { return None };
    if let Some(goal) = goal {
        let far = distances(process, goal);
        let way = |branch: &&Branch| away(&far, branch.to, goal).unwrap_or(u32::MAX);
        return branches.iter().min_by_key(way).cloned();
    }
    let weight = |branch: &Branch| {
        let named = weights.into_iter().flatten().find(|(name, _)| is(branch, name));
        named.map_or(1, |(_, weight)| *weight)
    };
    let all: Vec<u32> = branches.iter().map(weight).collect();
    branches.get(dice.weighted(&all)).cloned()
}

/// Whether a branch is the one whose condition begins so.
pub(crate) fn is(branch: &Branch, beginning: &str) -> bool {
    branch.label.to_lowercase().starts_with(&beginning.to_lowercase())
}
