//! `gemba log stats`: what is in a log.

use crate::args::Source;
use crate::failure::Failure;
use crate::terminal;
use gemba_mining::stats::{Durations, durations};
use gemba_mining::{Dfg, EventLog, dfg, time, variants};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::process::ExitCode;

pub(super) fn run(source: &Source, as_json: bool) -> Result<ExitCode, Failure> {
    let log = super::read(source)?;
    let found = Found {
        graph: dfg(&log),
        variants: variants(&log).all.len(),
        durations: durations(&log),
        log: &log,
    };
    if as_json {
        terminal::print_json(&found.json());
    } else {
        terminal::print(&found.page());
    }
    Ok(ExitCode::SUCCESS)
}

struct Found<'a> {
    log: &'a EventLog,
    graph: Dfg,
    variants: usize,
    durations: Option<Durations>,
}

const SECOND: f64 = 1e6;

impl Found<'_> {
    fn named<'a>(&'a self, counts: &'a [u64]) -> impl Iterator<Item = (&'a str, u64)> {
        let all = self.log.activities.iter().zip(counts);
        all.filter(|(_, count)| **count > 0).map(|(name, count)| (name, *count))
    }

    fn counts(&self, counts: &[u64]) -> Value {
        let named = self.named(counts).map(|(name, count)| (name.to_owned(), json!(count)));
        Value::Object(named.collect::<Map<_, _>>())
    }

    fn json(&self) -> Value {
        let name = |id: u32| self.log.activities.get(id);
        let edges = &self.graph.edges;
        let pairs = edges.iter().map(|edge| json!([name(edge.from), name(edge.to), edge.count]));
        let times = edges.iter().filter(|edge| edge.timed > 0).map(|edge| {
            json!([name(edge.from), name(edge.to), {
                "mean_s": edge.mean().map(|mean| mean / SECOND),
                "sum_s": super::seconds(edge.sum),
                "min_s": super::seconds(edge.min),
                "max_s": super::seconds(edge.max),
            }])
        });
        let span = self.log.span();
        json!({
            "cases": self.log.cases(),
            "events": self.log.events(),
            "activities": self.counts(&self.graph.activities),
            "variants": self.variants,
            "start_activities": self.counts(&self.graph.starts),
            "end_activities": self.counts(&self.graph.ends),
            "dfg": pairs.collect::<Vec<_>>(),
            "dfg_times": times.collect::<Vec<_>>(),
            "case_duration": self.durations.map(|all| json!({
                "min_s": all.min / SECOND,
                "mean_s": all.mean / SECOND,
                "median_s": all.median / SECOND,
                "p90_s": all.p90 / SECOND,
                "p95_s": all.p95 / SECOND,
                "max_s": all.max / SECOND,
            })),
            "first": span.map(|(first, _)| time::rfc3339(first)),
            "last": span.map(|(_, last)| time::rfc3339(last)),
            "import": super::report(self.log),
        })
    }

    fn page(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let mut line = |name: &str, value: String| {
            let _fine = writeln!(out, "{name:<14}{value}");
        };
        line("Cases", self.log.cases().to_string());
        line("Events", self.log.events().to_string());
        line("Activities", self.log.activities.len().to_string());
        line("Variants", self.variants.to_string());
        if let Some((first, last)) = self.log.span() {
            line("From", time::rfc3339(first));
            line("To", time::rfc3339(last));
        }
        if let Some(all) = self.durations {
            line("Half take", format!("at most {}", words(all.median)));
            line("Nine of ten", format!("at most {}", words(all.p90)));
            line("Longest", words(all.max));
        }
        let mut table = |title: &str, rows: Vec<(u64, String)>| {
            let mut rows = rows;
            rows.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
            let _fine = writeln!(out, "\n{title}");
            for (count, words) in rows.iter().take(ROWS) {
                let _fine = writeln!(out, "  {count:>9}  {words}");
            }
            if rows.len() > ROWS {
                let _fine = writeln!(out, "  {:>9}  and {} more", "", rows.len() - ROWS);
            }
        };
        let own = |counts: &[u64]| -> Vec<(u64, String)> {
            self.named(counts).map(|(name, count)| (count, name.to_owned())).collect()
        };
        table("Activities", own(&self.graph.activities));
        table("Cases begin with", own(&self.graph.starts));
        table("Cases end with", own(&self.graph.ends));
        let name = |id: u32| self.log.activities.get(id);
        let edges = self.graph.edges.iter().map(|edge| {
            let mean = edge.mean().map(|mean| format!(", {} on average", words(mean)));
            let words =
                format!("{} -> {}{}", name(edge.from), name(edge.to), mean.unwrap_or_default());
            (edge.count, words)
        });
        table("Right after each other", edges.collect());
        out
    }
}

const ROWS: usize = 30;

#[expect(clippy::as_conversions, reason = "a cast from a float saturates")]
fn words(micros: f64) -> String {
    time::in_words(micros as i64)
}
