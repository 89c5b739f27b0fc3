//! From the words people use to a [`Recurrence`]: a small grammar over lower-case tokens.

use super::{Days, MONTHS, MonthDay, NotARecurrence, Recurrence, Shift, TimeOfDay, Weekday, rrule};

/// The longest text taken.
const MAX_LEN: usize = 200;
const MAX_TIMES: usize = 24;
const MAX_MONTH_DAYS: usize = 8;

pub(super) fn recurrence(text: &str) -> Result<Recurrence, NotARecurrence> {
    read(text).map(|(rule, _)| rule)
}

/// The rhythm, and whether the words name its day: "monthly" alone names none and means the first.
pub(super) fn read(text: &str) -> Result<(Recurrence, bool), NotARecurrence> {
    let text = text.trim();
    if text.is_empty() {
        return Err(no("there is no rhythm here"));
    }
    if text.len() > MAX_LEN {
        return Err(no("the rhythm is longer than 200 characters"));
    }
    let upper = text.to_uppercase();
    if let Some(rest) = rrule::within(&upper) {
        return rrule::rule(rest).map(|rule| (rule, true));
    }
    let lower = text.to_lowercase();
    if let Some(rest) = lower.strip_prefix("cron") {
        return cron(rest.trim_start_matches(':').trim()).map(|rule| (rule, true));
    }
    if lower.split_whitespace().count() == 5
        && lower.starts_with(|c: char| c.is_ascii_digit() || c == '*')
    {
        return cron(&lower).map(|rule| (rule, true));
    }
    let lower = lower.replace("a.m", "am").replace("p.m", "pm").replace('–', "-");
    let joined = lower.replace([',', '&'], " and ");
    let spaced = joined.replace(['/', '.', '(', ')', ';'], " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    if let Some(rule) = within_a_day(&words) {
        return Ok((rule, true));
    }
    let (days_words, time_words) = split_at_time(&words);
    let at = times(time_words)?;
    let (days, exact) = days(days_words)?;
    Ok((Recurrence::Calendar { days, at }, exact))
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

/// "hourly", "every 15 minutes", "every 4 hours": only what divides the hour or the day evenly.
fn within_a_day(words: &[&str]) -> Option<Recurrence> {
    let fields = match words {
        ["hourly"] | ["every" | "each", "hour"] => "0 * * * *".to_owned(),
        ["every", n, "minutes"] => {
            let n: u8 = n.parse().ok().filter(|n| (1..60).contains(n) && 60 % n == 0)?;
            format!("*/{n} * * * *")
        }
        ["every", n, "hours"] => {
            let n = small(n).filter(|n| (1..24).contains(n) && 24 % n == 0)?;
            format!("0 */{n} * * *")
        }
        _ => return None,
    };
    Some(Recurrence::Cron(fields))
}

/// Days before, times after: the times begin at an "at" with a time behind it, or at the first word
/// that reads as a clock time.
fn split_at_time<'a, 'b>(words: &'a [&'b str]) -> (&'a [&'b str], &'a [&'b str]) {
    let said = |n: usize| {
        let next = words.get(n + 1).copied().unwrap_or_default();
        !matches!(next, "the" | "end" | "start" | "beginning")
    };
    let at = words
        .iter()
        .enumerate()
        .position(|(n, w)| matches!(*w, "at" | "@") && said(n))
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

/// Words that only join others.
fn joins(word: &str) -> bool {
    matches!(
        word,
        "on" | "the" | "of" | "each" | "every" | "a" | "an" | "in" | "once" | "per" | "at"
    )
}

/// The days, and whether the words name them.
fn days(words: &[&str]) -> Result<(Days, bool), NotARecurrence> {
    let words = whole_ranges(words);
    let words: Vec<&str> = words.into_iter().filter(|w| !joins(w)).collect();
    let said = words.iter().copied().filter(|w| *w != "and").collect::<Vec<_>>().join(" ");
    let (every, rest) = count(&words)?;
    match rest {
        ["day" | "daily" | "days"] if every == 1 => return Ok((Days::Daily, true)),
        _ if every == 1 && workday(rest) => return Ok((Days::Workdays, true)),
        ["weekend" | "weekends"] if every == 1 => {
            let on = vec![Weekday::Saturday, Weekday::Sunday];
            return Ok((Days::Weekly { every: 1, on }, true));
        }
        _ => {}
    }
    let mut units: Vec<(u8, Unit)> = rest.iter().filter_map(|w| unit(w)).collect();
    units.dedup();
    if units.len() > 1 {
        return Err(no(format!("`{said}` names two rhythms")));
    }
    let unit = units.first().copied();
    let mut parts: Vec<Vec<&str>> = rest
        .split(|w| *w == "and")
        .map(|part| part.iter().copied().filter(|w| self::unit(w).is_none()).collect())
        .collect();
    parts.retain(|part: &Vec<&str>| !part.is_empty());
    let exact = !parts.is_empty();
    let (every, unit) = match unit {
        Some((times, unit)) => (every.saturating_mul(times), Some(unit)),
        None => (every, None),
    };
    let on = parts
        .iter()
        .flatten()
        .filter(|w| !matches!(**w, "morning" | "mornings"))
        .map(|w| weekday(w))
        .collect::<Option<Vec<Weekday>>>();
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
            Ok((Days::Weekly { every, on }, exact))
        }
        (Some(Unit::Week), None) if matches!(parts.as_slice(), [one] if starts(one)) => {
            Ok((Days::Weekly { every, on: vec![Weekday::Monday] }, true))
        }
        (Some(Unit::Month), _) => {
            if ![1, 2, 3, 4, 6].contains(&every) {
                return Err(no(format!("`{said}`: every 1, 2, 3, 4 or 6 months can be said")));
            }
            let on = month_days(&parts)
                .ok_or_else(|| no(format!("`{said}` names no day of the month")))?;
            let days = match <[MonthDay; 1]>::try_from(on) {
                Ok([on]) => Days::Monthly { every, on },
                Err(on) => Days::MonthlyOnEach { every, on },
            };
            Ok((days, exact))
        }
        (Some(Unit::Year) | None, _) if every == 1 => match parts.as_slice() {
            [] if unit.is_some() => Ok((Days::Yearly { month: 1, day: 1 }, false)),
            [one] if unit.is_some() && starts(one) => Ok((Days::Yearly { month: 1, day: 1 }, true)),
            [one] if unit.is_some() && ends(one) => Ok((Days::Yearly { month: 12, day: 31 }, true)),
            // A day that is moved off a weekend is no single date, so it comes every month.
            [one] if unit.is_none() && matches!(month_day(one), Some(MonthDay::Shifted(..))) => {
                let on = month_day(one).unwrap_or(MonthDay::Last);
                Ok((Days::Monthly { every: 1, on }, true))
            }
            [one] => year_day(one)
                .map(|days| (days, true))
                .ok_or_else(|| no(format!("`{said}` is not a rhythm"))),
            _ => Err(no(format!("`{said}` is not a rhythm"))),
        },
        _ => Err(no(format!("`{said}` is not a rhythm"))),
    }
}

