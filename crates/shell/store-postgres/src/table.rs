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

use crate::connection::Value;
use gemba_model::StepId;
use gemba_store::Error;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::value::{Error as ValueError, StrDeserializer};
use std::error::Error as StdError;
use std::str::FromStr;
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

/// The workspace of every row, until one database holds several.
pub(crate) const WORKSPACE: i64 = 1;

/// A row of a table that holds `what`.
struct Columns<'a> {
    what: &'static str,
    row: &'a Row,
}

impl Columns<'_> {
    /// A column as it is stored.
    fn get<'b, T: FromSql<'b>>(&'b self, column: usize) -> Result<T, Error> {
        self.row.try_get(column).map_err(|e| Error::corrupt(self.what, e))
    }

    /// A column that holds the text form of something.
    fn parsed<T: FromStr<Err: StdError + Send + Sync + 'static>>(
        &self,
        column: usize,
    ) -> Result<T, Error> {
        self.get::<&str>(column)?.parse().map_err(|e: T::Err| Error::corrupt(self.what, e))
    }

    /// A column that holds the text of an id, or nothing.
    fn maybe_parsed<T: FromStr<Err: StdError + Send + Sync + 'static>>(
        &self,
        column: usize,
    ) -> Result<Option<T>, Error> {
        let text = self.get::<Option<&str>>(column)?;
        text.map(|text| text.parse().map_err(|e: T::Err| Error::corrupt(self.what, e))).transpose()
    }

    /// A column that holds one word of a fixed few.
    fn word<T>(&self, column: usize, of_word: impl Fn(&str) -> Option<T>) -> Result<T, Error> {
        let text: &str = self.get(column)?;
        of_word(text).ok_or_else(|| Error::corrupt(self.what, format!("`{text}` is unknown")))
    }

    /// A column that holds a step's id, exactly as it was written.
    fn step(&self, column: usize) -> Result<StepId, Error> {
        StepId::deserialize(StrDeserializer::<ValueError>::new(self.get(column)?))
            .map_err(|e| Error::corrupt(self.what, e))
    }

    /// A column that holds a time.
    fn time(&self, column: usize) -> Result<Timestamp, Error> {
        self.instant(self.get(column)?)
    }

    /// A column that holds a time or nothing.
    fn maybe_time(&self, column: usize) -> Result<Option<Timestamp>, Error> {
        self.get::<Option<i64>>(column)?.map(|us| self.instant(us)).transpose()
    }

    fn instant(&self, us: i64) -> Result<Timestamp, Error> {
        Timestamp::from_microsecond(us).map_err(|e| Error::corrupt(self.what, e))
    }
}

/// Every row, read.
fn all<T>(
    what: &'static str,
    rows: &[Row],
    read: impl Fn(&Columns<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    rows.iter().map(|row| read(&Columns { what, row })).collect()
}

/// A query whose conditions are known only when it is asked.
#[derive(Debug)]
pub(crate) struct Query {
    sql: String,
    values: Vec<Value>,
}

impl Query {
    /// A query that begins with `sql`, where `$1` is the workspace.
    fn of(sql: &str) -> Self {
        Self { sql: sql.to_owned(), values: vec![WORKSPACE.into()] }
    }

    /// Adds a piece whose one `?` is this value.
    fn and(&mut self, piece: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        self.sql.push_str(&piece.replace('?', &format!("${}", self.values.len())));
    }

    /// Adds a piece that ends in a list of these values.
    fn and_all(&mut self, piece: &str, values: Vec<Value>) {
        let first = self.values.len() + 1;
        self.values.extend(values);
        let marks: Vec<String> = (first..=self.values.len()).map(|n| format!("${n}")).collect();
        for piece in [piece, "(", &marks.join(", "), ")"] {
            self.sql.push_str(piece);
        }
    }
}
