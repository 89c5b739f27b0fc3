//! `cargo xtask corpus [FOLDER] [--verbose]`: the figures, and every miss on request.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it prints what it measured for the person at the terminal"
)]

use gemba_corpus::{Corpus, Report};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut verbose = false;
    let mut folder = None;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--verbose" | "-v" => verbose = true,
            other if !other.starts_with('-') && folder.is_none() => folder = Some(other.into()),
            _ => {
                eprintln!("cargo xtask corpus [FOLDER] [--verbose]");
                return ExitCode::from(2);
            }
        }
    }
    let folder = folder.unwrap_or_else(Corpus::folder);
    match Corpus::read(&folder).and_then(|corpus| Report::of(&corpus)) {
        Ok(report) => {
            if verbose {
                print!("{}", report.misses());
            }
            print!("{}", report.table());
            println!("{}", report.json());
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
