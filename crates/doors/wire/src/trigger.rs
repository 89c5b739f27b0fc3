//! Schedules in force and their occurrences.

use crate::Time;
use gemba_app::{processes, triggers};
use schemars::JsonSchema;
use serde::Serialize;

/// A schedule in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Trigger {
    /// The id.
    pub id: String,
    /// The rule in words: "every Monday at 09:00".
    pub rule: String,
    /// When it is due next.
    pub next_due: Option<Time>,
    /// The next times it fires.
    pub next: Vec<Time>,
}

impl From<&processes::TriggerView> for Trigger {
    fn from(view: &processes::TriggerView) -> Self {
        Self {
            id: view.trigger.id.to_string(),
            rule: view.trigger.rule.to_string(),
            next_due: view.trigger.next_due.map(Time::of),
            next: view.next.iter().map(Time::of).collect(),
        }
    }
}

/// An occurrence of a schedule: it started one run, or was accounted for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Occurrence {
    /// When it was due.
    pub due: Time,
    /// The local date and time it stands for.
    pub civil: String,
    /// The run it started.
    pub run: Option<String>,
    /// Why it started none.
    pub reason: Option<String>,
    /// When Gemba acted on it.
    pub handled: Time,
    /// How late that was, in seconds.
    pub late_s: i64,
}

impl From<&triggers::Occurrence> for Occurrence {
    fn from(occurrence: &triggers::Occurrence) -> Self {
        let row = &occurrence.row;
        Self {
            due: Time::of(row.due),
            civil: row.civil.clone(),
            run: row.run.map(|run| run.to_string()),
            reason: row.reason.clone(),
            handled: Time::of(row.handled),
            late_s: occurrence.late_s,
        }
    }
}
