//! What can go wrong in a store.

use std::error::Error as StdError;

/// The machine failed, or two writers met.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The record is not in the version that was read.
    #[error("{kind} {id} was changed by somebody else in the meantime")]
    Conflict {
        /// The kind of record or table.
        kind: String,
        /// Its id.
        id: String,
    },
    /// Another record already has this key.
    #[error("another {kind} has the {key} `{value}`")]
    Duplicate {
        /// The kind of record.
        kind: String,
        /// The key.
        key: String,
        /// The value.
        value: String,
    },
    /// What was stored cannot be read.
    #[error("the stored {what} cannot be read")]
    Corrupt {
        /// What it was.
        what: String,
        /// Why.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// What was done ahead of its turn is to be done again in its turn; nothing of it was kept.
    #[error("somebody else was faster")]
    Overtaken,
    /// A write in a transaction that only reads.
    #[error("this transaction only reads")]
    ReadOnly,
    /// The database or disk failed.
    #[error("the store failed while it {doing}")]
    Driver {
        /// What it was doing.
        doing: &'static str,
        /// Why.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
}

impl Error {
    /// What was stored cannot be read.
    pub fn corrupt(
        what: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::Corrupt { what: what.into(), source: source.into() }
    }
}
