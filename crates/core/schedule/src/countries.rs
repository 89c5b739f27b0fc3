//! Public holidays by country and region, computed for any year from rules.
//!
//! # What is in it
//!
//! The days that the law of a country, state, canton or nation names as public holidays for everybody, by
//! the rules in force now; where a rule is recent, it says since when. Not in it are half days, days that
//! are customary only (Christmas Eve in Sweden), days that a government decrees for one year (bridge
//! days in Hungary or Latvia), and days of single towns: a workspace adds these to its own.
//!
//! Countries most of whose holidays follow a lunar calendar or a yearly decree (India, China, Israel, the
//! Gulf states) are not here: they are read from a calendar file ([`crate::holidays`]).
//!
//! # Sources
//!
//! Facts only: the laws and the official lists that `docs/holidays.md` names for each country. Easter of the
//! western churches is computed by the method that Nature published in 1876, in its shorter form of 1961;
//! that of the orthodox churches by the method of Gauss for the Julian calendar; the equinoxes of Japan by
//! the usual formula for 1980 to 2099.

mod central;
mod north;
mod south;
mod world;

use jiff::{
    ToSpan as _,
    civil::{Date, Weekday},
};
use std::fmt;

/// Where a day lies in a year.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Day {
    /// Month and day.
    Fixed(i8, i8),
    /// Month and day, unless that is one of these weekdays.
    Unless(&'static [Weekday], i8, i8),
    /// The n-th such weekday of a month, from its end where negative.
    Nth(i8, Weekday, i8),
    /// The first such weekday on or after a month and day.
    From(Weekday, i8, i8),
    /// The same, a week later where that lies in the week before Easter.
    OutsideHolyWeek(Weekday, i8, i8),
    /// A month and day where that is such a weekday, else the first Monday of the month.
    MondayUnless(Weekday, i8, i8),
    /// So many days after Easter Sunday of the western churches.
    Easter(i32),
    /// So many days after Easter Sunday of the orthodox churches.
    Orthodox(i32),
    /// The equinox of spring in Japan.
    SpringEquinox,
    /// The equinox of autumn in Japan.
    AutumnEquinox,
    /// Named year by year: the law lists them.
    Listed(&'static [(i16, i8, i8)]),
}

/// What becomes of a holiday on a weekend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moved {
    /// Nothing.
    No,
    /// From Sunday, the next day that is no holiday is free as well.
    SundayOn,
    /// From Sunday, the Monday after is free as well.
    Sunday,
    /// From Saturday and Sunday, the Monday after is free as well.
    Monday,
    /// From Saturday and Sunday, the next Monday to Friday that is no holiday is free as well.
    Weekend,
    /// From Saturday the Friday before, from Sunday the Monday after is free as well.
    Nearest,
    /// From Sunday it goes to the Saturday before.
    SundayBack,
}

/// One holiday.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) day: Day,
    pub(crate) moved: Moved,
    pub(crate) since: i16,
    pub(crate) until: i16,
    /// A year without it.
    pub(crate) but: i16,
}

impl Rule {
    const fn new(day: Day, name: &'static str) -> Self {
        Self { name, day, moved: Moved::No, since: i16::MIN, until: i16::MAX, but: 0 }
    }

    pub(crate) const fn moved(self, moved: Moved) -> Self {
        Self { moved, ..self }
    }

    pub(crate) const fn since(self, since: i16) -> Self {
        Self { since, ..self }
    }

    pub(crate) const fn until(self, until: i16) -> Self {
        Self { until, ..self }
    }

    pub(crate) const fn but(self, but: i16) -> Self {
        Self { but, ..self }
    }

    fn in_year(&self, year: i16) -> Option<Date> {
        let holds = (self.since..=self.until).contains(&year) && year != self.but;
        let day = self.day.in_year(year).filter(|_| holds)?;
        if self.moved == Moved::SundayBack && day.weekday() == Weekday::Sunday {
            return day.yesterday().ok();
        }
        Some(day)
    }
}

pub(crate) const fn on(month: i8, day: i8, name: &'static str) -> Rule {
    Rule::new(Day::Fixed(month, day), name)
}

pub(crate) const fn nth(n: i8, weekday: Weekday, month: i8, name: &'static str) -> Rule {
    Rule::new(Day::Nth(n, weekday, month), name)
}

pub(crate) const fn from(weekday: Weekday, month: i8, day: i8, name: &'static str) -> Rule {
    Rule::new(Day::From(weekday, month, day), name)
}

pub(crate) const fn easter(days: i32, name: &'static str) -> Rule {
    Rule::new(Day::Easter(days), name)
}

pub(crate) const fn orthodox(days: i32, name: &'static str) -> Rule {
    Rule::new(Day::Orthodox(days), name)
}

