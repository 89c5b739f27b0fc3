//! A transaction: each method of the port handed to its table.

use crate::session::Session;
use crate::table::{delivery, event, item, kept, log, occurrence, record, run, search};
use async_trait::async_trait;
use gemba_model::id::{DeliveryId, ProcessId, RunId, TriggerId, WorkItemId};
use gemba_store::ahead::Write;
use gemba_store::{
    AuditRow, DeliveryFilter, DeliveryRow, Error, EventRow, Expect, ItemFilter, ItemRow, Kept,
    KeptKey, Key, NewAudit, OccurrenceFilter, OccurrenceRow, RecordRow, RunFilter, RunRow,
    RunState, SearchFilter, SearchRow, StepStat, Table, Tx, ValueRow,
};
use jiff::Timestamp;

/// A transaction.
pub(crate) struct PostgresTx {
    pub(crate) session: Session,
}

impl PostgresTx {
    fn note(&mut self, write: impl FnOnce() -> Write) {
        if let Session::Write(tx) = &mut self.session {
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
impl Tx for PostgresTx {
    async fn commit(self: Box<Self>) -> Result<(), Error> {
        match self.session {
            Session::Read(_) => Ok(()),
            Session::Write(tx) => tx.commit().await,
        }
    }

    async fn record(&mut self, kind: &str, id: &str) -> Result<Option<RecordRow>, Error> {
        record::one(&mut self.session, kind, id).await
    }

    async fn put_record(
        &mut self,
        kind: &str,
        id: &str,
        keys: &[Key],
        body: &str,
        expect: Expect,
    ) -> Result<i64, Error> {
        let version = record::put(&mut self.session, kind, id, keys, body, expect).await?;
        self.note_record(kind, id);
        Ok(version)
    }

    async fn delete_record(&mut self, kind: &str, id: &str) -> Result<bool, Error> {
        let there = record::delete(&mut self.session, kind, id).await?;
        self.note_record(kind, id);
        Ok(there)
    }

    async fn records_by_key(
        &mut self,
        kind: &str,
        key: &str,
        value: &str,
    ) -> Result<Vec<RecordRow>, Error> {
        record::by_key(&mut self.session, kind, key, value).await
    }

    async fn records(
        &mut self,
        kind: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<RecordRow>, Error> {
        record::page(&mut self.session, kind, after, limit).await
    }

    async fn run(&mut self, id: RunId) -> Result<Option<RunRow>, Error> {
        run::one(&mut self.session, id).await
    }

    async fn put_run(&mut self, row: &RunRow) -> Result<(), Error> {
        run::put(&mut self.session, row).await?;
        self.note(|| Write::Run(row.clone()));
        Ok(())
    }

    async fn next_run_number(&mut self, process: ProcessId) -> Result<i64, Error> {
        run::next_number(&mut self.session, process).await
    }

    async fn runs(&mut self, filter: &RunFilter) -> Result<Vec<RunRow>, Error> {
        run::filtered(&mut self.session, filter).await
    }

    async fn woken(&mut self, now: Timestamp, limit: u32) -> Result<Vec<RunId>, Error> {
        run::woken(&mut self.session, now, limit).await
    }

    async fn next_wake(&mut self) -> Result<Option<Timestamp>, Error> {
        run::next_wake(&mut self.session).await
    }

    async fn run_counts(&mut self) -> Result<Vec<(ProcessId, RunState, i64)>, Error> {
        run::counts(&mut self.session).await
    }

    async fn revision_counts(&mut self, process: ProcessId) -> Result<Vec<(String, i64)>, Error> {
        run::revision_counts(&mut self.session, process).await
    }

    async fn append_events(
        &mut self,
        run: RunId,
        first_seq: i64,
        events: &[EventRow],
    ) -> Result<(), Error> {
        event::append(&mut self.session, run, first_seq, events).await?;
        self.note(|| Write::Events { run, first_seq, rows: Vec::new() });
        Ok(())
    }

    async fn events(&mut self, run: RunId, after: i64, limit: u32) -> Result<Vec<EventRow>, Error> {
        event::page(&mut self.session, run, after, limit).await
    }

    async fn item(&mut self, id: WorkItemId) -> Result<Option<ItemRow>, Error> {
        item::one(&mut self.session, id).await
    }

    async fn put_item(&mut self, row: &ItemRow) -> Result<(), Error> {
        item::put(&mut self.session, row).await?;
        self.note(|| Write::Item(row.clone()));
        Ok(())
    }

    async fn items(&mut self, filter: &ItemFilter) -> Result<Vec<ItemRow>, Error> {
        item::filtered(&mut self.session, filter).await
    }

    async fn step_stats(&mut self, process: ProcessId) -> Result<Vec<StepStat>, Error> {
        item::stats(&mut self.session, process).await
    }

    async fn put_occurrence(&mut self, row: &OccurrenceRow) -> Result<bool, Error> {
        occurrence::put(&mut self.session, row).await
    }

    async fn occurrence(
        &mut self,
        trigger: TriggerId,
        due: Timestamp,
    ) -> Result<Option<OccurrenceRow>, Error> {
        occurrence::one(&mut self.session, trigger, due).await
    }

    async fn change_occurrence(&mut self, row: &OccurrenceRow) -> Result<(), Error> {
        occurrence::change(&mut self.session, row).await
    }

    async fn delete_occurrence(
        &mut self,
        trigger: TriggerId,
        due: Timestamp,
    ) -> Result<bool, Error> {
        occurrence::delete(&mut self.session, trigger, due).await
    }

    async fn caused(
        &mut self,
        trigger: TriggerId,
        cause: &str,
    ) -> Result<Option<OccurrenceRow>, Error> {
        occurrence::caused(&mut self.session, trigger, cause).await
    }

    async fn occurrences(
        &mut self,
        filter: &OccurrenceFilter,
    ) -> Result<Vec<OccurrenceRow>, Error> {
        occurrence::filtered(&mut self.session, filter).await
    }

    async fn put_delivery(&mut self, row: &DeliveryRow) -> Result<(), Error> {
        delivery::put(&mut self.session, row).await
    }

    async fn delivery(&mut self, id: DeliveryId) -> Result<Option<DeliveryRow>, Error> {
        delivery::one(&mut self.session, id).await
    }

    async fn deliveries(&mut self, filter: &DeliveryFilter) -> Result<Vec<DeliveryRow>, Error> {
        delivery::filtered(&mut self.session, filter).await
    }

    async fn due_deliveries(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DeliveryRow>, Error> {
        delivery::due(&mut self.session, now, limit).await
    }

    async fn next_delivery(&mut self) -> Result<Option<Timestamp>, Error> {
        delivery::next(&mut self.session).await
    }

    async fn forget_deliveries(&mut self, before: DeliveryId) -> Result<u64, Error> {
        delivery::forget(&mut self.session, before).await
    }

    async fn put_value(&mut self, row: &ValueRow) -> Result<(), Error> {
        log::put_value(&mut self.session, row).await
    }

    async fn values(&mut self, measurable: &str, from: &str) -> Result<Vec<ValueRow>, Error> {
        log::values(&mut self.session, measurable, from).await
    }

    async fn append_audit(&mut self, row: &NewAudit) -> Result<i64, Error> {
        log::append_audit(&mut self.session, row).await
    }

    async fn audit(
        &mut self,
        subject: Option<&str>,
        before: i64,
        limit: u32,
    ) -> Result<Vec<AuditRow>, Error> {
        log::audit(&mut self.session, subject, before, limit).await
    }

    async fn put_blob(&mut self, digest: &str, bytes: &[u8]) -> Result<(), Error> {
        log::put_file(&mut self.session, digest, bytes).await
    }

    async fn delete_blob(&mut self, digest: &str) -> Result<(), Error> {
        log::delete_file(&mut self.session, digest).await
    }

    async fn blob(&mut self, digest: &str) -> Result<Option<Vec<u8>>, Error> {
        log::file(&mut self.session, digest).await
    }

    async fn put_search(&mut self, row: &SearchRow) -> Result<(), Error> {
        search::put(&mut self.session, row).await
    }

    async fn delete_search(&mut self, kind: &str, id: &str) -> Result<(), Error> {
        search::delete(&mut self.session, kind, id).await
    }

    async fn clear_search(&mut self) -> Result<(), Error> {
        search::clear(&mut self.session).await
    }

    async fn search(&mut self, filter: &SearchFilter) -> Result<Vec<SearchRow>, Error> {
        search::search(&mut self.session, filter).await
    }
    async fn kept(
        &mut self,
        table: Table,
        after: Option<&Kept>,
        limit: u32,
    ) -> Result<Vec<Kept>, Error> {
        kept::page(&mut self.session, table, after, limit).await
    }

    async fn put_kept_record(
        &mut self,
        kind: &str,
        row: &RecordRow,
        keys: &[KeptKey],
    ) -> Result<(), Error> {
        kept::put_record(&mut self.session, kind, row, keys).await?;
        self.note_record(kind, &row.id);
        Ok(())
    }

    async fn put_kept_audit(&mut self, row: &AuditRow) -> Result<(), Error> {
        kept::put_audit(&mut self.session, row).await
    }
}
