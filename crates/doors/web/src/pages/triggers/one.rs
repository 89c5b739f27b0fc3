//! One trigger: what is to come, what became of each occurrence and why, and what one can do about it.

use super::{inlet, words};
use crate::{
    Site,
    gate::Sent,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        badge::Tone,
        field::{self, Choice, Field, Input},
        icon::Icon,
        layout::{self, Part, Width},
        list, moment, notice,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::Redirect,
};
use gemba_app::{
    Error,
    inlets::{self, InletView},
    records::Pause,
    triggers::{self, Occurrence, OccurrenceState, Trigger},
};
use gemba_model::{Misfire, Overlap, Policy, id::TriggerId};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

/// How many occurrences a page shows.
const PAGE: u32 = 30;
/// What a form says that was sent from My work.
const FROM_WORK: &str = "work";

/// From where on the occurrences are looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Look {
    before: String,
}

/// What is chosen about what goes wrong.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Policies {
    misfire: String,
    most: String,
    overlap: String,
}

impl Policies {
    fn of(policy: Policy) -> Self {
        let most = match policy.misfire {
            Misfire::All { most: Some(most) } => most.to_string(),
            _ => String::new(),
        };
        Self {
            misfire: policy.misfire.word().to_owned(),
            most,
            overlap: policy.overlap.word().to_owned(),
        }
    }

    fn read(&self) -> Result<Policy, Fault> {
        let most = match self.most.trim() {
            "" => None,
            given => Some(given.parse().map_err(|_unreadable| {
                Fault::new(
                    "most",
                    format!("Enter a number from 1 to {}, or nothing.", Misfire::MOST),
                )
            })?),
        };
        Ok(Policy {
            misfire: Misfire::of_word(&self.misfire, most)
                .ok_or_else(|| Fault::new("misfire", "Choose what becomes of what was missed."))?,
            overlap: Overlap::of_word(&self.overlap)
                .ok_or_else(|| Fault::new("overlap", "Choose what becomes of what overlaps."))?,
        })
    }
}

/// Why it shall start nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reason {
    reason: String,
}

/// The answer to one occurrence.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answered {
    due: String,
    start: String,
    from: String,
}

/// What was typed into the forms of the page, and what was wrong with it.
#[derive(Debug, Default)]
struct Typed {
    policies: Option<Policies>,
    reason: String,
    fault: Option<Fault>,
}

pub(super) fn id(text: &str) -> Result<TriggerId, Refusal> {
    text.parse()
        .map_err(|_other| Refusal::App(Error::NotFound { what: "trigger", id: text.to_owned() }))
}

pub(super) async fn show(
    visit: Visit,
    State(site): State<Site>,
    headers: HeaderMap,
    Path(path): Path<String>,
    Query(look): Query<Look>,
) -> Answer {
    let id = id(&path)?;
    match inlets::get(&visit.app, &visit.who, id).await {
        Ok(view) => {
            let content = inlet::content(&visit, &view, &headers, &site);
            inlet_page(&visit, &view, &content, &look, &Typed::default()).await
        }
        Err(Error::NotFound { .. }) => page(&visit, id, &look, &Typed::default()).await,
        Err(other) => Err(other.into()),
    }
}

/// The page of a trigger that no document names.
async fn inlet_page(
    visit: &Visit,
    view: &InletView,
    content: &Markup,
    look: &Look,
    typed: &Typed,
) -> Answer {
    let inlet = &view.inlet;
    let home = format!("/triggers/{}", inlet.id);
    let before = look.before.parse().ok();
    let past = triggers::occurrences(&visit.app, &visit.who, inlet.id, None, before, PAGE).await?;
    let (slug, title) = &view.process;
    let content = html! {
        (content)
        (layout::section("Occurrences", Some("latest first, each with its reason"), &html! {
            @if past.is_empty() {
                (notice::empty_state(Icon::History, "Nothing has come in yet",
                    "Each time something comes in, what became of it stands here: the run it started, or why it started none.", None))
            } @else { (listing(visit, &past)) (pages(&home, look, &past)) }
        }))
    };
    let panel = html! {
        (layout::section("About", None, &list::facts(&[
            ("Starts", html! { a href={ "/processes/" (slug) } { (title) } }),
            ("By", html! { (inlet::kind(&inlet.source)) }),
            ("What starts a run", html! { (inlet::rule(&inlet.source)) }),
            ("Overlap", html! { (words::overlap(inlet.overlap).1) }),
            ("Set up", html! { (moment::time(inlet.created, visit.now, &visit.zone)) " by " (inlet.by) }),
            ("Id", act::copyable(&inlet.id.to_string(), "the id of the trigger")),
        ])))
        @if view.may_pause && inlet.active && view.paused.is_none() {
            (layout::section("Pause it", None, &pause_form(visit, &home, typed)))
        }
        (inlet::acts(visit, view))
        p class="small" { a href={ "/audit/log?subject=" (inlet.id) } { "What was done to this trigger" } }
    };
    let paused = view.paused.as_ref().filter(|_| inlet.active);
    let body = html! {
        (layout::breadcrumbs(&[("Runs", "/runs"), ("Triggers", "/triggers")]))
        (layout::head(&inlet.name, None, &[inlet::state(view), html! { "starts " a href={ "/processes/" (slug) } { (title) } }], &[]))
        (pause_banner(visit, &home, paused, view.may_pause))
        (layout::beside(&content, "About this trigger", &panel))
    };
    let status = typed.fault.as_ref().map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    Ok(visit.page_with(status, &inlet.name, Some(Part::Runs), Width::Wide, &body))
}

