//! The nouns kept as records: what a workspace is made of besides its runs.

mod absence;
mod agent;
mod channel;
mod feed;
mod incident;
mod inlet;
mod proposal;
mod revision_line;
mod seat;
mod suggestion;
mod trigger;
mod workspace;

pub use absence::Absence;
pub use agent::{Charter, Level, Stop, Stops};
pub use channel::{Channel, Stopped, Target};
pub use feed::Feed;
pub use incident::{Closed, HandedUp, Incident, Trouble};
pub use inlet::{
    GuestForm, Inlet, Mapping, Observed, Question, Side, Source, TakenMessage, Threshold, Webhook,
    WebhookSecret,
};
pub(crate) use proposal::wrote;
pub use proposal::{InReview, LastRun, Proposal, ProposalState, Reply, Retired};
pub(crate) use revision_line::RevisionLine;
pub use seat::{Holder, Seat};
pub use suggestion::{Suggestion, SuggestionAnswer, SuggestionState};
pub use trigger::{Pause, TriggerRecord};
pub use workspace::{Hours, Workspace};

use crate::access::Scope;
use gemba_engine::{By, plan::Bindings};
use gemba_library::Weight;
use gemba_model::{
    OwnerState, Process, Recurrence, StepId,
    id::{AccountId, EntryId, ProcessId, SeatId, TokenId},
    role::Role,
};
use gemba_store::{Key, Record};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A person's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The id.
    pub id: AccountId,
    /// The address, in lower case.
    pub email: String,
    /// The name to show.
    pub name: String,
    /// The argon2id hash; none for an account that signs in by link only.
    pub password: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub active: bool,
    /// Since when.
    pub created: Timestamp,
}

impl Account {
    /// Whether this is its id or its e-mail address.
    pub(crate) fn is_called(&self, text: &str) -> bool {
        self.id.to_string() == text || self.email.eq_ignore_ascii_case(text)
    }
}

impl Record for Account {
    const KIND: &'static str = "account";
    fn id(&self) -> String {
        self.id.to_string()
    }
    fn keys(&self) -> Vec<Key> {
        vec![Key::unique("email", &self.email)]
    }
}

/// A signed-in browser. The id is the hash of the cookie's secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The hash of the secret.
    pub hash: String,
    /// Whose.
    pub account: AccountId,
    /// The secret that forms carry.
    pub csrf: String,
    /// Since when.
    pub created: Timestamp,
    /// Last used.
    pub seen: Timestamp,
}

impl Record for Session {
    const KIND: &'static str = "session";
    fn id(&self) -> String {
        self.hash.clone()
    }
    fn keys(&self) -> Vec<Key> {
        vec![Key::shared("account", self.account.to_string())]
    }
}

/// A link that signs in once. The id is the hash of its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInLink {
    /// The hash of the secret.
    pub hash: String,
    /// Whom it signs in.
    pub account: AccountId,
    /// Until when.
    pub expires: Timestamp,
}

impl Record for SignInLink {
    const KIND: &'static str = "sign_in_link";
    fn id(&self) -> String {
        self.hash.clone()
    }
    fn keys(&self) -> Vec<Key> {
        Vec::new()
    }
}

/// Failed tries to sign in with one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInTries {
    /// The address.
    pub email: String,
    /// How many since.
    pub n: u32,
    /// Since when.
    pub since: Timestamp,
}

impl Record for SignInTries {
    const KIND: &'static str = "sign_in_tries";
    fn id(&self) -> String {
        self.email.clone()
    }
    fn keys(&self) -> Vec<Key> {
        Vec::new()
    }
}

/// An API token of a seat. Only the hash of its secret is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The id.
    pub id: TokenId,
    /// The hash of the secret.
    pub hash: String,
    /// The first characters, to tell tokens apart.
    pub prefix: String,
    /// The seat it acts for.
    pub seat: SeatId,
    /// What it is for.
    pub name: String,
    /// Who made it.
    pub created_by: String,
    /// Since when.
    pub created: Timestamp,
    /// Until when.
    pub expires: Option<Timestamp>,
    /// Last used, to the hour.
    pub used: Option<Timestamp>,
    /// What it may be used for.
    #[serde(default = "Scope::all")]
    pub scopes: BTreeSet<Scope>,
    /// The token that took its place.
    #[serde(default)]
    pub replaced_by: Option<TokenId>,
}

impl Record for Token {
    const KIND: &'static str = "token";
    fn id(&self) -> String {
        self.id.to_string()
    }
    fn keys(&self) -> Vec<Key> {
        vec![Key::unique("hash", &self.hash), Key::shared("seat", self.seat.to_string())]
    }
}

/// Whether the holder of the owner's seat stands behind the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Trust {
    /// The holder has not read it against reality yet.
    Unverified {
        /// Why not.
        because: String,
        /// Since when.
        since: Timestamp,
    },
    /// The holder stands behind it.
    Verified {
        /// Who.
        by: String,
        /// Since when.
        at: Timestamp,
    },
}

