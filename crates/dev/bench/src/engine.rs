//! Completing steps: runs of a sequential process, each step durable before the next.

use crate::figures::{cpu_s, percentile_ms, rate, rounded, rss_mb};
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

/// On SQLite, or on a PostgreSQL server that is started for it with the settings it comes with.
pub(crate) fn run(postgres: bool, clients: usize, steps: usize, seconds: u64) -> serde_json::Value {
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
    let slug = runtime.block_on(set_up(&app, steps));
    let before = cpu_s();
    let begun = Instant::now();
    let end = begun + Duration::from_secs(seconds);
    let mut each: Vec<Duration> = runtime.block_on(async {
        let tasks: Vec<_> =
            (0..clients).map(|_| tokio::spawn(client(app.clone(), slug.clone(), end))).collect();
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await.expect("a client ends"));
        }
        all
    });
    let time = begun.elapsed();
    let cpu = before.zip(cpu_s()).map(|(a, b)| b - a);
    let n = each.len();
    #[expect(clippy::as_conversions, reason = "counts far below 2^52")]
    let cpu_us = cpu.map(|cpu| rounded(cpu * 1_000_000.0 / n.max(1) as f64));
    serde_json::json!({
        "bench": "engine",
        "store": if postgres { "postgres" } else { "sqlite" },
        "clients": clients,
        "steps": n,
        "seconds": rounded(time.as_secs_f64()),
        "steps_per_s": rate(n, time),
        "runs_per_s": rate(n / steps.max(1), time),
        "p50_ms": percentile_ms(&mut each, 0.5),
        "p99_ms": percentile_ms(&mut each, 0.99),
        "cpu_us_per_step": cpu_us,
        "rss_mb": rss_mb(std::process::id()),
    })
}

async fn set_up(app: &App, steps: usize) -> String {
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
    let steps: Vec<String> =
        (1..=steps).map(|n| format!("{n}. **Step {n}**\n\n   Do it.\n\n")).collect();
    let text = format!("---\nowner: Doer\n---\n\n# Bench\n\n## Steps\n\n{}", steps.concat());
    let file = File { name: "bench.md".to_owned(), bytes: text.into_bytes() };
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
