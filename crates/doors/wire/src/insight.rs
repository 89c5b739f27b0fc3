//! What really happened in a process.

use gemba_app::insight as app;
use schemars::JsonSchema;
use serde::Serialize;

/// What happened in a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Insight {
    /// Runs going on.
    pub running: i64,
    /// Runs that came to their end.
    pub completed: i64,
    /// Runs ended before their end.
    pub cancelled: i64,
    /// The median time from start to end of the latest completed runs, in seconds.
    pub median_cycle_s: Option<i64>,
    /// The time from start to end of the latest completed runs, oldest first, in seconds.
    pub cycles_s: Vec<i64>,
    /// The steps, in document order.
    pub steps: Vec<StepInsight>,
    /// The paths that runs took, most frequent first.
    pub paths: Vec<PathTaken>,
}

/// A step and how it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepInsight {
    /// The step's id.
    pub step: String,
    /// Its title.
    pub title: String,
    /// How often it was done.
    pub n: i64,
    /// The mean time from its turn to done, in seconds.
    pub mean_s: i64,
    /// The longest, in seconds.
    pub max_s: i64,
    /// How often each branch was taken.
    pub branches: Vec<BranchTaken>,
}

/// A branch and how often it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BranchTaken {
    /// The branch's id.
    pub branch: String,
    /// How often.
    pub n: i64,
}

/// A path that runs took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PathTaken {
    /// The titles of the steps, in order.
    pub steps: Vec<String>,
    /// How many runs.
    pub n: usize,
}

impl From<&app::Insight> for Insight {
    fn from(insight: &app::Insight) -> Self {
        let steps = insight.steps.iter().map(|step| StepInsight {
            step: step.step.to_string(),
            title: step.title.clone(),
            n: step.n,
            mean_s: step.mean_s,
            max_s: step.max_s,
            branches: step
                .branches
                .iter()
                .map(|(branch, n)| BranchTaken { branch: branch.clone(), n: *n })
                .collect(),
        });
        let paths = insight.paths.iter();
        Self {
            running: insight.running,
            completed: insight.completed,
            cancelled: insight.cancelled,
            median_cycle_s: insight.median_cycle_s,
            cycles_s: insight.cycles_s.clone(),
            steps: steps.collect(),
            paths: paths.map(|p| PathTaken { steps: p.steps.clone(), n: p.n }).collect(),
        }
    }
}
