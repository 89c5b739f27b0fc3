//! Work items and what they tell of the steps.

use super::{Query, WORKSPACE, all, maybe_time, parsed, step, time, word};
use crate::fault::failed;
use gemba_model::id::{ProcessId, SeatId, WorkItemId};
use gemba_store::{Error, ItemFilter, ItemRow, ItemState, StepStat};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

const WHAT: &str = "work item";
const READ: &str = "read work items";

const COLUMNS: &str = "SELECT id, run, process, step, visit, seat, state, opened, closed, branch,
        holder, due
    FROM item";
/// The condition repeats that of the index `item_done`, which alone is read.
pub(super) const STATS: &str = "SELECT step, branch, count(*), sum(closed - opened),
        max(0, max(closed - opened))
    FROM item
    WHERE workspace = ?1 AND process = ?2 AND state = 'done' AND closed IS NOT NULL
    GROUP BY step, branch ORDER BY step, branch";

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<ItemRow> {
    Ok(ItemRow {
        id: parsed(row, 0)?,
        run: parsed(row, 1)?,
        process: parsed(row, 2)?,
        step: step(row, 3)?,
        visit: row.get(4)?,
        seat: parsed(row, 5)?,
        state: word(row, 6, ItemState::of_word)?,
        opened: time(row, 7)?,
        closed: maybe_time(row, 8)?,
        branch: row.get(9)?,
        holder: row.get(10)?,
        due: maybe_time(row, 11)?,
    })
}

/// The work item with this id.
pub(crate) fn one(conn: &Connection, id: WorkItemId) -> Result<Option<ItemRow>, Error> {
    let sql = format!("{COLUMNS} WHERE workspace = ? AND id = ?");
    let find =
        || conn.prepare_cached(&sql)?.query_row((WORKSPACE, id.to_string()), read).optional();
    find().map_err(failed(WHAT, READ))
}

/// Writes a work item.
pub(crate) fn put(conn: &Connection, row: &ItemRow) -> Result<(), Error> {
    let sql = "INSERT INTO item (workspace, id, run, process, step, visit, seat, state, opened,
            closed, branch, holder, due)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        ON CONFLICT DO UPDATE SET run = excluded.run, process = excluded.process,
            step = excluded.step, visit = excluded.visit, seat = excluded.seat,
            state = excluded.state, opened = excluded.opened, closed = excluded.closed,
            branch = excluded.branch, holder = excluded.holder,
            due = excluded.due";
    let write = || {
        conn.prepare_cached(sql)?.execute((
            WORKSPACE,
            row.id.to_string(),
            row.run.to_string(),
            row.process.to_string(),
            row.step.as_str(),
            row.visit,
            row.seat.to_string(),
            row.state.word(),
            row.opened.as_microsecond(),
            row.closed.map(Timestamp::as_microsecond),
            &row.branch,
            &row.holder,
            row.due.map(Timestamp::as_microsecond),
        ))
    };
    write().map(|_| ()).map_err(failed(WHAT, "wrote a work item"))
}

/// The index to use: SQLite, which cannot know that all rows are of one workspace, would take that
/// condition for a narrow one and walk through every work item there ever was.
fn index(filter: &ItemFilter) -> Option<&'static str> {
    if filter.run.is_some() {
        Some("item_by_run")
    } else if filter.seats.is_some() {
        Some("item_by_seat")
    } else if filter.process.is_some() {
        Some("item_by_process")
    } else if filter.states.is_empty() {
        None
    } else {
        Some("item_by_state")
    }
}

/// The query of a filter.
pub(super) fn query(filter: &ItemFilter) -> Query {
    let index = index(filter).map(|name| format!(" INDEXED BY {name}")).unwrap_or_default();
    let mut query = Query::of(&format!("{COLUMNS}{index} WHERE workspace = ?"));
    if let Some(run) = filter.run {
        query.and(" AND run = ?", run.to_string());
    }
    if let Some(process) = filter.process {
        query.and(" AND process = ?", process.to_string());
    }
    if let Some(seats) = &filter.seats {
        let seats: Vec<String> = seats.iter().map(SeatId::to_string).collect();
        query.one_of("seat", seats.iter().map(String::as_str));
    }
    if !filter.states.is_empty() {
        query.one_of("state", filter.states.iter().map(|state| state.word()));
    }
    if let Some(after) = filter.after {
        query.and(" AND id > ?", after.to_string());
    }
    query.and(" ORDER BY id LIMIT ?", i64::from(filter.limit));
    query
}

/// Work items, oldest first.
pub(crate) fn filtered(conn: &Connection, filter: &ItemFilter) -> Result<Vec<ItemRow>, Error> {
    if filter.seats.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Vec::new());
    }
    query(filter).all(conn, read).map_err(failed(WHAT, READ))
}

/// How often each step and branch of a process was done and how long it took.
pub(crate) fn stats(conn: &Connection, process: ProcessId) -> Result<Vec<StepStat>, Error> {
    let read = |row: &Row<'_>| {
        Ok(StepStat {
            step: step(row, 0)?,
            branch: row.get(1)?,
            n: row.get(2)?,
            total_us: row.get(3)?,
            max_us: row.get(4)?,
        })
    };
    let key = (WORKSPACE, process.to_string());
    all(conn, STATS, key, read).map_err(failed(WHAT, "counted steps"))
}
