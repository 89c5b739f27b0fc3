//! Who or what is behind what happened in a run.

use gemba_app::runs as app;
use schemars::JsonSchema;
use serde::Serialize;

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Actor {
    /// What they are.
    pub kind: ActorKind,
    /// The name at the time.
    pub name: String,
    /// The name of the person on whose seat they acted, who was away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acting_for: Option<String>,
}

/// What somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ActorKind {
    /// A person, signed in.
    Person,
    /// An agent or program, by the token of a seat.
    Agent,
    /// Gemba itself.
    System,
}

impl From<&app::By> for Actor {
    fn from(by: &app::By) -> Self {
        let kind = match by {
            app::By::Person { .. } => ActorKind::Person,
            app::By::Agent { .. } => ActorKind::Agent,
            app::By::System => ActorKind::System,
        };
        let acting_for = match by {
            app::By::Person { acting_for, .. } => acting_for.as_ref().map(|away| away.name.clone()),
            app::By::Agent { .. } | app::By::System => None,
        };
        Self { kind, name: by.name().to_owned(), acting_for }
    }
}

/// What started a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Origin {
    /// The kind of start.
    pub kind: OriginKind,
    /// The id of the schedule, where one came due.
    pub trigger: Option<String>,
}

/// The kind of start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum OriginKind {
    /// Somebody asked for it.
    Request,
    /// A schedule came due.
    Schedule,
    /// A message came from outside.
    Event,
    /// A number crossed a limit.
    Threshold,
    /// A guest sent a form.
    Guest,
    /// A step of another run carries out the process.
    Call,
}

impl From<&app::Origin> for Origin {
    fn from(origin: &app::Origin) -> Self {
        let kind = match origin {
            app::Origin::Request => OriginKind::Request,
            app::Origin::Schedule { .. } => OriginKind::Schedule,
            app::Origin::Event { .. } => OriginKind::Event,
            app::Origin::Threshold { .. } => OriginKind::Threshold,
            app::Origin::Guest { .. } => OriginKind::Guest,
            app::Origin::Call(_) => OriginKind::Call,
        };
        Self { kind, trigger: origin.occurrence().map(|occurrence| occurrence.trigger.to_string()) }
    }
}