/// "Monday to Friday" and "Mon-Fri" as workdays; the word "month-end" as its two words.
fn whole_ranges<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let day = |word: &str| weekday(word);
    let mut found: Vec<&str> = Vec::with_capacity(words.len());
    let mut rest = words;
    while let [first, after @ ..] = rest {
        rest = after;
        let dashed = first.split_once('-');
        let (from, to) = match (dashed, after) {
            (Some((from, to)), _) => (day(from), day(to)),
            (None, ["to" | "through" | "thru" | "until" | "-", to, ..]) => (day(first), day(to)),
            _ => (None, None),
        };
        if let (Some(Weekday::Monday), Some(Weekday::Friday)) = (from, to) {
            found.push("workdays");
            rest = if dashed.is_some() { after } else { after.get(2..).unwrap_or_default() };
            continue;
        }
        match dashed {
            Some((period @ ("month" | "quarter" | "year"), end @ ("end" | "start"))) => {
                found.extend([period, end]);
            }
            _ => found.push(first),
        }
    }
    found
}

fn starts(part: &[&str]) -> bool {
    matches!(part, ["start" | "beginning"])
}

fn ends(part: &[&str]) -> bool {
    matches!(part, ["end"])
}

fn workday(words: &[&str]) -> bool {
    matches!(
        words,
        ["workday" | "weekday" | "workdays" | "weekdays"]
            | ["business" | "working" | "work" | "week", "day" | "days"]
    )
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
        "fortnight" | "fortnightly" | "biweekly" | "bi-weekly" => (2, Unit::Week),
        "month" | "months" | "monthly" => (1, Unit::Month),
        "quarter" | "quarterly" | "quarters" => (3, Unit::Month),
        "half-year" | "half-yearly" | "semi-annually" | "semiannually" | "semi-annual"
        | "semiannual" | "six-monthly" => (6, Unit::Month),
        "year" | "years" | "yearly" | "annually" | "annual" => (1, Unit::Year),
        _ => return None,
    })
}

