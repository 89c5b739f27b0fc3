//! Revisions: what was published, frozen.

use crate::{Time, sop::WrittenProcess};
use gemba_app::{publishing, records};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A revision in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RevisionRow {
    /// Its number within the process, from 1.
    pub number: u32,
    /// The SHA-256 of its content.
    pub hash: String,
    /// What was changed.
    pub note: String,
    /// Who published it.
    pub by: String,
    /// When.
    pub at: Time,
    /// Whether it is the one in force.
    pub in_force: bool,
}

impl From<&publishing::RevisionRow> for RevisionRow {
    fn from(row: &publishing::RevisionRow) -> Self {
        Self {
            number: row.number,
            hash: row.hash.clone(),
            note: row.note.clone(),
            by: row.by.clone(),
            at: Time::of(row.at),
            in_force: row.in_force,
        }
    }
}

/// One revision: source and what it says. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Revision {
    /// Its number within the process, from 1.
    pub number: u32,
    /// The SHA-256 of its content.
    pub hash: String,
    /// What was changed.
    pub note: String,
    /// Who published it.
    pub by: String,
    /// When.
    pub at: Time,
    /// The document: Markdown.
    pub source: String,
    /// What the document says.
    pub written: WrittenProcess,
    /// The ids of the seats that the names in the document mean; names in lower case.
    pub bindings: BTreeMap<String, String>,
}

impl From<&records::Revision> for Revision {
    fn from(revision: &records::Revision) -> Self {
        let index = gemba_diag::LineIndex::new(&revision.source);
        let bindings = revision.bindings.iter();
        Self {
            number: revision.number,
            hash: revision.hash.clone(),
            note: revision.note.clone(),
            by: revision.by.clone(),
            at: Time::of(revision.at),
            source: revision.source.clone(),
            written: WrittenProcess::of(&revision.compiled, &index),
            bindings: bindings.map(|(name, seat)| (name.clone(), seat.to_string())).collect(),
        }
    }
}

/// What comes with publishing a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicationInput {
    /// Which seats (slug or name) the names in the document mean, where the team chart does not say.
    #[serde(default)]
    pub bindings: BTreeMap<String, String>,
    /// What was changed.
    #[serde(default)]
    pub note: String,
}

impl From<PublicationInput> for publishing::Publication {
    fn from(input: PublicationInput) -> Self {
        Self { bindings: input.bindings, note: input.note }
    }
}
