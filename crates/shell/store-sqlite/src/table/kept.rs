//! Whole tables, row by row, for a copy.

use super::{Query, WORKSPACE, all, delivery, event, item, log, occurrence, parsed, run, time};
use crate::fault::failed;
use gemba_store::{AuditRow, Error, Kept, KeptKey, RecordRow, SearchRow, Table, ValueRow};
use rusqlite::Connection;
use rusqlite::types::Value;

const READ: &str = "read a table to copy it";
const WROTE: &str = "wrote a copy";

/// The columns of a table, where they come from, and the columns of its key.
fn columns(table: Table) -> (&'static str, &'static str, &'static str) {
    match table {
        Table::Record => ("kind, id, version, body", "record", "kind, id"),
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
        Kept::Record { kind, row, .. } => vec![kind.clone().into(), row.id.clone().into()],
        Kept::Run(row) => vec![row.id.to_string().into()],
        Kept::Event { run, row } => vec![run.to_string().into(), row.seq.into()],
        Kept::Item(row) => vec![row.id.to_string().into()],
        Kept::Occurrence(row) => {
            vec![row.trigger.to_string().into(), row.due.as_microsecond().into()]
        }
        Kept::Delivery(row) => vec![row.id.to_string().into()],
        Kept::Value(row) => vec![row.measurable.clone().into(), row.period.clone().into()],
        Kept::Audit(row) => vec![row.seq.into()],
        Kept::Blob { digest, .. } => vec![digest.clone().into()],
        Kept::Search(row) => vec![row.kind.clone().into(), row.id.clone().into()],
    }
}

/// The rows after this one.
pub(crate) fn page(
    conn: &Connection,
    table: Table,
    after: Option<&Kept>,
    limit: u32,
) -> Result<Vec<Kept>, Error> {
    let (columns, name, by) = columns(table);
    let mut query = Query::of(&format!("SELECT {columns} FROM {name} WHERE workspace = ?"));
    if let Some(after) = after {
        let values = key(after);
        let marks = vec!["?"; values.len()].join(", ");
        for piece in [" AND (", by, ") > (", &marks, ")"] {
            query.sql.push_str(piece);
        }
        query.values.extend(values);
    }
    query.and(&format!(" ORDER BY {by} LIMIT ?"), i64::from(limit));
    let read = |row: &rusqlite::Row<'_>| {
        Ok(match table {
            Table::Record => {
                let record = RecordRow { id: row.get(1)?, version: row.get(2)?, body: row.get(3)? };
                let kind: String = row.get(0)?;
                let keys = keys(conn, &kind, &record.id)?;
                Kept::Record { kind, row: record, keys }
            }
            Table::Run => Kept::Run(run::read(row)?),
            Table::Event => Kept::Event { run: parsed(row, 3)?, row: event::read(row)? },
            Table::Item => Kept::Item(item::read(row)?),
            Table::Occurrence => Kept::Occurrence(occurrence::read(row)?),
            Table::Delivery => Kept::Delivery(delivery::read(row)?),
            Table::Value => Kept::Value(ValueRow {
                measurable: row.get(0)?,
                period: row.get(1)?,
                value: row.get(2)?,
                at: time(row, 3)?,
                by: row.get(4)?,
            }),
            Table::Audit => Kept::Audit(log::read_audit(row)?),
            Table::Blob => Kept::Blob { digest: row.get(0)?, bytes: row.get(1)? },
            Table::Search => Kept::Search(SearchRow {
                kind: row.get(0)?,
                id: row.get(1)?,
                title: row.get(2)?,
                lines: row.get(3)?,
                text: row.get(4)?,
            }),
        })
    };
    query.all(conn, read).map_err(failed("row", READ))
}

fn keys(conn: &Connection, kind: &str, id: &str) -> rusqlite::Result<Vec<KeptKey>> {
    let sql = "SELECT name, value, is_unique FROM record_key INDEXED BY record_key_by_record
        WHERE workspace = ?1 AND kind = ?2 AND id = ?3 ORDER BY name, value";
    all(conn, sql, (WORKSPACE, kind, id), |row| {
        Ok(KeptKey { name: row.get(0)?, value: row.get(1)?, unique: row.get(2)? })
    })
}

/// Writes a record with its version and keys.
pub(crate) fn put_record(
    conn: &Connection,
    kind: &str,
    row: &RecordRow,
    keys: &[KeptKey],
) -> Result<(), Error> {
    let write = || -> rusqlite::Result<()> {
        let sql = "INSERT INTO record (workspace, kind, id, version, body)
            VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = (WORKSPACE, kind, &row.id, row.version, &row.body);
        conn.prepare_cached(sql)?.execute(values)?;
        let sql = "INSERT INTO record_key (workspace, kind, name, value, id, is_unique)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        for key in keys {
            let values = (WORKSPACE, kind, &key.name, &key.value, &row.id, key.unique);
            conn.prepare_cached(sql)?.execute(values)?;
        }
        Ok(())
    };
    write().map_err(failed("record", WROTE))
}

/// Writes a line of the audit log under its number.
pub(crate) fn put_audit(conn: &Connection, row: &AuditRow) -> Result<(), Error> {
    log::write_audit(conn, row).map_err(failed("audit log", WROTE))
}
