//! Incidents: what needs a person, and what came of it.

use crate::{
    Site,
    gate::Sent,
    refusal::Refusal,
    ui::{
        act::{Weight, button, csrf, link_button},
        badge::{Tone, badge},
        field::{Choice, Field, select, textarea},
        icon::Icon,
        layout::{Part, Width, beside, breadcrumbs, head, section},
        list::{Happening, Item, facts, items, timeline},
        moment,
        notice::empty_state,
        prose::line,
        table::{Column, Narrow, table},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    Router,
    extract::{Path, Query},
    http::StatusCode,
    response::Redirect,
    routing::{get, post},
};
use gemba_app::{
    Error,
    incidents::{self, Control, IncidentView},
    processes,
    records::Trouble,
};
use gemba_model::id::IncidentId;
use maud::{Markup, html};
use serde::Deserialize;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/incidents", get(list))
        .route("/incidents/{id}", get(show))
        .route("/incidents/{id}/closure", post(close).get(back))
}

#[derive(Debug, Default, Deserialize)]
struct Filters {
    #[serde(default)]
    process: String,
    #[serde(default)]
    state: String,
}

async fn list(visit: Visit, Query(filters): Query<Filters>) -> Answer {
    let process = Some(filters.process.clone()).filter(|slug| !slug.is_empty());
    let all = filters.state == "all";
    let listing = incidents::Listing { process: process.clone(), open: !all, mine: false };
    let found = incidents::list(&visit.app, &visit.who, listing).await?;
    let known = processes::list(&visit.app, &visit.who).await?;
    let controls = match &process {
        Some(slug) => incidents::controls(&visit.app, &visit.who, slug).await?,
        None => Vec::new(),
    };
    let open = found.iter().filter(|view| view.incident.closed.is_none()).count();
    let lead = match open {
        0 => "Nothing needs a person now.".to_owned(),
        1 => "One thing needs a person.".to_owned(),
        n => format!("{n} things need a person."),
    };
    let body = html! {
        (breadcrumbs(&[("Runs", "/runs")]))
        (head("Incidents", Some(&lead), &[], &[]))
        (filter_form(&filters, &known))
        @if found.is_empty() { (nothing(&filters)) } @else { (rows(&visit, &found)) }
        @if !controls.is_empty() {
            (section("Checklist of failure signals", Some("what says that the process went wrong, and how often it did"), &checklist(&visit, &controls)))
        }
    };
    Ok(visit.page("Incidents", Some(Part::Runs), Width::Wide, &body))
}

fn filter_form(filters: &Filters, known: &[processes::ProcessRow]) -> Markup {
    let published = known.iter().filter(|row| row.revision.is_some());
    let choices: Vec<Choice<'_>> = std::iter::once(Choice::new("", "All processes"))
        .chain(published.map(|row| Choice::new(&row.slug, &row.summary.title)))
        .collect();
    let states = [Choice::new("", "Open"), Choice::new("all", "Open and closed")];
    html! {
        form class="filters" method="get" action="/incidents" {
            (select(&Field::new("state", "State"), &states, &filters.state))
            (select(&Field::new("process", "Process"), &choices, &filters.process))
            (button("Show", Weight::Secondary))
        }
    }
}

fn nothing(filters: &Filters) -> Markup {
    if filters.state.is_empty() && filters.process.is_empty() {
        let why = "When a deadline passes, a failure signal comes true, an agent does not come back to its step, or somebody reports a problem, the owner of the process is asked here, with a clock. Nobody needs to look for it.";
        return empty_state(Icon::Check, "No open incidents", why, None);
    }
    let all = link_button("/incidents?state=all", "See all incidents", Weight::Secondary);
    empty_state(Icon::Check, "None like these", "No incident is of this kind.", Some(&all))
}

