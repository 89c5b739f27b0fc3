//! The structure of the database, in numbered steps that never change once released.

use crate::fault::{broken, failed};
use crate::table::log;
use gemba_store::{Error, chain};
use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// "GEMB": what tells a Gemba database from any other SQLite file.
pub(crate) const APPLICATION_ID: i64 = 0x4745_4d42;

const READ: &str = "read its structure";
const MIGRATED: &str = "brought its structure up to date";

/// One step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Migration {
    number: i64,
    name: &'static str,
    sql: &'static str,
    /// What is done after it that SQL cannot do.
    then: Option<fn(&Connection) -> rusqlite::Result<()>>,
}

/// All steps, in order, numbered from 1.
pub(crate) const ALL: &[Migration] = &[
    Migration {
        number: 1,
        name: "first",
        sql: include_str!("../migrations/0001_first.sql"),
        then: None,
    },
    Migration {
        number: 2,
        name: "search",
        sql: include_str!("../migrations/0002_search.sql"),
        then: None,
    },
    Migration {
        number: 3,
        name: "runs of revisions",
        sql: include_str!("../migrations/0003_runs_of_revisions.sql"),
        then: None,
    },
    Migration {
        number: 4,
        name: "states of occurrences",
        sql: include_str!("../migrations/0004_states_of_occurrences.sql"),
        then: None,
    },
    Migration {
        number: 5,
        name: "times",
        sql: include_str!("../migrations/0005_times.sql"),
        then: None,
    },
    Migration {
        number: 6,
        name: "outbox",
        sql: include_str!("../migrations/0006_outbox.sql"),
        then: None,
    },
    Migration {
        number: 7,
        name: "chain of the audit log",
        sql: include_str!("../migrations/0007_chain_of_the_audit_log.sql"),
        then: Some(chained),
    },
    Migration {
        number: 8,
        name: "open work",
        sql: include_str!("../migrations/0008_open_work.sql"),
        then: None,
    },
    Migration {
        number: 9,
        name: "people",
        sql: include_str!("../migrations/0009_people.sql"),
        then: None,
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

/// Brings the database up to date; all pending steps together or none.
pub(crate) fn migrate(conn: &mut Connection) -> Result<(), Error> {
    if pending(conn)?.is_empty() {
        return Ok(());
    }
    let fault = failed("structure", MIGRATED);
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
    // Another process may have done it while this one waited for the lock.
    let steps = pending(&tx)?;
    if steps.first().is_some_and(|step| step.number == 1) {
        tx.pragma_update(None, "application_id", APPLICATION_ID).map_err(fault)?;
        let table = "CREATE TABLE migration (
            number   INTEGER NOT NULL PRIMARY KEY,
            name     TEXT    NOT NULL,
            checksum TEXT    NOT NULL
        ) STRICT";
        tx.execute_batch(table).map_err(fault)?;
    }
    for step in steps {
        tx.execute_batch(step.sql).map_err(fault)?;
        step.then.map_or(Ok(()), |then| then(&tx)).map_err(fault)?;
        let row = (step.number, step.name, step.checksum());
        tx.execute("INSERT INTO migration (number, name, checksum) VALUES (?1, ?2, ?3)", row)
            .map_err(fault)?;
        tx.pragma_update(None, "user_version", step.number).map_err(fault)?;
    }
    tx.commit().map_err(fault)
}

/// Chains the lines that were written before there was a chain, in order and as they are.
fn chained(conn: &Connection) -> rusqlite::Result<()> {
    let mut lines = conn.prepare(
        "SELECT seq, at, actor, action, subject, detail, '' FROM unchained ORDER BY seq",
    )?;
    let mut before = chain::START.to_owned();
    let mut rows = lines.query(())?;
    while let Some(row) = rows.next()? {
        let mut line = log::read_audit(row)?;
        line.hash = chain::hash(&before, line.seq, &line.entry);
        log::write_audit(conn, &line)?;
        before = line.hash;
    }
    drop(rows);
    drop(lines);
    conn.execute_batch("DROP TABLE unchained")
}

/// The steps that the database lacks. A file that is not ours, that is newer than this program or
/// whose steps differ from ours is refused.
pub(crate) fn pending(conn: &Connection) -> Result<&'static [Migration], Error> {
    let fault = failed("structure", READ);
    let pragma = |name: &str| -> Result<i64, Error> {
        conn.pragma_query_value(None, name, |row| row.get(0)).map_err(fault)
    };
    let tables: i64 = conn
        .query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))
        .map_err(fault)?;
    let (ours, version) = (pragma("application_id")? == APPLICATION_ID, pragma("user_version")?);
    if !ours {
        return if tables == 0 && version == 0 {
            Ok(ALL)
        } else {
            Err(broken(READ, "the file is an SQLite database, but not one of Gemba"))
        };
    }
    let newest = ALL.last().map_or(0, |step| step.number);
    if version > newest {
        return Err(broken(
            READ,
            format!(
                "the file was written by a newer Gemba: its structure has number {version}, \
                 this program knows up to {newest}"
            ),
        ));
    }
    let recorded = recorded(conn).map_err(fault)?;
    for (step, (number, checksum)) in ALL.iter().zip(&recorded) {
        if step.number != *number || step.checksum() != *checksum {
            return Err(broken(
                READ,
                format!("migration {number} in the file is not the one this program knows"),
            ));
        }
    }
    if i64::try_from(recorded.len()) != Ok(version) {
        return Err(broken(
            READ,
            format!("the file says structure {version}, but {} steps are recorded", recorded.len()),
        ));
    }
    Ok(ALL.get(recorded.len()..).unwrap_or_default())
}

fn recorded(conn: &Connection) -> rusqlite::Result<Vec<(i64, String)>> {
    let mut query = conn.prepare("SELECT number, checksum FROM migration ORDER BY number")?;
    query.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
