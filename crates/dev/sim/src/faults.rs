//! A store that can fail at every call: before it, and at a commit also after it.
//!
//! Each call gives way once to whoever drives the simulation, so that other tasks go between any two
//! calls of one, and so that a task can be dropped there, as a crash does. The driver says what meets the
//! call: it goes through, or it fails as a database does whose connection is cut. A commit that fails
//! afterwards is kept and not known to be.

use async_trait::async_trait;
use gemba_model::id::{DeliveryId, ProcessId, RunId, TriggerId, WorkItemId};
use gemba_store::{
    AuditRow, DeliveryFilter, DeliveryRow, Error, EventRow, Expect, ItemFilter, ItemRow, Kept,
    KeptKey, Key, Mode, NewAudit, OccurrenceFilter, OccurrenceRow, RecordRow, RunFilter, RunRow,
    RunState, SearchFilter, SearchRow, StepStat, Store, Table, Tx, ValueRow, watch,
};
use jiff::Timestamp;
use std::{
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
};

/// Where the driver of a simulation says what meets the next call.
#[derive(Debug, Default)]
pub(crate) struct Weather {
    fails: AtomicBool,
}

impl Weather {
    /// Whether the next call fails.
    pub(crate) fn set(&self, fails: bool) {
        self.fails.store(fails, Ordering::SeqCst);
    }

    /// Gives way once; then the call goes through or fails.
    async fn pass(&self) -> Result<(), Error> {
        let mut gave_way = false;
        poll_fn(|_context| {
            if gave_way {
                return Poll::Ready(());
            }
            gave_way = true;
            Poll::Pending
        })
        .await;
        if self.fails.swap(false, Ordering::SeqCst) {
            let source = "the simulation cut the connection".into();
            return Err(Error::Driver { doing: "was asked", source });
        }
        Ok(())
    }
}

/// A store behind the weather.
#[derive(Debug)]
pub(crate) struct FaultyStore {
    inner: Arc<dyn Store>,
    weather: Arc<Weather>,
}

impl FaultyStore {
    pub(crate) fn new(inner: Arc<dyn Store>, weather: Arc<Weather>) -> Self {
        Self { inner, weather }
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn begin(&self, mode: Mode) -> Result<Box<dyn Tx>, Error> {
        self.weather.pass().await?;
        let inner = self.inner.begin(mode).await?;
        Ok(Box::new(FaultyTx { inner, weather: Arc::clone(&self.weather) }))
    }

    async fn check(&self) -> Result<Vec<String>, Error> {
        self.inner.check().await
    }

    async fn image(&self) -> Result<Vec<u8>, Error> {
        self.inner.image().await
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changes()
    }
}

struct FaultyTx {
    inner: Box<dyn Tx>,
    weather: Arc<Weather>,
}

/// The calls of a transaction that do nothing but pass through the weather.
macro_rules! passing {
    ($($name:ident($($arg:ident: $of:ty),*) -> $out:ty;)*) => {
        #[async_trait]
        impl Tx for FaultyTx {
            async fn commit(self: Box<Self>) -> Result<(), Error> {
                self.weather.pass().await?;
                self.inner.commit().await?;
                self.weather.pass().await
            }

            $(async fn $name(&mut self, $($arg: $of),*) -> Result<$out, Error> {
                self.weather.pass().await?;
                self.inner.$name($($arg),*).await
            })*
        }
    };
}

passing! {
    record(kind: &str, id: &str) -> Option<RecordRow>;
    put_record(kind: &str, id: &str, keys: &[Key], body: &str, expect: Expect) -> i64;
    delete_record(kind: &str, id: &str) -> bool;
    records_by_key(kind: &str, key: &str, value: &str) -> Vec<RecordRow>;
    records(kind: &str, after: &str, limit: u32) -> Vec<RecordRow>;
    run(id: RunId) -> Option<RunRow>;
    put_run(row: &RunRow) -> ();
    put_new_run(row: &RunRow) -> ();
    next_run_number(process: ProcessId) -> i64;
    runs(filter: &RunFilter) -> Vec<RunRow>;
    woken(now: Timestamp, limit: u32) -> Vec<RunId>;
    next_wake() -> Option<Timestamp>;
    run_counts() -> Vec<(ProcessId, RunState, i64)>;
    revision_counts(process: ProcessId) -> Vec<(String, i64)>;
    append_events(run: RunId, first_seq: i64, events: &[EventRow]) -> ();
    events(run: RunId, after: i64, limit: u32) -> Vec<EventRow>;
    item(id: WorkItemId) -> Option<ItemRow>;
    put_item(row: &ItemRow) -> ();
    items(filter: &ItemFilter) -> Vec<ItemRow>;
    step_stats(process: ProcessId) -> Vec<StepStat>;
    put_occurrence(row: &OccurrenceRow) -> bool;
    occurrence(trigger: TriggerId, due: Timestamp) -> Option<OccurrenceRow>;
    change_occurrence(row: &OccurrenceRow) -> ();
    delete_occurrence(trigger: TriggerId, due: Timestamp) -> bool;
    caused(trigger: TriggerId, cause: &str) -> Option<OccurrenceRow>;
    occurrences(filter: &OccurrenceFilter) -> Vec<OccurrenceRow>;
    put_delivery(row: &DeliveryRow) -> ();
    delivery(id: DeliveryId) -> Option<DeliveryRow>;
    deliveries(filter: &DeliveryFilter) -> Vec<DeliveryRow>;
    due_deliveries(now: Timestamp, limit: u32) -> Vec<DeliveryRow>;
    next_delivery() -> Option<Timestamp>;
    forget_deliveries(before: DeliveryId) -> u64;
    put_value(row: &ValueRow) -> ();
    values(measurable: &str, from: &str) -> Vec<ValueRow>;
    append_audit(row: &NewAudit) -> i64;
    audit(subject: Option<&str>, before: i64, limit: u32) -> Vec<AuditRow>;
    put_blob(digest: &str, bytes: &[u8]) -> ();
    delete_blob(digest: &str) -> ();
    blob(digest: &str) -> Option<Vec<u8>>;
    put_search(row: &SearchRow) -> ();
    delete_search(kind: &str, id: &str) -> ();
    clear_search() -> ();
    search(filter: &SearchFilter) -> Vec<SearchRow>;
    kept(table: Table, after: Option<&Kept>, limit: u32) -> Vec<Kept>;
    put_kept_record(kind: &str, row: &RecordRow, keys: &[KeptKey]) -> ();
    put_kept_audit(row: &AuditRow) -> ();
}
