//! What tests of the shell and the doors stand on: an application in memory with a clock that is set,
//! chance that repeats, and a small company with one persona of each kind.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod postbox;
mod postgres;

pub use postbox::Postbox;
pub use postgres::Postgres;

use gemba_app::{
    App, Who,
    accounts::{self, NewAccount},
    agents::{self, CharterInput},
    ports::{Chance, Clock},
    processes::{self, File},
    publishing::{self, Publication},
    records::Level,
    seats::{self, HolderInput, SeatInput},
    tokens,
    workspace::{self, NewWorkspace},
};
use gemba_model::{Process, role::Role};
use gemba_store::{Store, memory::MemoryStore};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// A clock that stands still until it is set.
#[derive(Debug)]
pub struct FakeClock {
    us: AtomicI64,
}

impl FakeClock {
    /// A clock that shows this time.
    pub fn at(time: Timestamp) -> Arc<Self> {
        Arc::new(Self { us: AtomicI64::new(time.as_microsecond()) })
    }

    /// Sets it.
    pub fn set(&self, time: Timestamp) {
        self.us.store(time.as_microsecond(), Ordering::SeqCst);
    }

    /// Moves it on.
    pub fn pass(&self, time: SignedDuration) {
        let us = i64::try_from(time.as_micros()).expect("a test does not wait for ever");
        self.us.fetch_add(us, Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.us.load(Ordering::SeqCst)).expect("a time in range")
    }
}

/// Chance that gives the same for the same seed (the `SplitMix64` generator, Steele et al. 2014).
#[derive(Debug)]
pub struct SeededChance {
    state: AtomicU64,
}

impl SeededChance {
    /// Chance from this seed.
    pub fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self { state: AtomicU64::new(seed) })
    }
}

impl Chance for SeededChance {
    fn fill(&self, buffer: &mut [u8]) {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        for chunk in buffer.chunks_mut(8) {
            let mut z = self.state.fetch_add(STEP, Ordering::SeqCst).wrapping_add(STEP);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            for (to, from) in chunk.iter_mut().zip(z.to_le_bytes()) {
                *to = from;
            }
        }
    }
}

/// What a text says, without a store.
pub fn read(text: &str) -> Process {
    processes::read(&Who::operator(), text, "sop.md").expect("whatever is written").process
}

/// An SOP that is sound: three steps, two seats, a loop, evidence, output and failure signals.
pub const INVOICING: &str = "---
owner: Accounting
function: Finance
trigger: monthly on the 1st at 09:00
---

# Monthly invoicing

Every client gets a correct invoice within two days.

## Steps

