//! Revisions: proposed, approved, in force, retired; and what is different between them.

use crate::{
    answer::{Done, Given, Result},
    call::{Call, Sent},
    operation::Operation,
    page::part,
};
use axum::http::Method;
use gemba_app::{
    changes::{self, State},
    last_run, processes, proposals, publishing, retirement,
};
use gemba_wire::{
    Page,
    change::Changes,
    page::ListQuery,
    proposal::{
        ApprovalInput, ObjectionInput, Proposal, ProposalInput, RetirementInput, SeenInput,
        SinceLastRun,
    },
    revision::{PublicationInput, Revision, RevisionRow, VerificationInput},
};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn operations() -> Vec<Operation> {
    let mut all = of_revisions();
    all.extend(of_proposals());
    all
}

fn of_revisions() -> Vec<Operation> {
    use Operation as Op;
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    vec![
        Op::new(
            get.clone(),
            "/processes/{slug}/revisions",
            "list_revisions",
            "The revisions, newest first",
            revisions,
        ),
        Op::new(
            post,
            "/processes/{slug}/revisions",
            "publish",
            "Publish the draft, a proposed or an older revision as a revision that never changes",
            publish,
        ),
        Op::new(
            get.clone(),
            "/processes/{slug}/revisions/{number}",
            "get_revision",
            "One revision",
            revision,
        ),
        Op::new(
            get.clone(),
            "/processes/{slug}/revisions/{number}/changes",
            "get_revision_changes",
            "What is different in a revision, compared with the one before or the one given",
            revision_changes,
        ),
        Op::new(
            get.clone(),
            "/processes/{slug}/draft/changes",
            "get_draft_changes",
            "What is different in the draft, compared with the revision in force or the one given",
            draft_changes,
        ),
        Op::new(
            put.clone(),
            "/processes/{slug}/verification",
            "verify_process",
            "Stand behind the revision in force, as the holder of the owner's seat",
            verify,
        ),
        Op::new(
            put.clone(),
            "/processes/{slug}/retirement",
            "retire_process",
            "Retire a process: nothing new runs by it, its schedules stop, it stays readable",
            retire,
        ),
        Op::new(
            delete,
            "/processes/{slug}/retirement",
            "bring_back_process",
            "Bring a retired process back",
            bring_back,
        ),
        Op::new(
            get,
            "/processes/{slug}/since-last-run",
            "get_since_last_run",
            "What changed since you last ran it; null where nothing did, or you never ran it",
            since_last_run,
        ),
        Op::new(
            put,
            "/processes/{slug}/seen",
            "put_seen",
            "You have seen what changed up to this revision",
            seen,
        ),
    ]
}

fn of_proposals() -> Vec<Operation> {
    use Operation as Op;
    let (get, put) = (Method::GET, Method::PUT);
    vec![
        Op::new(
            get.clone(),
            "/processes/{slug}/proposal",
            "get_proposal",
            "The proposed revision: in review, approved or sent back",
            proposal,
        ),
        Op::new(
            put.clone(),
            "/processes/{slug}/proposal",
            "send_for_review",
            "Send the draft or an older revision for review; it is frozen as it is",
            send,
        ),
        Op::new(
            Method::DELETE,
            "/processes/{slug}/proposal",
            "withdraw_proposal",
            "Take a proposed revision back",
            withdraw,
        ),
        Op::new(
            get,
            "/processes/{slug}/proposal/changes",
            "get_proposal_changes",
            "What is different in the proposed revision, compared with the one in force or the one given",
            proposal_changes,
        ),
        Op::new(
            put.clone(),
            "/processes/{slug}/approval",
            "approve_proposal",
            "Say yes to exactly the proposed revision that you read, as a person who did not write it",
            approve,
        ),
        Op::new(
            put,
            "/processes/{slug}/objection",
            "object_to_proposal",
            "Send a proposed revision back with what should be changed",
            object,
        ),
    ]
}

