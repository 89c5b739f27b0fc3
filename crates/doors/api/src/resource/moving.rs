//! Runs that go on by an older revision: what a move would mean for each, and the move.

use crate::{
    answer::{Given, Result},
    call::{Call, Sent},
    operation::Operation,
};
use axum::http::Method;
use gemba_app::{Error, moving};
use gemba_wire::moving::{Movables, MoveInput, Moved};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(
            Method::GET,
            "/processes/{slug}/moves",
            "list_movable_runs",
            "The runs that go on by another revision, and what a move would mean for each",
            list,
        ),
        Operation::new(
            Method::POST,
            "/processes/{slug}/moves",
            "move_runs",
            "Move runs to another revision, each by itself, with a reason",
            go,
        ),
    ]
}

/// To which revision.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MovesQuery {
    /// The number of the revision to move to; the one in force where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    to: Option<u32>,
}

async fn list(call: Call<String, MovesQuery>) -> Result<Given<Movables>> {
    let view = moving::preview(&call.app, &call.who, &call.path, call.query.to).await?;
    Ok(Given(Movables::from(&view)))
}

async fn go(call: Call<String, (), Sent<MoveInput>>) -> Result<Given<Moved>> {
    let MoveInput { runs, to, reason } = call.input.0;
    let mut ids = Vec::with_capacity(runs.len());
    for run in runs {
        let missing = |_unknown| Error::NotFound { what: "run", id: run.clone() };
        ids.push(run.parse().map_err(missing)?);
    }
    let done = moving::go(&call.app, &call.who, &call.path, &ids, to, &reason).await?;
    Ok(Given(Moved::from(done.as_slice())))
}
