//! `cargo xtask bench NAME`: measured on release builds; the figures go into docs/benchmarks.md.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark stops where it cannot measure, and prints what it measured"
)]

mod copies;
mod engine;
mod figures;
mod growth;
mod hard;
mod http;
mod limit;
mod map;
mod memory;
mod mining;
mod plot;
mod rest;
mod schedule;
mod search;
mod sop;

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Args {
    #[command(subcommand)]
    bench: Bench,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kept {
    Sqlite,
    Postgres,
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// How fast ordinary SOPs are read and checked, on one core
    Sop {
        /// Folders of SOPs, taken round and round
        #[arg(default_value = "crates/shell/sample/processes")]
        folders: Vec<PathBuf>,
        /// How many are read
        #[arg(long, default_value_t = 10_000)]
        n: usize,
        /// Instead: documents of about a megabyte that are each hard in one way
        #[arg(long)]
        hard: bool,
    },
    /// How fast steps are completed, each durable before the next
    Engine {
        #[arg(long, value_enum, default_value = "sqlite")]
        store: Kept,
        #[arg(long, default_value_t = 1)]
        clients: usize,
        #[arg(long, default_value_t = 5)]
        steps: usize,
        #[arg(long, default_value_t = 10)]
        seconds: u64,
        /// How often the engine and the limit of the database take turns
        #[arg(long, default_value_t = 3)]
        rounds: u32,
        /// Both stores with 1, 32 and 256 clients
        #[arg(long, conflicts_with_all = ["store", "clients"])]
        all: bool,
    },
    /// How fast steps are completed through the REST door of the real server, each client with a token
    Rest {
        /// The gemba binary, a release build
        #[arg(long, default_value = "target/release/gemba")]
        gemba: PathBuf,
        #[arg(long, value_enum, default_value = "sqlite")]
        store: Kept,
        #[arg(long, default_value_t = 32)]
        clients: usize,
        #[arg(long, default_value_t = 5)]
        steps: usize,
        #[arg(long, default_value_t = 10)]
        seconds: u64,
        #[arg(long, default_value_t = 3)]
        rounds: u32,
        /// Each request carries an idempotency key
        #[arg(long)]
        keyed: bool,
    },
    /// What a run costs while the database grows
    Growth {
        /// How many runs there are in the end
        #[arg(long, default_value_t = 10_000_000)]
        runs: u64,
        /// How often is measured on the way
        #[arg(long, default_value_t = 10)]
        points: u64,
        #[arg(long, default_value_t = 1)]
        steps: usize,
        /// How many runs are done at each point
        #[arg(long, default_value_t = 1_000)]
        samples: usize,
        /// Where the database is made; it takes about two kilobytes a run and is removed again
        #[arg(long)]
        folder: Option<PathBuf>,
        /// Where the plot goes
        #[arg(long)]
        svg: Option<PathBuf>,
    },
    /// What the real server takes in memory beside many open runs
    Memory {
        /// The gemba binary, a release build
        #[arg(long, default_value = "target/release/gemba")]
        gemba: PathBuf,
        /// How many runs are open
        #[arg(long, default_value_t = 10_000)]
        open: u64,
        /// How long clients work on it
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// How late runs go on that wait for a moment while a million others wait, what those cost in memory,
    /// and whether beginning a run costs more as they grow
    Schedule {
        /// How many wait for tomorrow
        #[arg(long, default_value_t = 1_000_000)]
        pending: usize,
        /// How many come due within ten seconds
        #[arg(long, default_value_t = 500)]
        timed: usize,
    },
    /// How fast a search over many SOPs answers, with its index in SQLite
    Search {
        /// How many SOPs
        #[arg(long, default_value_t = 10_000)]
        n: usize,
        /// How often each question is asked
        #[arg(long, default_value_t = 50)]
        rounds: usize,
    },
    /// How fast maps are laid out, and how much crosses and bends on them
    Map {
        /// Folders of SOPs, with all below them
        #[arg(default_value = "crates/shell/sample/processes")]
        folders: Vec<PathBuf>,
        /// How often each size is laid out
        #[arg(long, default_value_t = 30)]
        rounds: usize,
    },
    /// How fast event logs are read, counted, mined, aligned and searched for changes
    Mining {
        /// A log; one is made up where there is none
        log: Option<PathBuf>,
        /// A Petri net (.pnml) to align with; else the model mined with a noise of 0.2
        #[arg(long)]
        against: Option<PathBuf>,
        /// How many cases a log that is made up has, of about nine events each
        #[arg(long, default_value_t = 100_000)]
        cases: usize,
        /// A Python that has pm4py, to measure it on the same log
        #[arg(long)]
        python: Option<PathBuf>,
        /// Measure rust4pm on the same log; it is built first
        #[arg(long)]
        rust4pm: bool,
        /// Only read, count and align once, and print what the process took
        #[arg(long, hide = true)]
        alone: bool,
    },
    /// How fast the main pages of the sample company are, how fast it starts, how much memory it takes
    Http {
        /// The gemba binary, a release build
        #[arg(long, default_value = "target/release/gemba")]
        gemba: PathBuf,
        #[arg(long, default_value_t = 4)]
        clients: usize,
        /// Requests of each page
        #[arg(long, default_value_t = 400)]
        n: usize,
    },
}

fn main() {
    let figures = match Args::parse().bench {
        Bench::Sop { hard: true, .. } => sop::run_hard(),
        Bench::Sop { folders, n, hard: false } => sop::run(&folders, n),
        Bench::Engine { all: true, steps, seconds, rounds, .. } => {
            engine::all(steps, seconds, rounds)
        }
        Bench::Engine { store, clients, steps, seconds, rounds, all: false } => {
            let postgres = store == Kept::Postgres;
            engine::run(engine::Asked { postgres, clients, steps, seconds, rounds })
        }
        Bench::Rest { gemba, store, clients, steps, seconds, rounds, keyed } => {
            let (gemba, postgres) = (gemba.as_path(), store == Kept::Postgres);
            rest::run(rest::Asked { gemba, postgres, clients, steps, seconds, rounds, keyed })
        }
        Bench::Growth { runs, points, steps, samples, folder, svg } => {
            growth::run(&growth::Asked { runs, points, steps, samples, folder, svg })
        }
        Bench::Memory { gemba, open, seconds } => memory::run(&gemba, open, seconds),
        Bench::Schedule { pending, timed } => schedule::run(pending, timed),
        Bench::Search { n, rounds } => search::run(n, rounds),
        Bench::Map { folders, rounds } => map::run(&folders, rounds),
        Bench::Mining { log, against, cases, python, rust4pm, alone } => {
            mining::run(&mining::Wanted {
                log: log.as_deref(),
                against: against.as_deref(),
                cases,
                python: python.as_deref(),
                rust4pm,
                alone,
            })
        }
        Bench::Http { gemba, clients, n } => http::run(&gemba, clients, n),
    };
    println!("{figures}");
}
