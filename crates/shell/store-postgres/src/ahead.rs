//! Where acts ahead of their turn read: on the desk, and what does not lie there in the database.

use crate::reader::Readers;
use crate::session::Session;
use crate::table::{item, record, run};
use crate::writer::GroupCommit;
use async_trait::async_trait;
use gemba_model::id::{RunId, WorkItemId};
use gemba_store::ahead::{Decided, Desk, Ground, Place};
use gemba_store::{Error, ItemRow, RecordRow, RunRow};
use std::sync::{Arc, MutexGuard, PoisonError};

/// One act.
pub(crate) struct Here {
    readers: Arc<Readers>,
    writer: Arc<GroupCommit>,
}

impl Here {
    /// An act that begins now.
    pub(crate) fn of(readers: Arc<Readers>, writer: Arc<GroupCommit>) -> Self {
        Self { readers, writer }
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.writer.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn session(&self) -> Result<Session, Error> {
        Ok(Session::Read(Box::new(self.readers.begin().await?)))
    }

    /// Lays down what was read in the database, where that is known to be the last of it.
    fn lay(&self, place: &Place, durable: u64, lay: impl FnOnce(&mut Desk)) -> Result<(), Error> {
        let mut desk = self.desk();
        if !desk.is_last(place, durable) {
            return Err(Error::Overtaken);
        }
        lay(&mut desk);
        Ok(())
    }
}

#[async_trait]
impl Ground for Here {
    fn mark(&self) -> u64 {
        self.desk().mark()
    }

    async fn run(&self, id: RunId) -> Result<Option<RunRow>, Error> {
        let (lies, durable) = {
            let mut desk = self.desk();
            (desk.run(id), desk.durable())
        };
        if let Some(row) = lies {
            return Ok(Some(row));
        }
        let row = run::one(&mut self.session().await?, id).await?;
        self.lay(&Place::Run(id), durable, |desk| {
            if let Some(row) = &row {
                desk.lay_run(row);
            }
        })?;
        Ok(row)
    }

    async fn item(&self, id: WorkItemId) -> Result<Option<ItemRow>, Error> {
        let (lies, durable) = {
            let mut desk = self.desk();
            (desk.item(id), desk.durable())
        };
        if let Some(row) = lies {
            return Ok(Some(row));
        }
        let found = item::one(&mut self.session().await?, id).await?;
        if let Some(row) = &found {
            self.lay(&Place::Run(row.run), durable, |desk| desk.lay_item(row))?;
        }
        Ok(found)
    }

    async fn record(&self, kind: &str, id: &str) -> Result<Option<RecordRow>, Error> {
        let (lies, durable) = {
            let mut desk = self.desk();
            (desk.record(kind, id).cloned(), desk.durable())
        };
        if let Some(row) = lies {
            return Ok(row);
        }
        let row = record::one(&mut self.session().await?, kind, id).await?;
        let place = Place::Record(kind.to_owned(), id.to_owned());
        self.lay(&place, durable, |desk| desk.lay_record(kind, id, row.as_ref()))?;
        Ok(row)
    }

    async fn by_key(&self, kind: &str, key: &str, value: &str) -> Result<Vec<RecordRow>, Error> {
        let (lies, durable) = {
            let mut desk = self.desk();
            (desk.by_key(kind, key, value), desk.durable())
        };
        if let Some(rows) = lies {
            return Ok(rows);
        }
        let rows = record::by_key(&mut self.session().await?, kind, key, value).await?;
        let place = Place::Kind(kind.to_owned());
        self.lay(&place, durable, |desk| desk.lay_list(kind, key, value, &rows))?;
        Ok(rows)
    }

    async fn settle(&self, decided: Decided) -> Result<(), Error> {
        self.writer.settle(decided).await
    }
}
