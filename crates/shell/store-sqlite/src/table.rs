//! The tables: one file for each thing kept, and how its columns are read.

pub(crate) mod delivery;
pub(crate) mod event;
pub(crate) mod item;
pub(crate) mod kept;
pub(crate) mod log;
pub(crate) mod occurrence;
pub(crate) mod record;
pub(crate) mod run;
pub(crate) mod search;

use gemba_model::StepId;
use jiff::Timestamp;
use rusqlite::types::{Type, Value, ValueRef};
use rusqlite::{Connection, Params, Row, params_from_iter};
use serde::Deserialize;
use serde::de::value::{Error as ValueError, StrDeserializer};
use std::error::Error as StdError;
use std::str::FromStr;

/// The workspace of every row, until one database holds several.
pub(crate) const WORKSPACE: i64 = 1;

fn unreadable(
    column: usize,
    kind: Type,
    why: impl Into<Box<dyn StdError + Send + Sync>>,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, kind, why.into())
}

/// A column that holds the text form of something.
fn parsed<T: FromStr<Err: StdError + Send + Sync + 'static>>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    text.parse().map_err(|e: T::Err| unreadable(column, Type::Text, e))
}

/// A column that holds the text of an id, or nothing.
fn maybe_parsed<T: FromStr<Err: StdError + Send + Sync + 'static>>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<T>> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        _ => parsed(row, column).map(Some),
    }
}

/// A column that holds one word of a fixed few.
fn word<T>(
    row: &Row<'_>,
    column: usize,
    of_word: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    of_word(text).ok_or_else(|| unreadable(column, Type::Text, format!("`{text}` is unknown")))
}

/// A column that holds a step's id, exactly as it was written.
fn step(row: &Row<'_>, column: usize) -> rusqlite::Result<StepId> {
    let text = row.get_ref(column)?.as_str()?;
    StepId::deserialize(StrDeserializer::<ValueError>::new(text))
        .map_err(|e| unreadable(column, Type::Text, e))
}

/// A column that holds a time.
fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    instant(column, row.get(column)?)
}

/// A column that holds a time or nothing.
fn maybe_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    row.get::<_, Option<i64>>(column)?.map(|us| instant(column, us)).transpose()
}

fn instant(column: usize, us: i64) -> rusqlite::Result<Timestamp> {
    Timestamp::from_microsecond(us).map_err(|e| unreadable(column, Type::Integer, e))
}

/// Every row that a query finds.
fn all<T>(
    conn: &Connection,
    sql: &str,
    values: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    conn.prepare_cached(sql)?.query_map(values, read)?.collect()
}

/// A query whose conditions are known only when it is asked.
#[derive(Debug)]
pub(crate) struct Query {
    /// The text so far.
    pub(crate) sql: String,
    /// What its question marks stand for.
    pub(crate) values: Vec<Value>,
}

impl Query {
    /// A query that begins with `sql`, where the one question mark is the workspace.
    fn of(sql: &str) -> Self {
        Self { sql: sql.to_owned(), values: vec![WORKSPACE.into()] }
    }

    /// Adds a piece with one question mark.
    fn and(&mut self, piece: &str, value: impl Into<Value>) {
        self.sql.push_str(piece);
        self.values.push(value.into());
    }

    /// Adds the condition that a column has one of several values.
    fn one_of<'a>(&mut self, column: &str, values: impl Iterator<Item = &'a str>) {
        let before = self.values.len();
        self.values.extend(values.map(|v| Value::from(v.to_owned())));
        let marks = vec!["?"; self.values.len() - before].join(", ");
        for piece in [" AND ", column, " IN (", &marks, ")"] {
            self.sql.push_str(piece);
        }
    }

    /// What the query finds.
    fn all<T>(
        &self,
        conn: &Connection,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        all(conn, &self.sql, params_from_iter(&self.values), read)
    }
}

#[cfg(test)]
mod tests;
