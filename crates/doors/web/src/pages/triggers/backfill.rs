//! Making up for the past: what the rules in force then would have started, looked at before it starts.

use super::{one::id, words};
use crate::{
    gate::Sent,
    refusal::Fault,
    ui::{
        act::{self, Weight},
        badge::Tone,
        field::{self, Field, Input},
        layout::{self, Part, Width},
        moment, notice,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
};
use gemba_app::triggers::{self, Backfill, Trigger};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use maud::{Markup, html};
use serde::Deserialize;

/// From which day to which.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Days {
    from: String,
    to: String,
}

/// What is asked for, as it was looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    from: String,
    to: String,
    reason: String,
    expected: String,
}

/// The form that asks for days.
pub(super) fn form(view: &Trigger, from: &str, to: &str, fault: Option<&Fault>) -> Markup {
    let first = Field::new("from", "First day").error(Fault::at(fault, "from"));
    let last = Field::new("to", "Last day").error(Fault::at(fault, "to"));
    html! {
        form class="form" method="get" action={ (words::address(view)) "/backfill" } {
            (field::error_summary(&Fault::all(fault)))
            (field::text(&first, Input::Date, from))
            (field::text(&last, Input::Date, to))
            (act::buttons(&[act::button("See what is missing", Weight::Secondary)]))
        }
    }
}

/// The instants of two days as a person means them: the last one whole, but nothing to come.
fn span(days: &Days, zone: &TimeZone, now: Timestamp) -> Result<(Timestamp, Timestamp), Fault> {
    let begins = |field: &'static str, text: &str, later: i64| {
        let day: Date = text
            .trim()
            .parse()
            .map_err(|_unreadable| Fault::new(field, "Enter a day, for example 2026-01-31."))?;
        let start = day.checked_add(later.days()).and_then(|day| day.to_zoned(zone.clone()));
        start
            .map(|start| start.timestamp())
            .map_err(|_range| Fault::new(field, "Enter another day."))
    };
    Ok((begins("from", &days.from, 0)?, begins("to", &days.to, 1)?.min(now)))
}

pub(super) async fn preview(
    visit: Visit,
    Path(path): Path<String>,
    Query(days): Query<Days>,
) -> Answer {
    let view = triggers::get(&visit.app, &visit.who, id(&path)?).await?;
    let found = match span(&days, &visit.zone, visit.now) {
        Ok((from, to)) => {
            triggers::preview_backfill(&visit.app, &visit.who, view.trigger.id, from, to)
                .await
                .map_err(Fault::of)
        }
        Err(fault) => Err(Ok(fault)),
    };
    match found {
        Ok(found) => Ok(page(&visit, &view, &days, Some(&found), "", None)),
        Err(fault) => Ok(page(&visit, &view, &days, None, "", Some(&fault?))),
    }
}

pub(super) async fn ask(Path(path): Path<String>, Sent { visit, form }: Sent<Asked>) -> Answer {
    let view = triggers::get(&visit.app, &visit.who, id(&path)?).await?;
    let unreadable = || Fault::new("from", "Look at what is missing first.");
    let asked = (form.from.parse(), form.to.parse(), form.expected.parse());
    let done = match asked {
        (Ok(from), Ok(to), Ok(expected)) => {
            let (app, who, id) = (&visit.app, &visit.who, view.trigger.id);
            triggers::backfill(app, who, id, from, to, &form.reason, expected)
                .await
                .map(|_| ())
                .map_err(|error| (Fault::of(error), Some((from, to))))
        }
        _ => Err((Ok(unreadable()), None)),
    };
    let home = words::address(&view);
    match done {
        Ok(()) => Ok(go(&home, Done::AskedForPast)),
        Err((fault, span)) => {
            let fault = fault?;
            let found = match span {
                Some((from, to)) => {
                    let (app, who, id) = (&visit.app, &visit.who, view.trigger.id);
                    triggers::preview_backfill(app, who, id, from, to).await.ok()
                }
                None => None,
            };
            let day = |at: &str| at.split('T').next().unwrap_or_default().to_owned();
            let days = Days { from: day(&form.from), to: day(&form.to) };
            Ok(page(&visit, &view, &days, found.as_ref(), &form.reason, Some(&fault)))
        }
    }
}

fn page(
    visit: &Visit,
    view: &Trigger,
    days: &Days,
    found: Option<&Backfill>,
    reason: &str,
    fault: Option<&Fault>,
) -> axum::response::Response {
    let name = words::rule(view);
    let home = words::address(view);
    let of_days = fault.filter(|fault| fault.field != "reason");
    let body = html! {
        (layout::breadcrumbs(&[("Runs", "/runs"), ("Triggers", "/triggers"), (&name, &home)]))
        (layout::head("Make up for the past", Some("What the rules that were in force then would have started. Nothing starts before you say so."), &[], &[]))
        (form(view, &days.from, &days.to, of_days))
        @if let Some(found) = found { (what_is_missing(visit, view, found, reason, fault)) }
    };
    let status = fault.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    visit.page_with(status, "Make up for the past", Some(Part::Runs), Width::Reading, &body)
}

fn what_is_missing(
    visit: &Visit,
    view: &Trigger,
    found: &Backfill,
    reason: &str,
    fault: Option<&Fault>,
) -> Markup {
    let n = found.n_new();
    let columns = [Column::text("Was due"), Column::text("By"), Column::text("What happens")];
    let rows: Vec<Vec<Markup>> = found
        .lines
        .iter()
        .map(|line| {
            vec![
                moment::exact_time(line.at, &visit.zone),
                html! { (line.rule) span class="under" { "revision " (line.revision) } },
                html! {
                    @match line.there {
                        None => "It starts a run",
                        Some(state) => { "Nothing: it is there already " (words::stands(state)) }
                    }
                },
            ]
        })
        .collect();
    let why = Field::new("reason", "Why")
        .hint("It stands with each of them.")
        .error(Fault::at(fault, "reason"));
    html! {
        @if rows.is_empty() {
            (notice::banner(Tone::Neutral, &html! { "No rule that was in force named a moment on these days." }, None))
        } @else {
            (table::table("Moments of these days", &columns, &rows, Narrow::Stack))
        }
        @if n > 0 && view.may_change {
            form class="form" method="post" action={ (words::address(view)) "/backfill" } {
                (act::csrf(&visit.csrf))
                (act::hidden("from", &found.from.to_string()))
                (act::hidden("to", &found.to.to_string()))
                (act::hidden("expected", &n.to_string()))
                (field::text(&why, Input::Text, reason))
                (act::buttons(&[act::button(&words::count(n, "run: start it", "runs: start them"), Weight::Primary)]))
            }
        }
    }
}
