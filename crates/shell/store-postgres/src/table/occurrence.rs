//! The occurrences of triggers.

use super::{Columns, Query, WORKSPACE, all};
use crate::connection::Value;
use crate::session::Session;
use gemba_model::id::TriggerId;
use gemba_store::{Error, OccurrenceFilter, OccurrenceKind, OccurrenceRow, OccurrenceState};
use jiff::Timestamp;

const WHAT: &str = "occurrence";
const WROTE: &str = "wrote an occurrence";
const READ: &str = "read occurrences";

/// The columns, as [`read`] expects them.
pub(super) const COLUMNS: &str =
    r#""trigger", due, civil, kind, state, cause, run, reason, detail, handled"#;

const PUT: &str = r#"INSERT INTO occurrence
    (workspace, "trigger", due, civil, kind, state, cause, run, reason, detail, handled)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT DO NOTHING RETURNING 1"#;
const CHANGE: &str = r#"UPDATE occurrence
    SET kind = $4, state = $5, run = $6, reason = $7, detail = $8, handled = $9
    WHERE workspace = $1 AND "trigger" = $2 AND due = $3"#;
const DELETE: &str = r#"DELETE FROM occurrence
    WHERE workspace = $1 AND "trigger" = $2 AND due = $3 RETURNING 1"#;

pub(super) fn read(row: &Columns<'_>) -> Result<OccurrenceRow, Error> {
    let started: Option<&str> = row.get(6)?;
    let run = if started.is_some() { Some(row.parsed(6)?) } else { None };
    Ok(OccurrenceRow {
        trigger: row.parsed(0)?,
        due: row.time(1)?,
        civil: row.get(2)?,
        kind: row.word(3, OccurrenceKind::of_word)?,
        state: row.word(4, OccurrenceState::of_word)?,
        cause: row.get(5)?,
        run,
        reason: row.get(7)?,
        detail: row.get(8)?,
        handled: row.time(9)?,
    })
}

/// Writes an occurrence, unless the trigger already has one at that instant or for that cause.
pub(crate) async fn put(session: &mut Session, row: &OccurrenceRow) -> Result<bool, Error> {
    session.announce()?;
    let values = vec![
        WORKSPACE.into(),
        row.trigger.to_string().into(),
        row.due.as_microsecond().into(),
        row.civil.as_str().into(),
        row.kind.word().into(),
        row.state.word().into(),
        Value::MaybeText(row.cause.clone()),
        Value::MaybeText(row.run.map(|run| run.to_string())),
        Value::MaybeText(row.reason.clone()),
        Value::MaybeText(row.detail.clone()),
        row.handled.as_microsecond().into(),
    ];
    Ok(!session.rows(WROTE, PUT, values).await?.is_empty())
}

/// Writes what became of an occurrence.
pub(crate) async fn change(session: &mut Session, row: &OccurrenceRow) -> Result<(), Error> {
    let values = vec![
        WORKSPACE.into(),
        row.trigger.to_string().into(),
        row.due.as_microsecond().into(),
        row.kind.word().into(),
        row.state.word().into(),
        Value::MaybeText(row.run.map(|run| run.to_string())),
        Value::MaybeText(row.reason.clone()),
        Value::MaybeText(row.detail.clone()),
        row.handled.as_microsecond().into(),
    ];
    session.write(WROTE, CHANGE, values).await
}

fn key(trigger: TriggerId, due: Timestamp) -> Vec<Value> {
    vec![WORKSPACE.into(), trigger.to_string().into(), due.as_microsecond().into()]
}

/// Takes out an occurrence.
pub(crate) async fn delete(
    session: &mut Session,
    trigger: TriggerId,
    due: Timestamp,
) -> Result<bool, Error> {
    session.announce()?;
    Ok(!session.rows(WROTE, DELETE, key(trigger, due)).await?.is_empty())
}

fn select(condition: &str) -> String {
    format!("SELECT {COLUMNS} FROM occurrence WHERE workspace = $1{condition}")
}

/// The occurrence of a trigger at an instant.
pub(crate) async fn one(
    session: &mut Session,
    trigger: TriggerId,
    due: Timestamp,
) -> Result<Option<OccurrenceRow>, Error> {
    let sql = select(r#" AND "trigger" = $2 AND due = $3"#);
    Ok(all(WHAT, &session.rows(READ, sql, key(trigger, due)).await?, read)?.pop())
}

/// The occurrence of a trigger that has this cause.
pub(crate) async fn caused(
    session: &mut Session,
    trigger: TriggerId,
    cause: &str,
) -> Result<Option<OccurrenceRow>, Error> {
    let sql = select(r#" AND "trigger" = $2 AND cause = $3"#);
    let key = vec![WORKSPACE.into(), trigger.to_string().into(), cause.into()];
    Ok(all(WHAT, &session.rows(READ, sql, key).await?, read)?.pop())
}

/// The occurrences of a filter.
pub(crate) async fn filtered(
    session: &mut Session,
    filter: &OccurrenceFilter,
) -> Result<Vec<OccurrenceRow>, Error> {
    let mut query = Query::of(&select(""));
    if let Some(trigger) = filter.trigger {
        query.and(r#" AND "trigger" = ?"#, trigger.to_string());
    }
    if !filter.states.is_empty() {
        let words = filter.states.iter().map(|state| state.word().into());
        query.and_all(" AND state IN ", words.collect());
    }
    if let Some(from) = filter.from {
        query.and(" AND due >= ?", from.as_microsecond());
    }
    if let Some(before) = filter.before {
        query.and(" AND due < ?", before.as_microsecond());
    }
    let order = if filter.earliest_first { "ASC" } else { "DESC" };
    let last = format!(r#" ORDER BY due {order}, "trigger" {order} LIMIT ?"#);
    query.and(&last, i64::from(filter.limit));
    all(WHAT, &session.rows(READ, query.sql, query.values).await?, read)
}
