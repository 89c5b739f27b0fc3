//! Runs.

use super::{Columns, Query, WORKSPACE, all};
use crate::connection::Value;
use crate::session::Session;
use gemba_model::id::{ProcessId, RunId};
use gemba_store::{Error, RunFilter, RunRow, RunState};
use jiff::Timestamp;

const WHAT: &str = "run";
const READ: &str = "read runs";

const COLUMNS: &str = "SELECT id, process, revision, number, state, started, ended, n_events, body,
        wake
    FROM run WHERE workspace = $1";
const ONE: &str = "SELECT id, process, revision, number, state, started, ended, n_events, body,
        wake
    FROM run WHERE workspace = $1 AND id = $2";
const PUT: &str =
    "INSERT INTO run (workspace, id, process, revision, number, state, started, ended,
        n_events, body, wake)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (workspace, id) DO UPDATE SET process = excluded.process,
        revision = excluded.revision, number = excluded.number, state = excluded.state,
        started = excluded.started, ended = excluded.ended, n_events = excluded.n_events,
        body = excluded.body, wake = excluded.wake";
const LAST_NUMBER: &str = "SELECT number FROM run
    WHERE workspace = $1 AND process = $2 ORDER BY number DESC LIMIT 1";
const WOKEN: &str = "SELECT id FROM run
    WHERE workspace = $1 AND wake IS NOT NULL AND wake <= $2 ORDER BY wake, id LIMIT $3";
const NEXT_WAKE: &str = "SELECT wake FROM run
    WHERE workspace = $1 AND wake IS NOT NULL ORDER BY wake LIMIT 1";
const COUNTS: &str = "SELECT process, state, count(*) FROM run
    WHERE workspace = $1 GROUP BY process, state";
const REVISIONS: &str = "SELECT revision, count(*) FROM run
    WHERE workspace = $1 AND process = $2 GROUP BY revision ORDER BY revision";

pub(super) fn read(row: &Columns<'_>) -> Result<RunRow, Error> {
    Ok(RunRow {
        id: row.parsed(0)?,
        process: row.parsed(1)?,
        revision: row.get(2)?,
        number: row.get(3)?,
        state: row.word(4, RunState::of_word)?,
        started: row.time(5)?,
        ended: row.maybe_time(6)?,
        n_events: row.get(7)?,
        body: row.get(8)?,
        wake: row.maybe_time(9)?,
    })
}

/// The run with this id.
pub(crate) async fn one(session: &mut Session, id: RunId) -> Result<Option<RunRow>, Error> {
    if let Some(known) = session.cache().and_then(|cache| cache.runs.get(&id).cloned()) {
        return Ok(known);
    }
    let key = vec![WORKSPACE.into(), id.to_string().into()];
    let found = all(WHAT, &session.rows(READ, ONE, key).await?, read)?.pop();
    if let Some(cache) = session.cache() {
        cache.runs.put(id, found.clone());
    }
    Ok(found)
}

/// Writes a run.
pub(crate) async fn put(session: &mut Session, row: &RunRow) -> Result<(), Error> {
    let values = vec![
        WORKSPACE.into(),
        row.id.to_string().into(),
        row.process.to_string().into(),
        row.revision.as_str().into(),
        row.number.into(),
        row.state.word().into(),
        row.started.as_microsecond().into(),
        Value::MaybeInt(row.ended.map(Timestamp::as_microsecond)),
        row.n_events.into(),
        row.body.as_str().into(),
        Value::MaybeInt(row.wake.map(Timestamp::as_microsecond)),
    ];
    session.write("wrote a run", PUT, values).await?;
    if let Some(cache) = session.cache() {
        cache.runs.put(row.id, Some(row.clone()));
    }
    Ok(())
}

/// The runs to which something happens by itself by now.
pub(crate) async fn woken(
    session: &mut Session,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<RunId>, Error> {
    let key = vec![WORKSPACE.into(), now.as_microsecond().into(), i64::from(limit).into()];
    all(WHAT, &session.rows(READ, WOKEN, key).await?, |row| row.parsed(0))
}

/// The next moment at which something happens by itself.
pub(crate) async fn next_wake(session: &mut Session) -> Result<Option<Timestamp>, Error> {
    let found = session.rows(READ, NEXT_WAKE, vec![WORKSPACE.into()]).await?;
    Ok(all(WHAT, &found, |row| row.maybe_time(0))?.pop().flatten())
}

/// The next free number of a process.
pub(crate) async fn next_number(session: &mut Session, process: ProcessId) -> Result<i64, Error> {
    let key = vec![WORKSPACE.into(), process.to_string().into()];
    let found: Vec<i64> =
        all(WHAT, &session.rows(READ, LAST_NUMBER, key).await?, |row| row.get(0))?;
    Ok(found.first().unwrap_or(&0) + 1)
}

/// The query of a filter.
fn query(filter: &RunFilter) -> Query {
    let mut query = Query::of(COLUMNS);
    if let Some(process) = filter.process {
        query.and(" AND process = ?", process.to_string());
    }
    if let Some(state) = filter.state {
        query.and(" AND state = ?", state.word());
    }
    if let Some(before) = filter.before {
        query.and(" AND id < ?", before.to_string());
    }
    query.and(" ORDER BY id DESC LIMIT ?", i64::from(filter.limit));
    query
}

/// Runs, newest first.
pub(crate) async fn filtered(
    session: &mut Session,
    filter: &RunFilter,
) -> Result<Vec<RunRow>, Error> {
    let query = query(filter);
    all(WHAT, &session.rows(READ, query.sql, query.values).await?, read)
}

/// How many runs of each process are in each state.
pub(crate) async fn counts(
    session: &mut Session,
) -> Result<Vec<(ProcessId, RunState, i64)>, Error> {
    let found = session.rows("counted runs", COUNTS, vec![WORKSPACE.into()]).await?;
    let mut counts = all(WHAT, &found, |row| {
        Ok((row.parsed(0)?, row.word(1, RunState::of_word)?, row.get(2)?))
    })?;
    // The states have an order of their own, which their words do not have.
    counts.sort_unstable();
    Ok(counts)
}

/// How many runs of a process follow each of its revisions.
pub(crate) async fn revision_counts(
    session: &mut Session,
    process: ProcessId,
) -> Result<Vec<(String, i64)>, Error> {
    let key = vec![WORKSPACE.into(), process.to_string().into()];
    let found = session.rows("counted the runs of revisions", REVISIONS, key).await?;
    all(WHAT, &found, |row| Ok((row.get(0)?, row.get(1)?)))
}
