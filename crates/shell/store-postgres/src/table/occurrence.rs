//! The occurrences of triggers.

use super::{Columns, WORKSPACE, all};
use crate::connection::Value;
use crate::session::Session;
use gemba_model::id::TriggerId;
use gemba_store::{Error, OccurrenceRow};

const WHAT: &str = "occurrence";
const WROTE: &str = "wrote an occurrence";

const LATEST: &str = r#"SELECT "trigger", due, civil, run, reason, handled FROM occurrence
    WHERE workspace = $1 AND "trigger" = $2
    ORDER BY due DESC LIMIT $3"#;
const PUT: &str = r#"INSERT INTO occurrence (workspace, "trigger", due, civil, run, reason, handled)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING RETURNING 1"#;

pub(super) fn read(row: &Columns<'_>) -> Result<OccurrenceRow, Error> {
    let started: Option<&str> = row.get(3)?;
    let run = if started.is_some() { Some(row.parsed(3)?) } else { None };
    Ok(OccurrenceRow {
        trigger: row.parsed(0)?,
        due: row.time(1)?,
        civil: row.get(2)?,
        run,
        reason: row.get(4)?,
        handled: row.time(5)?,
    })
}

/// Writes an occurrence, unless the trigger already has one at that instant.
pub(crate) async fn put(session: &mut Session, row: &OccurrenceRow) -> Result<bool, Error> {
    session.announce()?;
    let values = vec![
        WORKSPACE.into(),
        row.trigger.to_string().into(),
        row.due.as_microsecond().into(),
        row.civil.as_str().into(),
        Value::MaybeText(row.run.map(|run| run.to_string())),
        Value::MaybeText(row.reason.clone()),
        row.handled.as_microsecond().into(),
    ];
    Ok(!session.rows(WROTE, PUT, values).await?.is_empty())
}

/// The occurrences of a trigger, latest first.
pub(crate) async fn latest(
    session: &mut Session,
    trigger: TriggerId,
    limit: u32,
) -> Result<Vec<OccurrenceRow>, Error> {
    let key = vec![WORKSPACE.into(), trigger.to_string().into(), i64::from(limit).into()];
    all(WHAT, &session.rows("read occurrences", LATEST, key).await?, read)
}
