//! The audit log: what was done, by whom.

use crate::Time;
use gemba_app::audit as app;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// A line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditLine {
    /// Its number, from 1.
    pub seq: i64,
    /// When.
    pub at: Time,
    /// Who.
    pub actor: String,
    /// What was done: "process.published".
    pub action: String,
    /// The id of what it was done to.
    pub subject: String,
    /// What else is to be known; its form depends on the action.
    pub detail: Value,
    /// SHA-256 over the line and the hash of the line before it, in hexadecimal digits.
    pub hash: String,
}

impl From<&app::AuditRow> for AuditLine {
    fn from(row: &app::AuditRow) -> Self {
        let entry = &row.entry;
        // A line is kept as JSON; where it is not, its text is shown rather than nothing.
        let detail = serde_json::from_str(&entry.detail);
        Self {
            seq: row.seq,
            at: Time::of(entry.at),
            actor: entry.actor.clone(),
            action: entry.action.clone(),
            subject: entry.subject.clone(),
            detail: detail.unwrap_or_else(|_no_json| Value::String(entry.detail.clone())),
            hash: row.hash.clone(),
        }
    }
}
