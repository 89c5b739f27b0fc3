//! The one writer of a node, with group commit, and the lock between the nodes.
//!
//! A transaction is a savepoint inside a *group*, which is one transaction of the database. A group
//! holds the workspace's lock from its first statement to its commit, so writers take turns across all
//! nodes as they do within one. Whoever finishes leaves the group open, wakes the flusher and waits.
//! The flusher queues for the writer like everybody else; the queue is first come, first served, so
//! writers that were already waiting join the group before it is committed, and one flush of the disk
//! serves them all. Nobody is told "committed" before that flush.
//!
//! Statements that only write are kept back and go out together with the next that asks, or with the
//! end of the transaction.
//!
//! Each group that changes something counts the workspace's turns on by one. A node that gets the lock
//! and finds the number that its own last group left knows that nobody wrote since, so what it read and
//! wrote then is still true and need not be asked for again.
//!
//! Acts that were decided ahead of their turn are kept back until the writer is free; then all that wait go
//! out together, the rows of each table in one statement. They bet that nobody else wrote since this
//! node's last group: the first statement fails where that is not so, and then nothing of them is kept.
//!
//! Invariants: a transaction undone takes back its own savepoint alone; a group is committed only when
//! every statement in it is known to have worked; when the connection breaks or the database gives the
//! group up, everyone in it hears of it. A node that dies lets go of the lock with its connection; one
//! that hangs loses it after [`SETTINGS`]' time.

use crate::address::Address;
use crate::cache::Cache;
use crate::connection::{Conn, Op};
use crate::fault::broken;
use crate::table::{WORKSPACE, delivery, event, item, log, record, run, search};
use gemba_model::id::{ProcessId, RunId, WorkItemId};
use gemba_store::ahead::{Decided, Desk, Write};
use gemba_store::{AuditRow, Error, EventRow, Expect, ItemRow, RecordRow, RunRow, chain};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex as PlainMutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, mpsc, oneshot};
use tokio_postgres::Row;

const BEGAN: &str = "began a transaction";
const COMMITTED: &str = "committed a transaction";
const UNDID: &str = "took a transaction back";
const LOST: &str = "the connection or the database failed and the transaction was given up";

/// Durable whatever the server's default is; and nobody waits for ever, neither for a lock nor for a
/// node that holds it and does nothing. Rows are found by their keys, also where a plan is made while the
/// tables are empty and everything in them could as well be read (so do the statements that look for
/// several: one by one, `LATERAL` with a limit). A plan is made once for each statement, not with each act.
const SETTINGS: &str = "SET synchronous_commit = on; SET lock_timeout = '20s';
    SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
    SET plan_cache_mode = force_generic_plan; SET jit = off;
    SET idle_in_transaction_session_timeout = '60s'; SET application_name = 'gemba writer'";

const OPEN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
/// The lock of the workspace is its row: who waits for it gets the number that its former holder left.
const TURN: &str = "SELECT n FROM turn WHERE workspace = $1 FOR UPDATE";
/// Takes the lock and counts on, where nobody wrote since; else the transaction fails.
const TURN_ON: &str = "UPDATE turn SET n = n + 1 / (CASE WHEN n = $2 THEN 1 ELSE 0 END)
    WHERE workspace = $1";
const END: &str = "NOTIFY gemba_changed; COMMIT";
const SAVE: &str = "SAVEPOINT tx";
const UNDO: &str = "ROLLBACK TO tx; RELEASE tx";
const RELEASE: &str = "RELEASE tx";
/// The announcement is part of what is committed, so it comes neither without it nor before it.
const COMMIT: &str = "UPDATE turn SET n = n + 1 WHERE workspace = 1; NOTIFY gemba_changed; COMMIT";
const COMMIT_UNCHANGED: &str = "COMMIT";

