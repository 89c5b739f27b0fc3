//! What lies on the desk of a store: the rows that were last read or written, and which were written
//! when.
//!
//! A *mark* is the number of acts that have written so far. An act is overtaken where something that it
//! read was written after its mark. What is written is on the desk before the disk has it; a row that is
//! not on the desk may be read from the disk only where its last writing is known to be there.
//!
//! Invariants: the one who has the turn alone writes here; a row on the desk is what the next turn will
//! find; after [`Desk::forget`] nothing decided before is current.

use super::{Decided, Place, Write};
use crate::{ItemRow, RecordRow, RunRow};
use gemba_model::id::{RunId, WorkItemId};
use std::collections::HashMap;
use std::hash::Hash;

/// How many rows of each kind lie there, young and old each.
const ROWS: usize = 1_024;
/// How many places are remembered as written; then all that was decided before is overtaken.
const PLACES: usize = 20_000;
/// The longest list of records that is kept, and the largest record.
const LIST: usize = 4;
const LARGE: usize = 64 << 10;

type ByKey = (String, String, String);

/// The desk.
#[derive(Debug, Default)]
pub struct Desk {
    now: u64,
    /// What was written up to here is not told apart.
    since: u64,
    /// What was written up to here is on the disk.
    durable: u64,
    written: HashMap<Place, u64>,
    runs: Recent<RunId, RunRow>,
    items: Recent<WorkItemId, ItemRow>,
    records: Recent<(String, String), Option<RecordRow>>,
    lists: Recent<ByKey, Vec<RecordRow>>,
}

impl Desk {
    /// The number of acts that have written so far.
    pub fn mark(&self) -> u64 {
        self.now
    }

    /// The mark up to which all is on the disk: taken before one reads there.
    pub fn durable(&self) -> u64 {
        self.durable
    }

    /// Whether what was read on the disk after all up to `durable` was there is the last of it.
    pub fn is_last(&self, place: &Place, durable: u64) -> bool {
        self.written.get(place).copied().unwrap_or(self.since) <= durable
    }

    /// A run that lies here.
    pub fn run(&mut self, id: RunId) -> Option<RunRow> {
        self.runs.get(&id).cloned()
    }

    /// A work item that lies here.
    pub fn item(&mut self, id: WorkItemId) -> Option<ItemRow> {
        self.items.get(&id).cloned()
    }

    /// A record that lies here, or that it is known not to be there.
    pub fn record(&mut self, kind: &str, id: &str) -> Option<&Option<RecordRow>> {
        self.records.get(&(kind.to_owned(), id.to_owned()))
    }

    /// The records with a key that lie here.
    pub fn by_key(&mut self, kind: &str, key: &str, value: &str) -> Option<Vec<RecordRow>> {
        self.lists.get(&(kind.to_owned(), key.to_owned(), value.to_owned())).cloned()
    }

    /// Lays down a run that [`Self::is_last`] holds for.
    pub fn lay_run(&mut self, row: &RunRow) {
        self.runs.put(row.id, row.clone());
    }

    /// Lays down a work item whose run [`Self::is_last`] holds for.
    pub fn lay_item(&mut self, row: &ItemRow) {
        self.items.put(row.id, row.clone());
    }

    /// Lays down a record that [`Self::is_last`] holds for, or that there is none.
    pub fn lay_record(&mut self, kind: &str, id: &str, row: Option<&RecordRow>) {
        if row.is_none_or(|row| row.body.len() <= LARGE) {
            self.records.put((kind.to_owned(), id.to_owned()), row.cloned());
        }
    }

    /// Lays down the records with a key whose kind [`Self::is_last`] holds for.
    pub fn lay_list(&mut self, kind: &str, key: &str, value: &str, rows: &[RecordRow]) {
        if rows.len() <= LIST && rows.iter().all(|row| row.body.len() <= LARGE) {
            let of = (kind.to_owned(), key.to_owned(), value.to_owned());
            self.lists.put(of, rows.to_vec());
        }
    }

    /// Whether nothing that it read was written since it began.
    pub fn is_current(&self, decided: &Decided) -> bool {
        decided.since >= self.since
            && decided.reads.iter().all(|place| self.is_last(place, decided.since))
    }

    /// Notes what the one who has the turn writes. The number of a new run is not known yet: it is laid
    /// down by whoever gives it.
    pub fn write<'a>(&mut self, writes: impl IntoIterator<Item = &'a Write>) {
        self.now += 1;
        if self.written.len() > PLACES {
            self.written.clear();
            self.since = self.now;
        }
        for write in writes {
            for place in write.places() {
                match &place {
                    Place::Record(kind, id) => self.records.forget(&(kind.clone(), id.clone())),
                    Place::Kind(kind) => self.lists.forget_where(|(of, ..)| of == kind),
                    Place::Run(_) => {}
                }
                self.written.insert(place, self.now);
            }
            match write {
                Write::Run(row) => self.lay_run(row),
                Write::Item(row) => self.lay_item(row),
                Write::NewRun(row) => self.runs.forget(&row.id),
                Write::Record { .. }
                | Write::Events { .. }
                | Write::Delivery(_)
                | Write::Search(_)
                | Write::Audit(_) => {}
            }
        }
    }

    /// All that was written so far is on the disk.
    pub fn keep(&mut self) {
        self.durable = self.now;
    }

    /// Something was undone or somebody else wrote: nothing is known any more.
    pub fn forget(&mut self) {
        self.now += 1;
        self.since = self.now;
        self.durable = self.now;
        self.written.clear();
        self.runs = Recent::default();
        self.items = Recent::default();
        self.records = Recent::default();
        self.lists = Recent::default();
    }
}

/// The rows used last, in two halves: when the young half is full, it becomes the old one.
#[derive(Debug)]
struct Recent<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self { young: HashMap::new(), old: HashMap::new() }
    }
}

impl<K: Hash + Eq + Clone, V> Recent<K, V> {
    fn get(&mut self, key: &K) -> Option<&V> {
        if let Some(value) = self.old.remove(key) {
            self.put(key.clone(), value);
        }
        self.young.get(key)
    }

    fn put(&mut self, key: K, value: V) {
        if self.young.len() >= ROWS {
            self.old = std::mem::take(&mut self.young);
        }
        self.old.remove(&key);
        self.young.insert(key, value);
    }

    fn forget(&mut self, key: &K) {
        self.young.remove(key);
        self.old.remove(key);
    }

    fn forget_where(&mut self, is: impl Fn(&K) -> bool) {
        self.young.retain(|key, _| !is(key));
        self.old.retain(|key, _| !is(key));
    }
}