/// A leading "2", "two", "other", "second" or "twice" before a unit; "other" also before a weekday.
fn count<'a, 'b>(words: &'a [&'b str]) -> Result<(u8, &'a [&'b str]), NotARecurrence> {
    let Some((first, rest)) = words.split_first() else { return Ok((1, words)) };
    let next_is_unit = rest.first().is_some_and(|w| unit(w).is_some());
    let next_is_day = rest.first().is_some_and(|w| weekday(w).is_some());
    if *first == "twice" {
        // Twice a year are its halves; twice a month or a week could be any two days.
        return match rest {
            ["year"] => Ok((6, &["month"])),
            _ => Err(no("`twice` names no days")),
        };
    }
    let n = match *first {
        "other" | "alternate" if next_is_unit || next_is_day => return Ok((2, rest)),
        "second" => Some(2),
        "third" => Some(3),
        counted => small(counted),
    };
    Ok(match n {
        Some(n) if next_is_unit => (n, rest),
        _ => (1, words),
    })
}

/// A small number in digits or as a word.
fn small(word: &str) -> Option<u8> {
    const WORDS: [&str; 12] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let known = WORDS.iter().position(|w| *w == word).and_then(|n| u8::try_from(n + 1).ok());
    known.or_else(|| word.parse().ok())
}

fn weekday(word: &str) -> Option<Weekday> {
    let word = word.strip_suffix('s').filter(|w| w.ends_with("day")).unwrap_or(word);
    Weekday::ALL.into_iter().find(|day| {
        let name = day.name().to_lowercase();
        name == word || (word.len() >= 3 && word.len() <= 5 && name.starts_with(word))
    })
}

fn number(word: &str) -> Option<u8> {
    const WORDS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = word.get(digits.len()..)?;
    if !matches!(suffix, "" | "st" | "nd" | "rd" | "th") {
        return WORDS.iter().position(|w| *w == word).and_then(|n| u8::try_from(n + 1).ok());
    }
    digits.parse().ok()
}

/// The days of the month that the parts of a list name; a bare ordinal before "and" takes the kind of
/// the last part: "1st and 3rd Tuesday".
fn month_days(parts: &[Vec<&str>]) -> Option<Vec<MonthDay>> {
    let Some((last, before)) = parts.split_last() else { return Some(vec![MonthDay::Day(1)]) };
    let kind: &[&str] = match last.as_slice() {
        [first, kind @ ..] if number(first).is_some() => kind,
        _ => &[],
    };
    let mut found = Vec::with_capacity(parts.len());
    for part in before {
        let mut words = part.clone();
        if words.len() == 1 && words.first().is_some_and(|w| number(w).is_some()) {
            words.extend(kind);
        }
        found.push(month_day(&words)?);
    }
    found.push(month_day(last)?);
    found.sort_unstable();
    found.dedup();
    (found.len() <= MAX_MONTH_DAYS).then_some(found)
}

