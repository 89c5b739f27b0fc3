//! When a schedule trigger fires: from a [`Recurrence`] and a calendar (a time zone, working days,
//! holidays) to instants.
//!
//! # The rule
//!
//! A rhythm is expanded on the civil calendar, as a person reads it off the wall, and each civil
//! date-time is then converted to the zone once:
//!
//! * A civil time that the clock skips fires as much later as the clock jumped: daily at 02:30 fires
//!   at 03:30 on the day the clock goes from 02:00 to 03:00.
//! * A civil time that the clock shows twice fires the first time only.
//! * Two civil times that come to the same instant fire once. So 02:30 and 03:30 give one run on that
//!   day, and a day that a zone leaves out altogether gives none of its own.
//!
//! Instants go strictly forward and none is given twice, so the caller can hold on to the last one and
//! ask for the next, also after a long pause.
//!
//! Cron expressions obey the same rule. An hourly cron therefore fires once per hour *on the wall*: on
//! the day with 25 hours the repeated hour fires once, and two hours pass between that firing and the
//! next; on the day with 23 hours the skipped hour and the one after it are one firing.
//!
//! Workdays are those of the calendar: "the 5th or the next workday" and "the last workday" pass over its
//! days off and its holidays, also into another month. A month with fewer workdays than the rule counts
//! has its last one; a month without any has none. Cron expressions know no holidays.
//!
//! Where a cron expression restricts both the day of the month and the day of the week, either is
//! enough, as in the usual cron daemons.

mod calendar;
pub mod countries;
pub mod holidays;
pub mod icalendar;
pub mod policy;
pub mod preview;
mod rhythm;
mod working;

use gemba_model::Recurrence;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use rhythm::Rhythm;
use std::fmt;
pub use working::WorkCalendar;

/// One time at which a rule fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Firing {
    /// The instant.
    pub at: Timestamp,
    /// The date and time the rule names. It is what the clock in the zone shows at that instant, except
    /// where the clock skipped it: then it is the skipped time. No two firings of a rule in a zone have
    /// the same, and it stays the same when a zone's rules change, so it can serve as a key.
    pub civil: DateTime,
}

/// Why a rule cannot be used as a trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotSchedulable {
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for NotSchedulable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for NotSchedulable {}

/// The first instant strictly after `after` at which the rule fires on this calendar, with its civil
/// (local) date-time; `None` for a rule that [`check`] refuses, and at the end of the calendar.
pub fn next_after(rule: &Recurrence, after: Timestamp, calendar: &WorkCalendar) -> Option<Firing> {
    next(&Rhythm::of(rule, calendar).ok()?, after, &calendar.zone)
}

/// The first `n` firings strictly after `after`, in order; fewer only where there are no more.
pub fn next_n(
    rule: &Recurrence,
    after: Timestamp,
    calendar: &WorkCalendar,
    n: usize,
) -> Vec<Firing> {
    let Ok(rhythm) = Rhythm::of(rule, calendar) else { return Vec::new() };
    let first = next(&rhythm, after, &calendar.zone);
    std::iter::successors(first, |last| next(&rhythm, last.at, &calendar.zone)).take(n).collect()
}

/// Whether the rule ever fires: a cron expression can be unreadable, or name a day that no year has.
/// Asked of a calendar without holidays: a rule is not wrong because a company is closed.
pub fn check(rule: &Recurrence) -> Result<(), NotSchedulable> {
    let never = || NotSchedulable { reason: format!("`{rule}` never fires") };
    let start = jiff::civil::date(2000, 1, 1).at(0, 0, 0, 0);
    let usual = WorkCalendar::usual(TimeZone::UTC);
    Rhythm::of(rule, &usual)?.on_or_after(start).map(|_| ()).ok_or_else(never)
}

/// What a firing stands for, whatever day the calendar moves it to.
///
/// "The 5th or the next workday" of September stands for September, on the 5th as on the 7th. Two firings
/// of a rule under two calendars that stand for the same are one. A day that no calendar moves stands for
/// itself.
pub fn stands_for(rule: &Recurrence, civil: DateTime, calendar: &WorkCalendar) -> String {
    let place = match rule {
        Recurrence::Calendar { days, .. } => calendar::place_of(days, civil.date(), calendar),
        Recurrence::Cron(_) => None,
    };
    match place {
        Some((first, on)) => {
            let time = civil.time().strftime("%H:%M");
            format!("{} {on} {time}", first.strftime("%Y-%m"))
        }
        None => civil.to_string(),
    }
}

/// When what a firing stands for fires on another calendar: within a year and a half of it where the
/// calendar can move it, else at its own civil time.
pub fn firing_for(
    rule: &Recurrence,
    place: &str,
    near: Timestamp,
    calendar: &WorkCalendar,
) -> Option<Firing> {
    let is_moved = matches!(rule, Recurrence::Calendar { days, .. } if calendar::is_moved(days));
    let reach = SignedDuration::from_hours(if is_moved { 24 * 550 } else { 24 * 3 });
    let (from, to) = (near.checked_sub(reach).ok()?, near.checked_add(reach).ok()?);
    let rhythm = Rhythm::of(rule, calendar).ok()?;
    let first = next(&rhythm, from, &calendar.zone);
    std::iter::successors(first, |last| next(&rhythm, last.at, &calendar.zone))
        .take_while(|firing| firing.at < to)
        .find(|firing| stands_for(rule, firing.civil, calendar) == place)
}

fn next(rhythm: &Rhythm<'_>, after: Timestamp, zone: &TimeZone) -> Option<Firing> {
    let mut from = search_start(after, zone)?;
    let mut best: Option<Firing> = None;
    loop {
        let Some(civil) = rhythm.on_or_after(from) else { return best };
        let found = zone.to_ambiguous_timestamp(civil);
        let skipped = matches!(found.offset(), AmbiguousOffset::Gap { .. });
        let Ok(at) = found.compatible() else { return best };
        // At the same instant the later civil time wins: it is the one that the clock shows.
        if at > after && best.is_none_or(|best| at <= best.at) {
            best = Some(Firing { at, civil });
        }
        // Only a skipped time can come to a later instant than a civil time that follows it; one that is
        // past already says nothing of those that are still to come.
        if best.is_some() && !skipped && at > after {
            return best;
        }
        from = civil.checked_add(SignedDuration::from_mins(1)).ok()?;
    }
}

/// The civil time from which on a firing after this instant can lie.
///
/// That is what the clock shows, except right after a skip: then skipped times are still to come.
fn search_start(after: Timestamp, zone: &TimeZone) -> Option<DateTime> {
    let offset = zone.to_offset(after);
    let shown = offset.to_datetime(after);
    let bound = after.checked_add(SignedDuration::from_secs(1)).ok()?;
    let Some(change) = zone.preceding(bound).next() else { return Some(shown) };
    let before = change.timestamp().checked_sub(SignedDuration::from_nanos(1)).ok()?;
    let skipped = offset.duration_since(zone.to_offset(before));
    if skipped.is_positive() && after.duration_since(change.timestamp()) < skipped {
        return shown.checked_sub(skipped).ok();
    }
    Some(shown)
}

#[cfg(test)]
mod tests;
