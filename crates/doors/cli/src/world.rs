//! The real clock, real chance, and the application on a real database.

use crate::{args::Data, database::Database, failure::Failure};
use gemba_app::{
    App,
    ports::{Chance, Clock},
    search,
};
use jiff::Timestamp;
use std::sync::{Arc, OnceLock};
use tokio::runtime::Runtime;

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
    let database = Database::of(data)?;
    database.make_folder()?;
    open_database(&database)
}

/// The application on the database of these options; a file must be there already.
pub(crate) fn open_existing(data: &Data) -> Result<App, Failure> {
    let database = Database::of(data)?;
    database.must_exist()?;
    open_database(&database)
}

/// The application on this database.
pub(crate) fn open_database(database: &Database) -> Result<App, Failure> {
    block_on(async {
        let store = database.open().await?;
        let app = App::new(store, Arc::new(SystemClock), Arc::new(SystemChance));
        search::prepare(&app).await?;
        Ok(app)
    })
}

/// The name of the machine's time zone.
pub(crate) fn zone_name() -> String {
    let zone = jiff::tz::TimeZone::system();
    zone.iana_name().unwrap_or("UTC").to_owned()
}

/// The one runtime of the program: connections to a database live on the runtime that made them.
static RUNTIME: OnceLock<Runtime> = OnceLock::new();

/// Runs a future to its end.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = if let Some(runtime) = RUNTIME.get() {
        runtime
    } else {
        let made = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|e| Failure::Machine(format!("cannot start: {e}")))?;
        RUNTIME.get_or_init(|| made)
    };
    runtime.block_on(future)
}
