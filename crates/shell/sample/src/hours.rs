//! Working hours: people work from half past eight to half past five, Monday to Friday.

use jiff::{
    Timestamp, ToSpan,
    civil::{DateTime, Weekday, time},
    tz::TimeZone,
};

/// The minutes of a working day.
pub(crate) const DAY: u32 = 9 * 60;

/// The instant when so many working minutes have passed.
pub(crate) fn after(zone: &TimeZone, from: Timestamp, minutes: u32) -> Timestamp {
    let mut at = zone.to_datetime(from);
    let mut left = i64::from(minutes);
    loop {
        let opens = at.date().to_datetime(time(8, 30, 0, 0));
        let closes = at.date().to_datetime(time(17, 30, 0, 0));
        let is_free = matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday);
        if !is_free {
            at = at.max(opens);
            let until = closes.duration_since(at).as_mins();
            if left < until {
                return instant(zone, at.saturating_add(left.minutes()), from);
            }
            left -= until.max(0);
        }
        let Ok(tomorrow) = opens.tomorrow() else { return from };
        at = tomorrow;
    }
}

/// A time that a clock skips is no working time, so any reading of it will do.
fn instant(zone: &TimeZone, at: DateTime, from: Timestamp) -> Timestamp {
    zone.to_ambiguous_timestamp(at).compatible().unwrap_or(from).max(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_goes_on_the_next_working_day() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        for (from, minutes, then) in [
            ("2026-11-23T10:00[Europe/Berlin]", 30, "2026-11-23T10:30[Europe/Berlin]"),
            ("2026-11-23T06:00[Europe/Berlin]", 30, "2026-11-23T09:00[Europe/Berlin]"),
            ("2026-11-23T17:00[Europe/Berlin]", 60, "2026-11-24T09:00[Europe/Berlin]"),
            ("2026-11-27T17:00[Europe/Berlin]", 60, "2026-11-30T09:00[Europe/Berlin]"),
            ("2026-11-28T12:00[Europe/Berlin]", 0, "2026-11-30T08:30[Europe/Berlin]"),
            ("2026-11-23T10:00[Europe/Berlin]", 2 * DAY, "2026-11-25T10:00[Europe/Berlin]"),
        ] {
            let at = |text: &str| text.parse::<jiff::Zoned>().unwrap().timestamp();
            assert_eq!(after(&zone, at(from), minutes), at(then), "{from} and {minutes} minutes");
        }
    }
}
