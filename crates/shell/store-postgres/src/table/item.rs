//! Work items and what they tell of the steps.

use super::{Columns, Query, WORKSPACE, all};
use crate::connection::Value;
use crate::session::Session;
use gemba_model::id::{ProcessId, SeatId, WorkItemId};
use gemba_store::{Error, ItemFilter, ItemRow, ItemState, StepStat};
use jiff::Timestamp;

const WHAT: &str = "work item";
const READ: &str = "read work items";

const COLUMNS: &str = "SELECT id, run, process, step, visit, seat, state, opened, closed, branch,
        holder, due
    FROM item WHERE workspace = $1";
const ONE: &str =
    "SELECT id, run, process, step, visit, seat, state, opened, closed, branch, holder, due
    FROM item WHERE workspace = $1 AND id = $2";
const PUT: &str = "INSERT INTO item (workspace, id, run, process, step, visit, seat, state, opened,
        closed, branch, holder, due)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT (workspace, id) DO UPDATE SET run = excluded.run, process = excluded.process,
        step = excluded.step, visit = excluded.visit, seat = excluded.seat,
        state = excluded.state, opened = excluded.opened, closed = excluded.closed,
        branch = excluded.branch, holder = excluded.holder,
        due = excluded.due";
/// The condition repeats that of the index `item_done`, which alone is read.
const STATS: &str = "SELECT step, branch, count(*), CAST(sum(closed - opened) AS BIGINT),
        greatest(0, max(closed - opened))
    FROM item
    WHERE workspace = $1 AND process = $2 AND state = 'done' AND closed IS NOT NULL
    GROUP BY step, branch ORDER BY step, branch NULLS FIRST";

pub(super) fn read(row: &Columns<'_>) -> Result<ItemRow, Error> {
    let visit: i64 = row.get(4)?;
    Ok(ItemRow {
        id: row.parsed(0)?,
        run: row.parsed(1)?,
        process: row.parsed(2)?,
        step: row.step(3)?,
        visit: u32::try_from(visit).map_err(|e| Error::corrupt(WHAT, e))?,
        seat: row.parsed(5)?,
        state: row.word(6, ItemState::of_word)?,
        opened: row.time(7)?,
        closed: row.maybe_time(8)?,
        branch: row.get(9)?,
        holder: row.get(10)?,
        due: row.maybe_time(11)?,
    })
}

/// The work item with this id.
pub(crate) async fn one(session: &mut Session, id: WorkItemId) -> Result<Option<ItemRow>, Error> {
    if let Some(known) = session.cache().and_then(|cache| cache.items.get(&id).cloned()) {
        return Ok(known);
    }
    let key = vec![WORKSPACE.into(), id.to_string().into()];
    let found = all(WHAT, &session.rows(READ, ONE, key).await?, read)?.pop();
    if let Some(cache) = session.cache() {
        cache.items.put(id, found.clone());
    }
    Ok(found)
}

/// Writes a work item.
pub(crate) async fn put(session: &mut Session, row: &ItemRow) -> Result<(), Error> {
    let values = vec![
        WORKSPACE.into(),
        row.id.to_string().into(),
        row.run.to_string().into(),
        row.process.to_string().into(),
        row.step.as_str().into(),
        i64::from(row.visit).into(),
        row.seat.to_string().into(),
        row.state.word().into(),
        row.opened.as_microsecond().into(),
        Value::MaybeInt(row.closed.map(Timestamp::as_microsecond)),
        Value::MaybeText(row.branch.clone()),
        Value::MaybeText(row.holder.clone()),
        Value::MaybeInt(row.due.map(Timestamp::as_microsecond)),
    ];
    session.write("wrote a work item", PUT, values).await?;
    if let Some(cache) = session.cache() {
        cache.items.put(row.id, Some(row.clone()));
    }
    Ok(())
}

/// The query of a filter.
fn query(filter: &ItemFilter) -> Query {
    let mut query = Query::of(COLUMNS);
    if let Some(run) = filter.run {
        query.and(" AND run = ?", run.to_string());
    }
    if let Some(process) = filter.process {
        query.and(" AND process = ?", process.to_string());
    }
    if let Some(seats) = &filter.seats {
        query.and(" AND seat = ANY(?)", seats.iter().map(SeatId::to_string).collect::<Vec<_>>());
    }
    if !filter.states.is_empty() {
        let words = filter.states.iter().map(|state| state.word().to_owned());
        query.and(" AND state = ANY(?)", words.collect::<Vec<_>>());
    }
    if let Some(after) = filter.after {
        query.and(" AND id > ?", after.to_string());
    }
    query.and(" ORDER BY id LIMIT ?", i64::from(filter.limit));
    query
}

/// Work items, oldest first.
pub(crate) async fn filtered(
    session: &mut Session,
    filter: &ItemFilter,
) -> Result<Vec<ItemRow>, Error> {
    let query = query(filter);
    all(WHAT, &session.rows(READ, query.sql, query.values).await?, read)
}

/// How often each step and branch of a process was done and how long it took.
pub(crate) async fn stats(
    session: &mut Session,
    process: ProcessId,
) -> Result<Vec<StepStat>, Error> {
    let key = vec![WORKSPACE.into(), process.to_string().into()];
    all(WHAT, &session.rows("counted steps", STATS, key).await?, |row| {
        Ok(StepStat {
            step: row.step(0)?,
            branch: row.get(1)?,
            n: row.get(2)?,
            total_us: row.get(3)?,
            max_us: row.get(4)?,
        })
    })
}