/// Who must answer, and until when.
fn answer(visit: &Visit, view: &IncidentView) -> Vec<Markup> {
    let incident = &view.incident;
    if let Some(closed) = &incident.closed {
        let at = moment::time(closed.at, visit.now, &visit.zone);
        return vec![html! { "closed by " (closed.by) " " (at) }];
    }
    let mut facts = vec![html! { (view.seat()) " must answer" }];
    facts.extend(incident.answer_by.map(|at| {
        html! { "goes up " (moment::time(at, visit.now, &visit.zone)) }
    }));
    facts
}

fn state(view: &IncidentView) -> Markup {
    match (&view.incident.closed, view.is_mine) {
        (Some(_), _) => badge(Tone::Good, "Closed"),
        (None, true) => badge(Tone::Bad, "Yours"),
        (None, false) => badge(Tone::Bad, "Open"),
    }
}

/// Incidents as a list of links.
pub(super) fn rows(visit: &Visit, found: &[IncidentView]) -> Markup {
    let hrefs: Vec<String> =
        found.iter().map(|view| format!("/incidents/{}", view.incident.id)).collect();
    let titles: Vec<String> = found.iter().map(IncidentView::what).collect();
    let shown: Vec<Item<'_>> = found
        .iter()
        .zip(&hrefs)
        .zip(&titles)
        .map(|((view, href), title)| {
            let mut facts = vec![
                html! { a href={ "/runs/" (view.incident.run) } { (view.run.1) } },
                html! { (view.process.1) },
                html! { "opened " (moment::time(view.incident.opened, visit.now, &visit.zone)) },
            ];
            facts.extend(answer(visit, view));
            Item { href, title, facts, side: state(view) }
        })
        .collect();
    items(&shown)
}

fn checklist(visit: &Visit, controls: &[Control]) -> Markup {
    let columns = [
        Column::text("Failure signal"),
        Column::tight("Watched"),
        Column::number("Came true"),
        Column::number("Open"),
        Column::tight("Last"),
    ];
    let cells = |control: &Control| {
        vec![
            html! { (line(&control.text)) @if let Some(rule) = &control.rule { " " code { (rule) } } },
            if control.watched {
                badge(Tone::Good, "By Gemba")
            } else {
                badge(Tone::Neutral, "By people")
            },
            html! { (control.raised) },
            html! { (control.open) },
            html! { @match control.last { Some(at) => (moment::time(at, visit.now, &visit.zone)), None => "never" } },
        ]
    };
    let rows: Vec<_> = controls.iter().map(cells).collect();
    table("Failure signals", &columns, &rows, Narrow::Stack)
}

// One -------------------------------------------------------------------------------------------

#[derive(Debug, Default, Deserialize)]
struct Closing {
    #[serde(default)]
    note: String,
}

fn id(given: &str) -> Result<IncidentId, Refusal> {
    let missing = |_unknown| Error::NotFound { what: "incident", id: given.to_owned() };
    Ok(given.parse().map_err(missing)?)
}

async fn show(visit: Visit, Path(given): Path<String>) -> Answer {
    page(&visit, id(&given)?, StatusCode::OK, &Closing::default(), None).await
}

/// An address that only takes forms leads to the incident when it is opened.
async fn back(Path(given): Path<String>) -> Redirect {
    let known =
        id(&given).map_or_else(|_| "/incidents".to_owned(), |id| format!("/incidents/{id}"));
    Redirect::to(&known)
}

