//! Triggers: what starts runs by itself, what is due next, what waits for an answer.

mod backfill;
mod one;
mod words;

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
use gemba_app::triggers::{self, Trigger};
use maud::{Markup, html};

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/triggers", get(index))
        .route("/triggers/{id}", get(one::show))
        .route("/triggers/{id}/policy", post(one::set_policy).get(one::back))
        .route("/triggers/{id}/pause", post(one::pause).get(one::back))
        .route("/triggers/{id}/return", post(one::resume).get(one::back))
        .route("/triggers/{id}/decision", post(one::decide).get(one::back))
        .route("/triggers/{id}/backfill", get(backfill::preview).post(backfill::ask))
}

async fn index(visit: Visit) -> Answer {
    let all = triggers::overview(&visit.app, &visit.who).await?;
    let asked = triggers::asked(&visit.app, &visit.who).await?.len();
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
        @if all.is_empty() {
            (notice::empty_state(Icon::Clock, "Nothing starts by itself yet",
                "A process whose document says when it starts, such as \"every Monday at 09:00\", is started by Gemba once it is published.",
                Some(&act::link_button("/processes", "See the processes", Weight::Secondary))))
        } @else { (listing(&visit, &all)) }
    };
    Ok(visit.page("Triggers", Some(Part::Runs), Width::Wide, &body))
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
