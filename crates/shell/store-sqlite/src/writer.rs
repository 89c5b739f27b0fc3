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
//! Acts that were decided ahead of their turn are handed to the same thread, which writes as many of them
//! as wait into one group. Where one is alone and the disk is quick, the one who decided it writes it
//! itself: the way to the thread and back would cost as much as all the rest.
//!
//! A writer may read what others in its group wrote and the disk does not yet have. One that acts on
//! what it read therefore ends with a commit, also when it wrote nothing.

use crate::fault::{broken, busy, failed};
use crate::file::PATIENCE;
use crate::table::{delivery, event, item, log, record, run, search};
use gemba_store::ahead::{Decided, Desk, Write};
use gemba_store::{Error, RunRow};
use rusqlite::Connection;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex as PlainMutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot, watch};

const BEGAN: &str = "began a transaction";
const COMMITTED: &str = "committed a transaction";
const LOST: &str = "the disk or database failed and the transaction was given up";

/// The most acts that are written together.
const MOST: usize = 256;
/// The most rows of a transaction that are noted one by one.
const NOTED: usize = 1_000;
/// So long the committing thread waits at most for acts that are being decided, before it writes those
/// that are; and never for longer than half of a flush, which is what waiting saves.
const GATHER: Duration = Duration::from_millis(1);
/// A disk that takes longer than this is waited for on a thread of its own.
const QUICK: Duration = Duration::from_millis(1);

type Answer = Result<(), String>;

/// What the committing thread is asked.
enum Job {
    /// To commit the open group.
    Flush,
    /// To write what was decided ahead.
    Settle(Settling),
}

/// What was decided ahead, and whom to tell how it ended.
struct Settling {
    decided: Decided,
    tell: oneshot::Sender<Result<(), Error>>,
}

/// The connection and the group that is open on it.
struct Writer {
    conn: Connection,
    in_group: bool,
    waiters: Vec<oneshot::Sender<Answer>>,
    changes: watch::Sender<u64>,
    desk: Arc<PlainMutex<Desk>>,
    /// What other processes have written so far, as SQLite counts it.
    others: i64,
    /// How long a commit took of late.
    flush: Duration,
}

