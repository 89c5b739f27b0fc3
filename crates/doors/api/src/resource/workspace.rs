//! The workspace, and the one who asks.

use super::file::Saved;
use crate::{
    answer::{Done, Given, Result},
    call::{Call, Sent},
    operation::Operation,
};
use axum::http::Method;
use gemba_app::{archive, exchange, seats, workspace};
use gemba_wire::workspace::{Me, Workspace, WorkspaceInput};

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    vec![
        Op::new(Method::GET, "/workspace", "get_workspace", "The workspace", one),
        Op::new(
            Method::PUT,
            "/workspace",
            "put_workspace",
            "Change its name, zone and settings",
            change,
        ),
        Op::new(
            Method::GET,
            "/workspace/export",
            "export_workspace",
            "The workspace as an archive of Markdown, which imports back to the same workspace",
            export,
        ),
        Op::new(Method::GET, "/me", "get_me", "Who you are and which seats you act for", me),
    ]
}

async fn one(call: Call) -> Result<Given<Workspace>> {
    let workspace = workspace::get(&call.app, &call.who).await?;
    Ok(Given(Workspace::from(&workspace)))
}

async fn change(call: Call<(), (), Sent<WorkspaceInput>>) -> Result<Done> {
    workspace::change(&call.app, &call.who, call.input.0.into()).await?;
    Ok(Done)
}

async fn export(call: Call) -> Result<Saved> {
    let files = exchange::export(&call.app, &call.who).await?;
    let name = workspace::get(&call.app, &call.who).await?.name;
    Ok(Saved { name: format!("{name}.zip"), bytes: archive::pack(&files)? })
}

async fn me(call: Call) -> Result<Given<Me>> {
    let chart = seats::list(&call.app, &call.who).await?;
    Ok(Given(Me::of(&call.who, &chart)))
}
