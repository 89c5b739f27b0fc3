//! Reading and checking SOPs, on one core.

use crate::figures::{percentile_ms, rate, rounded, rss_mb};
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
