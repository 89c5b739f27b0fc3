//! The scorecard: measurables, their weeks, their values.

use crate::{Time, seat::SeatName};
use gemba_app::{measurables as app, records};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A line of the scorecard.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Measurable {
    /// The name in addresses.
    pub slug: String,
    /// The name to show.
    pub name: String,
    /// The seat that answers for it.
    pub seat: SeatName,
    /// "EUR", "%", "calls"; empty for a bare number.
    pub unit: String,
    /// What it should be.
    pub goal: f64,
    /// Which way is better.
    pub direction: Direction,
    /// Where the latest week that has a value stands.
    pub latest: Standing,
    /// The last thirteen weeks, oldest first; the last one is this week.
    pub weeks: Vec<Week>,
    /// Whether you may push values.
    pub may_push: bool,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Direction {
    /// At least the goal.
    Up,
    /// At most the goal.
    Down,
}

impl From<records::Direction> for Direction {
    fn from(direction: records::Direction) -> Self {
        match direction {
            records::Direction::Up => Self::Up,
            records::Direction::Down => Self::Down,
        }
    }
}

impl From<Direction> for records::Direction {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Up => Self::Up,
            Direction::Down => Self::Down,
        }
    }
}

/// Where a week stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
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

impl From<app::Standing> for Standing {
    fn from(standing: app::Standing) -> Self {
        match standing {
            app::Standing::OnTrack => Self::OnTrack,
            app::Standing::OffTrack => Self::OffTrack,
            app::Standing::Pending => Self::Pending,
            app::Standing::Missing => Self::Missing,
        }
    }
}

/// One week of a measurable.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Week {
    /// The ISO week: "2026-W47".
    pub period: String,
    /// The value.
    pub value: Option<f64>,
    /// Where it stands.
    pub standing: Standing,
    /// Who pushed it.
    pub by: Option<String>,
}

impl From<&app::Week> for Week {
    fn from(week: &app::Week) -> Self {
        Self {
            period: week.period.clone(),
            value: week.value,
            standing: week.standing.into(),
            by: week.by.clone(),
        }
    }
}

impl From<&app::ScoreRow> for Measurable {
    fn from(row: &app::ScoreRow) -> Self {
        let measurable = &row.measurable;
        Self {
            slug: measurable.slug.clone(),
            name: measurable.name.clone(),
            seat: (&row.seat).into(),
            unit: measurable.unit.clone(),
            goal: measurable.goal,
            direction: measurable.direction.into(),
            latest: row.latest.into(),
            weeks: row.weeks.iter().map(Week::from).collect(),
            may_push: row.may_push,
        }
    }
}

/// The slug of a measurable that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MeasurableSlug {
    /// The name in addresses.
    pub slug: String,
}

/// What one writes about a measurable; it replaces what was written before.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasurableInput {
    /// The name to show.
    pub name: String,
    /// The slug or name of the seat that answers for it.
    pub seat: String,
    /// "EUR", "%", "calls"; empty for a bare number.
    #[serde(default)]
    pub unit: String,
    /// What it should be.
    pub goal: f64,
    /// Which way is better.
    pub direction: Direction,
}

impl From<MeasurableInput> for app::MeasurableInput {
    fn from(input: MeasurableInput) -> Self {
        Self {
            name: input.name,
            seat: input.seat,
            unit: input.unit,
            goal: input.goal,
            direction: input.direction.into(),
        }
    }
}

/// A value for a week.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueInput {
    /// The value.
    pub value: f64,
    /// The ISO week: "2026-W47"; this week where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub period: Option<String>,
}

/// A value that was pushed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PushedValue {
    /// The measurable.
    pub measurable: String,
    /// The ISO week.
    pub period: String,
    /// The value.
    pub value: f64,
    /// When.
    pub at: Time,
    /// Who.
    pub by: String,
}

impl From<&app::ValueRow> for PushedValue {
    fn from(row: &app::ValueRow) -> Self {
        Self {
            measurable: row.measurable.clone(),
            period: row.period.clone(),
            value: row.value,
            at: Time::of(row.at),
            by: row.by.clone(),
        }
    }
}
