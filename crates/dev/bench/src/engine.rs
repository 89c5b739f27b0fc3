//! Completing steps: runs of a sequential process, each step durable before the next.

use crate::figures::{cpu_s, median, percentile_ms, rate, rounded, rss_mb};
use crate::limit;
use gemba_app::{
    App, Who,
    accounts::NewAccount,
    ports::{Chance, Clock},
    processes::{self, File},
    publishing, runs, seats, work, workspace,
};
use gemba_engine::Completion;
use gemba_model::role::Role;
use gemba_store::Store;
use gemba_store_postgres::PostgresStore;
use gemba_store_sqlite::SqliteStore;
use gemba_testkit::Postgres;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub(crate) struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "a benchmark lives in real time")]
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}

impl Chance for Wall {
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("chance");
    }
}

/// The most clients that are given a connection each.
const MANY: usize = 64;

/// What is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) postgres: bool,
    pub(crate) clients: usize,
    pub(crate) steps: usize,
    /// How long in all, for the engine and for each way of the limit.
    pub(crate) seconds: u64,
    /// How often the engine and the limit take turns in that time.
    pub(crate) rounds: u32,
}

/// Durations of steps, and the time and processor time that they took together.
#[derive(Debug, Default)]
struct Measured {
    each: Vec<Duration>,
    time: Duration,
    cpu_s: f64,
    /// The rate of each round.
    rates: Vec<f64>,
}

impl Measured {
    fn add(&mut self, work: impl FnOnce() -> Vec<Duration>) {
        let (cpu, begun) = (cpu_s(), Instant::now());
        let each = work();
        let time = begun.elapsed();
        self.cpu_s += cpu.zip(cpu_s()).map_or(0.0, |(before, after)| after - before);
        self.rates.push(rate(each.len(), time));
        self.time += time;
        self.each.extend(each);
    }

    /// The rate of the middle round: one in which the machine did something else says little.
    fn median(&self) -> f64 {
        median(&self.rates)
    }

    fn figures(&mut self) -> serde_json::Value {
        serde_json::json!({
            "steps_per_s": self.median(),
            "rounds": self.rates,
            "p50_ms": percentile_ms(&mut self.each, 0.5),
            "p99_ms": percentile_ms(&mut self.each, 0.99),
            "cpu_us_per_step": self.cpu_us(),
        })
    }

    fn cpu_us(&self) -> f64 {
        #[expect(clippy::as_conversions, reason = "counts far below 2^52")]
        let n = self.each.len().max(1) as f64;
        rounded(self.cpu_s * 1_000_000.0 / n)
    }
}

/// One store and one number of clients: the engine and what the database itself can do, taking turns on
/// the same disk. PostgreSQL is a server that is started for it with the settings it comes with.
pub(crate) fn run(asked: Asked) -> serde_json::Value {
    let Asked { postgres, clients, steps, seconds, rounds } = asked;
    let folder = tempfile::tempdir().expect("a folder");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let server = postgres.then(|| Postgres::start().expect("a PostgreSQL server on this machine"));
    let store: Arc<dyn Store> = match &server {
        Some(server) => {
            let connected = runtime.block_on(PostgresStore::connect(&server.database()));
            Arc::new(connected.expect("a store"))
        }
        None => Arc::new(SqliteStore::open(&folder.path().join("bench.db")).expect("a store")),
    };
    let app = App::new(store, Arc::new(Wall), Arc::new(Wall));
    let slug = runtime.block_on(set_up(&app, &sequence(steps)));
    let turn = Duration::from_secs(seconds) / rounds.max(1);
    let (mut engine, mut limits) = (Measured::default(), Vec::new());
    let ways: &[&str] = match (postgres, clients) {
        (true, ..2) => &["statement per step"],
        (true, ..=MANY) => &["statement per step", "batched"],
        // As PostgreSQL comes it takes a hundred connections.
        (true, _) => &["batched"],
        (false, _) => &["group commit"],
    };
    limits.resize_with(ways.len(), Measured::default);
    for _ in 0..rounds.max(1) {
        for (way, limit) in ways.iter().zip(&mut limits) {
            limit.add(|| match (&server, *way) {
                (None, _) => limit::sqlite(folder.path(), clients, turn),
                (Some(server), "batched") => {
                    runtime.block_on(limit::postgres_batched(server, clients, turn))
                }
                (Some(server), _) => {
                    runtime.block_on(limit::postgres_by_statement(server, clients, turn))
                }
            });
        }
        engine.add(|| runtime.block_on(together(&app, &slug, clients, turn)));
    }
    let ratios: Vec<_> = ways
        .iter()
        .zip(&mut limits)
        .map(|(way, limit)| {
            let ratio = rounded(engine.median() / limit.median());
            serde_json::json!({ "way": way, "ratio": ratio, "limit": limit.figures() })
        })
        .collect();
    let n = engine.each.len();
    serde_json::json!({
        "bench": "engine",
        "store": if postgres { "postgres" } else { "sqlite" },
        "clients": clients,
        "steps": n,
        "seconds": rounded(engine.time.as_secs_f64()),
        "steps_per_s": engine.median(),
        "runs_per_s": rate(n / steps.max(1), engine.time),
        "rounds": engine.rates,
        "p50_ms": percentile_ms(&mut engine.each, 0.5),
        "p99_ms": percentile_ms(&mut engine.each, 0.99),
        "cpu_us_per_step": engine.cpu_us(),
        "rss_mb": rss_mb(std::process::id()),
        "limits": ratios,
    })
}

