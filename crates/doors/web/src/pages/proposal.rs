//! A proposed revision: what it changes, and the answer to it.

use super::{changes::differences, editor::findings};
use crate::{
    Site,
    gate::Sent,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        editor::{self, Place},
        field::{self, Field},
        layout::{self, Part, Width},
        list, moment, notice,
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
    changes::{self, State},
    proposals::{self, ProposalView},
    publishing::{self, Basis, Publication},
    records::ProposalState,
};
use maud::{Markup, html};
use serde::{Deserialize, de::IgnoredAny};

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/processes/{slug}/proposal", get(show).post(answer))
        .route("/processes/{slug}/proposal/publication", post(publish))
        .route("/processes/{slug}/proposal/withdrawal", post(withdraw))
}

async fn show(visit: Visit, Path(slug): Path<String>) -> Answer {
    page(&visit, &slug, &Answered::default(), None).await
}

/// The answer: which button, to which proposal, with which words.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answered {
    hash: String,
    act: String,
    comment: String,
}

async fn answer(Path(slug): Path<String>, Sent { visit, form }: Sent<Answered>) -> Answer {
    let (app, who) = (&visit.app, &visit.who);
    let home = format!("/processes/{slug}");
    let (hash, comment) = (form.hash.as_str(), form.comment.as_str());
    let done = match form.act.as_str() {
        "approve" => proposals::approve(app, who, &slug, hash, comment, false)
            .await
            .map(|_| go(&format!("{home}/proposal"), Done::Approved)),
        "publish" => proposals::approve(app, who, &slug, hash, comment, true)
            .await
            .map(|_| go(&home, Done::Published)),
        _ => proposals::send_back(app, who, &slug, hash, comment)
            .await
            .map(|()| go(&home, Done::SentBack)),
    };
    match done {
        Ok(onwards) => Ok(onwards),
        Err(error) => page(&visit, &slug, &form, Some(&fault(error)?)).await,
    }
}

/// The refusals that the page can show.
fn fault(error: Error) -> Result<Fault, Refusal> {
    match error {
        Error::Changed { .. } => Ok(Fault::new(
            "proposal",
            "It was changed or answered since you opened this page. Look at it as it is now.",
        )),
        other => Fault::of(other),
    }
}

#[derive(Debug, Deserialize)]
struct Published {
    #[serde(default)]
    hash: String,
}

async fn publish(Path(slug): Path<String>, Sent { visit, form }: Sent<Published>) -> Answer {
    let basis = Basis::Proposal { hash: form.hash };
    let with = Publication { basis, ..Publication::default() };
    match publishing::publish(&visit.app, &visit.who, &slug, with).await {
        Ok(_) => Ok(go(&format!("/processes/{slug}"), Done::Published)),
        Err(error) => page(&visit, &slug, &Answered::default(), Some(&fault(error)?)).await,
    }
}

async fn withdraw(Path(slug): Path<String>, Sent { visit, .. }: Sent<IgnoredAny>) -> Answer {
    proposals::withdraw(&visit.app, &visit.who, &slug).await?;
    Ok(go(&format!("/processes/{slug}"), Done::Withdrawn))
}

async fn page(visit: &Visit, slug: &str, typed: &Answered, fault: Option<&Fault>) -> Answer {
    let view = proposals::get(&visit.app, &visit.who, slug).await?;
    let compared = match view.proposal.base {
        Some(base) => {
            let to = State::Proposal;
            Some(changes::of(&visit.app, &visit.who, slug, Some(base), to).await?)
        }
        None => None,
    };
    let home = format!("/processes/{slug}");
    let proposal = &view.proposal;
    let number = proposal.base.unwrap_or(0) + 1;
    let title = match proposal.base {
        Some(_) => format!("Proposed revision of {}", view.title),
        None => format!("Proposed first revision of {}", view.title),
    };
    let facts = [
        state(proposal.state),
        html! { "Sent by " (proposal.by.name()) " " (moment::time(proposal.at, visit.now, &visit.zone)) },
        html! { "Asked: " (view.reviewer.as_deref().unwrap_or("the owner's holder and managers")) },
    ];
    let body = html! {
        (layout::breadcrumbs(&[("Processes", "/processes"), (view.title.as_str(), home.as_str())]))
        (layout::head(&title, None, &facts, &[]))
        (field::error_summary(&Fault::all(fault)))
        (replied(visit, &view))
        (layout::section("What is proposed", None, &about(&view, number)))
        (way(visit, &view, &home, typed, fault))
        @match &compared {
            Some(compared) => (differences(compared)),
            None => {
                (layout::section("The text", None, &html! {
                    pre class="source" tabindex="0" { code { (proposal.source) } }
                }))
            }
        }
        @if !view.diagnostics.is_empty() {
            @let located = findings::located(&proposal.source, &view.diagnostics);
            (layout::section("Findings", Some(&findings::tally(&view.diagnostics)),
                &editor::findings(&findings::shown(&located), Place::At(&format!("{home}/edit")))))
        }
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visit.page_with(status, &title, Some(Part::Processes), Width::Wide, &body))
}