/// A country.
#[derive(Debug)]
pub struct Country {
    /// Its code in ISO 3166-1: "DE".
    pub code: &'static str,
    /// Its English name.
    pub name: &'static str,
    pub(crate) rules: &'static [Rule],
    /// Its regions with days of their own, in the order of their names.
    pub regions: &'static [Region],
    /// Whether a day between two holidays is one (Japan).
    pub(crate) between: bool,
}

impl Country {
    pub(crate) const fn new(
        code: &'static str,
        name: &'static str,
        rules: &'static [Rule],
        regions: &'static [Region],
    ) -> Self {
        Self { code, name, rules, regions, between: false }
    }

    pub(crate) const fn with_days_between(self) -> Self {
        Self { between: true, ..self }
    }
}

/// A part of a country with holidays of its own.
#[derive(Debug)]
pub struct Region {
    /// Its code, after ISO 3166-2: "DE-BY".
    pub code: &'static str,
    /// Its English name.
    pub name: &'static str,
    pub(crate) more: &'static [Rule],
    /// The names of those of the country that it does not have.
    pub(crate) without: &'static [&'static str],
}

impl Region {
    pub(crate) const fn new(code: &'static str, name: &'static str, more: &'static [Rule]) -> Self {
        Self { code, name, more, without: &[] }
    }

    pub(crate) const fn without(self, without: &'static [&'static str]) -> Self {
        Self { without, ..self }
    }
}

const PARTS: [&[Country]; 4] =
    [central::COUNTRIES, north::COUNTRIES, south::COUNTRIES, world::COUNTRIES];

/// All countries, in the order of their names.
pub fn all() -> Vec<&'static Country> {
    let mut all: Vec<&Country> = PARTS.into_iter().flatten().collect();
    all.sort_by_key(|country| country.name);
    all
}

/// A country, or a region of it.
#[derive(Clone, Copy)]
pub struct Place {
    country: &'static Country,
    region: Option<&'static Region>,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({})", self.code())
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}

impl Eq for Place {}

impl Place {
    /// The place with this code: "DE", "DE-BY", "us-ca".
    pub fn of(code: &str) -> Option<Self> {
        let code = code.trim();
        let head = code.split('-').next()?;
        let country =
            PARTS.into_iter().flatten().find(|country| country.code.eq_ignore_ascii_case(head))?;
        if head.len() == code.len() {
            return Some(Self { country, region: None });
        }
        let region = country.regions.iter().find(|r| r.code.eq_ignore_ascii_case(code))?;
        Some(Self { country, region: Some(region) })
    }

    /// Its code.
    pub fn code(&self) -> &'static str {
        self.region.map_or(self.country.code, |region| region.code)
    }

    /// Its name: "Germany, Bavaria".
    pub fn name(&self) -> String {
        match self.region {
            Some(region) => format!("{}, {}", self.country.name, region.name),
            None => self.country.name.to_owned(),
        }
    }

    /// Its holidays in a year, earliest first; a date on which two fall comes once.
    pub fn holidays(&self, year: i16) -> Vec<(Date, &'static str)> {
        let mut found = self.of_year(year);
        // The first of January can be kept on the last day of the year before.
        found.extend(self.of_year(year.saturating_add(1)));
        found.retain(|(day, _)| day.year() == year);
        found.sort_by_key(|(day, _)| *day);
        found.dedup_by_key(|(day, _)| *day);
        found
    }

    /// The holiday on a date.
    pub fn on(&self, date: Date) -> Option<&'static str> {
        let name = |year| self.of_year(year).into_iter().find(|(day, _)| *day == date);
        let this = name(date.year());
        let next = || (date.month() == 12).then(|| name(date.year().checked_add(1)?)).flatten();
        this.or_else(next).map(|(_, name)| name)
    }

    /// The holidays that the rules name for a year, in the order of the rules.
    fn of_year(&self, year: i16) -> Vec<(Date, &'static str)> {
        let without = self.region.map_or(&[][..], |region| region.without);
        let own = self.country.rules.iter().filter(|rule| !without.contains(&rule.name));
        let more = self.region.map_or(&[][..], |region| region.more);
        let rules = own.chain(more);
        let named: Vec<(Date, &Rule)> =
            rules.filter_map(|rule| Some((rule.in_year(year)?, rule))).collect();
        let mut days: Vec<(Date, &'static str)> =
            named.iter().map(|(day, rule)| (*day, rule.name)).collect();
        for (day, rule) in &named {
            if let Some(free) = observed(*day, rule.moved, &days) {
                days.push((free, rule.name));
            }
        }
        if self.country.between {
            let next = |day: &Date| {
                let (one, two) = (day.tomorrow().ok()?, day.checked_add(2.days()).ok()?);
                let is_free = |day| days.iter().any(|(other, _)| *other == day);
                (!is_free(one) && is_free(two)).then_some(one)
            };
            let between: Vec<Date> = days.iter().filter_map(|(day, _)| next(day)).collect();
            days.extend(between.into_iter().map(|day| (day, "Holiday between two holidays")));
        }
        days
    }
}

