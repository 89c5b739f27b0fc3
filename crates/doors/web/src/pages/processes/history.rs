//! The past of a process: its revisions, its reviews, and a revision as it was frozen.

use super::document;
use crate::{
    refusal::Refusal,
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        icon::Icon,
        layout::{self, Part, Width},
        list::{self, Happening},
        moment, notice,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Visit},
};
use axum::extract::Path;
use gemba_app::{
    Result, processes,
    processes::ProcessView,
    publishing,
    records::{Review, ReviewOutcome},
    reviews, seats,
};
use maud::{Markup, html};

pub(super) async fn view(visit: &Visit, view: &ProcessView) -> Result<Markup> {
    let slug = &view.row.slug;
    let reviews = reviews::of_process(&visit.app, &visit.who, slug).await?;
    Ok(html! {
        (layout::section("Revisions", None, &revisions(visit, view)))
        (layout::section("Reviews", None, &reviewed(visit, &reviews)))
    })
}

fn revisions(visit: &Visit, view: &ProcessView) -> Markup {
    let slug = &view.row.slug;
    if view.revisions.is_empty() {
        return notice::empty_state(
            Icon::History,
            "No revision yet",
            "Publishing freezes the document as a revision. Runs follow the revision they began with, so \
             one can always see by which words something was done.",
            Some(&act::link_button(
                &format!("/processes/{slug}/publish"),
                "See what publishing needs",
                Weight::Secondary,
            )),
        );
    }
    let columns = [
        Column::text("Revision"),
        Column::text("What changed"),
        Column::text("Published by"),
        Column::text("When"),
        Column::tight("State").hushed(),
    ];
    let rows: Vec<Vec<Markup>> = view
        .revisions
        .iter()
        .map(|revision| {
            let href = format!("/processes/{slug}/revisions/{}", revision.number);
            vec![
                table::row_link(&href, &format!("Revision {}", revision.number)),
                html! { @if revision.note.is_empty() { span class="muted" { "No note" } } @else { (revision.note) } },
                html! { (revision.by) },
                moment::time(revision.at, visit.now, &visit.zone),
                html! { @if revision.in_force { (badge(Tone::Live, "In force")) } },
            ]
        })
        .collect();
    table::table("Revisions", &columns, &rows, Narrow::Stack)
}

fn reviewed(visit: &Visit, reviews: &[Review]) -> Markup {
    if reviews.is_empty() {
        return html! { p class="muted" { "It was not reviewed yet. A review holds the document against the work as it really is." } };
    }
    let happenings: Vec<Happening> = reviews
        .iter()
        .map(|review| Happening {
            tone: outcome_tone(review.outcome),
            what: html! {
                (review.by) ": " strong { (outcome_words(review.outcome)) }
                @if let Some(number) = review.revision { span class="muted" { " (revision " (number) ")" } }
            },
            when: moment::time(review.at, visit.now, &visit.zone),
            more: (!review.note.is_empty()).then(|| html! { (review.note) }),
        })
        .collect();
    list::timeline(&happenings)
}

fn outcome_tone(outcome: ReviewOutcome) -> Tone {
    match outcome {
        ReviewOutcome::StillRight | ReviewOutcome::Edited => Tone::Good,
        ReviewOutcome::NeedsRedesign => Tone::Warn,
    }
}

/// What came of a review, in words.
pub(super) fn outcome_words(outcome: ReviewOutcome) -> &'static str {
    match outcome {
        ReviewOutcome::StillRight => "It is still right",
        ReviewOutcome::Edited => "It was changed to what is done",
        ReviewOutcome::NeedsRedesign => "The work must be thought over",
    }
}

pub(super) async fn revision(visit: Visit, Path((slug, number)): Path<(String, String)>) -> Answer {
    let number: u32 = number.parse().map_err(|_none| Refusal::no_page(visit.here()))?;
    let revision = publishing::revision(&visit.app, &visit.who, &slug, number).await?;
    let view = processes::get(&visit.app, &visit.who, &slug).await?;
    let seats = seats::list(&visit.app, &visit.who).await?;
    let home = format!("/processes/{slug}");
    let in_force = view.row.revision == Some(number);
    let process = &revision.compiled;
    let facts = [
        if in_force { badge(Tone::Live, "In force") } else { badge(Tone::Neutral, "Replaced") },
        html! { "Published by " (revision.by) " " (moment::time(revision.at, visit.now, &visit.zone)) },
        html! { (revision.note) },
    ];
    let panel = html! {
        (layout::section("Owner", None, &html! { (process.owner.named().unwrap_or("None")) }))
        (layout::section("Starts", None, &document::starts(&process.triggers)))
        (layout::section("Expected output", None, &document::pieces(
            process.expected_output.iter().map(|o| o.text.as_str()), "It did not say what a run must produce.")))
        (layout::section("Failure signals", None, &document::pieces(
            process.failure_signals.iter().map(|s| s.text.as_str()), "It did not say how one notices that it failed.")))
        (layout::section("Content hash", None, &act::copyable(&revision.hash, "the hash")))
    };
    let content =
        html! { (document::content(process, &seats)) (document::source(&revision.source)) };
    let title = format!("{}, revision {number}", process.title);
    let body = html! {
        (layout::breadcrumbs(&[("Processes", "/processes"), (view.row.summary.title.as_str(), home.as_str())]))
        (layout::head(&title, None, &facts, &[]))
        @if !in_force {
            @let act = act::link_button(&home, "See what is in force", Weight::Secondary);
            (notice::banner(Tone::Neutral, &html! { "This revision was replaced. It is kept as it was, because runs followed it." }, Some(&act)))
        }
        (layout::beside(&content, "The revision in short", &panel))
    };
    Ok(visit.page(&title, Some(Part::Processes), Width::Wide, &body))
}