fn on(desk: &PlainMutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Writer {
    /// Joins the open group, or opens one, waiting at most `wait` for other processes.
    fn enter(&mut self, wait: Duration) -> rusqlite::Result<()> {
        self.open(wait)?;
        let saved = self.conn.prepare_cached("SAVEPOINT tx").and_then(|mut s| s.execute(()));
        if saved.is_err() && self.waiters.is_empty() {
            self.lose(LOST);
        }
        saved.map(|_| ())
    }

    /// Opens a group where none is open.
    fn open(&mut self, wait: Duration) -> rusqlite::Result<()> {
        if self.in_group && self.conn.is_autocommit() {
            self.lose(LOST);
        }
        if !self.in_group {
            self.conn.busy_timeout(wait)?;
            let begun = self.conn.prepare_cached("BEGIN IMMEDIATE")?.execute(());
            self.conn.busy_timeout(PATIENCE)?;
            begun?;
            self.in_group = true;
            // Nobody else can write from here on; whoever did since the last group is seen now.
            let others = self
                .conn
                .prepare_cached("PRAGMA data_version")?
                .query_row((), |row| row.get::<_, i64>(0))?;
            if others != self.others {
                self.others = others;
                on(&self.desk).forget();
            }
        }
        Ok(())
    }

    /// Ends a transaction and leaves its writes to the group.
    fn release(&mut self, noted: &[Write]) -> Result<oneshot::Receiver<Answer>, Error> {
        let released = self.conn.prepare_cached("RELEASE tx").and_then(|mut s| s.execute(()));
        if let Err(e) = released {
            self.undo();
            return Err(failed("transaction", COMMITTED)(e));
        }
        if noted.len() < NOTED {
            on(&self.desk).write(noted);
        } else {
            on(&self.desk).forget();
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
            let begun = Instant::now();
            let committed = self.conn.prepare_cached("COMMIT").and_then(|mut s| s.execute(()));
            self.flush = (self.flush * 7 + begun.elapsed()) / 8;
            committed.map(|_| ()).map_err(|e| e.to_string())
        };
        match done {
            Ok(()) => {
                on(&self.desk).keep();
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
        on(&self.desk).forget();
        self.tell(&Err(why.to_owned()));
    }

    /// Writes what was decided ahead, as far as it was not overtaken, and makes it durable with all that is
    /// in the group. Where another process has the file for longer than `wait`, it comes back.
    fn settle(&mut self, batch: Vec<Settling>, wait: Duration) -> Vec<Settling> {
        // Those who are alone in their group need no savepoint: it is undone as a whole.
        let joins = self.in_group && !self.waiters.is_empty();
        match if joins { self.enter(wait) } else { self.open(wait) } {
            Ok(()) => {}
            Err(e) if busy(&e) && wait < PATIENCE => return batch,
            Err(e) => {
                let why = e.to_string();
                for act in batch {
                    drop(act.tell.send(Err(broken(BEGAN, why.clone()))));
                }
                return Vec::new();
            }
        }
        let mut taken = Vec::with_capacity(batch.len());
        {
            let mut desk = on(&self.desk);
            for act in batch {
                if desk.is_current(&act.decided) {
                    desk.write(&act.decided.writes);
                    taken.push(act);
                } else {
                    drop(act.tell.send(Err(Error::Overtaken)));
                }
            }
        }
        let written = taken.iter().try_for_each(|act| self.apply(&act.decided.writes));
        let released = written.and_then(|()| {
            if !joins {
                return Ok(());
            }
            let release = self.conn.prepare_cached("RELEASE tx").and_then(|mut s| s.execute(()));
            release.map(|_| ()).map_err(failed("transaction", COMMITTED))
        });
        if released.is_err() {
            // Whose fault it is shows when each is done in its turn.
            if joins {
                self.undo();
            } else {
                self.lose(LOST);
            }
            on(&self.desk).forget();
            self.flush();
            for act in taken {
                drop(act.tell.send(Err(Error::Overtaken)));
            }
            return Vec::new();
        }
        let (answer, mut answered) = oneshot::channel();
        self.waiters.push(answer);
        self.flush();
        let kept = match answered.try_recv() {
            Ok(kept) => kept,
            Err(gone) => Err(gone.to_string()),
        };
        for act in taken {
            let told = kept.clone().map_err(|why| broken(COMMITTED, why));
            drop(act.tell.send(told));
        }
        Vec::new()
    }

    fn apply(&self, writes: &[Write]) -> Result<(), Error> {
        let conn = &self.conn;
        for write in writes {
            match write {
                Write::Record { kind, id, keys, body, expect } => {
                    record::put(conn, kind, id, keys, body, *expect)?;
                }
                Write::Run(row) => run::put(conn, row)?,
                Write::NewRun(row) => {
                    let number = run::next_number(conn, row.process)?;
                    let row = RunRow { number, ..row.clone() };
                    run::put(conn, &row)?;
                    on(&self.desk).lay_run(&row);
                }
                Write::Events { run, first_seq, rows } => {
                    event::append(conn, *run, *first_seq, rows)?;
                }
                Write::Item(row) => item::put(conn, row)?,
                Write::Delivery(row) => delivery::put(conn, row)?,
                Write::Search(row) => search::put(conn, row)?,
                Write::Audit(row) => {
                    log::append_audit(conn, row)?;
                }
            }
        }
        Ok(())
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
    jobs: Option<Sender<Job>>,
    /// Whether a [`Job::Flush`] is still to be heard: it counts for all who call meanwhile.
    called: Arc<AtomicBool>,
    changes: watch::Receiver<u64>,
    flusher: Option<JoinHandle<()>>,
    /// What was last read and written.
    pub(crate) desk: Arc<PlainMutex<Desk>>,
    /// How many acts are being decided ahead.
    pub(crate) ahead: Arc<AtomicUsize>,
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
        let desk = Arc::new(PlainMutex::new(Desk::default()));
        let writer = Writer {
            conn,
            in_group: false,
            waiters: Vec::new(),
            changes: tell,
            desk: Arc::clone(&desk),
            others: 0,
            // Until it is known better.
            flush: QUICK * 2,
        };
        let writer = Arc::new(Mutex::new(writer));
        let (jobs, asked) = channel();
        let called = Arc::new(AtomicBool::new(false));
        let ahead = Arc::new(AtomicUsize::new(0));
        let (lent, heard, deciding) =
            (Arc::clone(&writer), Arc::clone(&called), Arc::clone(&ahead));
        let flusher = std::thread::Builder::new()
            .name("gemba-commit".to_owned())
            .spawn(move || work(&lent, &asked, &heard, &deciding))
            .map_err(|e| broken("started its committing thread", e))?;
        Ok(Arc::new(Self {
            writer,
            jobs: Some(jobs),
            called,
            changes,
            flusher: Some(flusher),
            desk,
            ahead,
        }))
    }

    /// A number that grows with every group.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.clone()
    }

    /// Begins a transaction when it is this task's turn.
    pub(crate) async fn begin(self: &Arc<Self>) -> Result<WriteTx, Error> {
        let guard = Arc::clone(&self.writer).lock_owned().await;
        let home = Arc::clone(self);
        let mut tx = WriteTx { guard: Some(guard), entered: false, noted: Vec::new(), home };
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
        self.called.swap(true, Ordering::AcqRel)
            || self.jobs.as_ref().is_some_and(|jobs| jobs.send(Job::Flush).is_ok())
    }

    /// Writes what was decided ahead and waits until it is durable.
    pub(crate) async fn settle(&self, decided: Decided) -> Result<(), Error> {
        let (tell, mut told) = oneshot::channel();
        let mut acts = vec![Settling { decided, tell }];
        if self.ahead.load(Ordering::Acquire) <= 1
            && let Ok(mut writer) = self.writer.try_lock()
            && writer.flush < QUICK
        {
            acts = writer.settle(acts, Duration::ZERO);
        }
        let Some(act) = acts.pop() else {
            return told.try_recv().map_err(|e| broken(COMMITTED, e))?;
        };
        let sent = self.jobs.as_ref().map(|jobs| jobs.send(Job::Settle(act)));
        if !matches!(sent, Some(Ok(()))) {
            return Err(broken(COMMITTED, LOST));
        }
        told.await.map_err(|e| broken(COMMITTED, e))?
    }
}

/// The committing thread: until nobody can ask any more.
fn work(writer: &Mutex<Writer>, asked: &Receiver<Job>, called: &AtomicBool, ahead: &AtomicUsize) {
    let mut flush = Duration::ZERO;
    while let Ok(first) = asked.recv() {
        let mut acts = Vec::new();
        let sort = |acts: &mut Vec<Settling>, job: Job| match job {
            Job::Flush => called.store(false, Ordering::Release),
            Job::Settle(act) => acts.push(act),
        };
        sort(&mut acts, first);
        let end = Instant::now() + (flush / 2).min(GATHER);
        asked.try_iter().take(MOST).for_each(|job| sort(&mut acts, job));
        // Those that are being decided now soon come, too.
        while !acts.is_empty() && acts.len() < ahead.load(Ordering::Acquire).min(MOST) {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(job) = asked.recv_timeout(left) else { break };
            sort(&mut acts, job);
        }
        let mut writer = writer.blocking_lock();
        asked.try_iter().take(MOST).for_each(|job| sort(&mut acts, job));
        if acts.is_empty() {
            writer.flush();
        } else {
            writer.settle(acts, PATIENCE);
        }
        flush = writer.flush;
    }
    writer.blocking_lock().flush();
}

impl Drop for GroupCommit {
    /// Every transaction keeps this alive, so none is open: the flusher writes what is left and ends.
    fn drop(&mut self) {
        drop(self.jobs.take());
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
    /// What it wrote of what acts ahead may read.
    noted: Vec<Write>,
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

    /// Notes what it writes, so that whoever decided ahead on what was there before is overtaken.
    pub(crate) fn note(&mut self, write: impl FnOnce() -> Write) {
        if self.noted.len() < NOTED {
            self.noted.push(write());
        }
    }

    /// Leaves the writes to the group and waits until they are durable.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        let Some(mut writer) = self.guard.take() else {
            return Err(broken(COMMITTED, LOST));
        };
        let answered = writer.release(&self.noted)?;
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
