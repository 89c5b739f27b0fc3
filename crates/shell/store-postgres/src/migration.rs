//! The structure of the database, in numbered steps that never change once released.

use crate::connection::{Conn, Op};
use crate::fault::broken;
use gemba_store::Error;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use tokio_postgres::Row;

const READ: &str = "read its structure";
const MIGRATED: &str = "brought its structure up to date";

/// One step.
#[derive(Debug, Clone, Copy)]
struct Migration {
    number: i64,
    name: &'static str,
    sql: &'static str,
}

/// All steps, in order, numbered from 1.
const ALL: &[Migration] = &[
    Migration { number: 1, name: "first", sql: include_str!("../migrations/0001_first.sql") },
    Migration {
        number: 2,
        name: "states of occurrences",
        sql: include_str!("../migrations/0002_states_of_occurrences.sql"),
    },
    Migration { number: 3, name: "times", sql: include_str!("../migrations/0003_times.sql") },
    Migration { number: 4, name: "outbox", sql: include_str!("../migrations/0004_outbox.sql") },
    Migration {
        number: 5,
        name: "chain of the audit log",
        sql: include_str!("../migrations/0005_chain_of_the_audit_log.sql"),
    },
    Migration { number: 6, name: "turns", sql: include_str!("../migrations/0006_turns.sql") },
    Migration {
        number: 7,
        name: "open work",
        sql: include_str!("../migrations/0007_open_work.sql"),
    },
    Migration { number: 8, name: "people", sql: include_str!("../migrations/0008_people.sql") },
    Migration {
        number: 9,
        name: "item_by_run",
        sql: include_str!("../migrations/0009_item_by_run.sql"),
    },
];

impl Migration {
    /// The digest of the text; line ends do not count, as a checkout may change them.
    fn checksum(&self) -> String {
        let digest = Sha256::digest(self.sql.replace("\r\n", "\n"));
        digest.iter().fold(String::new(), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _written = write!(hex, "{byte:02x}");
            hex
        })
    }
}

/// Brings the database up to date; all pending steps together or none. Nodes that start at the same
/// time wait for each other here.
pub(crate) async fn migrate(conn: &Conn) -> Result<(), Error> {
    conn.send(MIGRATED, &[Op::Batch("BEGIN; SELECT pg_advisory_xact_lock(1195724098, 0)")]).await?;
    let done = steps(conn).await;
    let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
    conn.send(MIGRATED, &[Op::Batch(end)]).await?;
    done
}

async fn steps(conn: &Conn) -> Result<(), Error> {
    for step in pending(conn).await? {
        if step.number == 1 {
            let table = "CREATE TABLE migration (
                number   BIGINT NOT NULL PRIMARY KEY,
                name     TEXT   NOT NULL,
                checksum TEXT   NOT NULL
            )";
            conn.send(MIGRATED, &[Op::Batch(table)]).await?;
        }
        let row = vec![step.number.into(), step.name.into(), step.checksum().into()];
        let sql = "INSERT INTO migration (number, name, checksum) VALUES ($1, $2, $3)";
        let note = Op::Write { sql, values: row, expect: None };
        conn.send(MIGRATED, &[Op::Batch(step.sql), note]).await?;
    }
    Ok(())
}

async fn ask(conn: &Conn, sql: &'static str) -> Result<Vec<Row>, Error> {
    conn.send(READ, &[Op::Query { sql: sql.into(), values: Vec::new() }]).await
}

fn column<'a, T: tokio_postgres::types::FromSql<'a>>(row: &'a Row, n: usize) -> Result<T, Error> {
    row.try_get(n).map_err(crate::fault::failed(READ))
}

/// How many steps the database lacks.
pub(crate) async fn missing(conn: &Conn) -> Result<usize, Error> {
    Ok(pending(conn).await?.len())
}

/// The steps that the database lacks. One that is not ours, that is newer than this program or whose
/// steps differ from ours is refused.
async fn pending(conn: &Conn) -> Result<&'static [Migration], Error> {
    let sql = "SELECT count(*) FILTER (WHERE tablename = 'migration'), count(*) FROM pg_tables
        WHERE schemaname = current_schema()";
    let found = ask(conn, sql).await?;
    let (ours, tables): (i64, i64) = match found.first() {
        Some(row) => (column(row, 0)?, column(row, 1)?),
        None => (0, 0),
    };
    if ours == 0 {
        return if tables == 0 {
            Ok(ALL)
        } else {
            Err(broken(READ, "the database holds tables of another program; give Gemba its own"))
        };
    }
    let recorded = ask(conn, "SELECT number, checksum FROM migration ORDER BY number").await?;
    if recorded.len() > ALL.len() {
        return Err(broken(
            READ,
            format!(
                "the database was written by a newer Gemba: its structure has number {}, \
                 this program knows up to {}",
                recorded.len(),
                ALL.len()
            ),
        ));
    }
    for (step, row) in ALL.iter().zip(&recorded) {
        let (number, checksum): (i64, String) = (column(row, 0)?, column(row, 1)?);
        if step.number != number || step.checksum() != checksum {
            return Err(broken(
                READ,
                format!("migration {number} in the database is not the one this program knows"),
            ));
        }
    }
    Ok(ALL.get(recorded.len()..).unwrap_or_default())
}
