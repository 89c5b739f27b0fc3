//! Triggers: what starts runs by itself, what is due next, what waits for an answer.

mod backfill;
mod edit;
mod inlet;
mod one;
mod words;

pub(super) use one::answers;

use crate::{
    Site,
    ui::{
        act::{self, Weight},
        badge::Tone,
        icon::Icon,
        layout::{self, Part, Width},
        moment, notice,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Visit},
};
use axum::{
    Router,
    routing::{get, post},
};
use gemba_app::{
    Act, access,
    inlets::{self, InletView},
    triggers::{self, Trigger},
};
use maud::{Markup, html};

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/triggers", get(index))
        .route("/triggers/new", get(edit::fresh).post(edit::create))
        .route("/triggers/{id}", get(one::show))
        .route("/triggers/{id}/edit", get(edit::edit).post(edit::change))
        .route("/triggers/{id}/secret", post(inlet::secret).get(one::back))
        .route("/triggers/{id}/removal", post(inlet::remove).get(one::back))
        .route("/triggers/{id}/dry-run", post(inlet::dry_run).get(one::back))
        .route("/triggers/{id}/values", post(inlet::push).get(one::back))
        .route("/triggers/{id}/policy", post(one::set_policy).get(one::back))
        .route("/triggers/{id}/pause", post(one::pause).get(one::back))
        .route("/triggers/{id}/return", post(one::resume).get(one::back))
        .route("/triggers/{id}/decision", post(one::decide).get(one::back))
        .route("/triggers/{id}/backfill", get(backfill::preview).post(backfill::ask))
}

async fn index(visit: Visit) -> Answer {
    let all = triggers::overview(&visit.app, &visit.who).await?;
    let others = inlets::list(&visit.app, &visit.who).await?;
    let asked = triggers::asked(&visit.app, &visit.who).await?.len();
    let may_change = access::may(&visit.who, Act::Manage);
    let lead = match all.len() {
        0 => "No schedule is in force.".to_owned(),
        1 => "One schedule is in force.".to_owned(),
        n => format!("{n} schedules are in force."),
    };
    let body = html! {
        (layout::breadcrumbs(&[("Runs", "/runs")]))
        (layout::head("Triggers", Some(&lead), &[], &[]))
        @if asked > 0 {
            (notice::banner(Tone::Warn, &html! {
                (words::count(asked, "occurrence that was missed asks", "occurrences that were missed ask"))
                " you whether to start. Open the trigger to answer."
            }, None))
        }
        @if may_change {
            (act::buttons(&[
                act::link_button("/triggers/new?kind=event", "Take messages", Weight::Secondary),
                act::link_button("/triggers/new?kind=threshold", "Watch a number", Weight::Secondary),
                act::link_button("/triggers/new?kind=request", "Let guests ask", Weight::Secondary),
            ]))
        }
        @if all.is_empty() && others.is_empty() {
            (notice::empty_state(Icon::Clock, "Nothing starts by itself yet",
                "A process whose document says when it starts, such as \"every Monday at 09:00\", is started by Gemba once it is published.",
                Some(&act::link_button("/processes", "See the processes", Weight::Secondary))))
        }
        @if !all.is_empty() { (layout::section("Schedules", None, &listing(&visit, &all))) }
        @if !others.is_empty() { (layout::section("Messages, thresholds and forms", None, &inlet_listing(&others))) }
    };
    Ok(visit.page("Triggers", Some(Part::Runs), Width::Wide, &body))
}

fn inlet_listing(all: &[InletView]) -> Markup {
    let columns = [
        Column::text("Trigger"),
        Column::text("Starts"),
        Column::tight("State"),
        Column::text("By"),
        Column::text("What starts a run"),
    ];
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|view| {
            let (slug, title) = &view.process;
            vec![
                table::row_link(&format!("/triggers/{}", view.inlet.id), &view.inlet.name),
                html! { a href={ "/processes/" (slug) } { (title) } },
                inlet::state(view),
                html! { (inlet::kind(&view.inlet.source)) },
                html! { span class="small" { (inlet::rule(&view.inlet.source)) } },
            ]
        })
        .collect();
    table::table("Messages, thresholds and forms", &columns, &rows, Narrow::Stack)
}

fn listing(visit: &Visit, all: &[Trigger]) -> Markup {
    let columns = [
        Column::text("Trigger"),
        Column::text("Starts"),
        Column::tight("State"),
        Column::text("Due next"),
        Column::text("Where things go wrong"),
    ];
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|view| {
            let (slug, title) = &view.process;
            vec![
                table::row_link(&words::address(view), &words::rule(view)),
                html! { a href={ "/processes/" (slug) } { (title) } },
                words::state(view),
                html! {
                    @match view.trigger.next_due {
                        Some(at) => (moment::exact_time(at, &visit.zone)),
                        None => span class="muted" { "Never again" },
                    }
                },
                html! { span class="small" { (words::policy(view.trigger.policy)) } },
            ]
        })
        .collect();
    table::table("Triggers", &columns, &rows, Narrow::Stack)
}
