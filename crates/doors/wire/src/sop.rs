//! What a document says and what is wrong with it: `gemba show --json` and `gemba check --format json`.
//!
//! These shapes are contracts: fields may be added, none removed or given another type. A field
//! without a value is `null`, never absent.

use crate::Time;
use gemba_diag::{Diagnostic, LineIndex, Located, Tally};
use gemba_model as model;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Display;

/// A file that was read: the processes in it and the findings about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Document {
    /// The file.
    pub path: String,
    /// The processes, in the order of the document.
    pub processes: Vec<WrittenProcess>,
    /// All findings.
    pub diagnostics: Vec<Finding>,
}

/// The shape of one file with the processes and findings read from its text; `next` gives the next times
/// of each trigger of a process, in their order.
pub fn document<T: Display>(
    path: &str,
    source: &str,
    processes: &[model::Process],
    diagnostics: &[Diagnostic],
    next: impl Fn(&model::Process) -> Vec<Vec<T>>,
) -> Document {
    Document {
        path: path.to_owned(),
        processes: self::processes(source, processes, next),
        diagnostics: findings(source, diagnostics),
    }
}

/// The processes of one text, with the next times of their triggers.
fn processes<T: Display>(
    source: &str,
    processes: &[model::Process],
    next: impl Fn(&model::Process) -> Vec<Vec<T>>,
) -> Vec<WrittenProcess> {
    let index = LineIndex::new(source);
    let written = |process| WrittenProcess::of(process, &index).with_next(&next(process));
    processes.iter().map(written).collect()
}

/// The findings about one text.
pub fn findings(source: &str, diagnostics: &[Diagnostic]) -> Vec<Finding> {
    Located::all(source, diagnostics).into_iter().map(Finding::from).collect()
}

/// What was found in a set of files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// Each file with its findings.
    pub files: Vec<FileFindings>,
    /// The counts.
    pub summary: Counts,
}

/// A file and what was found in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileFindings {
    /// The file.
    pub path: String,
    /// All findings.
    pub diagnostics: Vec<Finding>,
}

/// How much was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Files looked at.
    pub files: usize,
    /// Findings that refuse publication.
    pub errors: usize,
    /// Findings worth mending.
    pub warnings: usize,
    /// Findings worth knowing.
    pub infos: usize,
}

/// The report about files, each given as path, text and findings.
pub fn report<'a>(files: impl IntoIterator<Item = (&'a str, &'a str, &'a [Diagnostic])>) -> Report {
    let mut tally = Tally::default();
    let files = files
        .into_iter()
        .map(|(path, source, diagnostics)| {
            tally.add(diagnostics);
            FileFindings { path: path.to_owned(), diagnostics: findings(source, diagnostics) }
        })
        .collect();
    let Tally { files: n, errors, warnings, infos, .. } = tally;
    Report { files, summary: Counts { files: n, errors, warnings, infos } }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Severity {
    /// The text cannot be published as it is.
    Error,
    /// Something important is missing or doubtful.
    Warning,
    /// Worth knowing.
    Info,
}

impl From<gemba_diag::Severity> for Severity {
    fn from(severity: gemba_diag::Severity) -> Self {
        match severity {
            gemba_diag::Severity::Error => Self::Error,
            gemba_diag::Severity::Warning => Self::Warning,
            gemba_diag::Severity::Info => Self::Info,
        }
    }
}

/// One finding about a text, with its place. Lines and columns count from one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// Which rule found it; `gemba explain CODE` says more.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The first line.
    pub line: usize,
    /// The first column, in characters.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// One past the last column.
    pub end_column: usize,
}

impl From<Located> for Finding {
    fn from(found: Located) -> Self {
        Self {
            code: found.code.to_string(),
            severity: found.severity.into(),
            message: found.message,
            help: found.help,
            line: found.line,
            column: found.column,
            end_line: found.end_line,
            end_column: found.end_column,
        }
    }
}

/// One process as its document says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WrittenProcess {
    /// The name in addresses.
    pub slug: String,
    /// The title.
    pub title: String,
    /// The part of the company.
    pub function: Option<String>,
    /// Who answers for it.
    pub owner: WrittenOwner,
    /// What starts a run.
    pub triggers: Vec<WrittenTrigger>,
    /// Why it exists, as Markdown.
    pub purpose: String,
    /// The steps in document order; parts of a step are nested.
    pub steps: Vec<WrittenStep>,
    /// What is done when a run is ended before its end, in order; its numbers are its own, and its lines
    /// are 1.
    pub cleanup: Vec<WrittenStep>,
    /// What a run must have produced.
    pub expected_output: Vec<WrittenOutput>,
    /// How one notices that it went wrong.
    pub failure_signals: Vec<WrittenSignal>,
    /// How often the document is held against reality.
    pub review: WrittenReview,
}

/// The owner as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WrittenOwner {
    /// How surely it was read.
    pub state: OwnerState,
    /// The seat; for a channel the channel as written.
    pub seat: Option<String>,
    /// The names one by one, where more than one is said to be the owner.
    pub several: Vec<String>,
    /// The line.
    pub line: Option<usize>,
}

/// How surely the owner was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum OwnerState {
    /// One seat is named as the owner.
    Stated,
    /// One seat is said to be responsible without the word.
    Implied,
    /// A channel, mailbox or contact stands where the owner should be.
    Channel,
    /// A blank to be filled in.
    Placeholder,
    /// Nothing was said.
    Missing,
}

