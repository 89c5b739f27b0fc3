//! The end of a process: nothing new runs by it, and it stays readable. And its return.

use crate::{
    Act, App, Error, Result, Who, audit, drafts,
    processes::{self, checked, find},
    proposals,
    publishing::{MAX_NOTE, set_triggers},
    records::{ProcessRecord, Retired, Revision},
    search,
};
use gemba_store::{Mode, Tx, Versioned, load, save};

/// Retires a process: its schedules stop, nothing new runs by it, an open proposal is withdrawn. Runs
/// that are going on come to their end.
pub async fn retire(app: &App, who: &Who, slug: &str, because: &str) -> Result<()> {
    let because = because.trim();
    if because.is_empty() {
        return Err(Error::invalid("because", "say why nothing runs by it any more"));
    }
    if because.chars().count() > MAX_NOTE {
        let message = format!("the reason is longer than {MAX_NOTE} characters");
        return Err(Error::invalid("because", message));
    }
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let mut record = find(&mut *tx, slug).await?;
    processes::require_kept(&record.value)?;
    end(app, &mut *tx, who, &mut record, because).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a process. Whether that may be was asked before.
pub(crate) async fn end(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    record: &mut Versioned<ProcessRecord>,
    because: &str,
) -> Result<()> {
    let (by, at) = (who.name.clone(), app.now());
    record.value.retired = Some(Retired { by, at, because: because.to_owned() });
    proposals::drop_open(tx, &mut record.value).await?;
    record.version = save(tx, record).await?;
    tx.delete_search("process", &record.value.id.to_string()).await?;
    set_triggers(app, tx, record.value.id, Vec::new()).await?;
    let subject = record.value.id.to_string();
    audit::write(app, tx, who, "process.retired", &subject, &because).await
}

/// Brings a retired process back: the revision that was in force is so again, with its schedules from
/// now on. Whether it is still true, its owner has yet to say.
pub async fn bring_back(app: &App, who: &Who, slug: &str) -> Result<()> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let mut record = find(&mut *tx, slug).await?;
    if record.value.retired.take().is_none() {
        return Err(Error::not_found("retired process", slug));
    }
    let mut rules = Vec::new();
    if let Some(in_force) = &record.value.published {
        rules.clone_from(&in_force.summary.rules);
        let because = "it was retired and brought back";
        let (because, since) = (because.to_owned(), app.now());
        record.value.trust = crate::records::Trust::Unverified { because, since };
    }
    let process = match &record.value.published {
        Some(in_force) => {
            load::<Revision>(&mut *tx, &in_force.revision).await?.map(|r| r.value.compiled)
        }
        None => None,
    };
    let process = match process {
        Some(process) => process,
        None => checked(&drafts::of(&mut *tx, &record).await?.text, slug).process,
    };
    save(&mut *tx, &record).await?;
    search::put_process(&mut *tx, record.value.id, &process).await?;
    set_triggers(app, &mut *tx, record.value.id, rules).await?;
    let subject = record.value.id.to_string();
    audit::write(app, &mut *tx, who, "process.brought_back", &subject, &()).await?;
    tx.commit().await?;
    Ok(())
}
