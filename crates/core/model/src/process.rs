//! A process: what a company wrote down about one piece of recurring work.
//!
//! A [`Process`] is what a written SOP says, with the place it was said and how surely. It never
//! holds what was not said: an owner that was not named is [`OwnerState::Missing`], not a guess.

use crate::{
    Cue, Recurrence, Slug, Span,
    approval::{Approval, Unanswered},
    review::Review,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// How surely a value was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueState {
    /// The text says it in so many words.
    Stated,
    /// The text lets a careful reader conclude it.
    Implied,
    /// The text has a blank to be filled in.
    Placeholder,
}

/// How surely the owner was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerState {
    /// One seat is named as the owner.
    Stated,
    /// One seat is said to be responsible without the word.
    Implied,
    /// A chat channel, a mailbox or a contact stands where the owner should be.
    Channel,
    /// A blank to be filled in.
    Placeholder,
    /// Nothing was said.
    Missing,
}

/// The seat that answers for a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// How surely it was read.
    pub state: OwnerState,
    /// The seat's name as written; `None` where the state is missing or a placeholder. For a channel
    /// it holds the channel as written.
    pub seat: Option<String>,
    /// The names one by one where more than one is said to be the owner; `seat` holds the words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub several: Vec<String>,
    /// Where it was read.
    pub span: Option<Span>,
}

impl Owner {
    /// No owner was said.
    pub fn missing() -> Self {
        Self { state: OwnerState::Missing, seat: None, several: Vec::new(), span: None }
    }

    /// The seat's name, only where a seat really was named.
    pub fn named(&self) -> Option<&str> {
        match self.state {
            OwnerState::Stated | OwnerState::Implied => self.seat.as_deref(),
            OwnerState::Channel | OwnerState::Placeholder | OwnerState::Missing => None,
        }
    }
}

/// What starts a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

/// One trigger, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// What starts the run.
    pub kind: TriggerKind,
    /// How surely it was read.
    pub state: ValueState,
    /// The words of the text.
    pub text: String,
    /// When it fires next, where the words say so exactly enough.
    pub rule: Option<Recurrence>,
    /// What it waits for, where that is no rhythm and the words say it exactly enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cue: Option<Cue>,
    /// Where it was read.
    pub span: Option<Span>,
}

impl Trigger {
    /// The rhythm or the cue in its one form, where the words gave one.
    pub fn normalised(&self) -> Option<String> {
        let rhythm = self.rule.as_ref().map(ToString::to_string);
        rhythm.or_else(|| self.cue.as_ref().map(ToString::to_string))
    }
}

/// The stable name of a step within its process: it stays when the step moves or is reworded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepId(String);

impl StepId {
    /// The id made from a text; `fallback` is used where the text has no letter or digit.
    pub fn from_text(text: &str, fallback: &str) -> Self {
        Self(Slug::from_text(text, fallback).as_str().to_owned())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of act a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Something to do.
    Task,
    /// Something to decide: the step has a branch that leads elsewhere.
    Decision,
    /// A yes or no by someone who answers for it.
    Approval,
    /// Waiting for a time or an event.
    Wait,
    /// Another procedure, carried out as a whole.
    Call,
    /// Its sub-steps may go on at the same time.
    Parallel,
    /// The run ends after it.
    End,
}

/// Where the seat of a step was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

/// The seat that does a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepSeat {
    /// The seat's name: as written, or in full where the document says elsewhere what it stands for.
    pub name: String,
    /// The name as written at this step, where it is not `name`: "IC" for "Incident Commander".
    #[serde(default)]
    pub written: Option<String>,
    /// Where it was read.
    pub source: SeatSource,
    /// The place.
    pub span: Option<Span>,
}

impl StepSeat {
    /// A seat that is written as it is called.
    pub fn new(name: impl Into<String>, source: SeatSource, span: Option<Span>) -> Self {
        Self { name: name.into(), written: None, source, span }
    }

    /// The words that stand in the document.
    pub fn as_written(&self) -> &str {
        self.written.as_deref().unwrap_or(&self.name)
    }
}

/// Where a decision leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "to", rename_all = "snake_case")]
pub enum Target {
    /// Done within the same step; the flow goes on to the next.
    Inline,
    /// The step after this one.
    Next,
    /// A later step.
    Step(StepId),
    /// A section of the document that is no step.
    Section(String),
    /// Another document.
    Document(String),
    /// Back to this or an earlier step.
    Loop(StepId),
    /// A step that does not exist; the words are kept.
    Dangling(String),
    /// Somewhere, but the words do not say where; they are kept.
    Vague(String),
    /// The run ends here.
    End,
}

