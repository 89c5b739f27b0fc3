//! What is kept of agents on seats: what each was hired for, how far it may go, and what stops it.

use gemba_model::id::{AccountId, ProcessId, SeatId};
use gemba_store::{Key, Record};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How far an agent goes by itself in a process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// It reads, and does nothing.
    Observe,
    /// What it submits is a draft: a person does the step with it.
    Draft,
    /// What it submits counts when a person has approved it.
    #[default]
    ActWithApproval,
    /// What it submits counts at once, and a person looks at some of it afterwards.
    ActWithSpotChecks,
    /// What it submits counts at once.
    Act,
}

impl Level {
    /// All levels, the least first.
    pub const ALL: [Self; 5] =
        [Self::Observe, Self::Draft, Self::ActWithApproval, Self::ActWithSpotChecks, Self::Act];

    /// The word in JSON and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Draft => "draft",
            Self::ActWithApproval => "act_with_approval",
            Self::ActWithSpotChecks => "act_with_spot_checks",
            Self::Act => "act",
        }
    }

    /// The level of a [`Self::word`].
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.word() == word)
    }

    /// The word for people.
    pub fn says(self) -> &'static str {
        match self {
            Self::Observe => "observes",
            Self::Draft => "drafts",
            Self::ActWithApproval => "acts with approval",
            Self::ActWithSpotChecks => "acts with spot checks",
            Self::Act => "acts",
        }
    }
}

/// What an agent's seat was filled for. Before all of it is there, the agent only reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charter {
    /// What it is there to do, in a sentence or two.
    pub mandate: String,
    /// What it never does, one each.
    pub edges: Vec<String>,
    /// The number by which the company sees whether it is worth it, in words.
    pub metric: String,
    /// The person who holds its switch.
    pub switch: Option<AccountId>,
    /// How far it goes in a process of which nothing else was said.
    #[serde(default)]
    pub level: Level,
}

/// Whom a stop stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Stops {
    /// Every agent.
    All,
    /// Whatever acts by a token of this seat.
    Seat(SeatId),
    /// Every agent in this process.
    Process(ProcessId),
}

impl Stops {
    /// The key under which a stop is kept.
    pub fn key(self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Seat(seat) => seat.to_string(),
            Self::Process(process) => process.to_string(),
        }
    }
}

/// Agents are stopped until a person lets them go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Whom.
    pub stops: Stops,
    /// Who stopped them, as a name to show.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

impl Record for Stop {
    const KIND: &'static str = "agent_stop";
    fn id(&self) -> String {
        self.stops.key()
    }
    fn keys(&self) -> Vec<Key> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_has_its_word_and_what_was_kept_before_levels_reads() {
        for level in Level::ALL {
            assert_eq!(Level::of_word(level.word()), Some(level));
            assert!(!level.says().is_empty());
        }
        let old = r#"{"mandate":"m","edges":["e"],"metric":"n","switch":null}"#;
        let read: Charter = serde_json::from_str(old).unwrap();
        assert_eq!(read.level, Level::ActWithApproval);
    }
}
