//! The civil dates of a rhythm, on the working days of a calendar.

use crate::WorkCalendar;
use gemba_model::recurrence::{Days, MonthDay, Shift, Weekday};
use jiff::civil::{self, Date};
use jiff::{Span, ToSpan};

/// The Monday from which weeks are counted.
const FIRST_MONDAY: Date = civil::date(1970, 1, 5);
/// The most months that a day is moved to the next workday.
const MOVED: i32 = 14;

/// The first of these days at or after this one; `None` only at the end of the calendar, or for a
/// rhythm without a day.
pub(crate) fn day_on_or_after(days: &Days, from: Date, work: &WorkCalendar) -> Option<Date> {
    match days {
        Days::Daily => Some(from),
        Days::Workdays => work.workday_on_or_after(from),
        Days::Weekly { every, on } => weekly(i64::from(*every).max(1), on, from),
        Days::Monthly { every, on } => monthly(*every, &[*on], from, work),
        Days::MonthlyOnEach { every, on } => monthly(*every, on, from, work),
        Days::YearlyOn { month, on } => yearly(*month, *on, from, work),
        Days::Yearly { month, day } => yearly(*month, MonthDay::Day(*day), from, work),
    }
}

/// The month, by its first date, and the day in it that a rhythm means with this date, where the calendar
/// can move that day; `None` where the date itself is meant, or is none of the rhythm.
pub(crate) fn place_of(days: &Days, date: Date, work: &WorkCalendar) -> Option<(Date, MonthDay)> {
    let found = |on: MonthDay, is_turn: &dyn Fn(Date) -> bool| {
        let mut months = months(on, date).filter(|first| is_turn(*first));
        let first = months.find(|first| in_month(on, *first, work) == Some(date))?;
        counts_workdays(on).then_some((first, on))
    };
    match days {
        Days::Daily | Days::Workdays | Days::Weekly { .. } | Days::Yearly { .. } => None,
        Days::Monthly { every, on } => found(*on, &|first| in_turn(*on, *every, first)),
        Days::MonthlyOnEach { every, on } => {
            on.iter().find_map(|on| found(*on, &|first| in_turn(*on, *every, first)))
        }
        Days::YearlyOn { month, on } => found(*on, &|first| is_month(first, *month)),
    }
}

/// The day that a rhythm names, where this date only stands in for it.
pub(crate) fn named_day(days: &Days, date: Date, work: &WorkCalendar) -> Option<Date> {
    let (first, on) = place_of(days, date, work)?;
    match on {
        MonthDay::Shifted(n, _) => {
            in_month(MonthDay::Day(n), first, work).filter(|day| *day != date)
        }
        MonthDay::Day(_)
        | MonthDay::Last
        | MonthDay::Workday(_)
        | MonthDay::LastWorkday
        | MonthDay::Nth(..)
        | MonthDay::LastOf(_) => None,
    }
}

/// Whether the days of a rhythm are moved or counted by the calendar.
pub(crate) fn is_moved(days: &Days) -> bool {
    match days {
        Days::Daily | Days::Workdays | Days::Weekly { .. } | Days::Yearly { .. } => false,
        Days::Monthly { on, .. } | Days::YearlyOn { on, .. } => counts_workdays(*on),
        Days::MonthlyOnEach { on, .. } => on.iter().copied().any(counts_workdays),
    }
}

fn counts_workdays(on: MonthDay) -> bool {
    match on {
        MonthDay::Shifted(..) | MonthDay::Workday(_) | MonthDay::LastWorkday => true,
        MonthDay::Day(_) | MonthDay::Last | MonthDay::Nth(..) | MonthDay::LastOf(_) => false,
    }
}

/// Each of these days goes forward with its months, however far it is moved; so the first of each that is
/// not past is its next, and the earliest of those the next of all.
fn monthly(every: u8, on: &[MonthDay], from: Date, work: &WorkCalendar) -> Option<Date> {
    let next = |on: MonthDay| {
        months(on, from)
            .filter(|first| in_turn(on, every, *first))
            .filter_map(|first| in_month(on, first, work))
            .find(|day| *day >= from)
    };
    on.iter().filter_map(|on| next(*on)).min()
}

