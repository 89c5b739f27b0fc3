//! Incidents: found, reported, closed; and the failure signals of a process as its checklist.

use crate::{
    answer::{Done, Given, Result},
    call::{Call, Sent},
    operation::Operation,
    page::{limit, part},
};
use axum::http::Method;
use gemba_app::incidents;
use gemba_model::id::{IncidentId, WorkItemId};
use gemba_wire::{
    Page,
    incident::{ClosureInput, Control, Incident, OpenedIncident, ProblemInput},
    page::ListQuery,
};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    let get = Method::GET;
    vec![
        Op::new(get.clone(), "/incidents", "list_incidents", "Incidents, open ones first", list),
        Op::new(get.clone(), "/incidents/{id}", "get_incident", "One incident", one),
        Op::new(
            Method::PUT,
            "/incidents/{id}/closure",
            "close_incident",
            "Close an incident with a word on what was done about it",
            close,
        ),
        Op::new(
            Method::POST,
            "/work-items/{id}/incidents",
            "report_problem",
            "Report a problem with a work item: its process's owner must answer",
            report,
        ),
        Op::new(
            get,
            "/processes/{slug}/controls",
            "list_controls",
            "The failure signals of a process, and how often each came true",
            controls,
        ),
    ]
}

/// Which incidents.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct IncidentQuery {
    /// Only of the process with this slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    process: Option<String>,
    /// Only open ones.
    #[serde(default)]
    open: bool,
    /// Only those that you must answer.
    #[serde(default)]
    mine: bool,
    /// At most this many, 1 to 200; 50 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32", range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    cursor: Option<String>,
}

async fn list(call: Call<(), IncidentQuery>) -> Result<Given<Page<Incident>>> {
    let IncidentQuery { process, open, mine, limit: said, cursor } = call.query;
    let listing = incidents::Listing { process, open, mine };
    let all = incidents::list(&call.app, &call.who, listing).await?;
    let query = ListQuery { limit: Some(limit(said)?), cursor };
    let page = part(all, |view| view.incident.id.to_string(), &query)?;
    Ok(Given(page.map(|view| Incident::from(&view))))
}

async fn one(call: Call<IncidentId>) -> Result<Given<Incident>> {
    let view = incidents::get(&call.app, &call.who, call.path).await?;
    Ok(Given(Incident::from(&view)))
}

async fn close(call: Call<IncidentId, (), Sent<ClosureInput>>) -> Result<Done> {
    incidents::close(&call.app, &call.who, call.path, &call.input.0.note).await?;
    Ok(Done)
}

async fn report(call: Call<WorkItemId, (), Sent<ProblemInput>>) -> Result<Given<OpenedIncident>> {
    let problem = &call.input.0.problem;
    let id = incidents::report(&call.app, &call.who, call.path, problem).await?;
    Ok(Given(OpenedIncident { id: id.to_string() }))
}

async fn controls(call: Call<String>) -> Result<Given<Vec<Control>>> {
    let found = incidents::controls(&call.app, &call.who, &call.path).await?;
    Ok(Given(found.iter().map(Control::from).collect()))
}
