//! Schedules: what became of each occurrence.

use crate::{
    answer::{Given, Result},
    call::Call,
    operation::Operation,
    page::part,
};
use axum::http::Method;
use gemba_app::triggers;
use gemba_model::id::TriggerId;
use gemba_wire::{
    Page,
    page::{ListQuery, MAX_LIMIT},
    trigger::Occurrence,
};

pub(super) fn operations() -> Vec<Operation> {
    vec![Operation::new(
        Method::GET,
        "/triggers/{id}/occurrences",
        "list_occurrences",
        "The latest 200 occurrences of a schedule, latest first",
        occurrences,
    )]
}

async fn occurrences(call: Call<TriggerId, ListQuery>) -> Result<Given<Page<Occurrence>>> {
    let all = triggers::occurrences(&call.app, &call.who, call.path, MAX_LIMIT).await?;
    let page = part(all, |occurrence| occurrence.row.due.to_string(), &call.query)?;
    Ok(Given(page.map(|occurrence| Occurrence::from(&occurrence))))
}
