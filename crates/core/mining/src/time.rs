//! Moments as whole microseconds since 1970 in UTC: from the many ways in which logs write them, and back.

/// A moment that was read, and how sure one can be of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Read {
    /// Microseconds since 1970 in UTC.
    pub(crate) micros: i64,
    /// Whether an offset stood there; without one it is taken as UTC.
    pub(crate) has_offset: bool,
    /// Whether day and month could be the other way round.
    pub(crate) is_ambiguous: bool,
}

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400;

/// The days from 1970 to a day of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let from_march = (month + 9) % 12;
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a number of days from 1970.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days - era * 146_097;
    let years = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (years + era * 400 + i64::from(month <= 2), month, day)
}

fn month_days(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// What is left of a text that is being read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    fn skip(&mut self) {
        self.0 = self.0.get(1..).unwrap_or_default();
    }

    fn take(&mut self, any: &[u8]) -> Option<u8> {
        let byte = self.peek().filter(|byte| any.contains(byte))?;
        self.skip();
        Some(byte)
    }

    /// A number of at least one and at most `most` digits, and how many they were.
    fn number(&mut self, most: usize) -> Option<(i64, usize)> {
        let (mut value, mut count) = (0_i64, 0);
        while let Some(byte) = self.peek().filter(u8::is_ascii_digit) {
            if count == most {
                return None;
            }
            value = value * 10 + i64::from(byte - b'0');
            count += 1;
            self.skip();
        }
        (count > 0).then_some((value, count))
    }

    fn spaces(&mut self) {
        while self.take(b" ").is_some() {}
    }
}

/// Reads a moment: RFC 3339 and its relatives (a blank or `_` for the T, commas, offsets without colon, no
/// seconds, no time, no offset), days or months first with dots or slashes, and seconds or milliseconds
/// since 1970.
pub(crate) fn read(text: &[u8], day_first: bool) -> Option<Read> {
    let mut rest = Rest(text.trim_ascii());
    let is_negative = rest.take(b"-").is_some();
    let (first, digits) = rest.number(16)?;
    if digits >= 9 || is_negative {
        return epoch(&mut rest, if is_negative { -first } else { first }, digits);
    }
    let mark = rest.take(b"-/.")?;
    let (second, _) = rest.number(2)?;
    rest.take(&[mark])?;
    let (third, third_digits) = rest.number(4)?;
    let mut is_ambiguous = false;
    let (year, month, day) = if digits == 4 {
        (first, second, third)
    } else if third_digits == 4 && digits <= 2 {
        // Dots and hyphens are written by those who put the day first.
        let is_day_first = mark != b'/' || day_first || first > 12;
        is_ambiguous = mark == b'/' && first <= 12 && second <= 12 && first != second;
        if is_day_first { (third, second, first) } else { (third, first, second) }
    } else {
        return None;
    };
    if !(1..=12).contains(&month) || !(1..=month_days(year, month)).contains(&day) {
        return None;
    }
    let mut micros = days(year, month, day).checked_mul(DAY)?.checked_mul(SECOND)?;
    let mut has_offset = false;
    if rest.take(b"Tt_ ").is_some() {
        rest.spaces();
        let (within, offset) = clock(&mut rest)?;
        micros = micros.checked_add(within)?;
        if let Some(offset) = offset {
            micros = micros.checked_sub(offset)?;
            has_offset = true;
        }
    }
    rest.0.is_empty().then_some(Read { micros, has_offset, is_ambiguous })
}

fn epoch(rest: &mut Rest<'_>, number: i64, digits: usize) -> Option<Read> {
    let scale = match digits {
        ..=11 => SECOND,
        12..=14 => 1000,
        _ => 1,
    };
    let mut micros = number.checked_mul(scale)?;
    if rest.take(b".").is_some() && scale == SECOND {
        micros = micros.checked_add(fraction(rest)?)?;
    }
    rest.0.is_empty().then_some(Read { micros, has_offset: true, is_ambiguous: false })
}

/// The microseconds after a decimal mark; finer ones are cut off.
fn fraction(rest: &mut Rest<'_>) -> Option<i64> {
    let (mut value, mut scale, mut count) = (0_i64, SECOND / 10, 0);
    while let Some(byte) = rest.peek().filter(u8::is_ascii_digit) {
        value += i64::from(byte - b'0') * scale;
        scale /= 10;
        count += 1;
        rest.skip();
    }
    (count > 0).then_some(value)
}

/// The time of day and the offset, both in microseconds.
fn clock(rest: &mut Rest<'_>) -> Option<(i64, Option<i64>)> {
    let (mut hour, _) = rest.number(2)?;
    rest.take(b":")?;
    let (minute, _) = rest.number(2)?;
    let mut micros = 0;
    let mut second = 0;
    if rest.take(b":").is_some() {
        second = rest.number(2)?.0;
        if rest.take(b".,").is_some() {
            micros = fraction(rest)?;
        }
    }
    rest.spaces();
    if let Some(half) = rest.take(b"AaPp") {
        rest.take(b"Mm")?;
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if half.eq_ignore_ascii_case(&b'p') { 12 } else { 0 };
        rest.spaces();
    }
    let is_midnight = hour == 24 && minute == 0 && second == 0;
    // A leap second is the first moment of the next minute.
    if (hour > 23 && !is_midnight) || minute > 59 || second > 60 {
        return None;
    }
    let within = ((hour * 60 + minute) * 60 + second) * SECOND + micros;
    Some((within, offset(rest)?))
}

