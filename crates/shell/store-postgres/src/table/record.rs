//! Records and the keys by which they are found.

use super::{Columns, WORKSPACE, all};
use crate::connection::{Op, Value};
use crate::session::Session;
use gemba_store::{Error, Expect, Key, RecordRow};
use std::collections::BTreeMap;

const WHAT: &str = "record";
const READ: &str = "read a record";
const WROTE: &str = "wrote a record";

const ONE: &str = "SELECT id, version, body FROM record
    WHERE workspace = $1 AND kind = $2 AND id = $3";
const BY_KEY: &str = "SELECT r.id, r.version, r.body
    FROM record_key k JOIN record r
        ON r.workspace = k.workspace AND r.kind = k.kind AND r.id = k.id
    WHERE k.workspace = $1 AND k.kind = $2 AND k.name = $3 AND k.value = $4
    ORDER BY k.id";
const PAGE: &str = "SELECT id, version, body FROM record
    WHERE workspace = $1 AND kind = $2 AND id > $3
    ORDER BY id LIMIT $4";
const TAKEN: &str = "SELECT k.name, k.value FROM record_key k
    JOIN unnest($4::text[], $5::text[]) AS wanted (name, value)
        ON k.name = wanted.name AND k.value = wanted.value
    WHERE k.workspace = $1 AND k.kind = $2 AND k.id <> $3
    LIMIT 1";
const PUT: &str = "INSERT INTO record (workspace, kind, id, version, body)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (workspace, kind, id)
    DO UPDATE SET version = excluded.version, body = excluded.body";
const PUT_KEYS: &str = "INSERT INTO record_key (workspace, kind, id, name, value, is_unique)
    SELECT $1, $2, $3, k.* FROM unnest($4::text[], $5::text[], $6::boolean[]) AS k";
const FORGET: &str = "DELETE FROM record_key WHERE workspace = $1 AND kind = $2 AND id = $3";
const DELETE: &str = "DELETE FROM record WHERE workspace = $1 AND kind = $2 AND id = $3";

pub(super) fn read(row: &Columns<'_>) -> Result<RecordRow, Error> {
    Ok(RecordRow { id: row.get(0)?, version: row.get(1)?, body: row.get(2)? })
}

/// The record with this id.
pub(crate) async fn one(
    session: &mut Session,
    kind: &str,
    id: &str,
) -> Result<Option<RecordRow>, Error> {
    let place = (kind.to_owned(), id.to_owned());
    if let Some(known) = session.cache().and_then(|cache| cache.records.get(&place).cloned()) {
        return Ok(known);
    }
    let key = vec![WORKSPACE.into(), kind.into(), id.into()];
    let found = all(WHAT, &session.rows(READ, ONE, key).await?, read)?.pop();
    if let Some(cache) = session.cache() {
        cache.records.put(place, found.clone());
    }
    Ok(found)
}

/// The records with this key, by id.
pub(crate) async fn by_key(
    session: &mut Session,
    kind: &str,
    key: &str,
    value: &str,
) -> Result<Vec<RecordRow>, Error> {
    let key = vec![WORKSPACE.into(), kind.into(), key.into(), value.into()];
    all(WHAT, &session.rows(READ, BY_KEY, key).await?, read)
}

/// A page of the records of a kind.
pub(crate) async fn page(
    session: &mut Session,
    kind: &str,
    after: &str,
    limit: u32,
) -> Result<Vec<RecordRow>, Error> {
    let key = vec![WORKSPACE.into(), kind.into(), after.into(), i64::from(limit).into()];
    all(WHAT, &session.rows(READ, PAGE, key).await?, read)
}

/// Writes a record and its keys. Everything that can be refused is refused before the first write.
pub(crate) async fn put(
    session: &mut Session,
    kind: &str,
    id: &str,
    keys: &[Key],
    body: &str,
    expect: Expect,
) -> Result<i64, Error> {
    session.may_write()?;
    let duplicate = |key: &str, value: &str| Error::Duplicate {
        kind: kind.to_owned(),
        key: key.to_owned(),
        value: value.to_owned(),
    };
    let stored = one(session, kind, id).await?.map(|row| row.version);
    let version = match (stored, expect) {
        (None, Expect::Absent) => 1,
        (Some(stored), Expect::Version(v)) if stored == v => v + 1,
        (Some(_), Expect::Absent) => return Err(duplicate("id", id)),
        _ => return Err(Error::Conflict { kind: kind.to_owned(), id: id.to_owned() }),
    };
    let unique = || keys.iter().filter(|key| key.unique);
    if unique().next().is_some() {
        let values = vec![
            WORKSPACE.into(),
            kind.into(),
            id.into(),
            unique().map(|key| key.name.to_owned()).collect::<Vec<_>>().into(),
            unique().map(|key| key.value.clone()).collect::<Vec<_>>().into(),
        ];
        let taken: Vec<(String, String)> =
            all(WHAT, &session.rows(READ, TAKEN, values).await?, |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        if let Some((name, value)) = taken.first() {
            return Err(duplicate(name, value));
        }
    }
    let row = RecordRow { id: id.to_owned(), version, body: body.to_owned() };
    let keys = keys.iter().map(|key| (key.name, key.value.as_str(), key.unique));
    write(session, kind, &row, keys).await?;
    Ok(version)
}

/// Writes a record as it is, and its keys instead of what they were.
pub(super) async fn write<'a>(
    session: &mut Session,
    kind: &str,
    row: &RecordRow,
    keys: impl Iterator<Item = (&'a str, &'a str, bool)>,
) -> Result<(), Error> {
    for op in put_ops(kind, row, keys) {
        session.op(WROTE, op).await?;
    }
    if let Some(cache) = session.cache() {
        cache.records.put((kind.to_owned(), row.id.clone()), Some(row.clone()));
    }
    Ok(())
}

/// What writes it.
pub(crate) fn put_ops<'a>(
    kind: &str,
    row: &RecordRow,
    keys: impl Iterator<Item = (&'a str, &'a str, bool)>,
) -> Vec<Op> {
    let op = |sql, values| Op::Write { sql, values, expect: None };
    let place = || vec![WORKSPACE.into(), kind.into(), row.id.as_str().into()];
    let mut values = place();
    values.extend([row.version.into(), row.body.as_str().into()]);
    let mut ops = vec![op(PUT, values), op(FORGET, place())];
    // A record may declare one key twice; unique once is unique.
    let mut distinct: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for (name, value, unique) in keys {
        *distinct.entry((name, value)).or_default() |= unique;
    }
    if !distinct.is_empty() {
        let (names, texts): (Vec<String>, Vec<String>) =
            distinct.keys().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).unzip();
        let mut values = place();
        values.extend([
            Value::Texts(names),
            Value::Texts(texts),
            Value::Bools(distinct.values().copied().collect()),
        ]);
        ops.push(op(PUT_KEYS, values));
    }
    ops
}

/// Removes a record and its keys.
pub(crate) async fn delete(session: &mut Session, kind: &str, id: &str) -> Result<bool, Error> {
    session.may_write()?;
    let there = one(session, kind, id).await?.is_some();
    let place = || vec![WORKSPACE.into(), kind.into(), id.into()];
    session.write(WROTE, FORGET, place()).await?;
    session.write(WROTE, DELETE, place()).await?;
    if let Some(cache) = session.cache() {
        cache.records.put((kind.to_owned(), id.to_owned()), None);
    }
    Ok(there)
}
