//! What happened, held against what is written: pure, for runs and for logs of other systems alike.

use crate::maps::{self, Shown};
use gemba_map::StepMark;
use gemba_mining::{
    EventLog, Variants,
    align::Limits,
    breach::{Breach, Holders, Judged, What, judged},
    conform::{Conformance, Deviation, Method, conform},
    difference::{Beside, beside},
    drift::{self, Question},
    overlay,
    report::Unwatched,
    sop, stats,
    terms::Terms,
    variants,
};
use gemba_model::{Process, Step, StepId};
use gemba_schedule::WorkCalendar;
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use std::collections::{BTreeMap, BTreeSet};

pub use gemba_mining::{conform::Kind, difference::Side as Found};

/// How far an alignment is looked for while somebody waits for a page; beyond it the figures are a bound.
const LIMITS: Limits = Limits { states: 200_000, all_states: 4_000_000 };
/// How many ways, and how many cases of each, are named.
const WAYS: usize = 20;
const CASES: usize = 25;
/// How many weeks the trend goes back.
const WEEKS: usize = 26;
/// How many words are said about a change.
const WORDS: usize = 4;
/// The attribute of an event that has the deadline which was set for it.
pub(crate) const DUE: &str = "gemba:due";

/// What happened, held against what is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// How many cases were looked at.
    pub cases: usize,
    /// How many of them deviate in nothing.
    pub as_written: usize,
    /// How well the order of the steps agrees, from 0 to 1.
    pub fitness: f64,
    /// Whether the fewest deviations were found for all cases; else there may be fewer.
    pub is_proven: bool,
    /// Half of the cases take no longer, in seconds.
    pub median_s: Option<i64>,
    /// Nine of ten take no longer.
    pub p90_s: Option<i64>,
    /// How the cases deviate, the most cases first.
    pub differences: Vec<Difference>,
    /// The ways that cases take, the most frequent first; no more than twenty.
    pub ways: Vec<Way>,
    /// How many ways there are.
    pub n_ways: usize,
    /// The weeks, oldest first; a week without a case has none.
    pub weeks: Vec<Week>,
    /// The steps, those of the document first.
    pub steps: Vec<StepRow>,
    /// What changed, and since when; the earliest first.
    pub changes: Vec<Change>,
    /// The map with all that on it.
    pub map: Shown,
}

/// One kind of deviation at one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is.
    pub kind: Kind,
    /// The step, where the document has it.
    pub step: Option<StepId>,
    /// Its title, or what the other system calls it.
    pub title: String,
    /// In how many cases.
    pub cases: usize,
    /// More about it in words.
    pub detail: Option<String>,
    /// Some of the cases, the latest first.
    pub some: Vec<String>,
}

/// A way that cases take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// What was done, in order.
    pub steps: Vec<String>,
    /// How many cases.
    pub cases: usize,
    /// Whether its order is as written.
    pub fits: bool,
    /// Some of the cases, the latest first.
    pub some: Vec<String>,
}

/// The cases that ended in one week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    /// Its Monday.
    pub monday: Date,
    /// How many.
    pub cases: usize,
    /// How many of them deviate in nothing.
    pub as_written: usize,
}

/// A step, as written beside as it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRow {
    /// The step, where the document has it.
    pub step: Option<StepId>,
    /// Its title.
    pub title: String,
    /// Where it is found.
    pub found: Found,
    /// How often it happens.
    pub times: u64,
    /// In how many cases.
    pub cases: u64,
    /// Half take no longer from its turn to done, in seconds; where that is not known, from what came before.
    pub median_s: Option<i64>,
    /// Nine of ten take no longer.
    pub p90_s: Option<i64>,
}

/// A change of how it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// When the first case that is other began.
    pub since: Timestamp,
    /// How many cases there are since.
    pub cases: usize,
    /// What is other, in words.
    pub words: Vec<String>,
    /// Whether the document says less of what happens since then.
    pub is_stale: bool,
}

