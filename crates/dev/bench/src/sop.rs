//! Reading and checking SOPs, on one core.

use crate::figures::{percentile_ms, rate, rounded, rss_mb};
use crate::hard;
use std::path::PathBuf;
use std::time::{Duration, Instant};

pub(crate) fn run(folders: &[PathBuf], n: usize) -> serde_json::Value {
    let mut texts = Vec::new();
    for folder in folders {
        let entries = std::fs::read_dir(folder).expect("the folder can be read");
        let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        paths.sort();
        for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "md")) {
            let text = std::fs::read_to_string(path).expect("the SOP can be read");
            texts.push((path.display().to_string(), text));
        }
    }
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    eprintln!("{} SOPs of {} bytes on average", texts.len(), bytes / texts.len().max(1));
    let (mut steps, mut findings) = (0, 0);
    let mut each: Vec<Duration> = Vec::with_capacity(n);
    let begun = Instant::now();
    for (name, text) in texts.iter().cycle().take(n) {
        let one = Instant::now();
        let compiled = gemba_sop::compile(text, name);
        steps += compiled.processes.iter().map(|p| p.all_steps().len()).sum::<usize>();
        findings += compiled.diagnostics.len();
        each.push(one.elapsed());
    }
    let time = begun.elapsed();
    serde_json::json!({
        "bench": "sop",
        "sops": n,
        "seconds": rounded(time.as_secs_f64()),
        "sops_per_s": rate(n, time),
        "p50_ms": percentile_ms(&mut each, 0.5),
        "p99_ms": percentile_ms(&mut each, 0.99),
        "steps": steps,
        "findings": findings,
        "rss_mb": rss_mb(std::process::id()),
    })
}

/// The largest documents are nearly as large as what is read at all.
const HARD_BYTES: usize = 1_000_000;

/// Reading documents that are each hard in one way: how long each takes, and how many times as long as
/// one of a quarter of its size.
pub(crate) fn run_hard() -> serde_json::Value {
    let once = |text: &str| {
        let begun = Instant::now();
        let compiled = gemba_sop::compile(text, "hard.md");
        let time = begun.elapsed();
        assert!(!compiled.processes.is_empty(), "any text is a process");
        time.as_secs_f64() * 1_000.0
    };
    let best = |text: &str| once(text).min(once(text));
    let mut documents = Vec::new();
    let (mut slowest, mut steepest) = (0.0_f64, 0.0_f64);
    let quarters = hard::documents(HARD_BYTES / 4);
    for ((name, text), (_, quarter)) in hard::documents(HARD_BYTES).iter().zip(&quarters) {
        let (ms, quarter_ms) = (best(text), best(quarter));
        let growth = ms / quarter_ms.max(0.1);
        eprintln!("{ms:8.1} ms, {growth:5.1} times that of a quarter: {name}");
        slowest = slowest.max(ms);
        steepest = steepest.max(growth);
        documents.push(serde_json::json!({
            "name": name,
            "bytes": text.len(),
            "ms": rounded(ms),
            "growth": rounded(growth),
        }));
    }
    serde_json::json!({
        "bench": "sop-hard",
        "documents": documents,
        "slowest_ms": rounded(slowest),
        "steepest_growth": rounded(steepest),
    })
}
