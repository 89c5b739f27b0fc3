//! Where the text of a draft is kept, in every shape it ever had.

use crate::{
    App, Result, Who,
    accounts::hashed,
    records::{Account, DraftRecord, ProcessRecord},
};
use gemba_engine::By;
use gemba_store::{Tx, Versioned, all, insert, load, save};

/// The draft of a process. Before drafts had records of their own, the text was within the record of
/// the process and shared its version.
pub(crate) async fn of(tx: &mut dyn Tx, process: &Versioned<ProcessRecord>) -> Result<DraftRecord> {
    Ok(kept(tx, process).await?.map_or_else(|| within(process), |draft| draft.value))
}

async fn kept(
    tx: &mut dyn Tx,
    process: &Versioned<ProcessRecord>,
) -> Result<Option<Versioned<DraftRecord>>> {
    Ok(load::<DraftRecord>(tx, &process.value.id.to_string()).await?)
}

fn within(process: &Versioned<ProcessRecord>) -> DraftRecord {
    let record = &process.value;
    DraftRecord {
        process: record.id,
        text: record.draft_within.clone().unwrap_or_default(),
        version: process.version,
        by: record.draft_by.clone(),
        at: record.draft_changed,
        writers: Vec::new(),
    }
}

/// Who wrote a draft since it last said the same as the revision in force. Before all were kept, only
/// the last name was; then it is everybody of that name.
pub(crate) async fn writers(tx: &mut dyn Tx, draft: &DraftRecord) -> Result<Vec<By>> {
    if !draft.writers.is_empty() {
        return Ok(draft.writers.clone());
    }
    let accounts = all::<Account>(tx).await?.into_iter().map(|account| account.value);
    Ok(accounts
        .filter(|account| account.name == draft.by)
        .map(|account| By::Person { account: account.id, name: account.name, acting_for: None })
        .collect())
}

/// Writes a text as the next version of the draft. The caller has checked which version was read, and
/// writes the record of the process, which no longer holds a text.
pub(crate) async fn write(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    process: &mut Versioned<ProcessRecord>,
    text: String,
) -> Result<DraftRecord> {
    let stored = kept(tx, process).await?;
    let before = stored.as_ref().map_or_else(|| within(process), |draft| draft.value.clone());
    let in_force = process.value.published.as_ref().map(|p| p.source_hash.as_str());
    let is_in_force = |text: &str| in_force == Some(hashed(text.as_bytes()).as_str());
    let mut writers = if is_in_force(&before.text) { Vec::new() } else { before.writers };
    if is_in_force(&text) {
        writers.clear();
    } else if !writers.iter().any(|by| by.is_same(&who.by())) {
        writers.push(who.by());
    }
    let value = DraftRecord {
        process: process.value.id,
        text,
        version: before.version + 1,
        by: who.name.clone(),
        at: app.now(),
        writers,
    };
    match stored {
        Some(Versioned { version, .. }) => {
            save(tx, &Versioned { value: value.clone(), version }).await?;
        }
        None => insert(tx, &value).await?,
    }
    process.value.draft_within = None;
    Ok(value)
}

/// Counts somebody among the writers of a draft as it is.
pub(crate) async fn written_with(
    tx: &mut dyn Tx,
    process: &Versioned<ProcessRecord>,
    by: &By,
) -> Result<()> {
    if let Some(mut draft) = kept(tx, process).await?
        && !draft.value.writers.iter().any(|writer| writer.is_same(by))
    {
        draft.value.writers.push(by.clone());
        save(tx, &draft).await?;
    }
    Ok(())
}

/// Moves the texts that older programs left within the records of their processes.
pub(crate) async fn move_out(tx: &mut dyn Tx) -> Result<()> {
    for mut process in all::<ProcessRecord>(tx).await? {
        if process.value.draft_within.is_some() {
            insert(tx, &within(&process)).await?;
            process.value.draft_within = None;
            save(tx, &process).await?;
        }
    }
    Ok(())
}
