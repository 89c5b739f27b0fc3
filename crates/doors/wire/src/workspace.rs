//! The workspace and the one who asks.

use crate::{Time, run::ActorKind, seat::SeatName};
use gemba_app::{
    Principal, Who, records,
    seats::SeatView,
    workspace::{FreeDay, HoursInput, Place, countries},
};
use gemba_model::role;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The workspace: one company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Workspace {
    /// The company's name.
    pub name: String,
    /// The IANA name of the zone in which its times are meant.
    pub zone: String,
    /// Since when.
    pub created: Time,
    /// Whether a second person approves every revision before it is in force.
    pub second_person: bool,
}

impl From<&records::Workspace> for Workspace {
    fn from(workspace: &records::Workspace) -> Self {
        Self {
            name: workspace.name.clone(),
            zone: workspace.zone.clone(),
            created: Time::of(workspace.created),
            second_person: workspace.second_person,
        }
    }
}

/// What one writes about the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceInput {
    /// The company's name.
    pub name: String,
    /// The IANA name of the zone in which its times are meant: "Europe/Berlin".
    pub zone: String,
    /// Whether a second person approves every revision before it is in force; as it is where it is left
    /// out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "bool")]
    pub second_person: Option<bool>,
}

impl From<WorkspaceInput> for gemba_app::workspace::Settings {
    fn from(input: WorkspaceInput) -> Self {
        Self { name: input.name, zone: input.zone, second_person: input.second_person }
    }
}

/// A day without work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The date: "2026-12-25".
    pub date: String,
    /// What it is called.
    #[serde(default)]
    pub name: String,
}

/// When the workspace works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WorkingHours {
    /// The working days of the week, Monday is 1.
    pub days: Vec<u8>,
    /// The close of work: "17:00". A deadline in days ends then.
    pub close: String,
    /// The country or region whose public holidays are kept: "DE-BY".
    pub place: Option<String>,
    /// Its name: "Germany, Bavaria".
    pub place_name: Option<String>,
    /// Public holidays on which work is done all the same.
    pub worked: Vec<String>,
    /// Holidays of the workspace's own.
    pub holidays: Vec<Holiday>,
    /// How long before a deadline one is reminded, where the step says nothing: "2 hours", "1 workday".
    pub remind: Option<String>,
}

impl From<&records::Hours> for WorkingHours {
    fn from(hours: &records::Hours) -> Self {
        let typed = HoursInput::of(hours);
        let place = hours.place.as_deref().and_then(Place::of);
        let own = hours.holidays.iter();
        Self {
            days: typed.days,
            close: typed.close,
            place: hours.place.clone(),
            place_name: place.map(|place| place.name()),
            worked: hours.worked.iter().map(ToString::to_string).collect(),
            holidays: own
                .map(|(date, name)| Holiday { date: date.to_string(), name: name.clone() })
                .collect(),
            remind: Some(typed.remind).filter(|said| !said.is_empty()),
        }
    }
}

/// What one writes about when the workspace works: all of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkingHoursInput {
    /// The working days of the week, Monday is 1.
    pub days: Vec<u8>,
    /// The close of work: "17:00".
    pub close: String,
    /// The country or region whose public holidays are kept, by its code; none where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub place: Option<String>,
    /// Public holidays on which work is done all the same: "2026-12-26".
    #[serde(default)]
    pub worked: Vec<String>,
    /// Holidays of the workspace's own.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    /// How long before a deadline one is reminded, where the step says nothing: "2 hours", "1 workday",
    /// "PT2H"; nobody is reminded where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub remind: Option<String>,
}

impl From<WorkingHoursInput> for HoursInput {
    fn from(input: WorkingHoursInput) -> Self {
        // One line each, whatever stands in them.
        let line = |text: &str| text.replace(char::is_control, " ");
        let own = input.holidays.iter().map(|day| line(&format!("{} {}", day.date, day.name)));
        Self {
            days: input.days,
            close: input.close,
            place: input.place.unwrap_or_default(),
            worked: input.worked.iter().map(|day| line(day)).collect::<Vec<_>>().join("\n"),
            holidays: own.collect::<Vec<_>>().join("\n"),
            remind: input.remind.unwrap_or_default(),
        }
    }
}

/// A country whose public holidays are known, with its regions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HolidayPlace {
    /// Its code: "DE".
    pub code: String,
    /// Its English name.
    pub name: String,
    /// Its regions with holidays of their own.
    pub regions: Vec<HolidayRegion>,
}

/// A region with holidays of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HolidayRegion {
    /// Its code: "DE-BY".
    pub code: String,
    /// Its English name.
    pub name: String,
}

impl HolidayPlace {
    /// All of them, by name.
    pub fn all() -> Vec<Self> {
        let region = |region: &countries::Region| HolidayRegion {
            code: region.code.to_owned(),
            name: region.name.to_owned(),
        };
        let country = |country: &countries::Country| Self {
            code: country.code.to_owned(),
            name: country.name.to_owned(),
            regions: country.regions.iter().map(region).collect(),
        };
        countries::all().into_iter().map(country).collect()
    }
}

/// For which year.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct YearQuery {
    /// The year, from 1900 to 2200; the present one where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i16")]
    pub year: Option<i16>,
}

/// The days of a year on which the workspace does not work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FreeDays {
    /// The year.
    pub year: i16,
    /// The days, earliest first.
    pub days: Vec<FreeDate>,
}

/// A public holiday, or a holiday of the workspace's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FreeDate {
    /// The date.
    pub date: String,
    /// What it is called.
    pub name: String,
    /// Whether it is a public holiday of the place.
    pub is_public: bool,
    /// Whether work is done on it all the same.
    pub worked: bool,
}

impl From<&FreeDay> for FreeDate {
    fn from(day: &FreeDay) -> Self {
        Self {
            date: day.date.to_string(),
            name: day.name.clone(),
            is_public: day.is_public,
            worked: day.worked,
        }
    }
}

/// The one who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Me {
    /// What you are.
    pub kind: ActorKind,
    /// The name that is written down.
    pub name: String,
    /// What you may do.
    pub role: Role,
    /// The seats you act for.
    pub seats: Vec<SeatName>,
}

/// What somebody may do, from the one who may only look to the one who may do everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Role {
    /// Reads everything, changes nothing.
    Observer,
    /// Does the work of the seats held.
    Member,
    /// Also edits, publishes and starts any process.
    Manager,
    /// Also manages accounts, tokens and settings.
    Admin,
    /// Also appoints admins and other owners.
    Owner,
}

impl From<role::Role> for Role {
    fn from(role: role::Role) -> Self {
        match role {
            role::Role::Observer => Self::Observer,
            role::Role::Member => Self::Member,
            role::Role::Manager => Self::Manager,
            role::Role::Admin => Self::Admin,
            role::Role::Owner => Self::Owner,
        }
    }
}

impl Me {
    /// The one who asks, with the seats of the team chart that are theirs.
    pub fn of(who: &Who, chart: &[SeatView]) -> Self {
        let kind = match who.principal {
            Principal::Person { .. } => ActorKind::Person,
            Principal::Token { .. } => ActorKind::Agent,
            Principal::Operator | Principal::System => ActorKind::System,
        };
        let mine = chart.iter().map(|view| &view.seat).filter(|seat| who.holds(seat.id));
        Self {
            kind,
            name: who.name.clone(),
            role: who.role.into(),
            seats: mine
                .map(|seat| SeatName { slug: seat.slug.clone(), name: seat.name.clone() })
                .collect(),
        }
    }
}
