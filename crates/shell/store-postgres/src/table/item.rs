//! Work items and what they tell of the steps.

use super::{Columns, Query, WORKSPACE, all};
use crate::connection::{Op, Value};
use crate::session::Session;
use gemba_model::{
    Priority,
    id::{ProcessId, SeatId, WorkItemId},
};
use gemba_store::{Error, ItemFilter, ItemRow, ItemState, StepStat};
use jiff::Timestamp;

const WHAT: &str = "work item";
const READ: &str = "read work items";

const COLUMNS: &str = "SELECT id, run, process, step, visit, seat, state, opened, closed, branch,
        holder, due, delegate, priority, follow_up
    FROM item WHERE workspace = $1";
const ONE: &str =
    "SELECT id, run, process, step, visit, seat, state, opened, closed, branch, holder, due,
        delegate, priority, follow_up
    FROM item WHERE workspace = $1 AND id = $2";
/// Writes work items, each once, and counts those that were not done before and are now.
const PUT: &str = "WITH b AS (SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[],
            $6::bigint[], $7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::text[],
            $12::text[], $13::bigint[], $14::text[], $15::text[], $16::bigint[])
        AS b (id, run, process, step, visit, seat, state, opened, closed, branch, holder, due,
            delegate, priority, follow_up)),
    counted AS (SELECT i.id FROM b, LATERAL (SELECT id, state, closed FROM item
        WHERE workspace = $1 AND item.run = b.run AND item.id = b.id LIMIT 1) AS i
        WHERE i.state = 'done' AND i.closed IS NOT NULL),
    put AS (INSERT INTO item (workspace, id, run, process, step, visit, seat, state, opened,
            closed, branch, holder, due, delegate, priority, follow_up)
        SELECT $1, b.* FROM b
        ON CONFLICT (workspace, id) DO UPDATE SET run = excluded.run, process = excluded.process,
            step = excluded.step, visit = excluded.visit, seat = excluded.seat,
            state = excluded.state, opened = excluded.opened, closed = excluded.closed,
            branch = excluded.branch, holder = excluded.holder, due = excluded.due,
            delegate = excluded.delegate, priority = excluded.priority,
            follow_up = excluded.follow_up)
    INSERT INTO step_count AS c (workspace, process, step, branch, is_branch, n, total_us, max_us)
    SELECT $1, process, step, coalesce(branch, ''), branch IS NOT NULL, count(*),
        sum(closed - opened), greatest(0, max(closed - opened))
    FROM b WHERE state = 'done' AND closed IS NOT NULL AND id NOT IN (SELECT id FROM counted)
    GROUP BY process, step, branch
    ON CONFLICT (workspace, process, step, branch, is_branch) DO UPDATE SET n = c.n + excluded.n,
        total_us = c.total_us + excluded.total_us, max_us = greatest(c.max_us, excluded.max_us)";
const STATS: &str = "SELECT step, CASE WHEN is_branch THEN branch END, n, total_us, max_us
    FROM step_count WHERE workspace = $1 AND process = $2 ORDER BY step, is_branch, branch";

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
        delegate: row.maybe_parsed(12)?,
        priority: row.word(13, Priority::of_word)?,
        follow_up: row.maybe_time(14)?,
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
    session.op("wrote a work item", put_all(&[row])).await?;
    if let Some(cache) = session.cache() {
        cache.items.put(row.id, Some(row.clone()));
    }
    Ok(())
}

