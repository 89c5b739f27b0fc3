//! The past of a process: its revisions, its reviews, and a revision as it was frozen.

use super::{count, document, lifecycle};
use crate::{
    pages::proposal::state as proposal_state,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        field,
        icon::Icon,
        layout::{self, Part, Width},
        list::{self, Happening},
        moment, notice,
    },
    visit::{Answer, Visit},
};
use axum::extract::Path;
use gemba_app::{
    Result,
    history::{self, History, HistoryRow},
    processes,
    processes::ProcessView,
    publishing::{self, RevisionState},
    records::{Review, ReviewOutcome},
    reviews, seats,
};
use maud::{Markup, html};

pub(super) async fn view(
    visit: &Visit,
    view: &ProcessView,
    fault: Option<&Fault>,
) -> Result<Markup> {
    let slug = &view.row.slug;
    let reviews = reviews::of_process(&visit.app, &visit.who, slug).await?;
    let history = history::of(&visit.app, &visit.who, slug).await?;
    Ok(html! {
        (field::error_summary(&Fault::all(fault)))
        (layout::section("Revisions", None, &revisions(visit, view, &history)))
        @if view.revisions.len() > 1 {
            p { (act::link_button(&format!("/processes/{slug}/moves"), "See runs by other revisions", Weight::Secondary)) }
        }
        (layout::section("Reviews", None, &reviewed(visit, &reviews)))
        (lifecycle::end(visit, view, &history, fault))
    })
}

/// Every state of the document, newest first: the draft, what is proposed, and each revision.
fn revisions(visit: &Visit, view: &ProcessView, history: &History) -> Markup {
    let home = format!("/processes/{}", view.row.slug);
    if view.revisions.is_empty() && view.row.proposal.is_none() {
        return notice::empty_state(
            Icon::History,
            "No revision yet",
            "Publishing freezes the document as a revision. Runs follow the revision they began with, so \
             one can always see by which words something was done.",
            Some(&act::link_button(
                &format!("{home}/publish"),
                "See what publishing needs",
                Weight::Secondary,
            )),
        );
    }
    let mut happenings = Vec::new();
    if view.row.has_changes && view.row.retired.is_none() {
        happenings.push(Happening {
            tone: Tone::Neutral,
            what: html! { (badge(Tone::Neutral, "Draft")) " The draft says something else than what is in force." },
            when: html! {},
            more: Some(html! {
                div class="buttons" {
                    @if view.row.revision.is_some() { (small_link(&format!("{home}/draft/changes"), "See its changes")) }
                    (small_link(&format!("{home}/publish"), "Publish or send for review"))
                }
            }),
        });
    }
    if let Some(proposal) = &view.row.proposal {
        happenings.push(Happening {
            tone: Tone::Live,
            what: html! {
                (proposal_state(proposal.state)) " " (proposal.by.name()) " sent a change for review"
                @if let Some(reply) = &proposal.reply { "; " (reply.by.name()) " answered" @if !reply.comment.is_empty() { ": " (reply.comment) } }
            },
            when: moment::time(proposal.at, visit.now, &visit.zone),
            more: Some(html! { div class="buttons" { (small_link(&format!("{home}/proposal"), "Look at it")) } }),
        });
    }
    happenings.extend(history.rows.iter().map(|row| revision_line(visit, view, history, row)));
    list::timeline(&happenings)
}

fn small_link(href: &str, label: &str) -> Markup {
    html! { a class="button quiet compact" href=(href) { (label) } }
}

fn revision_line(
    visit: &Visit,
    view: &ProcessView,
    history: &History,
    row: &HistoryRow,
) -> Happening {
    let home = format!("/processes/{}", view.row.slug);
    let revision = &row.revision;
    let number = revision.number;
    let others: Vec<&str> = revision
        .writers
        .iter()
        .map(String::as_str)
        .filter(|writer| *writer != revision.by)
        .collect();
    let runs = usize::try_from(row.n_runs).unwrap_or(0);
    let (tone, state) = match &revision.state {
        RevisionState::InForce => (Tone::Good, badge(Tone::Live, "In force")),
        RevisionState::Retired { .. } => (Tone::Neutral, badge(Tone::Neutral, "Retired")),
    };
    Happening {
        tone,
        what: html! {
            a href={ (home) "/revisions/" (number) } { strong { "Revision " (number) } } " " (state)
            @if !revision.note.is_empty() { p { (revision.note) } }
        },
        when: html! {
            "Published by " (revision.by) " " (moment::time(revision.at, visit.now, &visit.zone))
            @if !others.is_empty() { ", written by " (others.join(", ")) }
            @if let Some(yes) = &revision.approved { ", approved by " (yes.by.name()) @if !yes.comment.is_empty() { " (" (yes.comment) ")" } }
        },
        more: Some(html! {
            @if let Some(size) = &row.changes {
                p { (size.summary) " (" (count(size.n_removed, "line")) " removed, " (size.n_added) " added)" }
            }
            p { @if runs == 0 { "No run" } @else { (count(runs, "run")) } " by it" }
            @if let RevisionState::Retired { by, at, because } = &revision.state {
                p { "Retired by " (by) " " (moment::time(*at, visit.now, &visit.zone)) ": " (because) }
            }
            div class="buttons" {
                (small_link(&format!("{home}/revisions/{number}"), "Read it"))
                @if row.follows { (small_link(&format!("{home}/revisions/{number}/changes"), "See what it changed")) }
                @if !revision.in_force && view.row.retired.is_none() {
                    (small_link(&format!("{home}/revisions/{}/changes?from={number}", view.row.revision.unwrap_or(number)), "Compare with what is in force"))
                    (lifecycle::restore_form(visit, &home, history, number))
                }
            }
        }),
    }
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
    let in_force = view.row.revision == Some(number) && view.row.retired.is_none();
    let process = &revision.compiled;
    let facts = [
        if in_force { badge(Tone::Live, "In force") } else { badge(Tone::Neutral, "Retired") },
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
    let acts: Vec<Markup> = (number > 1)
        .then(|| {
            act::link_button(
                &format!("{home}/revisions/{number}/changes"),
                "See what it changed",
                Weight::Secondary,
            )
        })
        .into_iter()
        .collect();
    let title = format!("{}, revision {number}", process.title);
    let body = html! {
        (layout::breadcrumbs(&[("Processes", "/processes"), (view.row.summary.title.as_str(), home.as_str())]))
        (layout::head(&title, None, &facts, &acts))
        @if !in_force {
            @let act = act::link_button(&home, "See what is in force", Weight::Secondary);
            (notice::banner(Tone::Neutral, &html! { "Nothing new runs by this revision. It is kept as it was, because runs followed it." }, Some(&act)))
        }
        (layout::beside(&content, "The revision in short", &panel))
    };
    Ok(visit.page(&title, Some(Part::Processes), Width::Wide, &body))
}