impl Target {
    /// Whether the flow may leave the order of the document here.
    pub fn routes(&self) -> bool {
        match self {
            Self::Step(_) | Self::Loop(_) | Self::End | Self::Next => true,
            Self::Inline
            | Self::Section(_)
            | Self::Document(_)
            | Self::Dangling(_)
            | Self::Vague(_) => false,
        }
    }
}

/// One branch: under this condition, this follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The stable name of the branch within its step, made from the condition.
    pub id: String,
    /// The condition as written, without "if"; "otherwise" for the remaining case.
    pub condition: String,
    /// What is done within this step under the condition; empty where nothing but the jump was said.
    pub action: String,
    /// Where it leads.
    pub target: Target,
    /// What the outcome is called, where the run ends here and the words name it: "rejected".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Where it was read.
    pub span: Option<Span>,
}

/// What form a piece of evidence takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// Words.
    Text,
    /// An address to look at.
    Link,
    /// A file.
    File,
    /// A number, perhaps within limits.
    Number,
    /// A day.
    Date,
    /// One of several words.
    Choice,
}

impl EvidenceKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Text, Self::Link, Self::File, Self::Number, Self::Date, Self::Choice];

    /// Whether it is a value, which conditions and failure signals can speak of.
    pub fn is_value(self) -> bool {
        match self {
            Self::Text | Self::Link | Self::File => false,
            Self::Number | Self::Date | Self::Choice => true,
        }
    }

    /// The word used in SOPs, JSON and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Link => "link",
            Self::File => "file",
            Self::Number => "number",
            Self::Date => "date",
            Self::Choice => "choice",
        }
    }
}

/// Evidence that a step must leave before it counts as done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The form asked for.
    pub kind: EvidenceKind,
    /// What it shows, as written.
    pub text: String,
}

/// Another procedure that a step carries out as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    /// What the step calls it.
    pub title: String,
    /// Where it is, as written: a path, an address, a name of the workspace.
    pub to: String,
}

/// One step of a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The stable id, unique within the process.
    pub id: StepId,
    /// Whether the author wrote the id; otherwise it was derived from the title.
    pub id_stated: bool,
    /// The reader's number: "3", "3.2".
    pub number: String,
    /// The marker as typed: "3.", "- [ ]", "Step 3:"; empty where there was none.
    pub label: String,
    /// The short name: the bold lead or the first sentence.
    pub title: String,
    /// The instructions after the title, as Markdown, without what the fields below hold.
    pub text: String,
    /// What kind of act it is.
    pub kind: StepKind,
    /// Who does it.
    pub seat: Option<StepSeat>,
    /// The branches that start here.
    pub decisions: Vec<Decision>,
    /// The seats the work is handed to.
    pub handoff_to: Vec<String>,
    /// The procedure that a step of kind call carries out.
    #[serde(default)]
    pub procedure: Option<Procedure>,
    /// What must have happened before it is begun, as written: "the call is over". A wait, no branch.
    #[serde(default)]
    pub wait_for: Option<String>,
    /// Which seats must say yes, where it is not its own alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// Whoever did these steps may not do this one, as written: "step 2".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_by: Vec<String>,
    /// What becomes of an approval that nobody gives by its deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<Unanswered>,
    /// How often in a row it may send the run back, where the words say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
    /// What the outcome is called, where the run ends with this step: "rejected".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// When it must be done, as written.
    pub due: Option<String>,
    /// How long before its deadline one is reminded of it, as written: "2 hours before".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind: Option<String>,
    /// What must be left as proof.
    pub evidence: Vec<Evidence>,
    /// The seats asked before.
    pub consulted: Vec<String>,
    /// The seats told after.
    pub informed: Vec<String>,
    /// The parts of this step, in order.
    pub steps: Vec<Self>,
    /// Where it was read.
    pub span: Span,
}

impl Step {
    /// A task with this id and title, of which nothing else is said.
    pub fn new(id: StepId, title: impl Into<String>) -> Self {
        Self {
            id,
            id_stated: false,
            number: String::new(),
            label: String::new(),
            title: title.into(),
            text: String::new(),
            kind: StepKind::Task,
            seat: None,
            decisions: Vec::new(),
            handoff_to: Vec::new(),
            procedure: None,
            wait_for: None,
            approval: None,
            not_by: Vec::new(),
            unanswered: None,
            at_most: None,
            outcome: None,
            due: None,
            remind: None,
            evidence: Vec::new(),
            consulted: Vec::new(),
            informed: Vec::new(),
            steps: Vec::new(),
            span: Span::default(),
        }
    }

