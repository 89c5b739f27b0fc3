//! The agents: what each is there for, what it lacks, and the switch that stops them.

mod charter;

use crate::{
    Site,
    gate::Sent,
    refusal::Fault,
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        field::{self, Choice, Field, Input},
        icon::Icon,
        layout::{self, Part, Tab, Width},
        list, moment, notice,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    Router,
    extract::{Path, Query},
    http::StatusCode,
    response::Redirect,
    routing::{get, post},
};
use gemba_app::{
    Act, access,
    agents::{self, AgentView, StopView, Target},
    processes::{self, ProcessRow},
    records::Stops,
};
use maud::{Markup, html};
use serde::Deserialize;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/agents", get(index))
        .route("/agents/stop", post(stop).get(back))
        .route("/agents/resumption", post(resume).get(back))
        .route("/seats/{slug}/charter", get(charter::show).post(charter::save))
}

/// An address that only takes forms leads to the page when it is opened.
async fn back() -> Redirect {
    Redirect::to("/agents")
}

/// Whom a form stops or lets go on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Switch {
    /// `all`, `seat` or `process`.
    kind: String,
    /// The slug of the seat or process.
    of: String,
    reason: String,
    /// The seat's own page is where one goes back to.
    at: String,
}

impl Switch {
    fn target(&self) -> Target {
        match self.kind.as_str() {
            "seat" => Target::Seat(self.of.clone()),
            "process" => Target::Process(self.of.clone()),
            _ => Target::All,
        }
    }

    fn back(&self) -> String {
        match self.at.as_str() {
            "seat" => format!("/seats/{}", self.of),
            _ => "/agents".to_owned(),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// The seat whose agent is to be stopped: its form stands open.
    stop: String,
}

async fn index(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let switch = Switch { kind: "seat".to_owned(), of: asked.stop, ..Switch::default() };
    page(&visit, &switch, None).await
}

async fn stop(Sent { visit, form }: Sent<Switch>) -> Answer {
    match agents::stop(&visit.app, &visit.who, &form.target(), &form.reason).await {
        Ok(()) => Ok(go(&form.back(), Done::AgentsStopped)),
        Err(error) => page(&visit, &form, Some(Fault::of(error)?)).await,
    }
}

async fn resume(Sent { visit, form }: Sent<Switch>) -> Answer {
    agents::resume(&visit.app, &visit.who, &form.target()).await?;
    Ok(go(&form.back(), Done::AgentsGoOn))
}

async fn page(visit: &Visit, typed: &Switch, fault: Option<Fault>) -> Answer {
    let all = agents::list(&visit.app, &visit.who).await?;
    let stops = agents::stopped(&visit.app, &visit.who).await?;
    let everything = stops.iter().find(|view| view.stop.stops == Stops::All);
    let in_processes = stops
        .iter()
        .filter(|view| matches!(view.stop.stops, Stops::Process(_)))
        .collect::<Vec<_>>();
    let owned: Vec<ProcessRow> = processes::list(&visit.app, &visit.who)
        .await?
        .into_iter()
        .filter(|row| row.revision.is_some() && row.retired.is_none())
        .filter(|row| access::owns(&visit.who, row.owner.as_ref().map(|owner| owner.id)))
        .collect();
    let body = html! {
        (layout::head("Agents", Some(&lead(&all)), &[], &[]))
        (layout::tabs("Views of the team", &[
            Tab { label: "Chart", href: "/seats", count: None, current: false },
            Tab { label: "Table", href: "/seats?view=table", count: None, current: false },
            Tab { label: "Agents", href: "/agents", count: None, current: true },
        ]))
        @if let Some(fault) = &fault { (field::error_summary(&Fault::all(Some(fault)))) }
        @if let Some(stopped) = everything {
            (notice::banner(Tone::Bad, &says(visit, stopped), Some(&go_on(visit, "all", "", "agents", access::may(&visit.who, Act::Manage)))))
        }
        @if all.is_empty() {
            (notice::empty_state(Icon::Team, "No agent holds a seat",
                "An agent works here as a person does: it holds a seat, gets the steps of that seat one at a time, and leaves the same evidence. Put one on a seat of the team chart, under the seat of the person who answers for it.",
                access::may(&visit.who, Act::Manage).then(|| act::link_button("/seats/new", "Add a seat", Weight::Primary)).as_ref()))
        } @else {
            div class="buttons" {
                @if everything.is_none() && access::may(&visit.who, Act::Manage) {
                    (switch_form(visit, &Form { opener: "Stop all agents", kind: "all", of: "", at: "agents",
                        says: "Every agent is refused from its next request on, everywhere. People go on.",
                        open: typed.kind == "all" && fault.is_some() }, typed, fault.as_ref()))
                }
                @if !owned.is_empty() { (process_form(visit, &owned, typed, fault.as_ref())) }
            }
            @for view in &in_processes { (stopped_in(visit, view)) }
            (list::cards(&all.iter().map(|view| one(visit, view, typed, fault.as_ref())).collect::<Vec<_>>()))
        }
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visit.page_with(status, "Agents", Some(Part::Team), Width::Wide, &body))
}

fn lead(all: &[AgentView]) -> String {
    let n = |n: usize, one: &str, more: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{n} {more}"),
    };
    let stopped = all.iter().filter(|view| view.stopped.is_some()).count();
    let lacking = all.iter().filter(|view| !view.missing.is_empty()).count();
    format!(
        "{}: {} stopped, {} without all they need.",
        n(all.len(), "agent", "agents"),
        stopped,
        lacking
    )
}

fn says(visit: &Visit, view: &StopView) -> Markup {
    let what = match view.stop.stops {
        Stops::All => "all agents",
        Stops::Seat(_) => "this agent",
        Stops::Process(_) => "agents in this process",
    };
    html! { strong { (view.stop.by) " has stopped " (what) "." } " " (view.stop.reason) " " (moment::time(view.stop.at, visit.now, &visit.zone)) }
}

fn stopped_in(visit: &Visit, view: &StopView) -> Markup {
    let Some((slug, title)) = &view.of else { return html! {} };
    let words = html! { a href={ "/processes/" (slug) } { (title) } ": " (says(visit, view)) };
    let act = go_on(visit, "process", slug, "agents", access::may(&visit.who, Act::Work));
    notice::banner(Tone::Bad, &words, Some(&act))
}

fn go_on(visit: &Visit, kind: &str, of: &str, at: &str, may: bool) -> Markup {
    html! {
        @if may {
            form class="inline" method="post" action="/agents/resumption" {
                (act::csrf(&visit.csrf))
                (act::hidden("kind", kind))
                (act::hidden("of", of))
                (act::hidden("at", at))
                (act::button("Let them go on", Weight::Secondary))
            }
        }
    }
}

/// The form of a switch.
struct Form<'a> {
    opener: &'a str,
    kind: &'a str,
    of: &'a str,
    at: &'a str,
    says: &'a str,
    open: bool,
}

