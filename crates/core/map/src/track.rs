//! Who runs where in a channel: edges that share a stretch get tracks of their own.

/// A stretch of a channel that one edge, or several to the same target, run along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// The lower end.
    pub(crate) low: i64,
    /// The upper end.
    pub(crate) high: i64,
    /// Its place in the order that crosses least: stretches are given tracks by it.
    pub(crate) turn: i64,
}

/// The track of each stretch and the number of tracks. Two stretches on one track never touch.
pub(crate) fn tracks(stretches: &[Stretch]) -> (Vec<usize>, usize) {
    let mut by_turn: Vec<(usize, &Stretch)> = stretches.iter().enumerate().collect();
    by_turn.sort_by_key(|(index, stretch)| (stretch.turn, *index));
    let mut used: Vec<Vec<(i64, i64)>> = Vec::new();
    let mut of = vec![0; stretches.len()];
    for (index, stretch) in by_turn {
        let is_free = |taken: &Vec<(i64, i64)>| {
            taken.iter().all(|(low, high)| *high < stretch.low || stretch.high < *low)
        };
        let track = used.iter().position(is_free).unwrap_or(used.len());
        if track == used.len() {
            used.push(Vec::new());
        }
        if let Some(taken) = used.get_mut(track) {
            taken.push((stretch.low, stretch.high));
        }
        if let Some(slot) = of.get_mut(index) {
            *slot = track;
        }
    }
    (of, used.len())
}
