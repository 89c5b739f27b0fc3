//! Triggers: when they are due, what is done about what is missed, what became of each occurrence.

use crate::{
    answer::{Done, Given, Result},
    call::{Call, Sent},
    operation::Operation,
    page::{limit, part},
};
use axum::http::Method;
use gemba_app::{
    Error, inlets,
    triggers::{self, OccurrenceState},
};
use gemba_model::id::TriggerId;
use gemba_wire::{
    Page,
    inlet::{
        DryRun, DryRunInput, NewSecret, PushInput, Pushed, SecretInput, TriggerInput, TriggerMade,
    },
    page::ListQuery,
    trigger::{
        Backfill, BackfillInput, Decided, DecisionInput, Occurrence, PauseInput, TriggerDetail,
        TriggerPolicy,
    },
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    vec![
        Op::new(
            get.clone(),
            "/triggers",
            "list_triggers",
            "The triggers in force: schedules, the one that is due next first, then the others by name",
            list,
        ),
        Op::new(
            post.clone(),
            "/triggers",
            "create_trigger",
            "Set up a trigger for messages, a threshold or guests; its secret is shown once",
            create,
        )
        .unkept(),
        Op::new(
            put.clone(),
            "/triggers/{id}",
            "put_trigger",
            "Change a trigger that no document names; its secrets stay",
            change,
        ),
        Op::new(
            delete.clone(),
            "/triggers/{id}",
            "delete_trigger",
            "Take away a trigger that no document names",
            remove,
        ),
        Op::new(
            post.clone(),
            "/triggers/{id}/secret",
            "rotate_secret",
            "Another secret for a trigger; of a webhook the one before is valid for a day longer",
            rotate,
        )
        .unkept(),
        Op::new(
            post.clone(),
            "/triggers/{id}/dry-run",
            "dry_run",
            "What a message would do, without doing it",
            dry_run,
        )
        .with_status(200)
        .unkept(),
        Op::new(
            post.clone(),
            "/triggers/{id}/values",
            "push_trigger_value",
            "Push a value to a threshold that has no measurable",
            push,
        ),
        Op::new(
            get.clone(),
            "/triggers/{id}",
            "get_trigger",
            "A trigger: what is to come, its policies, whether it is paused",
            one,
        ),
        Op::new(
            put.clone(),
            "/triggers/{id}/policy",
            "put_trigger_policy",
            "Say what becomes of occurrences that are missed or overlap",
            set_policy,
        ),
        Op::new(
            put.clone(),
            "/triggers/{id}/pause",
            "pause_trigger",
            "Pause a trigger, with a reason",
            pause,
        ),
        Op::new(
            delete,
            "/triggers/{id}/pause",
            "resume_trigger",
            "Let a paused trigger go on; what came due meanwhile is not made up for",
            resume,
        ),
        Op::new(
            get.clone(),
            "/triggers/{id}/occurrences",
            "list_occurrences",
            "The occurrences of a trigger whose moment has come, or those in one state, latest first",
            occurrences,
        ),
        Op::new(
            put,
            "/triggers/{id}/occurrences/{due}/decision",
            "decide_occurrence",
            "Answer an occurrence that asks: it starts its run now, or none",
            decide,
        ),
        Op::new(
            get,
            "/triggers/{id}/backfill",
            "preview_backfill",
            "What asking for the occurrences of a time in the past would start",
            preview,
        ),
        Op::new(
            post,
            "/triggers/{id}/backfill",
            "backfill",
            "Ask for the occurrences of a time in the past, by the rules in force then",
            backfill,
        ),
    ]
}

/// Which occurrences.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OccurrenceQuery {
    /// Only those in this state: planned, waiting, asked, started, skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    state: Option<String>,
    /// At most this many, 1 to 200; 50 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32", range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    cursor: Option<String>,
}

/// A time in the past.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SpanQuery {
    /// From when.
    from: String,
    /// To when, not within it.
    to: String,
}

pub(super) fn instant(field: &'static str, text: &str) -> Result<Timestamp> {
    text.parse().map_err(|_unreadable| {
        let message = format!("`{text}` is no instant; write for example 2026-01-31T08:00:00Z");
        Error::Invalid { field, message }.into()
    })
}

async fn list(call: Call<(), ListQuery>) -> Result<Given<Page<TriggerDetail>>> {
    let schedules = triggers::overview(&call.app, &call.who).await?;
    let others = inlets::list(&call.app, &call.who).await?;
    let all: Vec<TriggerDetail> = schedules
        .iter()
        .map(TriggerDetail::from)
        .chain(others.iter().map(TriggerDetail::from))
        .collect();
    Ok(Given(part(all, |view| view.id.clone(), &call.query)?))
}