/// The day that is free in place of a holiday on a weekend.
fn observed(day: Date, moved: Moved, taken: &[(Date, &'static str)]) -> Option<Date> {
    let is_weekend = |day: Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let next_free = |is_ok: &dyn Fn(Date) -> bool| {
        let mut next = day.tomorrow().ok()?;
        while taken.iter().any(|(other, _)| *other == next) || !is_ok(next) {
            next = next.tomorrow().ok()?;
        }
        Some(next)
    };
    match (moved, day.weekday()) {
        (Moved::SundayOn, Weekday::Sunday) => next_free(&|_| true),
        (Moved::Sunday | Moved::Monday | Moved::Nearest, Weekday::Sunday) => day.tomorrow().ok(),
        (Moved::Monday, Weekday::Saturday) => day.checked_add(2.days()).ok(),
        (Moved::Weekend, Weekday::Saturday | Weekday::Sunday) => {
            next_free(&|next| !is_weekend(next))
        }
        (Moved::Nearest, Weekday::Saturday) => day.yesterday().ok(),
        _ => None,
    }
}

impl Day {
    fn in_year(self, year: i16) -> Option<Date> {
        match self {
            Self::Fixed(month, day) => Date::new(year, month, day).ok(),
            Self::Unless(weekdays, month, day) => {
                let day = Date::new(year, month, day).ok()?;
                (!weekdays.contains(&day.weekday())).then_some(day)
            }
            Self::Nth(n, weekday, month) => {
                Date::new(year, month, 1).ok()?.nth_weekday_of_month(n, weekday).ok()
            }
            Self::From(weekday, month, day) => {
                from_date(Date::new(year, month, day).ok()?, weekday)
            }
            Self::MondayUnless(weekday, month, day) => {
                let day = Date::new(year, month, day).ok()?;
                if day.weekday() == weekday {
                    return Some(day);
                }
                day.nth_weekday_of_month(1, Weekday::Monday).ok()
            }
            Self::OutsideHolyWeek(weekday, month, day) => {
                let found = from_date(Date::new(year, month, day).ok()?, weekday)?;
                let easter = western_easter(year)?;
                let before = easter.checked_sub(7.days()).ok()?;
                if (before..easter).contains(&found) {
                    found.checked_add(7.days()).ok()
                } else {
                    Some(found)
                }
            }
            Self::Easter(days) => western_easter(year)?.checked_add(days.days()).ok(),
            Self::Orthodox(days) => orthodox_easter(year)?.checked_add(days.days()).ok(),
            Self::SpringEquinox => equinox(year, 3, 20_843_100),
            Self::AutumnEquinox => equinox(year, 9, 23_248_800),
            Self::Listed(days) => {
                let found = days.iter().find(|(of, ..)| *of == year);
                found.and_then(|(year, month, day)| Date::new(*year, *month, *day).ok())
            }
        }
    }
}

fn from_date(first: Date, weekday: Weekday) -> Option<Date> {
    first.checked_add(i64::from(first.weekday().until(weekday)).days()).ok()
}

/// Easter Sunday of the western churches.
#[expect(clippy::many_single_char_names, reason = "the letters of the published method")]
fn western_easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y.rem_euclid(19), y.div_euclid(100), y.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Easter Sunday of the orthodox churches: the Julian date in the calendar of today.
#[expect(clippy::many_single_char_names, reason = "the letters of the published method")]
fn orthodox_easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y.rem_euclid(4), y.rem_euclid(7), y.rem_euclid(19));
    let d = (19 * c + 15) % 30;
    let e = (2 * a + 4 * b - d + 34) % 7;
    let (month, day) = ((d + e + 114) / 31, (d + e + 114) % 31 + 1);
    let julian = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let century = y.div_euclid(100);
    julian.checked_add((century - century.div_euclid(4) - 2).days()).ok()
}

/// The day of an equinox in Japan, 1980 to 2099, from its day in 1980 in millionths.
fn equinox(year: i16, month: i8, first: i64) -> Option<Date> {
    let n = i64::from(year) - 1980;
    if !(0..120).contains(&n) {
        return None;
    }
    let day = (first + 242_194 * n) / 1_000_000 - n / 4;
    Date::new(year, month, i8::try_from(day).ok()?).ok()
}

pub(crate) const fn listed(days: &'static [(i16, i8, i8)], name: &'static str) -> Rule {
    Rule::new(Day::Listed(days), name)
}

#[cfg(test)]
mod tests;
