//! Steps that another seat did than the one that is written there, and steps that were done too late.
//!
//! Both are judged only where it can be known: by whom, where the log names a role, or a resource that is a seat or
//! whose seats were told; by when, where the words of the deadline give a rule and what it is counted from is in
//! the log. What could not be judged is counted.
//!
//! A step's turn comes when the last of the steps before it was done that lead to it; that of the first with the
//! case. A case begins with its first event, or with the moment at which that event was begun where the log says so.

use crate::conform::{Deviation, Kind};
use crate::log::{EventLog, NO_TIME};
use crate::matching::plain;
use crate::number::{id, long};
use crate::stats::quantile;
use crate::terms::{Term, Terms};
use crate::time;
use gemba_model::due::{Anchor, Due};
use gemba_model::field;
use gemba_schedule::WorkCalendar;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Which seats the resources of a log hold; names that differ in case and marks alone are one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holders {
    seats: BTreeMap<String, BTreeSet<String>>,
}

impl Holders {
    /// A resource (a person, an account, a role of the other system) holds a seat, beside those that it is known to
    /// hold.
    pub fn add(&mut self, resource: &str, seat: &str) {
        self.seats.entry(plain(resource)).or_default().insert(plain(seat));
    }
}

/// What is wrong with how a step was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Another seat did it.
    WrongSeat {
        /// Who did it, as the log has it.
        did: String,
    },
    /// It was done after its deadline.
    TooLate {
        /// The deadline, in microseconds since 1970.
        due: i64,
        /// When it was done.
        done: i64,
    },
}

/// A step that was not done as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// The case.
    pub case: u32,
    /// The event.
    pub event: u32,
    /// What is wrong.
    pub what: What,
}

/// A log judged by seats and deadlines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judged {
    /// What was not done as it is written, by case.
    pub breaches: Vec<Breach>,
    /// How many events had a seat that could be held against what is written.
    pub by_seat: u64,
    /// How many events of steps with a seat named nobody whose seat is known, by who they name.
    pub unknown: BTreeMap<String, u64>,
    /// How many events had a deadline that could be counted.
    pub by_deadline: u64,
    /// How many events had a deadline that could not be counted in this log.
    pub undated: u64,
}

/// Judges the events of a log. Its activities must have the titles of the steps ([`EventLog::renamed`]).
pub fn judged(log: &EventLog, terms: &Terms, holders: &Holders, calendar: &WorkCalendar) -> Judged {
    let mut found = Judged::default();
    let of: Vec<Option<&Term>> = log.activities.iter().map(|name| terms.step(name)).collect();
    let begins = log.begins();
    let known = Known::of(log, terms, holders);
    for case in 0..log.cases() {
        let mut course = Course::new(log, begins.as_deref(), case);
        for (event, activity) in log.range(case).zip(log.trace(case)) {
            let term = of.get(crate::number::ix(*activity)).copied().flatten();
            let breach = |what| Breach { case: id(case), event: id(event), what };
            if let Some(term) = term.filter(|term| !term.seats.is_empty()) {
                match known.seats(event) {
                    None => {
                        if let Some(who) = log.resource(event) {
                            *found.unknown.entry(who.to_owned()).or_default() += 1;
                        }
                    }
                    Some(seats) => {
                        found.by_seat += 1;
                        if !term.seats.iter().any(|seat| seats.contains(&plain(seat))) {
                            let did = known.who(event);
                            found.breaches.push(breach(What::WrongSeat { did }));
                        }
                    }
                }
            }
            if let Some((term, due)) = term.and_then(|term| Some((term, term.due.as_ref()?))) {
                match (course.due(term, due, event, calendar), log.time(event)) {
                    (Some(due), Some(done)) => {
                        found.by_deadline += 1;
                        if done > due {
                            found.breaches.push(breach(What::TooLate { due, done }));
                        }
                    }
                    _ => found.undated += 1,
                }
            }
            course.done(event);
        }
    }
    found
}

/// Who did what, as far as it is known.
struct Known<'a> {
    log: &'a EventLog,
    terms: &'a Terms,
    holders: &'a Holders,
    roles: Vec<u32>,
}

impl<'a> Known<'a> {
    fn of(log: &'a EventLog, terms: &'a Terms, holders: &'a Holders) -> Self {
        Self { log, terms, holders, roles: log.roles() }
    }

    /// What an event says of who did it.
    fn said(&self, event: usize) -> impl Iterator<Item = &'a str> {
        let log = self.log;
        let pairs = log.attributes(event).iter();
        let roles = pairs.filter(|pair| self.roles.contains(&pair.key));
        log.resource(event).into_iter().chain(roles.map(move |pair| log.values.get(pair.value)))
    }

    fn who(&self, event: usize) -> String {
        self.said(event).collect::<Vec<_>>().join(", ")
    }

    /// The seats of whoever did it, by their plain names; `None` where none is known.
    fn seats(&self, event: usize) -> Option<BTreeSet<String>> {
        let mut seats = BTreeSet::new();
        for name in self.said(event).map(plain) {
            seats.extend(self.holders.seats.get(&name).into_iter().flatten().cloned());
            seats.extend(self.terms.seats.get(&name).map(|seat| plain(seat)));
        }
        (!seats.is_empty()).then_some(seats)
    }
}

