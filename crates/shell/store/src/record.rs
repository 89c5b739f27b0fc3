//! Records: nouns kept as one JSON document each, found by declared keys.

use crate::{Error, Expect, RecordRow, Tx};
use serde::{Serialize, de::DeserializeOwned};

/// A value by which a record is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key's name.
    pub name: &'static str,
    /// The value of this record.
    pub value: String,
    /// Whether no other record of the kind may have the same value.
    pub unique: bool,
}

impl Key {
    /// A key that only one record may have.
    pub fn unique(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, value: value.into(), unique: true }
    }

    /// A key that many records may share.
    pub fn shared(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, value: value.into(), unique: false }
    }
}

/// A noun kept as a record.
pub trait Record: Serialize + DeserializeOwned + Send {
    /// The kind, one word in the singular.
    const KIND: &'static str;
    /// The id, unique within the kind.
    fn id(&self) -> String;
    /// The keys it is found by.
    fn keys(&self) -> Vec<Key>;
}

/// A record with the version in which it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<R> {
    /// The record.
    pub value: R,
    /// Its version, from 1.
    pub version: i64,
}

fn read<R: Record>(row: &RecordRow) -> Result<Versioned<R>, Error> {
    let value = serde_json::from_str(&row.body)
        .map_err(|e| Error::corrupt(format!("{} {}", R::KIND, row.id), e))?;
    Ok(Versioned { value, version: row.version })
}

fn written<R: Record>(record: &R) -> Result<String, Error> {
    serde_json::to_string(record).map_err(|e| Error::corrupt(R::KIND, e))
}

/// The record with this id.
pub async fn load<R: Record>(tx: &mut dyn Tx, id: &str) -> Result<Option<Versioned<R>>, Error> {
    tx.record(R::KIND, id).await?.as_ref().map(read).transpose()
}

/// The one record with this unique key.
pub async fn unique<R: Record>(
    tx: &mut dyn Tx,
    key: &str,
    value: &str,
) -> Result<Option<Versioned<R>>, Error> {
    tx.records_by_key(R::KIND, key, value).await?.first().map(read).transpose()
}

/// The records with this key, by id.
pub async fn by_key<R: Record>(
    tx: &mut dyn Tx,
    key: &str,
    value: &str,
) -> Result<Vec<Versioned<R>>, Error> {
    tx.records_by_key(R::KIND, key, value).await?.iter().map(read).collect()
}

/// Of the records with this key no more than `Part` holds, by id: what is left out is not built up.
pub async fn parts_by_key<R: Record, Part: DeserializeOwned>(
    tx: &mut dyn Tx,
    key: &str,
    value: &str,
) -> Result<Vec<Part>, Error> {
    let rows = tx.records_by_key(R::KIND, key, value).await?;
    rows.iter()
        .map(|row| {
            serde_json::from_str(&row.body)
                .map_err(|e| Error::corrupt(format!("{} {}", R::KIND, row.id), e))
        })
        .collect()
}

/// All records of the kind, by id.
pub async fn all<R: Record>(tx: &mut dyn Tx) -> Result<Vec<Versioned<R>>, Error> {
    tx.records(R::KIND, "", u32::MAX).await?.iter().map(read).collect()
}

/// Adds a record; a taken id or unique key is an error.
pub async fn insert<R: Record>(tx: &mut dyn Tx, record: &R) -> Result<(), Error> {
    let body = written(record)?;
    tx.put_record(R::KIND, &record.id(), &record.keys(), &body, Expect::Absent).await?;
    Ok(())
}

/// Writes a record back; one that was changed since it was read is a conflict.
pub async fn save<R: Record>(tx: &mut dyn Tx, record: &Versioned<R>) -> Result<i64, Error> {
    let body = written(&record.value)?;
    let expect = Expect::Version(record.version);
    tx.put_record(R::KIND, &record.value.id(), &record.value.keys(), &body, expect).await
}

/// Removes a record; whether it was there.
pub async fn remove<R: Record>(tx: &mut dyn Tx, id: &str) -> Result<bool, Error> {
    tx.delete_record(R::KIND, id).await
}
