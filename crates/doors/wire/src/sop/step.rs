//! A step as its document says it.

use gemba_diag::LineIndex;
use gemba_model as model;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WrittenStep {
    /// The stable id, unique within the process.
    pub id: String,
    /// The reader's number: "3", "3.2".
    pub number: String,
    /// The marker as typed: "3.", "- [ ]"; empty where there was none.
    pub label: String,
    /// The short name.
    pub title: String,
    /// The instructions after the title, as Markdown.
    pub text: String,
    /// The line.
    pub line: usize,
    /// What kind of act it is.
    pub kind: StepKind,
    /// The seat that does it.
    pub seat: Option<String>,
    /// Where that was read.
    pub seat_source: Option<SeatSource>,
    /// The branches that start here.
    pub decisions: Vec<WrittenDecision>,
    /// The seats the work is handed to.
    pub handoff_to: Vec<String>,
    /// The procedure that a step of kind "call" carries out.
    pub procedure: Option<CalledProcedure>,
    /// What must have happened before it is begun, as written.
    pub wait_for: Option<String>,
    /// Which seats must say yes, where it is not its own alone: "2 of Finance lead, Director".
    pub approval: Option<String>,
    /// Whoever did these steps may not do this one.
    pub not_by: Vec<String>,
    /// What becomes of an approval that nobody gives by its deadline: "escalate", "reject", "ask the
    /// owner".
    pub if_not_answered: Option<String>,
    /// How often in a row it may send the run back, where the words say so.
    pub at_most: Option<u32>,
    /// The name of the outcome, where the run ends with this step.
    pub outcome: Option<String>,
    /// When it must be done, as written.
    pub due: Option<String>,
    /// How long before its deadline one is reminded of it, as written.
    pub remind: Option<String>,
    /// What must be left as proof, as written.
    pub evidence: Vec<String>,
    /// The parts of this step.
    pub steps: Vec<Self>,
}

/// Another procedure that a step carries out as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CalledProcedure {
    /// What the step calls it.
    pub title: String,
    /// Where it is, as written: a path, an address, a name of the workspace.
    pub to: String,
}

/// What kind of act a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum StepKind {
    /// Something to do.
    Task,
    /// Something to decide.
    Decision,
    /// A yes or no by someone who answers for it.
    Approval,
    /// Waiting for a time or an event.
    Wait,
    /// Another procedure, carried out as a whole.
    Call,
    /// Its parts may go on at the same time.
    Parallel,
    /// The run ends after it.
    End,
}

impl From<model::StepKind> for StepKind {
    fn from(kind: model::StepKind) -> Self {
        match kind {
            model::StepKind::Task => Self::Task,
            model::StepKind::Decision => Self::Decision,
            model::StepKind::Approval => Self::Approval,
            model::StepKind::Wait => Self::Wait,
            model::StepKind::Call => Self::Call,
            model::StepKind::Parallel => Self::Parallel,
            model::StepKind::End => Self::End,
        }
    }
}

/// Where the seat of a step was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum SeatSource {
    /// The subject of the step's own sentence.
    Sentence,
    /// The heading above it.
    Heading,
    /// A cell of a table.
    Table,
    /// A label such as "Who:".
    Label,
    /// The passage around it.
    Context,
    /// Nothing said: the owner's.
    Owner,
}

impl From<model::SeatSource> for SeatSource {
    fn from(source: model::SeatSource) -> Self {
        match source {
            model::SeatSource::Sentence => Self::Sentence,
            model::SeatSource::Heading => Self::Heading,
            model::SeatSource::Table => Self::Table,
            model::SeatSource::Label => Self::Label,
            model::SeatSource::Context => Self::Context,
            model::SeatSource::Owner => Self::Owner,
        }
    }
}

/// One branch of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WrittenDecision {
    /// The stable id of the branch within its step.
    pub id: String,
    /// The condition as written, without "if".
    pub condition: String,
    /// What is done within this step under the condition.
    pub action: String,
    /// Where it leads.
    pub target: WrittenTarget,
    /// The name of the outcome, where the run ends there and the words give it one.
    pub outcome: Option<String>,
}

/// Where a branch leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WrittenTarget {
    /// The kind of place.
    pub kind: TargetKind,
    /// The number of the step, for kinds "step" and "loop".
    pub step: Option<String>,
    /// The words of the text, for a section, a document, and what could not be resolved.
    pub text: Option<String>,
}

/// The kind of place a branch leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum TargetKind {
    /// Done within the same step.
    Inline,
    /// The step after this one.
    Next,
    /// A later step.
    Step,
    /// A section of the document that is no step.
    Section,
    /// Another document.
    Document,
    /// Back to this or an earlier step.
    Loop,
    /// A step that does not exist.
    Dangling,
    /// Somewhere, but the words do not say where.
    Vague,
    /// The run ends.
    End,
}

