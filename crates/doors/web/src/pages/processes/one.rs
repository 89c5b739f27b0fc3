//! One process: how it is done, whether that is true, and what can be done about it.

use super::{
    document, happened, history,
    words::{self, Standing},
};
use crate::pages::attachments as attached;
use crate::{
    gate::Sent,
    pages::changes::since_last_run,
    refusal::Fault,
    ui::{
        act::{self, Weight},
        badge::Tone,
        field::{self, Choice, Field, Input},
        layout::{self, Part, Tab, Width},
        moment, notice,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    extract::{Path, Query},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use gemba_app::{
    Act, access, attachments,
    maps::{self, Picture, SvgStyle},
    processes::{self, ProcessView},
    publishing,
    records::{ProposalState, ReviewOutcome, Trust},
    reviews,
    seats::{self, SeatView},
    suggestions,
};
use maud::{Markup, html};
use serde::Deserialize;

/// Which side of the process is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Document,
    Map,
    Raci,
    Happened,
    History,
    Review,
}

impl Side {
    fn of_word(word: Option<&str>) -> Self {
        match word {
            Some("map") => Self::Map,
            Some("raci") => Self::Raci,
            Some("happened") => Self::Happened,
            Some("history") => Self::History,
            Some("review") => Self::Review,
            _ => Self::Document,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Look {
    view: Option<String>,
    #[serde(flatten)]
    times: happened::Asked,
}

/// That changes are suggested, where there are any.
fn suggested(slug: &str, n: usize) -> Markup {
    let words = if n == 1 { "A change is suggested." } else { "Changes are suggested." };
    let href = format!("/processes/{slug}/suggestions");
    html! {
        @if n > 0 {
            (notice::banner(Tone::Live, &html! { (words) }, Some(&act::link_button(&href, "Look at it", Weight::Secondary))))
        }
    }
}

/// The form of a review.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Reviewed {
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    note: String,
}

/// Which revision somebody stands behind: the one that was on the page.
#[derive(Debug, Deserialize)]
pub(super) struct Verified {
    revision: Option<u32>,
}

pub(super) async fn show(
    visit: Visit,
    Path(slug): Path<String>,
    Query(look): Query<Look>,
) -> Answer {
    let view = processes::get(&visit.app, &visit.who, &slug).await?;
    let side = Side::of_word(look.view.as_deref());
    page(&visit, &view, side, &look.times, &Reviewed::default(), None).await
}

async fn page(
    visit: &Visit,
    view: &ProcessView,
    side: Side,
    times: &happened::Asked,
    reviewed: &Reviewed,
    fault: Option<&Fault>,
) -> Answer {
    let seats = seats::list(&visit.app, &visit.who).await?;
    let content = match side {
        Side::Document => {
            let slug = &view.row.slug;
            let all = attachments::list(&visit.app, &visit.who, slug).await?;
            let n = suggestions::count_open(&visit.app, &visit.who, slug).await?;
            html! {
                (suggested(slug, n))
                (document::view(visit, view, &seats))
                (attached::shown(&all))
            }
        }
        Side::Map => document::map(view),
        Side::Raci => document::matrix(view, &seats),
        Side::Happened => happened::view(visit, view, times).await?,
        Side::History => history::view(visit, view, fault).await?,
        Side::Review => review_form(visit, view, reviewed, fault),
    };
    let since = since_last_run(visit, &view.row.slug).await?;
    let stopped = super::super::agents::in_process(visit, &view.row.slug).await?;
    let title = view.row.summary.title.as_str();
    let function = words::function(&view.row);
    let of_function = serde_urlencoded::to_string([("function", function)]).unwrap_or_default();
    let body = html! {
        (layout::breadcrumbs(&[("Processes", "/processes"), (function, &format!("/processes?{of_function}"))]))
        (layout::head(title, None, &facts(view, &seats), &acts(visit, view)))
        (layout::tabs("Views of this process", &tabs(view, side).each_ref().map(TabOf::tab)))
        (stopped)
        (since)
        (notes(visit, view, side))
        (content)
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visit.page_with(status, title, Some(Part::Processes), Width::Wide, &body))
}

/// The history with what was wrong in a form on it.
pub(super) async fn history_with(visit: &Visit, view: &ProcessView, fault: &Fault) -> Answer {
    page(visit, view, Side::History, &happened::Asked::default(), &Reviewed::default(), Some(fault))
        .await
}

fn facts(view: &ProcessView, seats: &[SeatView]) -> Vec<Markup> {
    let row = &view.row;
    vec![
        words::state(row),
        words::owner(row, seats),
        html! { (words::triggers(row)) },
        html! {
            @match row.revision {
                Some(number) => a href={ "/processes/" (row.slug) "/revisions/" (number) } { "Revision " (number) },
                None => "Not published",
            }
        },
    ]
}

fn acts(visit: &Visit, view: &ProcessView) -> Vec<Markup> {
    let row = &view.row;
    let home = format!("/processes/{}", row.slug);
    let mut acts = Vec::new();
    acts.push(act::link_button(&format!("{home}/attachments"), "Pictures", Weight::Quiet));
    acts.push(act::link_button(&format!("{home}/document.pdf"), "PDF", Weight::Quiet));
    if view.may_write {
        acts.push(act::edit_link(&format!("{home}/edit"), "Edit"));
    }
    if row.has_changes && view.may_write {
        let weight = if row.revision.is_none() { Weight::Primary } else { Weight::Secondary };
        let label =
            if access::may(&visit.who, Act::Manage) { "Publish" } else { "Send for review" };
        acts.push(act::link_button(&format!("{home}/publish"), label, weight));
    }
    if row.revision.is_some() && row.retired.is_none() && access::may(&visit.who, Act::StartRun) {
        acts.push(start_form(visit, &home));
    }
    acts
}

/// Starting asks what the run is about, which may stay open.
fn start_form(visit: &Visit, home: &str) -> Markup {
    let about = Field::new("title", "What is it about?")
        .hint("A client, a month, an order: what tells this run from the others.")
        .optional();
    html! {
        details class="ask" {
            summary class="button primary" { "Start a run" }
            // A browser that is led to what is in a fold opens it.
            form class="ask-box start" id="start" method="post" action={ (home) "/runs" } {
                (act::csrf(&visit.csrf))
                (field::text(&about, Input::Text, ""))
                (act::button("Start the run", Weight::Primary))
            }
        }
    }
}

/// A tab that owns its address.
struct TabOf {
    label: &'static str,
    href: String,
    count: Option<usize>,
    current: bool,
}

impl TabOf {
    fn tab(&self) -> Tab<'_> {
        Tab { label: self.label, href: &self.href, count: self.count, current: self.current }
    }
}

fn tabs(view: &ProcessView, side: Side) -> [TabOf; 6] {
    let slug = &view.row.slug;
    let at = |label, word: &str, which, count| {
        let query = if word.is_empty() { String::new() } else { format!("?view={word}") };
        TabOf { label, href: format!("/processes/{slug}{query}"), count, current: side == which }
    };
    let runs = view.row.running + view.row.completed + view.row.cancelled;
    let to_runs = TabOf {
        label: "Runs",
        href: format!("/runs?process={slug}"),
        count: usize::try_from(runs).ok(),
        current: false,
    };
    [
        at("Document", "", Side::Document, None),
        at("Map", "map", Side::Map, None),
        at("RACI", "raci", Side::Raci, None),
        at("As it runs", "happened", Side::Happened, None),
        at("History", "history", Side::History, Some(view.revisions.len())),
        to_runs,
    ]
}

/// Whether what stands here is true, and what is to be done where it may not be.
fn notes(visit: &Visit, view: &ProcessView, side: Side) -> Markup {
    let row = &view.row;
    let home = format!("/processes/{}", row.slug);
    let owner = row.owner.as_ref().map_or("the owner", |o| o.name.as_str());
    let may_verify = view.is_owner && row.revision.is_some();
    let verify = html! {
        form class="inline" method="post" action={ (home) "/verification" } {
            (act::csrf(&visit.csrf))
            @if let Some(number) = row.revision { (act::hidden("revision", &number.to_string())) }
            (act::button("Verify this process", Weight::Secondary))
        }
    };
    let to_review =
        act::link_button(&format!("{home}?view=review"), "Review it now", Weight::Secondary);
    html! {
        (proposed(visit, view, &home))
        @match words::standing(row) {
            Standing::Retired => {
                @if let Some(retired) = &row.retired {
                    (notice::banner(Tone::Neutral, &html! {
                        "Retired by " (retired.by) " " (moment::time(retired.at, visit.now, &visit.zone)) ": " (retired.because)
                        ". Nothing new runs by it."
                    }, access::may(&visit.who, Act::Manage).then_some(&act::act(&format!("{home}/return"), &visit.csrf, "Bring it back", Weight::Secondary))))
                }
            }
            Standing::Draft => {
                (notice::banner(Tone::Neutral, &html! { "This is a draft only: nothing runs by it until it is published." },
                    Some(&act::link_button(&format!("{home}/publish"), "See what publishing needs", Weight::Secondary))))
            }
            Standing::Stale if side != Side::Review => {
                (notice::banner(Tone::Bad, &html! {
                    "Its review was due "
                    @if let Some(at) = row.review.at { (moment::time(at, visit.now, &visit.zone)) }
                    ". Until somebody holds it against the work, take it with care."
                }, view.reviews_it.then_some(&to_review)))
            }
            Standing::Unverified => {
                @if let Trust::Unverified { because, since } = &row.trust {
                    div id="verify" { (notice::banner(Tone::Warn, &html! {
                        "Unverified " (moment::time(*since, visit.now, &visit.zone)) ": " (because) ". "
                        @if may_verify { "Read it against the work; where it is true, stand behind it." }
                        @else { "The holder of " (owner) " stands behind it after reading it against the work." }
                    }, may_verify.then_some(&verify))) }
                }
            }
            Standing::Verified => {
                @if let Trust::Verified { by, at } = &row.trust {
                    p class="muted small" {
                        (by) " verified it " (moment::time(*at, visit.now, &visit.zone)) " and stands behind it."
                        @if view.reviews_it && side != Side::Review {
                            " " a href={ (home) "?view=review" } { "Record a review" }
                        }
                    }
                }
            }
            Standing::Stale => {}
        }
        @if let Some(number) = row.revision && row.has_changes && row.retired.is_none() {
            p class="muted small" {
                "You see revision " (number) ", by which it runs. The draft says something else. "
                a href={ (home) "/draft/changes" } { "See its changes" }
                @if view.may_write { " · " a href={ (home) "/edit" } { "Open the draft" } }
            }
        }
    }
}

/// The revision that was proposed last, and what is to be done about it.
fn proposed(visit: &Visit, view: &ProcessView, home: &str) -> Markup {
    let Some(proposal) = &view.row.proposal else { return html! {} };
    let look = act::link_button(&format!("{home}/proposal"), "Look at it", Weight::Secondary);
    let when = moment::time(proposal.at, visit.now, &visit.zone);
    let reply = proposal.reply.as_ref();
    let who = reply.map_or("Somebody", |reply| reply.by.name());
    let (tone, words) = match proposal.state {
        ProposalState::Approved => (
            Tone::Good,
            html! { (who) " approved the change that " (proposal.by.name()) " sent " (when) ". It is not published yet." },
        ),
        ProposalState::SentBack => (
            Tone::Warn,
            html! { (who) " sent the change of " (proposal.by.name()) " back" @if let Some(reply) = reply { ": " (reply.comment) } },
        ),
        ProposalState::InReview
        | ProposalState::Withdrawn
        | ProposalState::Replaced
        | ProposalState::Published => (
            Tone::Live,
            html! { (proposal.by.name()) " sent a change for review " (when) ". It waits for an answer." },
        ),
    };
    notice::banner(tone, &words, Some(&look))
}

fn review_form(
    visit: &Visit,
    view: &ProcessView,
    reviewed: &Reviewed,
    fault: Option<&Fault>,
) -> Markup {
    let home = format!("/processes/{}", view.row.slug);
    if !view.reviews_it {
        let words = html! { "The holder of the owner's seat and managers review a process." };
        return notice::banner(Tone::Neutral, &words, None);
    }
    let outcome = Field::new("outcome", "What did you find?").error(Fault::at(fault, "outcome"));
    let note = Field::new("note", "What you saw")
        .hint("Which run or step you looked at, and what differed.")
        .optional();
    let hint = |outcome| match outcome {
        ReviewOutcome::StillRight => "The work is done as the document says.",
        ReviewOutcome::Edited => "The document was wrong or late, and you changed it.",
        ReviewOutcome::NeedsRedesign => {
            "The document describes the work, but the work should be another. It becomes unverified."
        }
    };
    let choices = ReviewOutcome::ALL.map(|o| Choice {
        value: o.word(),
        label: history::outcome_words(o),
        hint: Some(hint(o)),
    });
    let chosen = Some(reviewed.outcome.as_str()).filter(|o| !o.is_empty());
    let form = html! {
        (field::error_summary(&Fault::all(fault)))
        form class="form" method="post" action={ (home) "/reviews" } {
            (act::csrf(&visit.csrf))
            (field::radios(&outcome, &choices, chosen))
            (field::textarea(&note, &reviewed.note, 4))
            (act::buttons(&[
                act::button("Record the review", Weight::Primary),
                act::link_button(&home, "Read the document first", Weight::Quiet),
            ]))
        }
    };
    layout::section("Hold it against the work", None, &form)
}

pub(super) async fn review(
    Path(slug): Path<String>,
    Sent { visit, form }: Sent<Reviewed>,
) -> Answer {
    let Some(outcome) = ReviewOutcome::of_word(&form.outcome) else {
        let view = processes::get(&visit.app, &visit.who, &slug).await?;
        let fault = Fault::new("outcome", "Choose what you found.");
        let times = happened::Asked::default();
        return page(&visit, &view, Side::Review, &times, &form, Some(&fault)).await;
    };
    reviews::record(&visit.app, &visit.who, &slug, outcome, &form.note).await?;
    Ok(go(&format!("/processes/{slug}"), Done::Reviewed))
}

pub(super) async fn verify(
    Path(slug): Path<String>,
    Sent { visit, form }: Sent<Verified>,
) -> Answer {
    publishing::verify(&visit.app, &visit.who, &slug, form.revision).await?;
    Ok(go(&format!("/processes/{slug}"), Done::Verified))
}

pub(super) async fn map_file(visit: Visit, Path(slug): Path<String>) -> Answer {
    let style = SvgStyle::Standalone;
    let drawing = maps::of(&visit.app, &visit.who, &slug, &Picture::Plain, style).await?;
    Ok(download(&format!("{slug}.svg"), "image/svg+xml", drawing))
}

pub(super) async fn model_file(visit: Visit, Path(slug): Path<String>) -> Answer {
    let model = maps::model(&visit.app, &visit.who, &slug).await?;
    Ok(download(&format!("{slug}.bpmn"), "application/xml; charset=utf-8", model))
}

pub(super) async fn source_file(visit: Visit, Path(slug): Path<String>) -> Answer {
    let view = processes::get(&visit.app, &visit.who, &slug).await?;
    Ok(download(&format!("{slug}.md"), "text/markdown; charset=utf-8", view.source))
}

/// A file to keep. It is never opened in place, where it could act as a page of ours.
pub(super) fn download(name: &str, kind: &'static str, content: impl IntoResponse) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or_else(|_strange| HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, content).into_response()
}
