//! How often a document is held against reality.

use crate::Recurrence;
use jiff::civil::Date;
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
    /// The day on which the document says it was last held against reality.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Date>,
    /// The day by which the document says it must be held against reality again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Date>,
}

impl Review {
    /// Nothing is known.
    pub const NONE: Self =
        Self { cadence: None, source: ReviewSource::None, last: None, next: None };

    /// The stated cadence, or the one derived from the most frequent rule: what runs daily is
    /// reviewed monthly, weekly quarterly, monthly half-yearly, anything rarer yearly.
    pub fn of<'a>(
        stated: Option<Cadence>,
        rules: impl IntoIterator<Item = &'a Recurrence>,
    ) -> Self {
        if let Some(cadence) = stated {
            return Self { source: ReviewSource::Stated, cadence: Some(cadence), ..Self::NONE };
        }
        let shortest = rules.into_iter().map(Recurrence::period_days).min();
        let months = shortest.map(|days| match days {
            0..=6 => 1,
            7..=27 => 3,
            28..=89 => 6,
            _ => 12,
        });
        match months.and_then(Cadence::months) {
            Some(cadence) => {
                Self { source: ReviewSource::Derived, cadence: Some(cadence), ..Self::NONE }
            }
            None => Self::NONE,
        }
    }

    /// The day by which the next review is due as far as the document says: the day it names, or else
    /// one cadence after the last.
    pub fn due(self) -> Option<Date> {
        let months = i32::from(self.cadence.map_or(0, Cadence::n_months));
        let counted = || {
            let last = self.last.filter(|_| months > 0)?;
            last.checked_add(jiff::Span::new().try_months(months).ok()?).ok()
        };
        self.next.or_else(counted)
    }
}
