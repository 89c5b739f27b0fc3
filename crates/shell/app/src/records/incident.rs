//! What is kept of an incident: what went wrong in a run, who must answer, and what came of it.

use gemba_model::{
    StepId,
    id::{IncidentId, ProcessId, RunId, SeatId, WorkItemId},
};
use gemba_store::{Key, Record};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Trouble {
    /// A step was not done by its deadline.
    Deadline {
        /// The deadline.
        due: Timestamp,
    },
    /// A step was taken again and again, and nobody came back.
    Claims {
        /// How often.
        times: u32,
    },
    /// A failure signal of the process came true.
    Signal {
        /// Which, counted from 0 in the order of the document.
        signal: u32,
        /// Its words.
        text: String,
    },
    /// The run that carried out the procedure of a step was ended before its end.
    CallEnded {
        /// The run.
        run: RunId,
        /// Why.
        reason: String,
    },
    /// The output of the run that carries out the procedure of a step was returned.
    CallReturned {
        /// The run.
        run: RunId,
        /// Why.
        reason: String,
    },
    /// A step sends the run back more often than the document allows: the run stands still.
    Rounds {
        /// The step.
        step: StepId,
        /// How often it sent it back.
        times: u32,
    },
    /// Somebody said so.
    Reported {
        /// Who, as a name to show.
        by: String,
        /// In their words.
        text: String,
    },
    /// An agent asks a person; what closes it is the answer.
    Asked {
        /// Who, as a name to show.
        by: String,
        /// The question.
        text: String,
    },
}

/// An incident was handed up because nobody answered in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedUp {
    /// When.
    pub at: Timestamp,
    /// From this seat.
    pub from: SeatId,
    /// To the one it answers to.
    pub to: SeatId,
}

/// The end of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// When.
    pub at: Timestamp,
    /// Who, as a name to show.
    pub by: String,
    /// What was done about it.
    pub note: String,
}

/// Something in a run that a person must see to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// The id.
    pub id: IncidentId,
    /// What went wrong.
    pub trouble: Trouble,
    /// The process.
    pub process: ProcessId,
    /// The run.
    pub run: RunId,
    /// The work item, where it is about one.
    pub item: Option<WorkItemId>,
    /// Its step.
    pub step: Option<StepId>,
    /// When it was opened.
    pub opened: Timestamp,
    /// The seat that must answer now.
    pub seat: SeatId,
    /// When it is handed up; never where the seat answers to nobody.
    pub answer_by: Option<Timestamp>,
    /// How it came to the seat.
    pub handed_up: Vec<HandedUp>,
    /// How it ended.
    pub closed: Option<Closed>,
}

impl Record for Incident {
    const KIND: &'static str = "incident";
    fn id(&self) -> String {
        self.id.to_string()
    }
    fn keys(&self) -> Vec<Key> {
        let mut keys = vec![
            Key::shared("process", self.process.to_string()),
            Key::shared("run", self.run.to_string()),
        ];
        if self.closed.is_none() {
            keys.push(Key::shared("open", "yes"));
        }
        keys
    }
}
