//! The audit log under attack: what the file refuses, and what the chain shows where the file was made to
//! accept it; logs from before there was a chain.

use crate::SqliteStore;
use crate::migration::ALL;
use gemba_store::chain::{Misfit, Verdict, Wrong, verify};
use gemba_store::{Mode, NewAudit, Store};
use jiff::Timestamp;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn line(n: i64) -> NewAudit {
    NewAudit {
        at: Timestamp::from_microsecond(n).unwrap(),
        actor: "Mara Lindström".to_owned(),
        action: "seat.changed".to_owned(),
        subject: format!("seat_{n}"),
        detail: format!("{{\"n\":{n}}}"),
    }
}

/// A file with six lines, closed.
async fn log_of_six() -> (TempDir, PathBuf) {
    let home = TempDir::new().unwrap();
    let path = home.path().join("gemba.db");
    let store = SqliteStore::open(&path).unwrap();
    let mut tx = store.begin(Mode::Write).await.unwrap();
    for n in 1..=6 {
        assert_eq!(tx.append_audit(&line(n)).await.unwrap(), n);
    }
    tx.commit().await.unwrap();
    (home, path)
}

async fn verdict(path: &Path, noted: Option<(i64, &str)>) -> Verdict {
    let store = SqliteStore::open(path).unwrap();
    let mut tx = store.begin(Mode::Read).await.unwrap();
    verify(&mut *tx, noted).await.unwrap()
}

#[tokio::test]
async fn the_file_refuses_to_change_the_log_and_the_history_of_runs() {
    let (_home, path) = log_of_six().await;
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("INSERT INTO event VALUES (1, 'run_1', 1, 0, '{}')").unwrap();
    for sql in [
        "UPDATE audit SET actor = 'Otto' WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 6",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 3",
        "INSERT INTO audit SELECT workspace, 0, at, actor, action, subject, detail, hash
            FROM audit WHERE seq = 1",
        "UPDATE event SET body = '[]'",
        "DELETE FROM event",
    ] {
        let refused = conn.execute_batch(sql).expect_err(sql).to_string();
        assert!(refused.contains("only added to"), "{sql}: {refused}");
    }
    drop(conn);
    assert_eq!(verdict(&path, None).await.lines, 6);
}

#[tokio::test]
async fn what_was_done_to_the_log_with_the_guards_off_shows_at_its_first_line() {
    let off = "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted;
        DROP TRIGGER audit_grows_at_its_end;";
    let check = async |sql: &str, seq: i64, why: Wrong| {
        let (_home, path) = log_of_six().await;
        let head = verdict(&path, None).await.head.unwrap();
        Connection::open(&path).unwrap().execute_batch(&format!("{off} {sql}")).unwrap();
        let found = verdict(&path, Some((head.0, &head.1))).await;
        assert_eq!(found.fault, Some(Misfit { seq, why }), "{sql}");
        assert_eq!(
            i64::try_from(found.lines).unwrap(),
            if why == Wrong::CutOff { 5 } else { seq - 1 }
        );
    };
    check("UPDATE audit SET actor = 'Otto' WHERE seq = 3", 3, Wrong::Changed).await;
    check("UPDATE audit SET action = 'seat.made' WHERE seq = 1", 1, Wrong::Changed).await;
    check("UPDATE audit SET subject = 'seat_x' WHERE seq = 6", 6, Wrong::Changed).await;
    check("UPDATE audit SET detail = '{}' WHERE seq = 2", 2, Wrong::Changed).await;
    check("UPDATE audit SET at = at + 1 WHERE seq = 5", 5, Wrong::Changed).await;
    check("UPDATE audit SET hash = '' WHERE seq = 4", 4, Wrong::Changed).await;
    check("UPDATE audit SET at = 9223372036854775807 WHERE seq = 4", 4, Wrong::Unreadable).await;
    check("DELETE FROM audit WHERE seq = 1", 1, Wrong::Missing).await;
    check("DELETE FROM audit WHERE seq = 4", 4, Wrong::Missing).await;
    // Taken out, and those after it moved up.
    let closed = "DELETE FROM audit WHERE seq = 4; UPDATE audit SET seq = seq - 1 WHERE seq > 4";
    check(closed, 4, Wrong::Changed).await;
    // Two lines that change places.
    let turned = "UPDATE audit SET seq = 99 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;
        UPDATE audit SET seq = 3 WHERE seq = 99";
    check(turned, 2, Wrong::Changed).await;
    // What a chain alone does not show.
    check("DELETE FROM audit WHERE seq = 6", 6, Wrong::CutOff).await;
}

#[tokio::test]
async fn a_log_that_was_written_anew_is_not_the_one_that_was_noted() {
    let (_home, path) = log_of_six().await;
    let (_other_home, other) = log_of_six().await;
    let head = verdict(&path, None).await.head.unwrap();
    assert_eq!(verdict(&other, Some((6, &head.1))).await.fault, None);
    let store = SqliteStore::open(&other).unwrap();
    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.append_audit(&line(7)).await.unwrap();
    tx.commit().await.unwrap();
    let longer = verdict(&other, Some((6, &head.1))).await;
    assert_eq!((longer.lines, longer.fault), (7, None));
    let seventh = longer.head.unwrap().1;
    let found = verdict(&path, Some((6, &seventh))).await.fault;
    assert_eq!(found, Some(Misfit { seq: 6, why: Wrong::NotAsNoted }));
}

#[tokio::test]
async fn a_log_from_before_there_was_a_chain_is_chained_as_it_is() {
    let (_home, path) = log_of_six().await;
    let head = verdict(&path, None).await.head;
    let conn = Connection::open(&path).unwrap();
    // Back to the structure before, with the same lines.
    conn.execute_batch(
        "CREATE TABLE plain (workspace INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
            actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL,
            PRIMARY KEY (workspace, seq)) STRICT, WITHOUT ROWID;
        INSERT INTO plain SELECT workspace, seq, at, actor, action, subject, detail FROM audit;
        DROP TABLE audit; ALTER TABLE plain RENAME TO audit;
        CREATE INDEX audit_by_subject ON audit (workspace, subject, seq);
        DROP TRIGGER event_is_not_changed; DROP TRIGGER event_is_not_deleted;
        DELETE FROM migration WHERE number >= 7; PRAGMA user_version = 6;",
    )
    .and_then(|()| conn.execute_batch(crate::tests::BACK_TO_7))
    .unwrap();
    drop(conn);
    assert!(ALL.len() >= 7);
    let found = verdict(&path, None).await;
    assert_eq!((found.lines, found.fault, found.head), (6, None, head));
    let left = "SELECT count(*) FROM sqlite_schema WHERE name = 'unchained'";
    let left: i64 = Connection::open(&path).unwrap().query_row(left, (), |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}