1. **Collect the hours** — Accounting {#collect-hours}

   Pull the approved timesheets.

2. **Check the hours** — Delivery lead {#check-hours}

   Compare them with the plan.

   - If hours are missing, go back to step 1.
   - Otherwise, continue.

3. **Send the invoices** — Accounting {#send-invoices}

   Send one invoice per client.

   - Evidence (link): the folder of sent invoices

## Expected output

- One invoice per client in the ledger

## Failure signals

- A client asks where the invoice is
";

/// An application in memory with a small company: the seats Accounting (held by Mia, a member),
/// Delivery lead (held by an agent) and Sales (vacant).
#[derive(Debug)]
pub struct TestApp {
    /// The application.
    pub app: App,
    /// Its clock; it begins on Monday, 5 January 2026, 08:00 UTC.
    pub clock: Arc<FakeClock>,
    /// What it sends ends here.
    pub postbox: Arc<Postbox>,
}

impl TestApp {
    /// An application without a workspace, on this store.
    pub fn bare(store: Arc<dyn Store>) -> Self {
        let clock = FakeClock::at("2026-01-05T08:00:00Z".parse().expect("a time"));
        let postbox = Arc::new(Postbox::default());
        let app = App::new(store, Arc::<FakeClock>::clone(&clock), SeededChance::new(7))
            .with_courier(Arc::<Postbox>::clone(&postbox));
        Self { app, clock, postbox }
    }

    /// An application with the small company.
    pub async fn new() -> Self {
        Self::on(Arc::new(MemoryStore::new())).await
    }

    /// The small company on this store.
    pub async fn on(store: Arc<dyn Store>) -> Self {
        let kit = Self::bare(store);
        let owner = account("Olga", Role::Owner);
        let new = NewWorkspace { name: "Acme".to_owned(), zone: "Europe/Berlin".to_owned(), owner };
        workspace::create(&kit.app, new).await.expect("a workspace");
        for (name, role) in [
            ("Adam", Role::Admin),
            ("Mara", Role::Manager),
            ("Mia", Role::Member),
            ("Ben", Role::Member),
            ("Otto", Role::Observer),
        ] {
            accounts::create(&kit.app, &Who::operator(), account(name, role))
                .await
                .expect("an account");
        }
        let mia = kit.account("Mia").await;
        for (name, holder) in [
            ("Accounting", HolderInput::Person(mia)),
            ("Delivery lead", HolderInput::Agent("Dash".to_owned())),
            ("Sales", HolderInput::Vacant),
        ] {
            let reports_to = (name == "Delivery lead").then(|| "Accounting".to_owned());
            let input =
                SeatInput { name: name.to_owned(), holder, reports_to, ..SeatInput::default() };
            seats::create(&kit.app, &Who::operator(), input).await.expect("a seat");
        }
        kit.charter("Delivery lead").await;
        kit
    }

    async fn account(&self, name: &str) -> gemba_model::id::AccountId {
        let all = accounts::list(&self.app, &Who::operator()).await.expect("accounts");
        all.into_iter().find(|a| a.name == name).expect("a persona").id
    }

    /// A person of the small company: Olga (owner), Adam (admin), Mara (manager), Mia (member, holds
    /// Accounting), Ben (member, no seat) or Otto (observer). The password of each is "correct horse".
    pub async fn person(&self, name: &str) -> Who {
        let id = self.account(name).await;
        accounts::acting_as(&self.app, &Who::operator(), id).await.expect("a persona")
    }

    /// Says of the agent on a seat that reports to a person what it needs to act, and that it acts by itself.
    pub async fn charter(&self, seat: &str) {
        let charter = agents::charter(&self.app, &Who::operator(), seat, charter()).await;
        charter.expect("a charter");
    }

    /// A new bearer token for a seat.
    pub async fn token(&self, seat: &str) -> String {
        let made = tokens::create(&self.app, &Who::operator(), seat, "test").await;
        made.expect("a token").secret
    }

    /// The agent or program that acts for a seat.
    pub async fn agent(&self, seat: &str) -> Who {
        let secret = self.token(seat).await;
        tokens::bearer(&self.app, &secret).await.expect("a bearer")
    }

    /// Imports an SOP and publishes it; its slug comes back.
    pub async fn publish(&self, sop: &str) -> String {
        let file = File { name: "sop.md".to_owned(), bytes: sop.as_bytes().to_vec() };
        let who = Who::operator();
        let done = processes::import(&self.app, &who, vec![file]).await.expect("an import");
        let slug = done.first().and_then(|f| f.slugs.first()).expect("a process").clone();
        let with = Publication::default();
        publishing::publish(&self.app, &who, &slug, with).await.expect("a revision");
        slug
    }
}

/// What an agent needs to act, and that it acts by itself; its sponsor holds its switch.
pub fn charter() -> CharterInput {
    CharterInput {
        mandate: "Does the steps of its seat.".to_owned(),
        edges: vec!["Never pays anybody".to_owned()],
        metric: "Steps done on the day".to_owned(),
        switch: None,
        level: Level::Act,
    }
}

/// What makes an account of a persona.
fn account(name: &str, role: Role) -> NewAccount {
    NewAccount {
        email: format!("{}@example.com", name.to_lowercase()),
        name: name.to_owned(),
        password: Some("correct horse".to_owned()),
        role,
    }
}
