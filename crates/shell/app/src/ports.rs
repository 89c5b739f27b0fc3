//! What the application needs from the world: a store, a clock and chance.

use crate::{Act, Error, Result, Who, publishing::Frozen};
use gemba_model::id;
use gemba_store::{Mode, Store, Tx};
use jiff::{Timestamp, tz::TimeZone};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// What time it is.
pub trait Clock: Send + Sync {
    /// Now, in whole microseconds: what is stored and read again must be equal.
    fn now(&self) -> Timestamp;
}

/// Chance good enough for secrets.
pub trait Chance: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// The application: its ports, shared by every request.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    frozen: Mutex<BTreeMap<String, Arc<Frozen>>>,
}

/// Revisions kept compiled in memory; more are dropped all at once.
const MAX_FROZEN: usize = 1_000;

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("store", &self.inner.store).finish_non_exhaustive()
    }
}

impl App {
    /// An application on these ports.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        Self { inner: Arc::new(Inner { store, clock, chance, frozen: Mutex::default() }) }
    }

    /// The same application at another time, for building a history.
    #[must_use]
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self::new(Arc::clone(&self.inner.store), clock, Arc::clone(&self.inner.chance))
    }

    /// The store, for looking after it as a whole.
    pub(crate) fn store(&self) -> &dyn Store {
        &*self.inner.store
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The one way to a transaction: past the access check.
    pub(crate) async fn open(&self, who: &Who, act: Act, mode: Mode) -> Result<Box<dyn Tx>> {
        crate::access::require(who, act)?;
        Ok(self.inner.store.begin(mode).await?)
    }

    /// A transaction for finding out who asks; nothing else may use it.
    pub(crate) async fn open_for_identity(&self, mode: Mode) -> Result<Box<dyn Tx>> {
        Ok(self.inner.store.begin(mode).await?)
    }

    /// 128 random bits.
    pub(crate) fn chance(&self) -> u128 {
        let mut buffer = [0; 16];
        self.inner.chance.fill(&mut buffer);
        u128::from_le_bytes(buffer)
    }

    /// A secret of 256 random bits in base 32, with a prefix that secret scanners can know.
    pub(crate) fn secret(&self, prefix: &str) -> String {
        format!("{prefix}_{}{}", id::encode(self.chance()), id::encode(self.chance()))
    }

    /// The milliseconds and chance that a new id is made from.
    pub(crate) fn fresh(&self) -> (u64, u128) {
        (u64::try_from(self.now().as_millisecond()).unwrap_or(0), self.chance())
    }

    pub(crate) fn cached(&self, revision: &str) -> Option<Arc<Frozen>> {
        self.inner.frozen.lock().unwrap_or_else(PoisonError::into_inner).get(revision).cloned()
    }

    pub(crate) fn cache(&self, revision: &str, frozen: Arc<Frozen>) {
        let mut all = self.inner.frozen.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MAX_FROZEN {
            all.clear();
        }
        all.insert(revision.to_owned(), frozen);
    }
}

/// The zone with this IANA name.
pub fn zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|_unknown| {
        Error::invalid("zone", format!("`{name}` is no time zone; write for example Europe/Berlin"))
    })
}
