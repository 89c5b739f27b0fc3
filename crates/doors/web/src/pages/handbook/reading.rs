//! A page of the handbook: one process, to be read from top to bottom, on a screen or on paper.

use crate::{
    pages::attachments as attached,
    pages::processes::{
        document,
        words::{self, Standing},
    },
    ui::{
        act::{self, Weight},
        layout::{self, Part, Width},
        moment,
        prose::{line, prose},
        step,
    },
    visit::{Answer, Visit},
};
use axum::extract::Path;
use gemba_app::{
    attachments,
    handbook::{self, Page},
    maps,
    records::Trust,
    seats::{self, SeatView},
};
use maud::{Markup, html};

pub(super) async fn show(visit: Visit, Path(slug): Path<String>) -> Answer {
    let page = handbook::page(&visit.app, &visit.who, &slug).await?;
    let seats = seats::list(&visit.app, &visit.who).await?;
    let attachments = attachments::list(&visit.app, &visit.who, &slug).await?;
    let process = &page.view.process;
    let title = process.title.as_str();
    let body = html! {
        (layout::breadcrumbs(&[("Handbook", "/handbook")]))
        (layout::head(title, None, &facts(&page, &seats), &acts(&page)))
        article class="reading" {
            (standing(&visit, &page))
            @if !process.purpose.trim().is_empty() { (prose(&process.purpose)) }
            (in_short(&page, &seats))
            (layout::section("Steps", None, &document::steps(process, &seats)))
            (pieces("Expected output", process.expected_output.iter().map(|o| o.text.as_str())))
            (pieces("Failure signals", process.failure_signals.iter().map(|s| s.text.as_str())))
            @for section in &process.sections {
                (layout::section(&section.title, None, &prose(&section.text)))
            }
            (attached::shown(&attachments))
            @if !process.steps.is_empty() { (map(&page)) }
        }
        (neighbours(&page))
    };
    Ok(visit.page(title, Some(Part::Handbook), Width::Reading, &body))
}

fn facts(page: &Page, seats: &[SeatView]) -> Vec<Markup> {
    let row = &page.view.row;
    vec![
        words::state(row),
        html! { (words::function(row)) },
        words::owner(row, seats),
        html! {
            @match row.revision { Some(number) => { "Revision " (number) }, None => "Not published" }
        },
    ]
}

fn acts(page: &Page) -> Vec<Markup> {
    let home = format!("/processes/{}", page.view.row.slug);
    vec![
        act::link_button(&format!("{home}/document.pdf"), "Download PDF", Weight::Secondary),
        act::link_button(&home, "Open the process", Weight::Secondary),
    ]
}

/// How far the page can be trusted, in a sentence.
fn standing(visit: &Visit, page: &Page) -> Markup {
    let row = &page.view.row;
    let when = |at| moment::time(at, visit.now, &visit.zone);
    html! {
        p class={ "standing" @if words::standing(row) != Standing::Verified { " warn" } } {
            @match (words::standing(row), &row.trust) {
                (Standing::Retired, _) => "It was retired: nothing new runs by it.",
                (Standing::Draft, _) => "A draft: nothing runs by it, and only those who write it see this page.",
                (Standing::Stale, _) => {
                    "Its review was due "
                    @if let Some(at) = row.review.at { (when(at)) }
                    ". Until somebody holds it against the work, take it with care."
                }
                (Standing::Verified, Trust::Verified { by, at }) => {
                    (by) " held it against the work " (when(*at)) " and stands behind it."
                }
                (_, Trust::Unverified { because, since }) => {
                    "Nobody stands behind it since " (when(*since)) ": " (because) "."
                }
                (Standing::Unverified, Trust::Verified { .. }) => {}
            }
        }
    }
}

fn in_short(page: &Page, seats: &[SeatView]) -> Markup {
    let process = &page.view.process;
    let mut doers: Vec<&str> = Vec::new();
    for name in process.steps.iter().filter_map(|step| process.doer(step)) {
        if !doers.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            doers.push(name);
        }
    }
    html! {
        dl class="facts" {
            dt { "Starts" }
            dd {
                @if process.triggers.is_empty() { "The document does not say what starts it." }
                @for trigger in &process.triggers { div { (line(&trigger.text)) } }
            }
            dt { "Done by" }
            dd {
                @for (place, name) in doers.iter().enumerate() {
                    @if place > 0 { ", " }
                    (document::seat_link(name, seats))
                }
                @if doers.is_empty() { "Nobody is named." }
            }
        }
    }
}

fn pieces<'t>(title: &str, texts: impl Iterator<Item = &'t str>) -> Markup {
    let texts: Vec<&str> = texts.collect();
    html! {
        @if !texts.is_empty() {
            (layout::section(title, None, &html! {
                ul class="pieces" { @for text in texts { li { (line(text)) } } }
            }))
        }
    }
}

fn map(page: &Page) -> Markup {
    let label = format!("Map of {}", page.view.process.title);
    let home = format!("/processes/{}", page.view.row.slug);
    let shown = maps::shown(&page.view.process, "");
    layout::section(
        "The map",
        None,
        &html! {
            (step::both_maps("map", &label, &shown, Some(&format!("{home}/map.svg"))))
            p class="map-note" {
                "Lanes are seats, boxes are steps, diamonds are decisions; an arrow into another lane is a handoff. "
                a href={ (home) "/map.pdf" } { "Map as PDF" } " · " a href={ (home) "/map.png" } { "PNG" }
            }
        },
    )
}

fn neighbours(page: &Page) -> Markup {
    html! {
        @if page.before.is_some() || page.after.is_some() {
            nav class="neighbours" aria-label="Pages beside this one" {
                @if let Some((slug, title)) = &page.before {
                    a href={ "/handbook/" (slug) } rel="prev" { span class="muted small" { "Before" } " " (title) }
                }
                @if let Some((slug, title)) = &page.after {
                    a class="next" href={ "/handbook/" (slug) } rel="next" { span class="muted small" { "After" } " " (title) }
                }
            }
        }
    }
}
