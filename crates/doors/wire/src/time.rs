//! An instant as text.

use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Display;

/// An instant in RFC 3339, in UTC: "2026-11-23T09:00:00Z".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline, extend("format" = "date-time"))]
pub struct Time(String);

impl Time {
    /// The text of an instant, which prints itself in RFC 3339.
    pub fn of(instant: impl Display) -> Self {
        Self(instant.to_string())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
