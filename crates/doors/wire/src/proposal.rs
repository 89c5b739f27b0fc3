//! Proposed revisions: in review, approved, sent back; and the end of a process.

use crate::{
    Time,
    sop::{self, Finding, WrittenProcess},
};
use gemba_app::{proposals, publishing::Basis, records};
use gemba_model::id::AccountId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What somebody said to a proposed revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reply {
    /// Who.
    pub by: String,
    /// When.
    pub at: Time,
    /// In words.
    pub comment: String,
}

impl From<&records::Reply> for Reply {
    fn from(reply: &records::Reply) -> Self {
        Self {
            by: reply.by.name().to_owned(),
            at: Time::of(reply.at),
            comment: reply.comment.clone(),
        }
    }
}

/// Where a proposed revision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ProposalState {
    /// It waits for an answer.
    InReview,
    /// A second person said yes to exactly this.
    Approved,
    /// A second person wants it changed first.
    SentBack,
    /// Who sent it took it back.
    Withdrawn,
    /// Something newer took its place.
    Replaced,
    /// It came into force.
    Published,
}

impl From<records::ProposalState> for ProposalState {
    fn from(state: records::ProposalState) -> Self {
        use records::ProposalState as State;
        match state {
            State::InReview => Self::InReview,
            State::Approved => Self::Approved,
            State::SentBack => Self::SentBack,
            State::Withdrawn => Self::Withdrawn,
            State::Replaced => Self::Replaced,
            State::Published => Self::Published,
        }
    }
}

/// The proposed revision of a process as its lists know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InReview {
    /// The SHA-256 of everything that was shown; give it back with an answer and when publishing.
    pub hash: String,
    /// Where it stands.
    pub state: ProposalState,
    /// Who sent it.
    pub by: String,
    /// When.
    pub at: Time,
    /// The answer to it.
    pub reply: Option<Reply>,
}

impl From<&records::InReview> for InReview {
    fn from(brief: &records::InReview) -> Self {
        Self {
            hash: brief.hash.clone(),
            state: brief.state.into(),
            by: brief.by.name().to_owned(),
            at: Time::of(brief.at),
            reply: brief.reply.as_ref().map(Reply::from),
        }
    }
}

/// A proposed revision. It never changes; a draft that is edited afterwards is another text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of its own in JSON")]
pub struct Proposal {
    /// The SHA-256 of everything that was shown; give it back with an answer and when publishing.
    pub hash: String,
    /// Where it stands.
    pub state: ProposalState,
    /// The number of the revision that it would replace.
    pub base: Option<u32>,
    /// The number of the older revision that is to come back.
    pub restores: Option<u32>,
    /// What was changed.
    pub note: String,
    /// Who wrote the change.
    pub writers: Vec<String>,
    /// Who sent it.
    pub by: String,
    /// When.
    pub at: Time,
    /// Who was asked; null for the holder of the owner's seat and managers.
    pub reviewer: Option<String>,
    /// The answer to it.
    pub reply: Option<Reply>,
    /// The document: Markdown.
    pub source: String,
    /// What the document says.
    pub written: WrittenProcess,
    /// What was found in it.
    pub diagnostics: Vec<Finding>,
    /// Whether the draft says something else by now.
    pub draft_moved_on: bool,
    /// Whether a second person must approve it before it can be published.
    pub needs_approval: bool,
    /// Whether you may approve it or send it back.
    pub may_answer: bool,
    /// Whether you may publish it now.
    pub may_publish: bool,
}

impl From<&proposals::ProposalView> for Proposal {
    fn from(view: &proposals::ProposalView) -> Self {
        let proposal = &view.proposal;
        let index = gemba_diag::LineIndex::new(&proposal.source);
        Self {
            hash: proposal.hash.clone(),
            state: proposal.state.into(),
            base: proposal.base,
            restores: proposal.restores,
            note: proposal.note.clone(),
            writers: proposal.writers.iter().map(|by| by.name().to_owned()).collect(),
            by: proposal.by.name().to_owned(),
            at: Time::of(proposal.at),
            reviewer: view.reviewer.clone(),
            reply: proposal.reply.as_ref().map(Reply::from),
            source: proposal.source.clone(),
            written: WrittenProcess::of(&proposal.compiled, &index),
            diagnostics: sop::findings(&proposal.source, &view.diagnostics),
            draft_moved_on: view.draft_moved_on,
            needs_approval: view.needs_approval,
            may_answer: view.may_answer,
            may_publish: view.may_publish,
        }
    }
}

/// What comes with sending for review.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalInput {
    /// The version of the draft that you read; refused where it was changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64")]
    pub draft_version: Option<i64>,
    /// The number of an older revision that is to be effective again, instead of the draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    pub restores: Option<u32>,
    /// Which seats (slug or name) the names in the document mean, where the team chart does not say.
    #[serde(default)]
    pub bindings: BTreeMap<String, String>,
    /// What was changed; needed for every revision but the first.
    #[serde(default)]
    pub note: String,
    /// The id of the account that is asked; null for the holder of the owner's seat and managers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub reviewer: Option<AccountId>,
}

impl From<ProposalInput> for proposals::Sending {
    fn from(input: ProposalInput) -> Self {
        let basis = match input.restores {
            Some(number) => Basis::Revision { number },
            None => Basis::Draft { version: input.draft_version },
        };
        Self { basis, bindings: input.bindings, note: input.note, reviewer: input.reviewer }
    }
}

/// A yes to a proposed revision.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalInput {
    /// The hash of the proposal that you read.
    pub hash: String,
    /// In words; may be empty.
    #[serde(default)]
    pub comment: String,
    /// Whether it is published at once; managers and above may.
    #[serde(default)]
    pub publish: bool,
}

/// What should be changed in a proposed revision.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectionInput {
    /// The hash of the proposal that you read.
    pub hash: String,
    /// What should be changed.
    pub comment: String,
}

/// The end of a process: nothing new runs by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Retirement {
    /// Who retired it.
    pub by: String,
    /// When.
    pub at: Time,
    /// Why.
    pub because: String,
}

impl From<&records::Retired> for Retirement {
    fn from(retired: &records::Retired) -> Self {
        Self { by: retired.by.clone(), at: Time::of(retired.at), because: retired.because.clone() }
    }
}

/// Why a process is retired.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetirementInput {
    /// Why nothing runs by it any more.
    pub because: String,
}

/// Up to which revision you have seen what changed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenInput {
    /// The number of the revision.
    pub revision: u32,
}

/// What changed since you last ran a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SinceLastRun {
    /// When you last ran it.
    pub at: Time,
    /// The newest revision you know.
    pub from: u32,
    /// The revision in force.
    pub to: u32,
    /// What is different, in one line.
    pub summary: String,
}

impl From<&gemba_app::last_run::SinceLastRun> for SinceLastRun {
    fn from(since: &gemba_app::last_run::SinceLastRun) -> Self {
        Self {
            at: Time::of(since.at),
            from: since.from,
            to: since.to,
            summary: since.changes.summary(),
        }
    }
}