    /// This step and all below it, in document order.
    pub fn walk(&self) -> Vec<&Self> {
        let mut all = Vec::new();
        self.gather(&mut all);
        all
    }

    fn gather<'a>(&'a self, all: &mut Vec<&'a Self>) {
        all.push(self);
        for step in &self.steps {
            step.gather(all);
        }
    }

    /// The step with this id among this one and all below it.
    fn find(&self, id: &StepId) -> Option<&Self> {
        if self.id == *id { Some(self) } else { self.steps.iter().find_map(|step| step.find(id)) }
    }
}

/// What a run must have produced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// The words of the text.
    pub text: String,
    /// What one looks at to see that it is as it must be, one thing each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<String>,
    /// Where it was read.
    pub span: Span,
}

/// How one notices that the process went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureSignal {
    /// The words of the text.
    pub text: String,
    /// The same as a rule that a machine can check, where one was stated.
    pub rule: Option<String>,
    /// Where it was read.
    pub span: Span,
}

/// A part of the document that is none of the five pieces, kept as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// The Markdown under it.
    pub text: String,
}

/// One process, as its SOP says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// The name in addresses and file names.
    pub slug: Slug,
    /// The title as written, or the file's name where none was.
    pub title: String,
    /// The part of the company it belongs to: "Finance".
    pub function: Option<String>,
    /// The one seat that answers for it.
    pub owner: Owner,
    /// What starts it.
    pub triggers: Vec<Trigger>,
    /// Why it exists: the text before the first step, as Markdown.
    pub purpose: String,
    /// The steps in document order.
    pub steps: Vec<Step>,
    /// What a run must have produced.
    pub expected_output: Vec<Output>,
    /// How one notices that it went wrong.
    pub failure_signals: Vec<FailureSignal>,
    /// How often the document is held against reality.
    pub review: Review,
    /// RACI rows stated in the document; the full matrix is [`crate::raci::matrix`].
    pub raci: Vec<crate::raci::Row>,
    /// Parts that are none of the above.
    pub sections: Vec<Section>,
    /// What is done when a run is ended before its end, in order; it stands in one of the sections.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cleanup: Vec<Step>,
}

