//! Channels: where news of what happens here goes to.

use super::WebhookSecret;
use gemba_model::id::{AccountId, ChannelId, ProcessId};
use gemba_store::{Key, Record};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// The id.
    pub id: ChannelId,
    /// What it is called.
    pub name: String,
    /// Where it goes to.
    pub target: Target,
    /// The kinds of news that it takes; empty for all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Only news of this process.
    #[serde(default)]
    pub process: Option<ProcessId>,
    /// Why nothing is sent, where it is so.
    #[serde(default)]
    pub stopped: Option<Stopped>,
    /// Whether it is in force; one that was taken away is not.
    pub active: bool,
    /// Who set it up.
    pub by: String,
    /// When.
    pub created: Timestamp,
}

/// Why a channel sends nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// Since when.
    pub at: Timestamp,
    /// Who stopped it.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Where a channel goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Target {
    /// Another program: a signed `CloudEvent`.
    Webhook {
        /// Its address.
        url: String,
        /// The secrets that sign, the present one last.
        secrets: Vec<WebhookSecret>,
    },
    /// A chat that takes what Slack takes.
    Slack {
        /// Its address, which is its secret as well.
        url: String,
    },
    /// Addresses of e-mail.
    Mail {
        /// To whom.
        to: Vec<String>,
    },
    /// A person, about the seats they hold, at the address of their account.
    Person {
        /// The account.
        account: AccountId,
        /// Whether a digest is sent on the morning of each workday.
        #[serde(default)]
        digest: bool,
        /// For which day the last digest was made.
        #[serde(default)]
        last_digest: Option<Date>,
    },
}

impl Record for Channel {
    const KIND: &'static str = "channel";
    fn id(&self) -> String {
        self.id.to_string()
    }
    fn keys(&self) -> Vec<Key> {
        let mut keys = vec![Key::shared("active", if self.active { "yes" } else { "no" })];
        if let Target::Person { account, .. } = &self.target {
            keys.push(Key::unique("account", account.to_string()));
        }
        keys
    }
}
