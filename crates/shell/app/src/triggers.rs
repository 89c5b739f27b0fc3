//! Triggers: each due occurrence starts exactly one run or says why it started none, also over a restart.
//!
//! The next occurrence of a schedule is a row before it is due ([`plan`]), under a unique key (trigger,
//! instant). What becomes of it, its run and the row after it are written in one transaction; so a crash
//! at any point leaves either all or nothing, and two workers cannot both start it. Where nobody says
//! otherwise, occurrences that came due while nobody was there are made up for, earliest first.

mod backfill;
mod manage;
pub(crate) mod plan;
pub(crate) mod turn;
mod view;

pub use backfill::{Backfill, BackfillLine, backfill, preview_backfill};
pub use gemba_store::{OccurrenceKind, OccurrenceRow, OccurrenceState};
pub use manage::{decide, pause, resume, set_policy};
pub use turn::Brought;
pub(crate) use view::missed as asked_of;
pub use view::{
    Clock, ClockChange, Occurrence, Preview, Trigger, asked, get, list, occurrences, overview,
};

use crate::{
    Act, App, Result, Who,
    records::{Pause, TriggerRecord},
    workspace::its_calendar,
};
use gemba_model::id::TriggerId;
use gemba_schedule::WorkCalendar;
use gemba_schedule::policy::{Missed, missed};
use gemba_store::{Mode, OccurrenceFilter, Tx, load, save};
use jiff::Timestamp;
use std::collections::BTreeSet;
use turn::Armed;

/// The most occurrences that wait their turn which one look goes through.
const LOOK: u32 = 1_000;

/// Gives the occurrences that are due their turn, at most `limit`; how many were handled comes back.
pub async fn fire_due(app: &App, limit: usize) -> Result<usize> {
    let who = Who::system();
    let mut handled = start_waiting(app, &who, limit).await?;
    let mut failing: BTreeSet<TriggerId> = BTreeSet::new();
    let mut failed = None;
    let now = app.now();
    // Only one occurrence of each schedule is written ahead, so a round has one of each: a long backlog
    // of one, or a fault in it, holds up no other.
    loop {
        let due = planned_until(app, &who, now, limit + failing.len()).await?;
        let before = handled;
        for row in &due {
            if failing.contains(&row.trigger) {
                continue;
            }
            if handled >= limit {
                return Ok(handled);
            }
            match fire(app, &who, row, now).await {
                Ok(true) => handled += 1,
                Ok(false) => {}
                Err(error) => {
                    let _new = failing.insert(row.trigger);
                    failed = Some(error);
                }
            }
        }
        // Nothing is left, or others are quicker.
        if handled == before {
            break;
        }
    }
    match failed {
        Some(error) if handled == 0 => Err(error),
        _ => Ok(handled),
    }
}

async fn planned_until(
    app: &App,
    who: &Who,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<OccurrenceRow>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let filter = OccurrenceFilter {
        states: vec![OccurrenceState::Planned],
        before: Some(now + jiff::SignedDuration::from_micros(1)),
        earliest_first: true,
        limit: u32::try_from(limit).unwrap_or(u32::MAX),
        ..OccurrenceFilter::default()
    };
    Ok(tx.occurrences(&filter).await?)
}

