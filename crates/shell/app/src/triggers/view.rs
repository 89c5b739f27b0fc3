//! Triggers and their occurrences as they are shown, each with why it did or did not start a run.

use super::turn::{Armed, Brought};
use crate::{
    Act, App, Error, Result, Who, access, insight, processes,
    records::{Pause, ProcessRecord, TriggerRecord},
    workspace::its_calendar,
};
use gemba_model::id::{SeatId, TriggerId};
pub use gemba_schedule::preview::{Clock, ClockChange, Preview};
use gemba_schedule::{Firing, WorkCalendar, policy::GRACE, preview};
use gemba_store::{
    Mode, OccurrenceFilter, OccurrenceKind, OccurrenceRow, OccurrenceState, Tx, all, load,
};
use jiff::{Timestamp, civil::DateTime};
use std::collections::BTreeMap;

/// How many occurrences to come are shown.
const TO_COME: usize = 10;
/// The most occurrences of one page.
const PAGE: u32 = 200;

/// An occurrence as it is shown.
#[derive(Debug, Clone)]
pub struct Occurrence {
    /// When it is due, what became of it.
    pub row: OccurrenceRow,
    /// How late Gemba acted, in seconds.
    pub late_s: i64,
    /// Why it did or did not start a run, as a sentence.
    pub explanation: String,
    /// What came with it.
    pub brought: Brought,
}

impl Occurrence {
    fn of(row: OccurrenceRow, now: Timestamp) -> Self {
        let late_s = match row.state {
            OccurrenceState::Planned => 0,
            OccurrenceState::Waiting
            | OccurrenceState::Asked
            | OccurrenceState::Started
            | OccurrenceState::Skipped => row.handled.as_second() - row.due.as_second(),
        };
        let explanation = explanation(&row, now);
        Self { brought: Brought::of(&row), row, late_s, explanation }
    }
}

/// How long after its moment something is, in words.
pub(super) fn late(row: &OccurrenceRow, now: Timestamp) -> String {
    insight::duration(now.as_second() - row.due.as_second())
}

/// A local date and time, in words.
pub(super) fn civil(at: DateTime) -> String {
    at.strftime("%-d %b %Y, %H:%M").to_string()
}

fn explanation(row: &OccurrenceRow, now: Timestamp) -> String {
    let said = row.reason.as_deref();
    match (row.state, row.kind) {
        (OccurrenceState::Planned, _) if row.due > now => {
            "It is still to come; whether it starts a run is decided when it is due.".to_owned()
        }
        (OccurrenceState::Planned, _) => match Brought::of(row).because {
            Some(because) => format!("{because} Its turn comes next."),
            None => "It is due; its turn comes next.".to_owned(),
        },
        (OccurrenceState::Started, OccurrenceKind::Schedule) => {
            let late = row.handled.duration_since(row.due);
            let on_time = if late <= GRACE {
                "It started its run on time.".to_owned()
            } else {
                format!("It started its run {} late.", insight::duration(late.as_secs()))
            };
            [on_time.as_str()].into_iter().chain(said).collect::<Vec<_>>().join(" ")
        }
        (OccurrenceState::Started, _) => said.unwrap_or("It started its run.").to_owned(),
        (OccurrenceState::Waiting | OccurrenceState::Asked | OccurrenceState::Skipped, _) => {
            said.unwrap_or("Why it started no run was not written down.").to_owned()
        }
    }
}

/// A trigger with everything its page shows.
#[derive(Debug, Clone)]
pub struct Trigger {
    /// The trigger.
    pub trigger: TriggerRecord,
    /// The process: slug and title.
    pub process: (String, String),
    /// Why it is paused, where it is.
    pub paused: Option<Pause>,
    /// The next occurrences, on the clock of the workspace.
    pub next: Vec<Preview>,
    /// When the clock is moved next, within a year.
    pub clock_change: Option<ClockChange>,
    /// The IANA name of the zone in which its times are meant.
    pub zone: String,
    /// How many occurrences wait for an answer.
    pub n_asked: usize,
    /// How many wait their turn.
    pub n_waiting: usize,
    /// Whether the one who asks may change it.
    pub may_change: bool,
    /// Whether the one who asks may say whether a missed occurrence starts.
    pub may_answer: bool,
    /// The seat of the owner of its process, where that is in force.
    pub owner: Option<SeatId>,
}

/// All schedules, also those that are no longer in force.
pub async fn list(app: &App, who: &Who) -> Result<Vec<TriggerRecord>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let found = all::<TriggerRecord>(&mut *tx).await?;
    Ok(found.into_iter().map(|trigger| trigger.value).collect())
}

/// The schedules in force, the one that is due next first.
pub async fn overview(app: &App, who: &Who) -> Result<Vec<Trigger>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let calendar = its_calendar(&mut *tx).await?;
    let mut found = Vec::new();
    for trigger in gemba_store::by_key::<TriggerRecord>(&mut *tx, "active", "yes").await? {
        found.push(shown(app, &mut *tx, who, trigger.value, &calendar).await?);
    }
    found.sort_by(|a, b| {
        let key = |one: &Trigger| (one.trigger.next_due.is_none(), one.trigger.next_due);
        (key(a), &a.process.1).cmp(&(key(b), &b.process.1))
    });
    Ok(found)
}