/// The most transactions of a group: beyond 64 PostgreSQL keeps track of savepoints on disk.
const MOST: usize = 60;
/// The most statements kept back.
const KEPT_BACK: usize = 64;
/// The most acts that are written together.
const ACTS: usize = 256;
/// The most rows of a transaction that are noted one by one.
const NOTED: usize = 1_000;
/// After another node wrote, so many groups of this one go by before acts are decided ahead again: where
/// nodes alternate, most would be overtaken.
const ALONE: u32 = 16;

type Told = Result<(), String>;

/// The connection and the group that is open on it.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the group")]
struct Writer {
    address: Address,
    home: Handle,
    conn: Option<Conn>,
    /// Whether a group is open.
    in_group: bool,
    /// Whether the group has a savepoint that is not released.
    saved: bool,
    /// Whether the group changes anything.
    wrote: bool,
    /// Whether the last transaction was dropped and is to be undone.
    dropped: bool,
    kept_back: Vec<Op>,
    cache: Cache,
    /// The workspace's turns, as of the last moment at which `cache` was known to be true.
    turn: Option<i64>,
    waiters: Vec<oneshot::Sender<Told>>,
    desk: Arc<PlainMutex<Desk>>,
    /// How many groups of this node there were since another wrote.
    alone: Arc<AtomicU32>,
}

