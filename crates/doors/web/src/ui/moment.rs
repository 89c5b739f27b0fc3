//! Moments and days in words, the exact one on hover.

use super::badge::{Tone, badge};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use maud::{Markup, html};

const MINUTE: i64 = 60;
/// What is nearer than this is now.
const FRESH: i64 = 45;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The distance from now, with the exact moment in the workspace's zone on hover.
pub fn time(at: Timestamp, now: Timestamp, zone: &TimeZone) -> Markup {
    html! {
        time datetime=(at.to_string()) title=(exact(at, zone)) data-relative {
            (relative(at, now))
        }
    }
}

/// The exact moment, in full.
pub fn exact_time(at: Timestamp, zone: &TimeZone) -> Markup {
    html! { time datetime=(at.to_string()) { (exact(at, zone)) } }
}

/// A day, with its distance in words on hover.
pub fn day(date: Date, today: Date) -> Markup {
    let year = date.year() != today.year();
    let shown = date.strftime(if year { "%-d %b %Y" } else { "%-d %b" }).to_string();
    html! { time datetime=(date.to_string()) title=(days_in_words(date, today)) { (shown) } }
}

/// When something is due, as a badge that says how pressing it is.
pub fn due(at: Timestamp, now: Timestamp, zone: &TimeZone) -> Markup {
    let left = at.as_second() - now.as_second();
    let (tone, words) = if left < 0 {
        (Tone::Bad, format!("Overdue by {}", span(-left)))
    } else if left < DAY {
        (Tone::Warn, format!("Due in {}", span(left)))
    } else {
        (Tone::Neutral, format!("Due in {}", span(left)))
    };
    html! {
        time datetime=(at.to_string()) title=(exact(at, zone)) { (badge(tone, &words)) }
    }
}

/// How long something lasts already: "for 3 days now", as short as [`time`] says "just now".
pub fn so_far(seconds: i64) -> String {
    if seconds < FRESH { "since just now".to_owned() } else { format!("for {} now", span(seconds)) }
}

/// A length of time in its largest unit: "3 days".
pub fn span(seconds: i64) -> String {
    let far = seconds.max(0);
    let (unit, word) = match far {
        0 => return "less than a second".to_owned(),
        ..MINUTE => (1, "second"),
        MINUTE..HOUR => (MINUTE, "minute"),
        HOUR..DAY => (HOUR, "hour"),
        _ if far < 14 * DAY => (DAY, "day"),
        _ if far < 60 * DAY => (7 * DAY, "week"),
        _ if far < 730 * DAY => (30 * DAY, "month"),
        _ => (365 * DAY, "year"),
    };
    let n = (far / unit).max(1);
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {word}{plural}")
}

fn relative(at: Timestamp, now: Timestamp) -> String {
    let away = at.as_second() - now.as_second();
    let far = away.abs();
    match away {
        _ if far < FRESH => "just now".to_owned(),
        ..0 => format!("{} ago", span(far.max(MINUTE))),
        0.. => format!("in {}", span(far.max(MINUTE))),
    }
}

fn days_in_words(date: Date, today: Date) -> String {
    match date.since(today).map(|span| span.get_days()) {
        Ok(0) => "today".to_owned(),
        Ok(1) => "tomorrow".to_owned(),
        Ok(-1) => "yesterday".to_owned(),
        Ok(days) if days > 0 => format!("in {}", span(i64::from(days) * DAY)),
        Ok(days) => format!("{} ago", span(-i64::from(days) * DAY)),
        Err(_) => date.to_string(),
    }
}

fn exact(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%a %-d %b %Y, %H:%M (%Z)").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_its_largest_unit() {
        let now: Timestamp = "2026-03-02T12:00:00Z".parse().unwrap();
        let check = |away: i64, expected: &str| {
            let at = Timestamp::from_second(now.as_second() + away).unwrap();
            assert_eq!(relative(at, now), expected, "{away}");
        };
        check(0, "just now");
        check(-44, "just now");
        check(-45, "1 minute ago");
        check(-3 * MINUTE, "3 minutes ago");
        check(HOUR, "in 1 hour");
        check(-25 * HOUR, "1 day ago");
        check(13 * DAY, "in 13 days");
        check(-14 * DAY, "2 weeks ago");
        check(-100 * DAY, "3 months ago");
        check(800 * DAY, "in 2 years");
    }

    #[test]
    fn a_length_is_never_said_to_be_more_than_it_is() {
        let check = |seconds: i64, expected: &str| assert_eq!(span(seconds), expected);
        check(0, "less than a second");
        check(1, "1 second");
        check(59, "59 seconds");
        check(119, "1 minute");
        check(6 * DAY, "6 days");
        assert_eq!(so_far(44), "since just now");
        assert_eq!(so_far(DAY), "for 1 day now");
    }

    #[test]
    fn the_exact_moment_is_in_the_zone_of_the_workspace() {
        let at: Timestamp = "2026-03-02T12:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let out = time(at, at, &zone).into_string();
        assert!(out.contains("Mon 2 Mar 2026, 13:00 (CET)"), "{out}");
        assert!(out.contains("datetime=\"2026-03-02T12:00:00Z\""), "{out}");
    }

    #[test]
    fn what_is_late_says_by_how_much() {
        let now: Timestamp = "2026-03-02T12:00:00Z".parse().unwrap();
        let at: Timestamp = "2026-02-28T12:00:00Z".parse().unwrap();
        let out = due(at, now, &TimeZone::UTC).into_string();
        assert!(out.contains("Overdue by 2 days"), "{out}");
    }
}
