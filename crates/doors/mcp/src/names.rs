//! What the names in arguments mean: processes by slug or title, items by their ids.

use crate::refusal::Refusal;
use gemba_app::{
    App, Error, Who,
    processes::{self, ProcessRow},
};
use gemba_model::id::{RunId, WorkItemId};

/// The process that this slug or title means.
pub(crate) async fn process(app: &App, who: &Who, text: &str) -> Result<ProcessRow, Refusal> {
    let rows = processes::list(app, who).await?;
    let wanted = text.trim().to_lowercase();
    let is = |row: &&ProcessRow| row.slug == wanted || row.summary.title.to_lowercase() == wanted;
    if let Some(row) = rows.iter().find(is) {
        return Ok(row.clone());
    }
    let near: Vec<&str> = rows
        .iter()
        .filter(|row| !wanted.is_empty() && row.summary.title.to_lowercase().contains(&wanted))
        .map(|row| row.slug.as_str())
        .take(5)
        .collect();
    let refusal = Refusal::from(Error::NotFound { what: "process", id: text.to_owned() });
    if near.is_empty() {
        return Err(refusal);
    }
    Err(refusal.with_next(format!("call again with one of these: {}", near.join(", "))))
}

/// The work item with this id.
pub(crate) fn work(text: &str) -> Result<WorkItemId, Refusal> {
    text.trim().parse().map_err(|error| {
        Refusal::argument("work", format!("`{text}` is no work item: {error}"))
            .with_next("call list_work for the ids of open work")
    })
}

/// The run with this id.
pub(crate) fn run(text: &str) -> Result<RunId, Refusal> {
    text.trim().parse().map_err(|error| {
        Refusal::argument("run", format!("`{text}` is no run: {error}"))
            .with_next("call list_work: each item says its run")
    })
}