/// A form has no page of its own.
pub(super) async fn back(Path(path): Path<String>) -> Redirect {
    Redirect::to(&format!("/triggers/{path}"))
}

pub(super) async fn set_policy(
    Path(path): Path<String>,
    Sent { visit, form }: Sent<Policies>,
) -> Answer {
    let id = id(&path)?;
    let done = match form.read() {
        Ok(policy) => {
            triggers::set_policy(&visit.app, &visit.who, id, policy).await.map_err(Fault::of)
        }
        Err(fault) => Err(Ok(fault)),
    };
    match done {
        Ok(()) => Ok(go(&format!("/triggers/{id}"), Done::Saved)),
        Err(fault) => {
            let typed = Typed { policies: Some(form), fault: Some(fault?), ..Typed::default() };
            page(&visit, id, &Look::default(), &typed).await
        }
    }
}

pub(super) async fn pause(Path(path): Path<String>, Sent { visit, form }: Sent<Reason>) -> Answer {
    let id = id(&path)?;
    match triggers::pause(&visit.app, &visit.who, id, &form.reason).await {
        Ok(()) => Ok(go(&format!("/triggers/{id}"), Done::Paused)),
        Err(error) => {
            let fault = Some(Fault::of(error)?);
            let typed = Typed { reason: form.reason, fault, ..Typed::default() };
            match inlets::get(&visit.app, &visit.who, id).await {
                Ok(view) => inlet_page(&visit, &view, &html! {}, &Look::default(), &typed).await,
                Err(_schedule) => page(&visit, id, &Look::default(), &typed).await,
            }
        }
    }
}

pub(super) async fn resume(
    Path(path): Path<String>,
    Sent { visit, .. }: Sent<Vec<(String, String)>>,
) -> Answer {
    let id = id(&path)?;
    triggers::resume(&visit.app, &visit.who, id).await?;
    Ok(go(&format!("/triggers/{id}"), Done::Resumed))
}

pub(super) async fn decide(
    Path(path): Path<String>,
    Sent { visit, form }: Sent<Answered>,
) -> Answer {
    let id = id(&path)?;
    let missing = || Error::NotFound { what: "occurrence", id: form.due.clone() };
    let due: Timestamp = form.due.parse().map_err(|_unreadable| missing())?;
    let start = form.start == "yes";
    let row = triggers::decide(&visit.app, &visit.who, id, due, start).await?;
    match row.run {
        Some(run) => Ok(go(&format!("/runs/{run}"), Done::Started)),
        // Where several wait, one goes on from the list that one answered on.
        None if form.from == FROM_WORK => Ok(go("/", Done::Answered)),
        None => Ok(go(&format!("/triggers/{id}"), Done::Answered)),
    }
}

/// The two answers to an occurrence that asks, given on My work or on the page of its trigger.
pub(in crate::pages) fn answers(
    visit: &Visit,
    view: &Trigger,
    one: &Occurrence,
    on_work: bool,
) -> Markup {
    html! {
        form class="inline" method="post" action={ (words::address(view)) "/decision" } {
            (act::csrf(&visit.csrf))
            (act::hidden("due", &one.row.due.to_string()))
            @if on_work { (act::hidden("from", FROM_WORK)) }
            (act::value_button("Start the run", Weight::Secondary, "start", "yes"))
            (act::value_button("Leave it out", Weight::Quiet, "start", "no"))
        }
    }
}

