//! The working days and hours of a workspace, and what a length of time comes to on them.
//!
//! # The rule
//!
//! * Minutes and hours are counted on the clock, day and night: 24 hours after Friday noon is Saturday
//!   noon.
//! * Days, workdays, weeks, months and years are counted on the calendar from the local date, and end
//!   with the close of work of the day they come to: two workdays after Tuesday 10:00 is Thursday at
//!   close. A day that is no workday has a close too; only workdays skip it. From a month's end a month
//!   later is the last day of the next month where that is shorter.
//! * What begins after close, or on a day off, is counted from its own date all the same: one workday
//!   after Friday evening is Monday at close.
//! * A close that the clock skips or shows twice is read as all rules of this crate are.

use crate::countries::Place;
use gemba_model::Recurrence;
use gemba_model::period::{Period, Unit};
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan};
use std::collections::BTreeSet;

/// The most days off in a row that are counted over: a calendar without a workday gives no date.
const MAX_OFF: u32 = 400;

/// When a workspace works.
#[derive(Debug, Clone)]
pub struct WorkCalendar {
    /// The zone in which its dates and times are meant.
    pub zone: TimeZone,
    /// The days of the week on which it works.
    pub days: Vec<Weekday>,
    /// The close of work.
    pub close: Time,
    /// Dates on which it does not work although the day of the week is one of its days.
    pub holidays: BTreeSet<Date>,
    /// The country or region whose public holidays it keeps.
    pub place: Option<Place>,
    /// Public holidays on which it works all the same.
    pub worked: BTreeSet<Date>,
    /// How long before a deadline one is reminded of it, where nothing else is said.
    pub remind: Option<Period>,
}

impl WorkCalendar {
    /// Monday to Friday until 17:00, without holidays.
    pub fn usual(zone: TimeZone) -> Self {
        let days = vec![
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
        ];
        Self {
            zone,
            days,
            close: Time::constant(17, 0, 0, 0),
            holidays: BTreeSet::new(),
            place: None,
            worked: BTreeSet::new(),
            remind: None,
        }
    }

    /// Whether work is done on this date.
    pub fn is_workday(&self, date: Date) -> bool {
        self.days.contains(&date.weekday())
            && !self.holidays.contains(&date)
            && (self.worked.contains(&date) || self.public_holiday(date).is_none())
    }

