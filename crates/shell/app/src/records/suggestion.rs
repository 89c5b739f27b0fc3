//! What is kept of a change that somebody suggests for a process: the whole text, and what came of it.

use gemba_engine::By;
use gemba_model::id::{EntryId, ProcessId};
use gemba_store::{Key, Record};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What came of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionState {
    /// Nobody has answered it yet.
    Open,
    /// It became the draft.
    Taken,
    /// It was put away.
    Dismissed,
}

/// A changed text for a process, from somebody who does not write its draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The id.
    pub id: EntryId,
    /// The process.
    pub process: ProcessId,
    /// The hash of the text in force that it changes.
    pub base: String,
    /// The whole text as it should be.
    pub source: String,
    /// Why.
    pub note: String,
    /// Who.
    pub by: By,
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub state: SuggestionState,
    /// What was answered.
    #[serde(default)]
    pub answer: Option<SuggestionAnswer>,
}

/// What was answered to a suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionAnswer {
    /// Who answered, as a name to show.
    pub by: String,
    /// What they said.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

impl Record for Suggestion {
    const KIND: &'static str = "suggestion";
    fn id(&self) -> String {
        self.id.to_string()
    }
    fn keys(&self) -> Vec<Key> {
        vec![Key::shared("process", self.process.to_string())]
    }
}
