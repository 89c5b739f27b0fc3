//! The readers: a few connections that cannot write, opened when first needed and kept.

use crate::fault::{broken, failed};
use crate::file;
use gemba_store::Error;
use rusqlite::Connection;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many read at the same time; more wait their turn.
const PLACES: usize = 4;

const BEGAN: &str = "began to read";

/// The connections that wait for a reader.
pub(crate) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Readers {
    /// Readers of this file.
    pub(crate) fn of(path: PathBuf) -> Arc<Self> {
        let places = Arc::new(Semaphore::new(PLACES));
        Arc::new(Self { path, idle: Mutex::default(), places })
    }

    /// Begins to read the state of this moment.
    pub(crate) async fn begin(self: &Arc<Self>) -> Result<ReadTx, Error> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|e| broken(BEGAN, e))?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match idle {
            Some(conn) => conn,
            None => file::open_reader(&self.path)?,
        };
        // SQLite fixes the state at the first read, not at `BEGIN`.
        let begin = || -> rusqlite::Result<()> {
            conn.prepare_cached("BEGIN")?.execute(())?;
            conn.prepare_cached("SELECT number FROM migration LIMIT 1")?.query_row((), |_| Ok(()))
        };
        begin().map_err(failed("database", BEGAN))?;
        Ok(ReadTx { conn: Some(conn), home: Arc::clone(self), _place: place })
    }
}

/// One consistent state to read. Dropping it gives the connection back.
pub(crate) struct ReadTx {
    conn: Option<Connection>,
    home: Arc<Readers>,
    _place: OwnedSemaphorePermit,
}

impl ReadTx {
    /// The connection.
    pub(crate) fn conn(&self) -> Result<&Connection, Error> {
        self.conn.as_ref().ok_or_else(|| broken("read", "the transaction has ended"))
    }
}

impl Drop for ReadTx {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        let ended = conn.prepare_cached("ROLLBACK").and_then(|mut s| s.execute(())).is_ok();
        // One that cannot end its transaction is closed instead of kept.
        if ended {
            self.home.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        }
    }
}
