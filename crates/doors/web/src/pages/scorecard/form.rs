//! The form of a measurable, new or known.

use super::{address, one::number};
use crate::{
    gate::Sent,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        field::{self, Choice, Field, Input},
        layout::{self, Part, Width},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{extract::Path, http::StatusCode};
use gemba_app::{
    Act, Error, access,
    measurables::{self, MeasurableInput},
    records::Direction,
    seats,
};
use maud::html;
use serde::Deserialize;

/// What is typed into the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    seat: String,
    unit: String,
    goal: String,
    direction: String,
}

impl Typed {
    fn input(&self) -> Result<MeasurableInput, Fault> {
        Ok(MeasurableInput {
            name: self.name.clone(),
            seat: self.seat.clone(),
            unit: self.unit.clone(),
            goal: number("goal", &self.goal)?,
            direction: if self.direction == "down" { Direction::Down } else { Direction::Up },
        })
    }
}

pub(super) async fn fresh(visit: Visit) -> Answer {
    access::require(&visit.who, Act::Manage)?;
    let typed = Typed { direction: "up".to_owned(), ..Typed::default() };
    page(&visit, None, &typed, None).await
}

pub(super) async fn create(Sent { visit, form }: Sent<Typed>) -> Answer {
    let made = match form.input() {
        Ok(input) => measurables::create(&visit.app, &visit.who, input).await.map_err(|error| {
            match error {
                // The slug is the record's id: the store speaks of it, people speak of the name.
                Error::Changed { .. } | Error::Taken { .. } => {
                    Ok(Fault::new("name", "There is a measurable of this name already."))
                }
                other => fault(other),
            }
        }),
        Err(fault) => Err(Ok(fault)),
    };
    match made {
        Ok(slug) => Ok(go(&address(&slug), Done::Created)),
        Err(fault) => page(&visit, None, &form, Some(fault?)).await,
    }
}

pub(super) async fn edit(visit: Visit, Path(slug): Path<String>) -> Answer {
    access::require(&visit.who, Act::Manage)?;
    let rows = measurables::scorecard(&visit.app, &visit.who).await?;
    let missing = || Error::NotFound { what: "measurable", id: slug.clone() };
    let row = rows.into_iter().find(|r| r.measurable.slug == slug).ok_or_else(missing)?;
    let typed = Typed {
        name: row.measurable.name,
        seat: row.seat.0,
        unit: row.measurable.unit,
        goal: row.measurable.goal.to_string(),
        direction: match row.measurable.direction {
            Direction::Up => "up".to_owned(),
            Direction::Down => "down".to_owned(),
        },
    };
    page(&visit, Some(&slug), &typed, None).await
}

pub(super) async fn change(Path(slug): Path<String>, Sent { visit, form }: Sent<Typed>) -> Answer {
    let made = match form.input() {
        Ok(input) => measurables::change(&visit.app, &visit.who, &slug, input).await.map_err(fault),
        Err(fault) => Err(Ok(fault)),
    };
    match made {
        Ok(()) => Ok(go(&address(&slug), Done::Saved)),
        Err(fault) => page(&visit, Some(&slug), &form, Some(fault?)).await,
    }
}

fn fault(error: Error) -> Result<Fault, Refusal> {
    match error {
        Error::NotFound { what: "seat", .. } => {
            Ok(Fault::new("seat", "Choose the seat that answers for it."))
        }
        other => Fault::of(other),
    }
}

async fn page(visit: &Visit, slug: Option<&str>, typed: &Typed, fault: Option<Fault>) -> Answer {
    access::require(&visit.who, Act::Manage)?;
    let all = seats::list(&visit.app, &visit.who).await?;
    let choices: Vec<Choice<'_>> = std::iter::once(Choice::new("", "Choose a seat"))
        .chain(all.iter().map(|s| Choice::new(&s.seat.slug, &s.seat.name)))
        .collect();
    let directions = [
        Choice { hint: Some("More is better"), ..Choice::new("up", "At least the goal") },
        Choice { hint: Some("Less is better"), ..Choice::new("down", "At most the goal") },
    ];
    let at = |name| Fault::at(fault.as_ref(), name);
    let (title, action, label, back) = match slug {
        None => (
            "Add a measurable",
            "/scorecard/new".to_owned(),
            "Add the measurable",
            "/scorecard".to_owned(),
        ),
        Some(slug) => (
            "Edit the measurable",
            format!("{}/edit", address(slug)),
            "Save the measurable",
            address(slug),
        ),
    };
    let body = html! {
        (layout::breadcrumbs(&[("Scorecard", "/scorecard")]))
        (layout::head(title, None, &[], &[]))
        form class="form" method="post" action=(action) {
            (field::error_summary(&Fault::all(fault.as_ref())))
            (act::csrf(&visit.csrf))
            (field::text(&Field::new("name", "Name").hint("What is counted: \"Qualified leads\"").error(at("name")), Input::Text, &typed.name))
            (field::select(&Field::new("seat", "Seat").hint("Answers for the number and pushes it each week").error(at("seat")), &choices, &typed.seat))
            (field::text(&Field::new("unit", "Unit").hint("\"EUR\", \"%\", \"calls\"").optional().error(at("unit")), Input::Text, &typed.unit))
            (field::text(&Field::new("goal", "Goal of a week").error(at("goal")), Input::Number, &typed.goal))
            (field::radios(&Field::new("direction", "On track is").error(at("direction")), &directions, Some(&typed.direction)))
            (act::buttons(&[act::button(label, Weight::Primary), act::link_button(&back, "Cancel", Weight::Quiet)]))
        }
    };
    let status = fault.as_ref().map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    Ok(visit.page_with(status, title, Some(Part::Scorecard), Width::Reading, &body))
}
