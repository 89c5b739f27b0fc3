//! API tokens: how agents and programs act for a seat.

use crate::Time;
use gemba_app::tokens as app;
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