/// A case while its events are gone through.
struct Course<'a> {
    log: &'a EventLog,
    case: usize,
    start: Option<i64>,
    last: Option<i64>,
    done: BTreeMap<u32, i64>,
}

impl<'a> Course<'a> {
    fn new(log: &'a EventLog, begins: Option<&[i64]>, case: usize) -> Self {
        let begun = |begins: &[i64]| {
            let own = begins.get(log.range(case)).unwrap_or_default();
            own.iter().copied().filter(|time| *time != NO_TIME).min()
        };
        let first = log.range(case).find_map(|event| log.time(event));
        let start = match begins.and_then(begun) {
            Some(begun) => Some(first.map_or(begun, |first| begun.min(first))),
            None => first,
        };
        Self { log, case, start, last: None, done: BTreeMap::new() }
    }

    fn done(&mut self, event: usize) {
        if let (Some(time), Some(activity)) = (self.log.time(event), self.log.activity_id(event)) {
            self.done.insert(activity, time);
            self.last = Some(time);
        }
    }

    fn when(&self, step: &str) -> Option<i64> {
        self.done.get(&self.log.activities.find(step)?).copied()
    }

    fn turn(&self, term: &Term) -> Option<i64> {
        if term.causes.is_empty() {
            return self.start;
        }
        term.causes.iter().filter_map(|step| self.when(step)).max().or(self.last).or(self.start)
    }

    fn due(&self, term: &Term, due: &Due, event: usize, on: &WorkCalendar) -> Option<i64> {
        let moment = |micros: i64| Timestamp::from_microsecond(micros).ok();
        let due = match due {
            Due::After { period, anchor } => {
                let from = match anchor {
                    Anchor::Start => self.start?,
                    Anchor::Turn => self.turn(term)?,
                    Anchor::Step(_) => self.when(term.since.as_deref()?)?,
                };
                on.after(moment(from)?, *period)
            }
            Due::Moment { rule, timed } => on.moment(rule, *timed, moment(self.start?)?),
            Due::Dated { period, before, value } => {
                on.beside(self.date(value, event)?, *period, *before)
            }
        };
        Some(due?.as_microsecond())
    }

    /// The date that the case, or the last event that says so up to one, has for a value.
    fn date(&self, value: &str, event: usize) -> Option<Date> {
        let log = self.log;
        let of = |pairs: &[crate::log::Pair]| {
            let is_it = |pair: &&crate::log::Pair| {
                log.key(pair.key).is_some_and(|key| field::key(&key.name) == value)
            };
            let text = log.values.get(pairs.iter().find(is_it)?.value);
            text.get(..10)?.parse().ok()
        };
        let mut events = log.range(self.case).take_while(|other| *other <= event);
        let mut found = None;
        events.by_ref().for_each(|event| found = of(log.attributes(event)).or(found));
        found.or_else(|| of(log.case_attributes(self.case)))
    }
}

impl Judged {
    /// What was not done as it is written, step by step.
    pub fn deviations(&self, log: &EventLog, terms: &Terms) -> Vec<Deviation> {
        let mut all: BTreeMap<(Kind, &str), Vec<&Breach>> = BTreeMap::new();
        for breach in &self.breaches {
            let kind = match breach.what {
                What::WrongSeat { .. } => Kind::WrongSeat,
                What::TooLate { .. } => Kind::TooLate,
            };
            let name = log.activity(crate::number::ix(breach.event));
            all.entry((kind, name)).or_default().push(breach);
        }
        let mut told: Vec<Deviation> = all
            .into_iter()
            .map(|((kind, activity), breaches)| {
                let cases: BTreeSet<u32> = breaches.iter().map(|breach| breach.case).collect();
                Deviation {
                    kind,
                    activity: activity.to_owned(),
                    cases: long(cases.len()),
                    times: long(breaches.len()),
                    detail: Some(detail(&breaches, terms.step(activity))),
                    variants: Vec::new(),
                }
            })
            .collect();
        crate::conform::sort(&mut told);
        told
    }
}

/// Who did it instead, or how late it was.
fn detail(breaches: &[&Breach], term: Option<&Term>) -> String {
    let mut who: BTreeMap<&str, u64> = BTreeMap::new();
    let mut late: Vec<i64> = Vec::new();
    for breach in breaches {
        match &breach.what {
            What::WrongSeat { did } => *who.entry(did).or_default() += 1,
            What::TooLate { due, done } => late.push(done - due),
        }
    }
    if who.is_empty() {
        late.sort_unstable();
        let words = |share: f64| time::in_words(whole(quantile(&late, share).unwrap_or_default()));
        return format!("half by at most {}, the latest by {}", words(0.5), words(1.0));
    }
    let mut who: Vec<(&str, u64)> = who.into_iter().collect();
    who.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let more = who.len().saturating_sub(MOST_NAMES);
    let mut names: Vec<String> =
        who.iter().take(MOST_NAMES).map(|(name, times)| format!("{name} ({times})")).collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    let seats: Vec<&str> =
        term.into_iter().flat_map(|term| &term.seats).map(String::as_str).collect();
    format!("done by {} instead of {}", names.join(", "), seats.join(" or "))
}

/// So many are named.
const MOST_NAMES: usize = 3;

#[expect(clippy::as_conversions, reason = "a cast from a float saturates")]
fn whole(micros: f64) -> i64 {
    micros as i64
}

#[cfg(test)]
mod tests;
