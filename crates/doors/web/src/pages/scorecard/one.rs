//! One measurable: its weeks as columns and as a table, who pushed each, and the form to push one.

use super::{address, cell, figure, goal, state, week_name};
use crate::{
    gate::Sent,
    pages::team,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        chart,
        field::{self, Choice, Field, Input},
        layout::{self, Part, Width},
        list,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{extract::Path, http::StatusCode};
use gemba_app::{
    Act, Error, access,
    measurables::{self, ScoreRow},
    seats,
};
use maud::{Markup, html};
use serde::Deserialize;

/// What is typed into the form of a value.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    value: String,
    week: String,
    back: String,
}

pub(super) async fn show(visit: Visit, Path(slug): Path<String>) -> Answer {
    page(&visit, &slug, &Typed::default(), None).await
}

pub(super) async fn push(Path(slug): Path<String>, Sent { visit, form }: Sent<Typed>) -> Answer {
    let week = Some(form.week.as_str()).filter(|week| !week.is_empty());
    let pushed = match number("value", &form.value) {
        Ok(value) => measurables::push(&visit.app, &visit.who, &slug, value, week)
            .await
            .map_err(|error| Ok::<_, Refusal>(Fault::of(error)?.beside(&[("period", "week")]))),
        Err(fault) => Err(Ok(fault)),
    };
    match pushed {
        Ok(_) if form.back == "scorecard" => Ok(go("/scorecard", Done::Pushed)),
        Ok(_) => Ok(go(&address(&slug), Done::Pushed)),
        Err(fault) => page(&visit, &slug, &form, Some(fault?)).await,
    }
}

pub(super) async fn remove(
    Path(slug): Path<String>,
    Sent { visit, .. }: Sent<Vec<(String, String)>>,
) -> Answer {
    measurables::delete(&visit.app, &visit.who, &slug).await?;
    Ok(go("/scorecard", Done::Removed))
}

/// A number as people type it, with a point for decimals.
pub(in crate::pages) fn number(field: &'static str, typed: &str) -> Result<f64, Fault> {
    let bare: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    match bare.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => {
            Err(Fault::new(field, "Enter a number with a point for decimals, for example 1234.5."))
        }
    }
}

async fn page(visit: &Visit, slug: &str, typed: &Typed, fault: Option<Fault>) -> Answer {
    let rows = measurables::scorecard(&visit.app, &visit.who).await?;
    let missing = || Error::NotFound { what: "measurable", id: slug.to_owned() };
    let row = rows.into_iter().find(|r| r.measurable.slug == slug).ok_or_else(missing)?;
    let seat = seats::get(&visit.app, &visit.who, &row.seat.0).await?;
    let m = &row.measurable;
    let may_manage = access::may(&visit.who, Act::Manage);
    let edit = || act::edit_link(&format!("{}/edit", address(slug)), "Edit the measurable");
    let acts: Vec<Markup> = may_manage.then(edit).into_iter().collect();
    let content = html! {
        (layout::section("13 weeks", Some("the dashed line is the goal"), &weeks(&row)))
        (layout::section("Values", None, &values(&row)))
    };
    let panel = html! {
        @if row.may_push { (layout::section("Push a value", None, &form(visit, &row, typed, fault.as_ref()))) }
        (layout::section("About", None, &list::facts(&[
            ("Seat", html! { a href=(team::address(&row.seat.0)) { (row.seat.1) } }),
            ("Holder", team::holder_of(&seat)),
            ("Goal", html! { (goal(m).trim_start_matches("Goal: ")) }),
            ("Address", act::copyable(slug, "the address of the measurable")),
        ])))
        p class="small" { a href={ "/audit/log?subject=" (slug) } { "What was done to this measurable" } }
        @if may_manage {
            (act::ask_act(
                &format!("{}/removal", address(slug)), &visit.csrf, "Remove the measurable",
                "It leaves the scorecard for everybody.", "Remove the measurable",
            ))
        }
    };
    let body = html! {
        (layout::breadcrumbs(&[("Scorecard", "/scorecard")]))
        (layout::head(&m.name, Some(&goal(m)), &[state(row.latest), html! { (row.seat.1) }], &acts))
        (layout::beside(&content, "About this measurable", &panel))
    };
    let status = fault.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    Ok(visit.page_with(status, &m.name, Some(Part::Scorecard), Width::Wide, &body))
}

fn weeks(row: &ScoreRow) -> Markup {
    let columns: Vec<(Option<f64>, chart::Week)> =
        row.weeks.iter().map(|week| (week.value, cell(week.standing))).collect();
    let name = |week: Option<&measurables::Week>| week.map(week_name).unwrap_or_default();
    html! {
        (chart::course(&columns, row.measurable.goal))
        div class="course-feet" {
            span { (name(row.weeks.first())) }
            span { (name(row.weeks.last())) }
        }
    }
}

fn values(row: &ScoreRow) -> Markup {
    let columns = [
        Column::text("Week"),
        Column::number("Value"),
        Column::tight("State"),
        Column::text("Pushed by"),
    ];
    let rows: Vec<Vec<Markup>> = row
        .weeks
        .iter()
        .rev()
        .map(|week| {
            vec![
                html! { (week_name(week)) },
                html! { (week.value.map_or_else(|| "–".to_owned(), |v| figure(v, &row.measurable.unit))) },
                state(week.standing),
                html! { (week.by.as_deref().unwrap_or("–")) },
            ]
        })
        .collect();
    table::table("Values by week", &columns, &rows, Narrow::Stack)
}

fn form(visit: &Visit, row: &ScoreRow, typed: &Typed, fault: Option<&Fault>) -> Markup {
    let names: Vec<(&str, String)> =
        row.weeks.iter().rev().map(|week| (week.period.as_str(), week_name(week))).collect();
    let mut choices: Vec<Choice<'_>> =
        names.iter().map(|(period, name)| Choice::new(period, name)).collect();
    // What was sent stays chosen, also where it is no week of the list.
    if !typed.week.is_empty() && !names.iter().any(|(period, _)| *period == typed.week) {
        choices.push(Choice::new(&typed.week, &typed.week));
    }
    let unit = &row.measurable.unit;
    let hint = Some(format!("In {unit}")).filter(|_| !unit.is_empty());
    let value = Field::new("value", "Value").error(Fault::at(fault, "value"));
    let value = hint.as_deref().map_or(value, |hint| value.hint(hint));
    html! {
        form class="form" method="post" action={ (address(&row.measurable.slug)) "/values" } {
            (field::error_summary(&Fault::all(fault)))
            (act::csrf(&visit.csrf))
            (field::text(&value, Input::Number, &typed.value))
            (field::select(
                &Field::new("week", "Week").hint("A second value for a week replaces the first").error(Fault::at(fault, "week")),
                &choices, &typed.week,
            ))
            (act::buttons(&[act::button("Push the value", Weight::Primary)]))
        }
    }
}
