//! The store as a whole: the port's contract, durability, several openers, files that are refused.

use crate::{SqliteStore, restore};
use gemba_store::{Error, Expect, Key, Mode, Store, contract};
use rusqlite::Connection;
use std::error::Error as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use tempfile::TempDir;

/// Back to the structure before the counts were kept.
pub(crate) const BACK_TO_7: &str = "
    DROP INDEX item_by_delegate;
    ALTER TABLE item DROP COLUMN delegate; ALTER TABLE item DROP COLUMN priority;
    ALTER TABLE item DROP COLUMN follow_up;
    DROP TABLE step_count; DROP TABLE run_count;
    DROP INDEX item_open_by_seat; DROP INDEX item_open_by_process; DROP INDEX item_open;
    DROP INDEX item_closed_by_seat; DROP INDEX item_closed_by_process; DROP INDEX item_undone;
    CREATE INDEX item_by_seat ON item (workspace, seat, state, id);
    CREATE INDEX item_by_process ON item (workspace, process, state, id);
    CREATE INDEX item_by_state ON item (workspace, state, id);
    CREATE INDEX item_done ON item (workspace, process, step, branch, opened, closed)
        WHERE state = 'done' AND closed IS NOT NULL;
    CREATE INDEX run_by_revision ON run (workspace, process, revision);
    DELETE FROM migration WHERE number >= 8;";

fn place() -> (TempDir, PathBuf) {
    let home = TempDir::new().unwrap();
    let path = home.path().join("gemba.db");
    (home, path)
}

async fn add(store: &SqliteStore, id: &str) -> Result<(), Error> {
    let mut tx = store.begin(Mode::Write).await?;
    tx.put_record("seat", id, &[Key::unique("slug", id)], "{}", Expect::Absent).await?;
    tx.commit().await
}

async fn count(store: &SqliteStore) -> usize {
    let mut tx = store.begin(Mode::Read).await.unwrap();
    tx.records("seat", "", u32::MAX).await.unwrap().len()
}

/// The refusal, with its causes.
#[track_caller]
fn refused<T>(result: Result<T, Error>, expected: &str) {
    let error = result.err().expect("it must be refused");
    let why = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    assert!(why.contains(expected), "{why}");
}