/// All clients at the same time until the time is over.
async fn together(app: &App, slug: &str, clients: usize, time: Duration) -> Vec<Duration> {
    let end = Instant::now() + time;
    let tasks: Vec<_> =
        (0..clients).map(|_| tokio::spawn(client(app.clone(), slug.to_owned(), end))).collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.expect("a client ends"));
    }
    all
}

/// Both stores with one client, with 32 and with 256, one line each; the last line holds all.
pub(crate) fn all(steps: usize, seconds: u64, rounds: u32) -> serde_json::Value {
    let mut lines = Vec::new();
    for postgres in [false, true] {
        for clients in [1, 32, 256] {
            let line = run(Asked { postgres, clients, steps, seconds, rounds });
            println!("{line}");
            lines.push(line);
        }
    }
    serde_json::json!({ "bench": "engine", "all": lines })
}

/// So many steps, one after the other.
pub(crate) fn sequence(steps: usize) -> String {
    let steps: Vec<String> =
        (1..=steps).map(|n| format!("{n}. **Step {n}**\n\n   Do it.\n\n")).collect();
    format!("---\nowner: Doer\n---\n\n# Bench\n\n## Steps\n\n{}", steps.concat())
}

/// A workspace with this one process in force; its slug.
pub(crate) async fn set_up(app: &App, text: &str) -> String {
    let who = Who::operator();
    let owner = NewAccount {
        email: "bench@example.com".to_owned(),
        name: "Bench".to_owned(),
        password: None,
        role: Role::Owner,
    };
    let new = workspace::NewWorkspace { name: "Bench".to_owned(), zone: "UTC".to_owned(), owner };
    workspace::create(app, new).await.expect("a workspace");
    let seat = seats::SeatInput { name: "Doer".to_owned(), ..seats::SeatInput::default() };
    seats::create(app, &who, seat).await.expect("a seat");
    let file = File { name: "bench.md".to_owned(), bytes: text.as_bytes().to_vec() };
    let done = processes::import(app, &who, vec![file]).await.expect("imported");
    let slug = done.first().and_then(|f| f.slugs.first()).expect("a process").clone();
    let with = publishing::Publication::default();
    publishing::publish(app, &who, &slug, with).await.expect("published");
    slug
}

/// Starts runs and does their steps until the time is over; how long each step took comes back.
async fn client(app: App, slug: String, end: Instant) -> Vec<Duration> {
    let who = Who::operator();
    let mut each = Vec::new();
    while Instant::now() < end {
        let run = runs::start(&app, &who, &slug, "bench").await.expect("a run");
        let mut open = runs::get(&app, &who, run).await.expect("the run").open;
        while let Some(row) = open.first() {
            let one = Instant::now();
            let outcome = work::complete(&app, &who, row.item.id, Completion::default()).await;
            each.push(one.elapsed());
            open = outcome.expect("a step done").next;
        }
    }
    each
}
