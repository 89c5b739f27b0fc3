//! Logs with known changes: how many are found, and how near.

use crate::corpus::{bytes, folder, golden};
use gemba_mining::drift::changes;

/// A change counts as found where one is told at most so many cases away.
const LAG: usize = 200;

#[derive(Default, Debug)]
struct Score {
    right: usize,
    wrong: usize,
    missed: usize,
    lag: usize,
    events: usize,
}

impl Score {
    fn f1(&self) -> f64 {
        let right = self.right as f64;
        2.0 * right / (2.0 * right + self.wrong as f64 + self.missed as f64)
    }
}

fn scored(wanted: impl Fn(&serde_json::Value) -> bool) -> Option<Score> {
    let all = folder("drift");
    let truth = all.iter().find(|path| path.ends_with("truth.json"))?;
    let mut score = Score::default();
    for told in golden(truth).as_array().unwrap().iter().filter(|told| wanted(told)) {
        let name = format!("{}.txt.gz", told["log"].as_str().unwrap().replace('/', "_"));
        let path = all.iter().find(|path| {
            let file = path.file_name().unwrap().to_string_lossy();
            file.ends_with(&format!("__{name}"))
        });
        let Some(path) = path else { continue };
        let text = String::from_utf8(bytes(path)).unwrap();
        let traces: Vec<Vec<u32>> = text
            .lines()
            .skip(1)
            .map(|line| line.split_whitespace().map(|n| n.parse().unwrap()).collect())
            .collect();
        score.events += traces.iter().map(Vec::len).sum::<usize>();
        let mut found: Vec<usize> =
            changes(traces.iter().map(Vec::as_slice)).iter().map(|change| change.case).collect();
        let mut missed = 0;
        for point in told["changepoints"].as_array().unwrap() {
            let point = usize::try_from(point.as_u64().unwrap()).unwrap() + 1;
            let near = (0..found.len()).min_by_key(|n| found[*n].abs_diff(point));
            match near.filter(|n| found[*n].abs_diff(point) <= LAG) {
                Some(n) => {
                    score.lag += found.remove(n).abs_diff(point);
                    score.right += 1;
                }
                None => missed += 1,
            }
        }
        if missed > 0 || !found.is_empty() {
            println!("{name}: missed {missed}, too many {found:?}");
        }
        score.missed += missed;
        score.wrong += found.len();
    }
    println!(
        "{score:?} F1 {:.3}, mean lag {:.1}",
        score.f1(),
        score.lag as f64 / score.right.max(1) as f64
    );
    Some(score)
}

#[track_caller]
fn check(noisy: bool, composite: bool, least: f64) {
    let score = scored(|told| told["noisy"] == noisy && told["composite"] == composite);
    if let Some(score) = score {
        assert!(score.f1() >= least, "{}", score.f1());
    }
}

#[test]
fn simple_changes_without_noise_are_found() {
    check(false, false, 0.95);
}

#[test]
fn simple_changes_with_noise_are_found() {
    check(true, false, 0.90);
}

#[test]
fn changes_of_several_kinds_at_once_are_found() {
    check(false, true, 0.95);
    check(true, true, 0.90);
}
