//! What the real server takes in memory beside many open runs: at rest, and after clients worked on it.

use crate::copies::Model;
use crate::engine::{Wall, sequence, set_up};
use crate::figures::{rate, rounded, rss_mb, rss_peak_mb};
use crate::rest::{Wire, serve};
use gemba_app::{App, Who, runs, tokens};
use gemba_store::Store;
use gemba_store_sqlite::SqliteStore;
use jiff::SignedDuration;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The clients that work on it.
const CLIENTS: usize = 8;

pub(crate) fn run(gemba: &Path, open: u64, seconds: u64) -> serde_json::Value {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bench.db");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let (slug, token) = runtime.block_on(async {
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path).expect("a store"));
        let app = App::new(Arc::clone(&store), Arc::new(Wall), Arc::new(Wall));
        let slug = set_up(&app, &sequence(5)).await;
        let who = Who::operator();
        let token = tokens::create(&app, &who, "doer", "bench").await.expect("a token").secret;
        let run = runs::start(&app, &who, &slug, "open").await.expect("a run");
        let model = Model::of(&*store, run).await;
        model.copy(&*store, 0, open.saturating_sub(1), |_| SignedDuration::ZERO).await;
        (slug, token)
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    let (server, host) = serve(gemba, &format!("sqlite:{}", path.display()));
    let pid = server.child.id();
    std::thread::sleep(Duration::from_secs(5));
    let rest_mb = rss_mb(pid);
    let begun = Instant::now();
    let end = begun + Duration::from_secs(seconds);
    let done: usize = std::thread::scope(|scope| {
        let work = |_| {
            let mut wire = Wire::to(&host, &token, None);
            let slug = &slug;
            scope.spawn(move || {
                // As people and agents do: look at what there is, then do something.
                wire.ask("GET", "work-items?mine=true&limit=50", "", 200);
                wire.ask("GET", "runs?limit=50", "", 200);
                wire.work(slug, 5, end).len()
            })
        };
        let threads: Vec<_> = (0..CLIENTS).map(work).collect();
        threads.into_iter().map(|thread| thread.join().expect("a client ends")).sum()
    });
    let time = begun.elapsed();
    let bytes = std::fs::metadata(&path).map_or(0, |file| file.len());
    serde_json::json!({
        "bench": "memory",
        "open_runs": open,
        "rss_mb_at_rest": rest_mb,
        "steps_meanwhile": done,
        "steps_per_s": rate(done, time),
        "seconds": rounded(time.as_secs_f64()),
        "rss_mb_after": rss_mb(pid),
        "rss_mb_most": rss_peak_mb(pid),
        "database_mb": bytes / 1_048_576,
    })
}
