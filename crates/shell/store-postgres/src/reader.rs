//! The readers: a few connections that cannot write, opened when first needed and kept.

use crate::address::Address;
use crate::connection::{Conn, Op};
use crate::fault::broken;
use gemba_store::Error;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::Row;

/// How many read at the same time on one node; more wait their turn.
const PLACES: usize = 8;

/// What is asked is little each time: compiling it to machine code takes longer than doing it.
const SETTINGS: &str = "SET idle_in_transaction_session_timeout = '60s'; SET jit = off;
    SET application_name = 'gemba reader'";
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The connections that wait for a reader.
pub(crate) struct Readers {
    address: Address,
    home: Handle,
    idle: Mutex<Vec<Conn>>,
    places: Arc<Semaphore>,
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").finish_non_exhaustive()
    }
}

impl Readers {
    /// Readers of this database.
    pub(crate) fn of(address: Address, home: Handle) -> Arc<Self> {
        let places = Arc::new(Semaphore::new(PLACES));
        Arc::new(Self { address, home, idle: Mutex::default(), places })
    }

    /// A place to read from. The state that is read is that of the first statement.
    pub(crate) async fn begin(self: &Arc<Self>) -> Result<ReadTx, Error> {
        let place = Arc::clone(&self.places)
            .acquire_owned()
            .await
            .map_err(|e| broken("began to read", e))?;
        let conn = loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            match idle {
                Some(conn) if conn.is_closed() => {}
                Some(conn) => break conn,
                None => break Conn::open(&self.address, &self.home, SETTINGS).await?,
            }
        };
        Ok(ReadTx { conn: Some((conn, place)), begun: false, home: Arc::clone(self) })
    }
}

/// One consistent state to read. Dropping it gives the connection back.
pub(crate) struct ReadTx {
    conn: Option<(Conn, OwnedSemaphorePermit)>,
    begun: bool,
    home: Arc<Readers>,
}

impl ReadTx {
    /// What a statement finds.
    pub(crate) async fn rows(&mut self, doing: &'static str, op: Op) -> Result<Vec<Row>, Error> {
        let Some((conn, _)) = &mut self.conn else {
            return Err(broken(doing, "the transaction has ended"));
        };
        if self.begun {
            return conn.send(doing, &[op]).await;
        }
        self.begun = true;
        let ops = [Op::Batch(BEGIN), op];
        let found = conn.send(doing, &ops).await;
        if !conn.is_closed() {
            return found;
        }
        // The database was restarted since this connection was last used: nothing was read yet, so
        // another one will do.
        *conn = Conn::open(&self.home.address, &self.home.home, SETTINGS).await?;
        conn.send(doing, &ops).await
    }
}

impl Drop for ReadTx {
    fn drop(&mut self) {
        let (Some((conn, place)), home) = (self.conn.take(), Arc::clone(&self.home)) else {
            return;
        };
        let keep = |home: &Readers, conn: Conn| {
            home.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        };
        if !self.begun {
            keep(&home, conn);
            return;
        }
        self.home.home.spawn(async move {
            // One that cannot end its transaction is closed instead of kept.
            if conn.batch("ROLLBACK").await.is_ok() {
                keep(&home, conn);
            }
            drop(place);
        });
    }
}
