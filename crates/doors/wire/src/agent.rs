//! Agents: what each was hired for, what it lacks, what stops it.

use crate::{Time, seat::SeatName};
use gemba_app::{
    agents as app,
    records::{Level, Stops},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far an agent goes by itself in a process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum AgentLevel {
    /// It reads, and does nothing.
    Observe,
    /// What it submits is a draft: a person does the step with it.
    Draft,
    /// What it submits counts when a person has approved it.
    #[default]
    ActWithApproval,
    /// What it submits counts at once, and a person looks at some of it afterwards.
    ActWithSpotChecks,
    /// What it submits counts at once.
    Act,
}

impl From<Level> for AgentLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Observe => Self::Observe,
            Level::Draft => Self::Draft,
            Level::ActWithApproval => Self::ActWithApproval,
            Level::ActWithSpotChecks => Self::ActWithSpotChecks,
            Level::Act => Self::Act,
        }
    }
}

impl From<AgentLevel> for Level {
    fn from(level: AgentLevel) -> Self {
        match level {
            AgentLevel::Observe => Self::Observe,
            AgentLevel::Draft => Self::Draft,
            AgentLevel::ActWithApproval => Self::ActWithApproval,
            AgentLevel::ActWithSpotChecks => Self::ActWithSpotChecks,
            AgentLevel::Act => Self::Act,
        }
    }
}

/// An agent on a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Agent {
    /// Its seat.
    pub seat: SeatName,
    /// Its name.
    pub name: String,
    /// The first seat above it on which a person sits; null where there is none.
    pub sponsor: Option<SeatName>,
    /// What it is there to do.
    pub mandate: String,
    /// What it never does.
    pub edges: Vec<String>,
    /// The number by which the company sees whether it is worth it.
    pub metric: String,
    /// The person who holds its switch.
    pub switch: Option<String>,
    /// How far it is meant to go: kept, and not held to yet. An agent with a charter acts.
    pub level: Option<AgentLevel>,
    /// What it lacks before it may act: sponsor, mandate, edges, metric, switch.
    pub missing: Vec<String>,
    /// Whether it sits there since before agents' seats needed these, and acts without them.
    pub from_before: bool,
    /// What stops it; null where it goes on.
    pub stopped: Option<Stop>,
}

impl From<&app::AgentView> for Agent {
    fn from(view: &app::AgentView) -> Self {
        let charter = view.seat.charter.clone();
        let level = charter.as_ref().map(|charter| charter.level.into());
        let charter = charter.unwrap_or_default();
        Self {
            seat: SeatName { slug: view.seat.slug.clone(), name: view.seat.name.clone() },
            name: view.name.clone(),
            sponsor: view.sponsor.as_ref().map(|(seat, _)| SeatName::from(seat)),
            mandate: charter.mandate,
            edges: charter.edges,
            metric: charter.metric,
            switch: view.switch.clone(),
            level,
            missing: view.missing.iter().map(|lack| lack.word().to_owned()).collect(),
            from_before: view.is_from_before(),
            stopped: view.stopped.as_ref().map(Stop::from),
        }
    }
}

/// What one says about the agent of a seat.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CharterInput {
    /// What it is there to do.
    pub mandate: String,
    /// What it never does, one each.
    pub edges: Vec<String>,
    /// The number by which the company sees whether it is worth it, in words.
    pub metric: String,
    /// The id, e-mail address or name of the person who holds its switch; its sponsor where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub switch: Option<String>,
    /// How far it is meant to go: kept, and not held to yet. An agent with a charter acts.
    #[serde(default)]
    pub level: AgentLevel,
}

impl From<CharterInput> for app::CharterInput {
    fn from(input: CharterInput) -> Self {
        let CharterInput { mandate, edges, metric, switch, level } = input;
        Self { mandate, edges, metric, switch, level: level.into() }
    }
}

/// Whom a stop stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum StopKind {
    /// Every agent.
    All,
    /// Whatever acts by a token of a seat.
    Seat,
    /// Every agent in a process.
    Process,
}

/// Agents are stopped until a person lets them go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stop {
    /// Whom.
    pub kind: StopKind,
    /// The slug of the seat or process; null for all agents.
    pub of: Option<String>,
    /// Who stopped them.
    pub by: String,
    /// When.
    pub at: Time,
    /// Why.
    pub reason: String,
}

impl From<&app::StopView> for Stop {
    fn from(view: &app::StopView) -> Self {
        Self {
            kind: match view.stop.stops {
                Stops::All => StopKind::All,
                Stops::Seat(_) => StopKind::Seat,
                Stops::Process(_) => StopKind::Process,
            },
            of: view.of.as_ref().map(|(slug, _)| slug.clone()),
            by: view.stop.by.clone(),
            at: Time::of(view.stop.at),
            reason: view.stop.reason.clone(),
        }
    }
}

/// Why agents are stopped.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StopInput {
    /// Why, in a sentence: whoever lets them go on reads it.
    pub reason: String,
}
