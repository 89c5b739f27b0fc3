//! What a run costs while the database grows: begun, each of its steps done, and a page of one's work read.

use crate::copies::Model;
use crate::engine::{Wall, sequence, set_up};
use crate::figures::{cpu_s, percentile_ms, rounded, rss_mb};
use crate::plot::{Line, svg};
use gemba_app::{App, Who, runs, work};
use gemba_engine::Completion;
use gemba_store::Store;
use gemba_store_sqlite::SqliteStore;
use jiff::SignedDuration;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What is measured.
#[derive(Debug)]
pub(crate) struct Asked {
    /// How many runs there are in the end.
    pub(crate) runs: u64,
    /// How often is measured on the way.
    pub(crate) points: u64,
    /// The steps of a run.
    pub(crate) steps: usize,
    /// How many runs are done at each point.
    pub(crate) samples: usize,
    /// Where the database is made.
    pub(crate) folder: Option<PathBuf>,
    /// Where the plot goes.
    pub(crate) svg: Option<PathBuf>,
}

/// One in so many runs is open, the others have ended.
const OPEN: u64 = 10;

/// A point of the way.
struct Point {
    runs: u64,
    run_ms: f64,
    list_ms: f64,
    cpu_us: f64,
}

pub(crate) fn run(asked: &Asked) -> serde_json::Value {
    let Asked { runs: most, points, steps, samples, folder, svg: to } = asked;
    let home = match folder {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    };
    let path = home.as_ref().expect("a folder").path().join("bench.db");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let (all, written) = runtime.block_on(async {
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path).expect("a store"));
        let app = App::new(Arc::clone(&store), Arc::new(Wall), Arc::new(Wall));
        let slug = set_up(&app, &sequence(*steps)).await;
        let open = runs::start(&app, &Who::operator(), &slug, "open").await.expect("a run");
        let done = one(&app, &slug).await;
        let (open, done) = (Model::of(&*store, open).await, Model::of(&*store, done).await);
        let mut all = vec![measured(&app, &slug, 0, *samples).await];
        let (mut there, mut written) = (0, Duration::ZERO);
        for point in 1..=*points {
            let (begun, until) = (Instant::now(), most * point / points);
            let n = until - there;
            open.copy(&*store, there, n / OPEN, |_| SignedDuration::ZERO).await;
            let from = there + n / OPEN;
            done.copy(&*store, from, until - from, |_| SignedDuration::ZERO).await;
            there = until;
            written += begun.elapsed();
            let point = measured(&app, &slug, there, *samples).await;
            eprintln!("{} runs: {} ms, {} µs", point.runs, point.run_ms, point.cpu_us);
            all.push(point);
        }
        (all, written)
    });
    if let Some(to) = to {
        std::fs::write(to, drawn(&all, *steps)).expect("the plot is written");
    }
    let bytes = std::fs::metadata(&path).map_or(0, |file| file.len());
    let points: Vec<_> = all
        .iter()
        .map(|point| {
            serde_json::json!({
                "runs": point.runs,
                "run_p50_ms": point.run_ms,
                "list_p50_ms": point.list_ms,
                "cpu_us_per_run": point.cpu_us,
            })
        })
        .collect();
    serde_json::json!({
        "bench": "growth",
        "store": "sqlite",
        "steps": steps,
        "samples": samples,
        "points": points,
        "written_s": rounded(written.as_secs_f64()),
        "rss_mb": rss_mb(std::process::id()),
        "database_mb": bytes / 1_048_576,
    })
}

/// Starts a run and does all its steps.
async fn one(app: &App, slug: &str) -> gemba_model::id::RunId {
    let who = Who::operator();
    let run = runs::start(app, &who, slug, "grown").await.expect("a run");
    let mut open = runs::get(app, &who, run).await.expect("the run").open;
    while let Some(row) = open.first() {
        let done = work::complete(app, &who, row.item.id, Completion::default()).await;
        open = done.expect("a step done").next;
    }
    run
}

async fn measured(app: &App, slug: &str, runs: u64, samples: usize) -> Point {
    let who = Who::operator();
    // What was written before is no business of theirs.
    for _ in 0..20 {
        one(app, slug).await;
    }
    let (mut each, mut lists) = (Vec::new(), Vec::new());
    let before = cpu_s();
    for _ in 0..samples {
        let begun = Instant::now();
        one(app, slug).await;
        each.push(begun.elapsed());
    }
    let cpu = before.zip(cpu_s()).map_or(0.0, |(before, after)| after - before);
    for _ in 0..samples.min(100) {
        let listing = work::Listing { limit: 50, ..work::Listing::default() };
        let begun = Instant::now();
        let found = work::list(app, &who, listing).await.expect("work");
        lists.push(begun.elapsed());
        assert!(runs == 0 || found.len() == 50, "there is work");
    }
    #[expect(clippy::as_conversions, reason = "a small count")]
    let cpu_us = rounded(cpu * 1_000_000.0 / samples.max(1) as f64);
    let (run_ms, list_ms) = (percentile_ms(&mut each, 0.5), percentile_ms(&mut lists, 0.5));
    Point { runs, run_ms, list_ms, cpu_us }
}

fn drawn(all: &[Point], steps: usize) -> String {
    let line = |name: &str, value: fn(&Point) -> f64| {
        #[expect(clippy::as_conversions, reason = "millions of runs, for a drawing")]
        let points = all.iter().map(|p| (p.runs as f64 / 1_000_000.0, value(p))).collect();
        Line { name: name.to_owned(), points }
    };
    let word = if steps == 1 { "step" } else { "steps" };
    let title = format!("What a run of {steps} {word} takes while the database grows (SQLite)");
    let lines = [
        line("begun and done, median", |p| p.run_ms),
        line("processor time", |p| p.cpu_us / 1_000.0),
        line("a page of work, median", |p| p.list_ms),
    ];
    svg(&title, "million runs in the database", "ms", &lines)
}
