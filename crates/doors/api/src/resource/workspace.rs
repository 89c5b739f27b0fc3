//! The workspace, and the one who asks.

use super::file::Saved;
use crate::{
    answer::{Done, Given, Result},
    call::{Call, Sent},
    operation::Operation,
};
use axum::http::Method;
use gemba_app::{archive, exchange, seats, workspace};
use gemba_wire::workspace::{
    FreeDays, HolidayPlace, Me, WorkingHours, WorkingHoursInput, Workspace, WorkspaceInput,
    YearQuery,
};

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
            "/workspace/hours",
            "get_working_hours",
            "When the workspace works: days, close of work, holidays, reminders",
            hours,
        ),
        Op::new(
            Method::PUT,
            "/workspace/hours",
            "put_working_hours",
            "Say when the workspace works; schedules that go by workdays are planned anew",
            set_hours,
        ),
        Op::new(
            Method::GET,
            "/workspace/free-days",
            "get_free_days",
            "The days of a year on which the workspace does not work",
            free_days,
        ),
        Op::new(
            Method::GET,
            "/holiday-places",
            "list_holiday_places",
            "The countries and regions whose public holidays are known",
            places,
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

async fn hours(call: Call) -> Result<Given<WorkingHours>> {
    let workspace = workspace::get(&call.app, &call.who).await?;
    Ok(Given(WorkingHours::from(&workspace.hours)))
}

async fn set_hours(call: Call<(), (), Sent<WorkingHoursInput>>) -> Result<Done> {
    workspace::set_hours(&call.app, &call.who, &call.input.0.into()).await?;
    Ok(Done)
}

async fn free_days(call: Call<(), YearQuery>) -> Result<Given<FreeDays>> {
    let (year, days) = workspace::free_days_of(&call.app, &call.who, call.query.year).await?;
    Ok(Given(FreeDays { year, days: days.iter().map(Into::into).collect() }))
}

async fn places(call: Call) -> Result<Given<Vec<HolidayPlace>>> {
    workspace::get(&call.app, &call.who).await?;
    Ok(Given(HolidayPlace::all()))
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
