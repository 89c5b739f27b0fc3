//! How urgent the work of a run is, as people say it.

use serde::{Deserialize, Serialize};

/// How urgent the work of a run is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// It can wait.
    Low,
    /// Nothing is said.
    #[default]
    Normal,
    /// Before other work.
    High,
    /// Now.
    Urgent,
}

impl Priority {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Urgent];

    /// The word used in JSON, storage and pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }

    /// The priority of a [`Self::word`].
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// One step more urgent: what a near deadline does to work.
    #[must_use]
    pub fn raised(self) -> Self {
        match self {
            Self::Low => Self::Normal,
            Self::Normal => Self::High,
            Self::High | Self::Urgent => Self::Urgent,
        }
    }

    /// Whether nothing is said, which is not written down.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    pub fn is_normal(&self) -> bool {
        *self == Self::Normal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_as_it_is_written_and_a_near_deadline_raises_by_one() {
        let raised: Vec<&str> = Priority::ALL.map(|one| one.raised().word()).to_vec();
        assert_eq!(raised, ["normal", "high", "urgent", "urgent"]);
        for one in Priority::ALL {
            assert_eq!(Priority::of_word(one.word()), Some(one));
        }
        assert_eq!(Priority::of_word("rush"), None);
    }
}
