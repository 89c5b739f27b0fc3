//! Recurrence rules of iCalendar (RFC 5545, section 3.3.10) as a [`Recurrence`]: what both can say, and
//! nothing that would mean something else here.
//!
//! A rule has no first day here, so weeks of an interval are counted as [`Days::Weekly`] says and months
//! from January. `BYMONTHDAY=31` leaves out shorter months there and means their last day here: it is
//! refused, not bent.

use super::{Days, MonthDay, NotARecurrence, Recurrence, TimeOfDay, Weekday};
use std::collections::BTreeMap;

/// The most times of a day.
const MAX_TIMES: usize = 24;
/// The most days of a month.
const MAX_MONTH_DAYS: usize = 8;

type Parts<'a> = BTreeMap<&'a str, &'a str>;

/// What stands behind `RRULE:`; nothing for a text that is none.
pub(super) fn within(upper: &str) -> Option<&str> {
    let rest = upper.strip_prefix("RRULE:").or_else(|| upper.strip_prefix("RRULE "));
    rest.map(str::trim).or_else(|| upper.starts_with("FREQ=").then_some(upper))
}

/// Reads a rule, in capital letters.
pub(super) fn rule(text: &str) -> Result<Recurrence, NotARecurrence> {
    let mut parts = Parts::new();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) =
            part.split_once('=').ok_or_else(|| no(&format!("`{part}` has no =")))?;
        if parts.insert(name, value).is_some() {
            return Err(no(&format!("{name} is there twice")));
        }
    }
    let known = [
        "FREQ",
        "INTERVAL",
        "BYDAY",
        "BYMONTHDAY",
        "BYMONTH",
        "BYSETPOS",
        "BYHOUR",
        "BYMINUTE",
        "BYSECOND",
        "WKST",
    ];
    for name in parts.keys() {
        match *name {
            "COUNT" | "UNTIL" => {
                return Err(no(&format!("{name} would end the trigger; pause it or take it away")));
            }
            name if !known.contains(&name) => {
                return Err(no(&format!("{name} cannot be said here")));
            }
            _ => {}
        }
    }
    if parts.get("BYSECOND").is_some_and(|second| *second != "0") {
        return Err(no("a run starts on a full minute"));
    }
    let every = match parts.get("INTERVAL") {
        None => 1,
        Some(text) => number(text).ok_or_else(|| no("INTERVAL is a number from 1 to 255"))?,
    };
    match parts.get("FREQ").copied() {
        Some("MINUTELY") => minutely(&parts, every),
        Some("HOURLY") => hourly(&parts, every),
        Some("DAILY") => {
            only(&parts, "daily", &["BYDAY"])?;
            if every != 1 {
                return Err(no("every few days has no first day to count from here"));
            }
            let days = match parts.get("BYDAY") {
                None => Days::Daily,
                Some(on) => weekly(1, plain_days(on)?),
            };
            timed(days, &parts)
        }
        Some("WEEKLY") => {
            only(&parts, "weekly", &["BYDAY", "WKST"])?;
            let on = parts.get("BYDAY").ok_or_else(|| no("say on which days with BYDAY"))?;
            if !(1..=52).contains(&every) {
                return Err(no("weeks come every 1 to 52"));
            }
            if every > 1 && parts.get("WKST").is_some_and(|first| *first != "MO") {
                return Err(no("weeks begin on Monday here"));
            }
            timed(weekly(every, plain_days(on)?), &parts)
        }
        Some("MONTHLY") => {
            only(&parts, "monthly", &["BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH"])?;
            let days = match parts.get("BYMONTH") {
                None => monthly(every, month_days(&parts)?)?,
                Some(month) if every == 1 => yearly(month, &parts)?,
                Some(_) => return Err(no("BYMONTH and INTERVAL cannot be said together here")),
            };
            timed(days, &parts)
        }
        Some("YEARLY") => {
            only(&parts, "yearly", &["BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH"])?;
            if every != 1 {
                return Err(no("every few years has no first year to count from here"));
            }
            let month =
                parts.get("BYMONTH").ok_or_else(|| no("say in which month with BYMONTH"))?;
            timed(yearly(month, &parts)?, &parts)
        }
        Some(other) => Err(no(&format!("FREQ={other} cannot be said here"))),
        None => Err(no("a rule says how often with FREQ")),
    }
}

fn no(reason: &str) -> NotARecurrence {
    NotARecurrence { reason: format!("this rule cannot be taken: {reason}") }
}

fn number(text: &str) -> Option<u8> {
    text.parse().ok().filter(|n| *n > 0)
}

