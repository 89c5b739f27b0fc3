//! The storage port: what Gemba keeps, as traits and plain rows, with the in-memory reference and
//! the suite of tests that every implementation passes.
//!
//! Boundary: nothing here names a driver, and nothing here decides anything. Low-volume nouns
//! (seats, accounts, processes, revisions ...) are *records*: one JSON document each with declared
//! keys. What grows with the work (runs, events, work items, occurrences, the outbox, the audit log,
//! measured values, files) has tables of its own.

pub mod ahead;
pub mod chain;
pub mod contract;
pub mod error;
pub mod kept;
pub mod memory;
pub mod record;
pub mod rows;
pub mod search;

pub use error::Error;
pub use kept::{Kept, KeptKey, Table};
pub use record::{
    Key, Record, Versioned, all, by_key, insert, load, parts_by_key, remove, save, unique,
};
pub use rows::{
    AuditRow, DeliveryFilter, DeliveryRow, DeliveryState, EventRow, Expect, ItemFilter, ItemRow,
    ItemState, NewAudit, OccurrenceFilter, OccurrenceKind, OccurrenceRow, OccurrenceState,
    RecordRow, RunFilter, RunRow, RunState, StepStat, ValueRow,
};
pub use search::{SearchFilter, SearchRow};

use async_trait::async_trait;
use gemba_model::id::{DeliveryId, ProcessId, RunId, TriggerId, WorkItemId};
use jiff::Timestamp;
use std::fmt;
pub use tokio::sync::watch;

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Read one consistent state.
    Read,
    /// Read and write; one writer at a time.
    Write,
    /// Read and write ahead of one's turn: many at the same time. A commit says [`Error::Overtaken`]
    /// where something that was read has changed, and so does every call that this cannot be known of;
    /// then nothing is kept and the act is to be done again with [`Mode::Write`]. A refusal that was
    /// decided like this counts only when it is found there, too.
    Ahead,
}

/// A place where Gemba keeps its state.
#[async_trait]
pub trait Store: Send + Sync + fmt::Debug {
    /// Begins a transaction. Dropping it without [`Tx::commit`] undoes it.
    async fn begin(&self, mode: Mode) -> Result<Box<dyn Tx>, Error>;

    /// Checks that the store answers and its structure is whole; says what is wrong otherwise.
    async fn check(&self) -> Result<Vec<String>, Error>;

    /// A copy of the whole store, consistent at one moment, as one file image.
    async fn image(&self) -> Result<Vec<u8>, Error>;

    /// A number that grows when something was written, by whomever it is known of; it may grow when
    /// nothing was. A store that others write to as well need not know of all: look again every now
    /// and then.
    fn changes(&self) -> watch::Receiver<u64>;
}

/// One transaction.
#[async_trait]
pub trait Tx: Send {
    /// Makes the writes durable. Returns only when they are.
    async fn commit(self: Box<Self>) -> Result<(), Error>;

