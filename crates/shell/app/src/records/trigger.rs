//! Triggers: what starts runs by itself.

use gemba_model::{
    Policy, Recurrence,
    id::{ProcessId, TriggerId},
};
use gemba_store::{Key, Record};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A schedule trigger of the revision in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriggerRecord {
    /// The id.
    pub id: TriggerId,
    /// The process.
    pub process: ProcessId,
    /// The rhythm.
    pub rule: Recurrence,
    /// When it is due next; none where it never fires again or is not in force.
    pub next_due: Option<Timestamp>,
    /// The local date and time of that.
    pub next_civil: Option<String>,
    /// What that occurrence stands for, on whatever day the calendar puts it.
    #[serde(default)]
    pub next_slot: Option<String>,
    /// What the one before it stood for, so that no calendar brings it a second time.
    #[serde(default)]
    pub done_slot: Option<String>,
    /// Whether it is in force.
    pub active: bool,
    /// What becomes of occurrences that were missed or overlap.
    #[serde(default)]
    pub policy: Policy,
    /// When it was paused, earliest first; only the last one can be open.
    #[serde(default)]
    pub pauses: Vec<Pause>,
}

impl TriggerRecord {
    /// One in force, with nothing planned yet.
    pub fn new(id: TriggerId, process: ProcessId, rule: Recurrence) -> Self {
        Self {
            id,
            process,
            rule,
            next_due: None,
            next_civil: None,
            next_slot: None,
            done_slot: None,
            active: true,
            policy: Policy::default(),
            pauses: Vec::new(),
        }
    }
}

/// A time in which a trigger starts no run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub from: Timestamp,
    /// Who paused it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Until when; open while it is paused.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// Who let it go on.
    #[serde(default)]
    pub resumed_by: Option<String>,
}

impl Pause {
    /// The pause among these in which a moment lies.
    pub fn at(pauses: &[Self], moment: Timestamp) -> Option<&Self> {
        let lies_in =
            |pause: &&Self| pause.from <= moment && pause.until.is_none_or(|until| moment < until);
        pauses.iter().rev().find(lies_in)
    }

    /// The one that is open.
    pub fn open(pauses: &[Self]) -> Option<&Self> {
        pauses.last().filter(|pause| pause.until.is_none())
    }
}

impl Record for TriggerRecord {
    const KIND: &'static str = "trigger";
    fn id(&self) -> String {
        self.id.to_string()
    }
    fn keys(&self) -> Vec<Key> {
        vec![
            Key::shared("process", self.process.to_string()),
            Key::shared("active", if self.active { "yes" } else { "no" }),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trigger_written_before_it_had_policies_reads_with_the_default() {
        let (id, process) = (TriggerId::new(1, 1), ProcessId::new(1, 1));
        let old = format!(
            r#"{{"id":"{id}","process":"{process}","rule":"every day at 09:00",
            "next_due":"2026-01-06T08:00:00Z","next_civil":"2026-01-06T09:00:00","active":true}}"#
        );
        let read: TriggerRecord = serde_json::from_str(&old).expect("the old form");
        assert_eq!((read.policy, read.pauses.len()), (Policy::default(), 0));
    }
}
