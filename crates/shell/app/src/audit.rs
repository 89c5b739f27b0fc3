//! What was done, by whom: written in the transaction that does it.

use crate::{Act, App, Result, Who, outbox};
pub use gemba_store::AuditRow;
use gemba_store::{Mode, NewAudit, Tx};
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
