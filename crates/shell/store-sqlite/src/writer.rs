//! The one writer, with group commit.
//!
//! A transaction is a savepoint inside a *group*, which is one SQLite transaction. Whoever finishes
//! leaves the group open, wakes the flusher and waits. The flusher queues for the writer like
//! everybody else; the lock is first come, first served, so writers that were already waiting join
//! the group before it is committed, and one disk flush serves them all. Nobody is told "committed"
//! before that flush. A group holds at most one finished transaction of each waiting task, which
//! bounds it.
//!
//! Invariants: the group is committed only while nobody holds a transaction, because both need the
//! lock; a transaction undone takes back its own savepoint alone; when SQLite gives up a whole group
//! (disk full, I/O error) everyone in it hears of it and nothing of it stays.
//!
//! A writer may read what others in its group wrote and the disk does not yet have. One that acts on
//! what it read therefore ends with a commit, also when it wrote nothing.

use crate::fault::{broken, busy, failed};
use crate::file::PATIENCE;
use gemba_store::Error;
use rusqlite::Connection;
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot, watch};

const BEGAN: &str = "began a transaction";
const COMMITTED: &str = "committed a transaction";
const LOST: &str = "the disk or database failed and the transaction was given up";

type Answer = Result<(), String>;

/// The connection and the group that is open on it.
struct Writer {
    conn: Connection,
    in_group: bool,
    waiters: Vec<oneshot::Sender<Answer>>,
    changes: watch::Sender<u64>,
}

impl Writer {
    /// Joins the open group, or opens one, waiting at most `wait` for other processes.
    fn enter(&mut self, wait: Duration) -> rusqlite::Result<()> {
        if self.in_group && self.conn.is_autocommit() {
            self.lose(LOST);
        }
        if !self.in_group {
            self.conn.busy_timeout(wait)?;
            let begun = self.conn.prepare_cached("BEGIN IMMEDIATE")?.execute(());
            self.conn.busy_timeout(PATIENCE)?;
            begun?;
            self.in_group = true;
        }
        let saved = self.conn.prepare_cached("SAVEPOINT tx").and_then(|mut s| s.execute(()));
        if saved.is_err() && self.waiters.is_empty() {
            self.lose(LOST);
        }
        saved.map(|_| ())
    }

    /// Ends a transaction and leaves its writes to the group.
    fn release(&mut self) -> Result<oneshot::Receiver<Answer>, Error> {
        let released = self.conn.prepare_cached("RELEASE tx").and_then(|mut s| s.execute(()));
        if let Err(e) = released {
            self.undo();
            return Err(failed("transaction", COMMITTED)(e));
        }
        let (answer, answered) = oneshot::channel();
        self.waiters.push(answer);
        Ok(answered)
    }

    /// Takes back what a transaction wrote; the others of its group keep theirs.
    fn undo(&mut self) {
        let undone = self.conn.execute_batch("ROLLBACK TO tx; RELEASE tx");
        // With nobody else in it, an open group would only lock out other processes.
        if undone.is_err() || self.waiters.is_empty() {
            self.lose(LOST);
        }
    }

    /// Makes the group durable and tells everyone in it.
    fn flush(&mut self) {
        if !self.in_group {
            return;
        }
        let done = if self.conn.is_autocommit() {
            Err(LOST.to_owned())
        } else {
            let committed = self.conn.prepare_cached("COMMIT").and_then(|mut s| s.execute(()));
            committed.map(|_| ()).map_err(|e| e.to_string())
        };
        match done {
            Ok(()) => {
                self.tell(&Ok(()));
                self.changes.send_modify(|n| *n = n.wrapping_add(1));
            }
            Err(why) => self.lose(&why),
        }
    }

    /// Gives the group up.
    fn lose(&mut self, why: &str) {
        if !self.conn.is_autocommit() {
            // Should even this fail, the next `BEGIN` says so to the next writer.
            drop(self.conn.execute_batch("ROLLBACK"));
        }
        self.tell(&Err(why.to_owned()));
    }

    fn tell(&mut self, answer: &Answer) {
        self.in_group = false;
        for waiter in self.waiters.drain(..) {
            // A task that no longer listens is no reason to stop.
            drop(waiter.send(answer.clone()));
        }
    }
}

