//! The events of runs.

use super::{WORKSPACE, all, time};
use crate::fault::{failed, taken};
use gemba_model::id::RunId;
use gemba_store::{Error, EventRow};
use rusqlite::{Connection, Row};

const WHAT: &str = "event";

pub(super) const PAGE: &str = "SELECT seq, at, body FROM event
    WHERE workspace = ?1 AND run = ?2 AND seq > ?3
    ORDER BY seq LIMIT ?4";

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<EventRow> {
    Ok(EventRow { seq: row.get(0)?, at: time(row, 1)?, body: row.get(2)? })
}

/// Adds events, numbered from `first_seq`.
pub(crate) fn append(
    conn: &Connection,
    run: RunId,
    first_seq: i64,
    events: &[EventRow],
) -> Result<(), Error> {
    let id = run.to_string();
    for (seq, event) in (first_seq..).zip(events) {
        let insert = || {
            let sql =
                "INSERT INTO event (workspace, run, seq, at, body) VALUES (?1, ?2, ?3, ?4, ?5)";
            let row = (WORKSPACE, &id, seq, event.at.as_microsecond(), &event.body);
            conn.prepare_cached(sql)?.execute(row)
        };
        match insert() {
            Err(e) if taken(&e) => return Err(Error::Conflict { kind: "run".to_owned(), id }),
            done => done.map_err(failed(WHAT, "wrote events"))?,
        };
    }
    Ok(())
}

/// A page of a run's events.
pub(crate) fn page(
    conn: &Connection,
    run: RunId,
    after: i64,
    limit: u32,
) -> Result<Vec<EventRow>, Error> {
    let key = (WORKSPACE, run.to_string(), after, limit);
    all(conn, PAGE, key, read).map_err(failed(WHAT, "read events"))
}
