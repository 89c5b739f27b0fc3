//! Runs: in lists, one with where it stands, what happened to it.

mod actor;
mod happened;
mod priority;

pub use actor::{Actor, ActorKind, Origin, OriginKind};
pub use happened::{Happened, LeftEvidence, RunEvent};
pub use priority::Priority;

use crate::{Time, process::ProcessName, work::WorkItem};
use gemba_app::runs as app;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunRow {
    /// The id.
    pub id: String,
    /// Its process.
    pub process: ProcessName,
    /// Its number within the process, from 1.
    pub number: i64,
    /// What it is about.
    pub title: String,
    /// Where it stands.
    pub state: RunState,
    /// When it began.
    pub started: Time,
    /// When it ended.
    pub ended: Option<Time>,
    /// The steps whose turn it is.
    pub open: Vec<OpenStep>,
    /// How many steps were done.
    pub n_done: u32,
    /// The name of the end that it came to, where the document gives it one.
    pub outcome: Option<String>,
    /// Why it was ended, while its clean-up is done; it is running still.
    pub ending: Option<String>,
    /// Whether it stands still, for it went back as often as the document allows: the seat that owns the
    /// process allows one more round or ends it.
    pub stands_still: bool,
    /// How urgent it is.
    pub priority: Priority,
}

/// A step whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenStep {
    /// The step's title.
    pub title: String,
    /// The name of the seat that must do it.
    pub seat: String,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum RunState {
    /// It goes on.
    Running,
    /// It came to its end.
    Completed,
    /// Somebody ended it.
    Cancelled,
}

impl From<app::RunState> for RunState {
    fn from(state: app::RunState) -> Self {
        match state {
            app::RunState::Running => Self::Running,
            app::RunState::Completed => Self::Completed,
            app::RunState::Cancelled => Self::Cancelled,
        }
    }
}

impl From<RunState> for app::RunState {
    fn from(state: RunState) -> Self {
        match state {
            RunState::Running => Self::Running,
            RunState::Completed => Self::Completed,
            RunState::Cancelled => Self::Cancelled,
        }
    }
}

impl From<&app::RunListRow> for RunRow {
    fn from(row: &app::RunListRow) -> Self {
        Self {
            id: row.id.to_string(),
            process: (&row.process).into(),
            number: row.number,
            title: row.title.clone(),
            state: row.state.into(),
            started: Time::of(row.started),
            ended: row.ended.map(Time::of),
            open: row
                .open
                .iter()
                .map(|(title, seat)| OpenStep { title: title.clone(), seat: seat.clone() })
                .collect(),
            n_done: row.n_done,
            outcome: row.outcome.clone(),
            ending: row.ending.clone(),
            stands_still: row.held,
            priority: row.priority.into(),
        }
    }
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Run {
    /// As in lists.
    #[serde(flatten)]
    pub row: RunRow,
    /// The number of the revision it is pinned to.
    pub revision: u32,
    /// How often each step was done, by the step's id.
    pub done: BTreeMap<String, u32>,
    /// The work items that are open.
    pub work_items: Vec<WorkItem>,
    /// What happened, in order; of a long run the latest 1,000 events.
    pub events: Vec<RunEvent>,
    /// Whether you may end it.
    pub may_cancel: bool,
    /// Whether you may say how urgent it is.
    pub may_prioritise: bool,
    /// The run of which it is a part: a step of that one carries out this one's process.
    pub called_by: Option<RunLink>,
    /// The runs that carry out procedures of its steps, or did, the latest first.
    pub called: Vec<RunLink>,
}

/// Another run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunLink {
    /// The id.
    pub id: String,
    /// Its process.
    pub process: ProcessName,
    /// Its number within the process.
    pub number: i64,
    /// What it is about.
    pub title: String,
}

impl From<&gemba_app::calls::RunLink> for RunLink {
    fn from(link: &gemba_app::calls::RunLink) -> Self {
        Self {
            id: link.id.to_string(),
            process: (&link.process).into(),
            number: link.number,
            title: link.title.clone(),
        }
    }
}

impl From<&app::RunView> for Run {
    fn from(view: &app::RunView) -> Self {
        Self {
            row: (&view.row).into(),
            revision: view.revision,
            done: view.state.done.iter().map(|(step, n)| (step.to_string(), *n)).collect(),
            work_items: view.open.iter().map(WorkItem::from).collect(),
            events: view.history.iter().map(RunEvent::from).collect(),
            may_cancel: view.may_cancel,
            may_prioritise: view.may_prioritise,
            called_by: view.caller.as_ref().map(RunLink::from),
            called: view.called.iter().map(RunLink::from).collect(),
        }
    }
}

/// How urgent a run is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorityInput {
    /// How urgent.
    pub priority: Priority,
}

/// A run that was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StartedRun {
    /// Its id.
    pub id: String,
}

/// What comes with starting a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartInput {
    /// What this run is about; the process and its number where nothing is said.
    #[serde(default)]
    pub title: String,
    /// What it is given, by name. What is called as a value that a step asks for, and fits, is that value
    /// from the start.
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
}

/// What comes with ending a run before its end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancellationInput {
    /// Why.
    pub reason: String,
}

/// Letting a run that stands still go round once more.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoundInput {
    /// Why.
    pub reason: String,
}
