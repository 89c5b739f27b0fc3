//! What to document first: what happens often and hurts when it goes wrong.
//!
//! Writing down everything at once fails. The list is cut to what a company can write in its first
//! weeks: everything that happens at least weekly and is bad when it goes wrong, filled up to ten by
//! weight and cut at fifteen.

use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// How often a process happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// Once a year or less.
    Yearly,
    /// A few times a year.
    Quarterly,
    /// About once a month.
    Monthly,
    /// Every week.
    Weekly,
    /// Every day or nearly.
    Daily,
}

impl Frequency {
    /// All of them, the most frequent first.
    pub const ALL: [Self; 5] =
        [Self::Daily, Self::Weekly, Self::Monthly, Self::Quarterly, Self::Yearly];

    /// The word in forms and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yearly => "yearly",
            Self::Quarterly => "quarterly",
            Self::Monthly => "monthly",
            Self::Weekly => "weekly",
            Self::Daily => "daily",
        }
    }

    /// What it says on a page.
    pub fn says(self) -> &'static str {
        match self {
            Self::Yearly => "Once a year",
            Self::Quarterly => "Every few months",
            Self::Monthly => "Every month",
            Self::Weekly => "Every week",
            Self::Daily => "Every day",
        }
    }

    /// The frequency of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    fn points(self) -> u8 {
        match self {
            Self::Yearly => 1,
            Self::Quarterly => 2,
            Self::Monthly => 3,
            Self::Weekly => 4,
            Self::Daily => 5,
        }
    }
}

/// How bad it is when a process goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consequence {
    /// Somebody is annoyed.
    Low,
    /// It costs money or a client's patience.
    Medium,
    /// It loses a client, breaks the law or stops the company.
    High,
}

impl Consequence {
    /// All of them, the worst first.
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    /// The word in forms and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// What it says on a page.
    pub fn says(self) -> &'static str {
        match self {
            Self::Low => "A nuisance",
            Self::Medium => "Costs money or patience",
            Self::High => "Loses a client or stops us",
        }
    }

    /// The consequence of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    fn points(self) -> u8 {
        match self {
            Self::Low => 1,
            Self::Medium => 2,
            Self::High => 3,
        }
    }
}

/// How much it matters that a process is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Weight {
    /// How often it happens.
    pub frequency: Frequency,
    /// How bad it is when it goes wrong.
    pub consequence: Consequence,
}

impl Weight {
    /// From 1 (once a year, a nuisance) to 15 (every day, the company stops).
    pub fn points(self) -> u8 {
        self.frequency.points() * self.consequence.points()
    }
}

/// The fewest processes of the first round, where so many happen at all.
const FEWEST_FIRST: usize = 10;
/// The most processes of the first round.
pub const MOST_FIRST: usize = 15;

/// Whether a process belongs into the first round whatever else there is.
pub fn is_first(weight: Weight) -> bool {
    weight.frequency >= Frequency::Weekly && weight.consequence == Consequence::High
}

/// An order of processes, and how many of them are the first round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct First {
    /// The positions in what was given, the most important first.
    pub order: Vec<usize>,
    /// How many of the order are to be documented first.
    pub n_first: usize,
}

/// Puts processes in the order in which they should be written down.
///
/// What happens weekly and is bad when it goes wrong comes first, then by weight, then the worse, then
/// in the order given.
pub fn rank(weights: &[Weight]) -> First {
    let mut order: Vec<(usize, Weight)> = weights.iter().copied().enumerate().collect();
    order.sort_by_key(|(at, weight)| {
        (Reverse(is_first(*weight)), Reverse(weight.points()), Reverse(weight.consequence), *at)
    });
    let certain = weights.iter().filter(|weight| is_first(**weight)).count();
    let n_first = certain.clamp(FEWEST_FIRST, MOST_FIRST).min(weights.len());
    First { order: order.into_iter().map(|(at, _)| at).collect(), n_first }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Consequence::{High, Low, Medium};
    use Frequency::{Daily, Monthly, Weekly, Yearly};

    #[track_caller]
    fn check(given: &[(Frequency, Consequence)], order: &[usize], n_first: usize) {
        let weights: Vec<Weight> = given
            .iter()
            .map(|(frequency, consequence)| Weight {
                frequency: *frequency,
                consequence: *consequence,
            })
            .collect();
        assert_eq!(rank(&weights), First { order: order.to_vec(), n_first });
    }

    #[test]
    fn what_is_weekly_and_bad_comes_first() {
        check(&[], &[], 0);
        check(&[(Daily, Medium), (Weekly, High), (Daily, High)], &[2, 1, 0], 3);
        // A yearly catastrophe weighs as much as a monthly nuisance, and is worse.
        check(&[(Monthly, Low), (Yearly, High)], &[1, 0], 2);
        check(&[(Weekly, Low), (Weekly, Low)], &[0, 1], 2);
    }

    #[test]
    fn the_first_round_has_ten_to_fifteen() {
        for (n_certain, n_others, n_first) in
            [(0, 4, 4), (3, 20, 10), (12, 20, 12), (20, 5, 15), (9, 1, 10)]
        {
            let certain = std::iter::repeat_n((Weekly, High), n_certain);
            let others = std::iter::repeat_n((Monthly, Medium), n_others);
            let all: Vec<_> = others.chain(certain).collect();
            let weights: Vec<Weight> = all
                .iter()
                .map(|(frequency, consequence)| Weight {
                    frequency: *frequency,
                    consequence: *consequence,
                })
                .collect();
            let first = rank(&weights);
            assert_eq!(first.n_first, n_first, "{n_certain} {n_others}");
            assert_eq!(first.order.iter().take(n_certain).filter(|at| **at < n_others).count(), 0);
        }
    }

    #[test]
    fn words_read_back() {
        assert!(Frequency::ALL.iter().all(|one| Frequency::of(one.word()) == Some(*one)));
        assert!(Consequence::ALL.iter().all(|one| Consequence::of(one.word()) == Some(*one)));
        assert_eq!((Frequency::of("often"), Consequence::of("")), (None, None));
    }
}
