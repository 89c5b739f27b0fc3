//! The workspace and the one who asks.

use crate::{Time, run::ActorKind, seat::SeatName};
use gemba_app::{Principal, Who, records, seats::SeatView};
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
