//! Absences: from when until when a person is away, and who acts for them meanwhile.

use gemba_model::id::AccountId;
use gemba_store::{Key, Record};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// The absence of a person; each has one at most, the present one or the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Who is away.
    pub account: AccountId,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// When the first day begins, in the workspace's time zone when it was written down.
    pub starts: Timestamp,
    /// When the last day is over.
    pub ends: Timestamp,
    /// Who acts for them.
    pub deputy: AccountId,
    /// Who wrote it down.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Absence {
    /// Whether they are away at this moment.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.starts <= now && now < self.ends
    }
}

impl Record for Absence {
    const KIND: &'static str = "absence";
    fn id(&self) -> String {
        self.account.to_string()
    }
    fn keys(&self) -> Vec<Key> {
        vec![Key::shared("deputy", self.deputy.to_string())]
    }
}