impl From<model::OwnerState> for OwnerState {
    fn from(state: model::OwnerState) -> Self {
        match state {
            model::OwnerState::Stated => Self::Stated,
            model::OwnerState::Implied => Self::Implied,
            model::OwnerState::Channel => Self::Channel,
            model::OwnerState::Placeholder => Self::Placeholder,
            model::OwnerState::Missing => Self::Missing,
        }
    }
}

/// A trigger as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WrittenTrigger {
    /// What starts the run.
    pub kind: TriggerKind,
    /// How surely it was read.
    pub state: ValueState,
    /// The words of the text.
    pub text: String,
    /// The line.
    pub line: Option<usize>,
    /// The normalised rule, where the words say exactly when: a rhythm, so long before or after
    /// something, a limit, or what happens to what.
    pub rule: Option<String>,
    /// The next times at which its schedule fires, where that was asked for; before it is published too.
    pub next: Vec<Time>,
}

/// What starts a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum TriggerKind {
    /// A date or a rhythm.
    Schedule,
    /// Something that happened.
    Event,
    /// A number that crosses a limit.
    Threshold,
    /// Somebody asks for it.
    Request,
}

impl From<model::TriggerKind> for TriggerKind {
    fn from(kind: model::TriggerKind) -> Self {
        match kind {
            model::TriggerKind::Schedule => Self::Schedule,
            model::TriggerKind::Event => Self::Event,
            model::TriggerKind::Threshold => Self::Threshold,
            model::TriggerKind::Request => Self::Request,
        }
    }
}

/// How surely a value was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ValueState {
    /// The text says it.
    Stated,
    /// The text lets a careful reader conclude it.
    Implied,
    /// The text has a blank to be filled in.
    Placeholder,
}

impl From<model::ValueState> for ValueState {
    fn from(state: model::ValueState) -> Self {
        match state {
            model::ValueState::Stated => Self::Stated,
            model::ValueState::Implied => Self::Implied,
            model::ValueState::Placeholder => Self::Placeholder,
        }
    }
}

/// What a run must have produced, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WrittenOutput {
    /// The words of the text.
    pub text: String,
    /// What one looks at to see that it is as it must be.
    pub checks: Vec<String>,
    /// The line.
    pub line: usize,
}

/// How one notices failure, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WrittenSignal {
    /// The words of the text.
    pub text: String,
    /// The same as a rule that a machine can check.
    pub rule: Option<String>,
    /// The line.
    pub line: usize,
}

/// How often the document is held against reality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WrittenReview {
    /// An ISO 8601 duration: "P3M".
    pub cadence: Option<String>,
    /// Where that comes from.
    pub source: ReviewSource,
    /// The day of the last review that the document names, as YYYY-MM-DD.
    pub last: Option<String>,
    /// The day that the document names for the next review, as YYYY-MM-DD.
    pub next: Option<String>,
}

/// Where a review cadence comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ReviewSource {
    /// The document says it.
    Stated,
    /// It follows from how often the process runs.
    Derived,
    /// Neither is known.
    None,
}

impl From<model::review::ReviewSource> for ReviewSource {
    fn from(source: model::review::ReviewSource) -> Self {
        match source {
            model::review::ReviewSource::Stated => Self::Stated,
            model::review::ReviewSource::Derived => Self::Derived,
            model::review::ReviewSource::None => Self::None,
        }
    }
}

mod step;

pub use step::{
    CalledProcedure, Evidence, EvidenceKind, SeatSource, StepKind, TargetKind, WrittenDecision,
    WrittenStep, WrittenTarget,
};

impl WrittenProcess {
    /// The same with the next times of each trigger, in the order of the triggers.
    #[must_use]
    pub fn with_next<T: Display>(mut self, next: &[Vec<T>]) -> Self {
        for (trigger, times) in self.triggers.iter_mut().zip(next) {
            trigger.next = times.iter().map(Time::of).collect();
        }
        self
    }

    /// One process, with its places as lines of the text of `index`.
    pub fn of(process: &model::Process, index: &LineIndex<'_>) -> Self {
        let line = |span: model::Span| index.line(span.range().start);
        Self {
            slug: process.slug.to_string(),
            title: process.title.clone(),
            function: process.function.clone(),
            owner: WrittenOwner {
                state: process.owner.state.into(),
                seat: process.owner.seat.clone(),
                several: process.owner.several.clone(),
                line: process.owner.span.map(line),
            },
            triggers: process
                .triggers
                .iter()
                .map(|trigger| WrittenTrigger {
                    kind: trigger.kind.into(),
                    state: trigger.state.into(),
                    text: trigger.text.clone(),
                    line: trigger.span.map(line),
                    rule: trigger.normalised(),
                    next: Vec::new(),
                })
                .collect(),
            purpose: process.purpose.clone(),
            steps: WrittenStep::all(process, index),
            cleanup: WrittenStep::cleaning(process, index),
            expected_output: process
                .expected_output
                .iter()
                .map(|output| WrittenOutput {
                    text: output.text.clone(),
                    checks: output.checks.clone(),
                    line: line(output.span),
                })
                .collect(),
            failure_signals: process
                .failure_signals
                .iter()
                .map(|signal| WrittenSignal {
                    text: signal.text.clone(),
                    rule: signal.rule.clone(),
                    line: line(signal.span),
                })
                .collect(),
            review: WrittenReview {
                cadence: process.review.cadence.map(model::review::Cadence::iso),
                source: process.review.source.into(),
                last: process.review.last.map(|day| day.to_string()),
                next: process.review.next.map(|day| day.to_string()),
            },
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
