//! Where acts ahead of their turn read: on the desk, and what does not lie there on the disk.

use crate::reader::Readers;
use crate::table::{item, record, run};
use crate::writer::GroupCommit;
use async_trait::async_trait;
use gemba_model::id::{RunId, WorkItemId};
use gemba_store::ahead::{Decided, Desk, Ground, Place};
use gemba_store::{Error, ItemRow, RecordRow, RunRow};
use rusqlite::Connection;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

/// One act.
pub(crate) struct Here {
    // Before `writer`, as in the store.
    readers: Arc<Readers>,
    writer: Arc<GroupCommit>,
}

impl Here {
    /// An act that begins now.
    pub(crate) fn of(readers: Arc<Readers>, writer: Arc<GroupCommit>) -> Self {
        writer.ahead.fetch_add(1, Ordering::AcqRel);
        Self { readers, writer }
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.writer.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What lies on the desk, or else what is read on the disk, where that is known to be the last of it;
    /// then it is laid down.
    async fn find<T>(
        &self,
        lies: impl Fn(&mut Desk) -> Option<T>,
        read: impl Fn(&Connection) -> Result<T, Error>,
        place: impl Fn(&T) -> Option<Place>,
        lay: impl Fn(&mut Desk, &T),
    ) -> Result<T, Error> {
        let durable = {
            let mut desk = self.desk();
            if let Some(found) = lies(&mut desk) {
                return Ok(found);
            }
            desk.durable()
        };
        let tx = self.readers.begin().await?;
        let found = read(tx.conn()?)?;
        drop(tx);
        let mut desk = self.desk();
        if let Some(place) = place(&found) {
            if !desk.is_last(&place, durable) {
                return Err(Error::Overtaken);
            }
            lay(&mut desk, &found);
        }
        Ok(found)
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.writer.ahead.fetch_sub(1, Ordering::AcqRel);
    }
}

#[async_trait]
impl Ground for Here {
    fn mark(&self) -> u64 {
        self.desk().mark()
    }

    async fn run(&self, id: RunId) -> Result<Option<RunRow>, Error> {
        self.find(
            |desk| desk.run(id).map(Some),
            |conn| run::one(conn, id),
            |_| Some(Place::Run(id)),
            |desk, row| {
                if let Some(row) = row {
                    desk.lay_run(row);
                }
            },
        )
        .await
    }

    async fn item(&self, id: WorkItemId) -> Result<Option<ItemRow>, Error> {
        self.find(
            |desk| desk.item(id).map(Some),
            |conn| item::one(conn, id),
            |row| row.as_ref().map(|row| Place::Run(row.run)),
            |desk, row| {
                if let Some(row) = row {
                    desk.lay_item(row);
                }
            },
        )
        .await
    }

    async fn record(&self, kind: &str, id: &str) -> Result<Option<RecordRow>, Error> {
        self.find(
            |desk| desk.record(kind, id).cloned(),
            |conn| record::one(conn, kind, id),
            |_| Some(Place::Record(kind.to_owned(), id.to_owned())),
            |desk, row| desk.lay_record(kind, id, row.as_ref()),
        )
        .await
    }

    async fn by_key(&self, kind: &str, key: &str, value: &str) -> Result<Vec<RecordRow>, Error> {
        self.find(
            |desk| desk.by_key(kind, key, value),
            |conn| record::by_key(conn, kind, key, value),
            |_| Some(Place::Kind(kind.to_owned())),
            |desk, rows| desk.lay_list(kind, key, value, rows),
        )
        .await
    }

    async fn settle(&self, decided: Decided) -> Result<(), Error> {
        self.writer.settle(decided).await
    }
}