fn switch_form(visit: &Visit, form: &Form<'_>, typed: &Switch, fault: Option<&Fault>) -> Markup {
    let own = typed.kind == form.kind && typed.of == form.of;
    let error = Fault::at(fault.filter(|_| own), "reason");
    let reason = Field::new("reason", "Why").hint("Whoever lets them go on reads it").error(error);
    html! {
        details class="ask" open[form.open] {
            summary class="button danger" { (form.opener) }
            form class="ask-box" method="post" action="/agents/stop" {
                (act::csrf(&visit.csrf))
                (act::hidden("kind", form.kind))
                (act::hidden("of", form.of))
                (act::hidden("at", form.at))
                p { (form.says) }
                (field::text(&reason, Input::Text, if own { &typed.reason } else { "" }))
                (act::button(form.opener, Weight::Danger))
            }
        }
    }
}

fn state(view: &AgentView) -> Markup {
    if view.stopped.is_some() {
        badge(Tone::Bad, "Stopped")
    } else if view.is_from_before() {
        badge(Tone::Warn, "Not chartered")
    } else if view.missing.is_empty() {
        badge(Tone::Good, "May act")
    } else {
        badge(Tone::Warn, "Only reads")
    }
}

fn one(visit: &Visit, view: &AgentView, typed: &Switch, fault: Option<&Fault>) -> Markup {
    let slug = &view.seat.slug;
    html! {
        h2 { a href={ "/seats/" (slug) } { (view.name) } " " (state(view)) }
        p class="muted" { "on the seat " (view.seat.name) }
        (facts(visit, view))
        @if view.may_stop && view.stopped.is_none() {
            @let open = typed.kind == "seat" && typed.of == *slug;
            (switch_form(visit, &Form { opener: "Stop this agent", kind: "seat", of: slug, at: "agents", says: STOPS, open }, typed, fault))
        }
    }
}

const STOPS: &str =
    "Its next request is refused, everywhere. What it has taken is open to people again.";

