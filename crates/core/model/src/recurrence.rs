//! The rhythm of a schedule trigger, in words: "every Monday at 09:00", "monthly on the last workday".
//!
//! One text form serves SOPs, forms, JSON and storage. [`Recurrence::from_str`] also takes the usual
//! variants ("weekly on Monday", "each workday at 9am", "quarterly"), cron expressions and the recurrence
//! rules of iCalendar; printing gives the one form.
//! When it fires is the business of the schedule crate.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

mod parse;
mod rrule;
mod said;

/// A day of the week, Monday first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The English name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Monday => "Monday",
            Self::Tuesday => "Tuesday",
            Self::Wednesday => "Wednesday",
            Self::Thursday => "Thursday",
            Self::Friday => "Friday",
            Self::Saturday => "Saturday",
            Self::Sunday => "Sunday",
        }
    }

    /// 1 for Monday to 7 for Sunday, as in ISO 8601.
    pub fn iso_number(self) -> u8 {
        match self {
            Self::Monday => 1,
            Self::Tuesday => 2,
            Self::Wednesday => 3,
            Self::Thursday => 4,
            Self::Friday => 5,
            Self::Saturday => 6,
            Self::Sunday => 7,
        }
    }
}

/// A time of day in the workspace's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay {
    hour: u8,
    minute: u8,
}

impl TimeOfDay {
    /// Nine in the morning: what is meant where no time is said.
    pub const NINE: Self = Self { hour: 9, minute: 0 };

    /// A time from 00:00 to 23:59.
    pub fn new(hour: u8, minute: u8) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { hour, minute })
    }

    /// The hour, 0 to 23.
    pub fn hour(self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    pub fn minute(self) -> u8 {
        self.minute
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

/// Where a day that is no workday is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shift {
    /// To the next workday, also into the next month.
    Next,
    /// To the last workday before it, also into the month before.
    Previous,
}

/// A day within a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MonthDay {
    /// The day with this number, 1 to 31; in a shorter month its last day.
    Day(u8),
    /// The same, but moved where it is no workday.
    Shifted(u8, Shift),
    /// The last day.
    Last,
    /// The n-th workday, 1 to 20; in a month with fewer the last.
    Workday(u8),
    /// The last workday.
    LastWorkday,
    /// The n-th such weekday, 1 to 4.
    Nth(u8, Weekday),
    /// The last such weekday.
    LastOf(Weekday),
}

/// Which days.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Days {
    /// Every day.
    Daily,
    /// Every workday of the calendar.
    Workdays,
    /// On these weekdays of every n-th week, 1 to 52; weeks are counted from Monday, 5 January 1970.
    Weekly {
        /// Every how many weeks.
        every: u8,
        /// Sorted, once each, never empty.
        on: Vec<Weekday>,
    },
    /// On this day of every n-th month, 1, 2, 3, 4 or 6; counted from January. A day that is counted
    /// from the end lies in the last month of each such period: "quarterly on the last day" is the last
    /// day of the quarter.
    Monthly {
        /// Every how many months.
        every: u8,
        /// Which day.
        on: MonthDay,
    },
    /// As [`Days::Monthly`], on several days.
    MonthlyOnEach {
        /// Every how many months.
        every: u8,
        /// Which days, sorted, once each, at least two.
        on: Vec<MonthDay>,
    },
    /// Once a year, on a day of a month that has no fixed number.
    YearlyOn {
        /// 1 to 12.
        month: u8,
        /// Which day.
        on: MonthDay,
    },
    /// Once a year.
    Yearly {
        /// 1 to 12.
        month: u8,
        /// 1 to 31; in a shorter month its last day.
        day: u8,
    },
}

/// A rhythm: days and times of day, or a cron expression.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Recurrence {
    /// On these days at these times (sorted, once each, 1 to 24 of them).
    Calendar {
        /// Which days.
        days: Days,
        /// At what times.
        at: Vec<TimeOfDay>,
    },
    /// A cron expression of five fields.
    Cron(String),
}

impl Recurrence {
    /// The one rhythm that a sentence states outright, if it states one: with its day, and not as a
    /// bound ("by the 5th of each month"), an exception or one of several.
    pub fn said_in(sentence: &str) -> Option<Self> {
        said::rhythm(sentence)
    }

