//! Revisions: what was published, frozen.

use crate::{
    Time,
    proposal::{Reply, Retirement},
    sop::WrittenProcess,
};
use gemba_app::{
    publishing::{self, Basis},
    records,
};
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
    /// Where it stands.
    pub state: RevisionState,
    /// Who or what ended it, when and why; null for the one in force.
    pub retired: Option<Retirement>,
    /// Who wrote the change; empty where that was not kept.
    pub writers: Vec<String>,
    /// The second person's yes.
    pub approved: Option<Reply>,
    /// The number of the older revision that it brought back.
    pub restores: Option<u32>,
}

/// Where a revision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum RevisionState {
    /// New runs follow it.
    Published,
    /// Nothing new runs by it.
    Retired,
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
            state: match &row.state {
                publishing::RevisionState::InForce => RevisionState::Published,
                publishing::RevisionState::Retired { .. } => RevisionState::Retired,
            },
            retired: match &row.state {
                publishing::RevisionState::InForce => None,
                publishing::RevisionState::Retired { by, at, because } => {
                    Some(Retirement { by: by.clone(), at: Time::of(at), because: because.clone() })
                }
            },
            writers: row.writers.clone(),
            approved: row.approved.as_ref().map(Reply::from),
            restores: row.restores,
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

/// What comes with publishing: the draft, or else a proposed or an older revision.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicationInput {
    /// The version of the draft that you read; refused where it was changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64")]
    pub draft_version: Option<i64>,
    /// The hash of the proposed revision that is published instead of the draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub proposal: Option<String>,
    /// The number of the older revision that is to be effective again, instead of the draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    pub restores: Option<u32>,
    /// Which seats (slug or name) the names in the document mean, where the team chart does not say.
    #[serde(default)]
    pub bindings: BTreeMap<String, String>,
    /// What was changed; needed for every revision but the first. A proposal brings its own.
    #[serde(default)]
    pub note: String,
}

impl From<PublicationInput> for publishing::Publication {
    fn from(input: PublicationInput) -> Self {
        let basis = match (input.proposal, input.restores) {
            (Some(hash), _) => Basis::Proposal { hash },
            (None, Some(number)) => Basis::Revision { number },
            (None, None) => Basis::Draft { version: input.draft_version },
        };
        Self { basis, bindings: input.bindings, note: input.note }
    }
}

/// Which revision one stands behind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerificationInput {
    /// The number of the revision that you read; refused where another is in force by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    pub revision: Option<u32>,
}
