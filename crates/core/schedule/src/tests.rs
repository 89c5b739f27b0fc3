//! Tables of known firings, and the rules that hold for every rhythm and zone.

use super::*;
use gemba_model::recurrence::{Days, MonthDay, Shift, TimeOfDay, Weekday};
use jiff::civil::{Date, date};
use jiff::{ToSpan, tz};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn zone(name: &str) -> TimeZone {
    if name == "UTC" { TimeZone::UTC } else { TimeZone::get(name).unwrap() }
}

/// Monday to Friday in a zone.
fn usual(name: &str) -> WorkCalendar {
    WorkCalendar::usual(zone(name))
}

/// The next firings as the clock in the zone shows them.
#[track_caller]
fn check_next(rule: &str, after: &str, zone_name: &str, expected: &[&str]) {
    let rule: Recurrence = rule.parse().unwrap();
    let zone = zone(zone_name);
    let got: Vec<String> = next_n(&rule, after.parse().unwrap(), &usual(zone_name), expected.len())
        .iter()
        .map(|f| f.at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %z").to_string())
        .collect();
    let expected: Vec<String> = expected
        .iter()
        .map(|e| if zone_name == "UTC" { format!("{e} +0000") } else { (*e).to_owned() })
        .collect();
    assert_eq!(got, expected, "{rule} after {after} in {zone_name}");
}

#[test]
fn rhythms_fire_on_their_days() {
    for (rule, after, expected) in [
        ("every day at 09:00", "2026-01-31T09:00:00Z", ["2026-02-01 09:00", "2026-02-02 09:00"]),
        ("every day at 09:00", "2026-01-31T08:59:59Z", ["2026-01-31 09:00", "2026-02-01 09:00"]),
        (
            "every day at 08:00 and 17:00",
            "2026-01-31T12:00:00Z",
            ["2026-01-31 17:00", "2026-02-01 08:00"],
        ),
        (
            "every workday at 09:00",
            "2026-01-30T10:00:00Z",
            ["2026-02-02 09:00", "2026-02-03 09:00"],
        ),
        ("every Monday", "2026-01-01T00:00:00Z", ["2026-01-05 09:00", "2026-01-12 09:00"]),
        (
            "every Monday and Thursday",
            "2026-01-05T09:00:00Z",
            ["2026-01-08 09:00", "2026-01-12 09:00"],
        ),
        // Month ends and leap years.
        ("monthly on the 31st", "2026-01-31T09:00:00Z", ["2026-02-28 09:00", "2026-03-31 09:00"]),
        ("monthly on the 30th", "2028-02-01T00:00:00Z", ["2028-02-29 09:00", "2028-03-30 09:00"]),
        (
            "monthly on the last day",
            "2027-12-31T09:00:00Z",
            ["2028-01-31 09:00", "2028-02-29 09:00"],
        ),
        (
            "monthly on the last day",
            "2100-02-01T00:00:00Z",
            ["2100-02-28 09:00", "2100-03-31 09:00"],
        ),
        ("yearly on 29 February", "2026-03-01T00:00:00Z", ["2027-02-28 09:00", "2028-02-29 09:00"]),
        ("yearly on 15 January", "2026-01-15T09:00:00Z", ["2027-01-15 09:00", "2028-01-15 09:00"]),
        // The last workday of May 2026 is Friday the 29th, of January 2026 Friday the 30th.
        (
            "monthly on the last workday at 16:00",
            "2026-05-01T00:00:00Z",
            ["2026-05-29 16:00", "2026-06-30 16:00"],
        ),
        (
            "monthly on the 1st workday",
            "2026-07-31T00:00:00Z",
            ["2026-08-03 09:00", "2026-09-01 09:00"],
        ),
        (
            "monthly on the 20th workday",
            "2026-02-01T00:00:00Z",
            ["2026-02-27 09:00", "2026-03-27 09:00"],
        ),
        (
            "monthly on the 2nd Tuesday",
            "2026-09-08T09:00:00Z",
            ["2026-10-13 09:00", "2026-11-10 09:00"],
        ),
        (
            "monthly on the last Friday",
            "2026-10-01T00:00:00Z",
            ["2026-10-30 09:00", "2026-11-27 09:00"],
        ),
        // Every n months are counted from January.
        ("quarterly", "2026-01-01T09:00:00Z", ["2026-04-01 09:00", "2026-07-01 09:00"]),
        (
            "every 4 months on the 10th",
            "2026-01-11T00:00:00Z",
            ["2026-05-10 09:00", "2026-09-10 09:00"],
        ),
        (
            "every 6 months on the last day",
            "2026-02-01T00:00:00Z",
            ["2026-06-30 09:00", "2026-12-31 09:00"],
        ),
        // What is counted from the end lies in the last month of a period.
        (
            "at the end of each quarter",
            "2026-01-31T12:00:00Z",
            ["2026-03-31 09:00", "2026-06-30 09:00"],
        ),
        (
            "quarterly on the last Friday",
            "2026-01-01T00:00:00Z",
            ["2026-03-27 09:00", "2026-06-26 09:00"],
        ),
        (
            "quarterly, first Monday",
            "2026-01-06T00:00:00Z",
            ["2026-04-06 09:00", "2026-07-06 09:00"],
        ),
        // 5 September 2026 is a Saturday, 31 October too, 1 November a Sunday.
        (
            "on the 5th of each month or the next business day",
            "2026-09-01T00:00:00Z",
            ["2026-09-07 09:00", "2026-10-05 09:00"],
        ),
        (
            "monthly on the 31st or the next workday",
            "2026-10-15T00:00:00Z",
            ["2026-11-02 09:00", "2026-11-30 09:00"],
        ),
        (
            "monthly on the 1st or the previous workday",
            "2026-10-15T00:00:00Z",
            ["2026-10-30 09:00", "2026-12-01 09:00"],
        ),
        (
            "on the 1st and 15th of each month",
            "2026-09-02T00:00:00Z",
            ["2026-09-15 09:00", "2026-10-01 09:00"],
        ),
        ("every other Friday", "2026-11-21T00:00:00Z", ["2026-11-27 09:00", "2026-12-11 09:00"]),
        (
            "first Monday of September",
            "2026-01-01T00:00:00Z",
            ["2026-09-07 09:00", "2027-09-06 09:00"],
        ),
        // Every n weeks are counted from the week of Monday, 5 January 1970.
        (
            "every 2 weeks on Monday",
            "1970-01-01T00:00:00Z",
            ["1970-01-05 09:00", "1970-01-19 09:00"],
        ),
        (
            "every 2 weeks on Monday",
            "1969-12-01T00:00:00Z",
            ["1969-12-08 09:00", "1969-12-22 09:00"],
        ),
        // 22 December 2025 is week 2920, and the rhythm is the same over the turn of the year.
        (
            "every 2 weeks on Monday and Friday",
            "2025-12-22T09:00:00Z",
            ["2025-12-26 09:00", "2026-01-05 09:00"],
        ),
        (
            "every 52 weeks on Sunday",
            "1970-01-12T00:00:00Z",
            ["1971-01-10 09:00", "1972-01-09 09:00"],
        ),
        // Cron.
        ("cron: 0 9 * * 1-5", "2026-01-30T10:00:00Z", ["2026-02-02 09:00", "2026-02-03 09:00"]),
        ("cron: */20 * * * *", "2026-01-01T00:00:30Z", ["2026-01-01 00:20", "2026-01-01 00:40"]),
        ("cron: 0 9 29 2 *", "2026-01-01T00:00:00Z", ["2028-02-29 09:00", "2032-02-29 09:00"]),
        ("cron: 0 9 LW * *", "2026-05-01T00:00:00Z", ["2026-05-29 09:00", "2026-06-30 09:00"]),
        ("cron: 0 9 * * 2#2", "2026-09-09T00:00:00Z", ["2026-10-13 09:00", "2026-11-10 09:00"]),
        ("cron: 0 9 13 * FRI", "2026-02-07T00:00:00Z", ["2026-02-13 09:00", "2026-02-20 09:00"]),
    ] {
        check_next(rule, after, "UTC", &expected);
    }
}

#[test]
fn skipped_times_fire_later_and_repeated_times_fire_once() {
    let ny = "America/New_York";
    let cairo = "Africa/Cairo";
    let berlin = "Europe/Berlin";
    let gap = "2026-03-08T05:00:00Z"; // midnight before the gap in New York
    let overlap = "2026-11-01T04:00:00Z"; // midnight before the overlap in New York
    for (rule, after, zone, expected) in [
        (
            "every day at 02:30",
            "2026-03-07T12:00:00Z",
            ny,
            &["2026-03-08 03:30 -0400", "2026-03-09 02:30 -0400"][..],
        ),
        // Asked between the end of the gap and the shifted firing.
        ("every day at 02:30", "2026-03-08T07:00:00Z", ny, &["2026-03-08 03:30 -0400"]),
        ("every day at 02:30", "2026-03-08T07:29:59.5Z", ny, &["2026-03-08 03:30 -0400"]),
        ("every day at 02:30", "2026-03-08T07:30:00Z", ny, &["2026-03-09 02:30 -0400"]),
        // A skipped time may come after a later civil time, and never twice.
        (
            "every day at 02:30 and 03:00",
            gap,
            ny,
            &["2026-03-08 03:00 -0400", "2026-03-08 03:30 -0400", "2026-03-09 02:30 -0400"],
        ),
        // Asked at 03:00, when 02:30 is still to come as 03:30: 03:15 comes first.
        (
            "every day at 02:30, 03:00 and 03:15",
            "2026-03-08T07:00:00Z",
            ny,
            &["2026-03-08 03:15 -0400", "2026-03-08 03:30 -0400", "2026-03-09 02:30 -0400"],
        ),
        (
            "every day at 02:30 and 03:30",
            gap,
            ny,
            &["2026-03-08 03:30 -0400", "2026-03-09 02:30 -0400"],
        ),
        ("every day at 01:30", overlap, ny, &["2026-11-01 01:30 -0400", "2026-11-02 01:30 -0500"]),
        // Asked while the clock shows the hour for the second time.
        ("every day at 01:30", "2026-11-01T06:10:00Z", ny, &["2026-11-02 01:30 -0500"]),
        (
            "cron: 0 * * * *",
            gap,
            ny,
            &["2026-03-08 01:00 -0500", "2026-03-08 03:00 -0400", "2026-03-08 04:00 -0400"],
        ),
        (
            "cron: 0 * * * *",
            overlap,
            ny,
            &["2026-11-01 01:00 -0400", "2026-11-01 02:00 -0500", "2026-11-01 03:00 -0500"],
        ),
        ("cron: 30 2 * * *", gap, ny, &["2026-03-08 03:30 -0400", "2026-03-09 02:30 -0400"]),
        // Cairo's clock skips from midnight to 01:00.
        (
            "every day at 00:00",
            "2026-04-23T12:00:00Z",
            cairo,
            &["2026-04-24 01:00 +0300", "2026-04-25 00:00 +0300"],
        ),
        (
            "every day at 23:30",
            "2026-10-29T12:00:00Z",
            cairo,
            &["2026-10-29 23:30 +0300", "2026-10-30 23:30 +0200"],
        ),
        (
            "every Sunday at 02:00",
            "2026-03-28T12:00:00Z",
            berlin,
            &["2026-03-29 03:00 +0200", "2026-04-05 02:00 +0200"],
        ),
        (
            "every Sunday at 02:30",
            "2026-10-24T12:00:00Z",
            berlin,
            &["2026-10-25 02:30 +0200", "2026-11-01 02:30 +0100"],
        ),
        (
            "every day at 09:00",
            "2026-03-27T12:00:00Z",
            berlin,
            &["2026-03-28 09:00 +0100", "2026-03-29 09:00 +0200"],
        ),
        // Lord Howe Island moves by half an hour.
        (
            "every day at 02:15",
            "2026-10-03T12:00:00Z",
            "Australia/Lord_Howe",
            &["2026-10-04 02:45 +1100", "2026-10-05 02:15 +1100"],
        ),
        // Samoa left out 30 December 2011.
        (
            "every day at 09:00",
            "2011-12-29T12:00:00Z",
            "Pacific/Apia",
            &["2011-12-29 09:00 -1000", "2011-12-31 09:00 +1400", "2012-01-01 09:00 +1400"],
        ),
    ] {
        check_next(rule, after, zone, expected);
    }
}

#[test]
fn the_civil_time_is_the_one_the_rule_names() {
    let rule: Recurrence = "every day at 02:30".parse().unwrap();
    let firing =
        next_after(&rule, "2026-03-08T05:00:00Z".parse().unwrap(), &usual("America/New_York"));
    assert_eq!(firing.unwrap().civil, date(2026, 3, 8).at(2, 30, 0, 0));
    let rule: Recurrence = "every day at 02:30 and 03:30".parse().unwrap();
    let firing =
        next_after(&rule, "2026-03-08T05:00:00Z".parse().unwrap(), &usual("America/New_York"));
    assert_eq!(firing.unwrap().civil, date(2026, 3, 8).at(3, 30, 0, 0));
}

#[test]
fn workdays_are_those_of_the_calendar() {
    let mut closed = usual("UTC");
    // Christmas and New Year, Easter, a day of the company, and a closing in August.
    for day in ["2026-12-25", "2027-01-01", "2026-04-03", "2026-04-06", "2026-06-30"] {
        closed.holidays.insert(day.parse().unwrap());
    }
    closed.holidays.extend(date(2026, 7, 30).series(1.day()).take(34));
    let mut four = closed.clone();
    four.days.retain(|day| *day != jiff::civil::Weekday::Friday);
    for (rule, after, calendar, expected) in [
        ("every workday", "2026-12-24T10:00:00Z", &closed, "2026-12-28 2026-12-29"),
        ("every workday", "2026-12-23T10:00:00Z", &four, "2026-12-24 2026-12-28"),
        ("last weekday of the month", "2026-06-01T00:00:00Z", &closed, "2026-06-29 2026-07-29"),
        // A month without a workday has none.
        ("monthly on the last workday", "2026-07-30T00:00:00Z", &closed, "2026-09-30 2026-10-30"),
        ("monthly on the last workday", "2026-09-01T00:00:00Z", &four, "2026-09-30 2026-10-29"),
        (
            "the 5th or the next business day",
            "2026-04-01T00:00:00Z",
            &closed,
            "2026-04-07 2026-05-05",
        ),
        // Moved over a whole month: those of July and August come together, and start one run.
        (
            "monthly on the 31st or the next workday",
            "2026-07-02T00:00:00Z",
            &closed,
            "2026-09-02 2026-09-30",
        ),
        (
            "monthly on the 1st or the previous workday",
            "2026-08-02T00:00:00Z",
            &closed,
            "2026-10-01 2026-10-30",
        ),
        (
            "yearly on the last workday of June",
            "2026-01-01T00:00:00Z",
            &closed,
            "2026-06-29 2027-06-30",
        ),
        ("monthly on the 3rd workday", "2026-04-01T00:00:00Z", &closed, "2026-04-07 2026-05-05"),
        // Fewer workdays than are counted: the last of them.
        ("monthly on the 20th workday", "2026-12-01T00:00:00Z", &four, "2026-12-31 2027-01-28"),
        // A rhythm that names no workday goes by the days it names.
        ("every Friday", "2026-12-24T00:00:00Z", &closed, "2026-12-25 2027-01-01"),
        ("monthly on the 1st", "2026-12-24T00:00:00Z", &closed, "2027-01-01 2027-02-01"),
        ("cron: 0 9 * * 1-5", "2026-12-24T10:00:00Z", &closed, "2026-12-25 2026-12-28"),
    ] {
        let rule: Recurrence = rule.parse().unwrap();
        let got = next_n(&rule, after.parse().unwrap(), calendar, 2);
        let got: Vec<String> = got.iter().map(|f| f.civil.date().to_string()).collect();
        assert_eq!(got.join(" "), expected, "{rule} after {after}");
    }
}

#[test]
fn a_firing_stands_for_the_same_on_every_calendar() {
    let usual = usual("UTC");
    let mut other = usual.clone();
    other.holidays.extend(["2026-09-07", "2026-09-30"].map(|day| day.parse::<Date>().unwrap()));
    let check = |rule: &str, civil: &str, place: &str, moved_to: Option<&str>| {
        let rule: Recurrence = rule.parse().unwrap();
        let civil: DateTime = civil.parse().unwrap();
        assert_eq!(stands_for(&rule, civil, &usual), place, "{rule}");
        let near = civil.to_zoned(TimeZone::UTC).unwrap().timestamp();
        let got = firing_for(&rule, place, near, &other).map(|f| f.civil.to_string());
        assert_eq!(got.as_deref(), moved_to, "{rule}");
    };
    check(
        "monthly on the 5th or the next workday",
        "2026-09-07T09:00:00",
        "2026-09 5th or the next workday 09:00",
        Some("2026-09-08T09:00:00"),
    );
    check(
        "monthly on the last workday at 16:00",
        "2026-09-30T16:00:00",
        "2026-09 last workday 16:00",
        Some("2026-09-29T16:00:00"),
    );
    check("every workday", "2026-09-07T09:00:00", "2026-09-07T09:00:00", None);
    check(
        "every Monday",
        "2026-09-07T09:00:00",
        "2026-09-07T09:00:00",
        Some("2026-09-07T09:00:00"),
    );
    check(
        "cron: 0 9 7 * *",
        "2026-09-07T09:00:00",
        "2026-09-07T09:00:00",
        Some("2026-09-07T09:00:00"),
    );
}

#[test]
fn rules_that_can_never_fire_are_refused() {
    let cron = |text: &str| Recurrence::Cron(text.to_owned());
    let nine = vec![TimeOfDay::NINE];
    for (rule, expected) in [
        (cron("0 9 * * 1"), None),
        (cron("0 9 29 2 *"), None),
        ("yearly on 31 February".parse().unwrap(), None),
        (cron("0 9 30 2 *"), Some("`cron: 0 9 30 2 *` never fires")),
        (cron("0 9 31 4,6,9,11 *"), Some("`cron: 0 9 31 4,6,9,11 *` never fires")),
        (
            Recurrence::Calendar { days: Days::Daily, at: Vec::new() },
            Some("`every day` never fires"),
        ),
        (
            Recurrence::Calendar { days: Days::Yearly { month: 13, day: 1 }, at: nine },
            Some("`yearly on 1 January at 09:00` never fires"),
        ),
    ] {
        let got = check(&rule).err().map(|error| error.to_string());
        assert_eq!(got.as_deref(), expected, "{rule}");
    }
    for text in ["61 9 * * *", "0 24 * * *", "0 9 0 * *", "0 9 * 13 *", "A B C D E", "0 9 * * 1-"] {
        let refused = check(&cron(text)).unwrap_err().to_string();
        assert!(refused.contains("is not a cron expression"), "{text}: {refused}");
        assert_eq!(next_after(&cron(text), Timestamp::UNIX_EPOCH, &usual("UTC")), None);
    }
}

#[test]
fn the_end_of_the_calendar_is_the_end_of_the_firings() {
    for rule in
        ["every day", "every 3 weeks on Monday", "monthly on the last day", "yearly on 1 May"]
    {
        let rule: Recurrence = rule.parse().unwrap();
        for zone in ["UTC", "America/New_York", "Pacific/Apia"].map(usual) {
            assert_eq!(next_after(&rule, Timestamp::MAX, &zone), None, "{rule}");
            assert!(next_after(&rule, Timestamp::MIN, &zone).is_some(), "{rule}");
        }
    }
}

/// Whether a rhythm has this day, said the other way round: day by day, not computed ahead.
fn has_day(days: &Days, day: Date, work: &dyn Fn(Date) -> bool) -> bool {
    let weekday = Weekday::ALL[usize::try_from(day.weekday().to_monday_zero_offset()).unwrap()];
    let shown = |n: u8| day.day() == i8::try_from(n).unwrap().min(day.days_in_month());
    match days {
        Days::Daily => true,
        Days::Workdays => work(day),
        Days::Weekly { every, on } => {
            let monday = day.checked_sub(i64::from(weekday.iso_number() - 1).days()).unwrap();
            let weeks = monday.since(date(1970, 1, 5)).unwrap().get_days() / 7;
            on.contains(&weekday) && weeks % i32::from(*every) == 0
        }
        Days::Yearly { month, day: n } => day.month() == i8::try_from(*month).unwrap() && shown(*n),
        Days::YearlyOn { month, on } => {
            on_day(*on, day, work, |first| first.month() == i8::try_from(*month).unwrap())
        }
        Days::Monthly { every, on } => on_day(*on, day, work, |first| in_turn(*on, *every, first)),
        Days::MonthlyOnEach { every, on } => {
            on.iter().any(|on| on_day(*on, day, work, |first| in_turn(*on, *every, first)))
        }
    }
}

fn in_turn(on: MonthDay, every: u8, month: Date) -> bool {
    let at_the_end = matches!(on, MonthDay::Last | MonthDay::LastWorkday | MonthDay::LastOf(_));
    let month = if at_the_end { month.month() } else { month.month() - 1 };
    month % i8::try_from(every).unwrap() == 0
}

/// Whether this is the day of a month that `wanted` takes.
fn on_day(
    on: MonthDay,
    day: Date,
    work: &dyn Fn(Date) -> bool,
    wanted: impl Fn(Date) -> bool,
) -> bool {
    let shown = |d: Date, n: u8| d.day() == i8::try_from(n).unwrap().min(d.days_in_month());
    let month: Vec<Date> =
        day.first_of_month().series(1.day()).take_while(|d| d.month() == day.month()).collect();
    if let MonthDay::Shifted(n, shift) = on {
        // The days off that are moved to this workday, and the day itself.
        let toward = if shift == Shift::Next { -1 } else { 1 };
        let mut from = vec![day];
        for away in 1..=401_i64 {
            let Ok(other) = day.checked_add((away * toward).days()) else { break };
            if work(other) {
                break;
            }
            from.push(other);
        }
        return work(day) && from.iter().any(|d| shown(*d, n) && wanted(*d));
    }
    let like = |w: Weekday| {
        let same =
            |d: &Date| d.weekday().to_monday_one_offset() == i8::try_from(w.iso_number()).unwrap();
        month.iter().copied().filter(same).collect::<Vec<Date>>()
    };
    let workdays: Vec<Date> = month.iter().copied().filter(|d| work(*d)).collect();
    wanted(day)
        && match on {
            MonthDay::Day(n) => shown(day, n),
            MonthDay::Shifted(..) => false,
            MonthDay::Last => month.last() == Some(&day),
            MonthDay::Workday(n) => {
                let least = workdays.len().min(usize::from(n));
                least > 0 && workdays.get(least - 1) == Some(&day)
            }
            MonthDay::LastWorkday => workdays.last() == Some(&day),
            MonthDay::Nth(n, w) => like(w).get(usize::from(n) - 1) == Some(&day),
            MonthDay::LastOf(w) => like(w).last() == Some(&day),
        }
}

/// All firings in a stretch of days around an instant, by walking over them.
fn walked(
    days: &Days,
    at: &[TimeOfDay],
    around: Timestamp,
    calendar: &WorkCalendar,
) -> Vec<Timestamp> {
    let start = around.to_zoned(calendar.zone.clone()).date().checked_sub(3.days()).unwrap();
    let work =
        |day: Date| calendar.days.contains(&day.weekday()) && !calendar.holidays.contains(&day);
    let mut found = BTreeSet::new();
    for day in start.series(1.day()).take(800).filter(|day| has_day(days, *day, &work)) {
        for time in at {
            let (hour, minute) =
                (time.hour().try_into().unwrap(), time.minute().try_into().unwrap());
            let zoned = day.at(hour, minute, 0, 0).to_zoned(calendar.zone.clone()).unwrap();
            found.insert(zoned.timestamp());
        }
    }
    found.into_iter().filter(|at| *at > around).collect()
}

/// Working days and holidays of all kinds: none, single days, and weeks in which a company is closed.
fn any_calendar(zone: TimeZone, around: Timestamp) -> impl Strategy<Value = WorkCalendar> {
    let first = around.to_zoned(zone.clone()).date().checked_sub(100.days()).unwrap();
    let off = prop::collection::vec((0..900_i64, prop_oneof![Just(1_i64), 1..50_i64]), 0..12);
    let days = prop_oneof![
        Just(BTreeSet::from([1_i8, 2, 3, 4, 5])),
        prop::collection::btree_set(1..=7_i8, 1..=7),
    ];
    (days, off).prop_map(move |(days, off)| {
        let mut calendar = WorkCalendar::usual(zone.clone());
        let weekday = |n: i8| jiff::civil::Weekday::from_monday_one_offset(n).unwrap();
        calendar.days = days.into_iter().map(weekday).collect();
        for (from, length) in off {
            let closed = (from..from + length).map(|n| first.checked_add(n.days()).unwrap());
            calendar.holidays.extend(closed);
        }
        calendar
    })
}

fn any_weekday() -> impl Strategy<Value = Weekday> {
    prop::sample::select(Weekday::ALL.to_vec())
}

fn any_days() -> impl Strategy<Value = Days> {
    let month_day = prop_oneof![
        (1..=31_u8).prop_map(MonthDay::Day),
        (1..=31_u8, prop::sample::select(vec![Shift::Next, Shift::Previous]))
            .prop_map(|(n, shift)| MonthDay::Shifted(n, shift)),
        Just(MonthDay::Last),
        (1..=20_u8).prop_map(MonthDay::Workday),
        Just(MonthDay::LastWorkday),
        (1..=4_u8, any_weekday()).prop_map(|(n, day)| MonthDay::Nth(n, day)),
        any_weekday().prop_map(MonthDay::LastOf),
    ];
    let every_month = prop::sample::select(vec![1_u8, 2, 3, 4, 6]);
    prop_oneof![
        Just(Days::Daily),
        Just(Days::Workdays),
        (1..=52_u8, prop::collection::btree_set(any_weekday(), 1..=7))
            .prop_map(|(every, on)| Days::Weekly { every, on: on.into_iter().collect() }),
        (every_month.clone(), month_day.clone())
            .prop_map(|(every, on)| Days::Monthly { every, on }),
        (every_month, prop::collection::btree_set(month_day.clone(), 2..=4))
            .prop_map(|(every, on)| Days::MonthlyOnEach { every, on: on.into_iter().collect() }),
        (1..=12_u8, month_day).prop_map(|(month, on)| Days::YearlyOn { month, on }),
        (1..=12_u8, 1..=31_u8).prop_map(|(month, day)| Days::Yearly { month, day }),
    ]
}

fn any_times() -> impl Strategy<Value = Vec<TimeOfDay>> {
    let time = (0..4_u8, prop::sample::select(vec![0_u8, 15, 30, 59]));
    prop::collection::btree_set(time, 1..=4).prop_map(|times| {
        times.into_iter().filter_map(|(hour, minute)| TimeOfDay::new(hour, minute)).collect()
    })
}

fn any_zone() -> impl Strategy<Value = TimeZone> {
    prop::sample::select(vec![
        "UTC",
        "America/New_York",
        "Europe/Berlin",
        "Africa/Cairo",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "Pacific/Apia",
        "Asia/Kathmandu",
    ])
    .prop_map(zone)
}

/// Instants, half of them close to a change of the clock.
fn any_instant(zone: &TimeZone) -> impl Strategy<Value = Timestamp> + use<> {
    let changes: Vec<i64> = zone
        .following("2005-01-01T00:00:00Z".parse().unwrap())
        .take_while(|change: &tz::TimeZoneTransition<'_>| {
            change.timestamp().as_second() < 2_200_000_000
        })
        .map(|change| change.timestamp().as_second())
        .collect();
    let near = if changes.is_empty() { vec![1_700_000_000] } else { changes };
    prop_oneof![
        (-1_000_000_000..4_000_000_000_i64).boxed(),
        (prop::sample::select(near), -20_000..20_000_i64).prop_map(|(at, by)| at + by).boxed(),
    ]
    .prop_map(|second| Timestamp::from_second(second).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn firings_are_exactly_those_of_a_walk_over_the_days(
        days in any_days(),
        at in any_times(),
        (calendar, after) in any_zone()
            .prop_flat_map(|zone| (Just(zone.clone()), any_instant(&zone)))
            .prop_flat_map(|(zone, after)| (any_calendar(zone, after), Just(after))),
    ) {
        let rule = Recurrence::Calendar { days: days.clone(), at: at.clone() };
        // What is moved by a long closing is only known some way before the end of the walk.
        let walked = walked(&days, &at, after, &calendar);
        let expected: Vec<Timestamp> = walked.into_iter().take(6).collect();
        let firings = next_n(&rule, after, &calendar, expected.len());
        let got: Vec<Timestamp> = firings.iter().map(|f| f.at).collect();
        prop_assert_eq!(got, expected, "{} after {}", rule, after);
        prop_assert_eq!(check(&rule), Ok(()));
        for firing in firings {
            let place = stands_for(&rule, firing.civil, &calendar);
            let found = firing_for(&rule, &place, firing.at, &calendar);
            prop_assert_eq!(found.map(|found| found.at), Some(firing.at), "{} {}", rule, place);
        }
    }

    #[test]
    fn time_goes_strictly_forward_and_no_civil_time_comes_twice(
        cron in prop::sample::select(vec![
            "*/15 * * * *", "30 * * * *", "0 2,3 * * *", "45 1-3 * * *", "0 0 * * *", "5 4 * * SUN",
        ]),
        (zone, after) in any_zone().prop_flat_map(|zone| (Just(zone.clone()), any_instant(&zone))),
    ) {
        let rule = Recurrence::Cron(cron.to_owned());
        let zone = WorkCalendar::usual(zone);
        let firings = next_n(&rule, after, &zone, 40);
        prop_assert_eq!(firings.len(), 40);
        let mut last = after;
        let mut seen = BTreeSet::new();
        for firing in firings {
            prop_assert!(firing.at > last);
            prop_assert!(seen.insert(firing.civil));
            prop_assert_eq!(next_after(&rule, last, &zone), Some(firing));
            let just_before = firing.at.checked_sub(SignedDuration::from_nanos(1)).unwrap();
            prop_assert_eq!(next_after(&rule, just_before, &zone), Some(firing));
            last = firing.at;
        }
    }
}
