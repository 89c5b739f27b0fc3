//! The civil dates of a rhythm.

use gemba_model::recurrence::{Days, MonthDay, Shift, Weekday};
use jiff::civil::{self, Date};
use jiff::{Span, ToSpan};

/// The Monday from which weeks are counted.
const FIRST_MONDAY: Date = civil::date(1970, 1, 5);

/// The first of these days at or after this one; `None` only at the end of the calendar, or for a
/// rhythm without a day.
pub(crate) fn day_on_or_after(days: &Days, from: Date) -> Option<Date> {
    match days {
        Days::Daily => Some(from),
        Days::Workdays => match from.weekday() {
            civil::Weekday::Saturday => later(from, 2.days()),
            civil::Weekday::Sunday => later(from, 1.day()),
            _ => Some(from),
        },
        Days::Weekly { every, on } => weekly(i64::from(*every).max(1), on, from),
        Days::Monthly { every, on } => monthly(*every, &[*on], from),
        Days::MonthlyOnEach { every, on } => monthly(*every, on, from),
        Days::YearlyOn { month, on } => yearly(*month, *on, from),
        Days::Yearly { month, day } => yearly(*month, MonthDay::Day(*day), from),
    }
}

fn monthly(every: u8, on: &[MonthDay], from: Date) -> Option<Date> {
    let every = i8::try_from(every).ok()?.max(1);
    let in_turn = |on: MonthDay, first: Date| {
        let turn = if counts_from_the_end(on) { every - 1 } else { 0 };
        (first.month() - 1) % every == turn
    };
    // A day that is moved can fall into the month before its own, so one more month is looked at after
    // the first that has a day.
    let mut best: Option<Date> = None;
    for first in months(from) {
        let days = on
            .iter()
            .filter(|on| in_turn(**on, first))
            .filter_map(|on| in_month(*on, first))
            .filter(|day| *day >= from);
        let had = best.is_some();
        best = days.chain(best).min();
        if had {
            break;
        }
    }
    best
}

fn counts_from_the_end(on: MonthDay) -> bool {
    match on {
        MonthDay::Last | MonthDay::LastWorkday | MonthDay::LastOf(_) => true,
        MonthDay::Day(_) | MonthDay::Shifted(..) | MonthDay::Workday(_) | MonthDay::Nth(..) => {
            false
        }
    }
}

fn yearly(month: u8, on: MonthDay, from: Date) -> Option<Date> {
    let month = i8::try_from(month).ok()?;
    months(from).filter(|first| first.month() == month).find_map(|first| {
        let day = in_month(on, first)?;
        (day >= from).then_some(day)
    })
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

/// The first days of the month before this date's, of its own, and of the 24 months after it: any rhythm
/// of months or of years has a day in them, also one that is moved into the next month.
fn months(from: Date) -> impl Iterator<Item = Date> {
    let first = from.first_of_month();
    (-1..=24).filter_map(move |n: i32| later(first, n.months()))
}

/// The day in the month that begins on this date.
fn in_month(on: MonthDay, first: Date) -> Option<Date> {
    match on {
        MonthDay::Day(n) => {
            let n = i8::try_from(n).ok()?.clamp(1, first.days_in_month());
            later(first, (i64::from(n) - 1).days())
        }
        MonthDay::Shifted(n, shift) => {
            let day = in_month(MonthDay::Day(n), first)?;
            match (day.weekday(), shift) {
                (civil::Weekday::Saturday, Shift::Next) => later(day, 2.days()),
                (civil::Weekday::Sunday, Shift::Next) => later(day, 1.day()),
                (civil::Weekday::Saturday, Shift::Previous) => later(day, -1.day()),
                (civil::Weekday::Sunday, Shift::Previous) => later(day, -2.days()),
                _ => Some(day),
            }
        }
        MonthDay::Last => Some(first.last_of_month()),
        MonthDay::Workday(n) => workdays(first).nth(usize::from(n).checked_sub(1)?),
        MonthDay::LastWorkday => workdays(first).last(),
        MonthDay::Nth(n, day) => first.nth_weekday_of_month(i8::try_from(n).ok()?, named(day)).ok(),
        MonthDay::LastOf(day) => first.nth_weekday_of_month(-1, named(day)).ok(),
    }
}

/// Monday to Friday of the month that begins on this date.
fn workdays(first: Date) -> impl Iterator<Item = Date> {
    (0..i64::from(first.days_in_month()))
        .filter_map(move |n| later(first, n.days()))
        .filter(|date| !matches!(date.weekday(), civil::Weekday::Saturday | civil::Weekday::Sunday))
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