async fn page(visit: &Visit, id: TriggerId, look: &Look, typed: &Typed) -> Answer {
    let view = triggers::get(&visit.app, &visit.who, id).await?;
    let before = match look.before.as_str() {
        "" => None,
        given => given.parse().ok(),
    };
    let asked = Some(OccurrenceState::Asked);
    let (app, who) = (&visit.app, &visit.who);
    let asking = triggers::occurrences(app, who, id, asked, None, PAGE).await?;
    let past = triggers::occurrences(app, who, id, None, before, PAGE).await?;
    let (slug, title) = &view.process;
    let name = words::rule(&view);
    let content = html! {
        @if !asking.is_empty() {
            (layout::section("Waiting for an answer", None, &asks(visit, &view, &asking)))
        }
        @if view.trigger.active { (layout::section("The next ten", Some(&view.zone), &to_come(visit, &view))) }
        (layout::section("Occurrences", Some("latest first, each with its reason"), &html! {
            @if past.is_empty() {
                (notice::empty_state(Icon::History, "None has come due yet",
                    "Each time the trigger is due, what became of it stands here: the run it started, or why it started none.", None))
            } @else { (listing(visit, &past)) (pages(&words::address(&view), look, &past)) }
        }))
    };
    let panel = html! {
        (layout::section("About", None, &list::facts(&[
            ("Starts", html! { a href={ "/processes/" (slug) } { (title) } }),
            ("Rule", html! { (view.trigger.rule) }),
            ("Missed", html! { (words::misfire(view.trigger.policy.misfire.word()).1) }),
            ("Overlap", html! { (words::overlap(view.trigger.policy.overlap).1) }),
            ("Id", act::copyable(&id.to_string(), "the id of the trigger")),
        ])))
        @if view.may_change && view.trigger.active {
            @if view.paused.is_none() { (layout::section("Pause it", None, &pause_form(visit, &words::address(&view), typed))) }
            (layout::section("When things go wrong", None, &policy_form(visit, &view, typed)))
            (layout::section("Make up for the past", None, &super::backfill::form(&view, "", "", None)))
        }
        p class="small" { a href={ "/audit/log?subject=" (id) } { "What was done to this trigger" } }
    };
    let body = html! {
        (layout::breadcrumbs(&[("Runs", "/runs"), ("Triggers", "/triggers")]))
        (layout::head(&name, None, &[words::state(&view), html! { "starts " a href={ "/processes/" (slug) } { (title) } }], &[]))
        (pause_banner(visit, &words::address(&view), view.paused.as_ref().filter(|_| view.trigger.active), view.may_change))
        (layout::beside(&content, "About this trigger", &panel))
    };
    let status = typed.fault.as_ref().map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    Ok(visit.page_with(status, &name, Some(Part::Runs), Width::Wide, &body))
}

fn pause_banner(visit: &Visit, home: &str, pause: Option<&Pause>, may_resume: bool) -> Markup {
    let Some(pause) = pause else { return html! {} };
    let go_on = act::act(&format!("{home}/return"), &visit.csrf, "Let it go on", Weight::Secondary);
    notice::banner(
        Tone::Warn,
        &html! {
            "Paused by " (pause.by) " " (moment::time(pause.from, visit.now, &visit.zone)) ": " (pause.reason)
            ". It starts no run, and what comes due meanwhile is not made up for."
        },
        may_resume.then_some(&go_on),
    )
}

fn asks(visit: &Visit, view: &Trigger, asking: &[Occurrence]) -> Markup {
    let columns =
        [Column::text("Was due"), Column::text("Why it asks"), Column::tight("Answer").hushed()];
    let rows: Vec<Vec<Markup>> = asking
        .iter()
        .map(|one| {
            vec![
                moment::exact_time(one.row.due, &visit.zone),
                html! { (one.explanation) },
                html! {
                    @if view.may_answer { (answers(visit, view, one, false)) }
                },
            ]
        })
        .collect();
    table::table("Occurrences that wait for an answer", &columns, &rows, Narrow::Stack)
}

