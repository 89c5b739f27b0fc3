//! What is only ever added to: measured values, the audit log, files.

use super::{Query, WORKSPACE, all, time};
use crate::fault::failed;
use gemba_store::{AuditRow, Error, NewAudit, ValueRow, chain};
use rusqlite::{Connection, OptionalExtension, Row};

pub(super) const VALUES: &str = "SELECT measurable, period, value, at, pushed_by FROM measured
    WHERE workspace = ?1 AND measurable = ?2 AND period >= ?3
    ORDER BY period";

pub(super) const LAST: &str = "SELECT seq, hash FROM audit
    WHERE workspace = ?1 ORDER BY seq DESC LIMIT 1";

/// Writes the value of a measurable for a period.
pub(crate) fn put_value(conn: &Connection, row: &ValueRow) -> Result<(), Error> {
    let sql = "INSERT INTO measured (workspace, measurable, period, value, at, pushed_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at,
            pushed_by = excluded.pushed_by";
    let write = || {
        let at = row.at.as_microsecond();
        let row = (WORKSPACE, &row.measurable, &row.period, row.value, at, &row.by);
        conn.prepare_cached(sql)?.execute(row)
    };
    write().map(|_| ()).map_err(failed("value", "wrote a value"))
}

/// The values of a measurable, oldest first.
pub(crate) fn values(
    conn: &Connection,
    measurable: &str,
    from: &str,
) -> Result<Vec<ValueRow>, Error> {
    let read = |row: &Row<'_>| {
        Ok(ValueRow {
            measurable: row.get(0)?,
            period: row.get(1)?,
            value: row.get(2)?,
            at: time(row, 3)?,
            by: row.get(4)?,
        })
    };
    all(conn, VALUES, (WORKSPACE, measurable, from), read).map_err(failed("value", "read values"))
}

/// Adds to the audit log and to its chain. Nobody else writes meanwhile, so the last line stays the
/// last.
pub(crate) fn append_audit(conn: &Connection, row: &NewAudit) -> Result<i64, Error> {
    let write = || {
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let last = conn.prepare_cached(LAST)?.query_row([WORKSPACE], read).optional()?;
        let (last, before): (i64, String) = last.unwrap_or_else(|| (0, chain::START.to_owned()));
        let seq = last + 1;
        let hash = chain::hash(&before, seq, row);
        write_audit(conn, &AuditRow { seq, entry: row.clone(), hash }).map(|()| seq)
    };
    write().map_err(failed("audit log", "wrote the audit log"))
}

/// Writes a line under its number.
pub(crate) fn write_audit(conn: &Connection, row: &AuditRow) -> rusqlite::Result<()> {
    let sql = "INSERT INTO audit (workspace, seq, at, actor, action, subject, detail, hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let NewAudit { at, actor, action, subject, detail } = &row.entry;
    let at = at.as_microsecond();
    let values = (WORKSPACE, row.seq, at, actor, action, subject, detail, &row.hash);
    conn.prepare_cached(sql)?.execute(values).map(|_| ())
}

/// A line as it is stored.
pub(crate) fn read_audit(row: &Row<'_>) -> rusqlite::Result<AuditRow> {
    let entry = NewAudit {
        at: time(row, 1)?,
        actor: row.get(2)?,
        action: row.get(3)?,
        subject: row.get(4)?,
        detail: row.get(5)?,
    };
    Ok(AuditRow { seq: row.get(0)?, entry, hash: row.get(6)? })
}

/// The query of a page of the audit log.
pub(super) fn audit_query(subject: Option<&str>, before: i64, limit: u32) -> Query {
    // Else SQLite, which does not know how common a subject is, may walk the log backwards.
    let index = if subject.is_some() { " INDEXED BY audit_by_subject" } else { "" };
    let mut query = Query::of(&format!(
        "SELECT seq, at, actor, action, subject, detail, hash FROM audit{index} WHERE workspace = ?"
    ));
    if let Some(subject) = subject {
        query.and(" AND subject = ?", subject.to_owned());
    }
    if before != 0 {
        query.and(" AND seq < ?", before);
    }
    query.and(" ORDER BY seq DESC LIMIT ?", i64::from(limit));
    query
}

/// A page of the audit log, newest first.
pub(crate) fn audit(
    conn: &Connection,
    subject: Option<&str>,
    before: i64,
    limit: u32,
) -> Result<Vec<AuditRow>, Error> {
    audit_query(subject, before, limit)
        .all(conn, read_audit)
        .map_err(failed("audit log", "read the audit log"))
}

/// Keeps a file under its digest. The digest tells that one already there is the same.
pub(crate) fn put_file(conn: &Connection, digest: &str, bytes: &[u8]) -> Result<(), Error> {
    let sql = "INSERT INTO file (workspace, digest, bytes) VALUES (?1, ?2, ?3)
        ON CONFLICT DO NOTHING";
    let write = || conn.prepare_cached(sql)?.execute((WORKSPACE, digest, bytes));
    write().map(|_| ()).map_err(failed("file", "wrote a file"))
}

/// Takes the file with this digest out.
pub(crate) fn delete_file(conn: &Connection, digest: &str) -> Result<(), Error> {
    let sql = "DELETE FROM file WHERE workspace = ?1 AND digest = ?2";
    let delete = || conn.prepare_cached(sql)?.execute((WORKSPACE, digest));
    delete().map(|_| ()).map_err(failed("file", "took a file out"))
}

/// The file with this digest.
pub(crate) fn file(conn: &Connection, digest: &str) -> Result<Option<Vec<u8>>, Error> {
    let sql = "SELECT bytes FROM file WHERE workspace = ?1 AND digest = ?2";
    let find = || {
        let key = (WORKSPACE, digest);
        conn.prepare_cached(sql)?.query_row(key, |row| row.get(0)).optional()
    };
    find().map_err(failed("file", "read a file"))
}
