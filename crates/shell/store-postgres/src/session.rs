//! What the tables talk to: a transaction that reads, or one that also writes.

use crate::cache::Cache;
use crate::connection::{Op, Value};
use crate::reader::ReadTx;
use crate::writer::WriteTx;
use gemba_store::Error;
use std::borrow::Cow;
use tokio_postgres::Row;

/// What a transaction holds on to.
pub(crate) enum Session {
    /// One state to read.
    Read(Box<ReadTx>),
    /// The writer.
    Write(WriteTx),
}

impl Session {
    /// What a statement finds.
    pub(crate) async fn rows(
        &mut self,
        doing: &'static str,
        sql: impl Into<Cow<'static, str>>,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, Error> {
        let op = Op::Query { sql: sql.into(), values };
        match self {
            Self::Read(tx) => tx.rows(doing, op).await,
            Self::Write(tx) => tx.rows(doing, op).await,
        }
    }

    /// A statement that only writes; that it failed may come out with a later one.
    pub(crate) async fn write(
        &mut self,
        doing: &'static str,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<(), Error> {
        self.op(doing, Op::Write { sql, values, expect: None }).await
    }

    /// The same, prepared by the caller.
    pub(crate) async fn op(&mut self, doing: &'static str, op: Op) -> Result<(), Error> {
        match self {
            Self::Read(_) => Err(Error::ReadOnly),
            Self::Write(tx) => tx.write(doing, op).await,
        }
    }

    /// Refuses a transaction that only reads.
    pub(crate) fn may_write(&self) -> Result<(), Error> {
        match self {
            Self::Read(_) => Err(Error::ReadOnly),
            Self::Write(_) => Ok(()),
        }
    }

    /// Notes that a statement that finds rows writes as well.
    pub(crate) fn announce(&mut self) -> Result<(), Error> {
        match self {
            Self::Read(_) => Err(Error::ReadOnly),
            Self::Write(tx) => tx.announce(),
        }
    }

    /// What is known without asking; nothing in a transaction that only reads.
    pub(crate) fn cache(&mut self) -> Option<&mut Cache> {
        match self {
            Self::Read(_) => None,
            Self::Write(tx) => tx.cache(),
        }
    }
}
