//! How often a document is held against reality.

use crate::Recurrence;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The time between two reviews, in months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cadence {
    months: u16,
}

impl Cadence {
    /// A cadence of one to 120 months; `None` outside that.
    pub fn months(months: u16) -> Option<Self> {
        (1..=120).contains(&months).then_some(Self { months })
    }

    /// The number of months.
    pub fn n_months(self) -> u16 {
        self.months
    }

    /// The ISO 8601 duration: "P3M".
    pub fn iso(self) -> String {
        format!("P{}M", self.months)
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.months {
            1 => f.write_str("every month"),
            3 => f.write_str("every quarter"),
            6 => f.write_str("every half-year"),
            12 => f.write_str("every year"),
            n => write!(f, "every {n} months"),
        }
    }
}

/// Where the cadence comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewSource {
    /// The document says it.
    Stated,
    /// It follows from how often the process runs.
    Derived,
    /// Neither is known.
    None,
}

/// The review rule of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// How often.
    pub cadence: Option<Cadence>,
    /// Where that comes from.
    pub source: ReviewSource,
}

impl Review {
    /// The stated cadence, or the one derived from the most frequent rule: what runs daily is
    /// reviewed monthly, weekly quarterly, monthly half-yearly, anything rarer yearly.
    pub fn of<'a>(
        stated: Option<Cadence>,
        rules: impl IntoIterator<Item = &'a Recurrence>,
    ) -> Self {
        if let Some(cadence) = stated {
            return Self { cadence: Some(cadence), source: ReviewSource::Stated };
        }
        let shortest = rules.into_iter().map(Recurrence::period_days).min();
        let months = shortest.map(|days| match days {
            0..=6 => 1,
            7..=27 => 3,
            28..=89 => 6,
            _ => 12,
        });
        match months.and_then(Cadence::months) {
            Some(cadence) => Self { cadence: Some(cadence), source: ReviewSource::Derived },
            None => Self { cadence: None, source: ReviewSource::None },
        }
    }
}
