//! The civil times of a rule, in order.

use crate::{NotSchedulable, WorkCalendar, calendar};
use croner::Cron;
use gemba_model::Recurrence;
use gemba_model::recurrence::{Days, TimeOfDay};
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{RoundMode, Unit, civil};
use std::str::FromStr;

/// A rule made ready for repeated questions.
pub(crate) enum Rhythm<'a> {
    Calendar { days: &'a Days, at: Vec<Time>, work: &'a WorkCalendar },
    Cron(Box<Cron>),
}

impl<'a> Rhythm<'a> {
    pub(crate) fn of(rule: &'a Recurrence, work: &'a WorkCalendar) -> Result<Self, NotSchedulable> {
        match rule {
            Recurrence::Calendar { days, at } => {
                let mut at: Vec<Time> = at.iter().copied().filter_map(clock_time).collect();
                at.sort_unstable();
                Ok(Self::Calendar { days, at, work })
            }
            Recurrence::Cron(text) => match Cron::from_str(text) {
                Ok(cron) => Ok(Self::Cron(Box::new(cron))),
                Err(error) => Err(NotSchedulable {
                    reason: format!("`{text}` is not a cron expression: {error}"),
                }),
            },
        }
    }

    /// The first civil time of the rule at or after this one, always a whole minute.
    pub(crate) fn on_or_after(&self, from: DateTime) -> Option<DateTime> {
        let up = civil::DateTimeRound::new().smallest(Unit::Minute).mode(RoundMode::Ceil);
        let from = from.round(up).ok()?;
        match self {
            Self::Calendar { days, at, work } => {
                let day = calendar::day_on_or_after(days, from.date(), work)?;
                let left = at.iter().find(|time| day > from.date() || **time >= from.time());
                if let Some(time) = left {
                    return Some(day.to_datetime(*time));
                }
                let day = calendar::day_on_or_after(days, day.tomorrow().ok()?, work)?;
                at.first().map(|time| day.to_datetime(*time))
            }
            Self::Cron(cron) => {
                // In UTC no civil time is skipped or repeated, so it stands for the bare calendar.
                let from = from.to_zoned(TimeZone::UTC).ok()?;
                Some(cron.find_next_occurrence(&from, true).ok()?.datetime())
            }
        }
    }
}

fn clock_time(time: TimeOfDay) -> Option<Time> {
    Time::new(i8::try_from(time.hour()).ok()?, i8::try_from(time.minute()).ok()?, 0, 0).ok()
}
