//! Runs.

use super::{Query, WORKSPACE, all, maybe_time, parsed, time, word};
use crate::fault::failed;
use gemba_model::id::{ProcessId, RunId};
use gemba_store::{Error, RunFilter, RunRow, RunState};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

const WHAT: &str = "run";
const READ: &str = "read runs";

const COLUMNS: &str = "SELECT id, process, revision, number, state, started, ended, n_events, body,
        wake
    FROM run WHERE workspace = ?";
pub(super) const LAST_NUMBER: &str = "SELECT number FROM run INDEXED BY run_by_number
    WHERE workspace = ?1 AND process = ?2 ORDER BY number DESC LIMIT 1";
/// The condition repeats that of the index `run_by_wake`.
pub(super) const WOKEN: &str = "SELECT id FROM run INDEXED BY run_by_wake
    WHERE workspace = ?1 AND wake IS NOT NULL AND wake <= ?2 ORDER BY wake, id LIMIT ?3";
pub(super) const NEXT_WAKE: &str = "SELECT wake FROM run INDEXED BY run_by_wake
    WHERE workspace = ?1 AND wake IS NOT NULL ORDER BY wake LIMIT 1";
pub(super) const COUNTED: &str =
    "SELECT process, revision, state FROM run WHERE workspace = ?1 AND id = ?2";
pub(super) const COUNTS: &str = "SELECT process, state, sum(n) FROM run_count
    WHERE workspace = ?1 GROUP BY process, state HAVING sum(n) > 0";
pub(super) const REVISIONS: &str = "SELECT revision, sum(n) FROM run_count
    WHERE workspace = ?1 AND process = ?2 GROUP BY revision HAVING sum(n) > 0 ORDER BY revision";

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    Ok(RunRow {
        id: parsed(row, 0)?,
        process: parsed(row, 1)?,
        revision: row.get(2)?,
        number: row.get(3)?,
        state: word(row, 4, RunState::of_word)?,
        started: time(row, 5)?,
        ended: maybe_time(row, 6)?,
        n_events: row.get(7)?,
        body: row.get(8)?,
        wake: maybe_time(row, 9)?,
    })
}

/// The run with this id.
pub(crate) fn one(conn: &Connection, id: RunId) -> Result<Option<RunRow>, Error> {
    let sql = format!("{COLUMNS} AND id = ?");
    let find =
        || conn.prepare_cached(&sql)?.query_row((WORKSPACE, id.to_string()), read).optional();
    find().map_err(failed(WHAT, READ))
}

/// Writes a run. What is usual (it goes on as it was) is one statement that touches no index.
pub(crate) fn put(conn: &Connection, row: &RunRow) -> Result<(), Error> {
    let goes_on = "UPDATE run SET n_events = ?9, body = ?10
        WHERE workspace = ?1 AND id = ?2 AND process = ?3 AND revision = ?4 AND number = ?5
            AND state = ?6 AND started = ?7 AND ended IS ?8 AND wake IS ?11";
    let any = "INSERT INTO run (workspace, id, process, revision, number, state, started, ended,
            n_events, body, wake)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        ON CONFLICT DO UPDATE SET process = excluded.process, revision = excluded.revision,
            number = excluded.number, state = excluded.state, started = excluded.started,
            ended = excluded.ended, n_events = excluded.n_events, body = excluded.body,
            wake = excluded.wake";
    let execute = |sql: &str| -> rusqlite::Result<usize> {
        conn.prepare_cached(sql)?.execute((
            WORKSPACE,
            row.id.to_string(),
            row.process.to_string(),
            &row.revision,
            row.number,
            row.state.word(),
            row.started.as_microsecond(),
            row.ended.map(Timestamp::as_microsecond),
            row.n_events,
            &row.body,
            row.wake.map(Timestamp::as_microsecond),
        ))
    };
    let write = || -> rusqlite::Result<()> {
        if execute(goes_on)? > 0 {
            return Ok(());
        }
        let counted = |row: &Row<'_>| -> rusqlite::Result<(String, String, String)> {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        };
        let key = (WORKSPACE, row.id.to_string());
        let before = conn.prepare_cached(COUNTED)?.query_row(key, counted).optional()?;
        execute(any)?;
        let now = (row.process.to_string(), row.revision.clone(), row.state.word().to_owned());
        if before.as_ref() != Some(&now) {
            if let Some(before) = before {
                count(conn, before, -1)?;
            }
            count(conn, now, 1)?;
        }
        Ok(())
    };
    write().map_err(failed(WHAT, "wrote a run"))
}

fn count(
    conn: &Connection,
    (process, revision, state): (String, String, String),
    n: i64,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO run_count VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET n = n + excluded.n";
    let row = (WORKSPACE, process, revision, state, n);
    conn.prepare_cached(sql)?.execute(row).map(|_| ())
}

/// The runs to which something happens by itself by now.
pub(crate) fn woken(conn: &Connection, now: Timestamp, limit: u32) -> Result<Vec<RunId>, Error> {
    let key = (WORKSPACE, now.as_microsecond(), limit);
    all(conn, WOKEN, key, |row| parsed(row, 0)).map_err(failed(WHAT, READ))
}

/// The next moment at which something happens by itself.
pub(crate) fn next_wake(conn: &Connection) -> Result<Option<Timestamp>, Error> {
    let next = all(conn, NEXT_WAKE, [WORKSPACE], |row| maybe_time(row, 0));
    Ok(next.map_err(failed(WHAT, READ))?.into_iter().next().flatten())
}

/// The next free number of a process.
pub(crate) fn next_number(conn: &Connection, process: ProcessId) -> Result<i64, Error> {
    let find = || -> rusqlite::Result<Option<i64>> {
        let key = (WORKSPACE, process.to_string());
        conn.prepare_cached(LAST_NUMBER)?.query_row(key, |row| row.get(0)).optional()
    };
    Ok(find().map_err(failed(WHAT, READ))?.unwrap_or(0) + 1)
}

/// The query of a filter.
pub(super) fn query(filter: &RunFilter) -> Query {
    let mut query = Query::of(COLUMNS);
    if let Some(process) = filter.process {
        query.and(" AND process = ?", process.to_string());
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

/// Runs, newest first.
pub(crate) fn filtered(conn: &Connection, filter: &RunFilter) -> Result<Vec<RunRow>, Error> {
    query(filter).all(conn, read).map_err(failed(WHAT, READ))
}

/// How many runs of each process are in each state.
pub(crate) fn counts(conn: &Connection) -> Result<Vec<(ProcessId, RunState, i64)>, Error> {
    let read = |row: &Row<'_>| Ok((parsed(row, 0)?, word(row, 1, RunState::of_word)?, row.get(2)?));
    let mut counts = all(conn, COUNTS, [WORKSPACE], read).map_err(failed(WHAT, "counted runs"))?;
    // The states have an order of their own, which their words do not have.
    counts.sort_unstable();
    Ok(counts)
}

/// How many runs of a process follow each of its revisions.
pub(crate) fn revision_counts(
    conn: &Connection,
    process: ProcessId,
) -> Result<Vec<(String, i64)>, Error> {
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    all(conn, REVISIONS, (WORKSPACE, process.to_string()), read)
        .map_err(failed(WHAT, "counted the runs of revisions"))
}
