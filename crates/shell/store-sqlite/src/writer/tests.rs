//! Group commit: who shares a flush, and what a failure in the middle does to the others.

use super::{GroupCommit, WriteTx};
use crate::file;
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use tempfile::TempDir;

/// A writer on a table of numbers whose commits are counted and can be made to fail.
struct Bench {
    home: TempDir,
    writer: Arc<GroupCommit>,
    commits: Arc<AtomicU32>,
    broken: Arc<AtomicBool>,
}

impl Bench {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        let path = home.path().join("a.db");
        file::make(&path).unwrap();
        let mut conn = file::open_writer(&path).unwrap();
        conn.execute_batch("CREATE TABLE number (n INTEGER NOT NULL PRIMARY KEY)").unwrap();
        let (commits, broken) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, fail) = (Arc::clone(&commits), Arc::clone(&broken));
        let hook = move || {
            count.fetch_add(1, Relaxed);
            fail.load(Relaxed)
        };
        conn.commit_hook(Some(hook)).unwrap();
        Self { home, writer: GroupCommit::start(conn).unwrap(), commits, broken }
    }

    async fn add(&self, n: u32) -> WriteTx {
        let tx = self.writer.begin().await.unwrap();
        put(&tx, n);
        tx
    }

    /// What is durable, as somebody else sees it.
    fn numbers(&self) -> Vec<u32> {
        numbers(&self.home.path().join("a.db"))
    }
}

fn put(tx: &WriteTx, n: u32) {
    tx.conn().unwrap().execute("INSERT INTO number VALUES (?1)", [n]).unwrap();
}

fn numbers(path: &Path) -> Vec<u32> {
    let conn = Connection::open(path).unwrap();
    let mut query = conn.prepare("SELECT n FROM number ORDER BY n").unwrap();
    query.query_map((), |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

/// Polls a commit once, so that it waits for the flusher, and then forgets it.
async fn abandon(commit: impl Future<Output = Result<(), gemba_store::Error>>) {
    tokio::select! {
        biased;
        _ = commit => {}
        () = std::future::ready(()) => {}
    }
}

#[tokio::test]
async fn writers_that_wait_together_share_a_flush_and_lose_only_what_failed() {
    let bench = Arc::new(Bench::new());
    let first = bench.add(0).await;
    let tasks: Vec<_> = (1..64)
        .map(|n| {
            let bench = Arc::clone(&bench);
            tokio::spawn(async move {
                let tx = bench.add(n).await;
                if n % 8 == 0 { Ok(()) } else { tx.commit().await }
            })
        })
        .collect();
    // Lets each of them come to the lock before the first lets go of it.
    tokio::task::yield_now().await;
    first.commit().await.unwrap();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let kept: Vec<u32> = (0..64).filter(|n| *n == 0 || n % 8 != 0).collect();
    assert_eq!(bench.numbers(), kept);
    assert!(bench.commits.load(Relaxed) < 8, "{:?} commits", bench.commits);
}

#[tokio::test]
async fn a_failed_flush_is_told_to_everyone_in_the_group_and_nothing_of_it_stays() {
    let bench = Arc::new(Bench::new());
    bench.add(1).await.commit().await.unwrap();
    bench.broken.store(true, Relaxed);
    let first = bench.add(2).await;
    let other = Arc::clone(&bench);
    let second = tokio::spawn(async move { other.add(3).await.commit().await });
    tokio::task::yield_now().await;
    assert!(first.commit().await.is_err());
    assert!(second.await.unwrap().is_err());
    bench.broken.store(false, Relaxed);
    bench.add(4).await.commit().await.unwrap();
    assert_eq!(bench.numbers(), vec![1, 4]);
}

#[tokio::test]
async fn a_group_that_sqlite_gave_up_takes_no_more_statements() {
    let bench = Arc::new(Bench::new());
    let first = bench.add(1).await;
    let other = Arc::clone(&bench);
    let second = tokio::spawn(async move {
        let tx = other.add(2).await;
        // As SQLite does by itself on a full disk.
        tx.conn().unwrap().execute_batch("ROLLBACK").unwrap();
        assert!(tx.conn().is_err());
        tx.commit().await
    });
    tokio::task::yield_now().await;
    assert!(first.commit().await.is_err());
    assert!(second.await.unwrap().is_err());
    bench.add(3).await.commit().await.unwrap();
    assert_eq!(bench.numbers(), vec![3]);
}

#[tokio::test]
async fn a_commit_that_nobody_awaits_any_more_still_happens() {
    let bench = Bench::new();
    abandon(bench.add(1).await.commit()).await;
    bench.add(2).await.commit().await.unwrap();
    assert_eq!(bench.numbers(), vec![1, 2]);
    drop(bench.add(3).await.commit());
    bench.add(4).await.commit().await.unwrap();
    assert_eq!(bench.numbers(), vec![1, 2, 4]);
}

#[tokio::test]
async fn a_writer_that_is_dropped_writes_what_was_left_to_it() {
    let Bench { home, writer, .. } = Bench::new();
    let tx = writer.begin().await.unwrap();
    put(&tx, 1);
    drop(writer);
    abandon(tx.commit()).await;
    assert_eq!(numbers(&home.path().join("a.db")), vec![1]);
}

#[tokio::test]
async fn a_transaction_undone_alone_lets_other_processes_write() {
    let bench = Bench::new();
    drop(bench.add(1).await);
    let other = Connection::open(bench.home.path().join("a.db")).unwrap();
    other.busy_timeout(std::time::Duration::ZERO).unwrap();
    other.execute("INSERT INTO number VALUES (9)", ()).unwrap();
    assert_eq!(bench.numbers(), vec![9]);
}
