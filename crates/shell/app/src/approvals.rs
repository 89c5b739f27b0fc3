//! What an approval is bound to: what was on record in the run when it was shown.
//!
//! The record is what the run was given and what its steps left. Its digest is the SHA-256 of the hash of
//! the revision and of these events as they are stored, one after the other, each ended by a line break.
//! What other approvers of the same step say is no part of it.

use crate::{
    App, Error, Result, Who,
    accounts::hashed,
    publishing::{Frozen, frozen},
    records::{Holder, Seat},
    runs,
};
use gemba_engine::{Command, Event, Rejection, Run, event::Left};
use gemba_model::{
    StepId, approval,
    id::{RunId, SeatId, WorkItemId},
};
use gemba_store::{RunRow, Tx, load};
use jiff::Timestamp;

/// How many events are read at once.
const CHUNK: u32 = 1_000;

/// What a step of a run left.
#[derive(Debug, Clone)]
pub struct LeftBehind {
    /// The title of the step.
    pub step: String,
    /// Who did it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// A remark.
    pub note: Option<String>,
    /// The proof.
    pub evidence: Vec<Left>,
}

/// What is on record in a run.
#[derive(Debug, Clone)]
pub struct Record {
    /// The digest of it.
    pub digest: String,
    /// What its steps left, in order.
    pub left: Vec<LeftBehind>,
}

/// Hands approvals that nobody gave in time to the seats above, in the transaction in which it was noticed.
pub(crate) async fn hand_up(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    id: RunId,
    state: &Run,
) -> Result<()> {
    if !state.open.iter().any(|open| open.late && !open.expired) {
        return Ok(());
    }
    let run = tx.run(id).await?.ok_or_else(|| Error::not_found("run", id))?;
    let frozen = frozen(app, tx, &run.revision).await?;
    let due: Vec<(WorkItemId, SeatId, Vec<SeatId>)> = state
        .to_hand_up(&frozen.plan)
        .into_iter()
        .map(|open| (open.item, open.seat, open.unanswered.clone()))
        .collect();
    for (item, seat, asked) in due {
        let to = above(tx, seat, asked).await?;
        runs::act(app, tx, who, id, Command::Escalate { item, to }).await?;
    }
    Ok(())
}

/// The first seat above on which somebody sits and that was not asked yet; none at the top, or where the
/// chart goes in a circle.
async fn above(tx: &mut dyn Tx, seat: SeatId, asked: Vec<SeatId>) -> Result<Option<SeatId>> {
    let mut seen = asked;
    let mut at = seat;
    loop {
        seen.push(at);
        let Some(found) = load::<Seat>(tx, &at.to_string()).await? else { return Ok(None) };
        let Some(next) = found.value.reports_to.filter(|next| !seen.contains(next)) else {
            return Ok(None);
        };
        let Some(found) = load::<Seat>(tx, &next.to_string()).await? else { return Ok(None) };
        if found.value.holder != Holder::Vacant {
            return Ok(Some(next));
        }
        at = next;
    }
}

/// What is on record in a run now.
pub(crate) async fn record(tx: &mut dyn Tx, run: &RunRow, frozen: &Frozen) -> Result<Record> {
    let process = &frozen.revision.compiled;
    let steps = process.all_steps();
    let votes: Vec<StepId> =
        steps.iter().flat_map(|step| approval::parts(process, step)).map(|part| part.id).collect();
    let mut text = format!("{}\n", run.revision);
    let mut left = Vec::new();
    for line in all_events(tx, run.id).await? {
        let step = match &line {
            Event::RunStarted { .. } => None,
            Event::StepCompleted { step, .. } | Event::StepSkipped { step, .. } => Some(step),
            _ => continue,
        };
        if step.is_some_and(|step| votes.contains(step)) {
            continue;
        }
        let stored = serde_json::to_string(&line);
        text.push_str(&stored.map_err(|e| gemba_store::Error::corrupt("event", e))?);
        text.push('\n');
        if let Event::StepCompleted { at, step, by, note, evidence, .. } = line {
            let title = process.asked(&step).map(|step| step.title).unwrap_or_default();
            let by = by.told();
            left.push(LeftBehind { step: title, by, at, note, evidence });
        }
    }
    Ok(Record { digest: hashed(text.as_bytes()), left })
}

async fn all_events(tx: &mut dyn Tx, run: RunId) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    let mut after = 0;
    loop {
        let lines = runs::history(tx, run, after, CHUNK).await?;
        let Some(last) = lines.last().map(|line| line.seq) else { return Ok(events) };
        after = last;
        events.extend(lines.into_iter().map(|line| line.event));
    }
}

/// An approval with the digest of what it approves; refused where something else was shown.
pub(crate) async fn bound(
    tx: &mut dyn Tx,
    run: &RunRow,
    frozen: &Frozen,
    state: &Run,
    command: Command,
) -> Result<Command> {
    let Command::Complete { which, mut with } = command else { return Ok(command) };
    let open = state.open.iter().find(|open| which.is(open));
    let step = open.and_then(|open| frozen.plan.step(&open.step));
    if step.is_some_and(|step| step.approves) {
        let now = record(tx, run, frozen).await?.digest;
        if with.shown.as_ref().is_some_and(|shown| *shown != now) {
            return Err(Error::Rejected(Rejection::ChangedSinceShown));
        }
        with.shown = Some(now);
    }
    Ok(Command::Complete { which, with })
}
