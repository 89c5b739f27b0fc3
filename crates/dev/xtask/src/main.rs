//! The repository's own commands: `cargo demo`, `cargo ci`, `cargo xtask bench` and
//! `cargo xtask corpus`.
//!
//! They do their own set-up, so that a fresh machine with Rust needs no other instructions. Only
//! the standard library and `serde_json` are used: `cargo demo` must not wait for its own tools.
//! One more command is one more module and one more arm in [`main`].
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task runner talks to the person at the terminal"
)]

mod bench;
mod ci;
mod corpus;
mod demo;
mod front;
mod fuzz;
mod gallery;
mod programs;
mod report;
mod sim;
mod suites;
mod task;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
cargo demo [--release] [ARGS]     build what is needed and start the sample company
cargo ci [--nightly]              every check and test, in order
cargo xtask bench NAME [ARGS]     a benchmark on a release build: sop, map, engine, search or http
cargo xtask corpus [FOLDER] [--verbose]
                                  how well SOPs that a person annotated are read
cargo xtask gallery [FOLDER...] [-o DIR]
                                  the maps of all SOPs in folders on one page
cargo xtask sim [--release] [--seed N | --from N --count N] [--steps N]
                                  random processes under crashes and faults, a seed each";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next();
    let rest: Vec<String> = arguments.collect();
    let workspace = match workspace::Workspace::find() {
        Ok(workspace) => workspace,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(70);
        }
    };
    match command.as_deref() {
        Some("demo") => demo::run(&workspace, rest),
        Some("ci") => ci::run(&workspace, &rest),
        Some("bench") => bench::run(&workspace, &rest),
        Some("corpus") => corpus::run(&workspace, rest),
        Some("gallery") => gallery::run(&workspace, rest),
        Some("sim") => sim::run(&workspace, rest),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
