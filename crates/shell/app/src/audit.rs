//! What was done, by whom: written in the transaction that does it, and chained, so that a change of what
//! was written shows.

use crate::{Act, App, Result, Who, outbox};
pub use gemba_store::{
    AuditRow,
    chain::{Misfit, Verdict, Wrong},
};
use gemba_store::{Kept, Mode, NewAudit, Table, Tx, chain};
use serde::Serialize;

/// The most lines of one page.
const PAGE: u32 = 200;

pub(crate) async fn write(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    action: &'static str,
    subject: &str,
    detail: &(impl Serialize + Sync),
) -> Result<()> {
    let detail = serde_json::to_string(detail)
        .map_err(|e| gemba_store::Error::corrupt("detail of an audit line", e))?;
    let row = NewAudit {
        at: app.now(),
        actor: who.name.clone(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        detail,
    };
    tx.append_audit(&row).await?;
    outbox::of_act(app, tx, who, action, subject, &row.detail).await
}

/// Reads the whole log from its first line on and holds each line against its hash, and the line that was
/// noted elsewhere against what is there.
pub async fn verify(app: &App, who: &Who, noted: Option<(i64, &str)>) -> Result<Verdict> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    Ok(chain::verify(&mut *tx, noted).await?)
}

/// The lines after this one, oldest first; nothing after the last.
pub async fn after(
    app: &App,
    who: &Who,
    last: Option<AuditRow>,
    limit: u32,
) -> Result<Vec<AuditRow>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let last = last.map(Kept::Audit);
    let page = tx.kept(Table::Audit, last.as_ref(), limit).await?;
    let lines = page.into_iter().filter_map(|kept| match kept {
        Kept::Audit(row) => Some(row),
        _ => None,
    });
    Ok(lines.collect())
}

/// The log, newest first: of one subject where given, before a number (0: from the end).
pub async fn log(
    app: &App,
    who: &Who,
    subject: Option<&str>,
    before: i64,
    limit: u32,
) -> Result<Vec<AuditRow>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    Ok(tx.audit(subject, before, limit.clamp(1, PAGE)).await?)
}
