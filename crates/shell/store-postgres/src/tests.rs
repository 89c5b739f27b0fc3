//! The store as a whole: the port's contract, several nodes, durability, databases that are refused.

use crate::PostgresStore;
use gemba_store::{Error, Expect, Key, Mode, Store, contract};
use gemba_testkit::Postgres;
use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::block_in_place;

async fn add(store: &PostgresStore, id: &str) -> Result<(), Error> {
    let mut tx = store.begin(Mode::Write).await?;
    tx.put_record("seat", id, &[Key::unique("slug", id)], "{}", Expect::Absent).await?;
    tx.commit().await
}

async fn count(store: &PostgresStore) -> usize {
    let mut tx = store.begin(Mode::Read).await.unwrap();
    tx.records("seat", "", u32::MAX).await.unwrap().len()
}

async fn connect(url: &str) -> PostgresStore {
    PostgresStore::connect(url).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_keeps_the_contract() {
    let Some(server) = Postgres::start() else { return };
    let make = || -> Arc<dyn Store> {
        let url = server.database();
        Arc::new(block_in_place(|| Handle::current().block_on(connect(&url))))
    };
    assert_eq!(contract::failures(&make).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn ninety_writers_on_three_nodes_are_all_there_after_a_crash() {
    let Some(server) = Postgres::start() else { return };
    let url = server.database();
    let (a, b, c) = tokio::join!(connect(&url), connect(&url), connect(&url));
    let nodes = [a, b, c].map(Arc::new);
    let tasks: Vec<_> = (0..90)
        .map(|n| {
            let store = Arc::clone(&nodes[n % 3]);
            tokio::spawn(async move {
                add(&store, &n.to_string()).await.unwrap();
                // A transaction that is refused and dropped takes nothing of the others with it.
                let again = add(&store, &n.to_string()).await;
                assert!(matches!(again, Err(Error::Duplicate { .. })), "{again:?}");
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    server.crash();
    for node in &nodes {
        assert_eq!(count(node).await, 90);
        assert_eq!(node.check().await.unwrap(), Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_is_cut_off_is_undone_and_the_next_goes_on() {
    let Some(server) = Postgres::start() else { return };
    let store = connect(&server.database()).await;
    // Cut off at any moment, while others wait for the same group.
    let lost = async |n: u64| {
        let act = async {
            let mut tx = store.begin(Mode::Write).await.unwrap();
            for part in 0..3 {
                let id = format!("lost-{n}-{part}");
                tx.put_record("seat", &id, &[], "{}", Expect::Absent).await.unwrap();
            }
            tx.records("seat", "", 1).await.unwrap();
            std::future::pending::<()>().await;
        };
        drop(tokio::time::timeout(Duration::from_micros(n * 40), act).await);
    };
    for n in 0..60 {
        let (one, other) = (format!("{n}-a"), format!("{n}-b"));
        let (a, (), b, ()) =
            tokio::join!(add(&store, &one), lost(n), add(&store, &other), lost(60 - n));
        a.and(b).unwrap();
    }
    assert_eq!(count(&store).await, 120);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_statement_harms_no_other_transaction_of_its_group() {
    let Some(server) = Postgres::start() else { return };
    let store = Arc::new(connect(&server.database()).await);
    let tasks: Vec<_> = (0..40)
        .map(|n| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                if n % 4 == 0 {
                    let mut tx = store.begin(Mode::Write).await.unwrap();
                    // What PostgreSQL does not take: it gives up all since the savepoint.
                    let put = tx.put_record("seat", "x", &[], "a\0b", Expect::Absent).await;
                    assert!(put.is_err() || tx.commit().await.is_err());
                } else {
                    add(&store, &n.to_string()).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(count(&store).await, 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_connection_fails_who_was_on_it_and_nobody_after() {
    let Some(server) = Postgres::start() else { return };
    let store = connect(&server.database()).await;
    add(&store, "a").await.unwrap();
    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.put_record("seat", "b", &[], "{}", Expect::Absent).await.unwrap();
    server.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name LIKE 'gemba%' AND pid <> pg_backend_pid()",
    );
    assert!(tx.commit().await.is_err(), "what is not durable is not acknowledged");
    add(&store, "c").await.unwrap();
    assert_eq!(count(&store).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_node_hears_what_another_wrote_also_after_the_connection_was_cut() {
    let Some(server) = Postgres::start() else { return };
    let url = server.database();
    let (one, other) = tokio::join!(connect(&url), connect(&url));
    for (n, cut) in [false, true].into_iter().enumerate() {
        if cut {
            server.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'gemba listener'",
            );
        }
        let mut changes = one.changes();
        changes.mark_unchanged();
        add(&other, &n.to_string()).await.unwrap();
        let heard = tokio::time::timeout(Duration::from_secs(20), changes.changed()).await;
        assert!(heard.is_ok(), "nothing was heard");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_node_remembers_of_its_last_group_is_forgotten_when_another_wrote() {
    let Some(server) = Postgres::start() else { return };
    let url = server.database();
    let (one, other) = tokio::join!(connect(&url), connect(&url));
    let next = async |store: &PostgresStore| {
        let mut tx = store.begin(Mode::Write).await.unwrap();
        let stored = tx.record("seat", "a").await.unwrap();
        let expect = stored.map_or(Expect::Absent, |row| Expect::Version(row.version));
        let version = tx.put_record("seat", "a", &[], "{}", expect).await.unwrap();
        tx.commit().await.unwrap();
        version
    };
    let mut versions = Vec::new();
    for store in [&one, &one, &other, &one, &other, &other, &other, &one] {
        versions.push(next(store).await);
    }
    assert_eq!(versions, [1, 2, 3, 4, 5, 6, 7, 8]);
    // One that was undone is not remembered either.
    let mut tx = one.begin(Mode::Write).await.unwrap();
    tx.put_record("seat", "a", &[], "[]", Expect::Version(8)).await.unwrap();
    drop(tx);
    assert_eq!(next(&one).await, 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_together_make_the_structure_once() {
    let Some(server) = Postgres::start() else { return };
    let url = server.database();
    let tasks: Vec<_> = (0..6)
        .map(|n| {
            let url = url.clone();
            tokio::spawn(async move { add(&connect(&url).await, &n.to_string()).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(count(&connect(&url).await).await, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_ours_or_newer_or_unreachable_is_refused() {
    let Some(server) = Postgres::start() else { return };
    let refused = async |url: &str, expected: &str| {
        let error = PostgresStore::connect(url).await.expect_err("it must be refused");
        let why = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        assert!(why.contains(expected), "{why}");
    };
    let check = async |sql: &str, expected: &str| {
        let url = server.database();
        if sql.contains("migration") {
            drop(connect(&url).await);
        }
        server.sql_in(&url, sql);
        refused(&url, expected).await;
    };
    check("CREATE TABLE customer (name TEXT)", "another program").await;
    check("INSERT INTO migration VALUES (999, 'later', '')", "newer Gemba").await;
    check("UPDATE migration SET checksum = 'x' WHERE number = 1", "not the one").await;
    refused("postgres://127.0.0.1:1/x", "connect").await;
    refused(&format!("{}?sslmode=require", server.database()), "TLS").await;
    refused("postgres://%", "").await;
}
