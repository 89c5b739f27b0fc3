//! What a trigger waits for when it is no rhythm: so long before or after something, a number that
//! crosses a limit, or something that somebody or something does.

use crate::TriggerKind;
use crate::limit::Limit;
use crate::period::Period;
use serde::{Deserialize, Serialize};
use std::fmt;

mod read;

/// On which side of its anchor a moment lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Before it.
    Before,
    /// After it.
    After,
    /// After it, at the latest so long.
    Within,
}

/// What a trigger waits for, in a form that a machine can compare.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cue {
    /// So long before or after something: "P60D before engagement ends".
    Relative {
        /// How long; where a range was said, its shorter end.
        period: Period,
        /// The longer end of a range.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Period>,
        /// Before or after.
        side: Side,
        /// Of what, in the words of the text.
        anchor: String,
    },
    /// A number crosses a limit: "ad spend > 80% of budget".
    Limit(Limit),
    /// Something happens: "new lead: enters the CRM".
    Happening {
        /// To or by what.
        subject: String,
        /// What.
        happening: String,
    },
}

impl Cue {
    /// What a trigger of this kind waits for in the words of a text, where they say it exactly enough.
    pub fn said_in(kind: TriggerKind, text: &str) -> Option<Self> {
        read::cue(kind, text)
    }
}

impl fmt::Display for Cue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relative { period, to, side, anchor } => {
                let joint = match side {
                    Side::Before => "before",
                    Side::After | Side::Within => "after",
                };
                if *side == Side::Within {
                    f.write_str("within ")?;
                }
                write!(f, "{period}")?;
                if let Some(to) = to {
                    write!(f, " to {to}")?;
                }
                write!(f, " {joint} {anchor}")
            }
            Self::Limit(limit) => limit.fmt(f),
            Self::Happening { subject, happening } => write!(f, "{subject}: {happening}"),
        }
    }
}
