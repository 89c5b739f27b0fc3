//! Seats: the team chart.

use crate::{Time, process::ProcessName};
use gemba_app::{
    records::{self, Feed},
    seats as app,
};
use gemba_model::id::AccountId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// In which form a seat is wanted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// `agents-md`, `claude-md`, `skills` or `sop-md`.
    #[serde(rename = "as")]
    pub form: String,
}

/// A seat: a place in the company that answers for work, whoever holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Seat {
    /// The id.
    pub id: String,
    /// The name in addresses.
    pub slug: String,
    /// The name in documents.
    pub name: String,
    /// The part of the company.
    pub function: Option<String>,
    /// What it is there for.
    pub purpose: String,
    /// The name of the seat it answers to.
    pub reports_to: Option<String>,
    /// Who sits on it.
    pub holder: Holder,
    /// Other names that documents use for it.
    pub aliases: Vec<String>,
    /// The processes it owns.
    pub owns: Vec<ProcessName>,
    /// The processes in force in which it does steps.
    pub works_in: Vec<ProcessName>,
}

/// Who sits on a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Holder {
    /// A person, an agent, or nobody.
    pub kind: HolderKind,
    /// The name; null for a vacant seat.
    pub name: Option<String>,
    /// The id of the person's account.
    pub account: Option<String>,
}

/// A person, an agent, or nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum HolderKind {
    /// Nobody.
    Vacant,
    /// A person.
    Person,
    /// An agent.
    Agent,
}

impl From<&app::SeatView> for Seat {
    fn from(view: &app::SeatView) -> Self {
        let seat = &view.seat;
        let (kind, account) = match &seat.holder {
            records::Holder::Vacant => (HolderKind::Vacant, None),
            records::Holder::Agent { .. } => (HolderKind::Agent, None),
            records::Holder::Person { account } => (HolderKind::Person, Some(account.to_string())),
        };
        Self {
            id: seat.id.to_string(),
            slug: seat.slug.clone(),
            name: seat.name.clone(),
            function: seat.function.clone(),
            purpose: seat.purpose.clone(),
            reports_to: view.reports_to.clone(),
            holder: Holder { kind, name: view.holder.clone(), account },
            aliases: seat.aliases.clone(),
            owns: view.owns.iter().map(ProcessName::from).collect(),
            works_in: view.works_in.iter().map(ProcessName::from).collect(),
        }
    }
}

/// A seat by its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeatName {
    /// The name in addresses.
    pub slug: String,
    /// The name in documents.
    pub name: String,
}

impl From<&(String, String)> for SeatName {
    fn from((slug, name): &(String, String)) -> Self {
        Self { slug: slug.clone(), name: name.clone() }
    }
}

/// The slug of a seat that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeatSlug {
    /// The name in addresses.
    pub slug: String,
}

/// What one writes about a seat; it replaces what was written before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeatInput {
    /// The name in documents.
    pub name: String,
    /// The part of the company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub function: Option<String>,
    /// What it is there for.
    #[serde(default)]
    pub purpose: String,
    /// The slug or name of the seat it answers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub reports_to: Option<String>,
    /// Who shall sit on it; nobody where nothing is said.
    #[serde(default)]
    pub holder: HolderInput,
    /// Other names that documents use for it.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// Who shall sit on a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schemars(inline)]
pub enum HolderInput {
    /// Nobody.
    // With braces, or fields that it does not know would be let through.
    Vacant {},
    /// A person.
    Person {
        /// The id of the person's account.
        #[schemars(with = "String")]
        account: AccountId,
    },
    /// An agent.
    Agent {
        /// Its name.
        name: String,
    },
}

impl Default for HolderInput {
    fn default() -> Self {
        Self::Vacant {}
    }
}

impl From<SeatInput> for app::SeatInput {
    fn from(input: SeatInput) -> Self {
        Self {
            name: input.name,
            function: input.function,
            purpose: input.purpose,
            reports_to: input.reports_to,
            holder: match input.holder {
                HolderInput::Vacant {} => app::HolderInput::Vacant,
                HolderInput::Person { account } => app::HolderInput::Person(account),
                HolderInput::Agent { name } => app::HolderInput::Agent(name),
            },
            aliases: input.aliases,
        }
    }
}

/// A link to the calendar of a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CalendarLink {
    /// The id.
    pub id: String,
    /// Who made it.
    pub created_by: String,
    /// Since when.
    pub created: Time,
    /// Last read, to the hour.
    pub used: Option<Time>,
}

impl From<&Feed> for CalendarLink {
    fn from(feed: &Feed) -> Self {
        Self {
            id: feed.id.to_string(),
            created_by: feed.by.clone(),
            created: Time::of(feed.created),
            used: feed.used.map(Time::of),
        }
    }
}

/// A link that was made: shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NewCalendarLink {
    /// The address of the calendar (iCalendar).
    pub url: String,
}

impl NewCalendarLink {
    /// The link with this secret on the server with this address.
    pub fn of(base: &str, secret: &str) -> Self {
        Self { url: format!("{base}/calendar/{secret}.ics") }
    }
}

impl std::fmt::Debug for NewCalendarLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewCalendarLink").finish_non_exhaustive()
    }
}
