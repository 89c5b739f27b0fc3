//! Attachments: a picture, video or link with a written summary, of a process or a step.

use crate::Time;
use gemba_app::attachments::{About, AttachmentView, Way};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Attachment {
    /// The id.
    pub id: String,
    /// `picture`, `video` or `link`.
    pub form: String,
    /// Its title.
    pub title: String,
    /// What one sees in it, in words.
    pub summary: String,
    /// The id of the step it belongs to; null for the whole process.
    pub step: Option<String>,
    /// Whether its step is no longer in the document.
    pub is_detached: bool,
    /// The media type of its bytes; null for a link.
    pub media: Option<String>,
    /// The address; null where the bytes are kept here.
    pub href: Option<String>,
    /// How many bytes; 0 for a link.
    pub size: u64,
    /// Who brought it.
    pub by: String,
    /// When.
    pub at: Time,
}

/// What one writes about an attachment that is there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachmentInput {
    /// Its title.
    pub title: String,
    /// What one sees in it, in words: for those who cannot see it, and for the search.
    pub summary: String,
    /// The id of the step it belongs to; the whole process where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub step: Option<String>,
}

impl From<AttachmentInput> for About {
    fn from(input: AttachmentInput) -> Self {
        Self { title: input.title, summary: input.summary, step: input.step }
    }
}

/// Where an attachment goes among those of its process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Before the one before it.
    Up,
    /// After the one after it.
    Down,
}

/// A move of an attachment by one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceInput {
    /// Where it goes.
    pub direction: Direction,
}

impl From<PlaceInput> for Way {
    fn from(input: PlaceInput) -> Self {
        match input.direction {
            Direction::Up => Self::Up,
            Direction::Down => Self::Down,
        }
    }
}

impl From<&AttachmentView> for Attachment {
    fn from(view: &AttachmentView) -> Self {
        let attachment = &view.attachment;
        Self {
            id: attachment.id.to_string(),
            form: attachment.form.word().to_owned(),
            title: attachment.title.clone(),
            summary: attachment.summary.clone(),
            step: attachment.step.as_ref().map(ToString::to_string),
            is_detached: view.is_detached,
            media: attachment.media.clone(),
            href: attachment.href.clone(),
            size: attachment.size,
            by: attachment.by.clone(),
            at: Time::of(attachment.at),
        }
    }
}
