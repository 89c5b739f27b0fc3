//! The `gemba` binary: reads the command line, wires the parts together and prints.
//!
//! It alone names a database. Exit codes: 0 fine, 1 findings or a refusal, 2 wrong usage, 70 the
//! machine failed.

mod args;
mod commands;
mod database;
mod failure;
mod paths;
mod server;
mod terminal;
mod world;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = args::Args::parse();
    match commands::run(args.command) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}
