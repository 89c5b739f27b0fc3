//! Whole tables, row by row, for a copy.

use super::{Columns, Query, all, delivery, event, item, log, occurrence, record, run, search};
use crate::connection::Value;
use crate::session::Session;
use gemba_store::{AuditRow, Error, Kept, KeptKey, RecordRow, Table};

const READ: &str = "read a table to copy it";

/// The columns of a table, where they come from, and the columns of its key.
fn columns(table: Table) -> (&'static str, &'static str, &'static str) {
    match table {
        Table::Record => (
            "id, version, body, kind,
            ARRAY(SELECT name FROM record_key k WHERE k.workspace = r.workspace
                AND k.kind = r.kind AND k.id = r.id ORDER BY name, value),
            ARRAY(SELECT value FROM record_key k WHERE k.workspace = r.workspace
                AND k.kind = r.kind AND k.id = r.id ORDER BY name, value),
            ARRAY(SELECT is_unique FROM record_key k WHERE k.workspace = r.workspace
                AND k.kind = r.kind AND k.id = r.id ORDER BY name, value)",
            "record r",
            "kind, id",
        ),
        Table::Run => (
            "id, process, revision, number, state, started, ended, n_events, body, wake",
            "run",
            "id",
        ),
        Table::Event => ("seq, at, body, run", "event", "run, seq"),
        Table::Item => (
            "id, run, process, step, visit, seat, state, opened, closed, branch, holder, due,
                delegate, priority, follow_up",
            "item",
            "id",
        ),
        Table::Occurrence => (occurrence::COLUMNS, "occurrence", r#""trigger", due"#),
        Table::Delivery => (delivery::COLUMNS, "delivery", "id"),
        Table::Value => {
            ("measurable, period, value, at, pushed_by", "measured", "measurable, period")
        }
        Table::Audit => ("seq, at, actor, action, subject, detail, hash", "audit", "seq"),
        Table::Blob => ("digest, bytes", "file", "digest"),
        Table::Search => ("kind, id, title, lines, text", "searched", "kind, id"),
    }
}

/// The key of a row.
fn key(row: &Kept) -> Vec<Value> {
    match row {
        Kept::Record { kind, row, .. } => vec![kind.as_str().into(), row.id.as_str().into()],
        Kept::Run(row) => vec![row.id.to_string().into()],
        Kept::Event { run, row } => vec![run.to_string().into(), row.seq.into()],
        Kept::Item(row) => vec![row.id.to_string().into()],
        Kept::Occurrence(row) => {
            vec![row.trigger.to_string().into(), row.due.as_microsecond().into()]
        }
        Kept::Delivery(row) => vec![row.id.to_string().into()],
        Kept::Value(row) => vec![row.measurable.as_str().into(), row.period.as_str().into()],
        Kept::Audit(row) => vec![row.seq.into()],
        Kept::Blob { digest, .. } => vec![digest.as_str().into()],
        Kept::Search(row) => vec![row.kind.as_str().into(), row.id.as_str().into()],
    }
}

fn record(row: &Columns<'_>) -> Result<Kept, Error> {
    let (names, values): (Vec<String>, Vec<String>) = (row.get(4)?, row.get(5)?);
    let unique: Vec<bool> = row.get(6)?;
    let keys = names.into_iter().zip(values).zip(unique);
    let keys = keys.map(|((name, value), unique)| KeptKey { name, value, unique }).collect();
    Ok(Kept::Record { kind: row.get(3)?, row: record::read(row)?, keys })
}

/// The rows after this one.
pub(crate) async fn page(
    session: &mut Session,
    table: Table,
    after: Option<&Kept>,
    limit: u32,
) -> Result<Vec<Kept>, Error> {
    let (columns, name, by) = columns(table);
    let mut query = Query::of(&format!("SELECT {columns} FROM {name} WHERE workspace = $1"));
    if let Some(after) = after {
        query.and_all(&format!(" AND ({by}) > "), key(after));
    }
    query.and(&format!(" ORDER BY {by} LIMIT ?"), i64::from(limit));
    let rows = session.rows(READ, query.sql, query.values).await?;
    all("row", &rows, |row| {
        Ok(match table {
            Table::Record => record(row)?,
            Table::Run => Kept::Run(run::read(row)?),
            Table::Event => Kept::Event { run: row.parsed(3)?, row: event::read(row)? },
            Table::Item => Kept::Item(item::read(row)?),
            Table::Occurrence => Kept::Occurrence(occurrence::read(row)?),
            Table::Delivery => Kept::Delivery(delivery::read(row)?),
            Table::Value => Kept::Value(log::read_value(row)?),
            Table::Audit => Kept::Audit(log::read_audit(row)?),
            Table::Blob => Kept::Blob { digest: row.get(0)?, bytes: row.get(1)? },
            Table::Search => Kept::Search(search::read(row)?),
        })
    })
}

/// Writes a record with its version and keys.
pub(crate) async fn put_record(
    session: &mut Session,
    kind: &str,
    row: &RecordRow,
    keys: &[KeptKey],
) -> Result<(), Error> {
    let keys = keys.iter().map(|key| (key.name.as_str(), key.value.as_str(), key.unique));
    record::write(session, kind, row, keys).await
}

/// Writes a line of the audit log under its number.
pub(crate) async fn put_audit(session: &mut Session, row: &AuditRow) -> Result<(), Error> {
    session.may_write()?;
    log::write_audit(session, row).await
}
