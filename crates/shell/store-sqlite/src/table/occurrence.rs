//! The occurrences of triggers.

use super::{Query, WORKSPACE, all, parsed, time, word};
use crate::fault::failed;
use gemba_model::id::TriggerId;
use gemba_store::{Error, OccurrenceFilter, OccurrenceKind, OccurrenceRow, OccurrenceState};
use jiff::Timestamp;
use rusqlite::{Connection, Row};

const WHAT: &str = "occurrence";
const WROTE: &str = "wrote an occurrence";
const READ: &str = "read occurrences";

/// The columns, as [`read`] expects them.
pub(super) const COLUMNS: &str =
    r#""trigger", due, civil, kind, state, cause, run, reason, detail, handled"#;

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<OccurrenceRow> {
    let started = row.get_ref(6)?.as_str_or_null()?.is_some();
    Ok(OccurrenceRow {
        trigger: parsed(row, 0)?,
        due: time(row, 1)?,
        civil: row.get(2)?,
        kind: word(row, 3, OccurrenceKind::of_word)?,
        state: word(row, 4, OccurrenceState::of_word)?,
        cause: row.get(5)?,
        run: if started { Some(parsed(row, 6)?) } else { None },
        reason: row.get(7)?,
        detail: row.get(8)?,
        handled: time(row, 9)?,
    })
}

/// Writes an occurrence, unless the trigger already has one at that instant or for that cause.
pub(crate) fn put(conn: &Connection, row: &OccurrenceRow) -> Result<bool, Error> {
    let sql = r#"INSERT INTO occurrence
        (workspace, "trigger", due, civil, kind, state, cause, run, reason, detail, handled)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        ON CONFLICT DO NOTHING"#;
    let write = || {
        conn.prepare_cached(sql)?.execute((
            WORKSPACE,
            row.trigger.to_string(),
            row.due.as_microsecond(),
            &row.civil,
            row.kind.word(),
            row.state.word(),
            &row.cause,
            row.run.map(|run| run.to_string()),
            &row.reason,
            &row.detail,
            row.handled.as_microsecond(),
        ))
    };
    write().map(|n| n > 0).map_err(failed(WHAT, WROTE))
}

pub(super) const CHANGE: &str = r#"UPDATE occurrence
    SET kind = ?4, state = ?5, run = ?6, reason = ?7, detail = ?8, handled = ?9
    WHERE workspace = ?1 AND "trigger" = ?2 AND due = ?3"#;

/// Writes what became of an occurrence.
pub(crate) fn change(conn: &Connection, row: &OccurrenceRow) -> Result<(), Error> {
    let write = || {
        conn.prepare_cached(CHANGE)?.execute((
            WORKSPACE,
            row.trigger.to_string(),
            row.due.as_microsecond(),
            row.kind.word(),
            row.state.word(),
            row.run.map(|run| run.to_string()),
            &row.reason,
            &row.detail,
            row.handled.as_microsecond(),
        ))
    };
    write().map(|_| ()).map_err(failed(WHAT, WROTE))
}

pub(super) const DELETE: &str =
    r#"DELETE FROM occurrence WHERE workspace = ?1 AND "trigger" = ?2 AND due = ?3"#;

/// Takes out an occurrence.
pub(crate) fn delete(conn: &Connection, trigger: TriggerId, due: Timestamp) -> Result<bool, Error> {
    let key = (WORKSPACE, trigger.to_string(), due.as_microsecond());
    let write = || conn.prepare_cached(DELETE)?.execute(key);
    write().map(|n| n > 0).map_err(failed(WHAT, WROTE))
}

/// The occurrence of a trigger at an instant.
pub(crate) fn one(
    conn: &Connection,
    trigger: TriggerId,
    due: Timestamp,
) -> Result<Option<OccurrenceRow>, Error> {
    let mut query = Query::of(&select());
    query.and(r#" AND "trigger" = ?"#, trigger.to_string());
    query.and(" AND due = ?", due.as_microsecond());
    query.all(conn, read).map(|mut rows| rows.pop()).map_err(failed(WHAT, READ))
}

fn select() -> String {
    format!("SELECT {COLUMNS} FROM occurrence WHERE workspace = ?")
}

pub(super) fn by_cause() -> String {
    format!(
        r#"SELECT {COLUMNS} FROM occurrence WHERE workspace = ?1 AND "trigger" = ?2 AND cause = ?3"#
    )
}

/// The occurrence of a trigger that has this cause.
pub(crate) fn caused(
    conn: &Connection,
    trigger: TriggerId,
    cause: &str,
) -> Result<Option<OccurrenceRow>, Error> {
    let key = (WORKSPACE, trigger.to_string(), cause);
    let found = all(conn, &by_cause(), key, read).map_err(failed(WHAT, READ))?;
    Ok(found.into_iter().next())
}

/// The query of a filter.
pub(super) fn query(filter: &OccurrenceFilter) -> Query {
    // Else SQLite, which does not know how few are in a state, may walk all of the trigger.
    let index = match (filter.trigger, filter.states.len()) {
        (Some(_), 1) => " INDEXED BY occurrence_by_trigger_and_state",
        _ => "",
    };
    let mut query =
        Query::of(&format!("SELECT {COLUMNS} FROM occurrence{index} WHERE workspace = ?"));
    if let Some(trigger) = filter.trigger {
        query.and(r#" AND "trigger" = ?"#, trigger.to_string());
    }
    if let [state] = filter.states.as_slice() {
        query.and(" AND state = ?", state.word().to_owned());
    } else if !filter.states.is_empty() {
        query.one_of("state", filter.states.iter().map(|state| state.word()));
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
    query
}

/// The occurrences of a filter.
pub(crate) fn filtered(
    conn: &Connection,
    filter: &OccurrenceFilter,
) -> Result<Vec<OccurrenceRow>, Error> {
    query(filter).all(conn, read).map_err(failed(WHAT, READ))
}
