//! Searching many SOPs: those of the sample company, varied, imported into SQLite and asked for.

use crate::engine::Wall;
use crate::figures::{percentile_ms, rate, rounded, rss_mb};
use gemba_app::{
    App, Who,
    accounts::NewAccount,
    processes::{self, File},
    search::{self, Question},
    workspace,
};
use gemba_model::role::Role;
use gemba_store_sqlite::SqliteStore;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const SOPS: &str = "crates/shell/sample/processes";
/// Names that vary the documents, so that some words are rare.
const CLIENTS: [&str; 8] =
    ["Adler", "Birke", "Café Noir", "Dorn", "Espe", "Fjord", "Ginster", "Hölzer"];
/// What people type: one rare word, common words, words being typed, several words, nothing.
const QUESTIONS: [&str; 12] = [
    "invoice",
    "client",
    "cl",
    "send the report",
    "month inv",
    "timesheet approval finance",
    "cafe noir",
    "holzer 77",
    "e-mail",
    "a",
    "backup verif",
    "zeppelin",
];

pub(crate) fn run(n: usize, rounds: usize) -> serde_json::Value {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bench.db");
    let store = SqliteStore::open(&path).expect("a store");
    let app = App::new(Arc::new(store), Arc::new(Wall), Arc::new(Wall));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let begun = Instant::now();
        fill(&app, n).await;
        let imported = begun.elapsed();
        eprintln!("{n} SOPs imported in {:.1} s", imported.as_secs_f64());
        let who = Who::operator();
        let mut all: Vec<Duration> = Vec::new();
        let mut each = serde_json::Map::new();
        for text in QUESTIONS {
            let question = Question { text: text.to_owned(), limit: 20, ..Question::default() };
            let mut times = Vec::new();
            let mut hits = 0;
            for _ in 0..rounds {
                let one = Instant::now();
                hits = search::find(&app, &who, &question).await.expect("an answer").hits.len();
                times.push(one.elapsed());
            }
            all.extend(&times);
            let p50 = percentile_ms(&mut times, 0.5);
            let p99 = percentile_ms(&mut times, 0.99);
            let figures = serde_json::json!({ "hits": hits, "p50_ms": p50, "p99_ms": p99 });
            each.insert(text.to_owned(), figures);
        }
        #[expect(clippy::as_conversions, reason = "sizes far below 2^52")]
        let file_mb = std::fs::metadata(&path).map_or(0.0, |m| m.len() as f64 / 1_048_576.0);
        serde_json::json!({
            "bench": "search",
            "sops": n,
            "imported_per_s": rate(n, imported),
            "p50_ms": percentile_ms(&mut all, 0.5),
            "p99_ms": percentile_ms(&mut all, 0.99),
            "questions": each,
            "database_mb": rounded(file_mb),
            "rss_mb": rss_mb(std::process::id()),
        })
    })
}

async fn fill(app: &App, n: usize) {
    let owner = NewAccount {
        email: "bench@example.com".to_owned(),
        name: "Bench".to_owned(),
        password: None,
        role: Role::Owner,
    };
    let new = workspace::NewWorkspace { name: "Bench".to_owned(), zone: "UTC".to_owned(), owner };
    workspace::create(app, new).await.expect("a workspace");
    let entries = std::fs::read_dir(Path::new(SOPS)).expect("the sample's SOPs");
    let mut paths: Vec<_> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    let texts: Vec<String> =
        paths.iter().map(|p| std::fs::read_to_string(p).expect("an SOP")).collect();
    let varied = |number: usize| {
        let text = texts.get(number % texts.len().max(1)).expect("an SOP");
        let client = CLIENTS.get(number % CLIENTS.len()).expect("a client");
        // The title is varied so that every document is one of its own.
        let text = text.replacen("\n# ", &format!("\n# {client} {number} "), 1);
        File { name: format!("{number}.md"), bytes: text.into_bytes() }
    };
    let numbers: Vec<usize> = (0..n).collect();
    for part in numbers.chunks(processes::MAX_FILES) {
        let files = part.iter().copied().map(varied).collect();
        processes::import(app, &Who::operator(), files).await.expect("imported");
    }
}