async fn one(call: Call<TriggerId>) -> Result<Given<TriggerDetail>> {
    match triggers::get(&call.app, &call.who, call.path).await {
        Ok(view) => Ok(Given(TriggerDetail::from(&view))),
        Err(Error::NotFound { .. }) => {
            let view = inlets::get(&call.app, &call.who, call.path).await?;
            Ok(Given(TriggerDetail::from(&view)))
        }
        Err(other) => Err(other.into()),
    }
}

fn read(input: TriggerInput) -> Result<inlets::InletInput> {
    input.read().map_err(|field| {
        let message = format!("the {field} policy has none of the words it may have");
        Error::Invalid { field, message }.into()
    })
}

async fn create(call: Call<(), (), Sent<TriggerInput>>) -> Result<Given<TriggerMade>> {
    let input = call.input.0;
    let process = input.process.clone().unwrap_or_default();
    let made = inlets::create(&call.app, &call.who, &process, read(input)?).await?;
    Ok(Given(TriggerMade::from(made)))
}

async fn change(call: Call<TriggerId, (), Sent<TriggerInput>>) -> Result<Done> {
    inlets::change(&call.app, &call.who, call.path, read(call.input.0)?).await?;
    Ok(Done)
}

async fn remove(call: Call<TriggerId>) -> Result<Done> {
    inlets::delete(&call.app, &call.who, call.path).await?;
    Ok(Done)
}

async fn rotate(call: Call<TriggerId, (), Sent<SecretInput>>) -> Result<Given<NewSecret>> {
    let given = call.input.0.secret;
    let secret = inlets::renew(&call.app, &call.who, call.path, given.as_deref()).await?;
    Ok(Given(NewSecret { secret }))
}

async fn dry_run(call: Call<TriggerId, (), Sent<DryRunInput>>) -> Result<Given<DryRun>> {
    let letter = call.input.0.into();
    let tried = inlets::dry_run(&call.app, &call.who, call.path, &letter).await?;
    Ok(Given(DryRun::from(tried)))
}

async fn push(call: Call<TriggerId, (), Sent<PushInput>>) -> Result<Given<Pushed>> {
    let said = inlets::push(&call.app, &call.who, call.path, call.input.0.value).await?;
    Ok(Given(Pushed { said }))
}

async fn set_policy(call: Call<TriggerId, (), Sent<TriggerPolicy>>) -> Result<Done> {
    let policy = call.input.0.read().map_err(|field| {
        let message = format!("the {field} policy has none of the words it may have");
        Error::Invalid { field, message }
    })?;
    triggers::set_policy(&call.app, &call.who, call.path, policy).await?;
    Ok(Done)
}

async fn pause(call: Call<TriggerId, (), Sent<PauseInput>>) -> Result<Done> {
    triggers::pause(&call.app, &call.who, call.path, &call.input.0.reason).await?;
    Ok(Done)
}

async fn resume(call: Call<TriggerId>) -> Result<Done> {
    triggers::resume(&call.app, &call.who, call.path).await?;
    Ok(Done)
}

async fn occurrences(call: Call<TriggerId, OccurrenceQuery>) -> Result<Given<Page<Occurrence>>> {
    let OccurrenceQuery { state, limit: most, cursor } = call.query;
    let state = match state {
        Some(word) => Some(OccurrenceState::of_word(&word).ok_or_else(|| {
            let message = "planned, waiting, asked, started or skipped".to_owned();
            Error::Invalid { field: "state", message }
        })?),
        None => None,
    };
    let before = cursor.map(|cursor| instant("cursor", &cursor)).transpose()?;
    let most = limit(most)?;
    let all = triggers::occurrences(&call.app, &call.who, call.path, state, before, most).await?;
    let page = Page::read(all, |occurrence| occurrence.row.due.to_string(), most);
    Ok(Given(page.map(|occurrence| Occurrence::from(&occurrence))))
}

async fn decide(
    call: Call<(TriggerId, String), (), Sent<DecisionInput>>,
) -> Result<Given<Decided>> {
    let (id, due) = call.path;
    let due = instant("due", &due)?;
    let row = triggers::decide(&call.app, &call.who, id, due, call.input.0.start).await?;
    Ok(Given(Decided::from(&row)))
}

async fn preview(call: Call<TriggerId, SpanQuery>) -> Result<Given<Backfill>> {
    let (from, to) = (instant("from", &call.query.from)?, instant("to", &call.query.to)?);
    let found = triggers::preview_backfill(&call.app, &call.who, call.path, from, to).await?;
    Ok(Given(Backfill::from(&found)))
}

async fn backfill(call: Call<TriggerId, (), Sent<BackfillInput>>) -> Result<Given<Backfill>> {
    let BackfillInput { from, to, reason, expected } = call.input.0;
    let (from, to) = (instant("from", &from)?, instant("to", &to)?);
    let done =
        triggers::backfill(&call.app, &call.who, call.path, from, to, &reason, expected).await?;
    Ok(Given(Backfill::from(&done)))
}