/// What writes these work items, none twice.
pub(crate) fn put_all(rows: &[&ItemRow]) -> Op {
    let texts =
        |of: &dyn Fn(&ItemRow) -> String| Value::Texts(rows.iter().map(|r| of(r)).collect());
    let some = |of: &dyn Fn(&ItemRow) -> Option<String>| {
        Value::MaybeTexts(rows.iter().map(|r| of(r)).collect())
    };
    let ints = |of: &dyn Fn(&ItemRow) -> i64| Value::Ints(rows.iter().map(|r| of(r)).collect());
    let times = |of: &dyn Fn(&ItemRow) -> Option<Timestamp>| {
        let all = rows.iter().map(|r| of(r).map(Timestamp::as_microsecond));
        Value::MaybeInts(all.collect())
    };
    let values = vec![
        WORKSPACE.into(),
        texts(&|r| r.id.to_string()),
        texts(&|r| r.run.to_string()),
        texts(&|r| r.process.to_string()),
        texts(&|r| r.step.as_str().to_owned()),
        ints(&|r| i64::from(r.visit)),
        texts(&|r| r.seat.to_string()),
        texts(&|r| r.state.word().to_owned()),
        ints(&|r| r.opened.as_microsecond()),
        times(&|r| r.closed),
        some(&|r| r.branch.clone()),
        some(&|r| r.holder.clone()),
        times(&|r| r.due),
        some(&|r| r.delegate.map(|person| person.to_string())),
        texts(&|r| r.priority.word().to_owned()),
        times(&|r| r.follow_up),
    ];
    Op::Write { sql: PUT, values, expect: None }
}

/// What the indexes of open work items hold, and of closed ones. PostgreSQL takes them only where it sees
/// these very words.
const OPEN: [ItemState; 3] = [ItemState::Open, ItemState::Claimed, ItemState::Waiting];
const IS_OPEN: &str = " AND state IN ('open', 'claimed', 'waiting')";
const IS_CLOSED: &str = " AND state NOT IN ('open', 'claimed', 'waiting')";
const IS_UNDONE: &str = " AND state NOT IN ('open', 'claimed', 'waiting', 'done')";

/// The queries of a filter, whose rows together are what it asks for. Each gives them in the order of
/// their ids from an index, so that no more are read than asked for: with several seats there is one for
/// each.
fn queries(filter: &ItemFilter) -> Vec<Query> {
    let begun = |is: &str| Query::of(&format!("{COLUMNS}{is}"));
    let of_all = filter.seats.is_none() && filter.process.is_none() && filter.states.is_empty();
    if filter.run.is_some() || filter.delegate.is_some() || of_all {
        return vec![ended(begun(""), filter, filter.seats.as_deref(), &filter.states)];
    }
    let any = filter.states.is_empty();
    let (open, closed): (Vec<ItemState>, Vec<ItemState>) =
        filter.states.iter().partition(|state| OPEN.contains(state));
    let mut queries = Vec::new();
    for (states, is) in [(open, IS_OPEN), (closed, IS_CLOSED)] {
        if states.is_empty() && !any {
            continue;
        }
        if let Some(seats) = &filter.seats {
            for seat in seats {
                queries.push(ended(begun(is), filter, Some(&[*seat]), &states));
            }
        } else if filter.process.is_some() || is == IS_OPEN {
            queries.push(ended(begun(is), filter, None, &states));
        } else if states.contains(&ItemState::Done) {
            // Most of all there are: they are met with on the way.
            queries.push(ended(begun(""), filter, None, &states));
        } else {
            queries.push(ended(begun(IS_UNDONE), filter, None, &states));
        }
    }
    queries
}

fn ended(
    mut query: Query,
    filter: &ItemFilter,
    seats: Option<&[SeatId]>,
    states: &[ItemState],
) -> Query {
    if let Some(run) = filter.run {
        query.and(" AND run = ?", run.to_string());
    }
    if let Some(process) = filter.process {
        query.and(" AND process = ?", process.to_string());
    }
    if let Some(person) = filter.delegate {
        query.and(" AND delegate = ?", person.to_string());
    }
    match seats {
        None => {}
        Some([one]) => query.and(" AND seat = ?", one.to_string()),
        Some(several) => {
            let seats: Vec<String> = several.iter().map(SeatId::to_string).collect();
            query.and(" AND seat = ANY(?)", seats);
        }
    }
    if !states.is_empty() {
        let words = states.iter().map(|state| state.word().to_owned());
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
    let mut rows: Vec<ItemRow> = Vec::new();
    if filter.seats.as_ref().is_some_and(Vec::is_empty) {
        return Ok(rows);
    }
    for query in queries(filter) {
        rows.extend(all(WHAT, &session.rows(READ, query.sql, query.values).await?, read)?);
    }
    rows.sort_by_key(|row| row.id);
    rows.dedup_by_key(|row| row.id);
    rows.truncate(usize::try_from(filter.limit).unwrap_or(usize::MAX));
    Ok(rows)
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