/// What a document says, in short: enough for lists and the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The title.
    pub title: String,
    /// The part of the company.
    pub function: Option<String>,
    /// How surely the owner was read.
    pub owner_state: OwnerState,
    /// The owner as written.
    pub owner: Option<String>,
    /// The triggers in words.
    pub triggers: Vec<String>,
    /// The schedules among them.
    pub rules: Vec<Recurrence>,
    /// How many top-level steps.
    pub n_steps: usize,
    /// Whether it says what a run must produce.
    pub has_output: bool,
    /// Whether it says how failure is noticed.
    pub has_failure_signals: bool,
    /// Findings that refuse publication.
    pub n_errors: usize,
    /// Findings worth mending.
    pub n_warnings: usize,
    /// The review cadence in months.
    pub review_months: Option<u16>,
}

/// A process of the workspace: what its draft says in short, and which revision is in force. The
/// draft's text is a [`DraftRecord`], so that lists do not read every text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessRecord {
    /// The id.
    pub id: ProcessId,
    /// The name in addresses.
    pub slug: String,
    /// The draft's text, where the record was written before drafts had records of their own; it
    /// moves there with the next upkeep or change of the draft.
    #[serde(rename = "draft", default, skip_serializing_if = "Option::is_none")]
    pub(crate) draft_within: Option<String>,
    /// The hash of the draft's text.
    pub draft_hash: String,
    /// What it says.
    pub draft_summary: Summary,
    /// When it was last changed.
    pub draft_changed: Timestamp,
    /// By whom.
    pub draft_by: String,
    /// The revision in force.
    pub published: Option<InForce>,
    /// How many revisions there are.
    pub n_revisions: u32,
    /// Whether the owner stands behind it.
    pub trust: Trust,
    /// When it was last held against reality; publishing and verifying count.
    pub reviewed: Option<Timestamp>,
    /// Since when the workspace has it.
    pub created: Timestamp,
    /// The revision that was proposed last, until something newer is in force.
    #[serde(default)]
    pub proposal: Option<InReview>,
    /// The end of the process; nothing new runs by it.
    #[serde(default)]
    pub retired: Option<Retired>,
}

/// The text of a process that is being worked on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftRecord {
    /// The process.
    pub process: ProcessId,
    /// The text.
    pub text: String,
    /// How often it was written, from 1: who writes gives back the one that was read.
    pub version: i64,
    /// Who wrote it last.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Everybody who wrote it since it last said the same as the revision in force.
    #[serde(default)]
    pub writers: Vec<By>,
}

impl Record for DraftRecord {
    const KIND: &'static str = "draft";
    fn id(&self) -> String {
        self.process.to_string()
    }
    fn keys(&self) -> Vec<Key> {
        Vec::new()
    }
}

/// The revision in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// Its content hash.
    pub revision: String,
    /// Its number.
    pub number: u32,
    /// What it says.
    pub summary: Summary,
    /// The seat that owns the process.
    pub owner: SeatId,
    /// Every seat that does a step.
    pub seats: Vec<SeatId>,
    /// Since when it is in force.
    pub at: Timestamp,
    /// The hash of its text, to see whether the draft differs.
    pub source_hash: String,
}

impl ProcessRecord {
    /// What is true of the process: the revision in force, or else the draft.
    pub fn summary(&self) -> &Summary {
        self.published.as_ref().map_or(&self.draft_summary, |p| &p.summary)
    }
}

impl Record for ProcessRecord {
    const KIND: &'static str = "process";
    fn id(&self) -> String {
        self.id.to_string()
    }
    fn keys(&self) -> Vec<Key> {
        vec![Key::unique("slug", &self.slug)]
    }
}

/// A frozen revision: source and compiled form under a hash of both. Never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// The hash of process, source and bindings, 64 hexadecimal digits.
    pub hash: String,
    /// The process.
    pub process: ProcessId,
    /// Its number within the process, from 1.
    pub number: u32,
    /// The text.
    pub source: String,
    /// What it says.
    pub compiled: Process,
    /// Which seats the names in it mean.
    pub bindings: Bindings,
    /// What was changed.
    pub note: String,
    /// Who published it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Who wrote the change, as names to show.
    #[serde(default)]
    pub writers: Vec<String>,
    /// The second person's yes.
    #[serde(default)]
    pub approved: Option<Reply>,
    /// The number of the older revision that it brought back.
    #[serde(default)]
    pub restores: Option<u32>,
}

impl Record for Revision {
    const KIND: &'static str = "revision";
    fn id(&self) -> String {
        self.hash.clone()
    }
    fn keys(&self) -> Vec<Key> {
        vec![Key::shared("process", self.process.to_string())]
    }
}

/// What came of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewOutcome {
    /// The document and the work are one.
    StillRight,
    /// The document was changed.
    Edited,
    /// The work must be thought over.
    NeedsRedesign,
}

impl ReviewOutcome {
    /// All outcomes.
    pub const ALL: [Self; 3] = [Self::StillRight, Self::Edited, Self::NeedsRedesign];

