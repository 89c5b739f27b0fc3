//! One step to do: what it asks, its form, and the acts of taking it, giving it back and completing it.

use super::elsewhere::{self, Handing, Reporting, Skipping};
use super::form::{Problems, Typed, instructions, step_form};
use super::{priority, proof, sharing};
use crate::pages::attachments as attached;
use crate::{
    gate::{Sent, Upload},
    pages::changes::since_notice,
    refusal::Refusal,
    ui::{
        act::{Weight, act, link_button},
        badge::{Tone, badge},
        layout::{Part, Width, beside, breadcrumbs, head, section},
        list::{Happening, facts, fold, timeline},
        moment,
        notice::banner,
        prose::{line, prose},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{Redirect, Response},
};
use gemba_app::{
    Error,
    approvals::Record,
    incidents, last_run,
    runs::Status,
    work::{self, ItemState, Outcome, WorkRow, WorkView},
};
use gemba_model::id::WorkItemId;
use maud::{Markup, html};

pub(super) fn id(given: &str) -> Result<WorkItemId, Refusal> {
    let missing = |_unknown| Error::NotFound { what: "work item", id: given.to_owned() };
    Ok(given.parse().map_err(missing)?)
}

pub(super) async fn show(visit: Visit, Path(given): Path<String>) -> Answer {
    let view = work::get(&visit.app, &visit.who, id(&given)?).await?;
    let since = last_run::of_run(&visit.app, &visit.who, view.row.item.run).await?;
    let news =
        since_notice(&visit, &view.row.process.0, since.as_ref().filter(|_| is_open(&view.row)));
    Ok(page_with(&visit, &view, StatusCode::OK, &Typed::default(), &Problems::default(), &news))
}

/// An address that only takes forms leads to the step when it is opened.
pub(super) async fn back(Path(given): Path<String>) -> Redirect {
    let known = id(&given).map_or_else(|_| "/".to_owned(), |id| format!("/work/{id}"));
    Redirect::to(&known)
}

pub(super) async fn claim(Path(given): Path<String>, sent: Sent<Vec<(String, String)>>) -> Answer {
    let (visit, id) = (sent.visit, id(&given)?);
    let done = work::claim(&visit.app, &visit.who, id).await;
    after(&visit, id, done, Done::Taken).await
}

pub(super) async fn release(
    Path(given): Path<String>,
    sent: Sent<Vec<(String, String)>>,
) -> Answer {
    let (visit, id) = (sent.visit, id(&given)?);
    let done = work::release(&visit.app, &visit.who, id).await;
    after(&visit, id, done, Done::GivenBack).await
}

pub(super) async fn assign(Path(given): Path<String>, sent: Sent<Handing>) -> Answer {
    let (visit, id, form) = (sent.visit, id(&given)?, sent.form);
    let done = work::reassign(&visit.app, &visit.who, id, &form.to, &form.handed_because).await;
    match done {
        Err(Error::Rejected(rejection)) => {
            let problems = Problems::whole(&rejection);
            let view = work::get(&visit.app, &visit.who, id).await?;
            let typed = Typed::handing(form);
            Ok(page(&visit, &view, problems.status(), &typed, &problems))
        }
        done => after(&visit, id, done, Done::HandedOver).await,
    }
}

pub(super) async fn skip(Path(given): Path<String>, sent: Sent<Skipping>) -> Answer {
    let (visit, id, form) = (sent.visit, id(&given)?, sent.form);
    let branch = Some(form.goes_on.clone()).filter(|branch| !branch.is_empty());
    match work::skip(&visit.app, &visit.who, id, branch, &form.skipped_because).await {
        Ok(outcome) => Ok(go(&format!("/runs/{}", outcome.run), Done::StepSkipped)),
        Err(Error::Rejected(rejection)) => {
            let problems = Problems::whole(&rejection);
            let view = work::get(&visit.app, &visit.who, id).await?;
            let typed = Typed::skipping(form);
            Ok(page(&visit, &view, problems.status(), &typed, &problems))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn problem(Path(given): Path<String>, sent: Sent<Reporting>) -> Answer {
    let (visit, id) = (sent.visit, id(&given)?);
    match incidents::report(&visit.app, &visit.who, id, &sent.form.problem).await {
        Ok(incident) => Ok(go(&format!("/incidents/{incident}"), Done::ProblemReported)),
        Err(Error::Invalid { .. }) => {
            let view = work::get(&visit.app, &visit.who, id).await?;
            let (status, typed) = (StatusCode::UNPROCESSABLE_ENTITY, Typed::reporting());
            Ok(page(&visit, &view, status, &typed, &Problems::default()))
        }
        Err(other) => Err(other.into()),
    }
}

/// Back to the step after an act, or the step with the reason why not.
async fn after(visit: &Visit, id: WorkItemId, done: Result<(), Error>, word: Done) -> Answer {
    match done {
        Ok(()) => Ok(go(&format!("/work/{id}"), word)),
        Err(Error::Rejected(rejection)) => {
            let view = work::get(&visit.app, &visit.who, id).await?;
            let problems = Problems::whole(&rejection);
            Ok(page(visit, &view, problems.status(), &Typed::default(), &problems))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn complete(Path(given): Path<String>, upload: Upload) -> Answer {
    let id = id(&given)?;
    let Upload { visit, .. } = &upload;
    let view = work::get(&visit.app, &visit.who, id).await?;
    let step = &view.row.step;
    let (typed, unusable) = Typed::read(&upload, step).await?;
    if unusable.status() == StatusCode::UNPROCESSABLE_ENTITY {
        return Ok(page(visit, &view, unusable.status(), &typed, &unusable));
    }
    match work::complete(&visit.app, &visit.who, id, typed.completion(step)).await {
        Ok(outcome) => Ok(onwards(visit, &outcome)),
        Err(Error::Rejected(rejection)) => {
            let problems = typed.problems(&rejection, step);
            Ok(page(visit, &view, problems.status(), &typed, &problems))
        }
        Err(other) => Err(other.into()),
    }
}

/// To the next step of the run that is one's own, or else to the run.
fn onwards(visit: &Visit, outcome: &Outcome) -> Response {
    match outcome.next.iter().find(|next| visit.who.works_for(next.item.seat)) {
        Some(next) => go(&format!("/work/{}", next.item.id), Done::StepCompleted),
        None if outcome.state.status == Status::Completed => {
            go(&format!("/runs/{}", outcome.run), Done::RunCompleted)
        }
        None => go(&format!("/runs/{}", outcome.run), Done::StepCompleted),
    }
}

/// What an approval decides on: what the steps before left.
fn on_record(visit: &Visit, record: &Record) -> Markup {
    if record.left.is_empty() {
        return html! {};
    }
    let told: Vec<Happening> = record
        .left
        .iter()
        .map(|left| Happening {
            tone: Tone::Good,
            what: html! { strong { (left.step) } " by " (left.by) },
            when: moment::time(left.at, visit.now, &visit.zone),
            more: Some(html! {
                @if let Some(note) = &left.note { p { (note) } }
                @if !left.evidence.is_empty() {
                    ul class="evidence" { @for piece in &left.evidence { li { (proof(piece)) } } }
                }
            }),
        })
        .collect();
    section("What you decide on", Some("what is on record now"), &timeline(&told))
}

/// Whether the turn of the step is now.
fn is_open(row: &WorkRow) -> bool {
    ItemState::UNDONE.contains(&row.item.state)
}

pub(super) fn page(
    visit: &Visit,
    view: &WorkView,
    status: StatusCode,
    typed: &Typed,
    problems: &Problems,
) -> Response {
    page_with(visit, view, status, typed, problems, &html! {})
}

/// The page, with what changed since the visitor last ran the process.
fn page_with(
    visit: &Visit,
    view: &WorkView,
    status: StatusCode,
    typed: &Typed,
    problems: &Problems,
    news: &Markup,
) -> Response {
    let row = &view.row;
    let run = format!("/runs/{}", row.item.run);
    let place = match &row.part_of {
        Some(whole) => html! { "Part of “" (whole) "”" },
        None if row.step.number.is_empty() => html! { "After the last step" },
        None => html! { "Step " (row.step.number) " of " (view.n_steps) },
    };
    let since = html! { "its turn came " (moment::time(row.item.opened, visit.now, &visit.zone)) };
    let waits = row.child.is_some();
    let asked = is_open(row) && row.is_mine && !row.taken_by_other && !waits;
    let content = html! {
        @if let Some((what, code)) = &problems.whole {
            (banner(Tone::Bad, &html! { (line(what)) " " a href={ "/codes/" (code) } { "What this means" } }, None))
        }
        (news)
        (standing(visit, row))
        (sharing::standing(visit, row))
        @if let Some(why) = row.uncalled.as_ref().filter(|_| is_open(row)) {
            (banner(Tone::Warn, &html! { "No other run carries out this procedure: " (why) ". It is done here." }, None))
        }
        (super::given(&view.inputs))
        (instructions(row, &row.step, asked))
        (attached::shown(&view.attachments))
        @if let Some(record) = &view.record { (on_record(visit, record)) }
        @if asked {
            (step_form(visit, row, typed, problems, view.record.as_ref()))
        } @else {
            (parts_to_read(row))
            @if let Some(written) = typed.written() { (section("What you wrote", None, &written)) }
        }
        (sharing::forms(visit, view, &typed.shared))
        (elsewhere::forms(visit, view, typed))
        @if !view.expected_output.is_empty() || !view.failure_signals.is_empty() {
            (fold("What the run must produce, and what says that it went wrong", &purpose(view), false))
        }
    };
    let body = html! {
        (breadcrumbs(&[("My work", "/"), (&row.run_title, &run)]))
        (head(&row.step.title, None, &[html! { (state(row)) (priority(row.item.priority)) }, place, html! { (row.seat) }, since], &acts(visit, row)))
        (beside(&content, "About this step", &about(visit, view, &run)))
    };
    visit.page_with(status, &row.step.title, Some(Part::MyWork), Width::Wide, &body)
}

fn state(row: &WorkRow) -> Markup {
    if row.late {
        return badge(Tone::Bad, "Overdue");
    }
    match row.item.state {
        ItemState::Open => badge(Tone::Live, "To do"),
        ItemState::Claimed => badge(Tone::Live, "Taken"),
        ItemState::Waiting => badge(Tone::Neutral, "Waiting"),
        ItemState::Done => badge(Tone::Good, "Done"),
        ItemState::Skipped => badge(Tone::Warn, "Skipped"),
        ItemState::Dropped => badge(Tone::Neutral, "Not needed any more"),
    }
}

fn acts(visit: &Visit, row: &WorkRow) -> Vec<Markup> {
    let to = |what: &str| format!("/work/{}/{what}", row.item.id);
    match row.item.state {
        ItemState::Open if row.is_mine => {
            vec![act(&to("claim"), &visit.csrf, "Take it", Weight::Secondary)]
        }
        ItemState::Claimed if row.is_mine => {
            vec![act(&to("release"), &visit.csrf, "Give it back", Weight::Secondary)]
        }
        ItemState::Open
        | ItemState::Claimed
        | ItemState::Waiting
        | ItemState::Done
        | ItemState::Skipped
        | ItemState::Dropped => Vec::new(),
    }
}

/// Who does it, where that is not simply the one who looks.
fn standing(visit: &Visit, row: &WorkRow) -> Markup {
    let run = link_button(&format!("/runs/{}", row.item.run), "See the run", Weight::Secondary);
    let holder = row.item.holder.as_deref().unwrap_or("Somebody");
    match row.item.state {
        ItemState::Done => {
            let words = html! { (holder) " completed this step" @if let Some(at) = row.item.closed { " " (moment::time(at, visit.now, &visit.zone)) } "." };
            banner(Tone::Good, &words, Some(&run))
        }
        ItemState::Skipped => {
            let words = html! { (holder) " let the run go on without this step" @if let Some(at) = row.item.closed { " " (moment::time(at, visit.now, &visit.zone)) } "." };
            banner(Tone::Warn, &words, Some(&run))
        }
        ItemState::Dropped => banner(
            Tone::Neutral,
            &html! { "The run was ended before this step was done." },
            Some(&run),
        ),
        ItemState::Waiting if row.child.is_some() => {
            let words = html! { "Another run carries out this step" @if let Some(child) = &row.child { ": " a href={ "/runs/" (child.id) } { (child.process.1) ", " (child.title) } } ". It is done when that run comes to its end." };
            banner(Tone::Neutral, &words, Some(&run))
        }
        ItemState::Waiting => {
            let words = html! { "The run waits here" @if let Some(until) = row.until { " until " (moment::time(until, visit.now, &visit.zone)) ", and goes on by itself then" } ". Whoever holds the seat can let it go on before." };
            banner(Tone::Neutral, &words, Some(&run))
        }
        ItemState::Claimed if row.taken_by_other => {
            let words = html! { (holder) " has taken this step. It can be completed by others once it is given back." };
            banner(Tone::Neutral, &words, Some(&run))
        }
        ItemState::Open | ItemState::Claimed if !row.is_mine => {
            let words = html! { "This step belongs to " strong { (row.seat) } ", a seat that you do not hold." };
            banner(Tone::Neutral, &words, Some(&run))
        }
        ItemState::Open | ItemState::Claimed
            if !visit.who.works_for(row.item.seat) && !row.is_given =>
        {
            let words = html! { "This step belongs to " strong { (row.seat) } ". As " (visit.who.role.word()) " you may do it in their place." };
            banner(Tone::Warn, &words, None)
        }
        ItemState::Open | ItemState::Claimed => html! {},
    }
}

/// The parts for the one who only reads.
fn parts_to_read(row: &WorkRow) -> Markup {
    html! {
        @if !row.step.steps.is_empty() {
            ul class="prose" {
                @for part in row.step.walk().into_iter().skip(1) {
                    li { strong { (line(&part.title)) } (instructions(row, part, false)) }
                }
            }
        }
    }
}

fn purpose(view: &WorkView) -> Markup {
    let listed = |texts: &[String]| html! { div class="prose" { ul { @for text in texts { li { (line(text)) } } } } };
    html! {
        @if !view.expected_output.is_empty() {
            (section("Expected output", None, &listed(&view.expected_output)))
        }
        @if !view.failure_signals.is_empty() {
            (section("Failure signals", None, &listed(&view.failure_signals)))
        }
    }
}

fn about(visit: &Visit, view: &WorkView, run: &str) -> Markup {
    let row = &view.row;
    let (slug, title) = &row.process;
    let step = &row.step;
    let named = |names: &[String]| html! { (names.join(", ")) };
    let mut known: Vec<(&str, Markup)> = vec![
        ("Process", html! { a href={ "/processes/" (slug) } { (title) } }),
        ("Run", html! { a href=(run) { (row.run_title) } }),
        ("Seat", html! { (row.seat) @if let Some(planned) = &row.for_seat { ", for " (planned) } }),
    ];
    if let Some(due) = row.item.due {
        known.push(("Due", moment::time(due, visit.now, &visit.zone)));
    }
    if let Some(due) = &step.due {
        known.push((if row.item.due.is_some() { "That is" } else { "Due" }, prose(due)));
    }
    for (label, names) in [
        ("Then goes to", &step.handoff_to),
        ("Ask before", &step.consulted),
        ("Tell after", &step.informed),
    ] {
        if !names.is_empty() {
            known.push((label, named(names)));
        }
    }
    known.push(("As written in", html! { "revision " (view.revision) }));
    facts(&known)
}
