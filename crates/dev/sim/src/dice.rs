//! The chance of a simulation: everything that is random in it comes from one seed through here.

use gemba_app::ports::Chance;
use gemba_testkit::SeededChance;
use std::sync::Arc;

/// Chance from one seed, as numbers and choices.
#[derive(Debug)]
pub(crate) struct Dice {
    chance: Arc<SeededChance>,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { chance: SeededChance::new(seed) }
    }

    pub(crate) fn next(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.chance.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// A number below `n`, and 0 where that is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(u64::MAX);
        usize::try_from(self.next() % n.max(1)).unwrap_or(0)
    }

    /// A number from `least` to `most`.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = most.saturating_sub(least).unsigned_abs() + 1;
        least + i64::try_from(self.next() % span).unwrap_or(0)
    }

    /// Whether one of `n` in a thousand cases is this one.
    pub(crate) fn permille(&mut self, n: usize) -> bool {
        self.below(1000) < n
    }

    /// One of these; nothing of nothing.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }
}
