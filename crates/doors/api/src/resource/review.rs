//! Reviews: what is due, what came of it.

use crate::{
    answer::{Done, Given, Result},
    call::{Call, Sent},
    operation::Operation,
    page::part,
};
use axum::http::Method;
use gemba_app::reviews;
use gemba_wire::{
    Page,
    page::ListQuery,
    review::{Review, ReviewInput, ReviewRow},
};

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    let path = "/processes/{slug}/reviews";
    vec![
        Op::new(
            Method::GET,
            "/reviews",
            "list_reviews_due",
            "The processes in force, the most urgent review first",
            due,
        ),
        Op::new(Method::GET, path, "list_reviews", "The reviews of a process, newest first", list),
        Op::new(Method::POST, path, "record_review", "Record a review", record),
    ]
}

async fn due(call: Call<(), ListQuery>) -> Result<Given<Page<ReviewRow>>> {
    let rows = reviews::list(&call.app, &call.who).await?;
    let page = part(rows, |row| row.slug.clone(), &call.query)?;
    Ok(Given(page.map(|row| ReviewRow::from(&row))))
}

async fn list(call: Call<String, ListQuery>) -> Result<Given<Page<Review>>> {
    let all = reviews::of_process(&call.app, &call.who, &call.path).await?;
    let page = part(all, |review| review.id.to_string(), &call.query)?;
    Ok(Given(page.map(|review| Review::from(&review))))
}

async fn record(call: Call<String, (), Sent<ReviewInput>>) -> Result<Done> {
    let ReviewInput { outcome, note } = call.input.0;
    reviews::record(&call.app, &call.who, &call.path, outcome.into(), &note).await?;
    Ok(Done)
}
