//! Copies of the database as one file image, and the way back.

use crate::fault::{broken, failed};
use crate::{file, migration};
use gemba_store::Error;
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

const COPIED: &str = "copied itself";
const RESTORED: &str = "restored a copy";

/// What every SQLite file begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// A copy of the database, consistent at one moment; writers go on meanwhile.
pub(crate) fn take(path: &Path) -> Result<Vec<u8>, Error> {
    let beside = temporary(path, COPIED)?;
    let name = beside.path().to_str().ok_or_else(|| broken(COPIED, "its folder is not UTF-8"))?;
    let conn = file::open_reader(path)?;
    conn.execute("VACUUM INTO ?1", [name]).map_err(failed("database", COPIED))?;
    fs::read(beside.path()).map_err(|e| broken(COPIED, e))
}

/// Writes an image to a new database file, after checking that it is whole, is Gemba's and is not
/// newer than this program. An existing file is never touched.
pub fn restore(image: &[u8], target: &Path) -> Result<(), Error> {
    // A log left over from a former database of this name would be replayed into the new one.
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = target.as_os_str().to_owned();
        name.push(suffix);
        let path = PathBuf::from(name);
        if path.symlink_metadata().is_ok() {
            return Err(broken(RESTORED, format!("{} is already there", path.display())));
        }
    }
    if !image.starts_with(MAGIC) {
        return Err(broken(RESTORED, "the image is not an SQLite database"));
    }
    let failure = |e: std::io::Error| broken(RESTORED, e);
    let mut beside = temporary(target, RESTORED)?;
    beside.write_all(image).map_err(failure)?;
    examine(beside.path())?;
    beside.as_file().sync_all().map_err(failure)?;
    beside.persist_noclobber(target).map_err(|e| failure(e.error))?;
    // The name is durable only with its folder.
    #[cfg(unix)]
    fs::File::open(file::folder(target)).and_then(|dir| dir.sync_all()).map_err(failure)?;
    Ok(())
}

fn examine(path: &Path) -> Result<(), Error> {
    let fault = failed("image", RESTORED);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(fault)?;
    let said: String =
        conn.query_row("PRAGMA integrity_check(1)", (), |row| row.get(0)).map_err(fault)?;
    if said != "ok" {
        return Err(broken(RESTORED, format!("the image is broken: {said}")));
    }
    let id: i64 =
        conn.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(fault)?;
    if id != migration::APPLICATION_ID {
        return Err(broken(RESTORED, "the image is an SQLite database, but not one of Gemba"));
    }
    migration::pending(&conn)?;
    conn.close().map_err(|(_, e)| fault(e))
}

/// A file in the same folder, for its owner's eyes only, removed when dropped.
fn temporary(path: &Path, doing: &'static str) -> Result<NamedTempFile, Error> {
    let folder = file::folder(path);
    tempfile::Builder::new()
        .prefix(".gemba-")
        .suffix(".image")
        .tempfile_in(folder)
        .map_err(|e| broken(doing, e))
}
