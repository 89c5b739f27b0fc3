//! `cargo xtask sim [--seed N | --from N --count N] [--steps N]`: simulations, and the seeds that break a law.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it says to the person at the terminal what it saw"
)]

use gemba_sim::{STEPS, Seen, simulate};
use std::{process::ExitCode, sync::atomic::AtomicU64, sync::atomic::Ordering, thread};

const USAGE: &str = "cargo xtask sim [--seed N | --from N --count N] [--steps N]";
/// More failures than these are not shown.
const SHOWN: usize = 5;

fn main() -> ExitCode {
    let (mut from, mut count, mut steps) = (0, 1_000, STEPS);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let Some(value) = arguments.next().and_then(|text| text.parse::<u64>().ok()) else {
            return usage();
        };
        match name.as_str() {
            "--seed" => (from, count) = (value, 1),
            "--from" => from = value,
            "--count" => count = value,
            "--steps" => steps = usize::try_from(value).unwrap_or(STEPS),
            _ => return usage(),
        }
    }
    // Each simulation has one thread; several of them go beside one another.
    let next = AtomicU64::new(from);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let (mut seen, mut failures) = (Seen::default(), Vec::new());
    thread::scope(|scope| {
        let one = || {
            let (mut seen, mut failures) = (Seen::default(), Vec::new());
            loop {
                let seed = next.fetch_add(1, Ordering::SeqCst);
                if seed.saturating_sub(from) >= count {
                    return (seen, failures);
                }
                match simulate(seed, steps) {
                    Ok(one) => seen = sum(seen, one),
                    Err(broken) => failures.push(broken),
                }
            }
        };
        let all: Vec<_> = (0..workers).map(|_| scope.spawn(one)).collect();
        for (one, broken) in all.into_iter().filter_map(|worker| worker.join().ok()) {
            seen = sum(seen, one);
            failures.extend(broken);
        }
    });
    println!(
        "{count} seeds from {from}: {} runs, {} events, {} occurrences, {} crashes, {} faults; the laws \
         were held against the store {} times; {} seeds break one",
        seen.runs,
        seen.events,
        seen.occurrences,
        seen.crashes,
        seen.faults,
        seen.looks,
        failures.len()
    );
    failures.sort_by_key(|broken| broken.seed);
    for broken in failures.iter().take(SHOWN) {
        eprintln!("\n{broken}");
    }
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}

fn sum(a: Seen, b: Seen) -> Seen {
    Seen {
        runs: a.runs + b.runs,
        events: a.events + b.events,
        occurrences: a.occurrences + b.occurrences,
        crashes: a.crashes + b.crashes,
        faults: a.faults + b.faults,
        looks: a.looks + b.looks,
    }
}
