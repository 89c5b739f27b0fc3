//! Attachments: a picture, video or link with a written summary, of a process or a step.

use crate::Time;
use gemba_app::attachments::AttachmentView;
use schemars::JsonSchema;
use serde::Serialize;

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
