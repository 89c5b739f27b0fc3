//! Runs that wait for a moment: how late they go on while very many others wait too, what those cost in
//! memory, and what beginning a run costs while the database grows.

use crate::copies::Model;
use crate::engine::{Wall, set_up};
use crate::figures::{percentile_ms, rss_mb};
use gemba_app::{App, Who, ports::Clock, runs, upkeep};
use gemba_engine::Event;
use gemba_model::id::RunId;
use gemba_store::{Store, watch};
use gemba_store_sqlite::SqliteStore;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

/// The process: nothing to do but wait.
const SOP: &str = "---\nowner: Doer\n---\n\n# Bench\n\n## Steps\n\n1. **Wait 1 day**\n\n   Wait.\n";
/// How long each run waits.
const WAIT: SignedDuration = SignedDuration::from_hours(24);
/// Over how long the runs that are timed come due.
const SPREAD: Duration = Duration::from_secs(10);

/// The machine's clock, set back by so many microseconds.
#[derive(Debug, Default)]
struct Shifted(AtomicI64);

impl Clock for Shifted {
    fn now(&self) -> Timestamp {
        let back = SignedDuration::from_micros(self.0.load(Ordering::SeqCst));
        Wall.now().checked_sub(back).expect("in range")
    }
}

/// `pending` runs that wait for tomorrow, and `timed` ones that come due within ten seconds.
pub(crate) fn run(pending: usize, timed: usize) -> serde_json::Value {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bench.db");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path).expect("a store"));
        let clock = Arc::new(Shifted::default());
        let time = Arc::<Shifted>::clone(&clock);
        let app = App::new(Arc::clone(&store), time, Arc::new(Wall));
        let slug = set_up(&app, SOP).await;
        let empty_mb = rss_mb(std::process::id());
        let begun_empty = begin(&app, &slug, 200).await;
        let model = runs::start(&app, &Who::operator(), &slug, "waits").await.expect("a run");
        let mut grown = Vec::new();
        let model = Model::of(&*store, model).await;
        let tenth = u64::try_from(pending / 10).expect("few");
        for part in 0..10 {
            let later = |nth| SignedDuration::from_secs(i64::try_from(nth % 86_400).expect("few"));
            model.copy(&*store, u64::try_from(part).expect("few") * tenth, tenth, later).await;
            let (n, ms) = (pending / 10 * (part + 1), begin(&app, &slug, 200).await);
            grown.push(serde_json::json!({ "runs": n, "begin_p50_ms": ms }));
        }
        let pending_mb = rss_mb(std::process::id());
        let late = lateness(&app, &clock, &slug, timed).await;
        let after_mb = rss_mb(std::process::id());
        let bytes = std::fs::metadata(&path).map_or(0, |file| file.len());
        let mut lag = late;
        serde_json::json!({
            "bench": "schedule",
            "store": "sqlite",
            "pending": pending,
            "timed": timed,
            "lag_p50_ms": percentile_ms(&mut lag, 0.5),
            "lag_p99_ms": percentile_ms(&mut lag, 0.99),
            "begin_p50_ms_empty": begun_empty,
            "growth": grown,
            "rss_mb_empty": empty_mb,
            "rss_mb": pending_mb,
            "rss_mb_after": after_mb,
            "database_mb": bytes / 1_048_576,
        })
    })
}

/// What it costs to begin a run now: the median of so many, in milliseconds.
async fn begin(app: &App, slug: &str, n: usize) -> f64 {
    let mut each = Vec::with_capacity(n);
    for _ in 0..n {
        let one = Instant::now();
        runs::start(app, &Who::operator(), slug, "waits").await.expect("a run");
        each.push(one.elapsed());
    }
    percentile_ms(&mut each, 0.5)
}

/// How late each of the timed runs went on.
async fn lateness(app: &App, clock: &Shifted, slug: &str, timed: usize) -> Vec<Duration> {
    let who = Who::operator();
    let mut ids = Vec::with_capacity(timed);
    // They come due from a moment on at which all are there.
    let wait = i64::try_from(WAIT.as_micros()).expect("in range");
    let start = Wall.now().checked_add(Duration::from_secs(20)).expect("in range");
    for nth in 0..timed {
        let spread = SPREAD.as_micros() * u128::try_from(nth).expect("few")
            / u128::try_from(timed.max(1)).expect("few");
        let due = start.as_microsecond() + i64::try_from(spread).expect("in range");
        // A run that begins a day before its moment.
        clock.0.store(Wall.now().as_microsecond() - (due - wait), Ordering::SeqCst);
        ids.push(runs::start(app, &who, slug, "timed").await.expect("a run"));
    }
    clock.0.store(0, Ordering::SeqCst);
    let (stop, stopped) = watch::channel(false);
    let begun = Instant::now();
    let worker = tokio::spawn(gemba_worker::run(app.clone(), stopped));
    let mut changes = upkeep::changes(app);
    let mut late = Vec::new();
    while late.len() < ids.len() && begun.elapsed() < Duration::from_mins(2) {
        drop(tokio::time::timeout(Duration::from_secs(1), changes.changed()).await);
        if begun.elapsed() > Duration::from_secs(20) + SPREAD {
            late = lags(app, &ids).await;
        }
    }
    stop.send(true).expect("the worker hears");
    worker.await.expect("the worker ends");
    assert_eq!(late.len(), ids.len(), "runs that wait have not gone on");
    late
}

/// How long after its moment each run that has gone on did.
async fn lags(app: &App, ids: &[RunId]) -> Vec<Duration> {
    let mut all = Vec::new();
    for id in ids {
        let history = runs::get(app, &Who::operator(), *id).await.expect("the run").history;
        let began = history.first().map(|line| line.event.at()).expect("it began");
        let ended = history.iter().find_map(|line| match &line.event {
            Event::RunCompleted { at, .. } => Some(*at),
            _ => None,
        });
        if let Some(ended) = ended {
            let due = began.checked_add(WAIT).expect("in range");
            all.push(Duration::try_from(ended.duration_since(due)).unwrap_or_default());
        }
    }
    all
}
