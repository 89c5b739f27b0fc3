//! What the application needs from the world: a store, a clock and chance.

use crate::{
    Act, Error, Result, Who,
    agents::guard,
    idempotency::{self, Keyed},
    known::Known,
    publishing::Frozen,
    records::Channel,
};
use async_trait::async_trait;
use gemba_model::id;
use gemba_store::{Mode, Store, Tx};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
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

/// What carries messages out of the house.
#[async_trait]
pub trait Courier: Send + Sync {
    /// The address at which people reach this server, without a slash at its end.
    fn base(&self) -> &str;
    /// Whether it can send e-mail.
    fn sends_mail(&self) -> bool;
    /// Why nothing may be sent to an address, as far as the address alone tells.
    fn refuses(&self, url: &str) -> Option<String>;
    /// Posts to an address; redirects are answers, not followed.
    async fn post(&self, post: Post) -> std::result::Result<Answer, String>;
    /// Sends an e-mail; what the server said comes back.
    async fn mail(&self, mail: Mail) -> std::result::Result<String, String>;
}

/// What is posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The address.
    pub url: String,
    /// The headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// How many seconds the receiver asks to wait.
    pub retry_after: Option<u32>,
    /// The beginning of the body.
    pub body: String,
}

/// An e-mail, as plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// To whom.
    pub to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// What tells it from any other: the same when it is sent again.
    pub id: String,
}

/// A courier that carries nothing, for programs that only write.
#[derive(Debug, Clone, Copy)]
struct Nobody;

#[async_trait]
impl Courier for Nobody {
    fn base(&self) -> &'static str {
        ""
    }
    fn sends_mail(&self) -> bool {
        false
    }
    fn refuses(&self, _url: &str) -> Option<String> {
        Some("this program sends nothing".to_owned())
    }
    async fn post(&self, _post: Post) -> std::result::Result<Answer, String> {
        Err("this program sends nothing".to_owned())
    }
    async fn mail(&self, _mail: Mail) -> std::result::Result<String, String> {
        Err("this program sends no e-mail".to_owned())
    }
}

/// The application: its ports, shared by every request.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
    /// The request that it answers, where that came under an idempotency key.
    key: Option<Arc<Keyed>>,
}

struct Inner {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    courier: Arc<dyn Courier>,
    frozen: Mutex<BTreeMap<String, Arc<Frozen>>>,
    channels: Mutex<Option<(Timestamp, Arc<[Channel]>)>>,
    known: Known,
}

/// How long the channels are known without looking: so late another node hears of a new one.
const CHANNELS_KNOWN: SignedDuration = SignedDuration::from_secs(5);

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
        Self::whole(store, clock, chance, Arc::new(Nobody))
    }

    fn whole(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        courier: Arc<dyn Courier>,
    ) -> Self {
        let (frozen, channels, known) = (Mutex::default(), Mutex::default(), Known::default());
        let inner = Inner { store, clock, chance, courier, frozen, channels, known };
        Self { inner: Arc::new(inner), key: None }
    }

    /// The same application with somebody who carries its messages out.
    #[must_use]
    pub fn with_courier(&self, courier: Arc<dyn Courier>) -> Self {
        let Inner { store, clock, chance, .. } = &*self.inner;
        Self::whole(Arc::clone(store), Arc::clone(clock), Arc::clone(chance), courier)
    }

    /// Who carries messages out.
    pub fn courier(&self) -> &dyn Courier {
        &*self.inner.courier
    }

    /// The same application at another time, for building a history.
    #[must_use]
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        let Inner { store, chance, courier, .. } = &*self.inner;
        Self::whole(Arc::clone(store), clock, Arc::clone(chance), Arc::clone(courier))
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
        let mut tx = self.inner.store.begin(mode).await?;
        guard::admit(self, &mut *tx, who, act).await?;
        if let (Some(keyed), Mode::Write | Mode::Ahead) = (&self.key, mode) {
            idempotency::begun(&mut *tx, keyed, self.now()).await?;
        }
        Ok(tx)
    }

    /// The same application, answering a request under an idempotency key.
    pub(crate) fn under(&self, keyed: Keyed) -> Self {
        Self { inner: Arc::clone(&self.inner), key: Some(Arc::new(keyed)) }
    }

    /// The same application, answering nothing.
    pub(crate) fn plain(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), key: None }
    }

    /// The request that it answers.
    pub(crate) fn key(&self) -> Option<&Keyed> {
        self.key.as_deref()
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

    /// The channels in force, where they are known.
    pub(crate) fn known_channels(&self) -> Option<Arc<[Channel]>> {
        let known = self.inner.channels.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, channels) = known.as_ref()?;
        let age = self.now().duration_since(*at);
        (SignedDuration::ZERO..CHANNELS_KNOWN).contains(&age).then(|| Arc::clone(channels))
    }

    /// Remembers the channels in force, or forgets them because they change.
    pub(crate) fn know_channels(&self, channels: Option<Arc<[Channel]>>) {
        let mut known = self.inner.channels.lock().unwrap_or_else(PoisonError::into_inner);
        *known = channels.map(|channels| (self.now(), channels));
    }

    /// What was read lately.
    pub(crate) fn known(&self) -> &Known {
        &self.inner.known
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
