//! A connection: how it is set up, and how several statements go over it without waiting for each
//! other's answers.

use crate::address::Address;
use crate::fault::{broken, failed};
use gemba_store::Error;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error as Fault, Row, Statement};

const OPENED: &str = "connected to its database";

/// How long a connection may take to come about.
const PATIENCE: Duration = Duration::from_secs(10);

/// A statement's value.
#[derive(Debug)]
pub(crate) enum Value {
    Int(i64),
    MaybeInt(Option<i64>),
    Real(f64),
    Bools(Vec<bool>),
    Ints(Vec<i64>),
    MaybeInts(Vec<Option<i64>>),
    Text(String),
    MaybeText(Option<String>),
    Texts(Vec<String>),
    MaybeTexts(Vec<Option<String>>),
    Bytes(Vec<u8>),
}

impl Value {
    fn bound(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Int(value) => value,
            Self::MaybeInt(value) => value,
            Self::Real(value) => value,
            Self::Bools(values) => values,
            Self::Ints(values) => values,
            Self::MaybeInts(values) => values,
            Self::Text(value) => value,
            Self::MaybeText(value) => value,
            Self::Texts(values) => values,
            Self::MaybeTexts(values) => values,
            Self::Bytes(value) => value,
        }
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<String>> for Value {
    fn from(values: Vec<String>) -> Self {
        Self::Texts(values)
    }
}

/// What is sent.
#[derive(Debug)]
pub(crate) enum Op {
    /// Statements without values, as one text.
    Batch(&'static str),
    /// A statement that writes.
    Write {
        sql: &'static str,
        values: Vec<Value>,
        /// How many rows it must have written, and the run whose event was there already otherwise.
        expect: Option<(u64, String)>,
    },
    /// A statement that finds rows; only the last of a row may be one.
    Query { sql: Cow<'static, str>, values: Vec<Value> },
}

/// An open connection with the statements that it knows.
pub(crate) struct Conn {
    client: Client,
    statements: Mutex<BTreeMap<String, Statement>>,
}

impl std::fmt::Debug for Conn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conn").field("closed", &self.client.is_closed()).finish_non_exhaustive()
    }
}

enum Answer {
    Done,
    Written(u64),
    Rows(Vec<Row>),
}

type Asked<'a> = Pin<Box<dyn Future<Output = Result<Answer, Fault>> + Send + 'a>>;

impl Conn {
    /// Connects; what moves its bytes runs on `home`.
    pub(crate) async fn open(
        address: &Address,
        home: &Handle,
        settings: &str,
    ) -> Result<Self, Error> {
        let connected = tokio::time::timeout(PATIENCE, address.connect()).await;
        let (client, moving) = connected.map_err(|e| broken(OPENED, e))?.map_err(failed(OPENED))?;
        // It ends with the client, or says there that it ended.
        home.spawn(async move {
            if let Err(error) = moving.await {
                tracing::debug!(%error, "a connection ended");
            }
        });
        client.batch_execute(settings).await.map_err(failed(OPENED))?;
        Ok(Self { client, statements: Mutex::default() })
    }

    /// Whether nothing can be sent any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Sends statements without values.
    pub(crate) async fn batch(&self, sql: &str) -> Result<(), Fault> {
        self.client.batch_execute(sql).await
    }

    async fn prepared(&self, sql: &str) -> Result<Statement, Fault> {
        let known =
            self.statements.lock().unwrap_or_else(PoisonError::into_inner).get(sql).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let made = self.client.prepare(sql).await?;
        let mut all = self.statements.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(sql.to_owned(), made.clone());
        Ok(made)
    }

    /// Sends everything in order without waiting in between, and waits for all answers: what it costs
    /// is one way there and back. The rows of the last come back, where it finds rows.
    pub(crate) async fn send(&self, doing: &'static str, ops: &[Op]) -> Result<Vec<Row>, Error> {
        let mut ready = Vec::with_capacity(ops.len());
        for op in ops {
            ready.push(match op {
                Op::Batch(_) => None,
                Op::Write { sql, .. } => Some(self.prepared(sql).await.map_err(failed(doing))?),
                Op::Query { sql, .. } => Some(self.prepared(sql).await.map_err(failed(doing))?),
            });
        }
        let asked = ops.iter().zip(&ready).map(|(op, statement)| self.ask(op, statement.as_ref()));
        let mut rows = Vec::new();
        for (answer, op) in in_a_row(asked.collect()).await.into_iter().zip(ops) {
            match (answer.map_err(failed(doing))?, op) {
                (Answer::Written(n), Op::Write { expect: Some((expected, run)), .. })
                    if n != *expected =>
                {
                    return Err(Error::Conflict { kind: "run".to_owned(), id: run.clone() });
                }
                (Answer::Done | Answer::Written(_), _) => {}
                (Answer::Rows(found), _) => rows = found,
            }
        }
        Ok(rows)
    }

    fn ask<'a>(&'a self, op: &'a Op, statement: Option<&'a Statement>) -> Asked<'a> {
        Box::pin(async move {
            match (op, statement) {
                (Op::Batch(sql), _) => self.batch(sql).await.map(|()| Answer::Done),
                (Op::Write { values, .. }, Some(statement)) => {
                    let bound: Vec<_> = values.iter().map(Value::bound).collect();
                    self.client.execute(statement, &bound).await.map(Answer::Written)
                }
                (Op::Query { values, .. }, Some(statement)) => {
                    let bound: Vec<_> = values.iter().map(Value::bound).collect();
                    self.client.query(statement, &bound).await.map(Answer::Rows)
                }
                (Op::Write { .. } | Op::Query { .. }, None) => Ok(Answer::Done),
            }
        })
    }
}

/// Waits for all, after each was begun in order: the first poll of a request is what sends it.
async fn in_a_row(mut asked: Vec<Asked<'_>>) -> Vec<Result<Answer, Fault>> {
    let mut answers: Vec<Option<Result<Answer, Fault>>> = asked.iter().map(|_| None).collect();
    poll_fn(|cx| {
        let mut all = true;
        for (future, answer) in asked.iter_mut().zip(&mut answers) {
            if answer.is_none() {
                match future.as_mut().poll(cx) {
                    Poll::Ready(done) => *answer = Some(done),
                    Poll::Pending => all = false,
                }
            }
        }
        if all { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    answers.into_iter().flatten().collect()
}
