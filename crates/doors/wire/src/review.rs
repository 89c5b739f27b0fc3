//! Reviews: when a document must be held against reality, and what came of it.

use crate::{Time, process::ReviewDue};
use gemba_app::{records, reviews as app};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A process in force and its next review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReviewRow {
    /// The name of the process in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The name of the seat that owns it.
    pub owner: Option<String>,
    /// When it is due.
    pub review: ReviewDue,
}

impl From<&app::ReviewRow> for ReviewRow {
    fn from(row: &app::ReviewRow) -> Self {
        Self {
            slug: row.slug.clone(),
            title: row.title.clone(),
            owner: row.owner.clone(),
            review: row.due.into(),
        }
    }
}

/// A review that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Review {
    /// The id.
    pub id: String,
    /// The number of the revision that was held against reality.
    pub revision: Option<u32>,
    /// What came of it.
    pub outcome: ReviewOutcome,
    /// In words.
    pub note: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Time,
}

impl From<&records::Review> for Review {
    fn from(review: &records::Review) -> Self {
        Self {
            id: review.id.to_string(),
            revision: review.revision,
            outcome: review.outcome.into(),
            note: review.note.clone(),
            by: review.by.clone(),
            at: Time::of(review.at),
        }
    }
}

/// What came of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ReviewOutcome {
    /// The document and the work are one.
    StillRight,
    /// The document was changed.
    Edited,
    /// The work must be thought over.
    NeedsRedesign,
}

impl From<records::ReviewOutcome> for ReviewOutcome {
    fn from(outcome: records::ReviewOutcome) -> Self {
        match outcome {
            records::ReviewOutcome::StillRight => Self::StillRight,
            records::ReviewOutcome::Edited => Self::Edited,
            records::ReviewOutcome::NeedsRedesign => Self::NeedsRedesign,
        }
    }
}

impl From<ReviewOutcome> for records::ReviewOutcome {
    fn from(outcome: ReviewOutcome) -> Self {
        match outcome {
            ReviewOutcome::StillRight => Self::StillRight,
            ReviewOutcome::Edited => Self::Edited,
            ReviewOutcome::NeedsRedesign => Self::NeedsRedesign,
        }
    }
}

/// A review to record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewInput {
    /// What came of it.
    pub outcome: ReviewOutcome,
    /// In words.
    #[serde(default)]
    pub note: String,
}
