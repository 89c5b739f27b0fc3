//! Runs: the list, and where one stands.

mod one;
mod urgency;

use crate::{
    Site,
    gate::Sent,
    pages::work::priority,
    ui::{
        act::{Weight, link_button},
        badge::{Tone, badge},
        field::{Choice, Field, Input, select, text},
        icon::Icon,
        layout::{Part, Width, head},
        moment,
        notice::empty_state,
        table::{Column, Narrow, pager, row_link_with, table},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    Router,
    extract::{Path, Query},
    response::Redirect,
    routing::{get, post},
};
use gemba_app::{
    Error,
    insight::duration,
    processes,
    runs::{self, RunListRow, RunState},
};
use maud::{Markup, html};
use serde::Deserialize;

/// How many runs a page shows.
const PAGE: usize = 50;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/runs", get(list))
        .route("/runs/{id}", get(one::show))
        .route("/runs/{id}/priority", post(urgency::prioritise).get(one::back))
        .route("/runs/{id}/cancellation", post(one::cancel).get(one::back))
        .route("/runs/{id}/rounds", post(one::allow).get(one::back))
        .route("/processes/{slug}/runs", post(start).get(of_process))
}

#[derive(Debug, Default, Deserialize)]
struct Filters {
    #[serde(default)]
    state: String,
    #[serde(default)]
    process: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    before: String,
}

impl Filters {
    /// The address of the list from another place on.
    fn href(&self, before: &str) -> String {
        let pairs = [
            ("state", self.state.as_str()),
            ("process", &self.process),
            ("outcome", &self.outcome),
            ("before", before),
        ];
        let given: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        match serde_urlencoded::to_string(given) {
            Ok(query) if !query.is_empty() => format!("/runs?{query}"),
            _ => "/runs".to_owned(),
        }
    }
}

async fn of_process(Path(slug): Path<String>) -> Redirect {
    let filters = Filters { process: slug, ..Filters::default() };
    Redirect::to(&filters.href(""))
}

#[derive(Debug, Deserialize)]
struct Start {
    #[serde(default)]
    title: String,
}

async fn start(Path(slug): Path<String>, sent: Sent<Start>) -> Answer {
    let Sent { visit, form } = sent;
    let id = runs::start(&visit.app, &visit.who, &slug, &form.title).await?;
    Ok(go(&format!("/runs/{id}"), Done::Started))
}

async fn list(visit: Visit, Query(filters): Query<Filters>) -> Answer {
    let known = processes::list(&visit.app, &visit.who).await?;
    let before = match filters.before.as_str() {
        "" => None,
        given => Some(
            given
                .parse()
                .map_err(|_unknown| Error::NotFound { what: "run", id: given.to_owned() })?,
        ),
    };
    let listing = runs::Listing {
        process: Some(filters.process.clone()).filter(|slug| !slug.is_empty()),
        state: RunState::of_word(&filters.state),
        outcome: Some(filters.outcome.trim().to_owned()).filter(|name| !name.is_empty()),
        before,
        // One more than is shown tells whether there are more.
        limit: u32::try_from(PAGE + 1).unwrap_or(u32::MAX),
    };
    let mut rows = runs::list(&visit.app, &visit.who, listing).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let running: i64 = known.iter().map(|row| row.running).sum();
    let lead = match running {
        0 => "No run is going on.".to_owned(),
        1 => "One run is going on.".to_owned(),
        n => format!("{n} runs are going on."),
    };
    let choices: Vec<(&str, &str)> = known
        .iter()
        .filter(|row| row.revision.is_some())
        .map(|row| (row.slug.as_str(), row.summary.title.as_str()))
        .collect();
    let columns = [
        Column::text("Run"),
        Column::tight("State"),
        Column::text("Where it stands"),
        Column::tight("Started"),
        Column::number("Took"),
    ];
    let body = html! {
        (head("Runs", Some(&lead), &[], &[
            link_button("/incidents", "Incidents", Weight::Secondary),
            link_button("/triggers", "Triggers", Weight::Secondary),
        ]))
        (filter_form(&filters, &choices))
        @if rows.is_empty() { (nothing(&filters)) } @else {
            (table("Runs", &columns, &rows.iter().map(|row| cells(&visit, row)).collect::<Vec<_>>(), Narrow::Stack))
            @let shown = if rows.len() == 1 { "One run".to_owned() } else { format!("{} runs, newest first", rows.len()) };
            @let first = (!filters.before.is_empty()).then(|| filters.href(""));
            @let next = rows.last().filter(|_| more).map(|last| filters.href(&last.id.to_string()));
            (pager(&shown, first.as_deref(), next.as_deref()))
        }
    };
    Ok(visit.page("Runs", Some(Part::Runs), Width::Wide, &body))
}

fn filter_form(filters: &Filters, processes: &[(&str, &str)]) -> Markup {
    let states = [
        Choice::new("", "Any state"),
        Choice::new("running", "Running"),
        Choice::new("completed", "Completed"),
        Choice::new("cancelled", "Ended early"),
    ];
    let all = Choice::new("", "All processes");
    let processes: Vec<Choice<'_>> = std::iter::once(all)
        .chain(processes.iter().map(|(slug, title)| Choice::new(slug, title)))
        .collect();
    html! {
        form class="filters" method="get" action="/runs" {
            (select(&Field::new("state", "State"), &states, &filters.state))
            (select(&Field::new("process", "Process"), &processes, &filters.process))
            (text(&Field::new("outcome", "Outcome"), Input::Text, &filters.outcome))
            button class="button secondary" type="submit" { "Show" }
        }
    }
}

fn nothing(filters: &Filters) -> Markup {
    if filters.href("") == "/runs" {
        let why = "A run is one time through a process: it hands each step to its seat when its turn comes and keeps what was done, by whom and with which proof. Start one from the page of a published process.";
        let act = link_button("/processes", "Choose a process", Weight::Primary);
        return empty_state(Icon::Run, "No run yet", why, Some(&act));
    }
    let act = link_button("/runs", "Show all runs", Weight::Secondary);
    empty_state(Icon::Run, "No such run", "No run matches what you chose.", Some(&act))
}

/// What a state is called, and how it is to be read.
pub(super) fn state(state: RunState) -> Markup {
    match state {
        RunState::Running => badge(Tone::Live, "Running"),
        RunState::Completed => badge(Tone::Good, "Completed"),
        RunState::Cancelled => badge(Tone::Neutral, "Ended early"),
    }
}

/// The state of a run in a list, with the name of the end that it came to.
pub(super) fn standing(row: &RunListRow) -> Markup {
    if row.ending.is_some() {
        return badge(Tone::Warn, "Ending");
    }
    if row.held {
        return badge(Tone::Bad, "Stands still");
    }
    html! { (state(row.state)) @if let Some(outcome) = &row.outcome { " " (badge(Tone::Neutral, outcome)) } }
}

fn cells(visit: &Visit, row: &RunListRow) -> Vec<Markup> {
    let stands: Vec<String> =
        row.open.iter().map(|(step, seat)| format!("{step}, with {seat}")).collect();
    let done = if row.n_done == 1 { "1 step".to_owned() } else { format!("{} steps", row.n_done) };
    let end = row.ended.unwrap_or(visit.now);
    vec![
        row_link_with(&format!("/runs/{}", row.id), &row.title, &row.process.1),
        html! { (standing(row)) " " (priority(row.priority)) },
        html! { @if stands.is_empty() { span class="muted" { "Ended after " (done) } } @else { (stands.join("; ")) } },
        moment::time(row.started, visit.now, &visit.zone),
        html! { (duration(end.as_second() - row.started.as_second())) },
    ]
}
