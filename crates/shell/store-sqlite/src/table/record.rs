//! Records and the keys by which they are found.

use super::{WORKSPACE, all};
use crate::fault::{failed, taken};
use gemba_store::{Error, Expect, Key, RecordRow};
use rusqlite::{Connection, OptionalExtension, Row};

const WHAT: &str = "record";
const READ: &str = "read a record";
const WROTE: &str = "wrote a record";

pub(super) const ONE: &str = "SELECT id, version, body FROM record
    WHERE workspace = ?1 AND kind = ?2 AND id = ?3";
pub(super) const BY_KEY: &str = "SELECT r.id, r.version, r.body
    FROM record_key k JOIN record r
        ON r.workspace = k.workspace AND r.kind = k.kind AND r.id = k.id
    WHERE k.workspace = ?1 AND k.kind = ?2 AND k.name = ?3 AND k.value = ?4
    ORDER BY k.id";
pub(super) const PAGE: &str = "SELECT id, version, body FROM record
    WHERE workspace = ?1 AND kind = ?2 AND id > ?3
    ORDER BY id LIMIT ?4";
pub(super) const TAKEN: &str = "SELECT 1 FROM record_key
    WHERE workspace = ?1 AND kind = ?2 AND name = ?3 AND value = ?4 AND id <> ?5
    LIMIT 1";
// The index is named because SQLite takes the two columns before the id for narrow enough.
pub(super) const FORGET: &str = "DELETE FROM record_key INDEXED BY record_key_by_record
    WHERE workspace = ?1 AND kind = ?2 AND id = ?3";
pub(super) const DELETE: &str = "DELETE FROM record WHERE workspace = ?1 AND kind = ?2 AND id = ?3";

fn read(row: &Row<'_>) -> rusqlite::Result<RecordRow> {
    Ok(RecordRow { id: row.get(0)?, version: row.get(1)?, body: row.get(2)? })
}

/// The record with this id.
pub(crate) fn one(conn: &Connection, kind: &str, id: &str) -> Result<Option<RecordRow>, Error> {
    let find = || conn.prepare_cached(ONE)?.query_row((WORKSPACE, kind, id), read).optional();
    find().map_err(failed(WHAT, READ))
}

/// The records with this key, by id.
pub(crate) fn by_key(
    conn: &Connection,
    kind: &str,
    key: &str,
    value: &str,
) -> Result<Vec<RecordRow>, Error> {
    all(conn, BY_KEY, (WORKSPACE, kind, key, value), read).map_err(failed(WHAT, READ))
}

/// A page of the records of a kind.
pub(crate) fn page(
    conn: &Connection,
    kind: &str,
    after: &str,
    limit: u32,
) -> Result<Vec<RecordRow>, Error> {
    all(conn, PAGE, (WORKSPACE, kind, after, limit), read).map_err(failed(WHAT, READ))
}

/// Writes a record and its keys. Everything that can be refused is refused before the first write.
pub(crate) fn put(
    conn: &Connection,
    kind: &str,
    id: &str,
    keys: &[Key],
    body: &str,
    expect: Expect,
) -> Result<i64, Error> {
    let duplicate = |key: &str, value: &str| Error::Duplicate {
        kind: kind.to_owned(),
        key: key.to_owned(),
        value: value.to_owned(),
    };
    let stored = one(conn, kind, id)?.map(|row| row.version);
    let version = match (stored, expect) {
        (None, Expect::Absent) => 1,
        (Some(stored), Expect::Version(v)) if stored == v => v + 1,
        (Some(_), Expect::Absent) => return Err(duplicate("id", id)),
        _ => return Err(Error::Conflict { kind: kind.to_owned(), id: id.to_owned() }),
    };
    let fault = failed(WHAT, WROTE);
    for key in keys.iter().filter(|key| key.unique) {
        let other =
            || conn.prepare_cached(TAKEN)?.exists((WORKSPACE, kind, key.name, &key.value, id));
        if other().map_err(fault)? {
            return Err(duplicate(key.name, &key.value));
        }
    }
    let write = || -> rusqlite::Result<()> {
        let sql = "INSERT INTO record (workspace, kind, id, version, body)
            VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT DO UPDATE SET version = excluded.version, body = excluded.body";
        conn.prepare_cached(sql)?.execute((WORKSPACE, kind, id, version, body))?;
        conn.prepare_cached(FORGET)?.execute((WORKSPACE, kind, id))?;
        Ok(())
    };
    write().map_err(fault)?;
    for key in keys {
        // A record may declare one key twice; unique once is unique.
        let insert = || {
            let sql = "INSERT INTO record_key (workspace, kind, name, value, id, is_unique)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                ON CONFLICT (workspace, kind, name, value, id)
                DO UPDATE SET is_unique = max(is_unique, excluded.is_unique)";
            let row = (WORKSPACE, kind, key.name, &key.value, id, key.unique);
            conn.prepare_cached(sql)?.execute(row)
        };
        match insert() {
            Err(e) if taken(&e) => return Err(duplicate(key.name, &key.value)),
            done => done.map_err(fault)?,
        };
    }
    Ok(version)
}

/// Removes a record and its keys.
pub(crate) fn delete(conn: &Connection, kind: &str, id: &str) -> Result<bool, Error> {
    let delete = || {
        conn.prepare_cached(FORGET)?.execute((WORKSPACE, kind, id))?;
        conn.prepare_cached(DELETE)?.execute((WORKSPACE, kind, id))
    };
    delete().map(|n| n > 0).map_err(failed(WHAT, "removed a record"))
}
