//! Acts that are decided ahead of their turn: many at the same time, each on what it read, written one
//! after the other when it is known that nothing of what they read has changed.
//!
//! An act notes what it reads and keeps back what it writes ([`AheadTx`]). When it commits, the store
//! takes its turn, looks whether any of the rows that it read was written since, and writes what the act
//! decided, or says [`Error::Overtaken`] and keeps nothing. What cannot be noted in this way (lists,
//! searches, histories) is refused with the same word. Whoever hears it does the whole act again in its
//! turn ([`crate::Mode::Write`]), where nothing can change under it; a refusal that was decided ahead is
//! found again there, too, before anybody hears of it.

mod desk;

pub use desk::Desk;

use crate::{
    AuditRow, DeliveryFilter, DeliveryRow, Error, EventRow, Expect, ItemFilter, ItemRow, Kept,
    KeptKey, Key, NewAudit, OccurrenceFilter, OccurrenceRow, RecordRow, RunFilter, RunRow,
    RunState, SearchFilter, SearchRow, StepStat, Table, Tx, ValueRow,
};
use async_trait::async_trait;
use gemba_model::id::{DeliveryId, ProcessId, RunId, TriggerId, WorkItemId};
use jiff::Timestamp;
use std::fmt;
use std::sync::Arc;

/// What an act read or writes; a change of it overtakes whoever read it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// A run, with its work items and its events.
    Run(RunId),
    /// A record, by its kind and id.
    Record(String, String),
    /// The records of a kind, found by a key.
    Kind(String),
}

/// Something that an act writes.
#[derive(Debug, Clone)]
pub enum Write {
    /// A record with its keys.
    Record {
        /// The kind.
        kind: String,
        /// The id.
        id: String,
        /// The keys.
        keys: Vec<Key>,
        /// The document.
        body: String,
        /// What the writer believes of it.
        expect: Expect,
    },
    /// A run.
    Run(RunRow),
    /// A new run, which gets its number now.
    NewRun(RunRow),
    /// Events of a run.
    Events {
        /// The run.
        run: RunId,
        /// The number of the first.
        first_seq: i64,
        /// The events.
        rows: Vec<EventRow>,
    },
    /// A work item.
    Item(ItemRow),
    /// A row of the outbox.
    Delivery(DeliveryRow),
    /// What a search can find.
    Search(SearchRow),
    /// A line of the audit log.
    Audit(NewAudit),
}

impl Write {
    /// Whom it overtakes.
    pub fn places(&self) -> Vec<Place> {
        match self {
            Self::Record { kind, id, .. } => {
                vec![Place::Record(kind.clone(), id.clone()), Place::Kind(kind.clone())]
            }
            Self::Run(row) | Self::NewRun(row) => vec![Place::Run(row.id)],
            Self::Events { run, .. } => vec![Place::Run(*run)],
            Self::Item(row) => vec![Place::Run(row.run)],
            Self::Delivery(_) | Self::Search(_) | Self::Audit(_) => Vec::new(),
        }
    }

    /// Writes it in a transaction that has its turn.
    pub async fn redo(&self, tx: &mut dyn Tx) -> Result<(), Error> {
        match self {
            Self::Record { kind, id, keys, body, expect } => {
                tx.put_record(kind, id, keys, body, *expect).await.map(|_| ())
            }
            Self::Run(row) => tx.put_run(row).await,
            Self::NewRun(row) => tx.put_new_run(row).await,
            Self::Events { run, first_seq, rows } => tx.append_events(*run, *first_seq, rows).await,
            Self::Item(row) => tx.put_item(row).await,
            Self::Delivery(row) => tx.put_delivery(row).await,
            Self::Search(row) => tx.put_search(row).await,
            Self::Audit(row) => tx.append_audit(row).await.map(|_| ()),
        }
    }
}

/// What an act decided: on what, and what it writes.
#[derive(Debug)]
pub struct Decided {
    /// The [`Desk::mark`] of the moment before it read anything.
    pub since: u64,
    /// What it read.
    pub reads: Vec<Place>,
    /// What it writes, in order.
    pub writes: Vec<Write>,
}

