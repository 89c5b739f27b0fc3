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
use gemba_mining::ocel::{CASE_TYPE, Ocel};
use gemba_mining::{EventLog, Refusal, Report, csv::Roles};
use serde_json::{Value, json};
use std::path::Path;
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
    let Source { log, case, activity, timestamp, resource, object_type, day_first } =
        source.clone();
    let roles = Roles { case, activity, timestamp, resource, day_first };
    let read = gemba_logs::read(&log, &Asked { roles, object_type }, &mut watch())
        .map_err(|error| failed(&log, &error))?;
    for (column, role) in &read.report.roles {
        if *role == CASE_TYPE {
            terminal::say(&format!("  the cases are the objects of type \"{column}\""));
        } else {
            terminal::say(&format!("  column \"{column}\" is read as {role}"));
        }
    }
    odd(&read.report);
    Ok(read)
}

/// Reads a log of objects as it is; `None` where it holds cases.
fn objects(path: &Path) -> Result<Option<Ocel>, Failure> {
    let read =
        gemba_logs::read_objects(path, &mut watch()).map_err(|error| failed(path, &error))?;
    if let Some(objects) = &read {
        odd(&objects.report);
    }
    Ok(read)
}

/// Says now and then how far reading is.
fn watch() -> impl FnMut(u64) -> bool {
    let mut next = STEP;
    move |bytes: u64| {
        if bytes >= next {
            terminal::say(&format!("  {} MiB read", bytes / (1024 * 1024)));
            next = bytes + STEP;
        }
        true
    }
}

fn failed(path: &Path, error: &Error) -> Failure {
    let message = format!("{}: {error}", path.display());
    match error {
        Error::File(_) | Error::Unknown => Failure::Usage(message),
        Error::Refused(Refusal::Malformed(_) | Refusal::TooLarge(_)) => {
            Failure::Refused { code: "LOG0001", message, findings: String::new() }
        }
        Error::Refused(Refusal::Unreadable(_) | Refusal::Stopped) => Failure::Machine(message),
    }
}

/// Says what was odd about a log.
fn odd(report: &Report) {
    for (trouble, count, place) in report.troubles() {
        terminal::say(&format!("  {count} {} (first: {})", trouble.words(), place.words()));
    }
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