fn month_day(words: &[&str]) -> Option<MonthDay> {
    // "... if it falls on a weekend" is what "or the next business day" means anyway.
    let words = match words.iter().position(|w| matches!(*w, "if" | "when")) {
        Some(at) => {
            let (said, why) = words.split_at_checked(at)?;
            let weekend = ["weekend", "weekends", "saturday", "sunday"];
            if !why.iter().any(|w| weekend.contains(w)) || !said.contains(&"or") {
                return None;
            }
            said
        }
        None => words,
    };
    if let Some(at) = words.iter().position(|w| *w == "or") {
        let (day, other) = words.split_at_checked(at)?;
        let shift = shift(other.get(1..)?)?;
        return match month_day(day)? {
            MonthDay::Day(n) => Some(MonthDay::Shifted(n, shift)),
            MonthDay::Last if shift == Shift::Previous => Some(MonthDay::LastWorkday),
            _ => None,
        };
    }
    match words {
        [] | ["start" | "beginning"] => Some(MonthDay::Day(1)),
        ["last" | "end"] | ["last" | "final", "day"] => Some(MonthDay::Last),
        ["last" | "final", rest @ ..] if workday(rest) => Some(MonthDay::LastWorkday),
        ["last", day] => weekday(day).map(MonthDay::LastOf),
        [n] | [n, "day"] => number(n).filter(|n| (1..=31).contains(n)).map(MonthDay::Day),
        ["day", n] => number(n).filter(|n| (1..=31).contains(n)).map(MonthDay::Day),
        [rest @ .., n] if workday(rest) => {
            number(n).filter(|n| (1..=20).contains(n)).map(MonthDay::Workday)
        }
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

/// "next business day", "first workday after", "previous working day".
fn shift(words: &[&str]) -> Option<Shift> {
    match words {
        ["next" | "following", rest @ ..] if workday(rest) => Some(Shift::Next),
        ["first" | "next", rest @ .., "after" | "following" | "thereafter"] if workday(rest) => {
            Some(Shift::Next)
        }
        ["previous" | "preceding" | "prior", rest @ ..] if workday(rest) => Some(Shift::Previous),
        ["last", rest @ .., "before"] if workday(rest) => Some(Shift::Previous),
        _ => None,
    }
}

fn month_number(word: &str) -> Option<u8> {
    let at = MONTHS.iter().position(|name| {
        let name = name.to_lowercase();
        name == word || (word.len() >= 3 && name.starts_with(word))
    })?;
    u8::try_from(at + 1).ok()
}

/// "15 January", "March 1st", "last Friday of November", "end of June".
fn year_day(words: &[&str]) -> Option<Days> {
    let at = words.iter().position(|w| month_number(w).is_some())?;
    let month = words.get(at).copied().and_then(month_number)?;
    let day: Vec<&str> =
        words.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, w)| *w).collect();
    if day.is_empty() {
        return None;
    }
    match month_day(&day)? {
        MonthDay::Day(day) => Some(Days::Yearly { month, day }),
        on => Some(Days::YearlyOn { month, on }),
    }
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
            ("at the end of each month", "monthly on the last day at 09:00"),
            ("At the beginning of every month", "monthly on the 1st at 09:00"),
            ("month-end at 17:00", "monthly on the last day at 17:00"),
            ("at the end of each quarter", "quarterly on the last day at 09:00"),
            ("year-end", "yearly on 31 December at 09:00"),
            ("each weekday at 9", "every workday at 09:00"),
            ("Monday to Friday at 8:30", "every workday at 08:30"),
            ("Mon-Fri", "every workday at 09:00"),
            ("every other Friday", "every 2 weeks on Friday at 09:00"),
            ("every Monday morning", "every Monday at 09:00"),
            ("start of each week", "every Monday at 09:00"),
            (
                "Mondays, Wednesdays & Fridays at 4 p.m.",
                "every Monday, Wednesday and Friday at 16:00",
            ),
            ("the 5th or the next business day", "monthly on the 5th or the next workday at 09:00"),
            (
                "on the 5th of each month or the next business day",
                "monthly on the 5th or the next workday at 09:00",
            ),
            (
                "monthly, on the 15th (or the previous working day if it falls on a weekend)",
                "monthly on the 15th or the previous workday at 09:00",
            ),
            ("last weekday of the month", "monthly on the last workday at 09:00"),
            ("last business day of each quarter", "quarterly on the last workday at 09:00"),
            ("quarterly, first Monday", "quarterly on the 1st Monday at 09:00"),
            ("first Monday of each quarter", "quarterly on the 1st Monday at 09:00"),
            ("twice a year", "every 6 months on the 1st at 09:00"),
            ("semi-annually on the 15th", "every 6 months on the 15th at 09:00"),
            ("on the 1st and 15th of each month", "monthly on the 1st and the 15th at 09:00"),
            (
                "first and third Tuesday of the month at noon",
                "monthly on the 1st Tuesday and the 3rd Tuesday at 12:00",
            ),
            ("15th and last day of every month", "monthly on the 15th and the last day at 09:00"),
            ("business day 3 of each month", "monthly on the 3rd workday at 09:00"),
            ("first Monday of September", "yearly on the 1st Monday of September at 09:00"),
            ("last workday of December", "yearly on the last workday of December at 09:00"),
            ("yearly on the last day of June", "yearly on the last day of June at 09:00"),
            ("every hour", "cron: 0 * * * *"),
            ("every 15 minutes", "cron: */15 * * * *"),
            ("every four hours", "cron: 0 */4 * * *"),
            ("cron: 0 9 * * 1-5", "cron: 0 9 * * 1-5"),
            ("30 6 * * mon", "cron: 30 6 * * MON"),
            ("every blue moon", "! `blue moon` is not a rhythm"),
            ("every Monday at 25:00", "! `25:00` is not a time of day"),
            ("monthly on the 32nd", "! `monthly 32nd` names no day of the month"),
            ("every 5 months", "! `5 months`: every 1, 2, 3, 4 or 6 months can be said"),
            ("cron: 0 9 * *", "! `0 9 * *` is not a cron expression of five fields"),
            ("", "! there is no rhythm here"),
            // What the words do not say exactly enough.
            ("twice a month", "! `twice` names no days"),
            ("at the end of the week", "! `end week` is not a rhythm"),
            ("every January", "! `january` is not a rhythm"),
            ("every second Friday", "! `second friday` is not a rhythm"),
            ("every 7 minutes", "! `7 minutes` is not a rhythm"),
            ("every Friday at 9am UTC", "! `utc` is not a time of day"),
            ("every Friday by 5pm", "! `friday by 5pm` is not a rhythm"),
            ("weekly in the month", "! `weekly month` names two rhythms"),
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
