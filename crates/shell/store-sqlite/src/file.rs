//! The database file: how it is made and how a connection to it is set up.

use crate::fault::{broken, busy, failed};
use gemba_store::Error;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a connection waits for another process to let go of the file.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

const OPENED: &str = "opened its file";

/// The folder of a file.
pub(crate) fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Makes the file where there is none, for its owner's eyes only. SQLite gives the files that it
/// puts beside it the same rights.
pub(crate) fn make(path: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(broken(OPENED, e)),
    }
}

/// A connection that writes durably.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, Error> {
    let conn = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let set = || -> rusqlite::Result<()> {
        journal(&conn)?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        // Where fsync only reaches the drive's own cache (macOS), ask for more; elsewhere no effect.
        conn.pragma_update(None, "fullfsync", true)?;
        conn.pragma_update(None, "foreign_keys", true)?;
        // What a savepoint would take back is little: no file is made for it.
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        // What is written to in turn by many stays at hand; in KiB.
        conn.pragma_update(None, "cache_size", -16_384)?;
        // Pages that many write to in turn are copied into the file less often; 16 MiB of log at most.
        conn.pragma_update(None, "wal_autocheckpoint", 4_000)?;
        // Gives the disk back after a burst that outgrew a checkpoint.
        conn.pragma_update(None, "journal_size_limit", 64 << 20)
    };
    set().map_err(failed("database", OPENED))?;
    Ok(conn)
}

/// A connection that cannot write.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, Error> {
    open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection, Error> {
    let set = || -> rusqlite::Result<Connection> {
        let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        conn.busy_timeout(PATIENCE)?;
        conn.pragma_update(None, "trusted_schema", false)?;
        // A plan stays as it was made: else a statement that a partial index could serve is compiled anew
        // with each value.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        conn.set_prepared_statement_cache_capacity(64);
        Ok(conn)
    };
    set().map_err(failed("database", OPENED))
}

/// Turns the write-ahead log on. SQLite does not wait here when another process does the same, so
/// this does.
fn journal(conn: &Connection) -> rusqlite::Result<()> {
    let pause = Duration::from_millis(10);
    let mut waited = Duration::ZERO;
    loop {
        match conn.pragma_update(None, "journal_mode", "WAL") {
            Err(e) if busy(&e) && waited < PATIENCE => {
                std::thread::sleep(pause);
                waited += pause;
            }
            done => return done,
        }
    }
}