fn to_come(visit: &Visit, view: &Trigger) -> Markup {
    let columns = [Column::text("When"), Column::text("The calendar"), Column::text("The clock")];
    let rows: Vec<Vec<Markup>> = view
        .next
        .iter()
        .map(|one| {
            let note = words::clock(one);
            vec![
                moment::exact_time(one.firing.at, &visit.zone),
                words::moved(visit, one),
                html! { @if note.is_empty() { span class="muted" { "As usual" } } @else { (note) } },
            ]
        })
        .collect();
    html! {
        @if rows.is_empty() { p class="muted" { "It never comes due again." } }
        @else { (table::table("The next ten occurrences", &columns, &rows, Narrow::Stack)) }
        p class="muted small" {
            "Workdays are the working days of the workspace without its holidays. Times are those of the clock in " (view.zone) ", and stay so when it is put forward or back. "
            "A time that the clock leaves out starts as much later, a time that it shows twice starts the first time. "
            @match &view.clock_change {
                Some(change) => {
                    "It is put " @if change.by.is_negative() { "back" } @else { "forward" } " next on "
                    (moment::exact_time(change.at, &visit.zone)) "."
                }
                None => "Within a year it is not put forward or back.",
            }
        }
    }
}

fn listing(visit: &Visit, past: &[Occurrence]) -> Markup {
    let columns = [
        Column::text("Due"),
        Column::tight("What became of it"),
        Column::text("Why"),
        Column::tight("Run").hushed(),
    ];
    let rows: Vec<Vec<Markup>> = past
        .iter()
        .map(|one| {
            vec![
                moment::exact_time(one.row.due, &visit.zone),
                words::stands(one.row.state),
                html! { (one.explanation) @if !one.brought.inputs.is_empty() { details class="more" { summary { "What came with it" } (words::inputs(&one.brought.inputs)) } } },
                html! { @if let Some(run) = one.row.run { a href={ "/runs/" (run) } { "Open the run" } } },
            ]
        })
        .collect();
    table::table("Occurrences", &columns, &rows, Narrow::Stack)
}

fn pages(home: &str, look: &Look, past: &[Occurrence]) -> Markup {
    let full = u32::try_from(past.len()).is_ok_and(|n| n >= PAGE);
    let next = past.last().filter(|_| full).map(|last| format!("{home}?before={}", last.row.due));
    let first = (!look.before.is_empty()).then_some(home);
    let shown = words::count(past.len(), "occurrence", "occurrences");
    table::pager(&shown, first, next.as_deref())
}

fn pause_form(visit: &Visit, home: &str, typed: &Typed) -> Markup {
    let fault = typed.fault.as_ref().filter(|fault| fault.field == "reason");
    let reason = Field::new("reason", "Why")
        .hint("Everybody who looks at a missing run reads it.")
        .error(Fault::at(fault, "reason"));
    html! {
        form class="form" method="post" action={ (home) "/pause" } {
            (field::error_summary(&Fault::all(fault)))
            (act::csrf(&visit.csrf))
            (field::text(&reason, Input::Text, &typed.reason))
            (act::buttons(&[act::button("Pause the trigger", Weight::Secondary)]))
        }
    }
}

fn policy_form(visit: &Visit, view: &Trigger, typed: &Typed) -> Markup {
    let fault = typed.fault.as_ref().filter(|fault| fault.field != "reason");
    let kept = Policies::of(view.trigger.policy);
    let chosen = typed.policies.as_ref().unwrap_or(&kept);
    let misfires = Misfire::WORDS.map(|word| {
        let (label, hint) = words::misfire(word);
        Choice { value: word, label, hint: Some(hint) }
    });
    let overlaps = Overlap::ALL.map(|policy| {
        let (label, hint) = words::overlap(policy);
        Choice { value: policy.word(), label, hint: Some(hint) }
    });
    let misfire = Field::new("misfire", "It was due while Gemba was not running")
        .error(Fault::at(fault, "misfire"));
    let most = Field::new("most", "Start at most")
        .hint("For \"Start each, late\": only the latest so many. Empty: all.")
        .optional()
        .error(Fault::at(fault, "most"));
    let overlap = Field::new("overlap", "It is due while an earlier run of it goes on")
        .error(Fault::at(fault, "overlap"));
    html! {
        form class="form" method="post" action={ (words::address(view)) "/policy" } {
            (field::error_summary(&Fault::all(fault)))
            (act::csrf(&visit.csrf))
            (field::radios(&misfire, &misfires, Some(&chosen.misfire)))
            (field::text(&most, Input::Number, &chosen.most))
            (field::radios(&overlap, &overlaps, Some(&chosen.overlap)))
            (act::buttons(&[act::button("Save", Weight::Secondary)]))
        }
    }
}