/// One trigger.
pub async fn get(app: &App, who: &Who, id: TriggerId) -> Result<Trigger> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let calendar = its_calendar(&mut *tx).await?;
    let trigger = find(&mut *tx, id).await?;
    shown(app, &mut *tx, who, trigger, &calendar).await
}

pub(super) async fn find(tx: &mut dyn Tx, id: TriggerId) -> Result<TriggerRecord> {
    let found = load::<TriggerRecord>(tx, &id.to_string()).await?;
    found.map(|trigger| trigger.value).ok_or_else(|| Error::not_found("trigger", id))
}

async fn shown(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    trigger: TriggerRecord,
    calendar: &WorkCalendar,
) -> Result<Trigger> {
    let process: ProcessRecord = processes::of_id(tx, trigger.process).await?.value;
    let owner = process.published.as_ref().map(|in_force| in_force.owner);
    let n = async |tx: &mut dyn Tx, state| -> Result<usize> {
        let filter = OccurrenceFilter {
            trigger: Some(trigger.id),
            states: vec![state],
            limit: PAGE,
            ..OccurrenceFilter::default()
        };
        Ok(tx.occurrences(&filter).await?.len())
    };
    let n_asked = n(tx, OccurrenceState::Asked).await?;
    let n_waiting = n(tx, OccurrenceState::Waiting).await?;
    let now = app.now();
    let next = if trigger.active {
        let written = trigger.next_due.filter(|due| *due > now).and_then(|at| {
            Some(Firing { at, civil: trigger.next_civil.as_deref()?.parse().ok()? })
        });
        preview::preview(&trigger.rule, now, written, calendar, TO_COME)
    } else {
        Vec::new()
    };
    let zone = &calendar.zone;
    Ok(Trigger {
        process: (process.slug.clone(), process.summary().title.clone()),
        paused: Pause::open(&trigger.pauses).cloned(),
        next,
        clock_change: preview::next_change(now, zone),
        zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        n_asked,
        n_waiting,
        may_change: access::may(who, Act::Write) && access::owns(who, owner),
        may_answer: access::may(who, Act::Write) && access::does(who, owner),
        owner,
        trigger,
    })
}

/// The occurrences of a trigger, latest first: in one state, or else all whose moment has come; due
/// before an instant where one is given.
pub async fn occurrences(
    app: &App,
    who: &Who,
    id: TriggerId,
    state: Option<OccurrenceState>,
    before: Option<Timestamp>,
    limit: u32,
) -> Result<Vec<Occurrence>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    Armed::load(&mut *tx, id).await?.ok_or_else(|| Error::not_found("trigger", id))?;
    let decided = OccurrenceState::ALL.into_iter().filter(|s| *s != OccurrenceState::Planned);
    let filter = OccurrenceFilter {
        trigger: Some(id),
        states: state.map_or_else(|| decided.collect(), |state| vec![state]),
        before,
        limit: limit.clamp(1, PAGE),
        ..OccurrenceFilter::default()
    };
    let now = app.now();
    let rows = tx.occurrences(&filter).await?;
    Ok(rows.into_iter().map(|row| Occurrence::of(row, now)).collect())
}

/// The occurrences that the one who asks may answer, with their triggers: their own and, for managers,
/// those of all.
pub async fn asked(app: &App, who: &Who) -> Result<Vec<(Trigger, Occurrence)>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let all = asking(app, &mut *tx, who).await?;
    Ok(all.into_iter().filter(|(trigger, _)| trigger.may_answer).collect())
}

/// The occurrences that wait for the one who asks: of processes whose owner's seat they hold, or on which
/// they act for a holder who is away.
pub(crate) async fn missed(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
) -> Result<Vec<(Trigger, Occurrence)>> {
    let mut all = asking(app, tx, who).await?;
    all.retain(|(trigger, _)| {
        trigger.may_answer && trigger.owner.is_some_and(|owner| who.works_for(owner))
    });
    Ok(all)
}

/// The occurrences that ask, the earliest first.
async fn asking(app: &App, tx: &mut dyn Tx, who: &Who) -> Result<Vec<(Trigger, Occurrence)>> {
    let filter = OccurrenceFilter {
        states: vec![OccurrenceState::Asked],
        earliest_first: true,
        limit: PAGE,
        ..OccurrenceFilter::default()
    };
    let rows = tx.occurrences(&filter).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let calendar = its_calendar(tx).await?;
    let now = app.now();
    let mut shown_once: BTreeMap<TriggerId, Trigger> = BTreeMap::new();
    let mut found = Vec::new();
    for row in rows {
        let trigger = if let Some(known) = shown_once.get(&row.trigger) {
            known.clone()
        } else {
            let trigger = find(tx, row.trigger).await?;
            let trigger = shown(app, tx, who, trigger, &calendar).await?;
            shown_once.insert(row.trigger, trigger.clone());
            trigger
        };
        found.push((trigger, Occurrence::of(row, now)));
    }
    Ok(found)
}
