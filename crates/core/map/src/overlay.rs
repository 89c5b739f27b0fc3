//! What a run, or many, add to a map: where it stands, how often, how long.

use crate::difference::Fate;
use gemba_model::StepId;
use std::collections::BTreeMap;

/// Where a run stands with a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum StepState {
    /// Nothing to say.
    #[default]
    None,
    /// It is done.
    Done,
    /// It is somebody's turn.
    Open,
    /// It is somebody's turn and the time is over.
    Late,
}

impl StepState {
    /// The state in words; empty where there is nothing to say.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Done => "done",
            Self::Open => "now",
            Self::Late => "late",
        }
    }
}

/// What is said about one step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StepMark {
    /// Where the run stands with it.
    pub state: StepState,
    /// How often it was done.
    pub count: Option<u64>,
    /// A few words beside its number: "2 h 10 min".
    pub note: Option<String>,
    /// Where a click leads.
    pub href: Option<String>,
}

/// What is said about a process; all of it may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overlay {
    /// By step.
    pub steps: BTreeMap<StepId, StepMark>,
    /// How often each branch was taken, by step and branch id.
    pub branches: BTreeMap<(StepId, String), u64>,
    /// How often each edge that is no branch was taken, by the ids of the shapes it joins.
    pub edges: BTreeMap<(String, String), u64>,
    /// What the marks of a comparison mean, in words, drawn below the map: "only in the document".
    /// An empty list draws nothing.
    pub legend: Vec<(Fate, String)>,
}

impl Overlay {
    /// The legend of the difference between two revisions.
    pub fn of_revisions() -> Self {
        let legend = [Fate::Added, Fate::Removed, Fate::Moved, Fate::Changed];
        Self {
            legend: legend.map(|fate| (fate, fate.word().to_owned())).to_vec(),
            ..Self::default()
        }
    }
}
