//! The short rows that several tools answer with.

use gemba_app::work::WorkRow;
use schemars::JsonSchema;
use serde::Serialize;

/// A process by its two names.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Named {
    pub(crate) slug: String,
    pub(crate) title: String,
}

impl Named {
    pub(crate) fn all(pairs: &[(String, String)]) -> Vec<Self> {
        pairs
            .iter()
            .map(|(slug, title)| Self { slug: slug.clone(), title: title.clone() })
            .collect()
    }
}

/// A work item whose turn it is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Open {
    pub(crate) work: String,
    pub(crate) step: String,
    pub(crate) seat: String,
    pub(crate) state: String,
    pub(crate) yours: bool,
}

impl From<&WorkRow> for Open {
    fn from(row: &WorkRow) -> Self {
        Self {
            work: row.item.id.to_string(),
            step: row.step.title.clone(),
            seat: row.seat.clone(),
            state: row.item.state.word().to_owned(),
            yours: row.is_mine,
        }
    }
}

/// The open items as lines of text.
pub(crate) fn lines(open: &[Open]) -> String {
    let line = |o: &Open| {
        let yours = if o.yours { ", yours" } else { "" };
        format!("- {} | {} | {} | {}{yours}", o.work, o.step, o.seat, o.state)
    };
    open.iter().map(line).collect::<Vec<_>>().join("\n")
}