/// Refuses what narrows a rule in a way that this frequency does not know here.
fn only(parts: &Parts<'_>, often: &str, narrowing: &[&str]) -> Result<(), NotARecurrence> {
    let odd = ["BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"]
        .into_iter()
        .find(|name| parts.contains_key(name) && !narrowing.contains(name));
    match odd {
        Some(name) => Err(no(&format!("{name} cannot be said with a {often} rule here"))),
        None => Ok(()),
    }
}

fn minutely(parts: &Parts<'_>, every: u8) -> Result<Recurrence, NotARecurrence> {
    only(parts, "minutely", &[])?;
    if parts.contains_key("BYHOUR") || parts.contains_key("BYMINUTE") {
        return Err(no("BYHOUR and BYMINUTE cannot be said with a minutely rule here"));
    }
    if every >= 60 || 60 % every != 0 {
        return Err(no("minutes divide the hour evenly: 5, 10, 15, 30"));
    }
    Ok(Recurrence::Cron(format!("*/{every} * * * *")))
}

fn hourly(parts: &Parts<'_>, every: u8) -> Result<Recurrence, NotARecurrence> {
    only(parts, "hourly", &[])?;
    if parts.contains_key("BYHOUR") {
        return Err(no("BYHOUR cannot be said with an hourly rule here"));
    }
    if every >= 24 || 24 % every != 0 {
        return Err(no("hours divide the day evenly: 2, 3, 4, 6, 8, 12"));
    }
    let minute = match parts.get("BYMINUTE") {
        None => 0,
        Some(text) => below(text, 60).ok_or_else(|| no("BYMINUTE is one minute from 0 to 59"))?,
    };
    let hours = if every == 1 { "*".to_owned() } else { format!("*/{every}") };
    Ok(Recurrence::Cron(format!("{minute} {hours} * * *")))
}

fn below(text: &str, limit: u8) -> Option<u8> {
    text.parse().ok().filter(|n| *n < limit)
}

/// The days at the times that the rule says; at nine where it says none.
fn timed(days: Days, parts: &Parts<'_>) -> Result<Recurrence, NotARecurrence> {
    let list = |name: &str, limit: u8| -> Result<Option<Vec<u8>>, NotARecurrence> {
        let Some(text) = parts.get(name) else { return Ok(None) };
        let all: Option<Vec<u8>> = text.split(',').map(|one| below(one.trim(), limit)).collect();
        all.map(Some).ok_or_else(|| no(&format!("{name} is a list of numbers below {limit}")))
    };
    let (hours, minutes) = (list("BYHOUR", 24)?, list("BYMINUTE", 60)?);
    let mut at = match (hours, minutes) {
        (None, None) => vec![TimeOfDay::NINE],
        (None, Some(_)) => return Err(no("BYMINUTE needs BYHOUR")),
        (Some(hours), minutes) => {
            let minutes = minutes.unwrap_or_else(|| vec![0]);
            let at = hours.iter().flat_map(|hour| {
                minutes.iter().filter_map(|minute| TimeOfDay::new(*hour, *minute))
            });
            at.collect()
        }
    };
    at.sort_unstable();
    at.dedup();
    if at.len() > MAX_TIMES {
        return Err(no("a day has at most 24 times"));
    }
    Ok(Recurrence::Calendar { days, at })
}

fn weekday(text: &str) -> Option<Weekday> {
    let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    names.into_iter().zip(Weekday::ALL).find(|(name, _)| *name == text).map(|(_, day)| day)
}