impl WrittenTarget {
    fn of(target: &model::Target, process: &model::Process) -> Self {
        use model::Target;
        let number = |id| process.step(id).map(|step| step.number.clone());
        let (kind, step, text) = match target {
            Target::Inline => (TargetKind::Inline, None, None),
            Target::Next => (TargetKind::Next, None, None),
            Target::Step(id) => (TargetKind::Step, number(id), None),
            Target::Loop(id) => (TargetKind::Loop, number(id), None),
            Target::Section(words) => (TargetKind::Section, None, Some(words.clone())),
            Target::Document(words) => (TargetKind::Document, None, Some(words.clone())),
            Target::Dangling(words) => (TargetKind::Dangling, None, Some(words.clone())),
            Target::Vague(words) => (TargetKind::Vague, None, Some(words.clone())),
            Target::End => (TargetKind::End, None, None),
        };
        Self { kind, step, text }
    }
}

/// A seat and where it was read.
type Doer = Option<(String, SeatSource)>;

impl WrittenStep {
    /// The steps of a process. A step that names no seat is the owner's; a part that names none is done
    /// by whoever does the step it is a part of.
    pub(super) fn all(process: &model::Process, index: &LineIndex<'_>) -> Vec<Self> {
        Self::these(&process.steps, process, index)
    }

    /// What is done when a run is ended before its end.
    pub(super) fn cleaning(process: &model::Process, index: &LineIndex<'_>) -> Vec<Self> {
        Self::these(&process.cleanup, process, index)
    }

    fn these(steps: &[model::Step], process: &model::Process, index: &LineIndex<'_>) -> Vec<Self> {
        let owner = process.owner.named().map(|name| (name.to_owned(), SeatSource::Owner));
        steps.iter().map(|step| Self::of(step, &owner, process, index)).collect()
    }

    fn of(
        step: &model::Step,
        above: &Doer,
        process: &model::Process,
        index: &LineIndex<'_>,
    ) -> Self {
        let own = step.seat.as_ref().map(|seat| (seat.name.clone(), seat.source.into()));
        let doer = own.or_else(|| above.clone());
        let below = doer.clone().map(|(name, source)| match source {
            SeatSource::Owner => (name, SeatSource::Owner),
            _ => (name, SeatSource::Context),
        });
        let (seat, seat_source) = doer.unzip();
        Self {
            id: step.id.to_string(),
            number: step.number.clone(),
            label: step.label.clone(),
            title: step.title.clone(),
            text: step.text.clone(),
            line: index.line(step.span.range().start),
            kind: step.kind.into(),
            seat,
            seat_source,
            decisions: step
                .decisions
                .iter()
                .map(|decision| WrittenDecision {
                    id: decision.id.clone(),
                    condition: decision.condition.clone(),
                    action: decision.action.clone(),
                    target: WrittenTarget::of(&decision.target, process),
                    outcome: decision.outcome.clone(),
                })
                .collect(),
            handoff_to: step.handoff_to.clone(),
            procedure: step.procedure.as_ref().map(|procedure| CalledProcedure {
                title: procedure.title.clone(),
                to: procedure.to.clone(),
            }),
            wait_for: step.wait_for.clone(),
            approval: step.approval.as_ref().map(ToString::to_string),
            not_by: step.not_by.clone(),
            if_not_answered: step.unanswered.map(|what| what.word().to_owned()),
            at_most: step.at_most,
            outcome: step.outcome.clone(),
            due: step.due.clone(),
            remind: step.remind.clone(),
            evidence: step.evidence.iter().map(|evidence| evidence.text.clone()).collect(),
            steps: step.steps.iter().map(|part| Self::of(part, &below, process, index)).collect(),
        }
    }
}

/// Proof that a step asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Evidence {
    /// The form asked for.
    pub kind: EvidenceKind,
    /// What it shows, as written.
    pub text: String,
}

impl From<&model::Evidence> for Evidence {
    fn from(evidence: &model::Evidence) -> Self {
        Self { kind: evidence.kind.into(), text: evidence.text.clone() }
    }
}

/// What form a piece of evidence takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum EvidenceKind {
    /// Words.
    Text,
    /// An address to look at.
    Link,
    /// A file.
    File,
    /// A number.
    Number,
    /// A day, as 2026-03-31.
    Date,
    /// One of several words.
    Choice,
}

impl From<model::EvidenceKind> for EvidenceKind {
    fn from(kind: model::EvidenceKind) -> Self {
        match kind {
            model::EvidenceKind::Text => Self::Text,
            model::EvidenceKind::Link => Self::Link,
            model::EvidenceKind::File => Self::File,
            model::EvidenceKind::Number => Self::Number,
            model::EvidenceKind::Date => Self::Date,
            model::EvidenceKind::Choice => Self::Choice,
        }
    }
}

impl From<EvidenceKind> for model::EvidenceKind {
    fn from(kind: EvidenceKind) -> Self {
        match kind {
            EvidenceKind::Text => Self::Text,
            EvidenceKind::Link => Self::Link,
            EvidenceKind::File => Self::File,
            EvidenceKind::Number => Self::Number,
            EvidenceKind::Date => Self::Date,
            EvidenceKind::Choice => Self::Choice,
        }
    }
}
