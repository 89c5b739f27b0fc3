//! The reference implementation: everything in memory, one writer, a write works on a copy that
//! takes the place of the state at commit.

use crate::{
    AuditRow, DeliveryFilter, DeliveryRow, DeliveryState, Error, EventRow, Expect, ItemFilter,
    ItemRow, ItemState, Kept, KeptKey, Key, Mode, NewAudit, OccurrenceFilter, OccurrenceRow,
    RecordRow, RunFilter, RunRow, RunState, SearchFilter, SearchRow, StepStat, Store, Table, Tx,
    ValueRow,
    ahead::{AheadTx, Decided, Ground, Place},
    chain,
    search::worth,
};
use async_trait::async_trait;
use gemba_model::{
    StepId,
    id::{DeliveryId, ProcessId, RunId, TriggerId, WorkItemId},
};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

#[derive(Debug, Clone)]
struct Stored {
    row: RecordRow,
    keys: Vec<KeptKey>,
}

#[derive(Debug, Clone, Default)]
struct Data {
    records: BTreeMap<(String, String), Arc<Stored>>,
    runs: BTreeMap<RunId, Arc<RunRow>>,
    events: BTreeMap<(RunId, i64), Arc<EventRow>>,
    items: BTreeMap<WorkItemId, Arc<ItemRow>>,
    occurrences: BTreeMap<(TriggerId, Timestamp), OccurrenceRow>,
    deliveries: BTreeMap<DeliveryId, Arc<DeliveryRow>>,
    values: BTreeMap<(String, String), ValueRow>,
    audit: Vec<Arc<AuditRow>>,
    blobs: BTreeMap<String, Arc<[u8]>>,
    searched: BTreeMap<(String, String), Arc<SearchRow>>,
}

/// A store that forgets everything when dropped.
#[derive(Debug, Default)]
pub struct MemoryStore {
    data: Arc<Mutex<Arc<Data>>>,
    writer: Arc<tokio::sync::Mutex<()>>,
    changes: Arc<watch::Sender<u64>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn tx(&self, guard: Option<tokio::sync::OwnedMutexGuard<()>>) -> MemoryTx {
        let data = Arc::clone(&self.data.lock().unwrap_or_else(PoisonError::into_inner));
        let (home, changes) = (Arc::clone(&self.data), Arc::clone(&self.changes));
        MemoryTx { data, home, changes, guard }
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn begin(&self, mode: Mode) -> Result<Box<dyn Tx>, Error> {
        let guard = match mode {
            Mode::Read | Mode::Ahead => None,
            Mode::Write => Some(Arc::clone(&self.writer).lock_owned().await),
        };
        let tx = self.tx(guard);
        Ok(match mode {
            Mode::Read | Mode::Write => Box::new(tx),
            Mode::Ahead => {
                let home = Self {
                    data: Arc::clone(&self.data),
                    writer: Arc::clone(&self.writer),
                    changes: Arc::clone(&self.changes),
                };
                Box::new(AheadTx::new(Arc::new(Moment { data: tx.data, home })))
            }
        })
    }

    async fn check(&self) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }

    async fn image(&self) -> Result<Vec<u8>, Error> {
        Err(Error::Driver { doing: "copied itself", source: "memory has no file image".into() })
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

/// What acts ahead of their turn see: everything as it was when they began.
struct Moment {
    data: Arc<Data>,
    home: MemoryStore,
}

impl Moment {
    /// Whether this is still as it was.
    fn stands(&self, place: &Place, now: &Data) -> bool {
        let then = &self.data;
        match place {
            Place::Run(id) => then.runs.get(id) == now.runs.get(id),
            Place::Record(kind, id) => {
                let at = (kind.clone(), id.clone());
                let row = |data: &Data| data.records.get(&at).map(|stored| stored.row.clone());
                row(then) == row(now)
            }
            Place::Kind(kind) => {
                let rows = |data: &Data| {
                    let all = data.records.iter().filter(|((of, _), _)| of == kind);
                    all.map(|((_, id), stored)| (id.clone(), stored.row.version))
                        .collect::<Vec<_>>()
                };
                rows(then) == rows(now)
            }
        }
    }
}

#[async_trait]
impl Ground for Moment {
    fn mark(&self) -> u64 {
        0
    }

    async fn run(&self, id: RunId) -> Result<Option<RunRow>, Error> {
        Ok(self.data.runs.get(&id).map(|row| RunRow::clone(row)))
    }

    async fn item(&self, id: WorkItemId) -> Result<Option<ItemRow>, Error> {
        Ok(self.data.items.get(&id).map(|row| ItemRow::clone(row)))
    }

    async fn record(&self, kind: &str, id: &str) -> Result<Option<RecordRow>, Error> {
        let at = (kind.to_owned(), id.to_owned());
        Ok(self.data.records.get(&at).map(|stored| stored.row.clone()))
    }

    async fn by_key(&self, kind: &str, key: &str, value: &str) -> Result<Vec<RecordRow>, Error> {
        let of = self.data.records.iter().filter(|((k, _), _)| k == kind).map(|(_, stored)| stored);
        let has = |s: &&Arc<Stored>| s.keys.iter().any(|k| k.name == key && k.value == value);
        Ok(of.filter(has).map(|stored| stored.row.clone()).collect())
    }

    async fn settle(&self, decided: Decided) -> Result<(), Error> {
        let guard = Arc::clone(&self.home.writer).lock_owned().await;
        let mut tx = self.home.tx(Some(guard));
        if !decided.reads.iter().all(|place| self.stands(place, &tx.data)) {
            return Err(Error::Overtaken);
        }
        for write in &decided.writes {
            write.redo(&mut tx).await.map_err(|_refused| Error::Overtaken)?;
        }
        Box::new(tx).commit().await
    }
}

struct MemoryTx {
    data: Arc<Data>,
    home: Arc<Mutex<Arc<Data>>>,
    changes: Arc<watch::Sender<u64>>,
    guard: Option<tokio::sync::OwnedMutexGuard<()>>,
}

impl MemoryTx {
    fn write(&mut self) -> Result<&mut Data, Error> {
        if self.guard.is_none() {
            return Err(Error::ReadOnly);
        }
        Ok(Arc::make_mut(&mut self.data))
    }
}

#[async_trait]
impl Tx for MemoryTx {
    async fn commit(self: Box<Self>) -> Result<(), Error> {
        if self.guard.is_some() {
            *self.home.lock().unwrap_or_else(PoisonError::into_inner) = self.data;
            self.changes.send_modify(|n| *n = n.wrapping_add(1));
        }
        Ok(())
    }

    async fn record(&mut self, kind: &str, id: &str) -> Result<Option<RecordRow>, Error> {
        Ok(self.data.records.get(&(kind.to_owned(), id.to_owned())).map(|s| s.row.clone()))
    }

    async fn put_record(
        &mut self,
        kind: &str,
        id: &str,
        keys: &[Key],
        body: &str,
        expect: Expect,
    ) -> Result<i64, Error> {
        let data = self.write()?;
        let place = (kind.to_owned(), id.to_owned());
        let version = match (data.records.get(&place), expect) {
            (None, Expect::Absent) => 1,
            (Some(stored), Expect::Version(v)) if stored.row.version == v => v + 1,
            (Some(_), Expect::Absent) => {
                return Err(Error::Duplicate {
                    kind: kind.to_owned(),
                    key: "id".to_owned(),
                    value: id.to_owned(),
                });
            }
            _ => return Err(Error::Conflict { kind: kind.to_owned(), id: id.to_owned() }),
        };
        for key in keys.iter().filter(|key| key.unique) {
            let taken = data.records.iter().any(|((k, i), stored)| {
                k == kind
                    && i != id
                    && stored.keys.iter().any(|s| s.name == key.name && s.value == key.value)
            });
            if taken {
                return Err(Error::Duplicate {
                    kind: kind.to_owned(),
                    key: key.name.to_owned(),
                    value: key.value.clone(),
                });
            }
        }
        let row = RecordRow { id: id.to_owned(), version, body: body.to_owned() };
        data.records.insert(place, Arc::new(Stored { row, keys: kept_keys(keys) }));
        Ok(version)
    }

    async fn delete_record(&mut self, kind: &str, id: &str) -> Result<bool, Error> {
        Ok(self.write()?.records.remove(&(kind.to_owned(), id.to_owned())).is_some())
    }

    async fn records_by_key(
        &mut self,
        kind: &str,
        key: &str,
        value: &str,
    ) -> Result<Vec<RecordRow>, Error> {
        let has =
            |stored: &&Arc<Stored>| stored.keys.iter().any(|k| k.name == key && k.value == value);
        Ok(self.of_kind(kind).filter(has).map(|s| s.row.clone()).collect())
    }

    async fn records(
        &mut self,
        kind: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<RecordRow>, Error> {
        let rows = self.of_kind(kind).filter(|s| s.row.id.as_str() > after);
        Ok(rows.take(size(limit)).map(|s| s.row.clone()).collect())
    }

    async fn run(&mut self, id: RunId) -> Result<Option<RunRow>, Error> {
        Ok(self.data.runs.get(&id).map(|row| RunRow::clone(row)))
    }

    async fn put_run(&mut self, row: &RunRow) -> Result<(), Error> {
        self.write()?.runs.insert(row.id, Arc::new(row.clone()));
        Ok(())
    }

    async fn next_run_number(&mut self, process: ProcessId) -> Result<i64, Error> {
        let last = self.data.runs.values().filter(|r| r.process == process).map(|r| r.number).max();
        Ok(last.unwrap_or(0) + 1)
    }

    async fn runs(&mut self, filter: &RunFilter) -> Result<Vec<RunRow>, Error> {
        let wanted = |row: &&Arc<RunRow>| {
            filter.process.is_none_or(|p| p == row.process)
                && filter.state.is_none_or(|s| s == row.state)
                && filter.before.is_none_or(|b| row.id < b)
        };
        let rows = self.data.runs.values().rev().filter(wanted);
        Ok(rows.take(size(filter.limit)).map(|row| RunRow::clone(row)).collect())
    }

    async fn woken(&mut self, now: Timestamp, limit: u32) -> Result<Vec<RunId>, Error> {
        let due = self.data.runs.values().filter_map(|row| Some((row.wake?, row.id)));
        let mut due: Vec<_> = due.filter(|(at, _)| *at <= now).collect();
        due.sort_unstable();
        Ok(due.into_iter().take(size(limit)).map(|(_, id)| id).collect())
    }

    async fn next_wake(&mut self) -> Result<Option<Timestamp>, Error> {
        Ok(self.data.runs.values().filter_map(|row| row.wake).min())
    }

    async fn run_counts(&mut self) -> Result<Vec<(ProcessId, RunState, i64)>, Error> {
        let mut counts: BTreeMap<(ProcessId, RunState), i64> = BTreeMap::new();
        for row in self.data.runs.values() {
            *counts.entry((row.process, row.state)).or_default() += 1;
        }
        Ok(counts.into_iter().map(|((process, state), n)| (process, state, n)).collect())
    }

    async fn revision_counts(&mut self, process: ProcessId) -> Result<Vec<(String, i64)>, Error> {
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        for row in self.data.runs.values().filter(|row| row.process == process) {
            *counts.entry(row.revision.clone()).or_default() += 1;
        }
        Ok(counts.into_iter().collect())
    }

    async fn append_events(
        &mut self,
        run: RunId,
        first_seq: i64,
        events: &[EventRow],
    ) -> Result<(), Error> {
        let data = self.write()?;
        for (seq, event) in (first_seq..).zip(events) {
            if data.events.contains_key(&(run, seq)) {
                return Err(Error::Conflict { kind: "run".to_owned(), id: run.to_string() });
            }
            data.events.insert((run, seq), Arc::new(EventRow { seq, ..event.clone() }));
        }
        Ok(())
    }

    async fn events(&mut self, run: RunId, after: i64, limit: u32) -> Result<Vec<EventRow>, Error> {
        let rows = self.data.events.range((run, after.saturating_add(1))..=(run, i64::MAX));
        Ok(rows.take(size(limit)).map(|(_, row)| EventRow::clone(row)).collect())
    }

    async fn item(&mut self, id: WorkItemId) -> Result<Option<ItemRow>, Error> {
        Ok(self.data.items.get(&id).map(|row| ItemRow::clone(row)))
    }

    async fn put_item(&mut self, row: &ItemRow) -> Result<(), Error> {
        self.write()?.items.insert(row.id, Arc::new(row.clone()));
        Ok(())
    }

    async fn items(&mut self, filter: &ItemFilter) -> Result<Vec<ItemRow>, Error> {
        let wanted = |row: &&Arc<ItemRow>| {
            filter.seats.as_ref().is_none_or(|seats| seats.contains(&row.seat))
                && filter.delegate.is_none_or(|person| row.delegate == Some(person))
                && (filter.states.is_empty() || filter.states.contains(&row.state))
                && filter.run.is_none_or(|run| run == row.run)
                && filter.process.is_none_or(|process| process == row.process)
                && filter.after.is_none_or(|after| row.id > after)
        };
        let rows = self.data.items.values().filter(wanted).take(size(filter.limit));
        Ok(rows.map(|row| ItemRow::clone(row)).collect())
    }

    async fn step_stats(&mut self, process: ProcessId) -> Result<Vec<StepStat>, Error> {
        let mut stats: BTreeMap<(StepId, Option<String>), StepStat> = BTreeMap::new();
        for row in self.data.items.values() {
            let (ItemState::Done, Some(closed)) = (row.state, row.closed) else { continue };
            if row.process != process {
                continue;
            }
            let took = closed.as_microsecond() - row.opened.as_microsecond();
            let key = (row.step.clone(), row.branch.clone());
            let stat = stats.entry(key).or_insert_with(|| StepStat {
                step: row.step.clone(),
                branch: row.branch.clone(),
                n: 0,
                total_us: 0,
                max_us: 0,
            });
            stat.n += 1;
            stat.total_us += took;
            stat.max_us = stat.max_us.max(took);
        }
        Ok(stats.into_values().collect())
    }

    async fn put_occurrence(&mut self, row: &OccurrenceRow) -> Result<bool, Error> {
        let data = self.write()?;
        let place = (row.trigger, row.due);
        let caused =
            |other: &OccurrenceRow| other.trigger == row.trigger && other.cause == row.cause;
        let taken = data.occurrences.contains_key(&place)
            || (row.cause.is_some() && data.occurrences.values().any(caused));
        if taken {
            return Ok(false);
        }
        data.occurrences.insert(place, row.clone());
        Ok(true)
    }

    async fn occurrence(
        &mut self,
        trigger: TriggerId,
        due: Timestamp,
    ) -> Result<Option<OccurrenceRow>, Error> {
        Ok(self.data.occurrences.get(&(trigger, due)).cloned())
    }

    async fn change_occurrence(&mut self, row: &OccurrenceRow) -> Result<(), Error> {
        if let Some(kept) = self.write()?.occurrences.get_mut(&(row.trigger, row.due)) {
            let (civil, cause) = (kept.civil.clone(), kept.cause.clone());
            *kept = OccurrenceRow { civil, cause, ..row.clone() };
        }
        Ok(())
    }

    async fn delete_occurrence(
        &mut self,
        trigger: TriggerId,
        due: Timestamp,
    ) -> Result<bool, Error> {
        Ok(self.write()?.occurrences.remove(&(trigger, due)).is_some())
    }

    async fn caused(
        &mut self,
        trigger: TriggerId,
        cause: &str,
    ) -> Result<Option<OccurrenceRow>, Error> {
        let mut rows = self.data.occurrences.values();
        let wanted =
            |row: &&OccurrenceRow| row.trigger == trigger && row.cause.as_deref() == Some(cause);
        Ok(rows.find(wanted).cloned())
    }

    async fn occurrences(
        &mut self,
        filter: &OccurrenceFilter,
    ) -> Result<Vec<OccurrenceRow>, Error> {
        let wanted = |row: &&OccurrenceRow| {
            filter.trigger.is_none_or(|trigger| trigger == row.trigger)
                && (filter.states.is_empty() || filter.states.contains(&row.state))
                && filter.from.is_none_or(|from| row.due >= from)
                && filter.before.is_none_or(|before| row.due < before)
        };
        let mut rows: Vec<&OccurrenceRow> = self.data.occurrences.values().filter(wanted).collect();
        rows.sort_by_key(|row| (row.due, row.trigger));
        if !filter.earliest_first {
            rows.reverse();
        }
        Ok(rows.into_iter().take(size(filter.limit)).cloned().collect())
    }

    async fn put_delivery(&mut self, row: &DeliveryRow) -> Result<(), Error> {
        self.write()?.deliveries.insert(row.id, Arc::new(row.clone()));
        Ok(())
    }

    async fn delivery(&mut self, id: DeliveryId) -> Result<Option<DeliveryRow>, Error> {
        Ok(self.data.deliveries.get(&id).map(|row| DeliveryRow::clone(row)))
    }

    async fn deliveries(&mut self, filter: &DeliveryFilter) -> Result<Vec<DeliveryRow>, Error> {
        let wanted = |row: &&Arc<DeliveryRow>| {
            filter.channel.is_none_or(|channel| channel == row.channel)
                && filter.state.is_none_or(|state| state == row.state)
                && filter.before.is_none_or(|before| row.id < before)
        };
        let rows = self.data.deliveries.values().rev().filter(wanted);
        Ok(rows.take(size(filter.limit)).map(|row| DeliveryRow::clone(row)).collect())
    }

    async fn due_deliveries(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DeliveryRow>, Error> {
        let is_due = |row: &&Arc<DeliveryRow>| row.due.is_some_and(|due| due <= now);
        let mut rows: Vec<_> = self.data.deliveries.values().filter(is_due).collect();
        rows.sort_by_key(|row| (row.due, row.id));
        Ok(rows.into_iter().take(size(limit)).map(|row| DeliveryRow::clone(row)).collect())
    }

    async fn next_delivery(&mut self) -> Result<Option<Timestamp>, Error> {
        Ok(self.data.deliveries.values().filter_map(|row| row.due).min())
    }

    async fn forget_deliveries(&mut self, before: DeliveryId) -> Result<u64, Error> {
        let all = &mut self.write()?.deliveries;
        let n = all.len();
        all.retain(|id, row| *id >= before || row.state == DeliveryState::Waiting);
        Ok(u64::try_from(n - all.len()).unwrap_or(u64::MAX))
    }

    async fn put_value(&mut self, row: &ValueRow) -> Result<(), Error> {
        self.write()?.values.insert((row.measurable.clone(), row.period.clone()), row.clone());
        Ok(())
    }

    async fn values(&mut self, measurable: &str, from: &str) -> Result<Vec<ValueRow>, Error> {
        let wanted = |row: &&ValueRow| row.measurable == measurable && row.period.as_str() >= from;
        Ok(self.data.values.values().filter(wanted).cloned().collect())
    }

    async fn append_audit(&mut self, row: &NewAudit) -> Result<i64, Error> {
        let data = self.write()?;
        let (last, before) =
            data.audit.last().map_or((0, chain::START), |last| (last.seq, &last.hash));
        let seq = last + 1;
        let hash = chain::hash(before, seq, row);
        data.audit.push(Arc::new(AuditRow { seq, entry: row.clone(), hash }));
        Ok(seq)
    }

    async fn audit(
        &mut self,
        subject: Option<&str>,
        before: i64,
        limit: u32,
    ) -> Result<Vec<AuditRow>, Error> {
        let wanted = |row: &&Arc<AuditRow>| {
            (before == 0 || row.seq < before) && subject.is_none_or(|s| s == row.entry.subject)
        };
        let rows = self.data.audit.iter().rev().filter(wanted).take(size(limit));
        Ok(rows.map(|row| AuditRow::clone(row)).collect())
    }

    async fn put_blob(&mut self, digest: &str, bytes: &[u8]) -> Result<(), Error> {
        self.write()?.blobs.insert(digest.to_owned(), Arc::from(bytes));
        Ok(())
    }

    async fn delete_blob(&mut self, digest: &str) -> Result<(), Error> {
        self.write()?.blobs.remove(digest);
        Ok(())
    }

    async fn blob(&mut self, digest: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.data.blobs.get(digest).map(|bytes| bytes.to_vec()))
    }

    async fn put_search(&mut self, row: &SearchRow) -> Result<(), Error> {
        let place = (row.kind.clone(), row.id.clone());
        self.write()?.searched.insert(place, Arc::new(row.clone()));
        Ok(())
    }

    async fn delete_search(&mut self, kind: &str, id: &str) -> Result<(), Error> {
        self.write()?.searched.remove(&(kind.to_owned(), id.to_owned()));
        Ok(())
    }

    async fn clear_search(&mut self) -> Result<(), Error> {
        self.write()?.searched.clear();
        Ok(())
    }

    async fn search(&mut self, filter: &SearchFilter) -> Result<Vec<SearchRow>, Error> {
        if filter.words.is_empty() {
            return Ok(Vec::new());
        }
        let wanted =
            |row: &&Arc<SearchRow>| filter.kinds.is_empty() || filter.kinds.contains(&row.kind);
        let mut found: Vec<(u64, &Arc<SearchRow>)> = self
            .data
            .searched
            .values()
            .filter(wanted)
            .filter_map(|row| Some((worth(row, &filter.words)?, row)))
            .collect();
        found.sort_by_key(|(worth, _)| std::cmp::Reverse(*worth));
        let page = found.into_iter().skip(size(filter.offset)).take(size(filter.limit));
        Ok(page.map(|(_, row)| SearchRow::clone(row)).collect())
    }

    async fn kept(
        &mut self,
        table: Table,
        after: Option<&Kept>,
        limit: u32,
    ) -> Result<Vec<Kept>, Error> {
        let rows = self.data.whole(table);
        let from = after.and_then(|after| rows.iter().position(|row| row == after));
        let rest = rows.into_iter().skip(from.map_or(0, |at| at + 1));
        Ok(rest.take(size(limit)).collect())
    }

    async fn put_kept_record(
        &mut self,
        kind: &str,
        row: &RecordRow,
        keys: &[KeptKey],
    ) -> Result<(), Error> {
        let stored = Stored { row: row.clone(), keys: keys.to_vec() };
        self.write()?.records.insert((kind.to_owned(), row.id.clone()), Arc::new(stored));
        Ok(())
    }

    async fn put_kept_audit(&mut self, row: &AuditRow) -> Result<(), Error> {
        self.write()?.audit.push(Arc::new(row.clone()));
        Ok(())
    }
}

impl Data {
    /// A table, whole.
    fn whole(&self, table: Table) -> Vec<Kept> {
        match table {
            Table::Record => {
                let record =
                    |((kind, _), stored): (&(String, String), &Arc<Stored>)| Kept::Record {
                        kind: kind.clone(),
                        row: stored.row.clone(),
                        keys: stored.keys.clone(),
                    };
                self.records.iter().map(record).collect()
            }
            Table::Run => self.runs.values().map(|row| Kept::Run(RunRow::clone(row))).collect(),
            Table::Event => {
                let event = |((run, _), row): (&(RunId, i64), &Arc<EventRow>)| Kept::Event {
                    run: *run,
                    row: EventRow::clone(row),
                };
                self.events.iter().map(event).collect()
            }
            Table::Item => self.items.values().map(|row| Kept::Item(ItemRow::clone(row))).collect(),
            Table::Occurrence => self.occurrences.values().cloned().map(Kept::Occurrence).collect(),
            Table::Delivery => self
                .deliveries
                .values()
                .map(|row| Kept::Delivery(DeliveryRow::clone(row)))
                .collect(),
            Table::Value => self.values.values().cloned().map(Kept::Value).collect(),
            Table::Audit => {
                self.audit.iter().map(|row| Kept::Audit(AuditRow::clone(row))).collect()
            }
            Table::Blob => {
                let blob = |(digest, bytes): (&String, &Arc<[u8]>)| Kept::Blob {
                    digest: digest.clone(),
                    bytes: bytes.to_vec(),
                };
                self.blobs.iter().map(blob).collect()
            }
            Table::Search => {
                self.searched.values().map(|row| Kept::Search(SearchRow::clone(row))).collect()
            }
        }
    }
}

/// The keys in order; one that is declared twice is unique when it is so once.
fn kept_keys(keys: &[Key]) -> Vec<KeptKey> {
    let mut distinct: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for key in keys {
        *distinct.entry((key.name, &key.value)).or_default() |= key.unique;
    }
    let kept = |((name, value), unique): ((&str, &str), bool)| KeptKey {
        name: name.to_owned(),
        value: value.to_owned(),
        unique,
    };
    distinct.into_iter().map(kept).collect()
}

impl MemoryTx {
    fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Arc<Stored>> {
        self.data.records.iter().filter(move |((k, _), _)| k == kind).map(|(_, stored)| stored)
    }
}

fn size(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn memory_keeps_the_contract() {
        let make = || -> Arc<dyn Store> { Arc::new(MemoryStore::new()) };
        assert_eq!(crate::contract::failures(&make).await, Vec::<String>::new());
    }
}