    /// The word in JSON and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::StillRight => "still_right",
            Self::Edited => "edited",
            Self::NeedsRedesign => "needs_redesign",
        }
    }

    /// The outcome of a [`Self::word`].
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.word() == word)
    }
}

/// A review that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The id.
    pub id: EntryId,
    /// The process.
    pub process: ProcessId,
    /// The revision that was held against reality.
    pub revision: Option<u32>,
    /// What came of it.
    pub outcome: ReviewOutcome,
    /// In words.
    pub note: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Record for Review {
    const KIND: &'static str = "review";
    fn id(&self) -> String {
        self.id.to_string()
    }
    fn keys(&self) -> Vec<Key> {
        vec![Key::shared("process", self.process.to_string())]
    }
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// At least the goal.
    Up,
    /// At most the goal.
    Down,
}

/// A number of the scorecard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measurable {
    /// The name in addresses.
    pub slug: String,
    /// The name to show.
    pub name: String,
    /// The seat that answers for it.
    pub seat: SeatId,
    /// "EUR", "%", "calls"; empty for a bare number.
    pub unit: String,
    /// What it should be.
    pub goal: f64,
    /// Which way is better.
    pub direction: Direction,
}

impl Record for Measurable {
    const KIND: &'static str = "measurable";
    fn id(&self) -> String {
        self.slug.clone()
    }
    fn keys(&self) -> Vec<Key> {
        vec![Key::shared("seat", self.seat.to_string())]
    }
}

/// What a file is; its bytes are kept under its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// The SHA-256 of its bytes, 64 hexadecimal digits.
    pub digest: String,
    /// Its name when it came.
    pub name: String,
    /// How many bytes.
    pub size: u64,
    /// Who brought it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Record for FileRecord {
    const KIND: &'static str = "file";
    fn id(&self) -> String {
        self.digest.clone()
    }
    fn keys(&self) -> Vec<Key> {
        Vec::new()
    }
}

/// What an attachment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentForm {
    /// A picture kept here.
    Picture,
    /// A video kept here.
    Video,
    /// An address elsewhere.
    Link,
}

impl AttachmentForm {
    /// The word in JSON and exports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Video => "video",
            Self::Link => "link",
        }
    }
}

/// A picture, video or link that belongs to a process or to one of its steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The id.
    pub id: EntryId,
    /// The process.
    pub process: ProcessId,
    /// The step, by its stable id; none for the whole process.
    pub step: Option<StepId>,
    /// What it is.
    pub form: AttachmentForm,
    /// Its title.
    pub title: String,
    /// What one sees in it, in words.
    pub summary: String,
    /// The SHA-256 of its bytes; none for a link.
    pub digest: Option<String>,
    /// Its media type; none for a link.
    pub media: Option<String>,
    /// The address; none for a file.
    pub href: Option<String>,
    /// How many bytes.
    pub size: u64,
    /// Its place among the attachments of the process, from 1.
    pub place: u32,
    /// Who brought it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Record for Attachment {
    const KIND: &'static str = "attachment";
    fn id(&self) -> String {
        self.id.to_string()
    }
    fn keys(&self) -> Vec<Key> {
        vec![Key::shared("process", self.process.to_string())]
    }
}

/// An answer that is given again for the same idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The hash of who asked and the key.
    pub id: String,
    /// The hash of the request.
    pub request: String,
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
    /// When.
    pub at: Timestamp,
}

impl Record for Answered {
    const KIND: &'static str = "answered";
    fn id(&self) -> String {
        self.id.clone()
    }
    fn keys(&self) -> Vec<Key> {
        Vec::new()
    }
}

/// What somebody said on the first-day audit about a process: whether it happens here, how often, how
/// bad it is when it goes wrong, and who does it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditAnswer {
    /// The name of the process within the audit: that of the library, or one made of its title.
    pub slug: String,
    /// The title.
    pub title: String,
    /// The part of the company.
    pub function: String,
    /// Whether it happens here.
    pub happens: bool,
    /// How often and how bad.
    pub weight: Weight,
    /// Who does it, as said; empty where nobody knows.
    pub seat: String,
    /// The process that was written for it.
    pub process: Option<ProcessId>,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Record for AuditAnswer {
    const KIND: &'static str = "audit_answer";
    fn id(&self) -> String {
        self.slug.clone()
    }
    fn keys(&self) -> Vec<Key> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_written_before_it_had_scopes_may_be_used_for_everything() {
        let (id, seat) = (TokenId::new(1, 1), SeatId::new(1, 1));
        let old = format!(
            r#"{{"id":"{id}","hash":"h","prefix":"gemba_abcdef","seat":"{seat}","name":"sync",
            "created_by":"Mara","created":"2026-01-05T08:00:00Z","expires":null,"used":null}}"#
        );
        let read: Token = serde_json::from_str(&old).expect("the old form");
        assert_eq!((read.scopes, read.replaced_by), (Scope::all(), None));
    }
}
