//! Search over everything.

use crate::{
    answer::{Given, Result},
    call::Call,
    operation::Operation,
    page::limit,
};
use axum::http::Method;
use gemba_app::{
    Error,
    search::{self, Kind, Question},
};
use gemba_wire::{Page, search::SearchHit};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    vec![Op::new(
        Method::GET,
        "/search",
        "search",
        "What has all the words, each as the beginning of a word, the best first",
        search,
    )]
}

/// What is looked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SearchQuery {
    /// The words, at most 200 characters.
    q: String,
    /// Only of this kind: `process`, `seat` or `run`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    kind: Option<String>,
    /// At most this many, 1 to 200; 50 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32", range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    cursor: Option<u32>,
}

async fn search(call: Call<(), SearchQuery>) -> Result<Given<Page<SearchHit>>> {
    let SearchQuery { q, kind, limit: said, cursor } = call.query;
    let limit = limit(said)?;
    let kind = match kind {
        None => None,
        Some(word) => Some(Kind::of_word(&word).ok_or_else(|| {
            let message = format!("`{word}` is no kind; there are process, seat and run");
            Error::Invalid { field: "kind", message }
        })?),
    };
    let offset = cursor.unwrap_or(0);
    let question = Question { text: q, kind, offset, limit };
    let answer = search::find(&call.app, &call.who, &question).await?;
    let items = answer.hits.iter().map(SearchHit::from).collect();
    let next_cursor = answer.more.then(|| (offset + limit).to_string());
    Ok(Given(Page { items, next_cursor }))
}
