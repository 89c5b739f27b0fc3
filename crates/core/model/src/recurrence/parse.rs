//! From the words people use to a [`Recurrence`]: a small grammar over lower-case tokens.

use super::{Days, MONTHS, MonthDay, NotARecurrence, Recurrence, TimeOfDay, Weekday};

/// The longest text taken.
const MAX_LEN: usize = 200;
const MAX_TIMES: usize = 24;

pub(super) fn recurrence(text: &str) -> Result<Recurrence, NotARecurrence> {
    let text = text.trim();
    if text.is_empty() {
        return Err(no("there is no rhythm here"));
    }
    if text.len() > MAX_LEN {
        return Err(no("the rhythm is longer than 200 characters"));
    }
    let lower = text.to_lowercase();
    if let Some(rest) = lower.strip_prefix("cron") {
        return cron(rest.trim_start_matches(':').trim());
    }
    if lower.split_whitespace().count() == 5
        && lower.starts_with(|c: char| c.is_ascii_digit() || c == '*')
    {
        return cron(&lower);
    }
    let spaced = lower.replace([',', '/', '&', '.'], " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (days_words, time_words) = split_at_time(&words);
    let at = times(time_words)?;
    let days = days(days_words)?;
    Ok(Recurrence::Calendar { days, at })
}

fn no(reason: impl Into<String>) -> NotARecurrence {
    NotARecurrence { reason: reason.into() }
}

fn cron(expression: &str) -> Result<Recurrence, NotARecurrence> {
    let fields: Vec<&str> = expression.split_whitespace().collect();
    let usual = |f: &&str| f.chars().all(|c| c.is_ascii_alphanumeric() || "*,-/?#".contains(c));
    if fields.len() != 5 || !fields.iter().all(usual) {
        return Err(no(format!("`{expression}` is not a cron expression of five fields")));
    }
    Ok(Recurrence::Cron(fields.join(" ").to_uppercase()))
}

/// Days before, times after: the times begin at "at", or at the first word that reads as a clock time.
fn split_at_time<'a, 'b>(words: &'a [&'b str]) -> (&'a [&'b str], &'a [&'b str]) {
    let at = words
        .iter()
        .position(|w| *w == "at" || *w == "@")
        .or_else(|| words.iter().position(|w| w.contains(':') && time(w).is_some()))
        .unwrap_or(words.len());
    words.split_at(at)
}

fn times(words: &[&str]) -> Result<Vec<TimeOfDay>, NotARecurrence> {
    let mut found = Vec::new();
    let mut words = words.iter().copied().peekable();
    while let Some(word) = words.next() {
        if matches!(word, "at" | "@" | "and" | "o'clock" | "each" | "day") {
            continue;
        }
        let joined = match words.peek() {
            Some(half) if matches!(*half, "am" | "pm") => {
                let joined = format!("{word}{half}");
                words.next();
                joined
            }
            _ => word.to_owned(),
        };
        found.push(time(&joined).ok_or_else(|| no(format!("`{joined}` is not a time of day")))?);
    }
    found.sort_unstable();
    found.dedup();
    if found.len() > MAX_TIMES {
        return Err(no("a day has at most 24 times"));
    }
    if found.is_empty() {
        found.push(TimeOfDay::NINE);
    }
    Ok(found)
}

fn time(word: &str) -> Option<TimeOfDay> {
    match word {
        "noon" => return TimeOfDay::new(12, 0),
        "midnight" => return TimeOfDay::new(0, 0),
        _ => {}
    }
    let (digits, half) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        _ => (word, None),
    };
    let (hour, minute) = digits.split_once(':').unwrap_or((digits, "00"));
    if hour.is_empty() || hour.len() > 2 || minute.len() != 2 {
        return None;
    }
    let hour: u8 = hour.parse().ok()?;
    let minute: u8 = minute.parse().ok()?;
    match half {
        None => TimeOfDay::new(hour, minute),
        Some(base) if (1..=12).contains(&hour) => TimeOfDay::new(hour % 12 + base, minute),
        Some(_) => None,
    }
}

