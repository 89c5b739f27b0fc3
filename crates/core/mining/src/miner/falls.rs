//! What is left where a directly-follows graph has no cut.

use super::cuts;
use super::part::{Follows, Part};
use super::split;

/// An activity that happens exactly once in each trace.
pub(super) fn once_in_each(part: &Part, follows: &Follows) -> Option<u32> {
    if follows.len() < 2 {
        return None;
    }
    let is_once = |activity: u32| {
        part.traces()
            .all(|(trace, _)| trace.iter().filter(|other| **other == activity).count() == 1)
    };
    follows.activities().iter().copied().find(|activity| is_once(*activity))
}

/// An activity without which the rest has a cut.
pub(super) fn aside(part: &Part, follows: &Follows) -> Option<u32> {
    if follows.len() < 2 {
        return None;
    }
    follows.activities().iter().copied().find(|activity| {
        let groups = [vec![*activity], follows.others(*activity)];
        let Some(mut rest) = split::parallel(part, &groups).pop() else { return false };
        rest.take_empty();
        cuts::find(&Follows::of(&rest)).is_some()
    })
}

/// The traces cut where one that could end is followed by one that could begin.
pub(super) fn strictly_again(part: &Part, follows: &Follows) -> Option<Part> {
    cut(part, |before, after| follows.finishes(before) && follows.begins(after))
}

/// The traces cut before each activity that could begin one.
pub(super) fn again(part: &Part, follows: &Follows) -> Option<Part> {
    cut(part, |_, after| follows.begins(after))
}

fn cut(part: &Part, is_here: impl Fn(u32, u32) -> bool) -> Option<Part> {
    let mut new = Part::default();
    for (trace, count) in part.traces() {
        for piece in trace.chunk_by(|before, after| !is_here(*before, *after)) {
            new.add(piece.to_vec(), count);
        }
    }
    (new.count() > part.count()).then_some(new)
}