async fn close(Path(given): Path<String>, sent: Sent<Closing>) -> Answer {
    let Sent { visit, form } = sent;
    let id = id(&given)?;
    match incidents::close(&visit.app, &visit.who, id, &form.note).await {
        Ok(()) => Ok(go(&format!("/incidents/{id}"), Done::IncidentClosed)),
        Err(Error::Invalid { message, .. }) => {
            page(&visit, id, StatusCode::UNPROCESSABLE_ENTITY, &form, Some(&message)).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn page(
    visit: &Visit,
    id: IncidentId,
    status: StatusCode,
    form: &Closing,
    error: Option<&str>,
) -> Answer {
    let view = incidents::get(&visit.app, &visit.who, id).await?;
    let incident = &view.incident;
    let what = view.what();
    let run = format!("/runs/{}", incident.run);
    let opened = html! { "opened " (moment::time(incident.opened, visit.now, &visit.zone)) };
    let content = html! {
        @if view.may_close { (section("Close it", None, &closing(visit, id, form, error))) }
        (section("What happened", None, &timeline(&happenings(visit, &view))))
    };
    let mut known: Vec<(&str, Markup)> = vec![
        ("Process", html! { a href={ "/processes/" (view.process.0) } { (view.process.1) } }),
        ("Run", html! { a href=(run) { (view.run.1) } }),
    ];
    if let (Some(step), Some(item)) = (&view.step, incident.item) {
        known.push(("Step", html! { a href={ "/work/" (item) } { (step) } }));
    }
    if incident.closed.is_none() {
        known.push(("Must answer", html! { (view.seat()) }));
        let when = incident.answer_by.map_or_else(
            || html! { "not any more: no seat is above" },
            |at| html! { (moment::time(at, visit.now, &visit.zone)) ", to the seat above" },
        );
        known.push(("Is handed up", when));
    }
    let all = format!("/incidents?process={}&state=all", view.process.0);
    known.push(("More", html! { a href=(all) { "All incidents of this process" } }));
    let body = html! {
        (breadcrumbs(&[("Runs", "/runs"), ("Incidents", "/incidents")]))
        (head(&what, None, &[state(&view), opened], &[link_button(&run, "See the run", Weight::Secondary)]))
        (beside(&content, "About this incident", &facts(&known)))
    };
    Ok(visit.page_with(status, &what, Some(Part::Runs), Width::Wide, &body))
}

fn closing(visit: &Visit, id: IncidentId, form: &Closing, error: Option<&str>) -> Markup {
    let note = Field::new("note", "What was done about it?")
        .hint("It stays on record, for whoever looks at this process next")
        .error(error);
    html! {
        form class="form" method="post" action={ "/incidents/" (id) "/closure" } {
            (csrf(&visit.csrf))
            (textarea(&note, &form.note, 3))
            div class="buttons" { (button("Close the incident", Weight::Primary)) }
        }
    }
}

fn happenings(visit: &Visit, view: &IncidentView) -> Vec<Happening> {
    let at = |at| moment::time(at, visit.now, &visit.zone);
    let name = |seat| view.seats.get(seat).map_or("a seat", String::as_str);
    let incident = &view.incident;
    let first = incident.handed_up.first().map_or(&incident.seat, |up| &up.from);
    let mut told = vec![Happening {
        tone: Tone::Bad,
        what: html! { "Opened for " strong { (name(first)) } },
        when: at(incident.opened),
        more: match &incident.trouble {
            Trouble::Deadline { due } => Some(html! { "It was due " (at(*due)) }),
            Trouble::CallEnded { run, .. } | Trouble::CallReturned { run, .. } => {
                Some(html! { a href={ "/runs/" (run) } { "See that run" } })
            }
            Trouble::Rounds { .. } => Some(html! {
                a href={ "/runs/" (incident.run) } { "Allow one more round, or end the run" }
            }),
            Trouble::Claims { .. }
            | Trouble::Signal { .. }
            | Trouble::Reported { .. }
            | Trouble::Asked { .. } => None,
        },
    }];
    let ups = incident.handed_up.iter().map(|up| Happening {
        tone: Tone::Warn,
        what: html! { "Handed up from " (name(&up.from)) " to " strong { (name(&up.to)) } },
        when: at(up.at),
        more: Some(html! { "Nobody had answered within a workday" }),
    });
    told.extend(ups);
    told.extend(incident.closed.iter().map(|closed| Happening {
        tone: Tone::Good,
        what: html! { (closed.by) " closed it" },
        when: at(closed.at),
        more: Some(html! { (closed.note) }),
    }));
    told.reverse();
    told
}
