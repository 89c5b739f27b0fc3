//! What one does with a trigger: its policies, a pause with its reason, an answer where it asks.

use super::turn::{self, Armed};
use crate::{
    Act, App, Error, Result, Who, access, audit, processes,
    records::{Inlet, Pause, TriggerRecord},
    workspace::text,
};
use gemba_model::{
    Misfire, Policy,
    id::{SeatId, TriggerId},
};
use gemba_store::{Mode, OccurrenceRow, OccurrenceState, Tx, Versioned, load, save};
use jiff::Timestamp;

/// The longest reason, in characters.
const MAX_REASON: usize = 500;
/// How many pauses a trigger remembers.
const PAUSES: usize = 50;

/// Loads a trigger for one who may change it: the holder of the owner's seat, or a manager.
pub(super) async fn own(
    tx: &mut dyn Tx,
    who: &Who,
    id: TriggerId,
) -> Result<Versioned<TriggerRecord>> {
    let (trigger, owner) = with_owner(tx, id).await?;
    access::require_own(who, owner, "change this trigger")?;
    Ok(trigger)
}

/// A trigger, and the seat of the owner of its process.
async fn with_owner(
    tx: &mut dyn Tx,
    id: TriggerId,
) -> Result<(Versioned<TriggerRecord>, Option<SeatId>)> {
    let trigger = load::<TriggerRecord>(tx, &id.to_string())
        .await?
        .ok_or_else(|| Error::not_found("trigger", id))?;
    let process = processes::of_id(tx, trigger.value.process).await?.value;
    Ok((trigger, process.published.map(|in_force| in_force.owner)))
}

/// Says what becomes of occurrences that are missed or overlap, from now on.
pub async fn set_policy(app: &App, who: &Who, id: TriggerId, policy: Policy) -> Result<()> {
    if let Misfire::All { most: Some(most) } = policy.misfire
        && !(1..=Misfire::MOST).contains(&most)
    {
        let message = format!("make up for 1 to {} missed occurrences", Misfire::MOST);
        return Err(Error::invalid("most", message));
    }
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let mut trigger = own(&mut *tx, who, id).await?;
    trigger.value.policy = policy;
    save(&mut *tx, &trigger).await?;
    audit::write(app, &mut *tx, who, "trigger.changed", &id.to_string(), &policy).await?;
    tx.commit().await?;
    Ok(())
}

/// A trigger of any kind, to be paused or let go on.
enum Any {
    Schedule(Versioned<TriggerRecord>),
    Inlet(Versioned<Inlet>),
}

impl Any {
    async fn own(tx: &mut dyn Tx, who: &Who, id: TriggerId) -> Result<Self> {
        if let Some(inlet) = load::<Inlet>(tx, &id.to_string()).await? {
            let process = processes::of_id(tx, inlet.value.process).await?.value;
            let owner = process.published.as_ref().map(|in_force| in_force.owner);
            access::require_own(who, owner, "change this trigger")?;
            return Ok(Self::Inlet(inlet));
        }
        Ok(Self::Schedule(own(tx, who, id).await?))
    }

    fn pauses(&mut self) -> &mut Vec<Pause> {
        match self {
            Self::Schedule(trigger) => &mut trigger.value.pauses,
            Self::Inlet(inlet) => &mut inlet.value.pauses,
        }
    }

    async fn save(&self, tx: &mut dyn Tx) -> Result<()> {
        match self {
            Self::Schedule(trigger) => save(tx, trigger).await?,
            Self::Inlet(inlet) => save(tx, inlet).await?,
        };
        Ok(())
    }
}

/// Pauses a trigger: what comes due starts no run until somebody lets it go on.
pub async fn pause(app: &App, who: &Who, id: TriggerId, reason: &str) -> Result<()> {
    let reason = text("reason", reason, MAX_REASON)?;
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let mut trigger = Any::own(&mut *tx, who, id).await?;
    let pauses = trigger.pauses();
    if Pause::open(pauses).is_some() {
        return Err(Error::Changed { what: "the trigger".to_owned() });
    }
    audit::write(app, &mut *tx, who, "trigger.paused", &id.to_string(), &reason).await?;
    let (from, by) = (app.now(), who.name.clone());
    pauses.push(Pause { from, by, reason, until: None, resumed_by: None });
    pauses.drain(..pauses.len().saturating_sub(PAUSES));
    trigger.save(&mut *tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Lets a paused trigger go on. What came due meanwhile started no run and is not made up for.
pub async fn resume(app: &App, who: &Who, id: TriggerId) -> Result<()> {
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let mut trigger = Any::own(&mut *tx, who, id).await?;
    let Some(pause) = trigger.pauses().last_mut().filter(|pause| pause.until.is_none()) else {
        return Err(Error::Changed { what: "the trigger".to_owned() });
    };
    pause.until = Some(app.now());
    pause.resumed_by = Some(who.name.clone());
    trigger.save(&mut *tx).await?;
    audit::write(app, &mut *tx, who, "trigger.resumed", &id.to_string(), &()).await?;
    tx.commit().await?;
    Ok(())
}

/// Answers an occurrence that asks: it starts its run now, or it starts none. The holder of the owner's
/// seat answers, who acts for them while they are away, or a manager.
pub async fn decide(
    app: &App,
    who: &Who,
    id: TriggerId,
    due: Timestamp,
    start: bool,
) -> Result<OccurrenceRow> {
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let (trigger, owner) = with_owner(&mut *tx, id).await?;
    let trigger = trigger.value;
    access::require_work(who, owner, "answer for this trigger")?;
    let by = who.told_for(owner);
    let row = tx.occurrence(id, due).await?.ok_or_else(|| Error::not_found("occurrence", due))?;
    if row.state != OccurrenceState::Asked {
        return Err(Error::Changed { what: "the occurrence".to_owned() });
    }
    let late = super::view::late(&row, app.now());
    let row = if start {
        let because = Some(format!("It was missed; {by} started it {late} later."));
        turn::take(app, &mut *tx, who, &Armed::of(&trigger), row, because).await?
    } else {
        let reason = Some(format!("It was missed, and {by} decided that it starts no run."));
        OccurrenceRow { state: OccurrenceState::Skipped, reason, handled: app.now(), ..row }
    };
    turn::write(app, &mut *tx, who, &row).await?;
    tx.commit().await?;
    Ok(row)
}