#[tokio::test]
async fn sqlite_keeps_the_contract() {
    let (home, _) = place();
    let n = AtomicU32::new(0);
    let make = || -> Arc<dyn Store> {
        let n = n.fetch_add(1, Relaxed);
        Arc::new(SqliteStore::open(&home.path().join(format!("{n}.db"))).unwrap())
    };
    assert_eq!(contract::failures(&make).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_writers_at_once_are_all_there_after_reopening() {
    let (_home, path) = place();
    let store = Arc::new(SqliteStore::open(&path).unwrap());
    let tasks: Vec<_> = (0..64)
        .map(|n| {
            let store = Arc::clone(&store);
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
    drop(store);
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(count(&store).await, 64);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

#[test]
fn several_programs_may_open_and_write_one_file_at_the_same_time() {
    let (_home, path) = place();
    // Each on a thread and a runtime of its own, as separate programs have.
    let programs: Vec<_> = (0..4)
        .map(|program| {
            let path = path.clone();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                runtime.block_on(async {
                    let store = SqliteStore::open(&path).unwrap();
                    for n in 0..10 {
                        add(&store, &format!("{program}-{n}")).await.unwrap();
                    }
                });
            })
        })
        .collect();
    for program in programs {
        program.join().unwrap();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(&path).unwrap();
        assert_eq!(count(&store).await, 40);
        assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
    });
}

#[tokio::test]
async fn a_writer_waits_for_one_of_another_store_without_blocking_it() {
    let (_home, path) = place();
    let (one, other) = (SqliteStore::open(&path).unwrap(), SqliteStore::open(&path).unwrap());
    let mut tx = one.begin(Mode::Write).await.unwrap();
    tx.put_record("seat", "a", &[], "{}", Expect::Absent).await.unwrap();
    // On one thread: `other` must give way for `one` to finish.
    let (first, second) = tokio::join!(add(&other, "b"), async {
        tokio::task::yield_now().await;
        tx.commit().await
    });
    first.and(second).unwrap();
    assert_eq!(count(&one).await, 2);
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let (home, path) = place();
    let store = SqliteStore::open(&path).unwrap();
    add(&store, "a").await.unwrap();
    let mut names = Vec::new();
    for entry in std::fs::read_dir(home.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
        names.push(entry.file_name().into_string().unwrap());
    }
    assert!(names.contains(&"gemba.db-wal".to_owned()), "{names:?}");
}

#[test]
fn files_that_are_not_ours_to_open_are_refused() {
    let check = |sql: &str, expected: &str| {
        let (_home, path) = place();
        drop(SqliteStore::open(&path).unwrap());
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        refused(SqliteStore::open(&path), expected);
    };
    check("PRAGMA user_version = 999", "written by a newer Gemba");
    check("UPDATE migration SET checksum = 'x' WHERE number = 1", "is not the one");
    check("DELETE FROM migration", "0 steps are recorded");
    check("PRAGMA application_id = 7", "not one of Gemba");

    let (home, path) = place();
    std::fs::write(&path, "Dear diary, ".repeat(100)).unwrap();
    refused(SqliteStore::open(&path), "not a database");
    refused(SqliteStore::open(&home.path().join("absent").join("a.db")), "No such file");
}

#[tokio::test]
async fn a_damaged_database_is_noticed() {
    let (_home, path) = place();
    let store = SqliteStore::open(&path).unwrap();
    // So many that the last page of the file is one of theirs.
    let mut tx = store.begin(Mode::Write).await.unwrap();
    for n in 0..300 {
        tx.put_record("seat", &n.to_string(), &[], "{}", Expect::Absent).await.unwrap();
    }
    tx.commit().await.unwrap();
    drop(store);
    let mut bytes = std::fs::read(&path).unwrap();
    let last_page = bytes.len() - 4096;
    bytes[last_page..].fill(0xee);
    std::fs::write(&path, bytes).unwrap();
    let problems = SqliteStore::open(&path).unwrap().check().await.unwrap();
    assert!(!problems.is_empty());
}

#[tokio::test]
async fn an_image_restores_to_what_was_there() {
    let (home, path) = place();
    let store = SqliteStore::open(&path).unwrap();
    add(&store, "a").await.unwrap();
    let open = store.begin(Mode::Write).await.unwrap();
    let image = store.image().await.unwrap();
    drop(open);
    add(&store, "b").await.unwrap();
    let copy = home.path().join("copy.db");
    restore(&image, &copy).unwrap();
    let restored = SqliteStore::open(&copy).unwrap();
    assert_eq!((count(&restored).await, count(&store).await), (1, 2));
    assert_eq!(restored.check().await.unwrap(), Vec::<String>::new());
    drop((store, restored));
    assert_eq!(leftovers(home.path()), Vec::<String>::new());
}

#[tokio::test]
async fn a_raw_copy_of_the_file_restores_too() {
    let (home, path) = place();
    let store = SqliteStore::open(&path).unwrap();
    add(&store, "a").await.unwrap();
    drop(store);
    let copy = home.path().join("copy.db");
    restore(&std::fs::read(&path).unwrap(), &copy).unwrap();
    assert_eq!(count(&SqliteStore::open(&copy).unwrap()).await, 1);
    assert_eq!(leftovers(home.path()), Vec::<String>::new());
}

#[tokio::test]
async fn restoring_refuses_what_it_should() {
    let (home, path) = place();
    let store = SqliteStore::open(&path).unwrap();
    for n in 0..200 {
        add(&store, &n.to_string()).await.unwrap();
    }
    let image = store.image().await.unwrap();
    refused(restore(&image, &path), "already there");
    assert_eq!(count(&store).await, 200);

    let target = home.path().join("target.db");
    let check = |image: &[u8], expected: &str| {
        refused(restore(image, &target), expected);
        assert!(!target.exists());
    };
    check(b"", "not an SQLite database");
    check(b"PK\x03\x04", "not an SQLite database");
    check(&image[..image.len() / 2], "malformed");
    let mut torn = image.clone();
    let middle = torn.len() / 2;
    torn[middle..middle + 4096].fill(0xee);
    check(&torn, "");
    let mut foreign = image.clone();
    foreign[68..72].fill(0);
    check(&foreign, "not one of Gemba");
    let mut newer = image.clone();
    newer[60..64].copy_from_slice(&999_u32.to_be_bytes());
    check(&newer, "written by a newer Gemba");

    std::fs::write(home.path().join("target.db-wal"), "old").unwrap();
    check(&image, "already there");
    drop(store);
    std::fs::remove_file(home.path().join("target.db-wal")).unwrap();
    assert_eq!(leftovers(home.path()), Vec::<String>::new());
}

/// What is in a folder that is no database.
fn leftovers(folder: &Path) -> Vec<String> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let others = paths.filter(|path| path.extension() != Some("db".as_ref()));
    others.map(|path| path.display().to_string()).collect()
}
