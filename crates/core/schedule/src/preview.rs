//! The next firings of a rule as a person reads them, with what the clock does to them.

use crate::{Firing, WorkCalendar, calendar, next_n};
use gemba_model::Recurrence;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// What the clock does to a civil time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// It shows it once.
    Once,
    /// It leaves it out; the run begins when it shows this.
    LeftOut {
        /// As much later as the clock jumps.
        shows: DateTime,
    },
    /// It shows it twice; the run begins the first time.
    Twice,
}

/// One firing to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preview {
    /// The firing.
    pub firing: Firing,
    /// What the clock does to its time.
    pub clock: Clock,
    /// How far the clock is from UTC then.
    pub offset: Offset,
    /// How far the clock was moved since the firing before (or since now), where it was.
    pub moved: Option<SignedDuration>,
    /// The day that the rule names, where it is no workday and the firing was moved for that.
    pub instead_of: Option<Date>,
}

/// A change of the clock to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockChange {
    /// When.
    pub at: Timestamp,
    /// How far it is moved; negative for back.
    pub by: SignedDuration,
}

/// The next `n` firings after now; the first of them is `first`, where it is written down already.
pub fn preview(
    rule: &Recurrence,
    now: Timestamp,
    first: Option<Firing>,
    calendar: &WorkCalendar,
    n: usize,
) -> Vec<Preview> {
    let zone = &calendar.zone;
    let mut before = zone.to_offset(now);
    let mut all = Vec::with_capacity(n);
    let after = first.map_or(now, |first| first.at);
    for firing in first.into_iter().chain(next_n(rule, after, calendar, n)).take(n) {
        let offset = zone.to_offset(firing.at);
        let clock = match zone.to_ambiguous_timestamp(firing.civil).offset() {
            AmbiguousOffset::Unambiguous { .. } => Clock::Once,
            AmbiguousOffset::Gap { .. } => Clock::LeftOut { shows: offset.to_datetime(firing.at) },
            AmbiguousOffset::Fold { .. } => Clock::Twice,
        };
        let moved = Some(offset.duration_since(before)).filter(|moved| !moved.is_zero());
        let instead_of = match rule {
            Recurrence::Calendar { days, .. } => {
                calendar::named_day(days, firing.civil.date(), calendar)
            }
            Recurrence::Cron(_) => None,
        };
        all.push(Preview { firing, clock, offset, moved, instead_of });
        before = offset;
    }
    all
}

/// The next time the clock in a zone is moved, within a year.
pub fn next_change(now: Timestamp, zone: &TimeZone) -> Option<ClockChange> {
    let year = SignedDuration::from_hours(366 * 24);
    let mut before = zone.to_offset(now);
    for change in zone.following(now) {
        let at = change.timestamp();
        if at.duration_since(now) > year {
            return None;
        }
        let by = change.offset().duration_since(before);
        if !by.is_zero() {
            return Some(ClockChange { at, by });
        }
        before = change.offset();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rule: &str, now: &str, zone: &str, expected: &[&str]) {
        let mut calendar = WorkCalendar::usual(TimeZone::get(zone).unwrap());
        calendar.holidays.insert(jiff::civil::date(2026, 4, 6));
        let all =
            preview(&rule.parse().unwrap(), now.parse().unwrap(), None, &calendar, expected.len());
        let got: Vec<String> = all
            .iter()
            .map(|one| {
                let clock = match one.clock {
                    Clock::Once => String::new(),
                    Clock::LeftOut { shows } => format!(" left out, at {shows}"),
                    Clock::Twice => " twice".to_owned(),
                };
                let moved =
                    one.moved.map(|by| format!(" moved {}h", by.as_hours())).unwrap_or_default();
                let instead =
                    one.instead_of.map(|day| format!(" instead of {day}")).unwrap_or_default();
                format!("{}{clock}{moved}{instead}", one.firing.civil)
            })
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn what_the_clock_does_is_said() {
        check(
            "every day at 02:30",
            "2026-03-28T00:00:00Z",
            "Europe/Berlin",
            &[
                "2026-03-28T02:30:00",
                "2026-03-29T02:30:00 left out, at 2026-03-29T03:30:00 moved 1h",
                "2026-03-30T02:30:00",
            ],
        );
        check(
            "every day at 02:30",
            "2026-10-24T12:00:00Z",
            "Europe/Berlin",
            &["2026-10-25T02:30:00 twice", "2026-10-26T02:30:00 moved -1h"],
        );
        check("every day at 02:30", "2026-03-28T12:00:00Z", "Asia/Tokyo", &["2026-03-29T02:30:00"]);
    }

    #[test]
    fn a_day_that_was_moved_is_said() {
        check(
            "monthly on the 5th or the next workday",
            "2026-03-28T00:00:00Z",
            "Asia/Tokyo",
            &[
                "2026-04-07T09:00:00 instead of 2026-04-05",
                "2026-05-05T09:00:00",
                "2026-06-05T09:00:00",
                "2026-07-06T09:00:00 instead of 2026-07-05",
            ],
        );
        check(
            "monthly on the 5th or the previous workday",
            "2026-03-28T00:00:00Z",
            "Asia/Tokyo",
            &["2026-04-03T09:00:00 instead of 2026-04-05", "2026-05-05T09:00:00"],
        );
    }

    #[test]
    fn the_next_change_of_the_clock_is_known() {
        let check = |zone: &str, expected: Option<&str>| {
            let zone = TimeZone::get(zone).unwrap();
            let change = next_change("2026-01-05T08:00:00Z".parse().unwrap(), &zone);
            let got = change.map(|change| format!("{} {}h", change.at, change.by.as_hours()));
            assert_eq!(got.as_deref(), expected);
        };
        check("Europe/Berlin", Some("2026-03-29T01:00:00Z 1h"));
        check("Australia/Sydney", Some("2026-04-04T16:00:00Z -1h"));
        check("Asia/Tokyo", None);
    }
}
