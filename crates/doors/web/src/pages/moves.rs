//! Runs that go on by an older revision: what a move would mean for each, and the move.

use crate::{
    Site,
    gate::Sent,
    refusal::{Fault, Refusal, sentence},
    ui::{
        act::{Weight, button, csrf, hidden, link_button},
        badge::{Tone, badge},
        field::{Field, error_summary, textarea},
        icon::Icon,
        layout::{Part, Width, breadcrumbs, head},
        notice::{banner, empty_state},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    Router,
    extract::{Path, Query},
    http::StatusCode,
    routing::get,
};
use gemba_app::{
    Error,
    moving::{self, Movable, Movables, Outcome, Verdict},
};
use gemba_model::id::RunId;
use maud::{Markup, html};
use serde::Deserialize;

pub(super) fn router() -> Router<Site> {
    Router::new().route("/processes/{slug}/moves", get(show).post(send))
}

/// To which revision.
#[derive(Debug, Default, Deserialize)]
struct Where {
    #[serde(default)]
    to: String,
}

fn number(visit: &Visit, given: &str) -> Result<Option<u32>, Refusal> {
    match given {
        "" => Ok(None),
        number => number.parse().map(Some).map_err(|_none| Refusal::no_page(visit.here())),
    }
}

async fn show(visit: Visit, Path(slug): Path<String>, Query(place): Query<Where>) -> Answer {
    let to = number(&visit, &place.to)?;
    let view = moving::preview(&visit.app, &visit.who, &slug, to).await?;
    Ok(page(&visit, &slug, &view, StatusCode::OK, &Typed::default(), None, &[]))
}

/// What was filled in.
#[derive(Debug, Default)]
struct Typed {
    runs: Vec<String>,
    reason: String,
    to: String,
}

async fn send(Path(slug): Path<String>, sent: Sent<Vec<(String, String)>>) -> Answer {
    let Sent { visit, form } = sent;
    let mut typed = Typed::default();
    for (name, value) in form {
        match name.as_str() {
            "run" => typed.runs.push(value),
            "reason" => typed.reason = value,
            "to" => typed.to = value,
            _ => {}
        }
    }
    let to = number(&visit, &typed.to)?;
    let runs: Vec<RunId> = typed.runs.iter().filter_map(|run| run.parse().ok()).collect();
    let outcomes = match moving::go(&visit.app, &visit.who, &slug, &runs, to, &typed.reason).await {
        Ok(outcomes) => outcomes,
        Err(Error::Invalid { field, message }) => {
            let view = moving::preview(&visit.app, &visit.who, &slug, to).await?;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let fault = Fault::new(field, sentence(&message));
            return Ok(page(&visit, &slug, &view, status, &typed, Some(&fault), &[]));
        }
        Err(other) => return Err(other.into()),
    };
    let failed: Vec<Outcome> = outcomes.into_iter().filter(|one| one.problem.is_some()).collect();
    if failed.is_empty() {
        let back = match to {
            Some(to) => format!("/processes/{slug}/moves?to={to}"),
            None => format!("/processes/{slug}/moves"),
        };
        return Ok(go(&back, Done::RunsMoved));
    }
    let view = moving::preview(&visit.app, &visit.who, &slug, to).await?;
    Ok(page(&visit, &slug, &view, StatusCode::CONFLICT, &typed, None, &failed))
}

fn page(
    visit: &Visit,
    slug: &str,
    view: &Movables,
    status: StatusCode,
    typed: &Typed,
    fault: Option<&Fault>,
    failed: &[Outcome],
) -> axum::response::Response {
    let title = format!("Runs of {} by other revisions", view.title);
    let home = format!("/processes/{slug}");
    let lead = match view.runs.len() {
        0 => format!("Every run that goes on follows revision {}.", view.to),
        1 => format!("One run goes on by another revision than {}.", view.to),
        n => format!("{n} runs go on by other revisions than {}.", view.to),
    };
    let body = html! {
        (breadcrumbs(&[("Processes", "/processes"), (&view.title, &home)]))
        (head("Runs by other revisions", Some(&lead), &[], &[]))
        @for one in failed {
            @if let Some(problem) = &one.problem {
                (banner(Tone::Bad, &html! { a href={ "/runs/" (one.run) } { "A run" } " was not moved: " (problem) "." }, None))
            }
        }
        @if view.runs.is_empty() {
            (empty_state(Icon::Check, "Nothing to move", "A new revision counts for new runs. Those that go on stay with theirs and are listed here, each with what a move would mean. Where nothing but words changed, they take them over by themselves.", Some(&link_button(&home, "Back to the process", Weight::Secondary))))
        } @else {
            (form(visit, &home, view, typed, fault))
        }
    };
    visit.page_with(status, &title, Some(Part::Processes), Width::Wide, &body)
}

fn form(
    visit: &Visit,
    home: &str,
    view: &Movables,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Markup {
    let any = view.runs.iter().any(|run| matches!(run.verdict, Verdict::Possible(_)));
    let reason = Field::new("reason", "Why do they change their rules?")
        .hint("It stands in the history of each run. A move back is a move to the revision before.")
        .error(Fault::at(fault, "reason"));
    html! {
        form class="form" method="post" action={ (home) "/moves" } {
            (error_summary(&Fault::all(fault)))
            (csrf(&visit.csrf))
            (hidden("to", &view.to.to_string()))
            fieldset class="field" id="runs" {
                legend { "Move to revision " (view.to) }
                @if let Some(says) = Fault::at(fault, "runs") { p class="error" { (says) } }
                @for run in &view.runs { (line(home, view, run, typed)) }
            }
            @if view.may_move && any {
                (textarea(&reason, &typed.reason, 2))
                div class="buttons" { (button("Move the chosen runs", Weight::Primary)) }
            }
        }
    }
}

fn line(home: &str, view: &Movables, run: &Movable, typed: &Typed) -> Markup {
    let id = run.id.to_string();
    let may = view.may_move && matches!(run.verdict, Verdict::Possible(_));
    let changes = format!("{home}/revisions/{}/changes?from={}", view.to, run.from);
    html! {
        div class="pick" {
            input type="checkbox" id=(id) name="run" value=(id) disabled[!may]
                checked[typed.runs.contains(&id)] aria-describedby={ (id) "-says" };
            label for=(id) { "#" (run.number) " " (run.title) }
            div class="hint" id={ (id) "-says" } {
                @match &run.verdict {
                    Verdict::Possible(notes) => {
                        p {
                            (badge(if notes.is_empty() { Tone::Good } else { Tone::Warn }, "Can move"))
                            " Revision " (run.from) ", at " (run.open.join(", ")) ". "
                            a href={ "/runs/" (id) } { "The run" } " · " a href=(changes) { "What would change" }
                        }
                        @if !notes.is_empty() { ul { @for note in notes { li { (note) } } } }
                    }
                    Verdict::Impossible(why) => {
                        p {
                            (badge(Tone::Bad, "Cannot move"))
                            " Revision " (run.from) ". "
                            a href={ "/runs/" (id) } { "The run" }
                        }
                        ul { @for why in why { li { (why) } } }
                    }
                }
            }
        }
    }
}