/// What is held against what.
pub(crate) struct Matter<'a> {
    /// What is written, its steps under names that tell them apart ([`named`]).
    pub(crate) process: &'a Process,
    /// What happened, under the same names.
    pub(crate) log: &'a EventLog,
    pub(crate) holders: &'a Holders,
    pub(crate) calendar: &'a WorkCalendar,
    /// Whether deadlines were set when it happened; else they are counted from what is written.
    pub(crate) has_dues: bool,
    pub(crate) zone: &'a TimeZone,
    /// The page to whose steps the map leads.
    pub(crate) page: &'a str,
}

/// The process with a name for each step that no other has.
pub(crate) fn named(process: &Process) -> Process {
    let mut process = process.clone();
    let mut taken = BTreeSet::new();
    for step in &mut process.steps {
        tell_apart(step, &mut taken);
    }
    process
}

fn tell_apart(step: &mut Step, taken: &mut BTreeSet<String>) {
    if !taken.insert(step.title.clone()) {
        step.title = format!("{} ({})", step.title, step.id);
        taken.insert(step.title.clone());
    }
    for part in &mut step.steps {
        tell_apart(part, taken);
    }
}

/// Holds what happened against what is written.
///
/// # Errors
///
/// Words on why the document cannot be followed to its end.
pub(crate) fn held(matter: &Matter<'_>) -> Result<Held, String> {
    let Matter { process, log, .. } = *matter;
    let titles: BTreeSet<&str> =
        process.all_steps().into_iter().map(|step| step.title.as_str()).collect();
    let seen = log.activities.iter().filter(|name| titles.contains(name)).map(str::to_owned);
    let model = sop::model(process, &seen.collect());
    let terms = Terms::of(process, &model.net);
    let found = variants(log);
    let conformance =
        conform(&log.activities, &found, &model, Method::Align, LIMITS, &mut Unwatched)
            .map_err(|refusal| refusal.to_string())?;
    let judged = judge(matter, &terms);
    let conformance = conformance.with(judged.deviations(log, &terms));
    let beside = beside(log, &model, &conformance);
    let order = drift::order(log);
    let picked = Picked {
        matter,
        variants: &found,
        conformance: &conformance,
        judged: &judged,
        spans: stats::spans(log),
    };
    Ok(picked.told(&beside, &order))
}

/// Seats as they are written; deadlines as they were set where they were.
fn judge(matter: &Matter<'_>, terms: &Terms) -> Judged {
    let log = matter.log;
    let mut found = judged(log, terms, matter.holders, matter.calendar);
    if matter.has_dues {
        found.breaches.retain(|breach| matches!(breach.what, What::WrongSeat { .. }));
        let of = |event: usize| {
            let is_due = |key: u32| log.key(key).is_some_and(|key| key.name == DUE);
            let pair = log.attributes(event).iter().find(|pair| is_due(pair.key))?;
            Some((log.values.get(pair.value).parse::<i64>().ok()?, log.time(event)?))
        };
        for case in 0..log.cases() {
            for event in log.range(case) {
                let late = of(event).filter(|(due, done)| done > due);
                let (Some((due, done)), Ok(case), Ok(event)) =
                    (late, u32::try_from(case), u32::try_from(event))
                else {
                    continue;
                };
                let what = What::TooLate { due, done };
                found.breaches.push(Breach { case, event, what });
            }
        }
    }
    found
}

struct Picked<'a> {
    matter: &'a Matter<'a>,
    variants: &'a Variants,
    conformance: &'a Conformance,
    judged: &'a Judged,
    /// When each case began and ended.
    spans: Vec<Option<(i64, i64)>>,
}

