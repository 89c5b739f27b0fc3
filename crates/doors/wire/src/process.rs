//! Processes: in lists, one with everything, its draft, its owner.

use crate::{
    Problem, Time,
    proposal::{InReview, Retirement},
    raci::Raci,
    revision::RevisionRow,
    sop::{self, Finding, WrittenProcess},
    trigger::Trigger,
};
use gemba_app::{processes as app, records};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// A process in a list.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ProcessRow {
    /// The id.
    pub id: String,
    /// The name in addresses.
    pub slug: String,
    /// The title.
    pub title: String,
    /// The part of the company.
    pub function: Option<String>,
    /// The seat that owns it, where the team chart has it.
    pub owner: Option<OwnerSeat>,
    /// The owner as the document has it.
    pub owner_as_written: Option<String>,
    /// How surely the owner was read.
    pub owner_state: sop::OwnerState,
    /// The triggers in words.
    pub triggers: Vec<String>,
    /// How many top-level steps it has.
    pub n_steps: usize,
    /// Findings that refuse publication.
    pub n_errors: usize,
    /// Findings worth mending.
    pub n_warnings: usize,
    /// The number of the revision in force.
    pub revision: Option<u32>,
    /// Whether the draft differs from the revision in force.
    pub has_changes: bool,
    /// Whether the owner stands behind it.
    pub trust: Trust,
    /// When it must be held against reality.
    pub review: ReviewDue,
    /// When its schedule starts the next run.
    pub next_due: Option<Time>,
    /// Its runs.
    pub runs: RunCounts,
    /// The revision that was proposed last, until something newer is in force.
    pub proposal: Option<InReview>,
    /// The end of the process: nothing new runs by it.
    pub retired: Option<Retirement>,
}

/// How many runs are in each state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunCounts {
    /// Going on.
    pub running: i64,
    /// Came to their end.
    pub completed: i64,
    /// Ended before their end.
    pub cancelled: i64,
}

/// The seat that owns a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OwnerSeat {
    /// The name in addresses.
    pub slug: String,
    /// The name.
    pub name: String,
    /// Whether nobody sits on it.
    pub vacant: bool,
}

/// Whether the holder of the owner's seat stands behind the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Trust {
    /// Whether they do.
    pub state: TrustState,
    /// Since when.
    pub since: Time,
    /// Who verified it.
    pub by: Option<String>,
    /// Why it is not verified.
    pub because: Option<String>,
}

/// Verified or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum TrustState {
    /// The holder has not read it against reality yet.
    Unverified,
    /// The holder stands behind it.
    Verified,
}

impl From<&records::Trust> for Trust {
    fn from(trust: &records::Trust) -> Self {
        match trust {
            records::Trust::Unverified { because, since } => Self {
                state: TrustState::Unverified,
                since: Time::of(since),
                by: None,
                because: Some(because.clone()),
            },
            records::Trust::Verified { by, at } => Self {
                state: TrustState::Verified,
                since: Time::of(at),
                by: Some(by.clone()),
                because: None,
            },
        }
    }
}

/// When the next review is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReviewDue {
    /// When; null where no cadence is known or nothing is in force.
    pub due: Option<Time>,
    /// Whether that has passed.
    pub overdue: bool,
}

impl From<gemba_app::reviews::ReviewDue> for ReviewDue {
    fn from(review: gemba_app::reviews::ReviewDue) -> Self {
        Self { due: review.at.map(Time::of), overdue: review.overdue }
    }
}

impl From<&app::ProcessRow> for ProcessRow {
    fn from(row: &app::ProcessRow) -> Self {
        let summary = &row.summary;
        Self {
            id: row.id.to_string(),
            slug: row.slug.clone(),
            title: summary.title.clone(),
            function: summary.function.clone(),
            owner: row.owner.as_ref().map(|owner| OwnerSeat {
                slug: owner.slug.clone(),
                name: owner.name.clone(),
                vacant: owner.vacant,
            }),
            owner_as_written: summary.owner.clone(),
            owner_state: summary.owner_state.into(),
            triggers: summary.triggers.clone(),
            n_steps: summary.n_steps,
            n_errors: summary.n_errors,
            n_warnings: summary.n_warnings,
            revision: row.revision,
            has_changes: row.has_changes,
            trust: (&row.trust).into(),
            review: row.review.into(),
            next_due: row.next_due.map(Time::of),
            runs: RunCounts {
                running: row.running,
                completed: row.completed,
                cancelled: row.cancelled,
            },
            proposal: row.proposal.as_ref().map(InReview::from),
            retired: row.retired.as_ref().map(Retirement::from),
        }
    }
}

/// One process: the revision in force, or else its draft.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Process {
    /// As in lists.
    #[serde(flatten)]
    pub row: ProcessRow,
    /// What the document says.
    pub written: WrittenProcess,
    /// The document: Markdown.
    pub source: String,
    /// Who does, answers for, is asked and is told.
    pub raci: Raci,
    /// The revisions, newest first.
    pub revisions: Vec<RevisionRow>,
    /// The schedules in force.
    pub schedules: Vec<Trigger>,
    /// Whether you may change it.
    pub may_write: bool,
    /// Whether you hold the owner's seat.
    pub is_owner: bool,
}

