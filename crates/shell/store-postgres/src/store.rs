//! The store: a database connected to, transactions begun, its health.

use crate::address::Address;
use crate::ahead::Here;
use crate::changes::Changes;
use crate::connection::Conn;
use crate::fault::broken;
use crate::migration;
use crate::reader::Readers;
use crate::session::Session;
use crate::tx::PostgresTx;
use crate::writer::GroupCommit;
use async_trait::async_trait;
use gemba_store::{Error, Mode, Store, Tx, ahead::AheadTx};
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::watch;

/// A store in a PostgreSQL database.
#[derive(Debug)]
pub struct PostgresStore {
    address: Address,
    home: Handle,
    readers: Arc<Readers>,
    writer: Arc<GroupCommit>,
    changes: Changes,
}

impl PostgresStore {
    /// Connects to the database of a URL (`postgres://user@host/database`) and brings its structure up
    /// to date. A database with tables of another program or of a newer Gemba is refused. The
    /// connections live on the runtime that this is called on.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let address = Address::read(url)?;
        let home = Handle::current();
        let conn = Conn::open(&address, &home, "SET application_name = 'gemba'").await?;
        migration::migrate(&conn).await?;
        Ok(Self {
            readers: Readers::of(address.clone(), home.clone()),
            writer: GroupCommit::start(address.clone(), home.clone()),
            changes: Changes::listen(address.clone(), &home),
            address,
            home,
        })
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn begin(&self, mode: Mode) -> Result<Box<dyn Tx>, Error> {
        let session = match mode {
            Mode::Read => Session::Read(Box::new(self.readers.begin().await?)),
            Mode::Ahead if self.writer.is_alone() => {
                let here = Here::of(Arc::clone(&self.readers), Arc::clone(&self.writer));
                return Ok(Box::new(AheadTx::new(Arc::new(here))));
            }
            Mode::Write | Mode::Ahead => Session::Write(self.writer.begin().await?),
        };
        Ok(Box::new(PostgresTx { session }))
    }

    async fn check(&self) -> Result<Vec<String>, Error> {
        let conn =
            Conn::open(&self.address, &self.home, "SET application_name = 'gemba check'").await?;
        Ok(match migration::missing(&conn).await? {
            0 => Vec::new(),
            n => vec![format!("{n} steps of the structure are missing")],
        })
    }

    async fn image(&self) -> Result<Vec<u8>, Error> {
        Err(broken("copied itself", "a PostgreSQL database has no file image"))
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.receiver()
    }
}