impl Picked<'_> {
    fn log(&self) -> &EventLog {
        self.matter.log
    }

    fn step_of(&self, title: &str) -> Option<StepId> {
        let all = self.matter.process.all_steps();
        all.into_iter().find(|step| step.title == title).map(|step| step.id.clone())
    }

    fn told(&self, beside: &Beside, order: &[usize]) -> Held {
        let log = self.log();
        let clean = self.clean();
        let spans = self.spans.iter().flatten();
        let mut lengths: Vec<i64> = spans.map(|(begun, ended)| ended - begun).collect();
        lengths.sort_unstable();
        Held {
            cases: log.cases(),
            as_written: clean.iter().filter(|clean| **clean).count(),
            fitness: self.conformance.log,
            is_proven: self.conformance.per_variant.iter().all(|one| one.cost == one.at_least),
            median_s: seconds(stats::quantile(&lengths, 0.5)),
            p90_s: seconds(stats::quantile(&lengths, 0.9)),
            differences: self.differences(order),
            n_ways: self.variants.all.len(),
            ways: self.ways(order),
            weeks: self.weeks(&clean),
            steps: self.steps(beside),
            changes: self.changes(order),
            map: self.map(beside),
        }
    }

    fn span(&self, case: usize) -> Option<(i64, i64)> {
        self.spans.get(case).copied().flatten()
    }

    /// Whether the order of a case is as written.
    fn fits(&self, case: usize) -> bool {
        let variant = self.variants.of_case.get(case).and_then(|v| usize::try_from(*v).ok());
        let one = variant.and_then(|variant| self.conformance.per_variant.get(variant));
        one.is_some_and(|one| one.cost == 0)
    }

    /// Of each case whether it deviates in nothing.
    fn clean(&self) -> Vec<bool> {
        let breached: BTreeSet<u32> = self.judged.breaches.iter().map(|b| b.case).collect();
        let is_clean = |case: usize| {
            let breached = u32::try_from(case).is_ok_and(|case| breached.contains(&case));
            self.fits(case) && !breached
        };
        (0..self.log().cases()).map(is_clean).collect()
    }

    /// The names of some cases, the latest first.
    fn some(&self, order: &[usize], is_it: impl Fn(usize) -> bool) -> Vec<String> {
        let latest = order.iter().rev().copied().filter(|case| is_it(*case));
        latest.take(CASES).map(|case| self.log().case_name(case).to_owned()).collect()
    }

    fn differences(&self, order: &[usize]) -> Vec<Difference> {
        let log = self.log();
        let one = |found: &Deviation| {
            let cases: BTreeSet<u32> = match found.kind {
                Kind::Skipped | Kind::Extra | Kind::WrongOrder => {
                    let all = self.variants.of_case.iter().zip(0_u32..);
                    let has = |(variant, _): &(&u32, u32)| found.variants.contains(variant);
                    all.filter(has).map(|(_, case)| case).collect()
                }
                Kind::WrongSeat | Kind::TooLate => {
                    let is_kind = |what: &What| match what {
                        What::WrongSeat { .. } => found.kind == Kind::WrongSeat,
                        What::TooLate { .. } => found.kind == Kind::TooLate,
                    };
                    let is_it = |breach: &&Breach| {
                        let event = usize::try_from(breach.event).unwrap_or(usize::MAX);
                        is_kind(&breach.what) && log.activity(event) == found.activity
                    };
                    self.judged.breaches.iter().filter(is_it).map(|breach| breach.case).collect()
                }
            };
            let is_it = |case: usize| u32::try_from(case).is_ok_and(|case| cases.contains(&case));
            Difference {
                kind: found.kind,
                step: self.step_of(&found.activity),
                title: found.activity.clone(),
                cases: cases.len(),
                detail: found.detail.clone(),
                some: self.some(order, is_it),
            }
        };
        self.conformance.deviations.iter().map(one).collect()
    }

    fn ways(&self, order: &[usize]) -> Vec<Way> {
        let all = self.variants.all.iter().zip(&self.conformance.per_variant).zip(0_u32..);
        let way = |((variant, one), place)| {
            let variant: &gemba_mining::Variant = variant;
            let one: &gemba_mining::conform::One = one;
            let is_it = |case: usize| self.variants.of_case.get(case) == Some(&place);
            let names = variant.activities.iter();
            Way {
                steps: names.map(|id| self.log().activities.get(*id).to_owned()).collect(),
                cases: usize::try_from(variant.count).unwrap_or(usize::MAX),
                fits: one.cost == 0,
                some: self.some(order, is_it),
            }
        };
        all.take(WAYS).map(way).collect()
    }

    fn weeks(&self, clean: &[bool]) -> Vec<Week> {
        let mut weeks: BTreeMap<Date, (usize, usize)> = BTreeMap::new();
        for (case, clean) in clean.iter().enumerate() {
            let ended = self.span(case).map(|(_, ended)| ended);
            let Some(monday) = ended.and_then(|ended| self.monday(ended)) else { continue };
            let week = weeks.entry(monday).or_default();
            week.0 += 1;
            week.1 += usize::from(*clean);
        }
        let Some((first, last)) = weeks.keys().next().zip(weeks.keys().next_back()) else {
            return Vec::new();
        };
        let (first, mut at) = (*first, *last);
        let mut all = Vec::new();
        while at >= first && all.len() < WEEKS {
            let (cases, as_written) = weeks.get(&at).copied().unwrap_or_default();
            all.push(Week { monday: at, cases, as_written });
            let Ok(before) = at.checked_sub(1.week()) else { break };
            at = before;
        }
        all.reverse();
        all
    }

    fn monday(&self, micros: i64) -> Option<Date> {
        let at = Timestamp::from_microsecond(micros).ok()?;
        let day = at.to_zoned(self.matter.zone.clone()).date();
        day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok()
    }

    fn steps(&self, beside: &Beside) -> Vec<StepRow> {
        let row = |step: &gemba_mining::difference::StepBeside| {
            let length = step.working.or(step.waiting);
            StepRow {
                step: self.step_of(&step.name),
                title: step.name.clone(),
                found: step.side,
                times: step.times,
                cases: step.cases,
                median_s: seconds(length.map(|length| length.median)),
                p90_s: seconds(length.map(|length| length.p90)),
            }
        };
        let place = |row: &StepRow| {
            let all = self.matter.process.all_steps();
            all.iter().position(|step| row.step.as_ref() == Some(&step.id)).unwrap_or(usize::MAX)
        };
        let mut rows: Vec<StepRow> = beside.steps.iter().map(row).collect();
        rows.sort_by_cached_key(place);
        rows
    }

    fn changes(&self, order: &[usize]) -> Vec<Change> {
        let log = self.log();
        let found = drift::changes(order.iter().map(|case| log.trace(*case)));
        let fits: Vec<bool> = order.iter().map(|case| self.fits(*case)).collect();
        let stale = drift::stale(&fits, &found);
        let change = |(n, change): (usize, &drift::Change)| {
            let (begun, _) = order.get(change.case).and_then(|case| self.span(*case))?;
            let is_plain = |d: &&drift::Difference| {
                matches!(d.question, Question::Happens(_) | Question::Before(..))
            };
            let plain: Vec<&drift::Difference> =
                change.differences.iter().filter(is_plain).collect();
            let told = if plain.is_empty() { change.differences.iter().collect() } else { plain };
            Some(Change {
                since: Timestamp::from_microsecond(begun).ok()?,
                cases: order.len() - change.case,
                words: told.iter().take(WORDS).map(|d| drift::in_words(log, d)).collect(),
                is_stale: stale == Some(n),
            })
        };
        found.iter().enumerate().filter_map(change).collect()
    }

    fn map(&self, beside: &Beside) -> Shown {
        let process = self.matter.process;
        let note = |step: &gemba_mining::difference::StepBeside| {
            let length = step.working.or(step.waiting)?;
            Some(format!("half in {}", crate::insight::brief(seconds(Some(length.median))?)))
        };
        let (graph, mut marks) = overlay::drawn(process, beside, note);
        for step in &process.steps {
            let mark: &mut StepMark = marks.steps.entry(step.id.clone()).or_default();
            mark.href = Some(format!("{}#step-{}", self.matter.page, step.id));
        }
        maps::both(&graph, process.steps.len(), &marks)
    }
}

/// Whole seconds of microseconds.
#[expect(clippy::as_conversions, reason = "it saturates")]
fn seconds(micros: Option<f64>) -> Option<i64> {
    micros.map(|micros| (micros / 1e6) as i64)
}
