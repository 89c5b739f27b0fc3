//! Incidents: what went wrong in a run, who must answer, what came of it.

use crate::{Time, process::ProcessName, work::WorkRun};
use gemba_app::{incidents as app, records};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something in a run that a person must see to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Incident {
    /// The id.
    pub id: String,
    /// What kind of trouble.
    pub kind: TroubleKind,
    /// What went wrong, in words.
    pub what: String,
    /// The process.
    pub process: ProcessName,
    /// The run.
    pub run: WorkRun,
    /// The work item it is about.
    pub work_item: Option<String>,
    /// The title of its step.
    pub step: Option<String>,
    /// When it was opened.
    pub opened: Time,
    /// The name of the seat that must answer.
    pub seat: String,
    /// When it is handed up to the seat above, unless it is closed before.
    pub answer_by: Option<Time>,
    /// How often it was handed up.
    pub handed_up: usize,
    /// How it ended; null while it is open.
    pub closed: Option<Closed>,
    /// Whether you must answer it.
    pub is_mine: bool,
    /// Whether you may close it.
    pub may_close: bool,
}

/// The kinds of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum TroubleKind {
    /// A step was not done by its deadline.
    Deadline,
    /// A step was taken again and again, and nobody came back.
    Claims,
    /// A failure signal of the process came true.
    Signal,
    /// The run that carried out the procedure of a step was ended early.
    CallEnded,
    /// The output of the run that carries out the procedure of a step was returned.
    CallReturned,
    /// A step sends the run back more often than the document allows: the run stands still.
    Rounds,
    /// Somebody reported a problem.
    Reported,
    /// An agent asks a person.
    Asked,
}

/// The end of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Closed {
    /// When.
    pub at: Time,
    /// Who.
    pub by: String,
    /// What was done about it.
    pub note: String,
}

/// Closing an incident.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosureInput {
    /// What was done about it, in a few words.
    pub note: String,
}

/// Reporting a problem with a work item.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProblemInput {
    /// What is wrong, in a few words.
    pub problem: String,
}

/// An incident that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenedIncident {
    /// Its id.
    pub id: String,
}

/// A failure signal of a process, and how often it came true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Control {
    /// The words of the document.
    pub text: String,
    /// The same as a rule, where one is stated.
    pub rule: Option<String>,
    /// Whether it is watched without anybody looking.
    pub watched: bool,
    /// How often it came true.
    pub raised: usize,
    /// How many of those are open.
    pub open: usize,
    /// When it last did.
    pub last: Option<Time>,
}

impl From<&app::IncidentView> for Incident {
    fn from(view: &app::IncidentView) -> Self {
        let incident = &view.incident;
        let kind = match incident.trouble {
            records::Trouble::Deadline { .. } => TroubleKind::Deadline,
            records::Trouble::Claims { .. } => TroubleKind::Claims,
            records::Trouble::Signal { .. } => TroubleKind::Signal,
            records::Trouble::CallEnded { .. } => TroubleKind::CallEnded,
            records::Trouble::CallReturned { .. } => TroubleKind::CallReturned,
            records::Trouble::Rounds { .. } => TroubleKind::Rounds,
            records::Trouble::Reported { .. } => TroubleKind::Reported,
            records::Trouble::Asked { .. } => TroubleKind::Asked,
        };
        Self {
            id: incident.id.to_string(),
            kind,
            what: view.what(),
            process: (&view.process).into(),
            run: WorkRun {
                id: incident.run.to_string(),
                number: view.run.0,
                title: view.run.1.clone(),
            },
            work_item: incident.item.map(|item| item.to_string()),
            step: view.step.clone(),
            opened: Time::of(incident.opened),
            seat: view.seat().to_owned(),
            answer_by: incident.answer_by.map(Time::of),
            handed_up: incident.handed_up.len(),
            closed: incident.closed.as_ref().map(|closed| Closed {
                at: Time::of(closed.at),
                by: closed.by.clone(),
                note: closed.note.clone(),
            }),
            is_mine: view.is_mine,
            may_close: view.may_close,
        }
    }
}

impl From<&app::Control> for Control {
    fn from(control: &app::Control) -> Self {
        Self {
            text: control.text.clone(),
            rule: control.rule.clone(),
            watched: control.watched,
            raised: control.raised,
            open: control.open,
            last: control.last.map(Time::of),
        }
    }
}