async fn revisions(call: Call<String, ListQuery>) -> Result<Given<Page<RevisionRow>>> {
    let view = processes::get(&call.app, &call.who, &call.path).await?;
    let page = part(view.revisions, |row| row.number.to_string(), &call.query)?;
    Ok(Given(page.map(|row| RevisionRow::from(&row))))
}

async fn publish(call: Call<String, (), Sent<PublicationInput>>) -> Result<Given<RevisionRow>> {
    let with = call.input.0.into();
    let row = publishing::publish(&call.app, &call.who, &call.path, with).await?;
    Ok(Given(RevisionRow::from(&row)))
}

async fn revision(call: Call<(String, u32)>) -> Result<Given<Revision>> {
    let (slug, number) = call.path;
    let revision = publishing::revision(&call.app, &call.who, &slug, number).await?;
    Ok(Given(Revision::from(&revision)))
}

async fn verify(call: Call<String, (), Sent<VerificationInput>>) -> Result<Done> {
    publishing::verify(&call.app, &call.who, &call.path, call.input.0.revision).await?;
    Ok(Done)
}

async fn retire(call: Call<String, (), Sent<RetirementInput>>) -> Result<Done> {
    retirement::retire(&call.app, &call.who, &call.path, &call.input.0.because).await?;
    Ok(Done)
}

async fn bring_back(call: Call<String>) -> Result<Done> {
    retirement::bring_back(&call.app, &call.who, &call.path).await?;
    Ok(Done)
}

async fn since_last_run(call: Call<String>) -> Result<Given<Option<SinceLastRun>>> {
    let since = last_run::of_process(&call.app, &call.who, &call.path).await?;
    Ok(Given(since.as_ref().map(SinceLastRun::from)))
}

async fn seen(call: Call<String, (), Sent<SeenInput>>) -> Result<Done> {
    last_run::seen(&call.app, &call.who, &call.path, call.input.0.revision).await?;
    Ok(Done)
}

async fn proposal(call: Call<String>) -> Result<Given<Proposal>> {
    let view = proposals::get(&call.app, &call.who, &call.path).await?;
    Ok(Given(Proposal::from(&view)))
}

async fn send(call: Call<String, (), Sent<ProposalInput>>) -> Result<Given<Proposal>> {
    let with = call.input.0.into();
    let view = proposals::send(&call.app, &call.who, &call.path, with).await?;
    Ok(Given(Proposal::from(&view)))
}

async fn withdraw(call: Call<String>) -> Result<Done> {
    proposals::withdraw(&call.app, &call.who, &call.path).await?;
    Ok(Done)
}

async fn approve(
    call: Call<String, (), Sent<ApprovalInput>>,
) -> Result<Given<Option<RevisionRow>>> {
    let ApprovalInput { hash, comment, publish } = call.input.0;
    let row =
        proposals::approve(&call.app, &call.who, &call.path, &hash, &comment, publish).await?;
    Ok(Given(row.as_ref().map(RevisionRow::from)))
}

async fn object(call: Call<String, (), Sent<ObjectionInput>>) -> Result<Done> {
    let ObjectionInput { hash, comment } = call.input.0;
    proposals::send_back(&call.app, &call.who, &call.path, &hash, &comment).await?;
    Ok(Done)
}

/// Compared with what.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChangesQuery {
    /// The number of the revision that is compared with; the one before where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<u32>,
}

async fn revision_changes(call: Call<(String, u32), ChangesQuery>) -> Result<Given<Changes>> {
    let (slug, number) = &call.path;
    let to = State::Revision(*number);
    let view = changes::of(&call.app, &call.who, slug, call.query.from, to).await?;
    Ok(Given(Changes::from(&view)))
}

async fn draft_changes(call: Call<String, ChangesQuery>) -> Result<Given<Changes>> {
    let from = call.query.from;
    let view = changes::of(&call.app, &call.who, &call.path, from, State::Draft).await?;
    Ok(Given(Changes::from(&view)))
}

async fn proposal_changes(call: Call<String, ChangesQuery>) -> Result<Given<Changes>> {
    let from = call.query.from;
    let view = changes::of(&call.app, &call.who, &call.path, from, State::Proposal).await?;
    Ok(Given(Changes::from(&view)))
}
