//! What a trigger does where things do not go as planned: an occurrence that nobody handled when it was
//! due, and one that is due while a run of the one before still goes on.

use serde::{Deserialize, Serialize};

/// What becomes of occurrences that were missed: due while nobody was there to act on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Misfire {
    /// Each starts its run late, the earliest first; where a number is said, only the latest so many.
    All {
        /// How many at most; all where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        most: Option<u16>,
    },
    /// One late run makes up for all of them.
    OnceLate,
    /// None starts a run.
    Skip,
    /// The owner is asked about each.
    Ask,
}

impl Misfire {
    /// The most late runs that can be named.
    pub const MOST: u16 = 100;

    /// The words of all of them.
    pub const WORDS: [&'static str; 4] = ["all", "once_late", "skip", "ask"];

    /// The word in JSON and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::All { .. } => "all",
            Self::OnceLate => "once_late",
            Self::Skip => "skip",
            Self::Ask => "ask",
        }
    }

    /// The policy of a [`Self::word`]; the number counts for `all` only.
    pub fn of_word(word: &str, most: Option<u16>) -> Option<Self> {
        match word {
            "all" => Some(Self::All { most }),
            "once_late" => Some(Self::OnceLate),
            "skip" => Some(Self::Skip),
            "ask" => Some(Self::Ask),
            _ => None,
        }
    }
}

/// Nothing is lost where nobody says that it may be.
impl Default for Misfire {
    fn default() -> Self {
        Self::All { most: None }
    }
}

/// What becomes of an occurrence that is due while a run of an earlier one still goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// It starts its run beside the other.
    #[default]
    AllowAll,
    /// It starts none.
    Skip,
    /// One waits until the other ends; further ones start none.
    BufferOne,
    /// Each waits its turn.
    BufferAll,
    /// The other is ended, and it starts its run.
    CancelOther,
}

impl Overlap {
    /// All policies.
    pub const ALL: [Self; 5] =
        [Self::AllowAll, Self::Skip, Self::BufferOne, Self::BufferAll, Self::CancelOther];

    /// The word in JSON and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::AllowAll => "allow_all",
            Self::Skip => "skip",
            Self::BufferOne => "buffer_one",
            Self::BufferAll => "buffer_all",
            Self::CancelOther => "cancel_other",
        }
    }

    /// The policy of a [`Self::word`].
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.word() == word)
    }
}

/// Both policies of a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Policy {
    /// For what was missed.
    #[serde(default)]
    pub misfire: Misfire,
    /// For what comes due while another run goes on.
    #[serde(default)]
    pub overlap: Overlap,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_policy_has_its_word() {
        for word in Misfire::WORDS {
            assert_eq!(Misfire::of_word(word, None).map(Misfire::word), Some(word));
        }
        for policy in Overlap::ALL {
            assert_eq!(Overlap::of_word(policy.word()), Some(policy));
        }
        assert_eq!((Misfire::of_word("never", None), Overlap::of_word("never")), (None, None));
    }
}