fn facts(visit: &Visit, view: &AgentView) -> Markup {
    let none = || html! { span class="muted" { "Nobody" } };
    let charter = view.seat.charter.clone().unwrap_or_default();
    let sponsor = view.sponsor.as_ref().map_or_else(none, |((slug, name), person)| {
        html! { (person) ", " a href={ "/seats/" (slug) } { (name) } }
    });
    let mut facts = vec![("Sponsor", sponsor)];
    if !charter.mandate.is_empty() {
        facts.push(("Is there to", html! { (charter.mandate) }));
        facts.push(("Never", html! { ul { @for edge in &charter.edges { li { (edge) } } } }));
        facts.push(("Is judged by", html! { (charter.metric) }));
    }
    facts.push(("Switch", html! { (view.switch.as_deref().unwrap_or("Nobody holds it")) }));
    html! {
        @if let Some(stopped) = view.stopped.as_ref().filter(|stopped| stopped.stop.stops != Stops::All) {
            (notice::banner(Tone::Bad, &says(visit, stopped), Some(&go_on(visit, "seat", &view.seat.slug, "agents", view.may_stop))))
        }
        (list::facts(&facts))
        @if !view.missing.is_empty() { (lacks(visit, view)) }
    }
}

fn lacks(visit: &Visit, view: &AgentView) -> Markup {
    let words = html! {
        @if view.is_from_before() {
            "It was here before agents needed a charter and acts on. It lacks: "
        } @else {
            "It only reads until this is there: "
        }
        (view.missing.iter().map(|lack| lack.says()).collect::<Vec<_>>().join(", ")) "."
    };
    let fill = act::link_button(
        &format!("/seats/{}/charter", view.seat.slug),
        "Fill it in",
        Weight::Secondary,
    );
    notice::banner(Tone::Warn, &words, access::may(&visit.who, Act::Manage).then_some(&fill))
}

/// The agent of a seat, on the page of the seat.
pub(super) fn of_seat(visit: &Visit, view: &AgentView) -> Markup {
    let slug = &view.seat.slug;
    let all = view.stopped.as_ref().filter(|stopped| stopped.stop.stops == Stops::All);
    let content = html! {
        p { (state(view)) " " @if let Some(stopped) = all { (says(visit, stopped)) } }
        (facts(visit, view))
        div class="buttons" {
            @if access::may(&visit.who, Act::Manage) {
                (act::link_button(&format!("/seats/{slug}/charter"), "Change what it is there for", Weight::Secondary))
            }
            @if view.may_stop && view.stopped.is_none() {
                (switch_form(visit, &Form { opener: "Stop this agent", kind: "seat", of: slug, at: "seat", says: STOPS, open: false }, &Switch::default(), None))
            }
        }
    };
    layout::section("Its agent", Some(&view.name), &content)
}

/// That agents are stopped in a process, where they are.
pub(super) async fn in_process(visit: &Visit, slug: &str) -> Result<Markup, gemba_app::Error> {
    let stops = agents::stopped(&visit.app, &visit.who).await?;
    let here = |view: &&StopView| {
        matches!(view.stop.stops, Stops::Process(_))
            && view.of.as_ref().is_some_and(|(of, _)| of == slug)
    };
    let shown = stops.iter().find(here).map(|view| {
        let act = go_on(visit, "process", slug, "agents", access::may(&visit.who, Act::Work));
        notice::banner(Tone::Bad, &says(visit, view), Some(&act))
    });
    Ok(shown.unwrap_or_default())
}

/// The switch of agents in one process.
fn process_form(
    visit: &Visit,
    rows: &[ProcessRow],
    typed: &Switch,
    fault: Option<&Fault>,
) -> Markup {
    let own = typed.kind == "process";
    let fault = fault.filter(|_| own);
    let choices: Vec<Choice<'_>> =
        rows.iter().map(|row| Choice::new(&row.slug, &row.summary.title)).collect();
    html! {
        details class="ask" open[fault.is_some()] {
            summary class="button danger" { "Stop agents in a process" }
            form class="ask-box" method="post" action="/agents/stop" {
                (act::csrf(&visit.csrf))
                (act::hidden("kind", "process"))
                (act::hidden("at", "agents"))
                p { "No agent does anything in it from now on. People go on." }
                (field::select(&Field::new("of", "Process"), &choices, &typed.of))
                (field::text(&Field::new("reason", "Why").hint("Whoever lets them go on reads it").error(Fault::at(fault, "reason")), Input::Text, if own { &typed.reason } else { "" }))
                (act::button("Stop agents in it", Weight::Danger))
            }
        }
    }
}

/// Who is asked for in a path.
pub(super) type Slug = Path<String>;
