//! Work items and what they tell of the steps.

use super::{Query, WORKSPACE, all, maybe_parsed, maybe_time, parsed, step, time, word};
use crate::fault::failed;
use gemba_model::{
    Priority,
    id::{ProcessId, SeatId, WorkItemId},
};
use gemba_store::{Error, ItemFilter, ItemRow, ItemState, StepStat};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

const WHAT: &str = "work item";
const READ: &str = "read work items";

const COLUMNS: &str = "SELECT id, run, process, step, visit, seat, state, opened, closed, branch,
        holder, due, delegate, priority, follow_up
    FROM item";
pub(super) const STATS: &str =
    "SELECT step, CASE is_branch WHEN 1 THEN branch END, n, total_us, max_us
    FROM step_count WHERE workspace = ?1 AND process = ?2 ORDER BY step, is_branch, branch";

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
        delegate: maybe_parsed(row, 12)?,
        priority: word(row, 13, Priority::of_word)?,
        follow_up: maybe_time(row, 14)?,
    })
}

/// The work item with this id.
pub(crate) fn one(conn: &Connection, id: WorkItemId) -> Result<Option<ItemRow>, Error> {
    let find =
        || conn.prepare_cached(&one_sql())?.query_row((WORKSPACE, id.to_string()), read).optional();
    find().map_err(failed(WHAT, READ))
}

fn one_sql() -> String {
    format!("{COLUMNS} WHERE workspace = ? AND id = ?")
}

/// Writes a work item. What is usual (a new one opens, an open one is taken or closed) is one statement
/// that moves no more entries of the indexes than it must.
pub(crate) fn put(conn: &Connection, row: &ItemRow) -> Result<(), Error> {
    let write = || -> rusqlite::Result<()> {
        if is_new(row) && insert(conn, row)? {
            return count(conn, row);
        }
        if change(conn, row)? {
            return count(conn, row);
        }
        let key = (WORKSPACE, row.id.to_string());
        let before = conn.prepare_cached(&one_sql())?.query_row(key, read).optional()?;
        let Some(before) = before else {
            insert(conn, row)?;
            return count(conn, row);
        };
        rewrite(conn, row)?;
        // What was done already and is written differently is counted anew: nobody does that to more than
        // a few.
        if took(&before).is_some() {
            recount(conn, &before)?;
            if (&before.step, &before.branch, before.process)
                != (&row.step, &row.branch, row.process)
            {
                recount(conn, row)?;
            }
            return Ok(());
        }
        count(conn, row)
    };
    write().map_err(failed(WHAT, "wrote a work item"))
}

/// Whether it looks like one that was not written before.
fn is_new(row: &ItemRow) -> bool {
    matches!(row.state, ItemState::Open | ItemState::Waiting)
}

fn insert(conn: &Connection, row: &ItemRow) -> rusqlite::Result<bool> {
    let sql = "INSERT INTO item (workspace, id, run, process, step, visit, seat, state, opened,
            closed, branch, holder, due, delegate, priority, follow_up)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        ON CONFLICT DO NOTHING";
    execute(conn, sql, row)
}

/// Changes the state of one that is open and otherwise the same.
fn change(conn: &Connection, row: &ItemRow) -> rusqlite::Result<bool> {
    let sql = "UPDATE item SET state = ?8, closed = ?10, branch = ?11, holder = ?12, due = ?13,
            delegate = ?14, priority = ?15, follow_up = ?16
        WHERE workspace = ?1 AND id = ?2 AND run = ?3 AND process = ?4 AND step = ?5 AND visit = ?6
            AND seat = ?7 AND opened = ?9
            AND (state = 'open' OR state = 'claimed' OR state = 'waiting')";
    execute(conn, sql, row)
}

fn rewrite(conn: &Connection, row: &ItemRow) -> rusqlite::Result<bool> {
    let sql =
        "UPDATE item SET run = ?3, process = ?4, step = ?5, visit = ?6, seat = ?7, state = ?8,
            opened = ?9, closed = ?10, branch = ?11, holder = ?12, due = ?13, delegate = ?14,
            priority = ?15, follow_up = ?16
        WHERE workspace = ?1 AND id = ?2";
    execute(conn, sql, row)
}

fn execute(conn: &Connection, sql: &str, row: &ItemRow) -> rusqlite::Result<bool> {
    let n = conn.prepare_cached(sql)?.execute(params![
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
        row.delegate.map(|person| person.to_string()),
        row.priority.word(),
        row.follow_up.map(Timestamp::as_microsecond),
    ])?;
    Ok(n > 0)
}

/// How long it took, where it counts.
fn took(row: &ItemRow) -> Option<i64> {
    let closed = row.closed.filter(|_| row.state == ItemState::Done)?;
    Some(closed.as_microsecond() - row.opened.as_microsecond())
}

/// Counts one that was just done.
fn count(conn: &Connection, row: &ItemRow) -> rusqlite::Result<()> {
    let Some(took) = took(row) else { return Ok(()) };
    let sql = "INSERT INTO step_count VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, max(0, ?6))
        ON CONFLICT DO UPDATE SET n = n + 1, total_us = total_us + excluded.total_us,
            max_us = max(max_us, excluded.max_us)";
    let branch = row.branch.as_deref();
    let process = row.process.to_string();
    let step = row.step.as_str();
    let values = (WORKSPACE, process, step, branch.unwrap_or_default(), branch.is_some(), took);
    conn.prepare_cached(sql)?.execute(values).map(|_| ())
}

