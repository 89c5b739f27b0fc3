//! Inlets: triggers that are set up here instead of in a document, because they hold secrets, numbers
//! or links: a webhook, a threshold, a form for guests.

use super::Pause;
use crate::signing::Secret;
use gemba_model::{
    Overlap,
    id::{ProcessId, TriggerId},
};
use gemba_store::{Key, Record};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A trigger that is set up here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inlet {
    /// The id.
    pub id: TriggerId,
    /// The process that it starts.
    pub process: ProcessId,
    /// What it is called.
    pub name: String,
    /// What starts a run.
    pub source: Source,
    /// What becomes of an occurrence while a run of an earlier one goes on.
    #[serde(default)]
    pub overlap: Overlap,
    /// When it was paused, earliest first; only the last one can be open.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// Whether it is in force; one that was taken away is not.
    pub active: bool,
    /// Who set it up.
    pub by: String,
    /// When.
    pub created: Timestamp,
}

impl Record for Inlet {
    const KIND: &'static str = "inlet";
    fn id(&self) -> String {
        self.id.to_string()
    }
    fn keys(&self) -> Vec<Key> {
        let mut keys = vec![
            Key::shared("process", self.process.to_string()),
            Key::shared("active", if self.active { "yes" } else { "no" }),
        ];
        match &self.source {
            Source::Threshold(Threshold { measurable: Some(slug), .. }) if self.active => {
                keys.push(Key::shared("measurable", slug));
            }
            Source::Request(form) => keys.push(Key::unique("link", &form.hash)),
            Source::Threshold(_) | Source::Event(_) => {}
        }
        keys
    }
}

/// What starts a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// A signed message from outside.
    Event(Webhook),
    /// A number that crosses a limit.
    Threshold(Threshold),
    /// A form that guests fill in.
    Request(GuestForm),
}

/// What is known of the messages that are taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Webhook {
    /// The types of messages that are taken; empty for all.
    #[serde(default)]
    pub types: Vec<String>,
    /// What a run gets from a message.
    #[serde(default)]
    pub mapping: Mapping,
    /// The secrets that sign, the present one last.
    pub secrets: Vec<WebhookSecret>,
}

/// A secret with its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookSecret {
    /// The secret.
    pub secret: Secret,
    /// Since when.
    pub from: Timestamp,
    /// Until when, for one that another took the place of.
    #[serde(default)]
    pub until: Option<Timestamp>,
}

/// What a run gets from a message: places in it as JSON pointers (RFC 6901).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// What the run is about: words, with pointers in braces ("Order {/data/number}").
    #[serde(default)]
    pub title: Option<String>,
    /// Inputs by name.
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
}

/// On which side of the limit a run starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Where the number is more than the limit.
    Above,
    /// Where it is less.
    Below,
}

/// A limit, and how far a number must come back before it can be crossed again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// The measurable whose values count; none where values are pushed to the trigger itself.
    #[serde(default)]
    pub measurable: Option<String>,
    /// On which side of the limit a run starts.
    pub side: Side,
    /// The limit.
    pub limit: f64,
    /// Where the number must come back to (or past) before the next crossing counts.
    pub rearm: f64,
    /// Whether the next crossing counts.
    pub armed: bool,
    /// The last value that was looked at.
    #[serde(default)]
    pub last: Option<Observed>,
}

/// A value that was looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observed {
    /// The value.
    pub value: f64,
    /// The period it stands for; empty for one that was pushed to the trigger.
    #[serde(default)]
    pub period: String,
    /// When.
    pub at: Timestamp,
    /// What came of it, as a sentence.
    pub said: String,
}

/// A form behind a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestForm {
    /// The hash of the link's secret.
    pub hash: String,
    /// What a guest is told above the form.
    #[serde(default)]
    pub words: String,
    /// What is asked, in order.
    pub questions: Vec<Question>,
    /// When it was sent in the last hour.
    #[serde(default)]
    pub sent: Vec<Timestamp>,
}

/// One question of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What is asked.
    pub label: String,
    /// Whether it must be answered.
    pub required: bool,
}

/// A message that was taken, so that its repetition is known. The id is a hash of trigger and message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenMessage {
    /// The hash.
    pub id: String,
    /// When.
    pub at: Timestamp,
}

impl Record for TakenMessage {
    const KIND: &'static str = "taken_message";
    fn id(&self) -> String {
        self.id.clone()
    }
    fn keys(&self) -> Vec<Key> {
        Vec::new()
    }
}
