//! The outbox.

use super::{Columns, Query, WORKSPACE, all};
use crate::connection::{Op, Value};
use crate::session::Session;
use gemba_model::id::DeliveryId;
use gemba_store::{DeliveryFilter, DeliveryRow, DeliveryState, Error};
use jiff::Timestamp;

const WHAT: &str = "delivery";
const WROTE: &str = "wrote to the outbox";
const READ: &str = "read the outbox";

/// The columns, as [`read`] expects them.
pub(super) const COLUMNS: &str = "id, channel, kind, state, due, tries, body";

const PUT: &str = "INSERT INTO delivery (workspace, id, channel, kind, state, due, tries, body)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (workspace, id) DO UPDATE SET channel = excluded.channel, kind = excluded.kind,
        state = excluded.state, due = excluded.due, tries = excluded.tries, body = excluded.body";
const FORGET: &str = "DELETE FROM delivery
    WHERE workspace = $1 AND id < $2 AND state <> 'waiting' RETURNING 1";

pub(super) fn read(row: &Columns<'_>) -> Result<DeliveryRow, Error> {
    Ok(DeliveryRow {
        id: row.parsed(0)?,
        channel: row.parsed(1)?,
        kind: row.get(2)?,
        state: row.word(3, DeliveryState::of_word)?,
        due: row.maybe_time(4)?,
        tries: row.get(5)?,
        body: row.get(6)?,
    })
}

/// Writes a row, or writes it anew.
pub(crate) async fn put(session: &mut Session, row: &DeliveryRow) -> Result<(), Error> {
    session.op(WROTE, put_op(row)).await
}

/// What writes it.
pub(crate) fn put_op(row: &DeliveryRow) -> Op {
    let values = vec![
        WORKSPACE.into(),
        row.id.to_string().into(),
        row.channel.to_string().into(),
        row.kind.as_str().into(),
        row.state.word().into(),
        Value::MaybeInt(row.due.map(Timestamp::as_microsecond)),
        row.tries.into(),
        row.body.as_str().into(),
    ];
    Op::Write { sql: PUT, values, expect: None }
}

fn select(condition: &str) -> String {
    format!("SELECT {COLUMNS} FROM delivery WHERE workspace = $1{condition}")
}

/// The row with this id.
pub(crate) async fn one(
    session: &mut Session,
    id: DeliveryId,
) -> Result<Option<DeliveryRow>, Error> {
    let values = vec![WORKSPACE.into(), id.to_string().into()];
    Ok(all(WHAT, &session.rows(READ, select(" AND id = $2"), values).await?, read)?.pop())
}

/// The rows of a filter.
pub(crate) async fn filtered(
    session: &mut Session,
    filter: &DeliveryFilter,
) -> Result<Vec<DeliveryRow>, Error> {
    let mut query = Query::of(&select(""));
    if let Some(channel) = filter.channel {
        query.and(" AND channel = ?", channel.to_string());
    }
    if let Some(state) = filter.state {
        query.and(" AND state = ?", state.word());
    }
    if let Some(before) = filter.before {
        query.and(" AND id < ?", before.to_string());
    }
    query.and(" ORDER BY id DESC LIMIT ?", i64::from(filter.limit));
    all(WHAT, &session.rows(READ, query.sql, query.values).await?, read)
}

/// The rows that are due.
pub(crate) async fn due(
    session: &mut Session,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<DeliveryRow>, Error> {
    let sql = select(" AND due IS NOT NULL AND due <= $2 ORDER BY due, id LIMIT $3");
    let values = vec![WORKSPACE.into(), now.as_microsecond().into(), i64::from(limit).into()];
    all(WHAT, &session.rows(READ, sql, values).await?, read)
}

/// The next moment at which a row is due.
pub(crate) async fn next(session: &mut Session) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT due FROM delivery WHERE workspace = $1 AND due IS NOT NULL
        ORDER BY due LIMIT 1";
    let rows = session.rows(READ, sql, vec![WORKSPACE.into()]).await?;
    Ok(all(WHAT, &rows, |row| row.maybe_time(0))?.pop().flatten())
}

/// Takes out the old rows that do not wait any more.
pub(crate) async fn forget(session: &mut Session, before: DeliveryId) -> Result<u64, Error> {
    session.announce()?;
    let values = vec![WORKSPACE.into(), before.to_string().into()];
    let n = session.rows(WROTE, FORGET, values).await?.len();
    Ok(u64::try_from(n).unwrap_or(u64::MAX))
}
