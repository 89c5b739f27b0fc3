//! The audit log under attack: what the database refuses, and what the chain shows where it was made to
//! accept it; one chain for all nodes; logs from before there was a chain.

use crate::PostgresStore;
use gemba_store::chain::{Misfit, Verdict, Wrong, verify};
use gemba_store::{Mode, NewAudit, Store};
use gemba_testkit::Postgres;
use jiff::Timestamp;
use std::sync::Arc;

fn line(n: i64) -> NewAudit {
    NewAudit {
        at: Timestamp::from_microsecond(n).unwrap(),
        actor: "Mara Lindström".to_owned(),
        action: "seat.changed".to_owned(),
        subject: format!("seat_{n}"),
        detail: format!("{{\"n\":{n}}}"),
    }
}

async fn add(store: &PostgresStore, n: i64) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.append_audit(&line(n)).await.unwrap();
    tx.commit().await.unwrap();
}

/// A database with six lines.
async fn log_of_six(server: &Postgres) -> (String, PostgresStore) {
    let url = server.database();
    let store = PostgresStore::connect(&url).await.unwrap();
    for n in 1..=6 {
        add(&store, n).await;
    }
    (url, store)
}

async fn verdict(store: &PostgresStore, noted: Option<(i64, &str)>) -> Verdict {
    let mut tx = store.begin(Mode::Read).await.unwrap();
    verify(&mut *tx, noted).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_refuses_to_change_the_log_and_the_history_of_runs() {
    let Some(server) = Postgres::start() else { return };
    let (url, store) = log_of_six(&server).await;
    for sql in [
        "UPDATE audit SET actor = 'Otto' WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 6",
        "TRUNCATE audit",
        "INSERT INTO audit SELECT * FROM audit ON CONFLICT (workspace, seq)
            DO UPDATE SET actor = 'Otto'",
        "UPDATE event SET body = '[]'",
        "DELETE FROM event",
        "TRUNCATE event",
    ] {
        let catching = format!(
            "DO $do$ BEGIN {sql}; RAISE 'it was done';
            EXCEPTION WHEN raise_exception THEN
                IF SQLERRM NOT LIKE '%only added to%' THEN RAISE; END IF; END $do$"
        );
        server.sql_in(&url, &catching);
    }
    assert_eq!(verdict(&store, None).await.lines, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_to_the_log_with_the_guards_off_shows_at_its_first_line() {
    let Some(server) = Postgres::start() else { return };
    let check = async |sql: &str, seq: i64, why: Wrong| {
        let (url, store) = log_of_six(&server).await;
        let head = verdict(&store, None).await.head.unwrap();
        server.sql_in(&url, &format!("ALTER TABLE audit DISABLE TRIGGER ALL; {sql}"));
        let found = verdict(&store, Some((head.0, &head.1))).await;
        assert_eq!(found.fault, Some(Misfit { seq, why }), "{sql}");
    };
    check("UPDATE audit SET actor = 'Otto' WHERE seq = 3", 3, Wrong::Changed).await;
    check("UPDATE audit SET hash = '' WHERE seq = 4", 4, Wrong::Changed).await;
    check("UPDATE audit SET at = 9223372036854775807 WHERE seq = 4", 4, Wrong::Unreadable).await;
    check("DELETE FROM audit WHERE seq = 4", 4, Wrong::Missing).await;
    check("DELETE FROM audit WHERE seq = 6", 6, Wrong::CutOff).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_nodes_write_one_chain_together() {
    let Some(server) = Postgres::start() else { return };
    let url = server.database();
    let connect = || PostgresStore::connect(&url);
    let (a, b, c) = tokio::join!(connect(), connect(), connect());
    let nodes = [a, b, c].map(|node| Arc::new(node.unwrap()));
    let tasks: Vec<_> = (0..60)
        .map(|n| {
            let store = Arc::clone(&nodes[n % 3]);
            tokio::spawn(async move {
                // One that is undone leaves no gap.
                let mut tx = store.begin(Mode::Write).await.unwrap();
                tx.append_audit(&line(-1)).await.unwrap();
                drop(tx);
                add(&store, i64::try_from(n).unwrap()).await;
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let found = verdict(&nodes[0], None).await;
    assert_eq!((found.lines, found.fault), (60, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_from_before_there_was_a_chain_is_chained_as_it_is() {
    let Some(server) = Postgres::start() else { return };
    let (url, store) = log_of_six(&server).await;
    let head = verdict(&store, None).await.head;
    drop(store);
    server.sql_in(
        &url,
        "DROP TRIGGER audit_is_only_added_to ON audit; DROP TRIGGER event_is_only_added_to ON event;
        DROP FUNCTION only_added_to; DROP TABLE turn; ALTER TABLE audit DROP COLUMN hash;
        DROP INDEX item_by_delegate;
        ALTER TABLE item DROP COLUMN delegate, DROP COLUMN priority, DROP COLUMN follow_up;
        DROP TABLE step_count; DROP TABLE run_count;
        DROP INDEX item_open_by_seat; DROP INDEX item_open_by_process; DROP INDEX item_open;
        DROP INDEX item_closed_by_seat; DROP INDEX item_closed_by_process; DROP INDEX item_undone;
        CREATE INDEX item_by_seat ON item (workspace, seat, state, id);
        CREATE INDEX item_by_process ON item (workspace, process, state, id);
        CREATE INDEX item_by_state ON item (workspace, state, id);
        CREATE INDEX item_done ON item (workspace, process, step);
        CREATE INDEX run_by_revision ON run (workspace, process, revision);
        DELETE FROM migration WHERE number >= 5",
    );
    let store = PostgresStore::connect(&url).await.unwrap();
    let found = verdict(&store, None).await;
    assert_eq!((found.lines, found.fault, found.head), (6, None, head));
}