fn on(desk: &PlainMutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was decided ahead, and whom to tell how it ended.
struct Settling {
    decided: Decided,
    tell: oneshot::Sender<Result<(), Error>>,
}

/// What a batch of acts writes, the rows of each table together.
#[derive(Debug, Default)]
struct Batch {
    items: BTreeMap<WorkItemId, ItemRow>,
    runs: BTreeMap<RunId, RunRow>,
    events: Vec<(RunId, i64, EventRow)>,
    others: Vec<Op>,
    audit: Option<(i64, String)>,
    numbers: BTreeMap<ProcessId, i64>,
}

impl Batch {
    /// Adds what an act writes. What it builds on is known: see [`Writer::learn`].
    fn add(&mut self, writes: Vec<Write>, cache: &Cache) {
        for write in writes {
            match write {
                Write::Record { kind, id, keys, body, expect } => {
                    let version = match expect {
                        Expect::Absent => 1,
                        Expect::Version(n) => n + 1,
                    };
                    let row = RecordRow { id, version, body };
                    let keys = keys.iter().map(|k| (k.name, k.value.as_str(), k.unique));
                    self.others.extend(record::put_ops(&kind, &row, keys));
                }
                Write::Run(row) => {
                    self.runs.insert(row.id, row);
                }
                Write::NewRun(row) => {
                    let known = cache.numbers.get(&row.process).copied().unwrap_or(0);
                    let number = self.numbers.entry(row.process).or_insert(known);
                    *number += 1;
                    self.runs.insert(row.id, RunRow { number: *number, ..row });
                }
                Write::Events { run, first_seq, rows } => {
                    self.events.extend((first_seq..).zip(rows).map(|(seq, row)| (run, seq, row)));
                }
                Write::Item(row) => {
                    self.items.insert(row.id, row);
                }
                Write::Delivery(row) => self.others.push(delivery::put_op(&row)),
                Write::Search(row) => self.others.push(search::put_op(&row)),
                Write::Audit(entry) => {
                    let last = self.audit.take().or_else(|| cache.audit.clone());
                    let (last, before) = last.unwrap_or_default();
                    let seq = last + 1;
                    let hash = chain::hash(&before, seq, &entry);
                    self.audit = Some((seq, hash.clone()));
                    self.others.push(log::audit_op(&AuditRow { seq, entry, hash }));
                }
            }
        }
    }

    fn ops(&mut self, turn: i64) -> Vec<Op> {
        let guard = vec![WORKSPACE.into(), turn.into()];
        let mut ops =
            vec![Op::Batch(OPEN), Op::Write { sql: TURN_ON, values: guard, expect: None }];
        if !self.items.is_empty() {
            ops.push(item::put_all(&self.items.values().collect::<Vec<_>>()));
        }
        if !self.events.is_empty() {
            let rows: Vec<_> =
                self.events.iter().map(|(run, seq, row)| (*run, *seq, row)).collect();
            ops.push(event::append_all(&rows));
        }
        if !self.runs.is_empty() {
            ops.push(run::put_all(&self.runs.values().collect::<Vec<_>>()));
        }
        ops.append(&mut self.others);
        ops.push(Op::Batch(END));
        ops
    }
}

impl Writer {
    /// Makes the writer ready for a transaction: what the last one left is taken back, a full group is
    /// committed, and where none is open one is opened.
    async fn ready(&mut self) -> Result<(), Error> {
        if self.dropped {
            self.undo().await;
        }
        if self.waiters.len() >= MOST {
            self.flush().await;
        }
        if self.in_group {
            return Ok(());
        }
        let asked =
            || [Op::Batch(OPEN), Op::Query { sql: TURN.into(), values: vec![WORKSPACE.into()] }];
        let mut fresh = false;
        let found = loop {
            if self.conn.as_ref().is_none_or(Conn::is_closed) {
                self.conn = Some(Conn::open(&self.address, &self.home, SETTINGS).await?);
                fresh = true;
            }
            self.in_group = true;
            let Some(conn) = &self.conn else { return Err(broken(BEGAN, LOST)) };
            match conn.send(BEGAN, &asked()).await {
                Ok(found) => break found,
                // The database was restarted since the last group: nothing was asked yet, so another
                // connection will do.
                Err(_) if conn.is_closed() && !fresh => self.in_group = false,
                Err(error) => {
                    self.lose(LOST).await;
                    return Err(error);
                }
            }
        };
        let turn: Option<i64> = found.first().and_then(|row| row.try_get(0).ok());
        if turn.is_none() || turn != self.turn {
            if self.turn.is_some() {
                self.alone.store(0, Ordering::Release);
            }
            self.cache = Cache::default();
            on(&self.desk).forget();
        }
        self.turn = turn;
        Ok(())
    }

    /// Sends what was kept back and these.
    async fn send(&mut self, doing: &'static str, more: Vec<Op>) -> Result<Vec<Row>, Error> {
        if !self.in_group || self.conn.as_ref().is_none_or(Conn::is_closed) {
            self.lose(LOST).await;
            return Err(broken(doing, LOST));
        }
        let mut ops = Vec::with_capacity(2 + self.kept_back.len());
        if !self.saved {
            ops.push(Op::Batch(SAVE));
        }
        ops.append(&mut self.kept_back);
        ops.extend(more);
        // Before the first wait: one that is cut off here is undone as if all had been sent.
        self.saved = true;
        let Some(conn) = &self.conn else { return Err(broken(doing, LOST)) };
        conn.send(doing, &ops).await
    }

    /// Takes back what the last transaction wrote; the others of its group keep theirs.
    async fn undo(&mut self) {
        self.dropped = false;
        self.kept_back.clear();
        self.cache = Cache::default();
        if !self.in_group {
            return;
        }
        let saved = std::mem::take(&mut self.saved);
        // With nobody else in it, an open group would only lock out other nodes.
        let undone = match &self.conn {
            Some(_) if self.waiters.is_empty() => Err(broken(UNDID, LOST)),
            Some(_) if !saved => return,
            Some(conn) => conn.send(UNDID, &[Op::Batch(UNDO)]).await,
            None => Err(broken(UNDID, LOST)),
        };
        if undone.is_err() {
            self.lose(LOST).await;
        }
    }

    /// Makes the group durable and tells everyone in it.
    async fn flush(&mut self) {
        if self.dropped {
            self.undo().await;
        }
        if !self.in_group {
            return;
        }
        let end = if self.wrote { COMMIT } else { COMMIT_UNCHANGED };
        let done = match &self.conn {
            Some(conn) => conn.send(COMMITTED, &[Op::Batch(end)]).await,
            None => Err(broken(COMMITTED, LOST)),
        };
        match done {
            Ok(_) => {
                if self.wrote {
                    self.turn = self.turn.map(|n| n.saturating_add(1));
                }
                self.cache.go_on();
                self.alone.fetch_add(1, Ordering::AcqRel);
                on(&self.desk).keep();
                self.tell(&Ok(()));
            }
            Err(_) => self.lose("the database did not say that it committed").await,
        }
    }

    /// Writes what was decided ahead, as far as it was not overtaken: all of it in one way to the database
    /// and back, in a transaction that fails where another node wrote since this one's last group.
    async fn settle(&mut self, batch: Vec<Settling>) {
        if self.dropped {
            self.undo().await;
        }
        self.flush().await;
        if self.turn.is_none() || self.conn.as_ref().is_none_or(Conn::is_closed) {
            // Whoever was decided on what is not known any more is overtaken below.
            if let Err(error) = self.ready().await {
                let why = error.to_string();
                for act in batch {
                    drop(act.tell.send(Err(broken(BEGAN, why.clone()))));
                }
                return;
            }
            self.flush().await;
        }
        if let Err(error) = self.learn(&batch).await {
            let why = error.to_string();
            for act in batch {
                drop(act.tell.send(Err(broken(BEGAN, why.clone()))));
            }
            return;
        }
        let mut written = Batch::default();
        let mut taken = Vec::with_capacity(batch.len());
        for Settling { decided, tell } in batch {
            let mut desk = on(&self.desk);
            if desk.is_current(&decided) {
                desk.write(&decided.writes);
                drop(desk);
                written.add(decided.writes, &self.cache);
                taken.push(tell);
            } else {
                drop(tell.send(Err(Error::Overtaken)));
            }
        }
        if taken.is_empty() {
            return;
        }
        let sent = match (&self.conn, self.turn) {
            (Some(conn), Some(turn)) => conn.send(COMMITTED, &written.ops(turn)).await.map(|_| ()),
            _ => Err(broken(COMMITTED, LOST)),
        };
        match sent {
            Ok(()) => {
                self.turn = self.turn.map(|n| n.saturating_add(1));
                for row in written.runs.values() {
                    self.cache.know_run(row);
                }
                for (id, row) in written.items {
                    self.cache.items.put(id, Some(row));
                }
                if written.audit.is_some() {
                    self.cache.audit = written.audit;
                }
                // Few write records ahead, so it is not worth while to know which.
                self.cache.forget_records();
                self.alone.fetch_add(1, Ordering::AcqRel);
                {
                    let mut desk = on(&self.desk);
                    for row in written.runs.values() {
                        desk.lay_run(row);
                    }
                    desk.keep();
                }
                for tell in taken {
                    drop(tell.send(Ok(())));
                }
            }
            Err(error) => {
                // An answer came to each statement, and one failed: then nothing was committed.
                let is_known = self.conn.as_ref().is_some_and(|conn| !conn.is_closed());
                self.lose("what was decided ahead could not be written").await;
                self.alone.store(0, Ordering::Release);
                let why = error.to_string();
                for tell in taken {
                    let told =
                        if is_known { Error::Overtaken } else { broken(COMMITTED, why.clone()) };
                    drop(tell.send(Err(told)));
                }
            }
        }
    }

    /// Asks for what a batch builds on and is not known. It is asked without the lock: where somebody else
    /// wrote meanwhile, the batch fails.
    async fn learn(&mut self, batch: &[Settling]) -> Result<(), Error> {
        let Some(conn) = &self.conn else { return Err(broken(BEGAN, LOST)) };
        for write in batch.iter().flat_map(|act| &act.decided.writes) {
            match write {
                Write::NewRun(row) if !self.cache.numbers.contains_key(&row.process) => {
                    let found = conn.send(BEGAN, &[run::last_number(row.process)]).await?;
                    let last = found.first().and_then(|row| row.try_get(0).ok()).unwrap_or(0);
                    self.cache.numbers.insert(row.process, last);
                }
                Write::Audit(_) if self.cache.audit.is_none() => {
                    let found = conn.send(BEGAN, &[log::last_audit()]).await?;
                    self.cache.audit = Some(log::read_last(&found)?);
                }
                Write::NewRun(_)
                | Write::Audit(_)
                | Write::Record { .. }
                | Write::Run(_)
                | Write::Events { .. }
                | Write::Item(_)
                | Write::Delivery(_)
                | Write::Search(_) => {}
            }
        }
        Ok(())
    }

    /// Gives the group up.
    async fn lose(&mut self, why: &str) {
        let over = match &self.conn {
            Some(conn) => conn.batch("ROLLBACK").await.is_ok(),
            None => false,
        };
        if !over {
            self.conn = None;
        }
        self.turn = None;
        self.cache = Cache::default();
        on(&self.desk).forget();
        self.tell(&Err(why.to_owned()));
    }

    fn tell(&mut self, told: &Told) {
        (self.in_group, self.saved, self.wrote) = (false, false, false);
        self.kept_back.clear();
        for waiter in self.waiters.drain(..) {
            // A task that no longer listens is no reason to stop.
            drop(waiter.send(told.clone()));
        }
    }
}

/// The writer and the task that commits its groups.
pub(crate) struct GroupCommit {
    writer: Arc<Mutex<Writer>>,
    wake: Arc<Notify>,
    over: Arc<AtomicBool>,
    home: Handle,
    acts: mpsc::UnboundedSender<Settling>,
    alone: Arc<AtomicU32>,
    /// What was last read and written.
    pub(crate) desk: Arc<PlainMutex<Desk>>,
}

impl fmt::Debug for GroupCommit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroupCommit").finish_non_exhaustive()
    }
}