/// Handles one due occurrence; `false` where somebody else did.
async fn fire(app: &App, who: &Who, due: &OccurrenceRow, now: Timestamp) -> Result<bool> {
    let mut tx = app.open(who, Act::StartRun, Mode::Write).await?;
    let Some(row) = tx.occurrence(due.trigger, due.due).await? else { return Ok(false) };
    if row.state != OccurrenceState::Planned {
        return Ok(false);
    }
    let found = load::<TriggerRecord>(&mut *tx, &row.trigger.to_string()).await?;
    let Some(mut trigger) = found.filter(|trigger| trigger.value.active) else {
        let reason = Some("The schedule is no longer in force.".to_owned());
        let (state, handled) = (OccurrenceState::Skipped, now);
        let row = OccurrenceRow { state, reason, handled, ..row };
        turn::write(app, &mut *tx, who, &row).await?;
        tx.commit().await?;
        return Ok(true);
    };
    let calendar = its_calendar(&mut *tx).await?;
    let at = row.due;
    let row = match row.kind {
        OccurrenceKind::Schedule => {
            scheduled(app, &mut *tx, who, &trigger.value, row, &calendar).await?
        }
        OccurrenceKind::Backfill
        | OccurrenceKind::Event
        | OccurrenceKind::Threshold
        | OccurrenceKind::Request => {
            turn::take(app, &mut *tx, who, &Armed::of(&trigger.value), row, None).await?
        }
    };
    turn::write(app, &mut *tx, who, &row).await?;
    if trigger.value.next_due == Some(at) {
        trigger.value.done_slot = trigger.value.next_slot.take();
        plan::after(&mut *tx, &mut trigger.value, at, &calendar, now).await?;
        save(&mut *tx, &trigger).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// What becomes of an occurrence of a schedule: paused, missed, or its turn.
async fn scheduled(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    trigger: &TriggerRecord,
    row: OccurrenceRow,
    calendar: &WorkCalendar,
) -> Result<OccurrenceRow> {
    let now = app.now();
    let told = |row: OccurrenceRow, state, reason: String| {
        Ok(OccurrenceRow { state, reason: Some(reason), handled: now, ..row })
    };
    let skipped = OccurrenceState::Skipped;
    if let Some(pause) = Pause::at(&trigger.pauses, row.due) {
        let words = format!("The trigger was paused by {}: {}", pause.by, pause.reason);
        return told(row, skipped, words);
    }
    let late = view::late(&row, now);
    match missed(&trigger.rule, row.due, now, calendar, trigger.policy.misfire) {
        Missed::OnTime => turn::take(app, tx, who, &Armed::of(trigger), row, None).await,
        Missed::StartLate => {
            let because = Some(format!("It was missed and made up for {late} later."));
            turn::take(app, tx, who, &Armed::of(trigger), row, because).await
        }
        Missed::StoodFor { by } => {
            let by = view::civil(by.civil);
            told(
                row,
                skipped,
                format!("It was missed by {late}; the occurrence of {by} stands for it."),
            )
        }
        Missed::TooMany { most } => told(
            row,
            skipped,
            format!(
                "It was missed by {late}; only the latest {most} that were missed are made up for."
            ),
        ),
        Missed::Skip => told(
            row,
            skipped,
            format!("It was missed by {late}, and this trigger leaves out what it missed."),
        ),
        Missed::Ask => told(
            row,
            OccurrenceState::Asked,
            format!(
                "It was missed by {late}, and this trigger asks before it makes up for anything."
            ),
        ),
    }
}

/// Starts what waited for a run before it, where that has ended.
async fn start_waiting(app: &App, who: &Who, limit: usize) -> Result<usize> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let filter = OccurrenceFilter {
        states: vec![OccurrenceState::Waiting],
        earliest_first: true,
        limit: LOOK,
        ..OccurrenceFilter::default()
    };
    let waiting = tx.occurrences(&filter).await?;
    let triggers: BTreeSet<TriggerId> = waiting.iter().map(|row| row.trigger).collect();
    let mut ready = Vec::new();
    for id in triggers {
        if may_go_on(app, &mut *tx, id).await? {
            ready.push(id);
        }
    }
    drop(tx);
    let mut handled = 0;
    for id in ready {
        if handled >= limit {
            break;
        }
        let mut tx = app.open(who, Act::StartRun, Mode::Write).await?;
        let next = turn::waiting(&mut *tx, id).await?.into_iter().next();
        let (Some(row), true) = (next, may_go_on(app, &mut *tx, id).await?) else { continue };
        let Some(armed) = Armed::load(&mut *tx, id).await? else { continue };
        let because = Some(format!("It waited {} for its turn.", view::late(&row, app.now())));
        let row = turn::start(app, &mut *tx, who, &armed, row, because).await?;
        turn::write(app, &mut *tx, who, &row).await?;
        tx.commit().await?;
        handled += 1;
    }
    Ok(handled)
}

/// Whether the first that waits may start: nothing before it goes on, and the trigger is not paused.
async fn may_go_on(app: &App, tx: &mut dyn Tx, id: TriggerId) -> Result<bool> {
    let Some(armed) = Armed::load(tx, id).await? else { return Ok(false) };
    let paused = Pause::at(&armed.pauses, app.now()).is_some();
    Ok(armed.active && !paused && turn::going_on(tx, &armed).await?.is_empty())
}

/// When the next trigger of any process is due.
pub async fn next_due(app: &App) -> Result<Option<Timestamp>> {
    let mut tx = app.open(&Who::system(), Act::Read, Mode::Read).await?;
    let filter = OccurrenceFilter {
        states: vec![OccurrenceState::Planned],
        earliest_first: true,
        limit: 1,
        ..OccurrenceFilter::default()
    };
    Ok(tx.occurrences(&filter).await?.first().map(|row| row.due))
}
