//! Runs.

use super::{Columns, Query, WORKSPACE, all};
use crate::connection::{Op, Value};
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
/// Writes runs, each once, and counts those that are new or moved on to another state or revision.
const PUT: &str =
    "WITH b AS (SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[],
            $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::text[], $11::bigint[])
        AS b (id, process, revision, number, state, started, ended, n_events, body, wake)),
    before AS (SELECT r.* FROM b, LATERAL (SELECT process, revision, state FROM run
        WHERE workspace = $1 AND run.id = b.id LIMIT 1) AS r),
    put AS (INSERT INTO run (workspace, id, process, revision, number, state, started, ended,
            n_events, body, wake)
        SELECT $1, b.* FROM b
        ON CONFLICT (workspace, id) DO UPDATE SET process = excluded.process,
            revision = excluded.revision, number = excluded.number, state = excluded.state,
            started = excluded.started, ended = excluded.ended, n_events = excluded.n_events,
            body = excluded.body, wake = excluded.wake)
    INSERT INTO run_count AS c (workspace, process, revision, state, n)
    SELECT $1, process, revision, state, sum(n) FROM (
        SELECT process, revision, state, 1 AS n FROM b
        UNION ALL SELECT process, revision, state, -1 FROM before) AS moved
    GROUP BY process, revision, state HAVING sum(n) <> 0
    ON CONFLICT (workspace, process, revision, state) DO UPDATE SET n = c.n + excluded.n";
const LAST_NUMBER: &str = "SELECT number FROM run
    WHERE workspace = $1 AND process = $2 ORDER BY number DESC LIMIT 1";
const WOKEN: &str = "SELECT id FROM run
    WHERE workspace = $1 AND wake IS NOT NULL AND wake <= $2 ORDER BY wake, id LIMIT $3";
const NEXT_WAKE: &str = "SELECT wake FROM run
    WHERE workspace = $1 AND wake IS NOT NULL ORDER BY wake LIMIT 1";
const COUNTS: &str = "SELECT process, state, CAST(sum(n) AS BIGINT) FROM run_count
    WHERE workspace = $1 GROUP BY process, state HAVING sum(n) > 0";
const REVISIONS: &str = "SELECT revision, CAST(sum(n) AS BIGINT) FROM run_count
    WHERE workspace = $1 AND process = $2
    GROUP BY revision HAVING sum(n) > 0 ORDER BY revision";

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
    session.op("wrote a run", put_all(&[row])).await?;
    if let Some(cache) = session.cache() {
        cache.know_run(row);
    }
    Ok(())
}

/// What writes these runs, no run twice.
pub(crate) fn put_all(rows: &[&RunRow]) -> Op {
    let texts = |of: &dyn Fn(&RunRow) -> String| Value::Texts(rows.iter().map(|r| of(r)).collect());
    let ints = |of: &dyn Fn(&RunRow) -> i64| Value::Ints(rows.iter().map(|r| of(r)).collect());
    let times = |of: &dyn Fn(&RunRow) -> Option<Timestamp>| {
        let all = rows.iter().map(|r| of(r).map(Timestamp::as_microsecond));
        Value::MaybeInts(all.collect())
    };
    let values = vec![
        WORKSPACE.into(),
        texts(&|r| r.id.to_string()),
        texts(&|r| r.process.to_string()),
        texts(&|r| r.revision.clone()),
        ints(&|r| r.number),
        texts(&|r| r.state.word().to_owned()),
        ints(&|r| r.started.as_microsecond()),
        times(&|r| r.ended),
        ints(&|r| r.n_events),
        texts(&|r| r.body.clone()),
        times(&|r| r.wake),
    ];
    Op::Write { sql: PUT, values, expect: None }
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

/// What asks for the last number of a process.
pub(crate) fn last_number(process: ProcessId) -> Op {
    let values = vec![WORKSPACE.into(), process.to_string().into()];
    Op::Query { sql: LAST_NUMBER.into(), values }
}

/// The next free number of a process.
pub(crate) async fn next_number(session: &mut Session, process: ProcessId) -> Result<i64, Error> {
    let key = vec![WORKSPACE.into(), process.to_string().into()];
    if let Some(last) = session.cache().and_then(|cache| cache.numbers.get(&process).copied()) {
        return Ok(last + 1);
    }
    let found: Vec<i64> =
        all(WHAT, &session.rows(READ, LAST_NUMBER, key).await?, |row| row.get(0))?;
    let last = found.first().copied().unwrap_or(0);
    if let Some(cache) = session.cache() {
        cache.numbers.insert(process, last);
    }
    Ok(last + 1)
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