impl GroupCommit {
    /// Starts the flusher on this runtime.
    pub(crate) fn start(address: Address, home: Handle) -> Arc<Self> {
        let desk = Arc::new(PlainMutex::new(Desk::default()));
        let alone = Arc::new(AtomicU32::new(ALONE));
        let writer = Arc::new(Mutex::new(Writer {
            desk: Arc::clone(&desk),
            alone: Arc::clone(&alone),
            address,
            home: home.clone(),
            conn: None,
            in_group: false,
            saved: false,
            wrote: false,
            dropped: false,
            kept_back: Vec::new(),
            cache: Cache::default(),
            turn: None,
            waiters: Vec::new(),
        }));
        let (wake, over) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        let (lent, woken, ended) = (Arc::clone(&writer), Arc::clone(&wake), Arc::clone(&over));
        home.spawn(async move {
            while !ended.load(Ordering::SeqCst) {
                woken.notified().await;
                lent.lock().await.flush().await;
            }
        });
        let (acts, mut asked) = mpsc::unbounded_channel();
        let lent = Arc::clone(&writer);
        home.spawn(async move {
            let mut batch = Vec::new();
            while asked.recv_many(&mut batch, ACTS).await > 0 {
                let mut writer = lent.lock().await;
                // Whoever came while others had their turn goes with them.
                while batch.len() < ACTS
                    && let Ok(act) = asked.try_recv()
                {
                    batch.push(act);
                }
                writer.settle(std::mem::take(&mut batch)).await;
            }
        });
        Arc::new(Self { writer, wake, over, home, acts, alone, desk })
    }

