//! The next occurrence of a schedule, written ahead as a row before it is due.

use crate::{App, Result, records::TriggerRecord, workspace::its_calendar};
use gemba_schedule::{WorkCalendar, stands_for};
use gemba_store::{
    OccurrenceFilter, OccurrenceKind, OccurrenceRow, OccurrenceState, Tx, by_key, save,
};
use jiff::{Timestamp, civil::DateTime};

/// How many occurrences of one trigger can be undecided at a time before those further back are only
/// found with the next look.
const UNDECIDED: u32 = 1_000;

/// Writes the first occurrence of a trigger from now on.
pub(crate) async fn anew(
    app: &App,
    tx: &mut dyn Tx,
    trigger: &mut TriggerRecord,
    calendar: &WorkCalendar,
) -> Result<()> {
    let now = app.now();
    after(tx, trigger, now, calendar, now).await
}

/// Writes the first occurrence of a trigger after an instant. One that is there already is passed over,
/// whatever became of it, unless it is the one that waits to come due; so is one that stands for what was
/// handled on another day, before the calendar changed.
pub(crate) async fn after(
    tx: &mut dyn Tx,
    trigger: &mut TriggerRecord,
    after: Timestamp,
    calendar: &WorkCalendar,
    now: Timestamp,
) -> Result<()> {
    let mut from = after;
    loop {
        let next = gemba_schedule::next_after(&trigger.rule, from, calendar);
        let slot = next.map(|firing| stands_for(&trigger.rule, firing.civil, calendar));
        if let (Some(firing), true) = (next, slot.is_some() && slot == trigger.done_slot) {
            from = firing.at;
            continue;
        }
        trigger.next_due = next.map(|firing| firing.at);
        trigger.next_civil = next.map(|firing| firing.civil.to_string());
        trigger.next_slot = slot;
        let Some(firing) = next else { return Ok(()) };
        let row = OccurrenceRow {
            trigger: trigger.id,
            due: firing.at,
            civil: firing.civil.to_string(),
            kind: OccurrenceKind::Schedule,
            state: OccurrenceState::Planned,
            cause: None,
            run: None,
            reason: None,
            detail: None,
            handled: now,
        };
        if tx.put_occurrence(&row).await? {
            return Ok(());
        }
        let there = tx.occurrence(trigger.id, firing.at).await?;
        if there.is_some_and(|row| row.state == OccurrenceState::Planned) {
            return Ok(());
        }
        from = firing.at;
    }
}

/// Takes back what is not decided yet, for a trigger that is no longer in force: what was still to come
/// is gone, what was due says why it started no run.
pub(crate) async fn withdraw(
    app: &App,
    tx: &mut dyn Tx,
    trigger: &mut TriggerRecord,
) -> Result<()> {
    let now = app.now();
    trigger.next_due = None;
    trigger.next_civil = None;
    trigger.next_slot = None;
    for row in undecided(tx, trigger).await? {
        if row.due > now {
            tx.delete_occurrence(row.trigger, row.due).await?;
        } else {
            let reason = "The schedule was taken out of the process before its turn came.";
            let (reason, state) = (Some(reason.to_owned()), OccurrenceState::Skipped);
            tx.change_occurrence(&OccurrenceRow { state, reason, handled: now, ..row }).await?;
        }
    }
    Ok(())
}

async fn undecided(tx: &mut dyn Tx, trigger: &TriggerRecord) -> Result<Vec<OccurrenceRow>> {
    let filter = OccurrenceFilter {
        trigger: Some(trigger.id),
        states: vec![OccurrenceState::Planned, OccurrenceState::Waiting, OccurrenceState::Asked],
        earliest_first: true,
        limit: UNDECIDED,
        ..OccurrenceFilter::default()
    };
    Ok(tx.occurrences(&filter).await?)
}

/// Plans every trigger in force anew in another zone. One whose local date was handled already, or is
/// due, waits for the next.
pub(crate) async fn all(app: &App, tx: &mut dyn Tx, calendar: &WorkCalendar) -> Result<()> {
    let date = |civil: &str| civil.split('T').next().unwrap_or_default().to_owned();
    let now = app.now();
    for mut trigger in by_key::<TriggerRecord>(tx, "active", "yes").await? {
        for row in undecided(tx, &trigger.value).await? {
            if row.due > now {
                tx.delete_occurrence(row.trigger, row.due).await?;
            }
        }
        let filter = OccurrenceFilter {
            trigger: Some(trigger.value.id),
            limit: 1,
            ..OccurrenceFilter::default()
        };
        let last = tx.occurrences(&filter).await?;
        let handled = last.first().map(|row| date(&row.civil));
        let mut from = now;
        let next = gemba_schedule::next_after(&trigger.value.rule, from, calendar);
        if let Some(next) = next.filter(|next| Some(date(&next.civil.to_string())) == handled) {
            from = next.at;
        }
        after(tx, &mut trigger.value, from, calendar, now).await?;
        save(tx, &trigger).await?;
    }
    Ok(())
}

/// Plans every trigger in force anew on another calendar in the same zone.
///
/// What is due already keeps its moment, and so does what the new calendar puts at a moment that has
/// passed: it was not handled there, and must not be lost. What is still to come goes where the new
/// calendar puts it. What was handled is not handled a second time on another day.
pub(crate) async fn on_calendar(
    app: &App,
    tx: &mut dyn Tx,
    (old, new): (&WorkCalendar, &WorkCalendar),
) -> Result<()> {
    let now = app.now();
    for mut trigger in by_key::<TriggerRecord>(tx, "active", "yes").await? {
        let it = &mut trigger.value;
        let planned = match it.next_due {
            Some(due) => tx.occurrence(it.id, due).await?,
            None => None,
        };
        if let Some(row) = planned.filter(|row| row.state == OccurrenceState::Planned) {
            let civil: Option<DateTime> = row.civil.parse().ok();
            let slot = it.next_slot.take();
            let slot = slot.or_else(|| Some(stands_for(&it.rule, civil?, old)));
            let moved = slot
                .as_deref()
                .and_then(|slot| gemba_schedule::firing_for(&it.rule, slot, row.due, new));
            it.next_slot = slot;
            if row.due <= now || moved.is_some_and(|moved| moved.at <= now) {
                save(tx, &trigger).await?;
                continue;
            }
            tx.delete_occurrence(row.trigger, row.due).await?;
        }
        after(tx, it, now, new, now).await?;
        save(tx, &trigger).await?;
    }
    Ok(())
}

/// Writes the rows of triggers that an older program left without.
pub(crate) async fn missing(app: &App, tx: &mut dyn Tx) -> Result<()> {
    let mut calendar = None;
    for mut trigger in by_key::<TriggerRecord>(tx, "active", "yes").await? {
        let Some(due) = trigger.value.next_due else { continue };
        if tx.occurrence(trigger.value.id, due).await?.is_some() {
            continue;
        }
        let known = match &calendar {
            Some(calendar) => calendar,
            None => calendar.insert(its_calendar(tx).await?),
        };
        let just_before = due - jiff::SignedDuration::from_micros(1);
        after(tx, &mut trigger.value, just_before, known, app.now()).await?;
        save(tx, &trigger).await?;
    }
    Ok(())
}