/// The offset where one stands; `Some(None)` where none does.
#[expect(clippy::option_option, reason = "the outer one says whether it could be read")]
fn offset(rest: &mut Rest<'_>) -> Option<Option<i64>> {
    let sign = match rest.peek() {
        Some(b'Z' | b'z') => {
            rest.skip();
            return Some(Some(0));
        }
        Some(b'U' | b'G') => {
            let is_utc = matches!(rest.0, b"UTC" | b"GMT");
            rest.0 = b"";
            return is_utc.then_some(Some(0));
        }
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Some(None),
    };
    rest.skip();
    let (hours, digits) = rest.number(4)?;
    let (hours, minutes) = match digits {
        4 => (hours / 100, hours % 100),
        1 | 2 if rest.take(b":").is_some() => (hours, rest.number(2)?.0),
        1 | 2 => (hours, 0),
        _ => return None,
    };
    (hours <= 23 && minutes <= 59).then_some(Some(sign * (hours * 60 + minutes) * 60 * SECOND))
}

/// The moment as RFC 3339 in UTC, with as many decimals as it needs: none, three or six.
pub fn rfc3339(micros: i64) -> String {
    let (seconds, fraction) = (micros.div_euclid(SECOND), micros.rem_euclid(SECOND));
    let (year, month, day) = date(seconds.div_euclid(DAY));
    let within = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (within / 3600, within / 60 % 60, within % 60);
    let year = if year < 0 { format!("-{:04}", -year) } else { format!("{year:04}") };
    let decimals = match fraction {
        0 => String::new(),
        _ if fraction % 1000 == 0 => format!(".{:03}", fraction / 1000),
        _ => format!(".{fraction:06}"),
    };
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{decimals}+00:00")
}

/// A length of time in words of two units: "3 d 4 h", "2 min 5 s".
pub fn in_words(micros: i64) -> String {
    let seconds = micros / SECOND;
    let units = [(604_800, "wk"), (DAY, "d"), (3600, "h"), (60, "min"), (1, "s")];
    let Some(first) = units.iter().position(|(length, _)| seconds.abs() >= *length) else {
        return format!("{} ms", micros / 1000);
    };
    let mut rest = seconds;
    let mut words = Vec::new();
    for (length, unit) in units.iter().skip(first).take(2) {
        if rest / length != 0 {
            words.push(format!("{} {unit}", rest / length));
        }
        rest %= length;
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(read(text.as_bytes(), false).map(|r| rfc3339(r.micros)).as_deref(), expected);
    }

    #[test]
    fn the_ways_in_which_logs_write_moments_are_read() {
        check("2010-12-30T13:32:00+00:00", Some("2010-12-30T13:32:00+00:00"));
        check("2011-10-01T00:38:44.546+02:00", Some("2011-09-30T22:38:44.546+00:00"));
        check("2011-10-11T11:45:40.276000+0000", Some("2011-10-11T11:45:40.276+00:00"));
        check("2011-10-11 11:45:40,2760014", Some("2011-10-11T11:45:40.276001+00:00"));
        check("2002-05-30T09:30:10Z", Some("2002-05-30T09:30:10+00:00"));
        check("2002-05-30T09:30:10-0530", Some("2002-05-30T15:00:10+00:00"));
        check("1948-01-26T22:59:00.000Z", Some("1948-01-26T22:59:00+00:00"));
        check("2019/05/20 07:07", Some("2019-05-20T07:07:00+00:00"));
        check("2019-05-20", Some("2019-05-20T00:00:00+00:00"));
        check("20.05.2019 07:07:47", Some("2019-05-20T07:07:47+00:00"));
        check("05/20/2019 07:07:47 PM", Some("2019-05-20T19:07:47+00:00"));
        check("20/05/2019 12:07 am", Some("2019-05-20T00:07:00+00:00"));
        check("2019-05-20 07:07:47 UTC", Some("2019-05-20T07:07:47+00:00"));
        check("1558336067", Some("2019-05-20T07:07:47+00:00"));
        check("1558336067123", Some("2019-05-20T07:07:47.123+00:00"));
        check("2016-02-29T24:00:00Z", Some("2016-03-01T00:00:00+00:00"));
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in
            ["", "soon", "2015-02-29", "2010-13-01", "2010-12-30T25:00:00Z", "12:30", "3.14"]
        {
            check(text, None);
        }
        check("2010-12-30T13:32:00+00:00x", None);
    }

    #[test]
    fn a_moment_that_could_be_two_is_marked() {
        let of = |text: &str, first| {
            read(text.as_bytes(), first).map(|r| (rfc3339(r.micros), r.is_ambiguous))
        };
        assert_eq!(of("03/04/2019", false), Some(("2019-03-04T00:00:00+00:00".into(), true)));
        assert_eq!(of("03/04/2019", true), Some(("2019-04-03T00:00:00+00:00".into(), true)));
        assert_eq!(of("03/14/2019", false), Some(("2019-03-14T00:00:00+00:00".into(), false)));
    }

    #[test]
    fn lengths_of_time_are_said_in_two_units() {
        assert_eq!(in_words(90 * SECOND), "1 min 30 s");
        assert_eq!(in_words(26 * 3600 * SECOND), "1 d 2 h");
        assert_eq!(in_words(5000), "5 ms");
        assert_eq!(in_words(0), "0 ms");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(micros in -60_000_000_000_000_000_i64..200_000_000_000_000_000) {
            let text = rfc3339(micros);
            prop_assert_eq!(read(text.as_bytes(), false).map(|r| (r.micros, r.has_offset)), Some((micros, true)));
        }

        #[test]
        fn any_bytes_are_read_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = read(&bytes, false);
        }
    }
}
