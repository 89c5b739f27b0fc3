//! API tokens: how agents and programs act for a seat.

use crate::Time;
use gemba_app::{access, tokens as app};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A token in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Token {
    /// The id.
    pub id: String,
    /// The first characters of its secret.
    pub prefix: String,
    /// The name of the seat it acts for.
    pub seat: String,
    /// What it is for.
    pub name: String,
    /// Who made it.
    pub created_by: String,
    /// Since when.
    pub created: Time,
    /// Until when.
    pub expires: Option<Time>,
    /// Last used, to the hour.
    pub used: Option<Time>,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// The id of the token that took its place.
    pub replaced_by: Option<String>,
}

/// A part of what a seat may do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Scope {
    /// Doing the steps of the seat.
    Work,
    /// Pushing the numbers of the seat.
    Numbers,
    /// Checking texts, writing drafts, proposing changes.
    Documents,
    /// What concerns more than the seat: the chart, the gaps, starting runs, managing.
    Company,
}

impl From<access::Scope> for Scope {
    fn from(scope: access::Scope) -> Self {
        match scope {
            access::Scope::Work => Self::Work,
            access::Scope::Numbers => Self::Numbers,
            access::Scope::Documents => Self::Documents,
            access::Scope::Company => Self::Company,
        }
    }
}

impl From<Scope> for access::Scope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Work => Self::Work,
            Scope::Numbers => Self::Numbers,
            Scope::Documents => Self::Documents,
            Scope::Company => Self::Company,
        }
    }
}

impl From<&app::TokenView> for Token {
    fn from(view: &app::TokenView) -> Self {
        let token = &view.token;
        Self {
            id: token.id.to_string(),
            prefix: token.prefix.clone(),
            seat: view.seat.clone(),
            name: token.name.clone(),
            created_by: token.created_by.clone(),
            created: Time::of(token.created),
            expires: token.expires.map(Time::of),
            used: token.used.map(Time::of),
            scopes: token.scopes.iter().copied().map(Scope::from).collect(),
            replaced_by: token.replaced_by.map(|id| id.to_string()),
        }
    }
}

/// A token to make.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenInput {
    /// The slug or name of the seat it acts for.
    pub seat: String,
    /// What it is for.
    pub name: String,
    /// After how many days it works no more; never where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u16")]
    pub days: Option<u16>,
    /// What it may be used for. Where it is left out: everything the seat may, but for an agent's seat not
    /// what concerns the whole company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<Scope>")]
    pub scopes: Option<Vec<Scope>>,
}

impl From<TokenInput> for app::NewToken {
    fn from(input: TokenInput) -> Self {
        let scopes = input.scopes.map(|all| all.into_iter().map(access::Scope::from).collect());
        Self { seat: input.seat, name: input.name, days: input.days, scopes }
    }
}

/// How a token is replaced.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RotationInput {
    /// For how many hours the old secret works beside the new one, 0 to 168.
    pub overlap_hours: u16,
}

/// A token that was made, with its secret.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CreatedToken {
    /// The id.
    pub id: String,
    /// The secret: shown this once.
    pub secret: String,
    /// The name of the seat it acts for.
    pub seat: String,
}

impl std::fmt::Debug for CreatedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreatedToken").field("id", &self.id).finish_non_exhaustive()
    }
}

impl From<app::Created> for CreatedToken {
    fn from(created: app::Created) -> Self {
        Self { id: created.id.to_string(), secret: created.secret, seat: created.seat }
    }
}
