//! The scorecard: numbers that seats push each week, held against their goals.

use crate::{
    Act, App, Error, Result, Who, access, audit, inlets, marks,
    records::{Direction, Measurable},
    seats,
    workspace::{its_zone, text},
};
use gemba_model::Slug;
pub use gemba_store::ValueRow;
use gemba_store::{Mode, Tx, Versioned, all, insert, load, remove, save};
use jiff::{ToSpan, civil::Date, civil::ISOWeekDate};

const TRIES_FOR_A_SLUG: u32 = 1_000;

/// How many weeks the scorecard shows.
pub const WEEKS: usize = 13;

/// Where a week stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The goal is met.
    OnTrack,
    /// It is not.
    OffTrack,
    /// The week is not over and has no value yet.
    Pending,
    /// The week is over and has no value.
    Missing,
}

/// One week of a measurable.
#[derive(Debug, Clone, PartialEq)]
pub struct Week {
    /// "2026-W47".
    pub period: String,
    /// The value.
    pub value: Option<f64>,
    /// Where it stands.
    pub standing: Standing,
    /// Who pushed it.
    pub by: Option<String>,
}

/// A line of the scorecard.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreRow {
    /// The measurable.
    pub measurable: Measurable,
    /// The seat: slug and name.
    pub seat: (String, String),
    /// The weeks, oldest first; the last one is this week.
    pub weeks: Vec<Week>,
    /// Where the latest week that has a value stands.
    pub latest: Standing,
    /// Whether the one who asks may push values.
    pub may_push: bool,
}

/// What one writes about a measurable.
#[derive(Debug, Clone)]
pub struct MeasurableInput {
    /// The name to show.
    pub name: String,
    /// The seat (slug, name or alias).
    pub seat: String,
    /// The unit.
    pub unit: String,
    /// What it should be.
    pub goal: f64,
    /// Which way is better.
    pub direction: Direction,
}

/// The ISO week of a date: "2026-W47".
pub fn period(week: ISOWeekDate) -> String {
    format!("{:04}-W{:02}", week.year(), week.week())
}

/// The Monday of a period.
fn monday(period: &str) -> Result<Date> {
    let wrong = || {
        let message = format!("`{period}` is no week; write for example 2026-W07");
        Error::invalid("period", message)
    };
    let (year, week) = period.split_once("-W").ok_or_else(wrong)?;
    let (year, week) = (year.parse().ok(), week.parse().ok());
    let (Some(year), Some(week)) = (year, week) else { return Err(wrong()) };
    let date =
        ISOWeekDate::new(year, week, jiff::civil::Weekday::Monday).map_err(|_range| wrong())?;
    Ok(date.date())
}

fn standing(measurable: &Measurable, value: f64) -> Standing {
    let met = match measurable.direction {
        Direction::Up => value >= measurable.goal,
        Direction::Down => value <= measurable.goal,
    };
    if met { Standing::OnTrack } else { Standing::OffTrack }
}

async fn this_week(app: &App, tx: &mut dyn Tx) -> Result<Date> {
    let today = app.now().to_zoned(its_zone(tx).await?).date();
    monday(&period(today.iso_week_date()))
}

/// The scorecard, by seat and name.
pub async fn scorecard(app: &App, who: &Who) -> Result<Vec<ScoreRow>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let this = this_week(app, &mut *tx).await?;
    let mut periods = Vec::with_capacity(WEEKS);
    for back in (0..i64::try_from(WEEKS).unwrap_or(0)).rev() {
        let date = this.checked_sub(back.weeks()).unwrap_or(this);
        periods.push(period(date.iso_week_date()));
    }
    let directory = seats::Directory::load(&mut *tx).await?;
    let mut rows = Vec::new();
    for measurable in all::<Measurable>(&mut *tx).await? {
        let measurable = measurable.value;
        let from = periods.first().map(String::as_str).unwrap_or_default();
        let values = tx.values(&measurable.slug, from).await?;
        let n = periods.len();
        let weeks: Vec<Week> = periods
            .iter()
            .enumerate()
            .map(|(at, period)| {
                let found = values.iter().find(|v| v.period == *period);
                let standing = match found {
                    Some(row) => standing(&measurable, row.value),
                    None if at + 1 == n => Standing::Pending,
                    None => Standing::Missing,
                };
                Week {
                    period: period.clone(),
                    value: found.map(|v| v.value),
                    standing,
                    by: found.map(|v| v.by.clone()),
                }
            })
            .collect();
        let latest = weeks.iter().rev().find(|w| w.value.is_some()).map(|w| w.standing);
        let name = |text: Option<&str>| text.unwrap_or_default().to_owned();
        rows.push(ScoreRow {
            seat: (name(directory.slug(measurable.seat)), name(directory.name(measurable.seat))),
            latest: latest.unwrap_or(Standing::Missing),
            may_push: access::may(who, Act::Push) && access::owns(who, Some(measurable.seat)),
            weeks,
            measurable,
        });
    }
    rows.sort_by(|a, b| (&a.seat.1, &a.measurable.name).cmp(&(&b.seat.1, &b.measurable.name)));
    Ok(rows)
}

