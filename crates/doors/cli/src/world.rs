//! The real clock, real chance, and the application on a real database.

use crate::{args::Data, failure::Failure, paths};
use gemba_app::{
    App,
    ports::{Chance, Clock},
    search,
};
use gemba_store_sqlite::SqliteStore;
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;

/// The machine's clock.
#[derive(Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the Clock port's real side")]
        let now = Timestamp::now();
        // What is stored has microseconds; comparing with what was read again must not differ.
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}

/// The machine's chance.
#[derive(Debug)]
pub(crate) struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, buffer: &mut [u8]) {
        #[expect(clippy::expect_used, reason = "without chance no secret is safe: better to stop")]
        getrandom::fill(buffer).expect("the machine gives random bytes");
    }
}

/// The application on the database of these options.
pub(crate) fn open(data: &Data) -> Result<App, Failure> {
    open_file(&paths::database(data)?)
}

/// The application on the database of these options, which must be there already.
pub(crate) fn open_existing(data: &Data) -> Result<App, Failure> {
    let path = paths::database_path(data)?;
    if !path.exists() {
        return Err(Failure::Usage(format!("there is no database at {}", path.display())));
    }
    open_file(&path)
}

/// The application on this database file.
pub(crate) fn open_file(path: &Path) -> Result<App, Failure> {
    let store = SqliteStore::open(path)?;
    let app = App::new(Arc::new(store), Arc::new(SystemClock), Arc::new(SystemChance));
    block_on(async { Ok(search::prepare(&app).await?) })?;
    Ok(app)
}

/// The name of the machine's time zone.
pub(crate) fn zone_name() -> String {
    let zone = jiff::tz::TimeZone::system();
    zone.iana_name().unwrap_or("UTC").to_owned()
}

/// Runs a future to its end.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::Machine(format!("cannot start: {e}")))?;
    runtime.block_on(future)
}
