//! Channels, and the log of what was sent to them.

use crate::Time;
use gemba_app::{
    outbox::{self, DeliveryState, TargetInput},
    records::Target,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Channel {
    /// The id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is: "webhook", "chat" or "mail".
    pub kind: String,
    /// Where it goes to; of a chat the host alone, as its address is its secret.
    pub goes_to: String,
    /// The kinds of news that it takes; empty for all.
    pub news: Vec<String>,
    /// Only news of this process (slug).
    pub process: Option<String>,
    /// Why nothing is sent, where it is so.
    pub stopped: Option<String>,
    /// Whether it is in force.
    pub active: bool,
    /// How many deliveries wait, at most 200 counted.
    pub waiting: usize,
    /// How many were given up, at most 200 counted.
    pub failed: usize,
    /// Who set it up.
    pub created_by: String,
    /// Since when.
    pub created: Time,
}

impl From<&outbox::ChannelView> for Channel {
    fn from(view: &outbox::ChannelView) -> Self {
        let channel = &view.channel;
        let kind = match channel.target {
            Target::Webhook { .. } => "webhook",
            Target::Slack { .. } => "chat",
            Target::Mail { .. } | Target::Person { .. } => "mail",
        };
        Self {
            id: channel.id.to_string(),
            name: channel.name.clone(),
            kind: kind.to_owned(),
            goes_to: view.goes_to.clone(),
            news: channel.kinds.clone(),
            process: view.process.as_ref().map(|(slug, _)| slug.clone()),
            stopped: channel.stopped.as_ref().map(|stopped| stopped.reason.clone()),
            active: channel.active,
            waiting: view.n_waiting,
            failed: view.n_failed,
            created_by: channel.by.clone(),
            created: Time::of(channel.created),
        }
    }
}

/// A channel to set up or to change.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelInput {
    /// What it is called.
    pub name: String,
    /// What it is; it stays what it is.
    pub kind: ChannelKind,
    /// The address of a webhook or a chat; where it is left out in a change, the one that is kept stays.
    #[serde(default)]
    pub url: String,
    /// The addresses of e-mail.
    #[serde(default)]
    pub to: Vec<String>,
    /// The kinds of news that it takes, as `run.completed`; all where none is named.
    #[serde(default)]
    pub news: Vec<String>,
    /// Only news of this process (slug).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub process: Option<String>,
}

/// What a channel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// Another program: a signed `CloudEvent` (Standard Webhooks).
    Webhook,
    /// A chat that takes what Slack takes.
    Chat,
    /// Addresses of e-mail.
    Mail,
}

impl From<ChannelInput> for outbox::ChannelInput {
    fn from(input: ChannelInput) -> Self {
        let target = match input.kind {
            ChannelKind::Webhook => TargetInput::Webhook { url: input.url },
            ChannelKind::Chat => TargetInput::Slack { url: input.url },
            ChannelKind::Mail => TargetInput::Mail { to: input.to },
        };
        Self { name: input.name, target, kinds: input.news, process: input.process }
    }
}

/// A channel that was set up.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChannelMade {
    /// The id.
    pub id: String,
    /// Of a webhook the secret that signs: shown this once.
    pub secret: Option<String>,
}

impl std::fmt::Debug for ChannelMade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelMade").field("id", &self.id).finish_non_exhaustive()
    }
}

impl From<outbox::SetUp> for ChannelMade {
    fn from(made: outbox::SetUp) -> Self {
        Self { id: made.id.to_string(), secret: made.secret }
    }
}

/// Why a channel is stopped.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StopInput {
    /// Why.
    pub reason: String,
}

/// A delivery that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AskedFor {
    /// The delivery.
    pub delivery: String,
}

/// Something that is on its way to a channel, or was.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Delivery {
    /// The id.
    pub id: String,
    /// The id of the event: the same for every channel and every try.
    pub event: String,
    /// The channel.
    pub channel: String,
    /// What it tells: "run.completed".
    pub news: String,
    /// What happened, as a sentence.
    pub says: String,
    /// Where it stands: "waiting", "sent", "failed" or "dropped".
    pub state: String,
    /// When it happened.
    pub at: Time,
    /// When it is tried next.
    pub due: Option<Time>,
    /// What came of each try, earliest first.
    pub tries: Vec<DeliveryTry>,
}

/// One try of a delivery, or a word on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeliveryTry {
    /// When.
    pub at: Time,
    /// The HTTP status that came back.
    pub status: Option<u16>,
    /// What came back, or why nothing did.
    pub said: String,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
}

impl From<&outbox::DeliveryView> for Delivery {
    fn from(view: &outbox::DeliveryView) -> Self {
        let one = |one: &outbox::Try| DeliveryTry {
            at: Time::of(one.at),
            status: one.status,
            said: one.said.clone(),
            took_ms: one.took_ms,
        };
        Self {
            id: view.id.to_string(),
            event: view.news.id.to_string(),
            channel: view.channel.0.to_string(),
            news: view.news.kind.word().to_owned(),
            says: view.news.says.clone(),
            state: view.state.word().to_owned(),
            at: Time::of(view.news.at),
            due: view.due.map(Time::of),
            tries: view.tries.iter().map(one).collect(),
        }
    }
}

/// Which deliveries.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveriesQuery {
    /// Only in this state: "waiting", "sent", "failed" or "dropped".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub state: Option<String>,
    /// At most this many, 1 to 200; 50 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32", range(min = 1, max = 200))]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub cursor: Option<String>,
}

impl DeliveriesQuery {
    /// The state that is asked for; the word where it is none.
    pub fn state(&self) -> Result<Option<DeliveryState>, String> {
        let read = |word: &String| DeliveryState::of_word(word).ok_or_else(|| word.clone());
        self.state.as_ref().map(read).transpose()
    }
}
