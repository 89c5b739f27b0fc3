//! The occurrences of triggers.

use super::{WORKSPACE, all, parsed, time};
use crate::fault::failed;
use gemba_model::id::TriggerId;
use gemba_store::{Error, OccurrenceRow};
use rusqlite::{Connection, Row};

const WHAT: &str = "occurrence";

pub(super) const LATEST: &str = r#"SELECT "trigger", due, civil, run, reason, handled FROM occurrence
    WHERE workspace = ?1 AND "trigger" = ?2
    ORDER BY due DESC LIMIT ?3"#;

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<OccurrenceRow> {
    let started = row.get_ref(3)?.as_str_or_null()?.is_some();
    Ok(OccurrenceRow {
        trigger: parsed(row, 0)?,
        due: time(row, 1)?,
        civil: row.get(2)?,
        run: if started { Some(parsed(row, 3)?) } else { None },
        reason: row.get(4)?,
        handled: time(row, 5)?,
    })
}

/// Writes an occurrence, unless the trigger already has one at that instant.
pub(crate) fn put(conn: &Connection, row: &OccurrenceRow) -> Result<bool, Error> {
    let sql = r#"INSERT INTO occurrence (workspace, "trigger", due, civil, run, reason, handled)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT DO NOTHING"#;
    let write = || {
        conn.prepare_cached(sql)?.execute((
            WORKSPACE,
            row.trigger.to_string(),
            row.due.as_microsecond(),
            &row.civil,
            row.run.map(|run| run.to_string()),
            &row.reason,
            row.handled.as_microsecond(),
        ))
    };
    write().map(|n| n > 0).map_err(failed(WHAT, "wrote an occurrence"))
}

/// The occurrences of a trigger, latest first.
pub(crate) fn latest(
    conn: &Connection,
    trigger: TriggerId,
    limit: u32,
) -> Result<Vec<OccurrenceRow>, Error> {
    let key = (WORKSPACE, trigger.to_string(), limit);
    all(conn, LATEST, key, read).map_err(failed(WHAT, "read occurrences"))
}
