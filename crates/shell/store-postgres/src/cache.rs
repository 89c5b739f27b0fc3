//! What a group of transactions has already read or written, so that it need not ask again.
//!
//! It is true because nobody else writes while the group holds the workspace's lock. It stays from one
//! group to the next where the count of the workspace's turns says that nobody wrote in between, and is
//! emptied whenever something is undone.

use gemba_model::id::{ProcessId, RunId, WorkItemId};
use gemba_store::{ItemRow, RecordRow, RunRow};
use std::collections::BTreeMap;

/// How many rows of each kind are remembered; then all are forgotten.
const MOST: usize = 2_000;

/// What is known of the rows of the database.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    /// Runs; `None` where there is none with the id.
    pub(crate) runs: Known<RunId, RunRow>,
    /// Work items.
    pub(crate) items: Known<WorkItemId, ItemRow>,
    /// Records, by kind and id.
    pub(crate) records: Known<(String, String), RecordRow>,
    /// The last line of the audit log: its number and its hash.
    pub(crate) audit: Option<(i64, String)>,
    /// The last number of a run of each process that was asked for.
    pub(crate) numbers: BTreeMap<ProcessId, i64>,
}

/// How many records are remembered beyond a group: they may be large.
const KEPT: usize = 200;

impl Cache {
    /// Remembers a run that was written.
    pub(crate) fn know_run(&mut self, row: &RunRow) {
        if let Some(last) = self.numbers.get_mut(&row.process) {
            *last = row.number.max(*last);
        }
        self.runs.put(row.id, Some(row.clone()));
    }

    /// Forgets what is known of records.
    pub(crate) fn forget_records(&mut self) {
        self.records = Known::default();
    }

    /// What is remembered beyond the end of a group.
    pub(crate) fn go_on(&mut self) {
        if self.records.0.len() > KEPT {
            self.records = Known::default();
        }
    }
}

/// What is known of the rows of one table.
#[derive(Debug)]
pub(crate) struct Known<K, V>(BTreeMap<K, Option<V>>);

impl<K, V> Default for Known<K, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord, V: Clone> Known<K, V> {
    /// What is known of this row: nothing, that it is not there, or the row.
    pub(crate) fn get(&self, key: &K) -> Option<&Option<V>> {
        self.0.get(key)
    }

    /// Remembers a row, or that there is none.
    pub(crate) fn put(&mut self, key: K, row: Option<V>) {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        self.0.insert(key, row);
    }
}