    /// The record with this id.
    async fn record(&mut self, kind: &str, id: &str) -> Result<Option<RecordRow>, Error>;
    /// Writes a record and replaces its keys. The new version number comes back.
    async fn put_record(
        &mut self,
        kind: &str,
        id: &str,
        keys: &[Key],
        body: &str,
        expect: Expect,
    ) -> Result<i64, Error>;
    /// Removes a record and its keys; whether it was there.
    async fn delete_record(&mut self, kind: &str, id: &str) -> Result<bool, Error>;
    /// The records of a kind with this key and value, by id.
    async fn records_by_key(
        &mut self,
        kind: &str,
        key: &str,
        value: &str,
    ) -> Result<Vec<RecordRow>, Error>;
    /// The records of a kind after this id, by id, at most `limit`.
    async fn records(
        &mut self,
        kind: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<RecordRow>, Error>;

    /// The run with this id.
    async fn run(&mut self, id: RunId) -> Result<Option<RunRow>, Error>;
    /// Writes a run; for a new one (`None`) its number within the process is given and comes back.
    async fn put_run(&mut self, row: &RunRow) -> Result<(), Error>;
    /// Writes a new run under the next free number of its process, whatever number it has here.
    async fn put_new_run(&mut self, row: &RunRow) -> Result<(), Error> {
        let number = self.next_run_number(row.process).await?;
        self.put_run(&RunRow { number, ..row.clone() }).await
    }
    /// The next free run number of a process, from 1.
    async fn next_run_number(&mut self, process: ProcessId) -> Result<i64, Error>;
    /// Runs, newest first.
    async fn runs(&mut self, filter: &RunFilter) -> Result<Vec<RunRow>, Error>;
    /// The runs to which something happens by itself at this moment or before, earliest first, at most
    /// `limit`.
    async fn woken(&mut self, now: Timestamp, limit: u32) -> Result<Vec<RunId>, Error>;
    /// The next moment at which something happens to any run by itself.
    async fn next_wake(&mut self) -> Result<Option<Timestamp>, Error>;
    /// How many runs of each process are in each state.
    async fn run_counts(&mut self) -> Result<Vec<(ProcessId, RunState, i64)>, Error>;
    /// How many runs of a process follow each of its revisions, by the revision's hash.
    async fn revision_counts(&mut self, process: ProcessId) -> Result<Vec<(String, i64)>, Error>;

    /// Adds events to a run's history; the first has number `first_seq`, from 1. A number that exists
    /// is a conflict.
    async fn append_events(
        &mut self,
        run: RunId,
        first_seq: i64,
        events: &[EventRow],
    ) -> Result<(), Error>;
    /// A run's events after `after`, in order, at most `limit`.
    async fn events(&mut self, run: RunId, after: i64, limit: u32) -> Result<Vec<EventRow>, Error>;

    /// The work item with this id.
    async fn item(&mut self, id: WorkItemId) -> Result<Option<ItemRow>, Error>;
    /// Writes a work item.
    async fn put_item(&mut self, row: &ItemRow) -> Result<(), Error>;
    /// Work items, oldest first.
    async fn items(&mut self, filter: &ItemFilter) -> Result<Vec<ItemRow>, Error>;
    /// How often each step and branch of a process was done and how long it took.
    async fn step_stats(&mut self, process: ProcessId) -> Result<Vec<StepStat>, Error>;

    /// Writes an occurrence; `false` where the trigger already has one at that instant, or for the same
    /// cause.
    async fn put_occurrence(&mut self, row: &OccurrenceRow) -> Result<bool, Error>;
    /// The occurrence of a trigger at an instant.
    async fn occurrence(
        &mut self,
        trigger: TriggerId,
        due: Timestamp,
    ) -> Result<Option<OccurrenceRow>, Error>;
    /// Writes what became of an occurrence: its state, kind, run, reason and detail.
    async fn change_occurrence(&mut self, row: &OccurrenceRow) -> Result<(), Error>;
    /// Takes out an occurrence that will not come; whether it was there.
    async fn delete_occurrence(
        &mut self,
        trigger: TriggerId,
        due: Timestamp,
    ) -> Result<bool, Error>;
    /// The occurrence of a trigger that has this cause.
    async fn caused(
        &mut self,
        trigger: TriggerId,
        cause: &str,
    ) -> Result<Option<OccurrenceRow>, Error>;
    /// Occurrences in the order of their instants.
    async fn occurrences(&mut self, filter: &OccurrenceFilter)
    -> Result<Vec<OccurrenceRow>, Error>;

    /// Writes a row of the outbox, or writes it anew.
    async fn put_delivery(&mut self, row: &DeliveryRow) -> Result<(), Error>;
    /// The row of the outbox with this id.
    async fn delivery(&mut self, id: DeliveryId) -> Result<Option<DeliveryRow>, Error>;
    /// Rows of the outbox, newest first.
    async fn deliveries(&mut self, filter: &DeliveryFilter) -> Result<Vec<DeliveryRow>, Error>;
    /// The rows of the outbox that are due at this moment or before, earliest first, at most `limit`.
    async fn due_deliveries(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DeliveryRow>, Error>;
    /// The next moment at which a row of the outbox is due.
    async fn next_delivery(&mut self) -> Result<Option<Timestamp>, Error>;
    /// Takes out the rows of the outbox older than this id that do not wait any more; how many.
    async fn forget_deliveries(&mut self, before: DeliveryId) -> Result<u64, Error>;

    /// Writes the value of a measurable for a period; a second value for the same period replaces the first.
    async fn put_value(&mut self, row: &ValueRow) -> Result<(), Error>;
    /// The values of a measurable from a period on (text order), oldest first.
    async fn values(&mut self, measurable: &str, from: &str) -> Result<Vec<ValueRow>, Error>;

    /// Adds to the audit log; the number of the line, or 0 where it is given with the commit.
    async fn append_audit(&mut self, row: &NewAudit) -> Result<i64, Error>;
    /// Audit rows before `before` (0: from the end), newest first, at most `limit`; of one subject where given.
    async fn audit(
        &mut self,
        subject: Option<&str>,
        before: i64,
        limit: u32,
    ) -> Result<Vec<AuditRow>, Error>;

    /// Keeps a file under its digest.
    async fn put_blob(&mut self, digest: &str, bytes: &[u8]) -> Result<(), Error>;
    /// Takes the file with this digest out; one that is not there is no error.
    async fn delete_blob(&mut self, digest: &str) -> Result<(), Error>;
    /// The file with this digest.
    async fn blob(&mut self, digest: &str) -> Result<Option<Vec<u8>>, Error>;

    /// Writes what a search can find; what was there under this kind and id is replaced.
    async fn put_search(&mut self, row: &SearchRow) -> Result<(), Error>;
    /// Takes something out of what a search can find.
    async fn delete_search(&mut self, kind: &str, id: &str) -> Result<(), Error>;
    /// Takes everything out of what a search can find.
    async fn clear_search(&mut self) -> Result<(), Error>;
    /// What has all the words, the best first. A filter without words finds nothing.
    async fn search(&mut self, filter: &SearchFilter) -> Result<Vec<SearchRow>, Error>;

    /// The rows of a table after this one, in the order of their ids, at most `limit`; whole, for a copy.
    async fn kept(
        &mut self,
        table: Table,
        after: Option<&Kept>,
        limit: u32,
    ) -> Result<Vec<Kept>, Error>;
    /// Writes a record of another store with its version and keys. Only for a copy: nothing is checked.
    async fn put_kept_record(
        &mut self,
        kind: &str,
        row: &RecordRow,
        keys: &[KeptKey],
    ) -> Result<(), Error>;
    /// Writes a line of another store's audit log under its number. Only for a copy.
    async fn put_kept_audit(&mut self, row: &AuditRow) -> Result<(), Error>;
}