    /// Whether acts may be decided ahead: no other node wrote of late.
    pub(crate) fn is_alone(&self) -> bool {
        self.alone.load(Ordering::Acquire) >= ALONE
    }

    /// Writes what was decided ahead and waits until it is durable.
    pub(crate) async fn settle(&self, decided: Decided) -> Result<(), Error> {
        let (tell, told) = oneshot::channel();
        if self.acts.send(Settling { decided, tell }).is_err() {
            return Err(broken(COMMITTED, LOST));
        }
        told.await.map_err(|e| broken(COMMITTED, e))?
    }

    /// Begins a transaction when it is this task's turn within the node.
    pub(crate) async fn begin(self: &Arc<Self>) -> Result<WriteTx, Error> {
        let writer = Arc::clone(&self.writer).lock_owned().await;
        let is_ready = writer.in_group && !writer.dropped && writer.waiters.len() < MOST;
        let home = Arc::clone(self);
        let mut tx = WriteTx { writer: Some(writer), noted: Vec::new(), home };
        if !is_ready {
            // To its end also when nobody waits for it any more: one that is undone by half would let
            // the next write outside of any transaction. Then it is dropped there, and undone.
            let ready = async move { tx.writer()?.ready().await.map(|()| tx) };
            tx = self.home.spawn(ready).await.map_err(|e| broken(BEGAN, e))??;
        }
        Ok(tx)
    }
}