/// Where acts ahead of their turn read, and who takes what they decided.
#[async_trait]
pub trait Ground: Send + Sync {
    /// The mark of this moment; see [`Decided::since`].
    fn mark(&self) -> u64;
    /// The run with this id.
    async fn run(&self, id: RunId) -> Result<Option<RunRow>, Error>;
    /// The work item with this id.
    async fn item(&self, id: WorkItemId) -> Result<Option<ItemRow>, Error>;
    /// The record with this id.
    async fn record(&self, kind: &str, id: &str) -> Result<Option<RecordRow>, Error>;
    /// The records with this key.
    async fn by_key(&self, kind: &str, key: &str, value: &str) -> Result<Vec<RecordRow>, Error>;
    /// Writes what was decided, durably, or says that it was overtaken and keeps nothing.
    async fn settle(&self, decided: Decided) -> Result<(), Error>;
}

/// A transaction ahead of its turn. Dropping it leaves no trace.
pub struct AheadTx {
    ground: Arc<dyn Ground>,
    decided: Decided,
}

impl fmt::Debug for AheadTx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AheadTx").field("decided", &self.decided).finish_non_exhaustive()
    }
}

impl AheadTx {
    /// A transaction that reads there.
    pub fn new(ground: Arc<dyn Ground>) -> Self {
        let since = ground.mark();
        Self { ground, decided: Decided { since, reads: Vec::new(), writes: Vec::new() } }
    }

    fn read(&mut self, place: Place) {
        if !self.decided.reads.contains(&place) {
            self.decided.reads.push(place);
        }
    }

    fn own<T>(&self, find: impl Fn(&Write) -> Option<T>) -> Option<T> {
        self.decided.writes.iter().rev().find_map(find)
    }

    fn wrote_kind(&self, of: &str) -> bool {
        self.decided.writes.iter().any(|w| matches!(w, Write::Record { kind, .. } if kind == of))
    }
}

macro_rules! ahead {
    ({ $($own:tt)* } $($name:ident($($arg:ident: $of:ty),*) -> $out:ty;)*) => {
        #[async_trait]
        impl Tx for AheadTx {
            $($own)*

            $(async fn $name(&mut self, $($arg: $of),*) -> Result<$out, Error> {
                $(let _unread = $arg;)*
                Err(Error::Overtaken)
            })*
        }
    };
}