fn days(words: &[&str]) -> Result<Days, NotARecurrence> {
    let words: Vec<&str> = words
        .iter()
        .copied()
        .filter(|w| {
            !matches!(
                *w,
                "on" | "the" | "of" | "each" | "every" | "a" | "in" | "and" | "once" | "per"
            )
        })
        .collect();
    let said = words.join(" ");
    let (every, rest) = count(&words);
    match rest {
        ["day" | "daily" | "days"] if every == 1 => return Ok(Days::Daily),
        ["workday" | "weekday" | "workdays" | "weekdays"]
        | ["business" | "working" | "work", "day" | "days"] => return Ok(Days::Workdays),
        _ => {}
    }
    let unit = rest.iter().find_map(|w| unit(w));
    let other: Vec<&str> = rest.iter().copied().filter(|w| self::unit(w).is_none()).collect();
    let (every, unit) = match unit {
        Some((times, unit)) => (every.saturating_mul(times), Some(unit)),
        None => (every, None),
    };
    let on = other.iter().map(|w| weekday(w)).collect::<Option<Vec<Weekday>>>();
    match (unit, on) {
        (Some(Unit::Week) | None, Some(mut on)) if !on.is_empty() || unit.is_some() => {
            if on.is_empty() {
                on.push(Weekday::Monday);
            }
            on.sort_unstable();
            on.dedup();
            if !(1..=52).contains(&every) {
                return Err(no(format!("`{said}`: every 1 to 52 weeks can be said")));
            }
            Ok(Days::Weekly { every, on })
        }
        (Some(Unit::Month), _) => {
            if ![1, 2, 3, 4, 6].contains(&every) {
                return Err(no(format!("`{said}`: every 1, 2, 3, 4 or 6 months can be said")));
            }
            let on = month_day(&other)
                .ok_or_else(|| no(format!("`{said}` names no day of the month")))?;
            Ok(Days::Monthly { every, on })
        }
        (Some(Unit::Year) | None, _) if every == 1 => match year_day(&other) {
            Some((month, day)) => Ok(Days::Yearly { month, day }),
            None if unit.is_some() && other.is_empty() => Ok(Days::Yearly { month: 1, day: 1 }),
            None => Err(no(format!("`{said}` is not a rhythm"))),
        },
        _ => Err(no(format!("`{said}` is not a rhythm"))),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Week,
    Month,
    Year,
}

/// The unit a word names, with how many of it: a quarter is three months.
fn unit(word: &str) -> Option<(u8, Unit)> {
    Some(match word {
        "week" | "weeks" | "weekly" => (1, Unit::Week),
        "fortnight" | "fortnightly" | "biweekly" => (2, Unit::Week),
        "month" | "months" | "monthly" => (1, Unit::Month),
        "quarter" | "quarterly" => (3, Unit::Month),
        "half-year" | "half-yearly" | "semi-annually" => (6, Unit::Month),
        "year" | "years" | "yearly" | "annually" | "annual" => (1, Unit::Year),
        _ => return None,
    })
}

/// A leading "2", "two", "other" or "second" before a unit.
fn count<'a, 'b>(words: &'a [&'b str]) -> (u8, &'a [&'b str]) {
    let Some((first, rest)) = words.split_first() else { return (1, words) };
    let next_is_unit = rest.first().is_some_and(|w| unit(w).is_some());
    let n = match *first {
        "other" | "second" | "two" => Some(2),
        "three" | "third" => Some(3),
        "four" => Some(4),
        "six" => Some(6),
        digits => digits.parse().ok(),
    };
    match n {
        Some(n) if next_is_unit => (n, rest),
        _ => (1, words),
    }
}

fn weekday(word: &str) -> Option<Weekday> {
    let word = word.strip_suffix('s').filter(|w| w.ends_with("day")).unwrap_or(word);
    Weekday::ALL.into_iter().find(|day| {
        let name = day.name().to_lowercase();
        name == word || (word.len() >= 3 && word.len() <= 5 && name.starts_with(word))
    })
}

fn number(word: &str) -> Option<u8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = word.get(digits.len()..)?;
    if !matches!(suffix, "" | "st" | "nd" | "rd" | "th") {
        return match word {
            "first" => Some(1),
            "second" => Some(2),
            "third" => Some(3),
            "fourth" => Some(4),
            "fifth" => Some(5),
            _ => None,
        };
    }
    digits.parse().ok()
}