impl Drop for GroupCommit {
    /// Every transaction keeps this alive, so none is open.
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        self.wake.notify_one();
    }
}

/// A transaction of the writer. Dropping it undoes it.
pub(crate) struct WriteTx {
    writer: Option<OwnedMutexGuard<Writer>>,
    /// What it wrote of what acts ahead may read.
    noted: Vec<Write>,
    home: Arc<GroupCommit>,
}

impl WriteTx {
    fn writer(&mut self) -> Result<&mut Writer, Error> {
        match self.writer.as_deref_mut() {
            Some(writer) => Ok(writer),
            None => Err(broken("used a transaction", LOST)),
        }
    }

    /// What is known without asking.
    pub(crate) fn cache(&mut self) -> Option<&mut Cache> {
        self.writer.as_deref_mut().map(|writer| &mut writer.cache)
    }

    /// What a statement finds.
    pub(crate) async fn rows(&mut self, doing: &'static str, op: Op) -> Result<Vec<Row>, Error> {
        self.writer()?.send(doing, vec![op]).await
    }

    /// Notes what it writes, so that whoever decided ahead on what was there before is overtaken.
    pub(crate) fn note(&mut self, write: impl FnOnce() -> Write) {
        if self.noted.len() < NOTED {
            self.noted.push(write());
        }
    }

    /// Notes that something is written.
    pub(crate) fn announce(&mut self) -> Result<(), Error> {
        self.writer()?.wrote = true;
        Ok(())
    }

    /// A statement that only writes.
    pub(crate) async fn write(&mut self, doing: &'static str, op: Op) -> Result<(), Error> {
        let writer = self.writer()?;
        writer.wrote = true;
        writer.kept_back.push(op);
        if writer.kept_back.len() >= KEPT_BACK {
            writer.send(doing, Vec::new()).await?;
        }
        Ok(())
    }

    /// Leaves the writes to the group and waits until they are durable. It is done to its end also when
    /// nobody waits for it any more.
    pub(crate) async fn commit(self) -> Result<(), Error> {
        let home = self.home.home.clone();
        home.spawn(self.finish()).await.map_err(|e| broken(COMMITTED, e))?
    }

    async fn finish(mut self) -> Result<(), Error> {
        let noted = std::mem::take(&mut self.noted);
        let writer = self.writer()?;
        if !writer.kept_back.is_empty() || writer.saved {
            writer.send(COMMITTED, vec![Op::Batch(RELEASE)]).await?;
            writer.saved = false;
            if noted.len() < NOTED {
                on(&writer.desk).write(&noted);
            } else {
                on(&writer.desk).forget();
            }
        }
        if !writer.in_group {
            self.writer = None;
            return Ok(());
        }
        let (tell, told) = oneshot::channel();
        writer.waiters.push(tell);
        self.writer = None;
        self.home.wake.notify_one();
        match told.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(why)) => Err(broken(COMMITTED, why)),
            Err(gone) => Err(broken(COMMITTED, gone)),
        }
    }
}

impl Drop for WriteTx {
    /// The next in the queue does it; the flusher is woken in case there is none.
    fn drop(&mut self) {
        if let Some(mut writer) = self.writer.take() {
            writer.dropped = true;
            drop(writer);
            self.home.wake.notify_one();
        }
    }
}
