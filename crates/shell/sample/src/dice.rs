//! Chance that falls the same way each time: the sample company has one past.

/// The `SplitMix64` generator (Steele et al. 2014).
#[derive(Debug, Clone)]
pub(crate) struct Dice {
    state: u64,
}

impl Dice {
    /// Dice for one thing, whatever else is thrown: a new process leaves the others as they were.
    pub(crate) fn of(name: &str, number: u32) -> Self {
        // FNV-1a, enough to tell names apart.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { state: hash.wrapping_add(u64::from(number).wrapping_mul(0x9e37_79b9)) }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to less than `n`.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        u32::try_from(self.next() % u64::from(n.max(1))).unwrap_or(0)
    }

    /// A number from `least` to `most`.
    pub(crate) fn between(&mut self, [least, most]: [u32; 2]) -> u32 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// True once in `n` times.
    pub(crate) fn one_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }

    /// One of these.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let n = u32::try_from(from.len()).unwrap_or(u32::MAX);
        from.get(usize::try_from(self.below(n)).unwrap_or(0))
    }

    /// The index of one of these, as often as its weight says.
    pub(crate) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut at = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if at < *weight {
                return index;
            }
            at -= weight;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_kept_and_throws_repeat() {
        let throw = |mut dice: Dice| -> Vec<usize> {
            (0..1_000).map(|_| dice.weighted(&[1, 0, 3])).collect()
        };
        let first = throw(Dice::of("a", 1));
        assert_eq!(first, throw(Dice::of("a", 1)));
        assert_ne!(first, throw(Dice::of("a", 2)));
        let heavy = first.iter().filter(|at| **at == 2).count();
        assert!((700..800).contains(&heavy) && !first.contains(&1), "{heavy}");
    }

    #[test]
    fn a_range_holds_both_ends() {
        let mut dice = Dice::of("b", 0);
        let seen: std::collections::BTreeSet<u32> =
            (0..100).map(|_| dice.between([3, 5])).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [3, 4, 5]);
    }
}
