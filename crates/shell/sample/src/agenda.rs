//! What shall happen when: everything that is known before the past is played.

use crate::{
    company::{Company, Past, Standing, State},
    dice::Dice,
    hours,
};
use gemba_app::{Error, Result};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Weekday, tz::TimeZone};
use std::collections::BTreeMap;

const WEEK: i64 = 7 * 24;
/// Request runs begin at most this long ago, and come to their end if they began before the margin.
const SPREAD_HOURS: i64 = 55 * 24;
const MARGIN_HOURS: i64 = 5 * 24;
/// When the company set Gemba up with all its documents, in weeks before now.
const DRAFTS: u32 = 9;

/// One thing to do.
#[derive(Debug, Clone)]
pub(crate) enum Task {
    /// All documents come in that are not there yet.
    Import,
    /// A process is put in force.
    Publish { slug: String },
    /// The first text of a process gives way to the one of today.
    Revise { slug: String },
    /// A document is held against the work.
    Review { slug: String },
    /// The value of a week.
    Push { measurable: usize, week: usize },
    /// Somebody asks for a run.
    Start { slug: String, number: u32, fate: Fate },
    /// Somebody takes the open step of a run.
    Take { run: usize },
    /// The open step of a run is done.
    Finish { run: usize },
    /// A run is ended before its end.
    Cancel { run: usize },
}

/// What becomes of a run.
#[derive(Debug, Clone)]
pub(crate) enum Fate {
    /// It comes to its end.
    Finish,
    /// It is still under way, at the place with this number.
    Leave { place: usize },
    /// It is ended with this reason after so many steps.
    Cancel { reason: String, after: u32 },
}

/// The tasks in order of time.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    tasks: BTreeMap<(Timestamp, u64), Task>,
    n: u64,
}

impl Agenda {
    pub(crate) fn add(&mut self, at: Timestamp, task: Task) {
        self.tasks.insert((at, self.n), task);
        self.n += 1;
    }

    pub(crate) fn next_at(&self) -> Option<Timestamp> {
        self.tasks.first_key_value().map(|((at, _), _)| *at)
    }

    pub(crate) fn pop(&mut self) -> Option<(Timestamp, Task)> {
        self.tasks.pop_first().map(|((at, _), task)| (at, task))
    }
}

/// The time so many weeks before now.
pub(crate) fn weeks_before(now: Timestamp, weeks: u32) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(WEEK * i64::from(weeks))).unwrap_or(now)
}

/// The weeks ago at which the first thing happens.
pub(crate) fn first_week(company: &Company) -> u32 {
    let reviewed = company.processes.iter().filter_map(|p| p.reviewed_weeks_ago);
    reviewed.max().unwrap_or(0).max(weeks_of_values(company)).max(DRAFTS) + 1
}

fn weeks_of_values(company: &Company) -> u32 {
    let longest = company.measurables.iter().map(|m| m.values.len()).max();
    longest.and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
}

/// What becomes of the run with this number, counted from zero, of those that come to an end.
pub(crate) fn fate(past: &Past, slug: &str, number: u32, of: u32) -> Fate {
    let cancelled = past.processes.get(slug).map(|s| s.cancelled.as_slice()).unwrap_or_default();
    let n = u32::try_from(cancelled.len()).unwrap_or(0);
    let mut spread = cancelled.iter().zip(1..);
    let found = spread.find(|(_, nth)| number == nth * of / (n + 1));
    match found {
        Some((reason, nth)) => Fate::Cancel { reason: reason.clone(), after: nth % 2 },
        None => Fate::Finish,
    }
}

