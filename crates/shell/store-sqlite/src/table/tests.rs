//! Every statement of the port finds its rows by an index.

use super::{delivery, event, item, log, occurrence, record, run, search};
use crate::{file, migration};
use gemba_model::id::{ChannelId, DeliveryId, ProcessId, RunId, SeatId, TriggerId, WorkItemId};
use gemba_store::{
    DeliveryFilter, DeliveryState, ItemFilter, ItemState, OccurrenceFilter, OccurrenceState,
    RunFilter, RunState,
};
use rusqlite::Connection;

fn plan(conn: &Connection, sql: &str) -> String {
    let mut explain = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let mut rows = explain.raw_query();
    let mut plan = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        plan.push(row.get::<_, String>("detail").unwrap());
    }
    plan.join("; ")
}

#[test]
fn no_statement_reads_more_than_it_needs() {
    let home = tempfile::TempDir::new().unwrap();
    let path = home.path().join("a.db");
    file::make(&path).unwrap();
    let mut conn = file::open_writer(&path).unwrap();
    migration::migrate(&mut conn).unwrap();
    let check = |sql: &str, expected: &str| {
        let plan = plan(&conn, sql);

        assert!(!plan.contains("SCAN ") && plan.contains(expected), "{sql}\n{plan}");
    };
    check(record::ONE, "(workspace=? AND kind=? AND id=?)");
    check(record::BY_KEY, "(workspace=? AND kind=? AND name=? AND value=?)");
    check(record::PAGE, "(workspace=? AND kind=? AND id>?)");
    check(record::TAKEN, "(workspace=? AND kind=? AND name=? AND value=?");
    check(record::FORGET, "(workspace=? AND kind=? AND id=?)");
    check(record::DELETE, "(workspace=? AND kind=? AND id=?)");
    check(event::PAGE, "(workspace=? AND run=? AND seq>?)");
    check(occurrence::CHANGE, "(workspace=? AND trigger=? AND due=?)");
    check(occurrence::DELETE, "(workspace=? AND trigger=? AND due=?)");
    check(&occurrence::by_cause(), "occurrence_by_cause (workspace=? AND trigger=? AND cause=?)");
    check(&delivery::due_query(), "delivery_by_due (workspace=? AND due>? AND due<?)");
    check(delivery::NEXT, "COVERING INDEX delivery_by_due (workspace=?");
    check(delivery::FORGET, "(workspace=? AND id<?)");
    check(log::LAST, "SEARCH audit USING PRIMARY KEY (workspace=?)");
    check(log::VALUES, "(workspace=? AND measurable=? AND period>?)");
    check(search::PLACE, "COVERING INDEX sqlite_autoindex_searched_1");
    check(run::LAST_NUMBER, "COVERING INDEX run_by_number");
    check(run::COUNTED, "(workspace=? AND id=?)");
    check(run::COUNTS, "SEARCH run_count USING PRIMARY KEY (workspace=?)");
    check(run::REVISIONS, "SEARCH run_count USING PRIMARY KEY (workspace=? AND process=?)");
    check(run::WOKEN, "COVERING INDEX run_by_wake (workspace=? AND wake>? AND wake<?)");
    check(run::NEXT_WAKE, "COVERING INDEX run_by_wake (workspace=?");
    check(item::STATS, "SEARCH step_count USING PRIMARY KEY (workspace=? AND process=?)");

    let process = Some(ProcessId::new(1, 1));
    let runs = |filter: &RunFilter, expected: &str| check(&run::query(filter).sql, expected);
    let any = RunFilter { limit: 9, ..RunFilter::default() };
    runs(&any, "(workspace=?)");
    runs(&RunFilter { process, ..any }, "run_by_process (");
    let state = Some(RunState::Running);
    runs(&RunFilter { state, ..any }, "run_by_state (workspace=? AND state=?)");
    runs(&RunFilter { state, process, ..any }, "run_by_process_and_state (");
    let before = Some(RunId::new(1, 1));
    runs(&RunFilter { before, ..any }, "(workspace=? AND id<?)");

    let items = |filter: &ItemFilter, expected: &[&str]| {
        let queries = item::queries(filter);
        assert_eq!(queries.len(), expected.len(), "{filter:?}");
        for (query, expected) in queries.iter().zip(expected) {
            check(&query.sql, expected);
            // Only the rows that are asked for are read.
            assert!(!plan(&conn, &query.sql).contains("TEMP B-TREE"), "{}", query.sql);
        }
    };
    let any = ItemFilter { limit: 9, ..ItemFilter::default() };
    let seats = Some(vec![SeatId::new(1, 1), SeatId::new(1, 2)]);
    let states = vec![ItemState::Open, ItemState::Claimed];
    let done = vec![ItemState::Done];
    let passed = vec![ItemState::Skipped, ItemState::Dropped];
    let with = |states: &[ItemState]| ItemFilter { states: states.to_vec(), ..any.clone() };
    items(&any, &["(workspace=?)"]);
    items(&with(&states), &["item_open (workspace=?)"]);
    items(&with(&done), &["(workspace=?)"]);
    items(&with(&passed), &["item_undone (workspace=? AND state=?)"; 2]);
    let both = [ItemState::Open, ItemState::Skipped];
    items(&with(&both), &["item_open (", "item_undone (workspace=? AND state=?)"]);
    items(
        &ItemFilter { process, ..with(&done) },
        &["item_closed_by_process (workspace=? AND process=?)"],
    );
    items(
        &ItemFilter { process, ..any.clone() },
        &["item_open_by_process (", "item_closed_by_process ("],
    );
    items(
        &ItemFilter { process, ..with(&states) },
        &["item_open_by_process (workspace=? AND process=?)"],
    );
    let (open, closed) = (
        "item_open_by_seat (workspace=? AND seat=?)",
        "item_closed_by_seat (workspace=? AND seat=?)",
    );
    items(&ItemFilter { seats: seats.clone(), ..any.clone() }, &[open, open, closed, closed]);
    items(&ItemFilter { seats: seats.clone(), ..with(&states) }, &[open, open]);
    items(&ItemFilter { seats: seats.clone(), ..with(&done) }, &[closed, closed]);
    items(&ItemFilter { seats, process, ..with(&states) }, &[open, open]);
    items(&ItemFilter { run: before, ..any.clone() }, &["item_by_run ("]);
    items(&ItemFilter { run: before, ..with(&states) }, &["item_by_run ("]);
    items(
        &ItemFilter { after: Some(WorkItemId::new(1, 1)), ..any.clone() },
        &["(workspace=? AND id>?)"],
    );
    items(
        &ItemFilter { after: Some(WorkItemId::new(1, 1)), ..with(&states) },
        &["item_open (workspace=? AND id>?)"],
    );

    let any = OccurrenceFilter { limit: 9, ..OccurrenceFilter::default() };
    let occurrences =
        |filter: &OccurrenceFilter, expected: &str| check(&occurrence::query(filter).sql, expected);
    let trigger = Some(TriggerId::new(1, 1));
    occurrences(&OccurrenceFilter { trigger, ..any.clone() }, "(workspace=? AND trigger=?)");
    let states = vec![OccurrenceState::Planned];
    let before = Some(jiff::Timestamp::UNIX_EPOCH);
    occurrences(
        &OccurrenceFilter { states: states.clone(), before, ..any },
        "occurrence_by_state (workspace=? AND state=? AND due<?)",
    );
    occurrences(
        &OccurrenceFilter { trigger, states, ..any },
        "occurrence_by_trigger_and_state (workspace=? AND trigger=? AND state=?)",
    );

    let any = DeliveryFilter { limit: 9, ..DeliveryFilter::default() };
    let deliveries =
        |filter: &DeliveryFilter, expected: &str| check(&delivery::query(filter).sql, expected);
    deliveries(&any, "(workspace=?)");
    let channel = Some(ChannelId::new(1, 1));
    deliveries(
        &DeliveryFilter { channel, ..any },
        "delivery_by_channel (workspace=? AND channel=?)",
    );
    let state = Some(DeliveryState::Failed);
    deliveries(&DeliveryFilter { state, ..any }, "delivery_by_state (workspace=? AND state=?)");
    let before = Some(DeliveryId::new(1, 1));
    deliveries(&DeliveryFilter { before, ..any }, "(workspace=? AND id<?)");

    check(&log::audit_query(None, 0, 9).sql, "(workspace=?)");
    check(&log::audit_query(None, 9, 9).sql, "(workspace=? AND seq<?)");
    check(&log::audit_query(Some("a"), 9, 9).sql, "(workspace=? AND subject=? AND seq<?)");

    // The words are looked up in their own index, which SQLite calls a scan of a virtual table.
    let filter = gemba_store::SearchFilter {
        words: vec![vec!["a".to_owned()]],
        kinds: vec!["process".to_owned()],
        limit: 9,
        ..gemba_store::SearchFilter::default()
    };
    let found = plan(&conn, &search::query(&filter).sql);
    assert!(found.starts_with("SCAN searched_words VIRTUAL TABLE INDEX"), "{found}");
    assert!(found.contains("SEARCH s USING INTEGER PRIMARY KEY"), "{found}");
    assert!(!found.contains("TEMP B-TREE"), "{found}");
}
