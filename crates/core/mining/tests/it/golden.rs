//! Counts, directly-follows pairs, durations and variants of real logs, exact.

use crate::corpus::{golden, log, logs};
use gemba_mining::dfg::spreads;
use gemba_mining::performance::{performance, rework};
use gemba_mining::{EventLog, dfg, stats, time, variants};
use serde_json::Value;
use std::collections::BTreeMap;

fn counts(log: &EventLog, counts: &[u64]) -> BTreeMap<String, u64> {
    let named = log.activities.iter().zip(counts).filter(|(_, count)| **count > 0);
    named.map(|(name, count)| (name.to_owned(), *count)).collect()
}

fn told(value: &Value) -> BTreeMap<String, u64> {
    let counts = value.as_object().unwrap().iter();
    counts.map(|(name, count)| (name.clone(), count.as_u64().unwrap())).collect()
}

#[track_caller]
fn near(found: f64, told: &Value, what: &str) {
    let told = told.as_f64().unwrap();
    assert!((found / 1e6 - told).abs() <= 1e-6 * told.abs().max(1.0), "{what}: {found} and {told}");
}

#[test]
fn counts_and_durations_are_those_of_the_golden_files() {
    for folder in logs() {
        let log = log(&folder);
        let golden = golden(&folder.join("stats.json"));
        let graph = dfg(&log);
        assert_eq!(log.cases() as u64, golden["cases"].as_u64().unwrap());
        assert_eq!(log.events() as u64, golden["events"].as_u64().unwrap());
        assert_eq!(counts(&log, &graph.activities), told(&golden["activities"]));
        assert_eq!(counts(&log, &graph.starts), told(&golden["start_activities"]));
        assert_eq!(counts(&log, &graph.ends), told(&golden["end_activities"]));
        let pairs = golden["dfg"].as_array().unwrap().iter();
        let expected: BTreeMap<(String, String), u64> = pairs
            .map(|pair| {
                let name = |at: usize| pair[at].as_str().unwrap().to_owned();
                ((name(0), name(1)), pair[2].as_u64().unwrap())
            })
            .collect();
        let name = |id: u32| log.activities.get(id).to_owned();
        let edges: BTreeMap<_, _> =
            graph.edges.iter().map(|edge| ((name(edge.from), name(edge.to)), *edge)).collect();
        assert_eq!(
            edges.iter().map(|(k, edge)| (k.clone(), edge.count)).collect::<BTreeMap<_, _>>(),
            expected
        );
        let spreads = spreads(&log);
        for pair in golden["performance_dfg_seconds"].as_array().unwrap() {
            let key = (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned());
            let edge = edges[&key];
            let spread = spreads[&(edge.from, edge.to)];
            near(edge.mean().unwrap(), &pair[2]["mean"], "mean");
            near(edge.sum as f64, &pair[2]["sum"], "sum");
            near(edge.min as f64, &pair[2]["min"], "min");
            near(edge.max as f64, &pair[2]["max"], "max");
            near(spread.median, &pair[2]["median"], "median");
            if let Some(deviation) = spread.deviation {
                near(deviation, &pair[2]["stdev"], "deviation");
            }
        }
        let durations = stats::durations(&log).unwrap();
        let told = &golden["case_duration_seconds"];
        near(durations.min, &told["min"], "shortest case");
        near(durations.mean, &told["mean"], "mean case");
        near(durations.median, &told["median"], "median case");
        near(durations.p90, &told["p90"], "p90 case");
        near(durations.p95, &told["p95"], "p95 case");
        near(durations.max, &told["max"], "longest case");
        let (first, last) = log.span().unwrap();
        for (moment, key) in [(first, "first_timestamp"), (last, "last_timestamp")] {
            let told = golden[key].as_str().unwrap().replace(' ', "T");
            let told = told
                .trim_end_matches("+00:00")
                .trim_end_matches('0')
                .trim_end_matches('.')
                .to_owned();
            let found = time::rfc3339(moment);
            let found =
                found.trim_end_matches("+00:00").trim_end_matches('0').trim_end_matches('.');
            assert_eq!(found, told);
        }
    }
}

#[test]
fn rework_and_waiting_are_those_of_the_golden_files() {
    for folder in logs() {
        let log = log(&folder);
        let golden = golden(&folder.join("stats.json"));
        let again = rework(&log);
        let found: BTreeMap<String, u64> = again
            .activities
            .iter()
            .map(|one| (log.activities.get(one.activity).to_owned(), one.cases))
            .collect();
        assert_eq!(found, told(&golden["rework_cases_per_activity"]));
        let times = performance(&log);
        let sum: u64 = times.ways.iter().map(|way| way.times).sum();
        assert_eq!(sum, golden["dfg_total"].as_u64().unwrap());
        let share: f64 = times.ways.iter().map(|way| way.share).sum();
        assert!((share - 1.0).abs() < 1e-6, "{share}");
    }
}

#[test]
fn variants_are_those_of_the_golden_files() {
    for folder in logs() {
        let log = log(&folder);
        let plain = folder.join("variants.json");
        let path = if plain.exists() { plain } else { folder.join("variants.json.gz") };
        let expected: BTreeMap<Vec<String>, u64> = golden(&path)
            .as_array()
            .unwrap()
            .iter()
            .map(|variant| {
                let names = variant["activities"].as_array().unwrap().iter();
                (
                    names.map(|n| n.as_str().unwrap().to_owned()).collect(),
                    variant["count"].as_u64().unwrap(),
                )
            })
            .collect();
        let found = variants(&log);
        assert_eq!(found.of_case.len(), log.cases());
        let found: BTreeMap<Vec<String>, u64> = found
            .all
            .iter()
            .map(|v| {
                (
                    v.activities.iter().map(|id| log.activities.get(*id).to_owned()).collect(),
                    v.count,
                )
            })
            .collect();
        assert_eq!(found, expected);
    }
}
