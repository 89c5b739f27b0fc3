//! A transaction: each method of the port handed to its table.

use crate::reader::ReadTx;
use crate::table::{delivery, event, item, kept, log, occurrence, record, run, search};
use crate::writer::WriteTx;
use async_trait::async_trait;
use gemba_model::id::{DeliveryId, ProcessId, RunId, TriggerId, WorkItemId};
use gemba_store::ahead::Write;
use gemba_store::{
    AuditRow, DeliveryFilter, DeliveryRow, Error, EventRow, Expect, ItemFilter, ItemRow, Kept,
    KeptKey, Key, NewAudit, OccurrenceFilter, OccurrenceRow, RecordRow, RunFilter, RunRow,
    RunState, SearchFilter, SearchRow, StepStat, Table, Tx, ValueRow,
};
use jiff::Timestamp;
use rusqlite::Connection;

/// What a transaction holds on to.
pub(crate) enum Held {
    /// One state to read.
    Read(ReadTx),
    /// The writer.
    Write(WriteTx),
}

/// A transaction. Statements run where they are called: they take microseconds, less than the way
/// to another thread.
pub(crate) struct SqliteTx {
    pub(crate) held: Held,
}

impl SqliteTx {
    fn reading(&self) -> Result<&Connection, Error> {
        match &self.held {
            Held::Read(tx) => tx.conn(),
            Held::Write(tx) => tx.conn(),
        }
    }

    fn writing(&self) -> Result<&Connection, Error> {
        match &self.held {
            Held::Read(_) => Err(Error::ReadOnly),
            Held::Write(tx) => tx.conn(),
        }
    }

    fn note(&mut self, write: impl FnOnce() -> Write) {
        if let Held::Write(tx) = &mut self.held {
            tx.note(write);
        }
    }

    fn note_record(&mut self, kind: &str, id: &str) {
        self.note(|| Write::Record {
            kind: kind.to_owned(),
            id: id.to_owned(),
            keys: Vec::new(),
            body: String::new(),
            expect: Expect::Absent,
        });
    }
}

#[async_trait]
impl Tx for SqliteTx {
    async fn commit(self: Box<Self>) -> Result<(), Error> {
        match self.held {
            Held::Read(_) => Ok(()),
            Held::Write(tx) => tx.commit().await,
        }
    }

    async fn record(&mut self, kind: &str, id: &str) -> Result<Option<RecordRow>, Error> {
        record::one(self.reading()?, kind, id)
    }

    async fn put_record(
        &mut self,
        kind: &str,
        id: &str,
        keys: &[Key],
        body: &str,
        expect: Expect,
    ) -> Result<i64, Error> {
        let version = record::put(self.writing()?, kind, id, keys, body, expect)?;
        self.note_record(kind, id);
        Ok(version)
    }

    async fn delete_record(&mut self, kind: &str, id: &str) -> Result<bool, Error> {
        let there = record::delete(self.writing()?, kind, id)?;
        self.note_record(kind, id);
        Ok(there)
    }

    async fn records_by_key(
        &mut self,
        kind: &str,
        key: &str,
        value: &str,
    ) -> Result<Vec<RecordRow>, Error> {
        record::by_key(self.reading()?, kind, key, value)
    }