ahead! {
    {
        async fn commit(self: Box<Self>) -> Result<(), Error> {
            if self.decided.writes.is_empty() {
                return Ok(());
            }
            self.ground.settle(self.decided).await
        }

        async fn record(&mut self, kind: &str, id: &str) -> Result<Option<RecordRow>, Error> {
            let own = |write: &Write| match write {
                Write::Record { kind: k, id: i, body, expect, .. } if k == kind && i == id => {
                    let version = match expect {
                        Expect::Absent => 1,
                        Expect::Version(n) => n + 1,
                    };
                    Some(RecordRow { id: i.clone(), version, body: body.clone() })
                }
                _ => None,
            };
            if let Some(row) = self.own(own) {
                return Ok(Some(row));
            }
            self.read(Place::Record(kind.to_owned(), id.to_owned()));
            self.ground.record(kind, id).await
        }

        async fn put_record(
            &mut self,
            kind: &str,
            id: &str,
            keys: &[Key],
            body: &str,
            expect: Expect,
        ) -> Result<i64, Error> {
            let stored = self.record(kind, id).await?.map(|row| row.version);
            let version = match (stored, expect) {
                (None, Expect::Absent) => 1,
                (Some(stored), Expect::Version(v)) if stored == v => v + 1,
                // Whether it is a conflict or a taken id is found out in turn.
                _ => return Err(Error::Overtaken),
            };
            self.decided.writes.push(Write::Record {
                kind: kind.to_owned(),
                id: id.to_owned(),
                keys: keys.to_vec(),
                body: body.to_owned(),
                expect,
            });
            Ok(version)
        }

        async fn records_by_key(
            &mut self,
            kind: &str,
            key: &str,
            value: &str,
        ) -> Result<Vec<RecordRow>, Error> {
            if self.wrote_kind(kind) {
                return Err(Error::Overtaken);
            }
            self.read(Place::Kind(kind.to_owned()));
            self.ground.by_key(kind, key, value).await
        }

        async fn run(&mut self, id: RunId) -> Result<Option<RunRow>, Error> {
            let own = |write: &Write| match write {
                Write::Run(row) | Write::NewRun(row) if row.id == id => Some(row.clone()),
                _ => None,
            };
            if let Some(row) = self.own(own) {
                // Its number is not known before its turn.
                return if row.number == 0 { Err(Error::Overtaken) } else { Ok(Some(row)) };
            }
            self.read(Place::Run(id));
            self.ground.run(id).await
        }

        async fn put_run(&mut self, row: &RunRow) -> Result<(), Error> {
            self.decided.writes.push(Write::Run(row.clone()));
            Ok(())
        }

        async fn put_new_run(&mut self, row: &RunRow) -> Result<(), Error> {
            self.decided.writes.push(Write::NewRun(RunRow { number: 0, ..row.clone() }));
            Ok(())
        }

        async fn append_events(
            &mut self,
            run: RunId,
            first_seq: i64,
            events: &[EventRow],
        ) -> Result<(), Error> {
            self.decided.writes.push(Write::Events { run, first_seq, rows: events.to_vec() });
            Ok(())
        }

        async fn item(&mut self, id: WorkItemId) -> Result<Option<ItemRow>, Error> {
            let own = |write: &Write| match write {
                Write::Item(row) if row.id == id => Some(row.clone()),
                _ => None,
            };
            if let Some(row) = self.own(own) {
                return Ok(Some(row));
            }
            // One that is not there belongs to no run that could be noted.
            let row = self.ground.item(id).await?.ok_or(Error::Overtaken)?;
            self.read(Place::Run(row.run));
            Ok(Some(row))
        }

        async fn put_item(&mut self, row: &ItemRow) -> Result<(), Error> {
            self.decided.writes.push(Write::Item(row.clone()));
            Ok(())
        }

        async fn put_delivery(&mut self, row: &DeliveryRow) -> Result<(), Error> {
            self.decided.writes.push(Write::Delivery(row.clone()));
            Ok(())
        }

        async fn append_audit(&mut self, row: &NewAudit) -> Result<i64, Error> {
            self.decided.writes.push(Write::Audit(row.clone()));
            Ok(0)
        }

        async fn put_search(&mut self, row: &SearchRow) -> Result<(), Error> {
            self.decided.writes.push(Write::Search(row.clone()));
            Ok(())
        }
    }
    delete_record(kind: &str, id: &str) -> bool;
    records(kind: &str, after: &str, limit: u32) -> Vec<RecordRow>;
    next_run_number(process: ProcessId) -> i64;
    runs(filter: &RunFilter) -> Vec<RunRow>;
    woken(now: Timestamp, limit: u32) -> Vec<RunId>;
    next_wake() -> Option<Timestamp>;
    run_counts() -> Vec<(ProcessId, RunState, i64)>;
    revision_counts(process: ProcessId) -> Vec<(String, i64)>;
    events(run: RunId, after: i64, limit: u32) -> Vec<EventRow>;
    items(filter: &ItemFilter) -> Vec<ItemRow>;
    step_stats(process: ProcessId) -> Vec<StepStat>;
    put_occurrence(row: &OccurrenceRow) -> bool;
    occurrence(trigger: TriggerId, due: Timestamp) -> Option<OccurrenceRow>;
    change_occurrence(row: &OccurrenceRow) -> ();
    delete_occurrence(trigger: TriggerId, due: Timestamp) -> bool;
    caused(trigger: TriggerId, cause: &str) -> Option<OccurrenceRow>;
    occurrences(filter: &OccurrenceFilter) -> Vec<OccurrenceRow>;
    delivery(id: DeliveryId) -> Option<DeliveryRow>;
    deliveries(filter: &DeliveryFilter) -> Vec<DeliveryRow>;
    due_deliveries(now: Timestamp, limit: u32) -> Vec<DeliveryRow>;
    next_delivery() -> Option<Timestamp>;
    forget_deliveries(before: DeliveryId) -> u64;
    put_value(row: &ValueRow) -> ();
    values(measurable: &str, from: &str) -> Vec<ValueRow>;
    audit(subject: Option<&str>, before: i64, limit: u32) -> Vec<AuditRow>;
    put_blob(digest: &str, bytes: &[u8]) -> ();
    delete_blob(digest: &str) -> ();
    blob(digest: &str) -> Option<Vec<u8>>;
    delete_search(kind: &str, id: &str) -> ();
    clear_search() -> ();
    search(filter: &SearchFilter) -> Vec<SearchRow>;
    kept(table: Table, after: Option<&Kept>, limit: u32) -> Vec<Kept>;
    put_kept_record(kind: &str, row: &RecordRow, keys: &[KeptKey]) -> ();
    put_kept_audit(row: &AuditRow) -> ();
}
