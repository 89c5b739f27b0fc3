//! The store: a file opened, transactions begun, its health and its copies.

use crate::ahead::Here;
use crate::fault::{broken, damaged, failed};
use crate::reader::Readers;
use crate::tx::{Held, SqliteTx};
use crate::writer::GroupCommit;
use crate::{file, image, migration};
use async_trait::async_trait;
use gemba_store::{Error, Mode, Store, Tx, ahead::AheadTx};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;

/// A store in one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    // Before `writer`: the last connection to close tidies the files, and only a writer can.
    readers: Arc<Readers>,
    writer: Arc<GroupCommit>,
}

impl SqliteStore {
    /// Opens the file and brings its structure up to date; where there is no file, one is made in a
    /// folder that must exist. A file of another program or of a newer Gemba is refused.
    pub fn open(path: &Path) -> Result<Self, Error> {
        file::make(path)?;
        let mut conn = file::open_writer(path)?;
        migration::migrate(&mut conn)?;
        let path = path.to_owned();
        Ok(Self { readers: Readers::of(path.clone()), writer: GroupCommit::start(conn)?, path })
    }

    /// Runs what takes long on a thread where it holds up nobody.
    async fn aside<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Path) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let path = self.path.clone();
        let done = tokio::task::spawn_blocking(move || work(&path)).await;
        done.map_err(|e| broken(doing, e))?
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn begin(&self, mode: Mode) -> Result<Box<dyn Tx>, Error> {
        let held = match mode {
            Mode::Read => Held::Read(self.readers.begin().await?),
            Mode::Write => Held::Write(self.writer.begin().await?),
            Mode::Ahead => {
                let here = Here::of(Arc::clone(&self.readers), Arc::clone(&self.writer));
                return Ok(Box::new(AheadTx::new(Arc::new(here))));
            }
        };
        Ok(Box::new(SqliteTx { held }))
    }

    async fn check(&self) -> Result<Vec<String>, Error> {
        self.aside("checked itself", |path| problems(&file::open_reader(path)?)).await
    }

    /// The image is held in memory as a whole, and for a moment also as a file beside the database.
    async fn image(&self) -> Result<Vec<u8>, Error> {
        self.aside("copied itself", image::take).await
    }

    /// Of what other processes write to the file this does not hear.
    fn changes(&self) -> watch::Receiver<u64> {
        self.writer.changes()
    }
}

/// What is wrong with a database.
fn problems(conn: &Connection) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    let steps = migration::pending(conn)?;
    if !steps.is_empty() {
        found.push(format!("{} steps of the structure are missing", steps.len()));
    }
    let said = || -> rusqlite::Result<Vec<String>> {
        let mut check = conn.prepare("SELECT quick_check FROM pragma_quick_check")?;
        check.query_map((), |row| row.get(0))?.collect()
    };
    match said() {
        Ok(said) => found.extend(said.into_iter().filter(|line| line != "ok")),
        // So broken that it cannot even be checked.
        Err(e) if damaged(&e) => found.push(e.to_string()),
        Err(e) => return Err(failed("database", "checked itself")(e)),
    }
    Ok(found)
}