impl Process {
    /// All steps, nested ones after their parent, in document order.
    pub fn all_steps(&self) -> Vec<&Step> {
        let mut all = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            step.gather(&mut all);
        }
        all
    }

    /// The step with this id, at any depth.
    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.steps.iter().find_map(|step| step.find(id))
    }

    /// What the work item of this step asks: a step or part as written, or the act of accepting the
    /// output ([`crate::acceptance`]).
    pub fn asked(&self, id: &StepId) -> Option<Step> {
        let cleaning = self.cleanup.iter().find_map(|step| step.find(id));
        let written = self.step(id).or(cleaning).cloned();
        let accepting = || crate::acceptance::of(self).map(|act| act.step);
        let all = self.all_steps();
        let asked = || all.into_iter().flat_map(|step| crate::approval::parts(self, step));
        written
            .or_else(|| asked().find(|step| step.id == *id))
            .or_else(|| accepting().filter(|step| step.id == *id))
    }

    /// The position among the top-level steps of the step with this id or of the one that holds it.
    pub fn top_level(&self, id: &StepId) -> Option<usize> {
        let asked =
            |step: &Step| crate::approval::parts(self, step).iter().any(|part| part.id == *id);
        self.steps
            .iter()
            .position(|top| top.find(id).is_some() || top.walk().into_iter().any(asked))
    }

    /// The name of the seat that does a step: its own, or else the owner's.
    pub fn doer<'a>(&'a self, step: &'a Step) -> Option<&'a str> {
        step.seat.as_ref().map(|seat| seat.name.as_str()).or_else(|| self.owner.named())
    }

    /// What else a step of the process calls the seat of this name: "IC" for "Incident Commander".
    pub fn also_written(&self, name: &str) -> Option<&str> {
        self.all_steps().into_iter().filter_map(|step| step.seat.as_ref()).find_map(|seat| {
            seat.written.as_deref().filter(|_| seat.name.eq_ignore_ascii_case(name))
        })
    }

    /// Every seat name that the process uses, owner first, then in order of appearance, once each
    /// (names that differ only in case are one).
    pub fn seat_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let mut known: BTreeSet<String> = BTreeSet::new();
        let mut steps = self.all_steps();
        self.cleanup.iter().for_each(|step| step.gather(&mut steps));
        let used = self.owner.named().into_iter().chain(steps.iter().flat_map(|step| {
            step.seat
                .iter()
                .map(|seat| seat.name.as_str())
                .chain(step.approval.iter().flat_map(|a| &a.seats).map(String::as_str))
                .chain(step.handoff_to.iter().map(String::as_str))
                .chain(step.consulted.iter().map(String::as_str))
                .chain(step.informed.iter().map(String::as_str))
        }));
        for name in used {
            if known.insert(name.to_ascii_lowercase()) {
                names.push(name);
            }
        }
        names
    }

    /// The same process without the places it was read from, for comparing two readings.
    #[must_use]
    pub fn without_spans(mut self) -> Self {
        fn clear(steps: &mut [Step]) {
            for step in steps {
                step.span = Span::default();
                if let Some(seat) = &mut step.seat {
                    seat.span = None;
                }
                for decision in &mut step.decisions {
                    decision.span = None;
                }
                clear(&mut step.steps);
            }
        }
        self.owner.span = None;
        for trigger in &mut self.triggers {
            trigger.span = None;
        }
        clear(&mut self.steps);
        clear(&mut self.cleanup);
        for output in &mut self.expected_output {
            output.span = Span::default();
        }
        for signal in &mut self.failure_signals {
            signal.span = Span::default();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_stored_before_procedures_and_waits_were_kept_still_reads() {
        let stored = serde_json::json!({
            "id": "send-it", "id_stated": false, "number": "1", "label": "1.", "title": "Send it",
            "text": "", "kind": "task",
            "seat": {"name": "Sales", "source": "label", "span": null},
            "decisions": [], "handoff_to": [], "due": null, "evidence": [], "consulted": [],
            "informed": [], "steps": [], "span": {"start": 0, "end": 10},
        });
        let step: Step = serde_json::from_value(stored).expect("the old shape");
        assert_eq!((step.procedure, step.wait_for), (None, None));
        assert_eq!(step.seat.map(|seat| seat.as_written().to_owned()), Some("Sales".to_owned()));
    }

    /// A process as it was stored before triggers had cues, outputs checks and reviews dates.
    const FIRST_SHAPE: &str = r#"{
        "slug": "invoicing", "title": "Invoicing", "function": null,
        "owner": {"state": "stated", "seat": "Accounting", "span": null},
        "triggers": [{"kind": "schedule", "state": "stated", "text": "monthly",
                      "rule": "monthly on the 1st at 09:00", "span": null}],
        "purpose": "", "steps": [],
        "expected_output": [{"text": "sent", "span": {"start": 3, "end": 4}}],
        "failure_signals": [{"text": "late", "rule": "days late > 5", "span": {"start": 5, "end": 6}}],
        "review": {"cadence": 3, "source": "stated"},
        "raci": [], "sections": []
    }"#;

    #[test]
    fn a_process_stored_in_the_first_shape_still_reads() {
        let read: Process = serde_json::from_str(FIRST_SHAPE).unwrap();
        assert!(read.owner.several.is_empty() && read.owner.named() == Some("Accounting"));
        assert_eq!(read.triggers[0].normalised().as_deref(), Some("monthly on the 1st at 09:00"));
        assert_eq!(read.triggers[0].cue, None);
        assert!(read.expected_output[0].checks.is_empty());
        assert_eq!((read.review.last, read.review.next, read.review.due()), (None, None, None));
    }

    #[test]
    fn what_was_added_is_stored_and_read_again() {
        let mut process: Process = serde_json::from_str(FIRST_SHAPE).unwrap();
        process.owner.several = vec!["Accounting".to_owned(), "Sales".to_owned()];
        process.triggers[0].cue = Some(Cue::Relative {
            period: "P6M".parse().unwrap(),
            to: "P7M".parse().ok(),
            side: crate::cue::Side::Before,
            anchor: "the term ends".to_owned(),
        });
        process.expected_output[0].checks = vec!["it shows".to_owned()];
        process.review.last = Some(jiff::civil::date(2026, 1, 31));
        let text = serde_json::to_string(&process).unwrap();
        assert_eq!(serde_json::from_str::<Process>(&text).unwrap(), process);
        assert_eq!(process.review.due(), Some(jiff::civil::date(2026, 4, 30)));
    }
}
