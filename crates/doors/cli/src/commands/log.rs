//! `gemba log`: event logs of any system, read, counted, mined and held against a model.

mod conform;
mod convert;
mod discover;
mod drift;
mod stats;

use crate::args::{Log, Source};
use crate::failure::Failure;
use crate::terminal;
use gemba_logs::{Asked, Error};
use gemba_mining::{EventLog, Refusal, csv::Roles};
use serde_json::{Value, json};
use std::process::ExitCode;

pub(super) fn run(command: Log) -> Result<ExitCode, Failure> {
    match command {
        Log::Stats { source, json } => stats::run(&source, json),
        Log::Conform { source, conform } => conform::run(&source, &conform),
        Log::Discover { source, discover } => discover::run(&source, &discover),
        Log::Drift { source, drift } => drift::run(&source, &drift),
        Log::Convert { source, output } => convert::run(&source, &output),
    }
}

/// How many bytes lie between two words about how far reading is.
const STEP: u64 = 256 * 1024 * 1024;

/// Reads a log and says what was odd about it.
fn read(source: &Source) -> Result<EventLog, Failure> {
    let Source { log, case, activity, timestamp, resource, day_first } = source.clone();
    let roles = Roles { case, activity, timestamp, resource, day_first };
    let mut next = STEP;
    let mut watch = |bytes: u64| {
        if bytes >= next {
            terminal::say(&format!("  {} MiB read", bytes / (1024 * 1024)));
            next = bytes + STEP;
        }
        true
    };
    let read = gemba_logs::read(&log, &Asked { roles }, &mut watch);
    let read = read.map_err(|error| {
        let message = format!("{}: {error}", log.display());
        match error {
            Error::File(_) | Error::Unknown => Failure::Usage(message),
            Error::Refused(Refusal::Malformed(_) | Refusal::TooLarge(_)) => {
                Failure::Refused { code: "LOG0001", message, findings: String::new() }
            }
            Error::Refused(Refusal::Unreadable(_) | Refusal::Stopped) => Failure::Machine(message),
        }
    })?;
    for (column, role) in &read.report.roles {
        terminal::say(&format!("  column \"{column}\" is read as {role}"));
    }
    for (trouble, count, place) in read.report.troubles() {
        terminal::say(&format!("  {count} {} (first: {})", trouble.words(), place.words()));
    }
    Ok(read)
}

/// What was odd about a log, for programs.
fn report(log: &EventLog) -> Value {
    let troubles = log.report.troubles().map(|(trouble, count, place)| {
        (trouble.name().to_owned(), json!({"count": count, "first": place.words()}))
    });
    let columns = log.report.roles.iter().map(|(name, role)| (name.clone(), json!(role)));
    json!({
        "columns": columns.collect::<serde_json::Map<_, _>>(),
        "found": troubles.collect::<serde_json::Map<_, _>>(),
    })
}

/// Microseconds as seconds; whole numbers of them are exact far beyond any log.
#[expect(clippy::as_conversions, reason = "below 2^53 for centuries")]
fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}
