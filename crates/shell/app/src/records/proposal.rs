//! What is kept of a revision before it is in force and after: the proposal, the answer to it, and the
//! end of a process.

use crate::access::Who;
use gemba_engine::{By, plan::Bindings};
use gemba_model::{
    Process,
    id::{AccountId, EntryId, ProcessId},
};
use gemba_store::{Key, Record};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::Summary;

/// Where a proposed revision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// It waits for an answer.
    InReview,
    /// A second person said yes to exactly this.
    Approved,
    /// A second person wants it changed first.
    SentBack,
    /// Who sent it took it back.
    Withdrawn,
    /// Something newer took its place before it came into force.
    Replaced,
    /// It came into force.
    Published,
}

impl ProposalState {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::InReview => "in_review",
            Self::Approved => "approved",
            Self::SentBack => "sent_back",
            Self::Withdrawn => "withdrawn",
            Self::Replaced => "replaced",
            Self::Published => "published",
        }
    }
}

/// What a second person said to a proposed revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Who.
    pub by: By,
    /// When.
    pub at: Timestamp,
    /// In words; empty for a yes that needs none.
    pub comment: String,
}

/// A proposed revision: frozen when it was sent, so that a yes is a yes to exactly this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The id.
    pub id: EntryId,
    /// The process.
    pub process: ProcessId,
    /// The hash of everything that was shown: what it replaces, text, what it says, seats, note.
    pub hash: String,
    /// The number of the revision that it would replace.
    pub base: Option<u32>,
    /// The version of the draft that it was taken from; none for an old revision that is to come back.
    pub draft_version: Option<i64>,
    /// The number of the old revision that is to come back.
    #[serde(default)]
    pub restores: Option<u32>,
    /// The text.
    pub source: String,
    /// What it says.
    pub compiled: Process,
    /// The same in short.
    pub summary: Summary,
    /// Which seats the names in it mean.
    pub bindings: Bindings,
    /// Which of them were said by hand: the name in the document, and the seat.
    pub said: BTreeMap<String, String>,
    /// What was changed.
    pub note: String,
    /// Who wrote the change.
    pub writers: Vec<By>,
    /// Who sent it.
    pub by: By,
    /// When.
    pub at: Timestamp,
    /// Who was asked; none for the owner's holder and managers.
    pub reviewer: Option<AccountId>,
    /// Where it stands.
    pub state: ProposalState,
    /// The answer to it.
    #[serde(default)]
    pub reply: Option<Reply>,
    /// The number it got when it came into force.
    #[serde(default)]
    pub revision: Option<u32>,
}

impl Record for Proposal {
    const KIND: &'static str = "proposal";
    fn id(&self) -> String {
        self.id.to_string()
    }
    fn keys(&self) -> Vec<Key> {
        vec![Key::shared("process", self.process.to_string())]
    }
}

/// A proposal as the process knows of it: enough for lists and for what waits for whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InReview {
    /// The proposal.
    pub id: EntryId,
    /// Its hash.
    pub hash: String,
    /// Where it stands: in review, approved or sent back.
    pub state: ProposalState,
    /// Who sent it.
    pub by: By,
    /// When.
    pub at: Timestamp,
    /// Who was asked; none for the owner's holder and managers.
    pub reviewer: Option<AccountId>,
    /// Who wrote the change.
    pub writers: Vec<By>,
    /// The answer to it.
    pub reply: Option<Reply>,
}

impl InReview {
    pub(crate) fn of(proposal: &Proposal) -> Self {
        Self {
            id: proposal.id,
            hash: proposal.hash.clone(),
            state: proposal.state,
            by: proposal.by.clone(),
            at: proposal.at,
            reviewer: proposal.reviewer,
            writers: proposal.writers.clone(),
            reply: proposal.reply.clone(),
        }
    }
}

/// Whether somebody is among those who wrote a change: in person, or by the token of their seat.
pub(crate) fn wrote(writers: &[By], who: &Who) -> bool {
    let me = who.by();
    writers.iter().any(|by| match by {
        By::Agent { seat, .. } => by.is_same(&me) || who.holds(*seat),
        By::Person { .. } | By::System => by.is_same(&me),
    })
}

/// The end of a process: nothing new runs by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retired {
    /// Who ended it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub because: String,
}

/// By which revision somebody last took part in runs of a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRun {
    /// Whose.
    pub account: AccountId,
    /// The process.
    pub process: ProcessId,
    /// The newest revision they worked by; 0 before the first run.
    pub revision: u32,
    /// When they last worked by it.
    pub at: Timestamp,
    /// The newest revision whose changes they said they have seen; 0 for none.
    #[serde(default)]
    pub seen: u32,
}

impl LastRun {
    pub(crate) fn id_of(account: AccountId, process: ProcessId) -> String {
        format!("{account}/{process}")
    }
}

impl Record for LastRun {
    const KIND: &'static str = "last_run";
    fn id(&self) -> String {
        Self::id_of(self.account, self.process)
    }
    fn keys(&self) -> Vec<Key> {
        Vec::new()
    }
}
