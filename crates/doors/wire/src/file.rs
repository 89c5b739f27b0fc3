//! Files left as evidence.

use crate::Time;
use gemba_app::records::FileRecord;
use schemars::JsonSchema;
use serde::Serialize;

/// A file that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct File {
    /// The SHA-256 of its bytes in hexadecimal: its name in addresses and as evidence.
    pub digest: String,
    /// Its name when it came.
    pub name: String,
    /// How many bytes.
    pub size: u64,
    /// Who brought it.
    pub by: String,
    /// When.
    pub at: Time,
}

impl From<&FileRecord> for File {
    fn from(record: &FileRecord) -> Self {
        Self {
            digest: record.digest.clone(),
            name: record.name.clone(),
            size: record.size,
            by: record.by.clone(),
            at: Time::of(record.at),
        }
    }
}
