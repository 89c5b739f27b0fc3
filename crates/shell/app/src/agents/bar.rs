//! Why an agent is barred from what it tried, by which rule.

use crate::error::Kind;
use thiserror::Error;

/// A rule for agents that refuses something.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Bar {
    /// A person has stopped it.
    #[error("{by} has stopped {what}: {reason}")]
    Stopped {
        /// What is stopped, in words.
        what: String,
        /// Who stopped it.
        by: String,
        /// Why.
        reason: String,
    },
    /// The agent's seat lacks what it needs before it may act.
    #[error("the agent on the seat `{seat}` may not act yet: {}", words(.missing))]
    NotReady {
        /// The seat.
        seat: String,
        /// What is missing.
        missing: Vec<Lack>,
    },
    /// Only a person who is signed in decides this.
    #[error("only a person decides this, signed in on the pages: {what}")]
    PersonsOnly {
        /// What.
        what: &'static str,
    },
}

/// What an agent's seat can lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// No person is above it on the chart.
    Sponsor,
    /// It is not said what it is there to do.
    Mandate,
    /// It is not said what it never does.
    Edges,
    /// No number says whether it is worth it.
    Metric,
    /// No person holds its switch.
    Switch,
}

impl Lack {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sponsor => "sponsor",
            Self::Mandate => "mandate",
            Self::Edges => "edges",
            Self::Metric => "metric",
            Self::Switch => "switch",
        }
    }

    /// What is missing, in words.
    pub fn says(self) -> &'static str {
        match self {
            Self::Sponsor => "no person is above it on the chart",
            Self::Mandate => "its mandate is not written",
            Self::Edges => "it is not written what it never does",
            Self::Metric => "it has no business metric",
            Self::Switch => "nobody holds its kill switch",
        }
    }
}

fn words(missing: &[Lack]) -> String {
    missing.iter().map(|lack| lack.says()).collect::<Vec<_>>().join(", ")
}

impl Bar {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Stopped { .. } => "APP0421",
            Self::NotReady { .. } => "APP0422",
            Self::PersonsOnly { .. } => "APP0426",
        }
    }

    /// What kind of refusal it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Stopped { .. } | Self::NotReady { .. } | Self::PersonsOnly { .. } => {
                Kind::Forbidden
            }
        }
    }

    /// The title of a problem document.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Stopped { .. } => "Stopped",
            Self::NotReady { .. } => "The agent's seat is not ready",
            Self::PersonsOnly { .. } => "For people only",
        }
    }

    /// What an agent does next.
    pub fn next(&self) -> &'static str {
        match self {
            Self::Stopped { .. } => {
                "stop working; a person lets you go on, and no other call helps until then"
            }
            Self::NotReady { .. } => {
                "stop; a manager fills in what is missing on the page of your seat"
            }
            Self::PersonsOnly { .. } => "leave it to a person; go on with other work",
        }
    }
}
