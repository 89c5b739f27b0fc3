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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fencing_token: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lease_until: Option<String>,
}

impl From<&WorkRow> for Open {
    fn from(row: &WorkRow) -> Self {
        Self {
            work: row.item.id.to_string(),
            step: row.step.title.clone(),
            seat: row.seat.clone(),
            state: row.item.state.word().to_owned(),
            yours: row.is_mine,
            fencing_token: row.lease.map(|lease| lease.token),
            lease_until: row.lease.and_then(|lease| lease.until).map(|until| until.to_string()),
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
