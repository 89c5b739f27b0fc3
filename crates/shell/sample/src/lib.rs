//! The sample company, made through the functions everybody uses.
//!
//! Nothing here knows a store: Northlight signs in, publishes, works and measures as any company would,
//! only at times that have passed. Its people, seats and processes are in `company.json` and
//! `processes/`, what they said and left open in `history.json`.

mod agenda;
mod cast;
mod clock;
mod company;
mod dice;
mod history;
mod hours;
mod path;
mod words;

use crate::{clock::SetClock, history::Stage};
use gemba_app::{
    App, Error, Result, first_day,
    measurables::{self, MeasurableInput},
};
use gemba_model::id::AccountId;
use jiff::{Timestamp, tz::TimeZone};
use std::sync::Arc;

/// Makes the company Northlight in an empty store, with a past of some weeks that ends at `now`. The
/// account of the operations lead comes back: the one to look around with.
///
/// The same `now` gives the same company, but for the ids.
pub async fn fill(app: &App, now: Timestamp) -> Result<AccountId> {
    let (company, past) = (company::company()?, company::past()?);
    let now = Timestamp::from_microsecond(now.as_microsecond())
        .map_err(|error| agenda::out_of_range(&error))?;
    let zone = TimeZone::get(&company.time_zone)
        .map_err(|error| Error::Invalid { field: "time_zone", message: error.to_string() })?;
    let begin = agenda::weeks_before(now, agenda::first_week(&company));
    let clock = Arc::new(SetClock::at(begin));
    let then = app.with_clock(Arc::<SetClock>::clone(&clock));
    let cast = cast::found(&then, &company).await?;
    let mut slugs = Vec::new();
    for measurable in &company.measurables {
        let input = MeasurableInput {
            name: measurable.name.clone(),
            seat: measurable.seat.clone(),
            unit: measurable.unit.clone(),
            goal: measurable.goal,
            direction: measurable.direction,
        };
        slugs.push(measurables::create(&then, &cast.operations, input).await?);
    }
    first_day::answer(&then, &cast.operations, answers(&company)).await?;
    let agenda = agenda::plan(&company, &past, &zone, now)?;
    let stage = Stage {
        app: &then,
        clock: &clock,
        zone: &zone,
        now,
        company: &company,
        past: &past,
        cast: &cast,
        measurables: slugs,
    };
    stage.play(agenda).await?;
    clock.reach(now);
    cast.sign_on(&then).await?;
    Ok(cast.lead)
}

/// What the operations lead said before anything was written down.
fn answers(company: &company::Company) -> Vec<first_day::Said> {
    let said = company.first_day.iter().map(|answer| first_day::Said {
        slug: answer.process.clone(),
        happens: answer.happens,
        weight: first_day::Weight { frequency: answer.often, consequence: answer.bad },
        seat: answer.seat.clone(),
    });
    said.collect()
}