    async fn records(
        &mut self,
        kind: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<RecordRow>, Error> {
        record::page(self.reading()?, kind, after, limit)
    }

    async fn run(&mut self, id: RunId) -> Result<Option<RunRow>, Error> {
        run::one(self.reading()?, id)
    }

    async fn put_run(&mut self, row: &RunRow) -> Result<(), Error> {
        run::put(self.writing()?, row)?;
        self.note(|| Write::Run(row.clone()));
        Ok(())
    }

    async fn next_run_number(&mut self, process: ProcessId) -> Result<i64, Error> {
        run::next_number(self.reading()?, process)
    }

    async fn runs(&mut self, filter: &RunFilter) -> Result<Vec<RunRow>, Error> {
        run::filtered(self.reading()?, filter)
    }

    async fn woken(&mut self, now: Timestamp, limit: u32) -> Result<Vec<RunId>, Error> {
        run::woken(self.reading()?, now, limit)
    }

    async fn next_wake(&mut self) -> Result<Option<Timestamp>, Error> {
        run::next_wake(self.reading()?)
    }

    async fn run_counts(&mut self) -> Result<Vec<(ProcessId, RunState, i64)>, Error> {
        run::counts(self.reading()?)
    }

    async fn revision_counts(&mut self, process: ProcessId) -> Result<Vec<(String, i64)>, Error> {
        run::revision_counts(self.reading()?, process)
    }

    async fn append_events(
        &mut self,
        run: RunId,
        first_seq: i64,
        events: &[EventRow],
    ) -> Result<(), Error> {
        event::append(self.writing()?, run, first_seq, events)?;
        self.note(|| Write::Events { run, first_seq, rows: Vec::new() });
        Ok(())
    }

    async fn events(&mut self, run: RunId, after: i64, limit: u32) -> Result<Vec<EventRow>, Error> {
        event::page(self.reading()?, run, after, limit)
    }

    async fn item(&mut self, id: WorkItemId) -> Result<Option<ItemRow>, Error> {
        item::one(self.reading()?, id)
    }

    async fn put_item(&mut self, row: &ItemRow) -> Result<(), Error> {
        item::put(self.writing()?, row)?;
        self.note(|| Write::Item(row.clone()));
        Ok(())
    }

    async fn items(&mut self, filter: &ItemFilter) -> Result<Vec<ItemRow>, Error> {
        item::filtered(self.reading()?, filter)
    }

    async fn step_stats(&mut self, process: ProcessId) -> Result<Vec<StepStat>, Error> {
        item::stats(self.reading()?, process)
    }

    async fn put_occurrence(&mut self, row: &OccurrenceRow) -> Result<bool, Error> {
        occurrence::put(self.writing()?, row)
    }

    async fn occurrence(
        &mut self,
        trigger: TriggerId,
        due: Timestamp,
    ) -> Result<Option<OccurrenceRow>, Error> {
        occurrence::one(self.reading()?, trigger, due)
    }

    async fn change_occurrence(&mut self, row: &OccurrenceRow) -> Result<(), Error> {
        occurrence::change(self.writing()?, row)
    }

    async fn delete_occurrence(
        &mut self,
        trigger: TriggerId,
        due: Timestamp,
    ) -> Result<bool, Error> {
        occurrence::delete(self.writing()?, trigger, due)
    }

    async fn caused(
        &mut self,
        trigger: TriggerId,
        cause: &str,
    ) -> Result<Option<OccurrenceRow>, Error> {
        occurrence::caused(self.reading()?, trigger, cause)
    }

    async fn occurrences(
        &mut self,
        filter: &OccurrenceFilter,
    ) -> Result<Vec<OccurrenceRow>, Error> {
        occurrence::filtered(self.reading()?, filter)
    }

    async fn put_delivery(&mut self, row: &DeliveryRow) -> Result<(), Error> {
        delivery::put(self.writing()?, row)
    }

    async fn delivery(&mut self, id: DeliveryId) -> Result<Option<DeliveryRow>, Error> {
        delivery::one(self.reading()?, id)
    }

    async fn deliveries(&mut self, filter: &DeliveryFilter) -> Result<Vec<DeliveryRow>, Error> {
        delivery::filtered(self.reading()?, filter)
    }

    async fn due_deliveries(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DeliveryRow>, Error> {
        delivery::due(self.reading()?, now, limit)
    }

    async fn next_delivery(&mut self) -> Result<Option<Timestamp>, Error> {
        delivery::next(self.reading()?)
    }

    async fn forget_deliveries(&mut self, before: DeliveryId) -> Result<u64, Error> {
        delivery::forget(self.writing()?, before)
    }

    async fn put_value(&mut self, row: &ValueRow) -> Result<(), Error> {
        log::put_value(self.writing()?, row)
    }

    async fn values(&mut self, measurable: &str, from: &str) -> Result<Vec<ValueRow>, Error> {
        log::values(self.reading()?, measurable, from)
    }

    async fn append_audit(&mut self, row: &NewAudit) -> Result<i64, Error> {
        log::append_audit(self.writing()?, row)
    }

    async fn audit(
        &mut self,
        subject: Option<&str>,
        before: i64,
        limit: u32,
    ) -> Result<Vec<AuditRow>, Error> {
        log::audit(self.reading()?, subject, before, limit)
    }

    async fn put_blob(&mut self, digest: &str, bytes: &[u8]) -> Result<(), Error> {
        log::put_file(self.writing()?, digest, bytes)
    }

    async fn delete_blob(&mut self, digest: &str) -> Result<(), Error> {
        log::delete_file(self.writing()?, digest)
    }

    async fn blob(&mut self, digest: &str) -> Result<Option<Vec<u8>>, Error> {
        log::file(self.reading()?, digest)
    }

    async fn put_search(&mut self, row: &SearchRow) -> Result<(), Error> {
        search::put(self.writing()?, row)
    }

    async fn delete_search(&mut self, kind: &str, id: &str) -> Result<(), Error> {
        search::delete(self.writing()?, kind, id)
    }

    async fn clear_search(&mut self) -> Result<(), Error> {
        search::clear(self.writing()?)
    }

    async fn search(&mut self, filter: &SearchFilter) -> Result<Vec<SearchRow>, Error> {
        search::search(self.reading()?, filter)
    }
    async fn kept(
        &mut self,
        table: Table,
        after: Option<&Kept>,
        limit: u32,
    ) -> Result<Vec<Kept>, Error> {
        kept::page(self.reading()?, table, after, limit)
    }

    async fn put_kept_record(
        &mut self,
        kind: &str,
        row: &RecordRow,
        keys: &[KeptKey],
    ) -> Result<(), Error> {
        kept::put_record(self.writing()?, kind, row, keys)?;
        self.note_record(kind, &row.id);
        Ok(())
    }

    async fn put_kept_audit(&mut self, row: &AuditRow) -> Result<(), Error> {
        kept::put_audit(self.writing()?, row)
    }
}
