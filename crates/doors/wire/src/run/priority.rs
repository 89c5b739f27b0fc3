//! How urgent the work of a run is.

use gemba_model as model;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How urgent the work of a run is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Priority {
    /// It can wait.
    Low,
    /// Nothing is said.
    #[default]
    Normal,
    /// Before other work.
    High,
    /// Now.
    Urgent,
}

impl From<model::Priority> for Priority {
    fn from(priority: model::Priority) -> Self {
        match priority {
            model::Priority::Low => Self::Low,
            model::Priority::Normal => Self::Normal,
            model::Priority::High => Self::High,
            model::Priority::Urgent => Self::Urgent,
        }
    }
}

impl From<Priority> for model::Priority {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::Low => Self::Low,
            Priority::Normal => Self::Normal,
            Priority::High => Self::High,
            Priority::Urgent => Self::Urgent,
        }
    }
}
