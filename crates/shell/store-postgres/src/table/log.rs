//! What is only ever added to: measured values, the audit log, files.

use super::{Columns, Query, WORKSPACE, all};
use crate::connection::{Op, Value};
use crate::session::Session;
use gemba_store::{AuditRow, Error, NewAudit, ValueRow, chain};
use tokio_postgres::Row;

const PUT_VALUE: &str = "INSERT INTO measured (workspace, measurable, period, value, at, pushed_by)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (workspace, measurable, period) DO UPDATE
    SET value = excluded.value, at = excluded.at, pushed_by = excluded.pushed_by";
const VALUES: &str = "SELECT measurable, period, value, at, pushed_by FROM measured
    WHERE workspace = $1 AND measurable = $2 AND period >= $3
    ORDER BY period";
const LAST_AUDIT: &str = "SELECT seq, hash FROM audit
    WHERE workspace = $1 ORDER BY seq DESC LIMIT 1";
const APPEND: &str = "INSERT INTO audit (workspace, seq, at, actor, action, subject, detail, hash)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const AUDIT: &str =
    "SELECT seq, at, actor, action, subject, detail, hash FROM audit WHERE workspace = $1";
const DELETE_FILE: &str = "DELETE FROM file WHERE workspace = $1 AND digest = $2";
const PUT_FILE: &str = "INSERT INTO file (workspace, digest, bytes) VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING";
const FILE: &str = "SELECT bytes FROM file WHERE workspace = $1 AND digest = $2";

pub(super) fn read_value(row: &Columns<'_>) -> Result<ValueRow, Error> {
    Ok(ValueRow {
        measurable: row.get(0)?,
        period: row.get(1)?,
        value: row.get(2)?,
        at: row.time(3)?,
        by: row.get(4)?,
    })
}

pub(super) fn read_audit(row: &Columns<'_>) -> Result<AuditRow, Error> {
    let entry = NewAudit {
        at: row.time(1)?,
        actor: row.get(2)?,
        action: row.get(3)?,
        subject: row.get(4)?,
        detail: row.get(5)?,
    };
    Ok(AuditRow { seq: row.get(0)?, entry, hash: row.get(6)? })
}

/// Writes the value of a measurable for a period.
pub(crate) async fn put_value(session: &mut Session, row: &ValueRow) -> Result<(), Error> {
    let values = vec![
        WORKSPACE.into(),
        row.measurable.as_str().into(),
        row.period.as_str().into(),
        Value::Real(row.value),
        row.at.as_microsecond().into(),
        row.by.as_str().into(),
    ];
    session.write("wrote a value", PUT_VALUE, values).await
}

/// The values of a measurable, oldest first.
pub(crate) async fn values(
    session: &mut Session,
    measurable: &str,
    from: &str,
) -> Result<Vec<ValueRow>, Error> {
    let key = vec![WORKSPACE.into(), measurable.into(), from.into()];
    all("value", &session.rows("read values", VALUES, key).await?, read_value)
}

/// Adds to the audit log and to its chain: nobody else writes meanwhile, so the last line stays the
/// last.
pub(crate) async fn append_audit(session: &mut Session, row: &NewAudit) -> Result<i64, Error> {
    session.may_write()?;
    let known = session.cache().and_then(|cache| cache.audit.clone());
    let (last, before) = if let Some(last) = known {
        last
    } else {
        let found = session.rows("read the audit log", LAST_AUDIT, vec![WORKSPACE.into()]).await?;
        read_last(&found)?
    };
    let seq = last + 1;
    let hash = chain::hash(&before, seq, row);
    write_audit(session, &AuditRow { seq, entry: row.clone(), hash }).await?;
    Ok(seq)
}

/// What asks for the last line.
pub(crate) fn last_audit() -> Op {
    Op::Query { sql: LAST_AUDIT.into(), values: vec![WORKSPACE.into()] }
}

/// The number and the hash of the last line.
pub(crate) fn read_last(rows: &[Row]) -> Result<(i64, String), Error> {
    let mut found = all("audit log", rows, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.pop().unwrap_or_else(|| (0, chain::START.to_owned())))
}

/// Writes a line under its number.
pub(super) async fn write_audit(session: &mut Session, row: &AuditRow) -> Result<(), Error> {
    session.op("wrote the audit log", audit_op(row)).await?;
    if let Some(cache) = session.cache() {
        cache.audit = Some((row.seq, row.hash.clone()));
    }
    Ok(())
}

/// What writes it.
pub(crate) fn audit_op(row: &AuditRow) -> Op {
    let entry = &row.entry;
    let values = vec![
        WORKSPACE.into(),
        row.seq.into(),
        entry.at.as_microsecond().into(),
        entry.actor.as_str().into(),
        entry.action.as_str().into(),
        entry.subject.as_str().into(),
        entry.detail.as_str().into(),
        row.hash.as_str().into(),
    ];
    Op::Write { sql: APPEND, values, expect: None }
}

/// A page of the audit log, newest first.
pub(crate) async fn audit(
    session: &mut Session,
    subject: Option<&str>,
    before: i64,
    limit: u32,
) -> Result<Vec<AuditRow>, Error> {
    let mut query = Query::of(AUDIT);
    if let Some(subject) = subject {
        query.and(" AND subject = ?", subject);
    }
    if before != 0 {
        query.and(" AND seq < ?", before);
    }
    query.and(" ORDER BY seq DESC LIMIT ?", i64::from(limit));
    let found = session.rows("read the audit log", query.sql, query.values).await?;
    all("audit log", &found, read_audit)
}

/// Keeps a file under its digest. The digest tells that one already there is the same.
pub(crate) async fn put_file(
    session: &mut Session,
    digest: &str,
    bytes: &[u8],
) -> Result<(), Error> {
    let values = vec![WORKSPACE.into(), digest.into(), Value::Bytes(bytes.to_vec())];
    session.write("wrote a file", PUT_FILE, values).await
}

/// Takes the file with this digest out.
pub(crate) async fn delete_file(session: &mut Session, digest: &str) -> Result<(), Error> {
    session.write("took a file out", DELETE_FILE, vec![WORKSPACE.into(), digest.into()]).await
}

/// The file with this digest.
pub(crate) async fn file(session: &mut Session, digest: &str) -> Result<Option<Vec<u8>>, Error> {
    let key = vec![WORKSPACE.into(), digest.into()];
    let mut found = all("file", &session.rows("read a file", FILE, key).await?, |row| row.get(0))?;
    Ok(found.pop())
}
