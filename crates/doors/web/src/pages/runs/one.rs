//! One run: its map, the step whose turn it is, what was done and what comes, what happened.

use super::{standing, urgency};
use crate::{
    gate::Sent,
    pages::{
        live,
        work::{
            due,
            form::{Problems, Typed, instructions, step_form},
            given, priority, proof,
        },
    },
    refusal::{Refusal, sentence},
    ui::{
        act::{Weight, button, csrf, link_button},
        badge::{Tone, badge},
        field::{Field, textarea},
        holder::{HolderKind, avatar},
        icon::Icon,
        layout::{Part, Width, beside, breadcrumbs, head, section},
        list::{Happening, fold, timeline},
        moment,
        notice::{banner, empty_state},
        prose::line,
        step::{StepState, StepView, both_maps, steps},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{extract::Path, http::StatusCode, response::Redirect};
use gemba_app::{
    Error,
    error::Rejection,
    live::Topic,
    maps::{self, Picture},
    runs::{self, By, Event, Origin, RunState, RunView},
    work::{ItemState, WorkRow},
};
use gemba_model::{
    Branch, Next, Step, StepId, StepKind, acceptance, approval::Unanswered, flow, id::RunId,
};
use maud::{Markup, html};
use serde::Deserialize;

/// How many of the latest happenings the page tells.
const TOLD: usize = 40;

pub(super) fn id(given: &str) -> Result<RunId, Refusal> {
    let missing = |_unknown| Error::NotFound { what: "run", id: given.to_owned() };
    Ok(given.parse().map_err(missing)?)
}

pub(super) async fn show(visit: Visit, Path(given): Path<String>) -> Answer {
    page(&visit, id(&given)?, StatusCode::OK, &Cancel::default(), None).await
}

/// An address that only takes forms leads to the run when it is opened.
pub(super) async fn back(Path(given): Path<String>) -> Redirect {
    let known = id(&given).map_or_else(|_| "/runs".to_owned(), |id| format!("/runs/{id}"));
    Redirect::to(&known)
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Cancel {
    #[serde(default)]
    why: String,
}

pub(super) async fn allow(Path(given): Path<String>, sent: Sent<Cancel>) -> Answer {
    let Sent { visit, form } = sent;
    let id = id(&given)?;
    runs::allow_round(&visit.app, &visit.who, id, &form.why).await?;
    Ok(go(&format!("/runs/{id}"), Done::RoundAllowed))
}

pub(super) async fn cancel(Path(given): Path<String>, sent: Sent<Cancel>) -> Answer {
    let Sent { visit, form } = sent;
    let id = id(&given)?;
    let says = match runs::cancel(&visit.app, &visit.who, id, &form.why).await {
        Ok(()) => return Ok(go(&format!("/runs/{id}"), Done::Ended)),
        Err(Error::Rejected(
            rejection @ (Rejection::CancelReasonNeeded | Rejection::TooLong { .. }),
        )) => sentence(&rejection.to_string()),
        Err(other) => return Err(other.into()),
    };
    page(&visit, id, StatusCode::UNPROCESSABLE_ENTITY, &form, Some(&says)).await
}

async fn page(
    visit: &Visit,
    id: RunId,
    status: StatusCode,
    form: &Cancel,
    error: Option<&str>,
) -> Answer {
    let listens = live::mark(visit, Topic::Run(id)).await?;
    let view = runs::get(&visit.app, &visit.who, id).await?;
    let (slug, title) = &view.row.process;
    let picture = Picture::Run(id);
    let drawing = maps::shown_of(&visit.app, &visit.who, slug, &picture, "").await?;
    let process = html! { a href={ "/processes/" (slug) } { (title) } };
    let revision = html! {
        @if view.may_cancel { a href={ "/processes/" (slug) "/moves" } { "revision " (view.revision) } }
        @else { "revision " (view.revision) }
    };
    let caller = html! {
        @if let Some(caller) = &view.caller {
            "part of " a href={ "/runs/" (caller.id) } { (caller.process.1) ": " (caller.title) }
        }
    };
    let started = html! { "started " (moment::time(view.row.started, visit.now, &visit.zone)) };
    let marks = html! { (standing(&view.row)) (priority(view.row.priority)) };
    let mut known = vec![marks, process, revision, started];
    known.extend(view.caller.is_some().then_some(caller));
    let label = format!("Map of {title} with where this run stands");
    let content = html! {
        (given(&view.inputs))
        @if let Some(reason) = &view.row.ending {
            (banner(Tone::Warn, &html! { "The run was ended: " (reason) ". It is over when its clean-up is done." }, None))
        }
        @if view.row.held { (held(visit, id, &view)) }
        (done_steps(visit, &view))
        (now_and_coming(visit, &view))
    };
    let panel = html! {
        (section("What happened", None, &happenings(visit, &view)))
        @if view.may_prioritise { (urgency::form(visit, id, view.row.priority)) }
        @if view.may_cancel { (cancel_form(visit, id, form, error)) }
    };
    let body = html! {
        (listens)
        (breadcrumbs(&[("Runs", "/runs"), (title, &format!("/runs?process={slug}"))]))
        (head(&view.row.title, Some(&stands(visit, &view)), &known, &[]))
        (both_maps("run-map", &label, &drawing, None))
        (beside(&content, "What happened in this run", &panel))
    };
    Ok(visit.page_with(status, &view.row.title, Some(Part::Runs), Width::Wide, &body))
}

/// Where it stands, in a sentence.
fn stands(visit: &Visit, view: &RunView) -> String {
    let took = |end: jiff::Timestamp| moment::span(end.as_second() - view.row.started.as_second());
    let ended = view.row.ended.unwrap_or(visit.now);
    match view.row.state {
        RunState::Completed => match &view.row.outcome {
            Some(outcome) => format!("It came to its end after {}: {outcome}.", took(ended)),
            None => format!("It came to its end after {}.", took(ended)),
        },
        RunState::Cancelled => format!("It was ended before its end, after {}.", took(ended)),
        RunState::Running if view.row.held => {
            "It stands still: it went back as often as the document allows.".to_owned()
        }
        RunState::Running => match view.open.first() {
            None => "It goes on.".to_owned(),
            Some(row) if row.child.is_some() => {
                format!("It waits for the run that carries out “{}”.", row.step.title)
            }
            Some(row) if row.item.state == ItemState::Waiting => {
                format!("It waits at “{}” and goes on by itself.", row.step.title)
            }
            Some(row) => {
                let waits = visit.now.as_second() - row.item.opened.as_second();
                let (step, seat) = (&row.step.title, &row.seat);
                let more = match view.open.len() {
                    0 | 1 => String::new(),
                    2 => ", and for one more thing at the same time".to_owned(),
                    n => format!(", and for {} more things at the same time", n - 1),
                };
                format!("It waits for {seat} to do “{step}”, {}{more}.", moment::so_far(waits))
            }
        },
    }
}

// The steps -------------------------------------------------------------------------------------

fn who(by: &By) -> Markup {
    let kind = match by {
        By::Agent { .. } => HolderKind::Agent,
        By::Person { .. } | By::System => HolderKind::Person,
    };
    html! { span class="holder" { (avatar(by.name(), kind)) span { (by.told()) } } }
}

/// What was done, in the order it was done, each with what was left.
fn done_steps(visit: &Visit, view: &RunView) -> Markup {
    let done: Vec<(&StepId, &Event)> = view
        .history
        .iter()
        .filter_map(|told| match &told.event {
            event @ Event::StepCompleted { step, .. } => Some((step, event)),
            _ => None,
        })
        .collect();
    if done.is_empty() {
        return html! {};
    }
    let ids: Vec<String> =
        (1..).zip(&done).map(|(n, (step, _))| format!("{step}-done-{n}")).collect();
    let asked: Vec<Option<Step>> = done.iter().map(|(id, _)| view.process.asked(id)).collect();
    let accept = acceptance::of(&view.process);
    let ways = accept.as_ref().map(|act| act.branches.as_slice()).unwrap_or_default();
    let shown: Vec<StepView<'_>> = done
        .iter()
        .zip(&asked)
        .zip(&ids)
        .map(|(((id, event), step), own_id)| StepView {
            number: step.as_ref().map_or("", |s| s.number.as_str()),
            id: own_id,
            title: step.as_ref().map_or(id.as_str(), |s| s.title.as_str()),
            state: StepState::Done,
            facts: done_facts(visit, event),
            body: left_behind(step.as_ref(), ways, event),
        })
        .collect();
    let summary = match done.len() {
        1 => "1 step done".to_owned(),
        n => format!("{n} steps done"),
    };
    section("Done", None, &fold(&summary, &steps(&shown), view.row.state != RunState::Running))
}

fn done_facts(visit: &Visit, event: &Event) -> Vec<Markup> {
    match event {
        Event::StepCompleted { by, at, .. } => {
            vec![who(by), moment::time(*at, visit.now, &visit.zone)]
        }
        _ => Vec::new(),
    }
}

/// The branch with its reason, the note and the evidence of a step that was done.
fn left_behind(step: Option<&Step>, accepting: &[Branch], event: &Event) -> Option<Markup> {
    let Event::StepCompleted { branch, reason, note, evidence, .. } = event else { return None };
    if branch.is_none() && reason.is_none() && note.is_none() && evidence.is_empty() {
        return None;
    }
    let label = |id: &str| {
        let decisions = step.into_iter().flat_map(Step::walk).flat_map(|part| &part.decisions);
        let written = decisions.clone().find(|d| d.id == id).map(|d| d.condition.as_str());
        let accepting = accepting.iter().find(|way| way.id == id).map(|way| way.label.as_str());
        written.or(accepting).unwrap_or(id).to_owned()
    };
    Some(html! {
        @if let Some(branch) = branch {
            p { "Chose: " strong { (line(&label(branch))) } }
        }
        @if let Some(reason) = reason { p { "Why: " (reason) } }
        @if let Some(note) = note { p class="muted" { (note) } }
        @if !evidence.is_empty() {
            ul class="evidence" { @for piece in evidence { li { (proof(piece)) } } }
        }
    })
}

/// The step whose turn it is, open, and those that come after, in the order of the document.
fn now_and_coming(visit: &Visit, view: &RunView) -> Markup {
    if view.row.state != RunState::Running {
        return html! {};
    }
    let ahead = ahead(view);
    let form_of = view.open.iter().find(|row| row.is_mine && visit.who.holds(row.item.seat));
    // What is approved is looked at on its own page, which says what it decides on.
    let is_form = |row: &WorkRow| {
        row.step.kind != StepKind::Approval
            && form_of.is_some_and(|mine| mine.item.id == row.item.id)
    };
    let of_step = |index: usize| {
        view.open.iter().filter(move |row| view.process.top_level(&row.step.id) == Some(index))
    };
    let mut shown: Vec<StepView<'_>> = view
        .process
        .steps
        .iter()
        .zip(ahead)
        .enumerate()
        .filter_map(|(index, (step, ahead))| {
            let rows: Vec<&WorkRow> = of_step(index).collect();
            let (number, id, title) = (&step.number, step.id.as_str(), &step.title);
            let whole = rows.iter().find(|row| row.step.id == step.id);
            let (state, facts, body) = match (whole, rows.is_empty()) {
                (Some(row), _) => {
                    (StepState::Now, turn(visit, row), Some(now(visit, row, is_form(row))))
                }
                (None, false) => {
                    let is_vote = step.approval.is_some();
                    let parts = html! {
                        @for row in &rows {
                            @if is_vote { (asked_one(visit, row)) } @else { (part(visit, row, is_form(row))) }
                        }
                    };
                    (StepState::Now, vec![html! { (left(view, step)) }], Some(parts))
                }
                (None, true) if !ahead || view.state.done.contains_key(&step.id) => return None,
                (None, true) => {
                    let doer = view.process.doer(step).unwrap_or_default();
                    let mut facts = vec![html! { (doer) }];
                    facts.extend(step.due.as_ref().map(|due| html! { "Due: " (due) }));
                    (StepState::Coming, facts, None)
                }
            };
            Some(StepView { number, id, title, state, facts, body })
        })
        .collect();
    // The act of accepting the output stands in no document.
    let accepting = view.open.iter().filter(|row| view.process.top_level(&row.step.id).is_none());
    shown.extend(accepting.map(|row| StepView {
        number: "",
        id: row.step.id.as_str(),
        title: &row.step.title,
        state: StepState::Now,
        facts: turn(visit, row),
        body: Some(now(visit, row, is_form(row))),
    }));
    section("Now, and what comes", None, &steps(&shown))
}

/// Whose turn it is, by when, since when.
fn turn(visit: &Visit, row: &WorkRow) -> Vec<Markup> {
    let mut facts = vec![html! { (row.seat) }];
    facts.extend(due(visit, row));
    facts.push(html! { "since " (moment::time(row.item.opened, visit.now, &visit.zone)) });
    if row.late {
        facts.push(badge(Tone::Bad, "Overdue"));
    }
    facts
}

/// How many parts of a step that was handed out in parts are left.
fn left(view: &RunView, step: &Step) -> String {
    let left = view.state.group(&step.id).map_or(0, |group| group.left.len());
    if let Some(approval) = &step.approval {
        let said = approval.seats.len().saturating_sub(left);
        return format!("{said} of {} have said yes", approval.need);
    }
    format!("{} of {} parts done", step.steps.len().saturating_sub(left), step.steps.len())
}

/// One of the seats that are asked for their yes.
fn asked_one(visit: &Visit, row: &WorkRow) -> Markup {
    html! {
        div class="part" {
            h3 { (row.seat) }
            p class="muted" { @for (n, fact) in turn(visit, row).iter().skip(1).enumerate() { @if n > 0 { " · " } (fact) } }
            @if row.is_mine {
                p { (link_button(&format!("/work/{}", row.item.id), "Answer", Weight::Secondary)) }
            }
        }
    }
}

/// A part of a step that is handed out by itself.
fn part(visit: &Visit, row: &WorkRow, inline: bool) -> Markup {
    html! {
        div class="part" {
            h3 { (line(&row.step.title)) }
            p class="muted" { @for (n, fact) in turn(visit, row).iter().enumerate() { @if n > 0 { " · " } (fact) } }
            (now(visit, row, inline))
        }
    }
}

/// Which steps the run can still come to, in the order of the document.
fn ahead(view: &RunView) -> Vec<bool> {
    let mut ahead = vec![false; view.process.steps.len()];
    let mut from: Vec<usize> =
        view.open.iter().filter_map(|row| view.process.top_level(&row.step.id)).collect();
    while let Some(index) = from.pop() {
        match ahead.get_mut(index) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        from.extend(flow::routes(&view.process, index).all().into_iter().filter_map(|(to, _)| {
            match to {
                Next::Step(next) => Some(next),
                Next::End => None,
            }
        }));
    }
    ahead
}

fn now(visit: &Visit, row: &WorkRow, inline: bool) -> Markup {
    let open = |label| link_button(&format!("/work/{}", row.item.id), label, Weight::Primary);
    let taken = row.item.state == ItemState::Claimed;
    let by_other = taken && row.item.holder.as_deref() != Some(&visit.who.name);
    let asked = inline && !by_other && row.child.is_none();
    html! {
        @if let Some(holder) = row.item.holder.as_deref().filter(|_| taken) {
            p class="muted" { "Taken by " (holder) "." }
        }
        (instructions(row, &row.step, asked))
        @if let Some(child) = &row.child {
            p { "It is carried out by " a href={ "/runs/" (child.id) } { (child.process.1) ": " (child.title) } ", and done when that run comes to its end." }
        }
        @if let Some(why) = &row.uncalled {
            p class="muted" { "No other run carries it out: " (why) "." }
        }
        @if asked {
            (step_form(visit, row, &Typed::default(), &Problems::default(), None))
        } @else if row.child.is_some() {
            @if row.is_mine { p { (open("Open the step")) } }
        } @else if row.item.state == ItemState::Waiting {
            p class="muted" { "It goes on by itself" @if let Some(until) = row.until { " " (moment::time(until, visit.now, &visit.zone)) } "." }
            @if row.is_mine { p { (open("Open the step")) } }
        } @else if row.is_mine {
            p { (open("Open the step")) }
        } @else {
            p class="muted" { "It is done by " (row.seat) ". The run goes on when they have completed it." }
        }
    }
}

// What happened ---------------------------------------------------------------------------------

fn happenings(visit: &Visit, view: &RunView) -> Markup {
    let told: Vec<Happening> =
        view.history.iter().rev().filter_map(|told| happening(visit, view, &told.event)).collect();
    if told.is_empty() {
        return empty_state(
            Icon::History,
            "Nothing yet",
            "What is done here is kept in order.",
            None,
        );
    }
    let earlier = told.len().saturating_sub(TOLD);
    html! {
        (timeline(told.get(..TOLD).unwrap_or(&told)))
        @if earlier > 0 { p class="muted small" { "and " (earlier) " earlier" } }
    }
}

fn happening(visit: &Visit, view: &RunView, event: &Event) -> Option<Happening> {
    let title = |id: &StepId| {
        view.process.asked(id).map_or_else(|| id.as_str().to_owned(), |step| step.title)
    };
    // The step of a work item is named where its turn came.
    let of_item = |wanted| {
        view.history.iter().find_map(|told| match &told.event {
            Event::StepOpened { item, step, .. } if *item == wanted => Some(title(step)),
            _ => None,
        })
    };
    let (tone, what, more) = match event {
        Event::RunStarted { by, origin, .. } => {
            let what = match origin {
                Origin::Request => html! { (by.told()) " started the run" },
                Origin::Schedule { .. } => html! { "The schedule started the run" },
                Origin::Event { .. } => html! { "A message from outside started the run" },
                Origin::Threshold { .. } => {
                    html! { "A number that crossed its limit started the run" }
                }
                Origin::Guest { .. } => html! { "A guest asked for the run" },
                Origin::Call(_) => html! { "A step of another run started it" },
            };
            (Tone::Neutral, what, None)
        }
        // That the next step opens goes without saying; that one opens again does not.
        Event::StepOpened { visit: 1, .. }
        | Event::StepDivided { visit: 1, .. }
        | Event::LeaseExtended { .. } => return None,
        Event::StepOpened { step, visit, .. } | Event::StepDivided { step, visit, .. } => {
            let times = format!("for the {} time", ordinal(*visit));
            (Tone::Warn, html! { "Back at " strong { (title(step)) } " " (times) }, None)
        }
        Event::StepJoined { step, .. } => {
            let is_vote = view.process.step(step).is_some_and(|step| step.approval.is_some());
            let what = html! {
                @if is_vote { strong { (title(step)) } " is decided" }
                @else { "All parts of " strong { (title(step)) } " are done" }
            };
            (Tone::Good, what, None)
        }
        Event::StepWithdrawn { step, .. } => {
            let seat = view.process.asked(step).and_then(|step| step.seat).map(|seat| seat.name);
            let seat = seat.unwrap_or_default();
            (Tone::Neutral, html! { (seat) " is not asked any more" }, None)
        }
        Event::DeadlinePassed { step, due, .. } => {
            let was = html! { "It was due " (moment::time(*due, visit.now, &visit.zone)) };
            (Tone::Bad, html! { strong { (title(step)) } " is overdue" }, Some(was))
        }
        Event::ClaimLapsed { item, by, .. } => {
            let step = of_item(*item).unwrap_or_default();
            let what = html! { (by.told()) " did not come back to " strong { (step) } };
            (Tone::Warn, what, Some(html! { "It is open to its seat again" }))
        }
        Event::SignalRaised { signal, .. } => {
            let at = usize::try_from(*signal).unwrap_or(usize::MAX);
            let words = view.process.failure_signals.get(at).map(|signal| html! { (signal.text) });
            (Tone::Bad, html! { "A failure signal came true" }, words)
        }
        Event::StepClaimed { item, by, .. } => (
            Tone::Live,
            html! { (by.told()) " took " strong { (of_item(*item).unwrap_or_default()) } },
            None,
        ),
        Event::StepReassigned { item, by, to, reason, .. } => {
            let step = of_item(*item).unwrap_or_default();
            let seat = view.seats.get(to).map_or("another seat", String::as_str);
            let what = html! { (by.told()) " handed " strong { (step) } " to " (seat) };
            (Tone::Warn, what, Some(html! { (reason) }))
        }
        Event::StepDelegated { item, by, name, until, note, .. } => {
            let step = of_item(*item).unwrap_or_default();
            let what = html! {
                (by.told()) " gave " strong { (step) } " to " (name)
                @if let Some(until) = until { " until " (moment::time(*until, visit.now, &visit.zone)) }
            };
            (Tone::Live, what, note.as_ref().map(|note| html! { (note) }))
        }
        Event::DelegationEnded { item, by, .. } => {
            let step = of_item(*item).unwrap_or_default();
            let what = html! {
                @if *by == By::System { strong { (step) } " is its seat's alone again" }
                @else { (by.told()) " gave " strong { (step) } " back to its seat" }
            };
            (Tone::Neutral, what, None)
        }
        Event::StepDeferred { item, by, until, .. } => {
            let step = of_item(*item).unwrap_or_default();
            let what = html! {
                @match until {
                    Some(until) => {
                        (by.told()) " put " strong { (step) } " aside until "
                        (moment::time(*until, visit.now, &visit.zone))
                    }
                    None => { (by.told()) " took up " strong { (step) } " again" }
                }
            };
            (Tone::Neutral, what, None)
        }
        Event::PriorityChanged { by, priority, .. } => {
            (Tone::Neutral, html! { (by.told()) " set the priority to " (priority.word()) }, None)
        }
        Event::ReminderDue { step, due, .. } => {
            let due = html! { "It is due " (moment::time(*due, visit.now, &visit.zone)) };
            (Tone::Warn, html! { "Reminder of " strong { (title(step)) } }, Some(due))
        }
        Event::DeadlineSet { step, due, .. } => {
            let what = html! {
                strong { (title(step)) } " is due " (moment::time(*due, visit.now, &visit.zone))
            };
            let why = html! { "What its deadline is counted from was given" };
            (Tone::Neutral, what, Some(why))
        }
        Event::ApprovalExpired { step, then, to, due, .. } => {
            let seat = to.and_then(|to| view.seats.get(&to)).map_or("", String::as_str);
            let more = match then {
                Unanswered::Escalate => html! {
                    (seat) " is asked now"
                    @if let Some(due) = due { ", by " (moment::time(*due, visit.now, &visit.zone)) }
                },
                Unanswered::Reject => html! { "That counts as a no" },
                Unanswered::AskOwner => html! { "The owner is asked what is to become of it" },
            };
            (
                Tone::Bad,
                html! { "Nobody answered " strong { (title(step)) } " in time" },
                Some(more),
            )
        }
        Event::StepSkipped { step, by, reason, .. } => {
            let what = html! { (by.told()) " skipped " strong { (title(step)) } };
            (Tone::Warn, what, Some(html! { (reason) }))
        }
        Event::StepReleased { item, by, .. } => (
            Tone::Neutral,
            html! { (by.told()) " gave back " strong { (of_item(*item).unwrap_or_default()) } },
            None,
        ),
        Event::StepCompleted { step, by, reason, note, .. } => {
            let more = reason.as_ref().or(note.as_ref()).map(|words| html! { (words) });
            (Tone::Good, html! { (by.told()) " completed " strong { (title(step)) } }, more)
        }
        Event::RunCalled { step, run, .. } => {
            let link = html! { a href={ "/runs/" (run) } { "See that run" } };
            (
                Tone::Live,
                html! { strong { (title(step)) } " began as a run of its own" },
                Some(link),
            )
        }
        Event::CallNotMade { step, why, .. } => {
            let what =
                html! { strong { (title(step)) } " is done by its seat, no run carries it out" };
            (Tone::Warn, what, Some(html! { (why) }))
        }
        Event::CallReturned { step, run, outcome, .. } => {
            let what = html! { "The run that carried out " strong { (title(step)) } " came to its end" @if let Some(outcome) = outcome { ": " (outcome) } };
            (Tone::Good, what, Some(html! { a href={ "/runs/" (run) } { "See that run" } }))
        }
        Event::CallEnded { step, run, reason, .. } => {
            let what =
                html! { "The run that carried out " strong { (title(step)) } " was ended early" };
            let more = html! { (reason) " " a href={ "/runs/" (run) } { "See that run" } };
            (Tone::Bad, what, Some(more))
        }
        Event::RoundBegun { step, times, .. } => {
            let what = html! { strong { (title(step)) } " sent the run back" };
            let more =
                (*times > 1).then(|| html! { "for the " (ordinal(*times)) " time in a row" });
            (Tone::Warn, what, more)
        }
        Event::RoundHeld { step, times, .. } => {
            let what = html! { "The run stands still" };
            let more = html! { (title(step)) " sent it back " (times) " times in a row, as often as the document allows" };
            (Tone::Bad, what, Some(more))
        }
        Event::RoundAllowed { by, reason, .. } => {
            (Tone::Warn, html! { (by.told()) " allowed one more round" }, Some(html! { (reason) }))
        }
        Event::OutcomeReached { outcome, .. } => {
            let outcome = outcome.as_ref()?;
            (Tone::Neutral, html! { "Outcome: " strong { (outcome) } }, None)
        }
        Event::RunEnding { by, reason, .. } => {
            let what = html! { (by.told()) " ended the run, its clean-up began" };
            (Tone::Bad, what, Some(html! { (reason) }))
        }
        Event::RunMoved { by, to, reason, .. } => {
            let what = html! {
                @if reason.is_some() { (by.told()) " moved the run to revision " (to) }
                @else { "Took over the words of revision " (to) }
            };
            (Tone::Neutral, what, reason.as_ref().map(|reason| html! { (reason) }))
        }
        Event::RunCompleted { .. } => (Tone::Good, html! { "The run came to its end" }, None),
        Event::RunCancelled { by, reason, .. } => {
            (Tone::Bad, html! { (by.told()) " ended the run" }, Some(html! { (reason) }))
        }
    };
    let when = moment::time(event.at(), visit.now, &visit.zone);
    Some(Happening { tone, what, when, more })
}

fn ordinal(n: u32) -> String {
    match n {
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        n => format!("{n}th"),
    }
}

// Ending ----------------------------------------------------------------------------------------

/// Where the run stands still, and how it goes on.
fn held(visit: &Visit, id: RunId, view: &RunView) -> Markup {
    let step = view.state.held.as_ref().and_then(|held| view.process.asked(&held.step));
    let title = step.map(|step| step.title).unwrap_or_default();
    let times = view.state.held.as_ref().map_or(0, |held| held.times);
    let why = Field::new("why", "Why is one more round worth it?")
        .hint("It stands in the history of the run. To end the run instead, use “End this run”.");
    let words = html! {
        "The run stands still: “" (title) "” sent it back " (times) " times in a row, which is as often as the document allows."
        @if !view.may_allow { " The seat that owns the process allows one more round, or ends the run." }
    };
    html! {
        (banner(Tone::Bad, &words, None))
        @if view.may_allow {
            form class="ask-box" method="post" action={ "/runs/" (id) "/rounds" } {
                (csrf(&visit.csrf))
                (textarea(&why, "", 2))
                (button("Allow one more round", Weight::Primary))
            }
        }
    }
}

fn cancel_form(visit: &Visit, id: RunId, form: &Cancel, error: Option<&str>) -> Markup {
    let why = Field::new("why", "Why does it end here?")
        .hint("The open step is taken back; what was done stays on record. This cannot be undone.")
        .error(error);
    html! {
        details class="ask" open[error.is_some()] {
            summary class="button danger" { "End this run" }
            form class="ask-box" method="post" action={ "/runs/" (id) "/cancellation" } {
                (csrf(&visit.csrf))
                (textarea(&why, &form.why, 2))
                (button("End the run", Weight::Danger))
            }
        }
    }
}