impl From<&app::ProcessView> for Process {
    fn from(view: &app::ProcessView) -> Self {
        let index = gemba_diag::LineIndex::new(&view.source);
        Self {
            row: (&view.row).into(),
            written: WrittenProcess::of(&view.process, &index).with_next(&view.upcoming),
            source: view.source.clone(),
            raci: Raci::of(&view.process),
            revisions: view.revisions.iter().map(RevisionRow::from).collect(),
            schedules: view.triggers.iter().map(Trigger::from).collect(),
            may_write: view.may_write,
            is_owner: view.is_owner,
        }
    }
}

/// The text of a process that is being worked on.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Draft {
    /// The name of the process in addresses.
    pub slug: String,
    /// The document: Markdown.
    pub source: String,
    /// Give this back when writing the draft.
    pub version: i64,
    /// Who changed it last.
    pub by: String,
    /// When.
    pub at: Time,
    /// What it says.
    pub written: WrittenProcess,
    /// What is wrong with it.
    pub diagnostics: Vec<Finding>,
    /// Seat names in it that the team chart does not have.
    pub unknown_seats: Vec<String>,
    /// Whether you may publish it.
    pub may_publish: bool,
}

impl From<&app::DraftView> for Draft {
    fn from(view: &app::DraftView) -> Self {
        let index = gemba_diag::LineIndex::new(&view.source);
        Self {
            slug: view.slug.clone(),
            source: view.source.clone(),
            version: view.version,
            by: view.by.clone(),
            at: Time::of(view.at),
            written: WrittenProcess::of(&view.checked.process, &index).with_next(&view.upcoming),
            diagnostics: sop::findings(&view.source, &view.checked.diagnostics),
            unknown_seats: view.unbound.clone(),
            may_publish: view.may_publish,
        }
    }
}

/// A new text for a draft.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftInput {
    /// The document: Markdown, at most 1 MiB.
    pub source: String,
    /// The version of the draft that was read.
    pub version: i64,
}

/// A new process: either `title` for an empty draft, or `name` and `source` for a document to import.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum NewProcess {
    /// An empty draft that shows where everything goes.
    Titled(TitledProcess),
    /// The processes of a document.
    Imported(ImportedDocument),
}

/// Both forms at once, so that a wrong one is told what is missing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EitherForm {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    source: Option<String>,
}

impl<'de> Deserialize<'de> for NewProcess {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match EitherForm::deserialize(from)? {
            EitherForm { title: Some(title), name: None, source: None } => {
                Ok(Self::Titled(TitledProcess { title }))
            }
            EitherForm { title: None, name: Some(name), source: Some(source) } => {
                Ok(Self::Imported(ImportedDocument { name, source }))
            }
            _ => Err(D::Error::custom("give `title`, or `name` and `source`")),
        }
    }
}

/// An empty draft.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TitledProcess {
    /// The title.
    pub title: String,
}

/// A document to import as drafts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedDocument {
    /// The file's name, for messages and as a title where the text has none.
    pub name: String,
    /// The document: Markdown, at most 1 MiB.
    pub source: String,
}

/// What became of a new process or an imported document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ImportOutcome {
    /// The file's name; null for an empty draft.
    pub name: Option<String>,
    /// Whether the document could not be taken at all; nothing was kept then.
    pub refused: bool,
    /// The names of the processes in addresses.
    pub slugs: Vec<String>,
    /// What was found in the document.
    pub diagnostics: Vec<Finding>,
}

impl From<&app::Imported> for ImportOutcome {
    fn from(done: &app::Imported) -> Self {
        Self {
            name: Some(done.file.clone()),
            refused: done.refused,
            slugs: done.slugs.clone(),
            diagnostics: sop::findings(&done.source, &done.diagnostics),
        }
    }
}

impl ImportOutcome {
    /// What became of one imported document; a problem where it was refused.
    pub fn of(done: &[app::Imported]) -> Result<Self, Box<Problem>> {
        match done.first() {
            Some(one) if !one.refused => Ok(one.into()),
            Some(one) => Err(Box::new(Problem::refused_document(&one.diagnostics))),
            None => Err(Box::new(Problem::refused_document(&[]))),
        }
    }

    /// A process made from a title.
    pub fn created(slug: String) -> Self {
        Self { name: None, refused: false, slugs: vec![slug], diagnostics: Vec::new() }
    }
}

/// The seat that shall own a process.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnerInput {
    /// The slug, name or another name of the seat.
    pub seat: String,
}

/// A text to check without keeping it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckInput {
    /// The document: Markdown.
    pub source: String,
    /// The file's name, as a title where the text has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub name: Option<String>,
}

/// A process by its name, for lists of what a seat owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProcessName {
    /// The name in addresses.
    pub slug: String,
    /// The title.
    pub title: String,
}

impl From<&(String, String)> for ProcessName {
    fn from((slug, title): &(String, String)) -> Self {
        Self { slug: slug.clone(), title: title.clone() }
    }
}
