//! The outbox.

use super::{Query, WORKSPACE, all, maybe_time, parsed, word};
use crate::fault::failed;
use gemba_model::id::DeliveryId;
use gemba_store::{DeliveryFilter, DeliveryRow, DeliveryState, Error};
use jiff::Timestamp;
use rusqlite::{Connection, Row};

const WHAT: &str = "delivery";
const WROTE: &str = "wrote to the outbox";
const READ: &str = "read the outbox";

/// The columns, as [`read`] expects them.
pub(super) const COLUMNS: &str = "id, channel, kind, state, due, tries, body";

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<DeliveryRow> {
    Ok(DeliveryRow {
        id: parsed(row, 0)?,
        channel: parsed(row, 1)?,
        kind: row.get(2)?,
        state: word(row, 3, DeliveryState::of_word)?,
        due: maybe_time(row, 4)?,
        tries: row.get(5)?,
        body: row.get(6)?,
    })
}

/// Writes a row, or writes it anew.
pub(crate) fn put(conn: &Connection, row: &DeliveryRow) -> Result<(), Error> {
    let sql = "INSERT INTO delivery (workspace, id, channel, kind, state, due, tries, body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (workspace, id) DO UPDATE SET channel = excluded.channel, kind = excluded.kind,
            state = excluded.state, due = excluded.due, tries = excluded.tries, body = excluded.body";
    let write = || {
        conn.prepare_cached(sql)?.execute((
            WORKSPACE,
            row.id.to_string(),
            row.channel.to_string(),
            &row.kind,
            row.state.word(),
            row.due.map(Timestamp::as_microsecond),
            row.tries,
            &row.body,
        ))
    };
    write().map(|_| ()).map_err(failed(WHAT, WROTE))
}

fn select(condition: &str) -> String {
    format!("SELECT {COLUMNS} FROM delivery WHERE workspace = ?{condition}")
}

/// The row with this id.
pub(crate) fn one(conn: &Connection, id: DeliveryId) -> Result<Option<DeliveryRow>, Error> {
    let mut query = Query::of(&select(""));
    query.and(" AND id = ?", id.to_string());
    query.all(conn, read).map(|mut rows| rows.pop()).map_err(failed(WHAT, READ))
}

/// The query of a filter.
pub(super) fn query(filter: &DeliveryFilter) -> Query {
    // Else SQLite, which does not know how many there are, walks all of them in the order of their ids.
    let index = match (filter.channel, filter.state) {
        (Some(_), _) => " INDEXED BY delivery_by_channel",
        (None, Some(_)) => " INDEXED BY delivery_by_state",
        (None, None) => "",
    };
    let mut query =
        Query::of(&format!("SELECT {COLUMNS} FROM delivery{index} WHERE workspace = ?"));
    if let Some(channel) = filter.channel {
        query.and(" AND channel = ?", channel.to_string());
    }
    if let Some(state) = filter.state {
        query.and(" AND state = ?", state.word().to_owned());
    }
    if let Some(before) = filter.before {
        query.and(" AND id < ?", before.to_string());
    }
    query.and(" ORDER BY id DESC LIMIT ?", i64::from(filter.limit));
    query
}

/// The rows of a filter.
pub(crate) fn filtered(
    conn: &Connection,
    filter: &DeliveryFilter,
) -> Result<Vec<DeliveryRow>, Error> {
    query(filter).all(conn, read).map_err(failed(WHAT, READ))
}

pub(super) fn due_query() -> String {
    format!(
        "SELECT {COLUMNS} FROM delivery WHERE workspace = ?1 AND due IS NOT NULL AND due <= ?2
        ORDER BY due, id LIMIT ?3"
    )
}

/// The rows that are due.
pub(crate) fn due(
    conn: &Connection,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<DeliveryRow>, Error> {
    let values = (WORKSPACE, now.as_microsecond(), i64::from(limit));
    all(conn, &due_query(), values, read).map_err(failed(WHAT, READ))
}

pub(super) const NEXT: &str = "SELECT due FROM delivery WHERE workspace = ?1 AND due IS NOT NULL
    ORDER BY due LIMIT 1";

/// The next moment at which a row is due.
pub(crate) fn next(conn: &Connection) -> Result<Option<Timestamp>, Error> {
    let rows = all(conn, NEXT, (WORKSPACE,), |row| maybe_time(row, 0));
    Ok(rows.map_err(failed(WHAT, READ))?.into_iter().next().flatten())
}

pub(super) const FORGET: &str =
    "DELETE FROM delivery WHERE workspace = ?1 AND id < ?2 AND state <> 'waiting'";

/// Takes out the old rows that do not wait any more.
pub(crate) fn forget(conn: &Connection, before: DeliveryId) -> Result<u64, Error> {
    let write = || conn.prepare_cached(FORGET)?.execute((WORKSPACE, before.to_string()));
    write().map(|n| u64::try_from(n).unwrap_or(u64::MAX)).map_err(failed(WHAT, WROTE))
}