/// Where a proposal stands, in a word.
pub(super) fn state(state: ProposalState) -> Markup {
    match state {
        ProposalState::InReview => badge(Tone::Live, "In review"),
        ProposalState::Approved => badge(Tone::Good, "Approved"),
        ProposalState::SentBack => badge(Tone::Warn, "Sent back"),
        ProposalState::Withdrawn => badge(Tone::Neutral, "Withdrawn"),
        ProposalState::Replaced => badge(Tone::Neutral, "Replaced"),
        ProposalState::Published => badge(Tone::Good, "Published"),
    }
}

/// The answer that was given.
fn replied(visit: &Visit, view: &ProposalView) -> Markup {
    let Some(reply) = &view.proposal.reply else { return html! {} };
    let (tone, words) = match view.proposal.state {
        ProposalState::SentBack => (Tone::Warn, "sent it back"),
        ProposalState::Approved
        | ProposalState::InReview
        | ProposalState::Withdrawn
        | ProposalState::Replaced
        | ProposalState::Published => (Tone::Good, "approved it"),
    };
    notice::banner(
        tone,
        &html! {
            (reply.by.name()) " " (words) " " (moment::time(reply.at, visit.now, &visit.zone))
            @if reply.comment.is_empty() { "." } @else { ": " (reply.comment) }
        },
        None,
    )
}

fn about(view: &ProposalView, number: u32) -> Markup {
    let proposal = &view.proposal;
    let writers: Vec<&str> = proposal.writers.iter().map(gemba_app::runs::By::name).collect();
    let what = match (proposal.restores, proposal.base) {
        (Some(old), _) => format!("Revision {old} becomes effective again, as revision {number}"),
        (None, Some(base)) => format!("Revision {number}, in place of revision {base}"),
        (None, None) => "The first revision; nothing runs by this process yet".to_owned(),
    };
    list::facts(&[
        ("What", html! { (what) }),
        (
            "Why",
            html! { @if proposal.note.is_empty() { span class="muted" { "No note" } } @else { (proposal.note) } },
        ),
        ("Written by", html! { (writers.join(", ")) }),
        ("Findings", html! { (findings::tally(&view.diagnostics)) }),
        (
            "Hash of what is shown",
            html! { code { (proposal.hash.chars().take(16).collect::<String>()) } },
        ),
    ])
}

/// What the visitor can do with it.
fn way(
    visit: &Visit,
    view: &ProposalView,
    home: &str,
    typed: &Answered,
    fault: Option<&Fault>,
) -> Markup {
    let proposal = &view.proposal;
    let is_open = proposal.state == ProposalState::InReview;
    let publish = html! {
        form class="inline" method="post" action={ (home) "/proposal/publication" } {
            (act::csrf(&visit.csrf))
            (act::hidden("hash", &proposal.hash))
            (act::button("Publish this revision", if is_open { Weight::Secondary } else { Weight::Primary }))
        }
    };
    html! {
        div id="proposal" class="stack" {
            @if view.draft_moved_on {
                p class="muted small" {
                    "The draft has changed since this was sent. What stands here stays as it was shown; "
                    "a yes to it is not a yes to the draft. "
                    a href={ (home) "/draft/changes" } { "See the draft's changes" }
                }
            }
            @if view.may_answer { (answer_form(visit, view, home, typed, fault)) }
            @else if is_open && view.wrote_it {
                (notice::banner(Tone::Neutral, &html! {
                    "You wrote this change, so somebody else answers it."
                    @if view.needs_approval { " Until then nothing runs by it." }
                }, None))
            }
            div class="buttons" {
                @if view.may_publish { (publish) }
                @if view.may_withdraw {
                    @let label = if proposal.state == ProposalState::SentBack { "Put it away" } else { "Withdraw it" };
                    (act::act(&format!("{home}/proposal/withdrawal"), &visit.csrf, label, Weight::Quiet))
                    (act::link_button(&format!("{home}/edit"), "Open the draft", Weight::Quiet))
                }
            }
        }
    }
}

fn answer_form(
    visit: &Visit,
    view: &ProposalView,
    home: &str,
    typed: &Answered,
    fault: Option<&Fault>,
) -> Markup {
    let comment = Field::new("comment", "Your answer in words")
        .hint("Needed where you send it back: say what should be changed.")
        .error(Fault::at(fault, "comment"));
    let may_publish = gemba_app::access::may(&visit.who, gemba_app::Act::Manage);
    layout::section(
        "Your answer",
        Some("to exactly what stands below"),
        &html! {
            form class="form" method="post" action={ (home) "/proposal" } {
                (act::csrf(&visit.csrf))
                (act::hidden("hash", &view.proposal.hash))
                (field::textarea(&comment, &typed.comment, 3))
                (act::buttons(&[
                    act::value_button("Approve", Weight::Primary, "act", "approve"),
                    html! { @if may_publish { (act::value_button("Approve and publish", Weight::Secondary, "act", "publish")) } },
                    act::value_button("Send it back", Weight::Secondary, "act", "back"),
                ]))
            }
        },
    )
}