    /// The public holiday on a date, where it is kept.
    pub fn public_holiday(&self, date: Date) -> Option<&'static str> {
        self.place?.on(date)
    }

    /// This date, or the first workday after it; `None` where there is none for more than a year.
    pub fn workday_on_or_after(&self, date: Date) -> Option<Date> {
        self.workdays_after(date, 0)
    }

    /// This date, or the last workday before it; `None` where there is none for more than a year.
    pub fn workday_on_or_before(&self, date: Date) -> Option<Date> {
        self.workdays_before(date, 0)
    }

    /// The instant that lies this long after another; `None` at the end of the calendar.
    pub fn after(&self, from: Timestamp, period: Period) -> Option<Timestamp> {
        let n = i64::from(period.count());
        match period.unit() {
            Unit::Minutes => from.checked_add(SignedDuration::from_mins(n)).ok(),
            Unit::Hours => from.checked_add(SignedDuration::from_hours(n)).ok(),
            Unit::Days | Unit::Workdays | Unit::Weeks | Unit::Months | Unit::Years => {
                self.close_of(self.day_after(self.zone.to_datetime(from).date(), period)?)
            }
        }
    }

    fn day_after(&self, date: Date, period: Period) -> Option<Date> {
        match period.unit() {
            Unit::Workdays => self.workdays_after(date, period.count()),
            _ => date.checked_add(span(period)?).ok(),
        }
    }

    fn day_before(&self, date: Date, period: Period) -> Option<Date> {
        match period.unit() {
            Unit::Workdays => self.workdays_before(date, period.count()),
            _ => date.checked_sub(span(period)?).ok(),
        }
    }

    /// The instant that lies this long before another, at the same time of the clock where days are
    /// counted; `None` at the end of the calendar.
    pub fn before(&self, until: Timestamp, period: Period) -> Option<Timestamp> {
        let n = i64::from(period.count());
        let civil = self.zone.to_datetime(until);
        let day = match period.unit() {
            Unit::Minutes => return until.checked_sub(SignedDuration::from_mins(n)).ok(),
            Unit::Hours => return until.checked_sub(SignedDuration::from_hours(n)).ok(),
            Unit::Days | Unit::Workdays | Unit::Weeks | Unit::Months | Unit::Years => {
                self.day_before(civil.date(), period)?
            }
        };
        let civil = day.to_datetime(civil.time());
        self.zone.to_ambiguous_timestamp(civil).compatible().ok()
    }

    /// The instant that lies this long before or after a date. Days end with the close of work; minutes
    /// and hours are counted back from the beginning of the date, and on from its close.
    pub fn beside(&self, date: Date, period: Period, before: bool) -> Option<Timestamp> {
        let clock = matches!(period.unit(), Unit::Minutes | Unit::Hours);
        match (before, clock) {
            (true, true) => {
                let midnight = date.to_datetime(Time::midnight());
                let first = self.zone.to_ambiguous_timestamp(midnight).compatible().ok()?;
                self.before(first, period)
            }
            (true, false) => self.close_of(self.day_before(date, period)?),
            (false, true) => self.after(self.close_of(date)?, period),
            (false, false) => self.close_of(self.day_after(date, period)?),
        }
    }

    /// The first moment of a rhythm for what began at an instant; a moment of that very day counts as well, where
    /// it is not over. Without a time of day (`timed`) the close of work of its day.
    pub fn moment(&self, rule: &Recurrence, timed: bool, start: Timestamp) -> Option<Timestamp> {
        let midnight = self.midnight_before(start)?;
        let mut at = crate::next_after(rule, midnight, self)?.at;
        if timed && at < start {
            at = crate::next_after(rule, start, self)?.at;
        }
        if timed { Some(at) } else { self.close_on(at) }
    }

    /// The close of work of the day on which an instant lies.
    fn close_on(&self, at: Timestamp) -> Option<Timestamp> {
        self.close_of(self.zone.to_datetime(at).date())
    }

    /// The last instant before the day on which an instant lies begins.
    fn midnight_before(&self, at: Timestamp) -> Option<Timestamp> {
        let midnight = self.zone.to_datetime(at).date().to_datetime(Time::midnight());
        let first = self.zone.to_ambiguous_timestamp(midnight).compatible().ok()?;
        first.checked_sub(SignedDuration::from_micros(1)).ok()
    }

    fn close_of(&self, day: Date) -> Option<Timestamp> {
        let civil: DateTime = day.to_datetime(self.close);
        self.zone.to_ambiguous_timestamp(civil).compatible().ok()
    }

    /// So many workdays earlier; none at all is the date itself, or the last workday before it where it
    /// is none.
    fn workdays_before(&self, date: Date, count: u32) -> Option<Date> {
        let mut day = date;
        let (mut left, mut off) = (count, 0);
        if count == 0 && self.is_workday(date) {
            return Some(date);
        }
        loop {
            day = day.yesterday().ok()?;
            if self.is_workday(day) {
                off = 0;
                left = left.saturating_sub(1);
                if left == 0 {
                    return Some(day);
                }
            } else {
                off += 1;
                if off > MAX_OFF {
                    return None;
                }
            }
        }
    }

    /// So many workdays later; none at all is the date itself, or the next workday where it is none.
    fn workdays_after(&self, date: Date, count: u32) -> Option<Date> {
        let mut day = date;
        let (mut left, mut off) = (count, 0);
        if count == 0 && self.is_workday(date) {
            return Some(date);
        }
        loop {
            day = day.tomorrow().ok()?;
            if self.is_workday(day) {
                off = 0;
                left = left.saturating_sub(1);
                if left == 0 {
                    return Some(day);
                }
            } else {
                off += 1;
                if off > MAX_OFF {
                    return None;
                }
            }
        }
    }
}

