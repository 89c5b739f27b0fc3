//! A length of time in whole units: "P60D", "PT24H", "3 workdays".

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a length of time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Unit {
    Minutes,
    Hours,
    Days,
    /// Workdays of the calendar.
    Workdays,
    Weeks,
    Months,
    Years,
}

/// So many of one unit. Written as an ISO 8601 duration, except for workdays, for which that standard
/// has no letter: "3 workdays".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    count: u32,
    unit: Unit,
}

/// The most of a unit that can be said.
const MAX: u32 = 100_000;

impl Period {
    /// So many of a unit, at most 100,000.
    pub fn new(count: u32, unit: Unit) -> Option<Self> {
        (count <= MAX).then_some(Self { count, unit })
    }

    /// How many.
    pub fn count(self) -> u32 {
        self.count
    }

    /// Of what.
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// About how many minutes that is, for telling the shorter of two: a month has 30 days, five
    /// workdays are a week.
    pub fn about_minutes(self) -> u64 {
        let each: u64 = match self.unit {
            Unit::Minutes => 1,
            Unit::Hours => 60,
            Unit::Days => 24 * 60,
            Unit::Workdays => 7 * 24 * 60 / 5,
            Unit::Weeks => 7 * 24 * 60,
            Unit::Months => 30 * 24 * 60,
            Unit::Years => 365 * 24 * 60,
        };
        u64::from(self.count) * each
    }
}

impl Period {
    /// In words: "2 hours", "1 workday".
    pub fn in_words(self) -> String {
        let unit = match self.unit {
            Unit::Minutes => "minute",
            Unit::Hours => "hour",
            Unit::Days => "day",
            Unit::Workdays => "workday",
            Unit::Weeks => "week",
            Unit::Months => "month",
            Unit::Years => "year",
        };
        format!("{} {unit}{}", self.count, if self.count == 1 { "" } else { "s" })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.count;
        match self.unit {
            Unit::Minutes => write!(f, "PT{n}M"),
            Unit::Hours => write!(f, "PT{n}H"),
            Unit::Days => write!(f, "P{n}D"),
            Unit::Workdays if n == 1 => f.write_str("1 workday"),
            Unit::Workdays => write!(f, "{n} workdays"),
            Unit::Weeks => write!(f, "P{n}W"),
            Unit::Months => write!(f, "P{n}M"),
            Unit::Years => write!(f, "P{n}Y"),
        }
    }
}

/// A text is no length of time in whole units of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAPeriod;

impl fmt::Display for NotAPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a length of time such as `P60D`, `PT24H` or `3 workdays`")
    }
}

impl std::error::Error for NotAPeriod {}

impl FromStr for Period {
    type Err = NotAPeriod;
    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        parsed(text.trim()).ok_or(NotAPeriod)
    }
}

fn parsed(text: &str) -> Option<Period> {
    if let Some(count) = text.strip_suffix(" workdays").or_else(|| text.strip_suffix(" workday")) {
        return Period::new(digits(count)?, Unit::Workdays);
    }
    let rest = text.strip_prefix('P')?;
    let (rest, clock) = rest.strip_prefix('T').map_or((rest, false), |rest| (rest, true));
    let letter = rest.chars().last()?;
    let unit = match (clock, letter) {
        (true, 'M') => Unit::Minutes,
        (true, 'H') => Unit::Hours,
        (false, 'D') => Unit::Days,
        (false, 'W') => Unit::Weeks,
        (false, 'M') => Unit::Months,
        (false, 'Y') => Unit::Years,
        _ => return None,
    };
    Period::new(digits(rest.strip_suffix(letter)?)?, unit)
}

fn digits(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

impl TryFrom<String> for Period {
    type Error = NotAPeriod;
    fn try_from(text: String) -> Result<Self, NotAPeriod> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_reads_back_as_printed() {
        let units = [
            Unit::Minutes,
            Unit::Hours,
            Unit::Days,
            Unit::Workdays,
            Unit::Weeks,
            Unit::Months,
            Unit::Years,
        ];
        for unit in units {
            for count in [0, 1, 2, 60, MAX] {
                let period = Period::new(count, unit).unwrap();
                assert_eq!(period.to_string().parse(), Ok(period));
            }
            assert_eq!(Period::new(MAX + 1, unit), None);
        }
    }

    #[test]
    fn what_is_no_single_length_is_refused() {
        for text in [
            "",
            "P",
            "PT",
            "60D",
            "P60",
            "P1Y2M",
            "PT1.5H",
            "P-1D",
            "P+1D",
            "P1H",
            "PT1D",
            "x workdays",
            "Pé",
        ] {
            assert_eq!(text.parse::<Period>(), Err(NotAPeriod), "{text}");
        }
    }
}
