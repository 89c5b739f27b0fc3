//! Runs that move to another revision.

use gemba_app::moving as app;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The runs of a process that follow another revision, and what a move would mean for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Movables {
    /// The number of the revision to move to.
    pub to: u32,
    /// The runs, newest first.
    pub runs: Vec<Movable>,
}

/// A run that goes on by another revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Movable {
    /// The run.
    pub run: String,
    /// Its number within the process.
    pub number: i64,
    /// What it is about.
    pub title: String,
    /// The titles of the steps whose turn it is.
    pub open: Vec<String>,
    /// The number of the revision that it follows.
    pub from: u32,
    /// Whether it can move.
    pub can_move: bool,
    /// What whoever moves it should know, or why it cannot.
    pub notes: Vec<String>,
}

/// Which runs to move, and where to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveInput {
    /// The runs.
    pub runs: Vec<String>,
    /// The number of the revision; the one in force where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    pub to: Option<u32>,
    /// Why, in a few words.
    pub reason: String,
}

/// What became of the wish to move runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Moved {
    /// Each of them.
    pub runs: Vec<MoveOutcome>,
}

/// What became of the wish to move a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MoveOutcome {
    /// The run.
    pub run: String,
    /// Whether it follows the other revision now.
    pub moved: bool,
    /// Why not.
    pub problem: Option<String>,
}

impl From<&app::Movables> for Movables {
    fn from(view: &app::Movables) -> Self {
        Self { to: view.to, runs: view.runs.iter().map(Movable::from).collect() }
    }
}

impl From<&app::Movable> for Movable {
    fn from(run: &app::Movable) -> Self {
        let (can_move, notes) = match &run.verdict {
            app::Verdict::Possible(notes) => (true, notes),
            app::Verdict::Impossible(notes) => (false, notes),
        };
        Self {
            run: run.id.to_string(),
            number: run.number,
            title: run.title.clone(),
            open: run.open.clone(),
            from: run.from,
            can_move,
            notes: notes.clone(),
        }
    }
}

impl From<&[app::Outcome]> for Moved {
    fn from(outcomes: &[app::Outcome]) -> Self {
        let one = |outcome: &app::Outcome| MoveOutcome {
            run: outcome.run.to_string(),
            moved: outcome.problem.is_none(),
            problem: outcome.problem.clone(),
        };
        Self { runs: outcomes.iter().map(one).collect() }
    }
}
