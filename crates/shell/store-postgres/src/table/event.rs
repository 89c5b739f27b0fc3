//! The events of runs.

use super::{Columns, WORKSPACE, all};
use crate::connection::{Op, Value};
use crate::session::Session;
use gemba_model::id::RunId;
use gemba_store::{Error, EventRow};

const WHAT: &str = "event";
const READ: &str = "read events";
const WROTE: &str = "wrote events";

const PAGE: &str = "SELECT seq, at, body FROM event
    WHERE workspace = $1 AND run = $2 AND seq > $3
    ORDER BY seq LIMIT $4";
const TAKEN: &str = "SELECT 1 FROM event
    WHERE workspace = $1 AND run = $2 AND seq BETWEEN $3 AND $4 LIMIT 1";
const APPEND: &str = "INSERT INTO event (workspace, run, seq, at, body)
    SELECT $1, $2, e.* FROM unnest($3::bigint[], $4::bigint[], $5::text[]) AS e
    ON CONFLICT DO NOTHING";

/// Adds events of several runs.
const APPEND_ALL: &str = "INSERT INTO event (workspace, run, seq, at, body)
    SELECT $1, e.* FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[]) AS e";

/// What adds events of several runs; one that is there already fails all.
pub(crate) fn append_all(rows: &[(RunId, i64, &EventRow)]) -> Op {
    let values = vec![
        WORKSPACE.into(),
        Value::Texts(rows.iter().map(|(run, ..)| run.to_string()).collect()),
        Value::Ints(rows.iter().map(|(_, seq, _)| *seq).collect()),
        Value::Ints(rows.iter().map(|(.., row)| row.at.as_microsecond()).collect()),
        Value::Texts(rows.iter().map(|(.., row)| row.body.clone()).collect()),
    ];
    Op::Write { sql: APPEND_ALL, values, expect: None }
}

pub(super) fn read(row: &Columns<'_>) -> Result<EventRow, Error> {
    Ok(EventRow { seq: row.get(0)?, at: row.time(1)?, body: row.get(2)? })
}

/// Adds events, numbered from `first_seq`.
pub(crate) async fn append(
    session: &mut Session,
    run: RunId,
    first_seq: i64,
    events: &[EventRow],
) -> Result<(), Error> {
    session.may_write()?;
    let (id, count) = (run.to_string(), events.len());
    let last = first_seq.saturating_add(i64::try_from(count).unwrap_or(i64::MAX)) - 1;
    // Where the run was read in this group, its number of events says that the numbers are free; the
    // count of rows written holds it to that. Else it has to be asked.
    let known = session.cache().and_then(|cache| cache.runs.get(&run).cloned()).flatten();
    if known.is_none_or(|row| row.n_events + 1 != first_seq) {
        let key = vec![WORKSPACE.into(), id.as_str().into(), first_seq.into(), last.into()];
        if !session.rows(READ, TAKEN, key).await?.is_empty() {
            return Err(Error::Conflict { kind: "run".to_owned(), id });
        }
    }
    let values = vec![
        WORKSPACE.into(),
        id.as_str().into(),
        Value::Ints((first_seq..=last).collect()),
        Value::Ints(events.iter().map(|event| event.at.as_microsecond()).collect()),
        Value::Texts(events.iter().map(|event| event.body.clone()).collect()),
    ];
    let expect = Some((u64::try_from(count).unwrap_or(u64::MAX), id));
    session.op(WROTE, Op::Write { sql: APPEND, values, expect }).await
}

/// A page of a run's events.
pub(crate) async fn page(
    session: &mut Session,
    run: RunId,
    after: i64,
    limit: u32,
) -> Result<Vec<EventRow>, Error> {
    let key = vec![WORKSPACE.into(), run.to_string().into(), after.into(), i64::from(limit).into()];
    all(WHAT, &session.rows(READ, PAGE, key).await?, read)
}
