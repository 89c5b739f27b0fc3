//! What changed in a process since somebody last ran it.

use crate::{
    Act, App, Principal, Result, Who,
    processes::{find, of_id},
    publishing::{frozen, numbered},
    records::{LastRun, ProcessRecord},
};
use gemba_model::{
    change::{self, Changes},
    id::{AccountId, ProcessId, RunId},
};
use gemba_store::{Mode, Tx, Versioned, insert, load, save};
use jiff::{SignedDuration, Timestamp};

/// A run within this time after the one that is remembered is not written down again.
const GRAIN: SignedDuration = SignedDuration::from_hours(1);

/// What somebody has to know before they run a process again.
#[derive(Debug, Clone)]
pub struct SinceLastRun {
    /// When they last ran it.
    pub at: Timestamp,
    /// The newest revision they know: by which they ran, or whose changes they have seen.
    pub from: u32,
    /// The revision they would work by now.
    pub to: u32,
    /// What is different.
    pub changes: Changes,
}

fn person(who: &Who) -> Option<AccountId> {
    match who.principal {
        Principal::Person { account } => Some(account),
        Principal::Token { .. } | Principal::Operator | Principal::System => None,
    }
}

async fn of(
    tx: &mut dyn Tx,
    account: AccountId,
    process: ProcessId,
) -> Result<Option<Versioned<LastRun>>> {
    Ok(load::<LastRun>(tx, &LastRun::id_of(account, process)).await?)
}

/// Remembers that somebody started a run or did a step by this revision. An older revision than the one
/// that is remembered tells nothing new.
pub(crate) async fn remember(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    process: ProcessId,
    revision: u32,
) -> Result<()> {
    let Some(account) = person(who) else { return Ok(()) };
    let now = app.now();
    match of(tx, account, process).await? {
        None => {
            insert(tx, &LastRun { account, process, revision, at: now, seen: 0 }).await?;
        }
        Some(mut last) => {
            let known = &last.value;
            let is_news = revision > known.revision
                || (revision == known.revision && now.duration_since(known.at) > GRAIN);
            if is_news {
                last.value.revision = revision;
                last.value.at = now;
                save(tx, &last).await?;
            }
        }
    }
    Ok(())
}

/// What changed in the revision in force since the one who asks last ran the process.
pub async fn of_process(app: &App, who: &Who, slug: &str) -> Result<Option<SinceLastRun>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?.value;
    let to = record.published.as_ref().filter(|_| record.retired.is_none()).map(|p| p.number);
    since(&mut *tx, who, &record, to).await
}

/// What changed in the revision that a run follows since the one who asks last ran the process.
pub async fn of_run(app: &App, who: &Who, run: RunId) -> Result<Option<SinceLastRun>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let Some(run) = tx.run(run).await? else { return Ok(None) };
    let record = of_id(&mut *tx, run.process).await?.value;
    let to = frozen(app, &mut *tx, &run.revision).await?.revision.number;
    since(&mut *tx, who, &record, Some(to)).await
}

async fn since(
    tx: &mut dyn Tx,
    who: &Who,
    record: &ProcessRecord,
    to: Option<u32>,
) -> Result<Option<SinceLastRun>> {
    let (Some(account), Some(to)) = (person(who), to) else { return Ok(None) };
    let Some(last) = of(tx, account, record.id).await? else { return Ok(None) };
    let from = last.value.revision.max(last.value.seen);
    if last.value.revision == 0 || from >= to {
        return Ok(None);
    }
    let old = numbered(tx, record, from).await?;
    let new = numbered(tx, record, to).await?;
    let changes = change::between(&old.compiled, &new.compiled);
    Ok(Some(SinceLastRun { at: last.value.at, from, to, changes }))
}

/// The one who asks has seen what changed up to this revision.
pub async fn seen(app: &App, who: &Who, slug: &str, revision: u32) -> Result<()> {
    let mut tx = app.open(who, Act::Read, Mode::Write).await?;
    let record = find(&mut *tx, slug).await?.value;
    numbered(&mut *tx, &record, revision).await?;
    let Some(account) = person(who) else { return Ok(()) };
    if let Some(mut last) = of(&mut *tx, account, record.id).await?
        && last.value.seen < revision
    {
        last.value.seen = revision;
        save(&mut *tx, &last).await?;
        tx.commit().await?;
    }
    Ok(())
}
