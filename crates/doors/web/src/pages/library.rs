//! The library: written processes to read and to start from.

use crate::{
    Site,
    gate::Sent,
    pages::processes,
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        layout::{self, Part, Width},
        list::{self, Item},
        prose::line,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    Router,
    extract::Path,
    routing::{get, post},
};
use gemba_app::{
    Act, access,
    library::{self, Cover, Shelf},
};
use maud::{Markup, html};
use serde::de::IgnoredAny;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/library", get(index))
        .route("/library/{slug}", get(one))
        .route("/library/{slug}/draft", post(draft))
}

async fn index(visit: Visit) -> Answer {
    let shelves = library::list(&visit.app, &visit.who).await?;
    let body = html! {
        (layout::breadcrumbs(&[("Processes", "/processes")]))
        (layout::head(
            "Library",
            Some("Thirty-two processes that most companies have, written out: owner, trigger, steps with decisions and handoffs, output, failure signals. Make a draft of one and change it until it is true here."),
            &[],
            &[act::link_button("/audit/first-day", "Find out which come first", Weight::Secondary)],
        ))
        @for function in gemba_app::first_day::FUNCTIONS {
            (layout::section(function, None, &items(&shelves, function)))
        }
    };
    Ok(visit.page("Library", Some(Part::Processes), Width::Wide, &body))
}

fn items(shelves: &[Shelf], function: &str) -> Markup {
    let found: Vec<&Shelf> = shelves.iter().filter(|s| s.entry.function == function).collect();
    let addresses: Vec<String> =
        found.iter().map(|shelf| format!("/library/{}", shelf.entry.slug)).collect();
    let items: Vec<Item<'_>> = found
        .iter()
        .zip(&addresses)
        .map(|(shelf, href)| Item {
            href,
            title: shelf.entry.title,
            facts: vec![html! { (shelf.entry.question) }],
            side: cover(&shelf.cover),
        })
        .collect();
    list::items(&items)
}

/// How far the workspace is with a process, as a badge that leads to it.
pub(super) fn cover(cover: &Cover) -> Markup {
    match cover {
        Cover::Nothing => badge(Tone::Neutral, "Not written"),
        Cover::Draft(slug) => html! {
            a href={ "/processes/" (slug) } { (badge(Tone::Warn, "Draft")) }
        },
        Cover::InForce(slug) => html! {
            a href={ "/processes/" (slug) } { (badge(Tone::Good, "In force")) }
        },
    }
}

async fn one(visit: Visit, Path(slug): Path<String>) -> Answer {
    let (shelf, process) = library::get(&visit.app, &visit.who, &slug).await?;
    let acts: Vec<Markup> = match &shelf.cover {
        Cover::Draft(slug) => {
            vec![act::link_button(
                &format!("/processes/{slug}/edit"),
                "Open the draft",
                Weight::Primary,
            )]
        }
        Cover::InForce(slug) => {
            vec![act::link_button(
                &format!("/processes/{slug}"),
                "Open our process",
                Weight::Primary,
            )]
        }
        Cover::Nothing if access::may(&visit.who, Act::Write) => vec![html! {
            form method="post" action={ "/library/" (slug) "/draft" } {
                (act::csrf(&visit.csrf))
                (act::button("Make a draft of it", Weight::Primary))
            }
        }],
        Cover::Nothing => Vec::new(),
    };
    let body = html! {
        (layout::breadcrumbs(&[("Processes", "/processes"), ("Library", "/library")]))
        (layout::head(&process.title, Some(shelf.entry.function), &[cover(&shelf.cover)], &acts))
        (list::facts(&[
            ("Owner", html! { (process.owner.named().unwrap_or_default()) }),
            ("Starts", html! { @for trigger in &process.triggers { (trigger.text) } }),
        ]))
        (processes::written(&process))
        (layout::section("Expected output", None, &html! {
            div class="prose" { ul { @for output in &process.expected_output { li { (line(&output.text)) } } } }
        }))
        (layout::section("Failure signals", None, &html! {
            div class="prose" { ul { @for signal in &process.failure_signals { li { (line(&signal.text)) } } } }
        }))
    };
    Ok(visit.page(&process.title, Some(Part::Processes), Width::Wide, &body))
}

async fn draft(Path(slug): Path<String>, Sent { visit, .. }: Sent<IgnoredAny>) -> Answer {
    let made = library::draft(&visit.app, &visit.who, &slug).await?;
    Ok(go(&format!("/processes/{made}/edit"), Done::Created))
}
