//! The form of a measurable, new or known.

use super::{address, one::number};
use crate::{
    gate::Sent,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        field::{self, Choice, Field, Input},
        layout::{self, Part, Width},
        notice,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{extract::Path, http::StatusCode};
use gemba_app::{
    Act, Error, access,
    measurables::{self, MeasurableInput, ScoreRow},
    records::Direction,
    seats,
};
use maud::{Markup, html};
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
    /// The mark of what was shown when the form was opened.
    seen: String,
}

impl Typed {
    fn of(row: &ScoreRow) -> Self {
        let of = &row.measurable;
        Self {
            name: of.name.clone(),
            seat: row.seat.0.clone(),
            unit: of.unit.clone(),
            goal: of.goal.to_string(),
            direction: match of.direction {
                Direction::Up => "up".to_owned(),
                Direction::Down => "down".to_owned(),
            },
            seen: measurables::mark(of),
        }
    }

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
    let row = known(&visit, &slug).await?;
    page(&visit, Some(&row), &Typed::of(&row), None).await
}

async fn known(visit: &Visit, slug: &str) -> Result<ScoreRow, Refusal> {
    let rows = measurables::scorecard(&visit.app, &visit.who).await?;
    let missing = || Error::NotFound { what: "measurable", id: slug.to_owned() };
    Ok(rows.into_iter().find(|r| r.measurable.slug == slug).ok_or_else(missing)?)
}

pub(super) async fn change(Path(slug): Path<String>, Sent { visit, form }: Sent<Typed>) -> Answer {
    let made = match form.input() {
        Ok(input) => {
            let seen = Some(form.seen.as_str()).filter(|seen| !seen.is_empty());
            let made = measurables::change_seen(&visit.app, &visit.who, &slug, input, seen).await;
            made.map_err(fault)
        }
        Err(fault) => Err(Ok(fault)),
    };
    match made {
        Ok(()) => Ok(go(&address(&slug), Done::Saved)),
        Err(fault) => {
            let row = known(&visit, &slug).await?;
            page(&visit, Some(&row), &form, Some(fault?)).await
        }
    }
}

fn fault(error: Error) -> Result<Fault, Refusal> {
    match error {
        Error::NotFound { what: "seat", .. } => {
            Ok(Fault::new("seat", "Choose the seat that answers for it."))
        }
        Error::Changed { .. } => Ok(Fault::overtaken("name")),
        other => Fault::of(other),
    }
}

/// What the measurable says now, where something else was typed.
fn theirs(row: &ScoreRow, typed: &Typed, seats: &[Choice<'_>]) -> Markup {
    let now = Typed::of(row);
    let seat = |slug: &str| seats.iter().find(|s| s.value == slug).map_or("", |s| s.label);
    let way = |word: &str| if word == "down" { "At most the goal" } else { "At least the goal" };
    notice::meanwhile(&[
        ("Name", &typed.name, &now.name),
        ("Seat", seat(&typed.seat), seat(&now.seat)),
        ("Unit", &typed.unit, &now.unit),
        ("Goal of a week", &typed.goal, &now.goal),
        ("On track is", way(&typed.direction), way(&now.direction)),
    ])
}

async fn page(
    visit: &Visit,
    row: Option<&ScoreRow>,
    typed: &Typed,
    fault: Option<Fault>,
) -> Answer {
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
    let (title, action, label, back) = match row {
        None => (
            "Add a measurable",
            "/scorecard/new".to_owned(),
            "Add the measurable",
            "/scorecard".to_owned(),
        ),
        Some(row) => {
            let to = address(&row.measurable.slug);
            ("Edit the measurable", format!("{to}/edit"), "Save the measurable", to)
        }
    };
    let body = html! {
        (layout::breadcrumbs(&[("Scorecard", "/scorecard")]))
        (layout::head(title, None, &[], &[]))
        form class="form" method="post" action=(action) {
            (field::error_summary(&Fault::all(fault.as_ref())))
            (act::csrf(&visit.csrf))
            @if let Some(row) = row {
                @let mark = measurables::mark(&row.measurable);
                (act::hidden("seen", &mark))
                @if typed.seen != mark { (theirs(row, typed, &choices)) }
            }
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
