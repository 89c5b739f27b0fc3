//! Runs: begun, looked at, ended early; their steps reported as done by name.

use crate::{
    answer::{Done, Given, Result},
    call::{Call, Sent},
    operation::Operation,
    page::limit,
};
use axum::http::Method;
use gemba_app::{runs, work};
use gemba_model::{StepId, id::RunId};
use gemba_wire::{
    Page,
    run::{
        CancellationInput, PriorityInput, RoundInput, Run, RunEvent, RunRow, RunState, StartInput,
        StartedRun,
    },
    work::{CompletionInput, CompletionOutcome},
};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    vec![
        Op::new(
            get.clone(),
            "/processes/{slug}/runs",
            "list_runs_of_process",
            "The runs of a process, newest first",
            of_process,
        ),
        Op::new(
            post.clone(),
            "/processes/{slug}/runs",
            "start_run",
            "Start a run of the revision in force",
            start,
        ),
        Op::new(get.clone(), "/runs", "list_runs", "Runs, newest first", list),
        Op::new(get.clone(), "/runs/{id}", "get_run", "A run, where it stands", one),
        Op::new(get, "/runs/{id}/events", "list_run_events", "What happened, in order", events),
        Op::new(
            post,
            "/runs/{id}/cancellation",
            "cancel_run",
            "End a run before its end, with a reason",
            cancel,
        ),
        Op::new(
            Method::POST,
            "/runs/{id}/rounds",
            "allow_round",
            "Let a run that stands still go round once more, with a reason",
            allow_round,
        ),
        Op::new(
            put.clone(),
            "/runs/{id}/priority",
            "set_run_priority",
            "Say how urgent a run is",
            prioritise,
        ),
        Op::new(
            put,
            "/runs/{id}/steps/{step}/completion",
            "complete_step",
            "Report a step as done; refused where its turn has not come",
            complete,
        ),
    ]
}

/// Which runs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RunsQuery {
    /// Only of the process with this slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    process: Option<String>,
    /// Only in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "RunState")]
    state: Option<RunState>,
    /// Only those that came to the end of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    outcome: Option<String>,
    /// At most this many, 1 to 200; 50 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32", range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    cursor: Option<RunId>,
}

async fn list(call: Call<(), RunsQuery>) -> Result<Given<Page<RunRow>>> {
    let RunsQuery { process, state, outcome, limit: said, cursor } = call.query;
    let limit = limit(said)?;
    let state = state.map(Into::into);
    let listing = runs::Listing { process, state, outcome, before: cursor, limit };
    let rows = runs::list(&call.app, &call.who, listing).await?;
    let page = Page::read(rows, |row| row.id.to_string(), limit);
    Ok(Given(page.map(|row| RunRow::from(&row))))
}

/// Which runs of a process.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ProcessRunsQuery {
    /// Only in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "RunState")]
    state: Option<RunState>,
    /// Only those that came to the end of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    outcome: Option<String>,
    /// At most this many, 1 to 200; 50 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32", range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    cursor: Option<RunId>,
}

async fn of_process(call: Call<String, ProcessRunsQuery>) -> Result<Given<Page<RunRow>>> {
    let Call { app, who, path, query, input } = call;
    let ProcessRunsQuery { state, outcome, limit, cursor } = query;
    let query = RunsQuery { process: Some(path), state, outcome, limit, cursor };
    list(Call { app, who, path: (), query, input }).await
}

async fn start(call: Call<String, (), Sent<StartInput>>) -> Result<Given<StartedRun>> {
    let StartInput { title, inputs } = call.input.0;
    let id = runs::start_with(&call.app, &call.who, &call.path, &title, &inputs).await?;
    Ok(Given(StartedRun { id: id.to_string() }))
}

async fn one(call: Call<RunId>) -> Result<Given<Run>> {
    let view = runs::get(&call.app, &call.who, call.path).await?;
    Ok(Given(Run::from(&view)))
}

/// Which events.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EventsQuery {
    /// At most this many, 1 to 200; 50 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32", range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before, or the number of the last event known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    cursor: Option<i64>,
}

async fn events(call: Call<RunId, EventsQuery>) -> Result<Given<Page<RunEvent>>> {
    let limit = limit(call.query.limit)?;
    let after = call.query.cursor.unwrap_or(0);
    let lines = runs::events(&call.app, &call.who, call.path, after, limit).await?;
    let page = Page::read(lines, |line| line.seq.to_string(), limit);
    Ok(Given(page.map(|line| RunEvent::from(&line))))
}

async fn prioritise(call: Call<RunId, (), Sent<PriorityInput>>) -> Result<Done> {
    let priority = call.input.0.priority.into();
    runs::prioritise(&call.app, &call.who, call.path, priority).await?;
    Ok(Done)
}

async fn cancel(call: Call<RunId, (), Sent<CancellationInput>>) -> Result<Done> {
    runs::cancel(&call.app, &call.who, call.path, &call.input.0.reason).await?;
    Ok(Done)
}

async fn allow_round(call: Call<RunId, (), Sent<RoundInput>>) -> Result<Done> {
    runs::allow_round(&call.app, &call.who, call.path, &call.input.0.reason).await?;
    Ok(Done)
}

async fn complete(
    call: Call<(RunId, StepId), (), Sent<CompletionInput>>,
) -> Result<Given<CompletionOutcome>> {
    let (run, step) = call.path;
    let with = call.input.0.into();
    let outcome = work::complete_step(&call.app, &call.who, run, step, with).await?;
    Ok(Given(CompletionOutcome::from(&outcome)))
}
