//! Schedules: each due occurrence starts exactly one run, also over a restart.
//!
//! The occurrence, its run and the trigger's next time are written in one transaction, and the
//! occurrence's key (trigger, instant) is unique; so a crash at any point leaves either all or nothing,
//! and two workers cannot both start it. Occurrences that came due while nobody was there are made up
//! for, oldest first.

use crate::{
    Act, App, Error, Result, Who, audit, processes, records::TriggerRecord, runs,
    workspace::its_zone,
};
use gemba_engine::Origin;
use gemba_model::id::{OccurrenceKey, TriggerId};
use gemba_store::{Mode, OccurrenceRow, Tx, all, by_key, load, save};
use jiff::{Timestamp, tz::TimeZone};

/// An occurrence as it is shown.
#[derive(Debug, Clone)]
pub struct Occurrence {
    /// When it was due, what became of it.
    pub row: OccurrenceRow,
    /// How late Gemba acted, in seconds.
    pub late_s: i64,
}

pub(crate) fn plan_next(trigger: &mut TriggerRecord, after: Timestamp, zone: &TimeZone) {
    let next = gemba_schedule::next_after(&trigger.rule, after, zone);
    trigger.next_due = next.as_ref().map(|firing| firing.at);
    trigger.next_civil = next.map(|firing| firing.civil.to_string());
}

/// Plans every trigger in force anew in another zone. One whose local date was handled already waits for
/// the next.
pub(crate) async fn plan_all(app: &App, tx: &mut dyn Tx, zone: &TimeZone) -> Result<()> {
    for mut trigger in by_key::<TriggerRecord>(tx, "active", "yes").await? {
        let last = tx.occurrences(trigger.value.id, 1).await?;
        let date = |civil: &str| civil.split('T').next().unwrap_or_default().to_owned();
        let handled = last.first().map(|row| date(&row.civil));
        plan_next(&mut trigger.value, app.now(), zone);
        let planned = trigger.value.next_civil.as_deref().map(date);
        if planned.is_some() && planned == handled {
            let after = trigger.value.next_due.unwrap_or_else(|| app.now());
            plan_next(&mut trigger.value, after, zone);
        }
        save(tx, &trigger).await?;
    }
    Ok(())
}

/// Starts the runs that are due, at most `limit`; how many occurrences were handled comes back.
pub async fn fire_due(app: &App, limit: usize) -> Result<usize> {
    let who = Who::system();
    let now = app.now();
    let mut tx = app.open(&who, Act::Read, Mode::Read).await?;
    let mut due: Vec<TriggerRecord> = by_key::<TriggerRecord>(&mut *tx, "active", "yes")
        .await?
        .into_iter()
        .map(|t| t.value)
        .filter(|t| t.next_due.is_some_and(|at| at <= now))
        .collect();
    drop(tx);
    due.sort_by_key(|t| t.next_due);
    let mut handled = 0;
    let mut failed = None;
    // One occurrence of each trigger per round: a long backlog of one, or a fault in it, holds up no
    // other.
    while handled < limit && !due.is_empty() {
        let mut left = Vec::with_capacity(due.len());
        for trigger in due {
            match fire(app, &who, trigger.id, now).await {
                Ok(true) => {
                    handled += 1;
                    left.push(trigger);
                }
                Ok(false) => {}
                Err(error) => failed = Some(error),
            }
        }
        due = left;
    }
    match failed {
        Some(error) if handled == 0 => Err(error),
        _ => Ok(handled),
    }
}

/// Handles the next due occurrence of one trigger; `false` where none is due.
async fn fire(app: &App, who: &Who, id: TriggerId, now: Timestamp) -> Result<bool> {
    let mut tx = app.open(who, Act::StartRun, Mode::Write).await?;
    let Some(mut trigger) = load::<TriggerRecord>(&mut *tx, &id.to_string()).await? else {
        return Ok(false);
    };
    let Some(due) = trigger.value.next_due.filter(|due| trigger.value.active && *due <= now) else {
        return Ok(false);
    };
    let process = processes::of_id(&mut *tx, trigger.value.process).await?.value;
    let occurrence = OccurrenceKey { trigger: id, due_us: due.as_microsecond() };
    let civil = trigger.value.next_civil.clone().unwrap_or_default();
    let title = match civil.split_once('T') {
        Some((date, _)) => format!("{}, {date}", process.summary().title),
        None => String::new(),
    };
    let by = who.by();
    let origin = Origin::Schedule { occurrence };
    let (run, reason) = match runs::begin_run(app, &mut *tx, &process, by, origin, &title).await {
        Ok(run) => (Some(run), None),
        Err(
            refusal
            @ (Error::Rejected(_) | Error::NotPublished { .. } | Error::UnboundSeats { .. }),
        ) => (None, Some(refusal.to_string())),
        Err(other) => return Err(other),
    };
    let row = OccurrenceRow { trigger: id, due, civil, run, reason, handled: now };
    if !tx.put_occurrence(&row).await? {
        // It was handled before this trigger's next time was written: never start it again.
        drop(tx);
        return skip(app, who, id, due).await;
    }
    let zone = its_zone(&mut *tx).await?;
    plan_next(&mut trigger.value, due, &zone);
    save(&mut *tx, &trigger).await?;
    audit::write(app, &mut *tx, who, "trigger.fired", &id.to_string(), &(due, run)).await?;
    tx.commit().await?;
    Ok(true)
}

async fn skip(app: &App, who: &Who, id: TriggerId, due: Timestamp) -> Result<bool> {
    let mut tx = app.open(who, Act::StartRun, Mode::Write).await?;
    let Some(mut trigger) = load::<TriggerRecord>(&mut *tx, &id.to_string()).await? else {
        return Ok(false);
    };
    if trigger.value.next_due == Some(due) {
        let zone = its_zone(&mut *tx).await?;
        plan_next(&mut trigger.value, due, &zone);
        save(&mut *tx, &trigger).await?;
        tx.commit().await?;
    }
    Ok(true)
}

/// All schedules, also those that are no longer in force.
pub async fn list(app: &App, who: &Who) -> Result<Vec<TriggerRecord>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let found = all::<TriggerRecord>(&mut *tx).await?;
    Ok(found.into_iter().map(|trigger| trigger.value).collect())
}

/// The occurrences of a trigger, latest first.
pub async fn occurrences(
    app: &App,
    who: &Who,
    id: TriggerId,
    limit: u32,
) -> Result<Vec<Occurrence>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    load::<TriggerRecord>(&mut *tx, &id.to_string())
        .await?
        .ok_or_else(|| Error::not_found("trigger", id))?;
    let rows = tx.occurrences(id, limit.clamp(1, 200)).await?;
    let late = |row: &OccurrenceRow| row.handled.as_second() - row.due.as_second();
    Ok(rows.into_iter().map(|row| Occurrence { late_s: late(&row), row }).collect())
}

/// When the next trigger of any process is due.
pub async fn next_due(app: &App) -> Result<Option<Timestamp>> {
    let mut tx = app.open(&Who::system(), Act::Read, Mode::Read).await?;
    earliest(&mut *tx).await
}

async fn earliest(tx: &mut dyn Tx) -> Result<Option<Timestamp>> {
    let active = by_key::<TriggerRecord>(tx, "active", "yes").await?;
    Ok(active.into_iter().filter_map(|t| t.value.next_due).min())
}
