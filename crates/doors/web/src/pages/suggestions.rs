//! The changes that were suggested for a process: what each would change, and taking it or not.

use crate::{
    Site,
    gate::Sent,
    refusal::Fault,
    ui::{
        act::{Weight, button, buttons, csrf},
        badge::{Tone, badge},
        field::{Field, error_summary, textarea},
        icon::Icon,
        layout::{Part, Width, breadcrumbs, head, section},
        moment,
        notice::{banner, empty_state},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    routing::{get, post},
};
use gemba_app::{
    Error,
    changes::text::blocks,
    processes,
    records::SuggestionState,
    suggestions::{self, SuggestionView},
};
use gemba_model::id::EntryId;
use maud::{Markup, html};
use serde::Deserialize;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/processes/{slug}/suggestions", get(show))
        .route("/processes/{slug}/suggestions/{id}/adoption", post(take))
        .route("/processes/{slug}/suggestions/{id}/dismissal", post(dismiss))
}

/// Why a suggestion is put away.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    note: String,
}

fn meant(id: &str) -> Result<EntryId, Error> {
    id.parse().map_err(|_no_id| Error::NotFound { what: "suggestion", id: id.to_owned() })
}

async fn show(visit: Visit, Path(slug): Path<String>) -> Answer {
    page(&visit, &slug, None).await
}

async fn page(visit: &Visit, slug: &str, fault: Option<(EntryId, Fault)>) -> Answer {
    let process = processes::get(&visit.app, &visit.who, slug).await?;
    let all = suggestions::list(&visit.app, &visit.who, slug).await?;
    let href = format!("/processes/{slug}");
    let content = html! {
        (breadcrumbs(&[("Processes", "/processes"), (&process.row.summary.title, &href)]))
        (head("Suggested changes", None, &[], &[]))
        @if all.is_empty() {
            (empty_state(Icon::Link, "Nothing is suggested",
                "Agents and people who do the work suggest changes of the document, over MCP or REST. Whoever may write it takes them into the draft here, or puts them away.", None))
        }
        @for view in &all {
            @let own = fault.as_ref().filter(|(id, _)| *id == view.suggestion.id);
            (one(visit, slug, view, own.map(|(_, fault)| fault)))
        }
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visit.page_with(
        status,
        "Suggested changes",
        Some(Part::Processes),
        Width::Reading,
        &content,
    ))
}

fn one(visit: &Visit, slug: &str, view: &SuggestionView, fault: Option<&Fault>) -> Markup {
    let kept = &view.suggestion;
    let path = format!("/processes/{slug}/suggestions/{}", kept.id);
    let (tone, word) = match kept.state {
        SuggestionState::Open => (Tone::Live, "Open"),
        SuggestionState::Taken => (Tone::Good, "Became the draft"),
        SuggestionState::Dismissed => (Tone::Neutral, "Put away"),
    };
    let at = |name| Fault::at(fault, name);
    let content = html! {
        p { (badge(tone, word)) " by " (view.by()) ", " (moment::time(kept.at, visit.now, &visit.zone)) }
        @if let Some(answer) = &kept.answer { p { (answer.by) ": " (answer.note) } }
        @if !view.diagnostics.is_empty() {
            p class="muted" { (findings(view.diagnostics.len())) " would be in it." }
        }
        (difference(&view.before, &kept.source))
        @if view.may_answer {
            @if view.fits {
                form method="post" action={ (path) "/adoption" } {
                    (csrf(&visit.csrf))
                    (buttons(&[button("Take it into the draft", Weight::Primary)]))
                }
            } @else {
                (banner(Tone::Warn, &html! { "The draft or the revision in force has moved on since. Copy what is right in it by hand, then put it away." }, None))
            }
            form class="form" method="post" action={ (path) "/dismissal" } {
                (error_summary(&Fault::all(fault)))
                (csrf(&visit.csrf))
                (textarea(&Field::new("note", "Why not").hint("Who suggested it reads this").error(at("note")), "", 2))
                (buttons(&[button("Put it away", Weight::Secondary)]))
            }
        }
    };
    section(&kept.note, None, &html! { div class="stack" { (content) } })
}

fn findings(n: usize) -> String {
    if n == 1 { "One finding".to_owned() } else { format!("{n} findings") }
}

/// The lines that go and the lines that come.
fn difference(before: &str, after: &str) -> Markup {
    let changed = blocks(before, after).into_iter().filter(|block| !block.is_same);
    html! {
        pre class="snippet" role="region" aria-label="What changes" tabindex="0" { code {
            @for block in changed {
                @for line in &block.old { "- " (line) "\n" }
                @for line in &block.new { "+ " (line) "\n" }
            }
        } }
    }
}

async fn take(
    Path((slug, id)): Path<(String, String)>,
    Sent { visit, .. }: Sent<Vec<(String, String)>>,
) -> Answer {
    suggestions::take(&visit.app, &visit.who, &slug, meant(&id)?).await?;
    Ok(go(&format!("/processes/{slug}/edit"), Done::Saved))
}

async fn dismiss(
    Path((slug, id)): Path<(String, String)>,
    Sent { visit, form }: Sent<Typed>,
) -> Answer {
    let id = meant(&id)?;
    match suggestions::dismiss(&visit.app, &visit.who, &slug, id, &form.note).await {
        Ok(()) => Ok(go(&format!("/processes/{slug}/suggestions"), Done::Saved)),
        Err(error @ Error::Invalid { .. }) => {
            let fault = Fault::of(error)?;
            page(&visit, &slug, Some((id, fault))).await
        }
        Err(error) => Err(error.into()),
    }
}
