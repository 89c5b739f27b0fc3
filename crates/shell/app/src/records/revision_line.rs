//! A revision without its text and its steps: what lists and histories need, however long the past is.

use super::{Reply, Revision};
use gemba_model::id::ProcessId;
use gemba_store::{Tx, parts_by_key};
use jiff::Timestamp;
use serde::Deserialize;

/// What a list says of a revision.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct RevisionLine {
    pub(crate) hash: String,
    pub(crate) number: u32,
    pub(crate) note: String,
    pub(crate) by: String,
    pub(crate) at: Timestamp,
    #[serde(default)]
    pub(crate) writers: Vec<String>,
    #[serde(default)]
    pub(crate) approved: Option<Reply>,
    #[serde(default)]
    pub(crate) restores: Option<u32>,
}

impl RevisionLine {
    /// The revisions of a process, oldest first.
    pub(crate) async fn of(
        tx: &mut dyn Tx,
        process: ProcessId,
    ) -> Result<Vec<Self>, gemba_store::Error> {
        let mut lines = parts_by_key::<Revision, Self>(tx, "process", &process.to_string()).await?;
        lines.sort_by_key(|line| line.number);
        Ok(lines)
    }
}

impl From<Revision> for RevisionLine {
    fn from(revision: Revision) -> Self {
        Self {
            hash: revision.hash,
            number: revision.number,
            note: revision.note,
            by: revision.by,
            at: revision.at,
            writers: revision.writers,
            approved: revision.approved,
            restores: revision.restores,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_from_what_is_stored_of_a_revision_today_and_before() {
        let stored = r#"{"hash": "ab", "process": "x", "number": 3, "source": "text", "compiled": {},
            "bindings": {}, "note": "why", "by": "Ada", "at": "2026-01-02T03:04:05Z"}"#;
        let line: RevisionLine = serde_json::from_str(stored).expect("a line");
        assert_eq!((line.number, line.note.as_str(), line.restores), (3, "why", None));
        assert!(line.writers.is_empty());
    }
}
