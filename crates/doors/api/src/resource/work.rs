//! Work items: found, taken, given back, reported as done.

use crate::{
    answer::{Done, Given, Result},
    call::{Call, Sent},
    operation::Operation,
    page::limit,
    resource::trigger::instant,
};
use axum::http::Method;
use gemba_app::work;
use gemba_model::id::WorkItemId;
use gemba_wire::{
    Page,
    work::{
        AssignmentInput, CompletionInput, CompletionOutcome, DelegationInput, FollowUpInput,
        SkipInput, WorkItem, WorkItemInFull, WorkState,
    },
};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    let (get, put) = (Method::GET, Method::PUT);
    vec![
        Op::new(get.clone(), "/work-items", "list_work_items", "Work items, oldest first", list),
        Op::new(
            get,
            "/work-items/{id}",
            "get_work_item",
            "A work item with what is needed to do it",
            one,
        ),
        Op::new(
            put.clone(),
            "/work-items/{id}/claim",
            "claim_work_item",
            "Take a work item, so that others see that somebody is at it",
            claim,
        ),
        Op::new(
            Method::DELETE,
            "/work-items/{id}/claim",
            "release_work_item",
            "Give a work item back",
            release,
        ),
        Op::new(
            put.clone(),
            "/work-items/{id}/assignment",
            "reassign_work_item",
            "Hand a work item to another seat",
            assign,
        ),
        Op::new(
            put.clone(),
            "/work-items/{id}/delegation",
            "delegate_work_item",
            "Give a work item to a person, who does it for its seat",
            delegate,
        ),
        Op::new(
            Method::DELETE,
            "/work-items/{id}/delegation",
            "take_back_work_item",
            "Take back a work item that was given to a person, or give it back",
            take_back,
        ),
        Op::new(
            put.clone(),
            "/work-items/{id}/follow-up",
            "defer_work_item",
            "Put a work item aside until a moment",
            defer,
        ),
        Op::new(
            Method::DELETE,
            "/work-items/{id}/follow-up",
            "take_up_work_item",
            "Take a work item up again that was put aside",
            take_up,
        ),
        Op::new(
            put.clone(),
            "/work-items/{id}/skip",
            "skip_work_item",
            "Let the run go on without the step",
            skip,
        ),
        Op::new(
            put,
            "/work-items/{id}/completion",
            "complete_work_item",
            "Report a work item as done",
            complete,
        ),
    ]
}

/// Which work items.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WorkQuery {
    /// Only of the seat with this slug or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    seat: Option<String>,
    /// Only in this state; open and claimed where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "WorkState")]
    state: Option<WorkState>,
    /// Only of your own seats.
    #[serde(default)]
    mine: bool,
    /// At most this many, 1 to 200; 50 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32", range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    cursor: Option<WorkItemId>,
}

async fn list(call: Call<(), WorkQuery>) -> Result<Given<Page<WorkItem>>> {
    let WorkQuery { seat, state, mine, limit: said, cursor } = call.query;
    let limit = limit(said)?;
    let states = state.into_iter().map(Into::into).collect();
    let listing = work::Listing { seat, mine, states, after: cursor, limit };
    let rows = work::list(&call.app, &call.who, listing).await?;
    let page = Page::read(rows, |row| row.item.id.to_string(), limit);
    Ok(Given(page.map(|row| WorkItem::from(&row))))
}

async fn one(call: Call<WorkItemId>) -> Result<Given<WorkItemInFull>> {
    let view = work::get(&call.app, &call.who, call.path).await?;
    Ok(Given(WorkItemInFull::from(&view)))
}

async fn claim(call: Call<WorkItemId>) -> Result<Done> {
    work::claim(&call.app, &call.who, call.path).await?;
    Ok(Done)
}

async fn release(call: Call<WorkItemId>) -> Result<Done> {
    work::release(&call.app, &call.who, call.path).await?;
    Ok(Done)
}

async fn assign(call: Call<WorkItemId, (), Sent<AssignmentInput>>) -> Result<Done> {
    let AssignmentInput { seat, reason } = call.input.0;
    work::reassign(&call.app, &call.who, call.path, &seat, &reason).await?;
    Ok(Done)
}

async fn delegate(call: Call<WorkItemId, (), Sent<DelegationInput>>) -> Result<Done> {
    let DelegationInput { person: to, until, note } = call.input.0;
    let until = until.map(|until| instant("until", &until)).transpose()?;
    let to = work::Delegation { to, until, note };
    work::delegate(&call.app, &call.who, call.path, to).await?;
    Ok(Done)
}

async fn take_back(call: Call<WorkItemId>) -> Result<Done> {
    work::take_back(&call.app, &call.who, call.path).await?;
    Ok(Done)
}

async fn defer(call: Call<WorkItemId, (), Sent<FollowUpInput>>) -> Result<Done> {
    let until = instant("until", &call.input.0.until)?;
    work::defer(&call.app, &call.who, call.path, Some(until)).await?;
    Ok(Done)
}

async fn take_up(call: Call<WorkItemId>) -> Result<Done> {
    work::defer(&call.app, &call.who, call.path, None).await?;
    Ok(Done)
}

async fn skip(call: Call<WorkItemId, (), Sent<SkipInput>>) -> Result<Given<CompletionOutcome>> {
    let SkipInput { reason, branch } = call.input.0;
    let outcome = work::skip(&call.app, &call.who, call.path, branch, &reason).await?;
    Ok(Given(CompletionOutcome::from(&outcome)))
}

async fn complete(
    call: Call<WorkItemId, (), Sent<CompletionInput>>,
) -> Result<Given<CompletionOutcome>> {
    let with = call.input.0.into();
    let outcome = work::complete(&call.app, &call.who, call.path, with).await?;
    Ok(Given(CompletionOutcome::from(&outcome)))
}