    /// The usual number of days between two runs, at least one; of a cron expression a guess from its
    /// fields.
    pub fn period_days(&self) -> u32 {
        match self {
            Self::Calendar { days, .. } => match days {
                Days::Daily | Days::Workdays => 1,
                Days::Weekly { every, on } => {
                    if *every == 1 && on.len() > 2 {
                        1
                    } else {
                        7 * u32::from(*every)
                    }
                }
                Days::Monthly { every, .. } => 30 * u32::from(*every),
                Days::MonthlyOnEach { every, on } => {
                    let days = u32::try_from(on.len()).unwrap_or(1).max(1);
                    (30 * u32::from(*every) / days).max(1)
                }
                Days::Yearly { .. } | Days::YearlyOn { .. } => 365,
            },
            Self::Cron(text) => {
                let fields: Vec<&str> = text.split_whitespace().collect();
                let open = |n: usize| {
                    fields.get(n).is_none_or(|f| f.starts_with('*') || f.starts_with('?'))
                };
                match (open(2), open(3), open(4)) {
                    (true, true, true) => 1,
                    (_, _, false) => 7,
                    (false, true, true) => 30,
                    (_, false, true) => 365,
                }
            }
        }
    }
}

/// Why a text is no rhythm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotARecurrence {
    /// What was not understood.
    pub reason: String,
}

impl fmt::Display for NotARecurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}; write for example \"every Monday at 09:00\", \"monthly on the 1st\" or \"cron: 0 9 * * 1\"",
            self.reason
        )
    }
}

impl std::error::Error for NotARecurrence {}

impl FromStr for Recurrence {
    type Err = NotARecurrence;
    fn from_str(text: &str) -> Result<Self, NotARecurrence> {
        parse::recurrence(text)
    }
}

impl TryFrom<String> for Recurrence {
    type Error = NotARecurrence;
    fn try_from(text: String) -> Result<Self, NotARecurrence> {
        text.parse()
    }
}

impl From<Recurrence> for String {
    fn from(rule: Recurrence) -> Self {
        rule.to_string()
    }
}

impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cron(text) => write!(f, "cron: {text}"),
            Self::Calendar { days, at } => {
                write!(f, "{days}")?;
                for (n, time) in at.iter().enumerate() {
                    let joint = match n {
                        0 => " at ",
                        n if n + 1 == at.len() => " and ",
                        _ => ", ",
                    };
                    write!(f, "{joint}{time}")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Daily => f.write_str("every day"),
            Self::Workdays => f.write_str("every workday"),
            Self::Weekly { every: 1, on } => write!(f, "every {}", listed(on)),
            Self::Weekly { every, on } => write!(f, "every {every} weeks on {}", listed(on)),
            Self::Monthly { every: 1, on } => write!(f, "monthly on the {on}"),
            Self::Monthly { every: 3, on } => write!(f, "quarterly on the {on}"),
            Self::Monthly { every, on } => write!(f, "every {every} months on the {on}"),
            Self::MonthlyOnEach { every, on } => {
                match every {
                    1 => f.write_str("monthly on ")?,
                    3 => f.write_str("quarterly on ")?,
                    every => write!(f, "every {every} months on ")?,
                }
                for (n, day) in on.iter().enumerate() {
                    let joint = match n {
                        0 => "",
                        n if n + 1 == on.len() => " and ",
                        _ => ", ",
                    };
                    write!(f, "{joint}the {day}")?;
                }
                Ok(())
            }
            Self::YearlyOn { month, on } => {
                write!(f, "yearly on the {on} of {}", month_name(*month))
            }
            Self::Yearly { month, day } => write!(f, "yearly on {day} {}", month_name(*month)),
        }
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(n) => f.write_str(&ordinal(*n)),
            Self::Shifted(n, Shift::Next) => write!(f, "{} or the next workday", ordinal(*n)),
            Self::Shifted(n, Shift::Previous) => {
                write!(f, "{} or the previous workday", ordinal(*n))
            }
            Self::Last => f.write_str("last day"),
            Self::Workday(n) => write!(f, "{} workday", ordinal(*n)),
            Self::LastWorkday => f.write_str("last workday"),
            Self::Nth(n, day) => write!(f, "{} {}", ordinal(*n), day.name()),
            Self::LastOf(day) => write!(f, "last {}", day.name()),
        }
    }
}

/// The English month names, January first.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month_name(month: u8) -> &'static str {
    let name = usize::from(month).checked_sub(1).and_then(|n| MONTHS.get(n));
    name.copied().unwrap_or("January")
}

fn listed(days: &[Weekday]) -> String {
    let mut out = String::new();
    for (n, day) in days.iter().enumerate() {
        out.push_str(match n {
            0 => "",
            n if n + 1 == days.len() => " and ",
            _ => ", ",
        });
        out.push_str(day.name());
    }
    out
}

fn ordinal(n: u8) -> String {
    let suffix = match (n % 10, n % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}
