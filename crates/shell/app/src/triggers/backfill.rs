//! Occurrences of the past that are asked for afterwards, by the rule in force then.

use super::{manage::own, turn::Brought, view};
use crate::{
    Act, App, Error, Result, Who, audit,
    records::{Pause, Revision, TriggerRecord},
    workspace::{its_calendar, text},
};
use gemba_model::{Recurrence, id::TriggerId};
use gemba_schedule::next_after;
use gemba_store::{Mode, OccurrenceKind, OccurrenceRow, OccurrenceState, Tx, by_key};
use jiff::{Timestamp, civil::DateTime};
use std::collections::BTreeMap;

/// The most occurrences that are asked for at once.
const MOST: usize = 200;

/// What a backfill would do, or did.
#[derive(Debug, Clone)]
pub struct Backfill {
    /// From when (within it).
    pub from: Timestamp,
    /// To when (not within it).
    pub to: Timestamp,
    /// Each moment that the rules in force then name, earliest first.
    pub lines: Vec<BackfillLine>,
}

impl Backfill {
    /// How many of them start a run.
    pub fn n_new(&self) -> usize {
        self.lines.iter().filter(|line| line.there.is_none()).count()
    }
}

/// One moment of a backfill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackfillLine {
    /// When.
    pub at: Timestamp,
    /// The local date and time.
    pub civil: DateTime,
    /// The rule that names it.
    pub rule: Recurrence,
    /// The revision that was in force.
    pub revision: u32,
    /// What became of the occurrence that is there already: it is left alone.
    pub there: Option<OccurrenceState>,
}

/// What a backfill from one moment to another would do.
pub async fn preview_backfill(
    app: &App,
    who: &Who,
    id: TriggerId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Backfill> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let trigger = view::find(&mut *tx, id).await?;
    looked_up(app, &mut *tx, &trigger, from, to).await
}

/// Asks for the occurrences of the past that were never written. `expected` is how many the one who asks
/// has seen: another number is refused, so that nobody starts what was not looked at.
pub async fn backfill(
    app: &App,
    who: &Who,
    id: TriggerId,
    from: Timestamp,
    to: Timestamp,
    reason: &str,
    expected: usize,
) -> Result<Backfill> {
    let reason = text("reason", reason, 500)?;
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let trigger = own(&mut *tx, who, id).await?.value;
    if !trigger.active {
        return Err(Error::invalid("from", "the schedule is no longer in force"));
    }
    if Pause::open(&trigger.pauses).is_some() {
        return Err(Error::invalid("from", "the trigger is paused; let it go on first"));
    }
    let done = looked_up(app, &mut *tx, &trigger, from, to).await?;
    if done.n_new() != expected {
        return Err(Error::Changed { what: "what there is to make up for".to_owned() });
    }
    for line in done.lines.iter().filter(|line| line.there.is_none()) {
        let because = Some(format!("{} asked for it afterwards: {reason}.", who.name));
        let row = OccurrenceRow {
            trigger: id,
            due: line.at,
            civil: line.civil.to_string(),
            kind: OccurrenceKind::Backfill,
            state: OccurrenceState::Planned,
            cause: None,
            run: None,
            reason: None,
            detail: Brought { because, ..Brought::default() }.detail()?,
            handled: app.now(),
        };
        tx.put_occurrence(&row).await?;
    }
    let detail = (from, to, expected, &reason);
    audit::write(app, &mut *tx, who, "trigger.backfilled", &id.to_string(), &detail).await?;
    tx.commit().await?;
    Ok(done)
}

async fn looked_up(
    app: &App,
    tx: &mut dyn Tx,
    trigger: &TriggerRecord,
    from: Timestamp,
    to: Timestamp,
) -> Result<Backfill> {
    if from >= to {
        return Err(Error::invalid("to", "the end lies after the beginning"));
    }
    if to > app.now() {
        return Err(Error::invalid("to", "the end lies in the past"));
    }
    let calendar = its_calendar(tx).await?;
    let process = trigger.process.to_string();
    let mut revisions: Vec<Revision> = by_key::<Revision>(tx, "process", &process)
        .await?
        .into_iter()
        .map(|revision| revision.value)
        .collect();
    revisions.sort_by_key(|revision| revision.number);
    let of_process: Vec<TriggerId> = by_key::<TriggerRecord>(tx, "process", &process)
        .await?
        .into_iter()
        .map(|trigger| trigger.value.id)
        .collect();
    // Two rules can name one moment: it is one occurrence.
    let mut found: BTreeMap<Timestamp, BackfillLine> = BTreeMap::new();
    for (n, revision) in revisions.iter().enumerate() {
        let end = revisions.get(n + 1).map_or(to, |next| next.at.min(to));
        let just_before = jiff::SignedDuration::from_micros(1);
        for rule in revision.compiled.triggers.iter().filter_map(|trigger| trigger.rule.as_ref()) {
            // Published at nine is too late for nine.
            let mut after = (from - just_before).max(revision.at);
            while let Some(firing) = next_after(rule, after, &calendar).filter(|f| f.at < end) {
                after = firing.at;
                let line = BackfillLine {
                    at: firing.at,
                    civil: firing.civil,
                    rule: rule.clone(),
                    revision: revision.number,
                    there: None,
                };
                found.insert(firing.at, line);
                if found.len() > MOST {
                    let message = format!(
                        "more than {MOST} moments lie between {} and {}; ask for fewer at a time",
                        view::civil(calendar.zone.to_datetime(from)),
                        view::civil(calendar.zone.to_datetime(to)),
                    );
                    return Err(Error::invalid("from", message));
                }
            }
        }
    }
    let mut lines: Vec<BackfillLine> = found.into_values().collect();
    for line in &mut lines {
        for id in &of_process {
            if let Some(row) = tx.occurrence(*id, line.at).await? {
                line.there = Some(row.state);
            }
        }
    }
    Ok(Backfill { from, to, lines })
}
