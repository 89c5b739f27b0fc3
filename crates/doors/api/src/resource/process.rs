//! Processes: the documents, their drafts, their pictures.

use crate::{
    answer::{Answer, Given, Output, Result},
    call::{Call, Sent},
    operation::Operation,
    page::part,
};
use axum::http::Method;
use gemba_app::{insight, maps, processes, upcoming};
use gemba_model::id::RunId;
use gemba_wire::{
    Page,
    insight::Insight,
    page::ListQuery,
    process::{
        CheckInput, Draft, DraftInput, ImportOutcome, NewProcess, OwnerInput, Process, ProcessRow,
    },
    raci::Raci,
    sop::{self, Document},
};
use schemars::{JsonSchema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    vec![
        Op::new(get.clone(), "/processes", "list_processes", "All processes", list),
        Op::new(
            post.clone(),
            "/processes",
            "create_process",
            "Begin a process with a title, or import a document",
            create,
        ),
        Op::new(
            get.clone(),
            "/processes/{slug}",
            "get_process",
            "A process: the revision in force, or else its draft",
            one,
        ),
        Op::new(get.clone(), "/processes/{slug}/draft", "get_draft", "The draft", draft),
        Op::new(
            put.clone(),
            "/processes/{slug}/draft",
            "put_draft",
            "Write the draft; refused where it was changed since it was read",
            put_draft,
        ),
        Op::new(
            put,
            "/processes/{slug}/owner",
            "put_owner",
            "Name the owner in the draft",
            put_owner,
        ),
        Op::new(
            get.clone(),
            "/processes/{slug}/map.svg",
            "get_map",
            "The process as a map with a lane for each seat",
            map,
        ),
        Op::new(
            get.clone(),
            "/processes/{slug}/raci",
            "get_raci",
            "Who does, answers for, is asked before and is told after, per step",
            raci,
        ),
        Op::new(
            get,
            "/processes/{slug}/insight",
            "get_insight",
            "How often each step, branch and path was taken and how long it took",
            insight,
        ),
        Op::new(
            post,
            "/checks",
            "check",
            "Read a document without keeping it: what it says and what is wrong with it",
            check,
        )
        .unkept()
        .with_status(200),
    ]
}

async fn list(call: Call<(), ListQuery>) -> Result<Given<Page<ProcessRow>>> {
    let rows = processes::list(&call.app, &call.who).await?;
    let page = part(rows, |row| row.slug.clone(), &call.query)?;
    Ok(Given(page.map(|row| ProcessRow::from(&row))))
}

async fn create(call: Call<(), (), Sent<NewProcess>>) -> Result<Given<ImportOutcome>> {
    let outcome = match call.input.0 {
        NewProcess::Titled(new) => {
            let slug = processes::create(&call.app, &call.who, &new.title).await?;
            ImportOutcome::created(slug)
        }
        NewProcess::Imported(document) => {
            let file = processes::File { name: document.name, bytes: document.source.into() };
            let done = processes::import(&call.app, &call.who, vec![file]).await?;
            ImportOutcome::of(&done)?
        }
    };
    Ok(Given(outcome))
}

async fn one(call: Call<String>) -> Result<Given<Process>> {
    let view = processes::get(&call.app, &call.who, &call.path).await?;
    Ok(Given(Process::from(&view)))
}

async fn draft(call: Call<String>) -> Result<Given<Draft>> {
    let view = processes::draft(&call.app, &call.who, &call.path).await?;
    Ok(Given(Draft::from(&view)))
}

async fn put_draft(call: Call<String, (), Sent<DraftInput>>) -> Result<Given<Draft>> {
    let DraftInput { source, version } = call.input.0;
    let view = processes::save_draft(&call.app, &call.who, &call.path, source, version).await?;
    Ok(Given(Draft::from(&view)))
}

async fn put_owner(call: Call<String, (), Sent<OwnerInput>>) -> Result<Given<Draft>> {
    let seat = call.input.0.seat;
    let view = processes::assign_owner(&call.app, &call.who, &call.path, &seat).await?;
    Ok(Given(Draft::from(&view)))
}

async fn raci(call: Call<String>) -> Result<Given<Raci>> {
    let view = processes::get(&call.app, &call.who, &call.path).await?;
    Ok(Given(Raci::of(&view.process)))
}

async fn insight(call: Call<String>) -> Result<Given<Insight>> {
    let found = insight::of_process(&call.app, &call.who, &call.path).await?;
    Ok(Given(Insight::from(&found)))
}

async fn check(call: Call<(), (), Sent<CheckInput>>) -> Result<Given<Document>> {
    let CheckInput { source, name } = call.input.0;
    let name = name.unwrap_or_else(|| "document".to_owned());
    let checked = processes::check(&call.app, &call.who, &source, &name).await?;
    let next = upcoming::in_workspace(&call.app, &call.who, &checked.process).await?;
    let processes = [checked.process];
    let found = &checked.diagnostics;
    Ok(Given(sop::document(&name, &source, &processes, found, |_| next.clone())))
}

/// What is drawn on a map.
#[derive(Debug, Default, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Drawn {
    /// The process as written.
    #[default]
    Nothing,
    /// How often each step and branch was taken and how long it took.
    Activity,
}

/// Which map.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MapQuery {
    /// What is drawn on it.
    #[serde(default)]
    with: Drawn,
    /// The id of a run: where it stands is drawn, on the revision it is pinned to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    run: Option<RunId>,
}

/// A picture.
struct Svg(String);

impl Output for Svg {
    fn describe(_schemas: &mut SchemaGenerator) -> Option<Value> {
        Some(json!({ "image/svg+xml": { "schema": { "type": "string" } } }))
    }

    fn answer(self) -> Answer {
        Answer { status: 200, media: "image/svg+xml", headers: Vec::new(), body: self.0.into() }
    }
}

async fn map(call: Call<String, MapQuery>) -> Result<Svg> {
    let picture = match (call.query.run, call.query.with) {
        (Some(run), _) => maps::Picture::Run(run),
        (None, Drawn::Activity) => maps::Picture::AsItRuns,
        (None, Drawn::Nothing) => maps::Picture::Plain,
    };
    let style = maps::SvgStyle::Standalone;
    Ok(Svg(maps::of(&call.app, &call.who, &call.path, &picture, style).await?))
}