fn in_turn(on: MonthDay, every: u8, first: Date) -> bool {
    let every = i8::try_from(every).unwrap_or(1).max(1);
    let turn = if counts_from_the_end(on) { every - 1 } else { 0 };
    (first.month() - 1) % every == turn
}

fn is_month(first: Date, month: u8) -> bool {
    i8::try_from(month).is_ok_and(|month| first.month() == month)
}

fn counts_from_the_end(on: MonthDay) -> bool {
    match on {
        MonthDay::Last | MonthDay::LastWorkday | MonthDay::LastOf(_) => true,
        MonthDay::Day(_) | MonthDay::Shifted(..) | MonthDay::Workday(_) | MonthDay::Nth(..) => {
            false
        }
    }
}

fn yearly(month: u8, on: MonthDay, from: Date, work: &WorkCalendar) -> Option<Date> {
    months(on, from)
        .filter(|first| is_month(*first, month))
        .filter_map(|first| in_month(on, first, work))
        .find(|day| *day >= from)
}

fn later(from: Date, span: Span) -> Option<Date> {
    from.checked_add(span).ok()
}

fn weekly(every: i64, on: &[Weekday], from: Date) -> Option<Date> {
    let week = (from.duration_since(FIRST_MONDAY).as_hours() / 24).div_euclid(7);
    let wait = -week.rem_euclid(every);
    let this = if wait == 0 { 0 } else { every + wait };
    let in_week = |weeks: i64, not_before: Date| {
        let monday = later(FIRST_MONDAY, (week + weeks).weeks())?;
        on.iter()
            .filter_map(|day| later(monday, (i64::from(day.iso_number()) - 1).days()))
            .filter(|date| *date >= not_before)
            .min()
    };
    in_week(this, from).or_else(|| in_week(this + every, from))
}

/// The first days of this date's month and of those after it, for three years: any rhythm of months or of
/// years has a day in them, also where some have none. A day that is moved to a later month begins in an
/// earlier one.
fn months(on: MonthDay, from: Date) -> impl Iterator<Item = Date> {
    let first = from.first_of_month();
    let earlier = if matches!(on, MonthDay::Shifted(_, Shift::Next)) { MOVED } else { 0 };
    (-earlier..=36).filter_map(move |n: i32| later(first, n.months()))
}

/// The day in the month that begins on this date; `None` where that month has none.
fn in_month(on: MonthDay, first: Date, work: &WorkCalendar) -> Option<Date> {
    match on {
        MonthDay::Day(n) => {
            let n = i8::try_from(n).ok()?.clamp(1, first.days_in_month());
            later(first, (i64::from(n) - 1).days())
        }
        MonthDay::Shifted(n, shift) => {
            let day = in_month(MonthDay::Day(n), first, work)?;
            match shift {
                Shift::Next => work.workday_on_or_after(day),
                Shift::Previous => work.workday_on_or_before(day),
            }
        }
        MonthDay::Last => Some(first.last_of_month()),
        // In a month with fewer workdays it is its last, as the 31st is in a shorter month.
        MonthDay::Workday(n) => workdays(first, work).take(usize::from(n.max(1))).last(),
        MonthDay::LastWorkday => {
            let last = work.workday_on_or_before(first.last_of_month())?;
            (last >= first).then_some(last)
        }
        MonthDay::Nth(n, day) => first.nth_weekday_of_month(i8::try_from(n).ok()?, named(day)).ok(),
        MonthDay::LastOf(day) => first.nth_weekday_of_month(-1, named(day)).ok(),
    }
}

/// The workdays of the month that begins on this date.
fn workdays(first: Date, work: &WorkCalendar) -> impl Iterator<Item = Date> {
    (0..i64::from(first.days_in_month()))
        .filter_map(move |n| later(first, n.days()))
        .filter(|date| work.is_workday(*date))
}

fn named(day: Weekday) -> civil::Weekday {
    match day {
        Weekday::Monday => civil::Weekday::Monday,
        Weekday::Tuesday => civil::Weekday::Tuesday,
        Weekday::Wednesday => civil::Weekday::Wednesday,
        Weekday::Thursday => civil::Weekday::Thursday,
        Weekday::Friday => civil::Weekday::Friday,
        Weekday::Saturday => civil::Weekday::Saturday,
        Weekday::Sunday => civil::Weekday::Sunday,
    }
}