/// A length in days, weeks, months or years; none where it is counted otherwise.
fn span(period: Period) -> Option<Span> {
    let n = i64::from(period.count());
    match period.unit() {
        Unit::Days => Some(n.days()),
        Unit::Weeks => Some(n.weeks()),
        Unit::Months => Some(n.months()),
        Unit::Years => Some(n.years()),
        Unit::Minutes | Unit::Hours | Unit::Workdays => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(calendar: &WorkCalendar, from: &str, period: &str, expected: &str) {
        let at: Timestamp = from.parse().unwrap();
        let period: Period = period.parse().unwrap();
        let shown = calendar.after(at, period).map(|at| at.to_string()).unwrap_or_default();
        assert_eq!(shown, expected, "{period} after {from}");
    }

    #[test]
    fn a_reminder_and_a_date_are_counted_back_on_the_calendar() {
        let mut berlin = WorkCalendar::usual(TimeZone::get("Europe/Berlin").unwrap());
        berlin.holidays.insert(jiff::civil::date(2026, 12, 25));
        let before = |until: &str, period: &str| {
            let at = berlin.before(until.parse().unwrap(), period.parse().unwrap());
            at.map(|at| at.to_string()).unwrap_or_default()
        };
        // 2026-12-28 is the Monday after the holiday on a Friday.
        assert_eq!(before("2026-12-28T16:00:00Z", "1 workday"), "2026-12-24T16:00:00Z");
        assert_eq!(before("2026-12-28T16:00:00Z", "P1D"), "2026-12-27T16:00:00Z");
        assert_eq!(before("2026-12-28T16:00:00Z", "PT2H"), "2026-12-28T14:00:00Z");
        let dated = |period: &str, before: bool| {
            let date = jiff::civil::date(2026, 12, 28);
            let at = berlin.beside(date, period.parse().unwrap(), before);
            at.map(|at| at.to_string()).unwrap_or_default()
        };
        assert_eq!(dated("3 workdays", true), "2026-12-22T16:00:00Z");
        assert_eq!(dated("P3D", true), "2026-12-25T16:00:00Z");
        assert_eq!(dated("PT24H", true), "2026-12-26T23:00:00Z");
        assert_eq!(dated("0 workdays", true), "2026-12-28T16:00:00Z");
        assert_eq!(dated("2 workdays", false), "2026-12-30T16:00:00Z");
        assert_eq!(dated("PT1H", false), "2026-12-28T17:00:00Z");
    }

    #[test]
    fn a_length_of_time_ends_with_a_working_day() {
        let mut berlin = WorkCalendar::usual(TimeZone::get("Europe/Berlin").unwrap());
        berlin.holidays.insert(jiff::civil::date(2026, 12, 25));
        // 2026-11-24 is a Tuesday; the close is 16:00 in UTC in winter.
        let tuesday = "2026-11-24T09:00:00Z";
        check(&berlin, tuesday, "PT90M", "2026-11-24T10:30:00Z");
        check(&berlin, tuesday, "PT24H", "2026-11-25T09:00:00Z");
        check(&berlin, tuesday, "2 workdays", "2026-11-26T16:00:00Z");
        check(&berlin, tuesday, "4 workdays", "2026-11-30T16:00:00Z");
        check(&berlin, tuesday, "0 workdays", "2026-11-24T16:00:00Z");
        check(&berlin, tuesday, "P0D", "2026-11-24T16:00:00Z");
        check(&berlin, tuesday, "P4D", "2026-11-28T16:00:00Z");
        check(&berlin, tuesday, "P2W", "2026-12-08T16:00:00Z");
        check(&berlin, "2027-01-31T09:00:00Z", "P1M", "2027-02-28T16:00:00Z");
        check(&berlin, "2026-11-27T20:00:00Z", "1 workday", "2026-11-30T16:00:00Z");
        check(&berlin, "2026-11-28T09:00:00Z", "0 workdays", "2026-11-30T16:00:00Z");
        // Thursday before the holiday on a Friday.
        check(&berlin, "2026-12-24T09:00:00Z", "1 workday", "2026-12-28T16:00:00Z");
        // Over the change of the clock.
        check(&berlin, "2026-03-27T09:00:00Z", "1 workday", "2026-03-30T15:00:00Z");
        let never = WorkCalendar { days: Vec::new(), ..berlin };
        check(&never, tuesday, "1 workday", "");
    }
}