/// A list of weekdays without numbers, sorted, once each.
fn plain_days(text: &str) -> Result<Vec<Weekday>, NotARecurrence> {
    let days: Option<Vec<Weekday>> = text.split(',').map(|one| weekday(one.trim())).collect();
    let mut days = days.ok_or_else(|| no("BYDAY is a list of MO, TU, WE, TH, FR, SA, SU"))?;
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

fn is_workweek(days: &[Weekday]) -> bool {
    days.len() == 5 && !days.contains(&Weekday::Saturday) && !days.contains(&Weekday::Sunday)
}

fn weekly(every: u8, on: Vec<Weekday>) -> Days {
    match every {
        1 if on.len() == 7 => Days::Daily,
        _ => Days::Weekly { every, on },
    }
}

fn monthly(every: u8, on: Vec<MonthDay>) -> Result<Days, NotARecurrence> {
    if ![1, 2, 3, 4, 6].contains(&every) {
        return Err(no("months come every 1, 2, 3, 4 or 6, counted from January"));
    }
    match on.as_slice() {
        [on] => Ok(Days::Monthly { every, on: *on }),
        [] => Err(no("say on which days with BYMONTHDAY or BYDAY")),
        several if several.len() > MAX_MONTH_DAYS => Err(no("a month has at most 8 days here")),
        _ => Ok(Days::MonthlyOnEach { every, on }),
    }
}

fn yearly(month: &str, parts: &Parts<'_>) -> Result<Days, NotARecurrence> {
    let one = || no("BYMONTH is one month from 1 to 12");
    let month = number(month).filter(|month| *month <= 12).ok_or_else(one)?;
    match month_days(parts)?.as_slice() {
        // A day that every month has stands for itself.
        [MonthDay::Day(day)] => Ok(Days::Yearly { month, day: *day }),
        [on] => Ok(Days::YearlyOn { month, on: *on }),
        _ => Err(no("say one day of the year")),
    }
}

/// The days of a month that a rule names, sorted, once each.
fn month_days(parts: &Parts<'_>) -> Result<Vec<MonthDay>, NotARecurrence> {
    let mut on = match (parts.get("BYMONTHDAY"), parts.get("BYDAY"), parts.get("BYSETPOS")) {
        (Some(days), None, None) => {
            days.split(',').map(|one| numbered(one.trim())).collect::<Result<Vec<_>, _>>()?
        }
        (None, Some(days), None) => {
            days.split(',').map(|one| nth(one.trim())).collect::<Result<Vec<_>, _>>()?
        }
        (None, Some(days), Some(place)) => vec![placed(&plain_days(days)?, place)?],
        (None, None, _) => return Err(no("say on which days with BYMONTHDAY or BYDAY")),
        (Some(_), ..) => {
            return Err(no("BYMONTHDAY cannot be said together with BYDAY or BYSETPOS here"));
        }
    };
    on.sort_unstable();
    on.dedup();
    Ok(on)
}

/// `15`, `-1`.
fn numbered(text: &str) -> Result<MonthDay, NotARecurrence> {
    match text.parse::<i8>() {
        Ok(-1) => Ok(MonthDay::Last),
        Ok(day) => match u8::try_from(day) {
            Ok(day @ 1..=28) => Ok(MonthDay::Day(day)),
            Ok(29..=31) => Err(no("not every month has that day; write -1 for the last one")),
            _ => Err(no("of the days before the end only the last one (-1) can be said here")),
        },
        Err(_unread) => Err(no(&format!("`{text}` is no day of a month"))),
    }
}

/// `2TU`, `-1FR`.
fn nth(text: &str) -> Result<MonthDay, NotARecurrence> {
    let at = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let (place, day) = text.split_at(at);
    let day = weekday(day).ok_or_else(|| no(&format!("`{text}` is no weekday of a month")))?;
    match place.trim_start_matches('+').parse::<i8>() {
        Ok(-1) => Ok(MonthDay::LastOf(day)),
        Ok(n @ 1..=4) => Ok(MonthDay::Nth(n.unsigned_abs(), day)),
        Ok(_) => Err(no("weekdays of a month are the 1st to the 4th or the last (-1)")),
        Err(_unread) => Err(no("every such weekday of a month is a weekly rule: FREQ=WEEKLY")),
    }
}

/// The weekdays of which the one at a place is meant: `MO,TU,WE,TH,FR` with `BYSETPOS=-1` is the last
/// workday.
fn placed(days: &[Weekday], place: &str) -> Result<MonthDay, NotARecurrence> {
    let place: i8 = place.parse().map_err(|_unread| no("BYSETPOS is one number"))?;
    match (days, place) {
        ([day], -1) => Ok(MonthDay::LastOf(*day)),
        ([day], n @ 1..=4) => Ok(MonthDay::Nth(n.unsigned_abs(), *day)),
        (days, -1) if is_workweek(days) => Ok(MonthDay::LastWorkday),
        (days, n @ 1..=20) if is_workweek(days) => Ok(MonthDay::Workday(n.unsigned_abs())),
        (days, -1) if days.len() == 7 => Ok(MonthDay::Last),
        (days, n @ 1..=28) if days.len() == 7 => Ok(MonthDay::Day(n.unsigned_abs())),
        _ => Err(no("BYSETPOS is of one weekday, of Monday to Friday or of all seven here")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Recurrence;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let got = match text.parse::<Recurrence>() {
            Ok(rule) => {
                assert_eq!(rule.to_string().parse(), Ok(rule.clone()), "{text}: printed form");
                rule.to_string()
            }
            Err(error) => error.reason,
        };
        let same = match expected.strip_prefix('!') {
            Some(part) => got.contains(part),
            None => got == expected,
        };
        assert!(same, "{text}: {got}");
    }

    #[test]
    fn a_rule_of_icalendar_is_read_where_both_mean_the_same() {
        for (text, expected) in [
            ("RRULE:FREQ=DAILY", "every day at 09:00"),
            ("rrule:freq=daily;byhour=7;byminute=30", "every day at 07:30"),
            (
                "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
                "every Monday, Tuesday, Wednesday, Thursday and Friday at 09:00",
            ),
            ("RRULE:FREQ=WEEKLY;BYDAY=MO", "every Monday at 09:00"),
            ("RRULE:FREQ=WEEKLY;BYDAY=FR,MO;WKST=SU", "every Monday and Friday at 09:00"),
            ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;BYHOUR=16", "every 2 weeks on Friday at 16:00"),
            (
                "RRULE:FREQ=MONTHLY;BYMONTHDAY=1;BYHOUR=9,17;BYMINUTE=0",
                "monthly on the 1st at 09:00 and 17:00",
            ),
            ("RRULE:FREQ=MONTHLY;BYMONTHDAY=15,1", "monthly on the 1st and the 15th at 09:00"),
            ("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", "monthly on the last day at 09:00"),
            ("RRULE:FREQ=MONTHLY;BYDAY=-1FR", "monthly on the last Friday at 09:00"),
            ("RRULE:FREQ=MONTHLY;BYDAY=+2TU", "monthly on the 2nd Tuesday at 09:00"),
            (
                "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
                "monthly on the last workday at 09:00",
            ),
            (
                "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=5",
                "monthly on the 5th workday at 09:00",
            ),
            ("RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1", "monthly on the 1st Monday at 09:00"),
            ("RRULE:FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "quarterly on the last day at 09:00"),
            (
                "RRULE:FREQ=YEARLY;BYMONTH=9;BYDAY=1MO",
                "yearly on the 1st Monday of September at 09:00",
            ),
            ("RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5", "yearly on 5 March at 09:00"),
            ("RRULE:FREQ=HOURLY;INTERVAL=4;BYMINUTE=15", "cron: 15 */4 * * *"),
            ("RRULE:FREQ=MINUTELY;INTERVAL=15", "cron: */15 * * * *"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn a_rule_that_would_mean_something_else_here_is_refused() {
        for (text, expected) in [
            ("RRULE:FREQ=MONTHLY;BYMONTHDAY=31", "!not every month has that day"),
            ("RRULE:FREQ=MONTHLY;BYMONTHDAY=-2", "!only the last one"),
            ("RRULE:FREQ=MONTHLY;BYDAY=5MO", "!1st to the 4th"),
            ("RRULE:FREQ=MONTHLY;BYDAY=MO", "!a weekly rule"),
            ("RRULE:FREQ=MONTHLY", "!say on which days"),
            ("RRULE:FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "!cannot be said together"),
            ("RRULE:FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=1", "!1, 2, 3, 4 or 6"),
            ("RRULE:FREQ=DAILY;INTERVAL=3", "!no first day"),
            ("RRULE:FREQ=WEEKLY", "!BYDAY"),
            ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU", "!begin on Monday"),
            ("RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=10", "!COUNT would end"),
            ("RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20270101T000000Z", "!UNTIL would end"),
            ("RRULE:FREQ=YEARLY;BYWEEKNO=20", "!BYWEEKNO cannot"),
            ("RRULE:FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYMONTHDAY=1", "!no first year"),
            ("RRULE:FREQ=SECONDLY", "!SECONDLY cannot"),
            ("RRULE:FREQ=DAILY;BYSECOND=30", "!full minute"),
            ("RRULE:FREQ=DAILY;BYMINUTE=30", "!needs BYHOUR"),
            ("RRULE:FREQ=DAILY;BYHOUR=24", "!below 24"),
            ("RRULE:FREQ=HOURLY;INTERVAL=5", "!divide the day"),
            ("RRULE:FREQ=MINUTELY;INTERVAL=7", "!divide the hour"),
            ("RRULE:FREQ=DAILY;FREQ=DAILY", "!twice"),
            ("RRULE:FREQ", "!has no ="),
            ("RRULE:", "!how often"),
            ("RRULE:FREQ=MONTHLY;BYDAY=é", "!no weekday"),
            ("RRULE:FREQ=DAILY;INTERVAL=0", "!1 to 255"),
        ] {
            check(text, expected);
        }
    }
}
