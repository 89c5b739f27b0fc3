//! Feeds: links at which a calendar program reads what is due for a seat.

use gemba_model::id::{AccountId, EntryId, SeatId};
use gemba_store::{Key, Record};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A link to the calendar of a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// The id.
    pub id: EntryId,
    /// The hash of the link's secret.
    pub hash: String,
    /// The seat.
    pub seat: SeatId,
    /// The account of the person who made it: the link ends with the account.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// Who made it.
    pub by: String,
    /// When.
    pub created: Timestamp,
    /// When it was read last, to the hour.
    #[serde(default)]
    pub used: Option<Timestamp>,
}

impl Record for Feed {
    const KIND: &'static str = "feed";
    fn id(&self) -> String {
        self.id.to_string()
    }
    fn keys(&self) -> Vec<Key> {
        vec![Key::unique("hash", &self.hash), Key::shared("seat", self.seat.to_string())]
    }
}
