//! How urgent a run is: said by whoever answers for it.

use super::one::id;
use crate::{
    gate::Sent,
    ui::{
        act::{Weight, button, csrf},
        field::{Choice, Field, select},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::extract::Path;
use gemba_app::{Error, runs};
use gemba_model::{Priority, id::RunId};
use maud::{Markup, html};
use serde::Deserialize;

/// How urgent the run is to be.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Urgency {
    #[serde(default)]
    priority: String,
}

pub(super) async fn prioritise(Path(given): Path<String>, sent: Sent<Urgency>) -> Answer {
    let Sent { visit, form } = sent;
    let id = id(&given)?;
    let unclear = || Error::Invalid {
        field: "priority",
        message: format!("`{}` is no priority", form.priority),
    };
    let priority = Priority::of_word(&form.priority).ok_or_else(unclear)?;
    runs::prioritise(&visit.app, &visit.who, id, priority).await?;
    Ok(go(&format!("/runs/{id}"), Done::Prioritised))
}

pub(super) fn form(visit: &Visit, id: RunId, priority: Priority) -> Markup {
    let choices = [
        Choice::new("low", "Low"),
        Choice::new("normal", "Normal"),
        Choice::new("high", "High"),
        Choice::new("urgent", "Urgent"),
    ];
    let how = Field::new("priority", "How urgent is this run?")
        .hint("Its steps stand in that order under My work");
    html! {
        form class="form" method="post" action={ "/runs/" (id) "/priority" } {
            (csrf(&visit.csrf))
            (select(&how, &choices, priority.word()))
            (button("Save", Weight::Secondary))
        }
    }
}