/// The agenda of the whole past but for the steps, which follow from each other.
pub(crate) fn plan(
    company: &Company,
    past: &Past,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Agenda> {
    let mut agenda = Agenda::default();
    agenda.add(weeks_before(now, DRAFTS), Task::Import);
    for standing in company.processes.iter().filter(|p| p.state == State::Published) {
        publish(&mut agenda, company, past, standing, now);
        requests(&mut agenda, company, past, zone, &standing.slug, now)?;
    }
    for (measurable, entry) in company.measurables.iter().enumerate() {
        for week in 0..entry.values.len() {
            let back = entry.values.len() - 1 - week;
            let at = push_time(zone, now, back, measurable)?;
            agenda.add(at, Task::Push { measurable, week });
        }
    }
    Ok(agenda)
}

fn publish(
    agenda: &mut Agenda,
    company: &Company,
    past: &Past,
    standing: &Standing,
    now: Timestamp,
) {
    let slug = standing.slug.clone();
    let reviewed = standing.reviewed_weeks_ago.unwrap_or(0);
    let in_force = reviewed.max(company.weeks_of(&slug));
    agenda.add(weeks_before(now, in_force), Task::Publish { slug: slug.clone() });
    if reviewed < in_force {
        agenda.add(weeks_before(now, reviewed), Task::Review { slug: slug.clone() });
    }
    if past.processes.get(&slug).is_some_and(|story| story.first_trigger.is_some()) {
        // From now on: any earlier, and its schedule might have fired.
        agenda.add(now, Task::Revise { slug });
    }
}

/// The runs that people ask for, spread evenly; those of schedules come by themselves.
fn requests(
    agenda: &mut Agenda,
    company: &Company,
    past: &Past,
    zone: &TimeZone,
    slug: &str,
    now: Timestamp,
) -> Result<()> {
    let Some((pace, story)) = company.history.get(slug).zip(past.processes.get(slug)) else {
        return Ok(());
    };
    if story.titles.is_empty() {
        return Ok(());
    }
    let closed = pace.runs.saturating_sub(pace.open_runs);
    let working = |hours_ago: SignedDuration, dice: &mut Dice| -> Result<Timestamp> {
        let raw = now.checked_sub(hours_ago).map_err(|e| out_of_range(&e))?;
        let minutes = dice.below(300);
        // Before the first working hour of a week, the last ones were days ago.
        let tries = (0..4).filter_map(|days| {
            let from = raw.checked_sub(SignedDuration::from_hours(24 * days)).ok()?;
            Some(hours::after(zone, from, minutes)).filter(|at| *at < now)
        });
        Ok(tries.max().unwrap_or(raw))
    };
    for number in 0..closed {
        let mut dice = Dice::of(slug, number);
        let share = f64::from(number * 100 + 10 + dice.below(40)) / f64::from(closed * 100);
        let span = SignedDuration::from_hours(SPREAD_HOURS - MARGIN_HOURS);
        let ago = SignedDuration::from_hours(SPREAD_HOURS) - span.mul_f64(share);
        let fate = fate(past, slug, number, closed);
        let at = working(ago, &mut dice)?;
        agenda.add(at, Task::Start { slug: slug.to_owned(), number, fate });
    }
    for (number, (place, open)) in (closed..).zip(story.open.iter().enumerate()) {
        let mut dice = Dice::of(slug, number);
        let ago = SignedDuration::from_hours(24).mul_f64(open.days_ago);
        let at = working(ago, &mut dice)?;
        agenda.add(at, Task::Start { slug: slug.to_owned(), number, fate: Fate::Leave { place } });
    }
    Ok(())
}

/// Friday afternoon; this week at any time before now.
fn push_time(zone: &TimeZone, now: Timestamp, back: usize, salt: usize) -> Result<Timestamp> {
    let mut dice = Dice::of("push", u32::try_from(salt * 100 + back).unwrap_or(0));
    let monday = monday(zone, now, back)?;
    let minutes = i64::from(dice.below(90));
    let friday = monday.saturating_add(4.days()).at(15, 30, 0, 0).saturating_add(minutes.minutes());
    let at = |civil: jiff::civil::DateTime| {
        zone.to_ambiguous_timestamp(civil).compatible().map_err(|e| out_of_range(&e))
    };
    let friday = at(friday)?;
    if friday <= now {
        return Ok(friday);
    }
    let begin = at(monday.at(6, 0, 0, 0))?.min(now);
    let share = f64::from(dice.below(100)) / 100.0;
    Ok(begin.saturating_add(now.duration_since(begin).mul_f64(share)).unwrap_or(now).min(now))
}

/// The Monday so many weeks before this week's.
pub(crate) fn monday(zone: &TimeZone, now: Timestamp, back: usize) -> Result<jiff::civil::Date> {
    let today = zone.to_datetime(now).date();
    let since = i64::from(today.weekday().since(Weekday::Monday));
    let days = since + 7 * i64::try_from(back).unwrap_or(0);
    today.checked_sub(days.days()).map_err(|e| out_of_range(&e))
}

/// Only for a `now` at the end of the calendar.
pub(crate) fn out_of_range(error: &jiff::Error) -> Error {
    Error::Invalid { field: "now", message: error.to_string() }
}
