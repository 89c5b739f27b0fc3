//! The civil dates of a rhythm.

use gemba_model::recurrence::{Days, MonthDay, Weekday};
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
        Days::Monthly { every, on } => {
            let every = i8::try_from(*every).ok()?.max(1);
            months(from).filter(|first| (first.month() - 1) % every == 0).find_map(|first| {
                let day = in_month(*on, first)?;
                (day >= from).then_some(day)
            })
        }
        Days::Yearly { month, day } => {
            let month = i8::try_from(*month).ok()?;
            months(from).filter(|first| first.month() == month).find_map(|first| {
                let day = in_month(MonthDay::Day(*day), first)?;
                (day >= from).then_some(day)
            })
        }
    }
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

/// The first days of the month of this date and of the 24 months after it: any rhythm of months or of
/// years has a day in them.
fn months(from: Date) -> impl Iterator<Item = Date> {
    let first = from.first_of_month();
    (0..=24).map_while(move |n: i32| later(first, n.months()))
}

/// The day in the month that begins on this date.
fn in_month(on: MonthDay, first: Date) -> Option<Date> {
    match on {
        MonthDay::Day(n) => {
            let n = i8::try_from(n).ok()?.clamp(1, first.days_in_month());
            later(first, (i64::from(n) - 1).days())
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
