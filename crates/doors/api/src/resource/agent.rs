//! Agents on seats: what each is there for, and the switch that stops them.

use crate::{
    answer::{Done, Given, Result},
    call::{Call, Sent},
    operation::Operation,
    page::part,
};
use axum::http::Method;
use gemba_app::agents::{self, Target};
use gemba_wire::{
    Page,
    agent::{Agent, CharterInput, Stop, StopInput},
    page::ListQuery,
};

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    vec![
        Op::new(
            Method::GET,
            "/agents",
            "list_agents",
            "Every agent's seat: what it is there for, what it lacks before it may act, what stops it",
            list,
        ),
        Op::new(
            Method::PUT,
            "/seats/{slug}/charter",
            "put_charter",
            "Say what the agent of a seat is there for, what it never does, by which number it is judged, \
             and who holds its switch",
            charter,
        ),
        Op::new(
            Method::GET,
            "/stops",
            "list_stops",
            "Everything that agents are stopped in",
            stops,
        ),
        Op::new(Method::PUT, "/stops/all", "stop_all_agents", "Stop all agents, at once", stop_all),
        Op::new(Method::DELETE, "/stops/all", "resume_all_agents", "Let agents go on", resume_all),
        Op::new(
            Method::PUT,
            "/seats/{slug}/stop",
            "stop_seat",
            "Stop whatever acts by a token of the seat, at once",
            stop_seat,
        ),
        Op::new(
            Method::DELETE,
            "/seats/{slug}/stop",
            "resume_seat",
            "Let the agent of a seat go on",
            resume_seat,
        ),
        Op::new(
            Method::PUT,
            "/processes/{slug}/stop",
            "stop_agents_in_process",
            "Stop agents in a process, at once; people go on",
            stop_process,
        ),
        Op::new(
            Method::DELETE,
            "/processes/{slug}/stop",
            "resume_agents_in_process",
            "Let agents go on in a process",
            resume_process,
        ),
    ]
}

async fn list(call: Call<(), ListQuery>) -> Result<Given<Page<Agent>>> {
    let all = agents::list(&call.app, &call.who).await?;
    let page = part(all, |view| view.seat.id.to_string(), &call.query)?;
    Ok(Given(page.map(|view| Agent::from(&view))))
}

async fn charter(call: Call<String, (), Sent<CharterInput>>) -> Result<Done> {
    agents::charter(&call.app, &call.who, &call.path, call.input.0.into()).await?;
    Ok(Done)
}

async fn stops(call: Call<(), ListQuery>) -> Result<Given<Page<Stop>>> {
    let all = agents::stopped(&call.app, &call.who).await?;
    let page = part(all, |view| view.stop.stops.key(), &call.query)?;
    Ok(Given(page.map(|view| Stop::from(&view))))
}

async fn stop_all(call: Call<(), (), Sent<StopInput>>) -> Result<Done> {
    agents::stop(&call.app, &call.who, &Target::All, &call.input.0.reason).await?;
    Ok(Done)
}

async fn resume_all(call: Call) -> Result<Done> {
    agents::resume(&call.app, &call.who, &Target::All).await?;
    Ok(Done)
}

async fn stop_seat(call: Call<String, (), Sent<StopInput>>) -> Result<Done> {
    let seat = Target::Seat(call.path);
    agents::stop(&call.app, &call.who, &seat, &call.input.0.reason).await?;
    Ok(Done)
}

async fn resume_seat(call: Call<String>) -> Result<Done> {
    agents::resume(&call.app, &call.who, &Target::Seat(call.path)).await?;
    Ok(Done)
}

async fn stop_process(call: Call<String, (), Sent<StopInput>>) -> Result<Done> {
    let process = Target::Process(call.path);
    agents::stop(&call.app, &call.who, &process, &call.input.0.reason).await?;
    Ok(Done)
}

async fn resume_process(call: Call<String>) -> Result<Done> {
    agents::resume(&call.app, &call.who, &Target::Process(call.path)).await?;
    Ok(Done)
}