async fn filled(tx: &mut dyn Tx, slug: String, input: &MeasurableInput) -> Result<Measurable> {
    if !input.goal.is_finite() {
        return Err(Error::invalid("goal", "the goal is a number"));
    }
    Ok(Measurable {
        slug,
        name: text("name", &input.name, 80)?,
        seat: seats::find(tx, &input.seat).await?.value.id,
        unit: match input.unit.trim() {
            unit if unit.chars().count() > 20 => {
                return Err(Error::invalid("unit", "a unit has at most 20 characters"));
            }
            unit => unit.to_owned(),
        },
        goal: input.goal,
        direction: input.direction,
    })
}

/// Adds a measurable; its slug comes back.
pub async fn create(app: &App, who: &Who, input: MeasurableInput) -> Result<String> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let wanted = Slug::from_text(&input.name, "measurable");
    let slug = add_as(app, &mut *tx, who, &input, &wanted).await?;
    tx.commit().await?;
    Ok(slug)
}

/// Adds a measurable with this slug, or the next one that is free.
pub(crate) async fn add_as(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    input: &MeasurableInput,
    wanted: &Slug,
) -> Result<String> {
    let wanted = wanted.as_str();
    let mut slug = if wanted == "new" { "new-measurable" } else { wanted }.to_owned();
    if all::<Measurable>(tx).await?.iter().any(|m| m.value.name == input.name.trim()) {
        let message = format!("there is a measurable `{}` already", input.name.trim());
        return Err(Error::Taken { field: "name", message });
    }
    for n in 2..TRIES_FOR_A_SLUG {
        if load::<Measurable>(tx, &slug).await?.is_none() {
            break;
        }
        slug = format!("{wanted}-{n}");
    }
    let measurable = filled(tx, slug, input).await?;
    insert(tx, &measurable).await?;
    audit::write(app, tx, who, "measurable.created", &measurable.slug, &measurable).await?;
    Ok(measurable.slug)
}

/// Changes a measurable; its slug and values stay.
pub async fn change(app: &App, who: &Who, slug: &str, input: MeasurableInput) -> Result<()> {
    change_seen(app, who, slug, input, None).await
}

/// The mark of what is shown of a measurable, for [`change_seen`].
pub fn mark(measurable: &Measurable) -> String {
    marks::of(measurable)
}

/// The same, if the measurable still is what was seen.
pub async fn change_seen(
    app: &App,
    who: &Who,
    slug: &str,
    input: MeasurableInput,
    seen: Option<&str>,
) -> Result<()> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let Versioned { version, value: before } = find(&mut *tx, slug).await?;
    marks::require(seen, &before, "this measurable")?;
    let value = filled(&mut *tx, slug.to_owned(), &input).await?;
    audit::write(app, &mut *tx, who, "measurable.changed", slug, &value).await?;
    save(&mut *tx, &Versioned { value, version }).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes a measurable from the scorecard; its values stay in the store.
pub async fn delete(app: &App, who: &Who, slug: &str) -> Result<()> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    if !remove::<Measurable>(&mut *tx, slug).await? {
        return Err(Error::not_found("measurable", slug));
    }
    audit::write(app, &mut *tx, who, "measurable.removed", slug, &()).await?;
    tx.commit().await?;
    Ok(())
}

async fn find(tx: &mut dyn Tx, slug: &str) -> Result<Versioned<Measurable>> {
    load::<Measurable>(tx, slug).await?.ok_or_else(|| Error::not_found("measurable", slug))
}

/// A value for a week: this week where no period is said, never a week to come. The seat that owns the
/// measurable pushes, or a manager; a second value for the same week replaces the first.
pub async fn push(
    app: &App,
    who: &Who,
    slug: &str,
    value: f64,
    said: Option<&str>,
) -> Result<ValueRow> {
    if !value.is_finite() {
        return Err(Error::invalid("value", "the value is a number"));
    }
    let mut tx = app.open(who, Act::Push, Mode::Write).await?;
    let measurable = find(&mut *tx, slug).await?.value;
    access::require_own(who, Some(measurable.seat), "push values of this measurable")?;
    let this = this_week(app, &mut *tx).await?;
    let week = said.map_or(Ok(this), monday)?;
    if week > this {
        return Err(Error::invalid("period", "a week that is still to come has no value yet"));
    }
    let row = ValueRow {
        measurable: slug.to_owned(),
        period: period(week.iso_week_date()),
        value,
        at: app.now(),
        by: who.name.clone(),
    };
    tx.put_value(&row).await?;
    inlets::observed(app, &mut *tx, who, slug, &row.period, value).await?;
    audit::write(app, &mut *tx, who, "measurable.pushed", slug, &(&row.period, value)).await?;
    tx.commit().await?;
    Ok(row)
}
