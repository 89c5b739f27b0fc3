//! Changes that agents and people suggest for a process that they do not write.

use crate::{
    Time,
    sop::{Finding, findings},
};
use gemba_app::{records, suggestions as app};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A changed text for a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Suggestion {
    /// The id.
    pub id: String,
    /// What came of it.
    pub state: SuggestionState,
    /// Why, in the words of who suggests it.
    pub note: String,
    /// Who suggests it.
    pub by: String,
    /// When.
    pub at: Time,
    /// The whole text as it should be: Markdown.
    pub source: String,
    /// What was found in it.
    pub diagnostics: Vec<Finding>,
    /// Whether it can become the draft as it is: neither the draft nor the revision in force moved on.
    pub fits: bool,
    /// What was answered.
    pub answer: Option<String>,
    /// Who answered.
    pub answered_by: Option<String>,
    /// Whether you may take it or put it away.
    pub may_answer: bool,
}

/// What came of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum SuggestionState {
    /// Nobody has answered it yet.
    Open,
    /// It became the draft.
    Taken,
    /// It was put away.
    Dismissed,
}

impl From<&app::SuggestionView> for Suggestion {
    fn from(view: &app::SuggestionView) -> Self {
        let kept = &view.suggestion;
        Self {
            id: kept.id.to_string(),
            state: match kept.state {
                records::SuggestionState::Open => SuggestionState::Open,
                records::SuggestionState::Taken => SuggestionState::Taken,
                records::SuggestionState::Dismissed => SuggestionState::Dismissed,
            },
            note: kept.note.clone(),
            by: view.by().to_owned(),
            at: Time::of(kept.at),
            source: kept.source.clone(),
            diagnostics: findings(&kept.source, &view.diagnostics),
            fits: view.fits,
            answer: kept.answer.as_ref().map(|answer| answer.note.clone()),
            answered_by: kept.answer.as_ref().map(|answer| answer.by.clone()),
            may_answer: view.may_answer,
        }
    }
}

/// A change to suggest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestionInput {
    /// The whole text as it should be: Markdown.
    pub source: String,
    /// Why, in a sentence.
    pub note: String,
}

/// A suggestion that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KeptSuggestion {
    /// Its id.
    pub id: String,
}

/// Putting a suggestion away.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DismissalInput {
    /// Why.
    pub note: String,
}
