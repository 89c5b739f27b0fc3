//! The days on which a company does not work, as people give them: a line each, or a calendar file.
//!
//! A line is a date and a name: "2026-12-25 Christmas Day". A calendar file is iCalendar (RFC 5545): each
//! event that begins on a date without a time is a holiday, to the day before its end.

use jiff::{ToSpan as _, civil::Date};
use std::collections::BTreeMap;
use std::fmt;

/// The longest text, in bytes, and the most days.
pub const MAX_BYTES: usize = 256 * 1024;
/// The most days.
pub const MOST: usize = 1_000;
/// The longest name, in characters.
const MAX_NAME: usize = 80;
/// The longest event that is taken for holidays, in days.
const MAX_DAYS: usize = 40;

/// Why a text is no list of holidays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

/// The days of a text, each with its name.
pub fn read(text: &str) -> Result<BTreeMap<Date, String>, Unreadable> {
    if text.len() > MAX_BYTES {
        return Err(Unreadable(format!("the holidays are more than {} kB", MAX_BYTES / 1024)));
    }
    let days = if text.trim_start().starts_with("BEGIN:VCALENDAR") {
        calendar(text)
    } else {
        lines(text)?
    };
    if days.len() > MOST {
        return Err(Unreadable(format!("there are more than {MOST} holidays")));
    }
    Ok(days)
}

/// The days as lines, which read back as the same.
pub fn write(days: &BTreeMap<Date, String>) -> String {
    days.iter().map(|(date, name)| format!("{date} {name}").trim_end().to_owned() + "\n").collect()
}

fn lines(text: &str) -> Result<BTreeMap<Date, String>, Unreadable> {
    let mut days = BTreeMap::new();
    let numbered = (1_usize..).zip(text.lines().map(str::trim));
    for (n, line) in numbered.filter(|(_, line)| !line.is_empty()) {
        let (date, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let date = date.trim_end_matches([':', ',']).parse::<Date>().map_err(|_refused| {
            Unreadable(format!(
                "line {n} does not begin with a date: write 2026-12-25 Christmas Day"
            ))
        })?;
        days.insert(date, tidy(name));
    }
    Ok(days)
}

/// The events of a calendar file that are whole days; what is none is passed over.
fn calendar(text: &str) -> BTreeMap<Date, String> {
    // A line that begins with a blank goes on with the one before (RFC 5545, section 3.1).
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let mut days = BTreeMap::new();
    let (mut start, mut end, mut name) = (None, None, String::new());
    for line in unfolded.lines() {
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        let property = key.split(';').next().unwrap_or_default();
        match property {
            "BEGIN" if value == "VEVENT" => (start, end, name) = (None, None, String::new()),
            "DTSTART" => start = day(value),
            "DTEND" => end = day(value),
            "SUMMARY" => {
                name = tidy(&value.replace("\\,", ",").replace("\\;", ";").replace("\\n", " "));
            }
            "END" if value == "VEVENT" => {
                let Some(first) = start else { continue };
                let mut date = first;
                for n in 0..MAX_DAYS {
                    if n > 0 && end.is_none_or(|end| date >= end) || days.len() > MOST {
                        break;
                    }
                    days.insert(date, name.clone());
                    let Ok(next) = date.checked_add(1.day()) else { break };
                    date = next;
                }
            }
            _ => {}
        }
    }
    days
}

/// A date without a time: "20261225".
fn day(value: &str) -> Option<Date> {
    let digits = value.len() == 8 && value.bytes().all(|b| b.is_ascii_digit());
    let (year, month, day) = (value.get(..4)?, value.get(4..6)?, value.get(6..)?);
    if !digits {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn tidy(name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").chars().take(MAX_NAME).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Result<String, String> {
        let days = read(text).map_err(|unreadable| unreadable.to_string())?;
        let told = days.iter().map(|(date, name)| format!("{date}={name}"));
        Ok(told.collect::<Vec<_>>().join(" "))
    }

    #[track_caller]
    fn reads_back(text: &str) {
        if let Ok(days) = read(text) {
            assert_eq!(read(&write(&days)), Ok(days), "{text}");
        }
    }

    #[test]
    fn holidays_are_read_from_lines() {
        let check = |text: &str, expected: Result<&str, &str>| {
            assert_eq!(told(text).as_deref().map_err(String::as_str), expected, "{text}");
            reads_back(text);
        };
        check("", Ok(""));
        check(
            "2026-12-25 Christmas  Day\n\n 2026-01-01: New Year",
            Ok("2026-01-01=New Year 2026-12-25=Christmas Day"),
        );
        check("2026-12-24", Ok("2026-12-24="));
        check(
            "Christmas",
            Err("line 1 does not begin with a date: write 2026-12-25 Christmas Day"),
        );
        check(
            "2026-02-29 x",
            Err("line 1 does not begin with a date: write 2026-12-25 Christmas Day"),
        );
        check(
            "2026-01-01 a\n31.12.2026",
            Err("line 2 does not begin with a date: write 2026-12-25 Christmas Day"),
        );
    }

    #[test]
    fn holidays_are_read_from_a_calendar_file() {
        let event = |lines: &str| {
            format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{lines}END:VEVENT\r\nEND:VCALENDAR\r\n")
        };
        let check =
            |lines: &str, expected: &str| assert_eq!(told(&event(lines)).as_deref(), Ok(expected));
        check(
            "DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Christmas\\, both\r\n  days\r\n",
            "2026-12-25=Christmas, both days 2026-12-26=Christmas, both days",
        );
        check("DTSTART;VALUE=DATE:20260101\r\nSUMMARY:New Year\r\n", "2026-01-01=New Year");
        check("DTSTART:20260101T090000Z\r\nSUMMARY:A meeting\r\n", "");
        check("DTSTART;VALUE=DATE:20261332\r\nSUMMARY:x\r\n", "");
        check("SUMMARY:x\r\n", "");
        let long =
            told(&event("DTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:99991231\r\n")).unwrap();
        assert_eq!(long.split(' ').count(), MAX_DAYS);
    }

    #[test]
    fn what_is_too_much_is_refused() {
        let first = jiff::civil::date(2026, 1, 1);
        let date = |n| first.checked_add(i64::try_from(n).unwrap().days()).unwrap();
        let many = (0..=MOST).map(|n| date(n).to_string()).collect::<Vec<_>>().join("\n");
        assert!(told(&many).unwrap_err().contains("more than 1000"));
        assert!(told(&"x".repeat(MAX_BYTES + 1)).unwrap_err().contains("kB"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(BEGIN:VCALENDAR\n)?([A-Z;=:0-9\n -]{0,60}|\\PC{0,20})") {
            reads_back(&text);
        }
    }
}