/// Counts a step and branch from its work items.
fn recount(conn: &Connection, row: &ItemRow) -> rusqlite::Result<()> {
    let branch = row.branch.as_deref();
    let key = || {
        let process = row.process.to_string();
        (WORKSPACE, process, row.step.as_str(), branch.unwrap_or_default(), branch.is_some())
    };
    let sql = "DELETE FROM step_count
        WHERE workspace = ?1 AND process = ?2 AND step = ?3 AND branch = ?4 AND is_branch = ?5";
    conn.prepare_cached(sql)?.execute(key())?;
    let sql = "INSERT INTO step_count
        SELECT ?1, ?2, ?3, ?4, ?5, count(*), sum(closed - opened), max(0, max(closed - opened))
        FROM item INDEXED BY item_closed_by_process
        WHERE workspace = ?1 AND process = ?2 AND state <> 'open' AND state <> 'claimed'
            AND state <> 'waiting' AND state = 'done' AND closed IS NOT NULL AND step = ?3
            AND branch IS CASE ?5 WHEN 1 THEN ?4 END
        HAVING count(*) > 0";
    conn.prepare_cached(sql)?.execute(key()).map(|_| ())
}

/// What the indexes of open work items hold, and of closed ones.
const OPEN: [ItemState; 3] = [ItemState::Open, ItemState::Claimed, ItemState::Waiting];
const IS_OPEN: &str = " AND (state = 'open' OR state = 'claimed' OR state = 'waiting')";
const IS_CLOSED: &str = " AND state <> 'open' AND state <> 'claimed' AND state <> 'waiting'";
const IS_UNDONE: &str =
    " AND state <> 'open' AND state <> 'claimed' AND state <> 'waiting' AND state <> 'done'";

/// The queries of a filter, whose rows together are what it asks for. Each gives them in the order of
/// their ids from an index, so that no more are read than asked for: with several seats there is one for
/// each. The indexes are named because SQLite, which cannot know that all rows are of one workspace,
/// would take that condition for a narrow one and walk through every work item there ever was.
pub(super) fn queries(filter: &ItemFilter) -> Vec<Query> {
    if let Some(run) = filter.run {
        let mut query = begun("item_by_run");
        query.and(" AND run = ?", run.to_string());
        if let Some(person) = filter.delegate {
            query.and(" AND delegate = ?", person.to_string());
        }
        return vec![ended(query, filter, filter.seats.as_deref(), &filter.states)];
    }
    if let Some(person) = filter.delegate {
        let mut query = begun("item_by_delegate");
        query.and(" AND delegate = ?", person.to_string());
        return vec![ended(query, filter, filter.seats.as_deref(), &filter.states)];
    }
    if filter.seats.is_none() && filter.process.is_none() && filter.states.is_empty() {
        return vec![ended(
            Query::of(&format!("{COLUMNS} WHERE workspace = ?")),
            filter,
            None,
            &[],
        )];
    }
    let any = filter.states.is_empty();
    let (open, closed): (Vec<ItemState>, Vec<ItemState>) =
        filter.states.iter().partition(|state| OPEN.contains(state));
    let mut queries = Vec::new();
    for (states, is_open) in [(open, true), (closed, false)] {
        if states.is_empty() && !any {
            continue;
        }
        let is = if is_open { IS_OPEN } else { IS_CLOSED };
        if let Some(seats) = &filter.seats {
            for seat in seats {
                let index = if is_open { "item_open_by_seat" } else { "item_closed_by_seat" };
                let mut query = begun(index);
                query.sql.push_str(is);
                query.and(" AND seat = ?", seat.to_string());
                queries.push(ended(query, filter, None, &states));
            }
        } else if filter.process.is_some() {
            let index = if is_open { "item_open_by_process" } else { "item_closed_by_process" };
            let mut query = begun(index);
            query.sql.push_str(is);
            queries.push(ended(query, filter, None, &states));
        } else if is_open {
            let mut query = begun("item_open");
            query.sql.push_str(is);
            queries.push(ended(query, filter, None, &states));
        } else if states.contains(&ItemState::Done) {
            // Most of all there are: they are met with on the way.
            let query = Query::of(&format!("{COLUMNS} WHERE workspace = ?"));
            queries.push(ended(query, filter, None, &states));
        } else {
            for state in states {
                let mut query = begun("item_undone");
                query.sql.push_str(IS_UNDONE);
                queries.push(ended(query, filter, None, &[state]));
            }
        }
    }
    queries
}

fn begun(index: &str) -> Query {
    Query::of(&format!("{COLUMNS} INDEXED BY {index} WHERE workspace = ?"))
}

fn ended(
    mut query: Query,
    filter: &ItemFilter,
    seats: Option<&[SeatId]>,
    states: &[ItemState],
) -> Query {
    if let Some(process) = filter.process {
        query.and(" AND process = ?", process.to_string());
    }
    if let Some(seats) = seats {
        let seats: Vec<String> = seats.iter().map(SeatId::to_string).collect();
        query.one_of("seat", seats.iter().map(String::as_str));
    }
    match states {
        [] => {}
        [one] => query.and(" AND state = ?", one.word().to_owned()),
        several => query.one_of("state", several.iter().map(|state| state.word())),
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
    let mut rows = Vec::new();
    for query in queries(filter) {
        rows.extend(query.all(conn, read).map_err(failed(WHAT, READ))?);
    }
    rows.sort_by_key(|row| row.id);
    rows.dedup_by_key(|row| row.id);
    rows.truncate(usize::try_from(filter.limit).unwrap_or(usize::MAX));
    Ok(rows)
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