fn month_day(words: &[&str]) -> Option<MonthDay> {
    let workday = |w: &[&str]| {
        matches!(w, ["workday" | "weekday"] | ["business" | "working" | "work", "day"])
    };
    match words {
        [] => Some(MonthDay::Day(1)),
        ["last" | "end"] | ["last", "day"] => Some(MonthDay::Last),
        ["last", rest @ ..] if workday(rest) => Some(MonthDay::LastWorkday),
        ["last", day] => weekday(day).map(MonthDay::LastOf),
        [n] | [n, "day"] => number(n).filter(|n| (1..=31).contains(n)).map(MonthDay::Day),
        ["day", n] => number(n).filter(|n| (1..=31).contains(n)).map(MonthDay::Day),
        [n, rest @ ..] if workday(rest) => {
            number(n).filter(|n| (1..=20).contains(n)).map(MonthDay::Workday)
        }
        [n, day] => {
            let n = number(n).filter(|n| (1..=4).contains(n))?;
            Some(MonthDay::Nth(n, weekday(day)?))
        }
        _ => None,
    }
}

fn year_day(words: &[&str]) -> Option<(u8, u8)> {
    let (&[first, second], true) = (words.first_chunk::<2>()?, words.len() == 2) else {
        return None;
    };
    let month = |word: &str| {
        let at = MONTHS.iter().position(|name| {
            let name = name.to_lowercase();
            name == word || (word.len() >= 3 && name.starts_with(word))
        })?;
        u8::try_from(at + 1).ok()
    };
    let (month, day) = match (month(first), month(second)) {
        (Some(month), None) => (month, number(second)?),
        (None, Some(month)) => (month, number(first)?),
        _ => return None,
    };
    (1..=31).contains(&day).then_some((month, day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let got = match recurrence(text) {
            Ok(rule) => {
                assert_eq!(recurrence(&rule.to_string()), Ok(rule.clone()), "{text}: printed form");
                rule.to_string()
            }
            Err(error) => format!("! {}", error.reason),
        };
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn rhythms_in_many_words() {
        for (text, expected) in [
            ("every day", "every day at 09:00"),
            ("Daily at 7:30", "every day at 07:30"),
            (
                "every day at 08:00, 11:00, 14:00 and 17:00",
                "every day at 08:00, 11:00, 14:00 and 17:00",
            ),
            ("each workday at 9am", "every workday at 09:00"),
            ("every business day at 5 pm", "every workday at 17:00"),
            ("every Monday at 09:00", "every Monday at 09:00"),
            ("Mondays and Thursdays at 10:15", "every Monday and Thursday at 10:15"),
            ("weekly on Friday", "every Friday at 09:00"),
            ("weekly", "every Monday at 09:00"),
            ("every 2 weeks on Tue", "every 2 weeks on Tuesday at 09:00"),
            ("every other week on Friday", "every 2 weeks on Friday at 09:00"),
            ("monthly", "monthly on the 1st at 09:00"),
            ("monthly on the 1st", "monthly on the 1st at 09:00"),
            ("on the 5th of every month at 08:00", "monthly on the 5th at 08:00"),
            ("monthly on the last day", "monthly on the last day at 09:00"),
            ("monthly on the last workday at 16:00", "monthly on the last workday at 16:00"),
            ("every month on the 3rd business day", "monthly on the 3rd workday at 09:00"),
            ("monthly on the 2nd Tuesday", "monthly on the 2nd Tuesday at 09:00"),
            ("last Friday of the month", "monthly on the last Friday at 09:00"),
            ("quarterly", "quarterly on the 1st at 09:00"),
            ("every 2 months on the 10th", "every 2 months on the 10th at 09:00"),
            ("yearly on 15 January", "yearly on 15 January at 09:00"),
            ("annually on March 1st", "yearly on 1 March at 09:00"),
            ("cron: 0 9 * * 1-5", "cron: 0 9 * * 1-5"),
            ("30 6 * * mon", "cron: 30 6 * * MON"),
            ("every blue moon", "! `blue moon` is not a rhythm"),
            ("every Monday at 25:00", "! `25:00` is not a time of day"),
            ("monthly on the 32nd", "! `monthly 32nd` names no day of the month"),
            ("every 5 months", "! `5 months`: every 1, 2, 3, 4 or 6 months can be said"),
            ("cron: 0 9 * *", "! `0 9 * *` is not a cron expression of five fields"),
            ("", "! there is no rhythm here"),
        ] {
            check(text, expected);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,80}") {
            if let Ok(rule) = recurrence(&text) {
                prop_assert_eq!(recurrence(&rule.to_string()), Ok(rule));
            }
        }
    }
}