/// The writer and the thread that commits its groups.
pub(crate) struct GroupCommit {
    writer: Arc<Mutex<Writer>>,
    wake: Option<SyncSender<()>>,
    changes: watch::Receiver<u64>,
    flusher: Option<JoinHandle<()>>,
}

impl fmt::Debug for GroupCommit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroupCommit").finish_non_exhaustive()
    }
}

impl GroupCommit {
    /// Starts the flusher: a thread of its own, so that it works under every kind of runtime.
    pub(crate) fn start(conn: Connection) -> Result<Arc<Self>, Error> {
        let (tell, changes) = watch::channel(0);
        let writer = Writer { conn, in_group: false, waiters: Vec::new(), changes: tell };
        let writer = Arc::new(Mutex::new(writer));
        // Room for one: a wake-up that is still to be heard counts for all who call meanwhile.
        let (wake, woken) = sync_channel(1);
        let lent = Arc::clone(&writer);
        let work = move || {
            while woken.recv().is_ok() {
                lent.blocking_lock().flush();
            }
            lent.blocking_lock().flush();
        };
        let flusher = std::thread::Builder::new()
            .name("gemba-commit".to_owned())
            .spawn(work)
            .map_err(|e| broken("started its committing thread", e))?;
        Ok(Arc::new(Self { writer, wake: Some(wake), changes, flusher: Some(flusher) }))
    }

    /// A number that grows with every group.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.clone()
    }

    /// Begins a transaction when it is this task's turn.
    pub(crate) async fn begin(self: &Arc<Self>) -> Result<WriteTx, Error> {
        let guard = Arc::clone(&self.writer).lock_owned().await;
        let mut tx = WriteTx { guard: Some(guard), entered: false, home: Arc::clone(self) };
        let entered = match tx.enter(Duration::ZERO) {
            // Another process writes: wait for it where waiting holds up nobody else.
            Err(e) if busy(&e) => {
                let patient = move || tx.enter(PATIENCE).map(|()| tx);
                tokio::task::spawn_blocking(patient).await.map_err(|e| broken(BEGAN, e))?
            }
            done => done.map(|()| tx),
        };
        entered.map_err(failed("transaction", BEGAN))
    }

    /// Wakes the flusher; whether there is one to hear it.
    fn wake(&self) -> bool {
        // Full is as good: the wake-up that fills the place is still to be heard.
        let sent = self.wake.as_ref().map(|wake| wake.try_send(()));
        matches!(sent, Some(Ok(()) | Err(TrySendError::Full(()))))
    }
}

impl Drop for GroupCommit {
    /// Every transaction keeps this alive, so none is open: the flusher writes what is left and ends.
    fn drop(&mut self) {
        drop(self.wake.take());
        if let Some(flusher) = self.flusher.take() {
            drop(flusher.join());
        }
    }
}

/// A transaction of the writer. Dropping it undoes it.
pub(crate) struct WriteTx {
    // Before `home`: the lock must be free when the last `home` waits for the flusher.
    guard: Option<OwnedMutexGuard<Writer>>,
    entered: bool,
    home: Arc<GroupCommit>,
}

impl WriteTx {
    fn enter(&mut self, wait: Duration) -> rusqlite::Result<()> {
        if let Some(writer) = &mut self.guard {
            writer.enter(wait)?;
            self.entered = true;
        }
        Ok(())
    }

    /// The connection, as long as the transaction stands: after SQLite gave it up, a statement would
    /// commit by itself.
    pub(crate) fn conn(&self) -> Result<&Connection, Error> {
        match &self.guard {
            Some(writer) if !writer.conn.is_autocommit() => Ok(&writer.conn),
            _ => Err(broken("used a transaction", LOST)),
        }
    }

    /// Leaves the writes to the group and waits until they are durable.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        let Some(mut writer) = self.guard.take() else {
            return Err(broken(COMMITTED, LOST));
        };
        let answered = writer.release()?;
        if !self.home.wake() {
            writer.flush();
        }
        drop(writer);
        match answered.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(why)) => Err(broken(COMMITTED, why)),
            Err(gone) => Err(broken(COMMITTED, gone)),
        }
    }
}

impl Drop for WriteTx {
    fn drop(&mut self) {
        if let (Some(mut writer), true) = (self.guard.take(), self.entered) {
            writer.undo();
        }
    }
}

#[cfg(test)]
mod tests;
