//! `gemba check --watch`: the findings as they are now, again whenever a document changes.

use super::folder::{Reader, documents, team_of};
use crate::{args::Check, failure::Failure, terminal};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

/// How often the folders are looked at: soon enough for a person, cheap for the machine.
const PAUSE: Duration = Duration::from_millis(300);

/// When each document was written last and how long it is.
type Stamps = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

pub(super) fn run(args: &Check) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::Machine(format!("cannot watch: {e}")))?;
    runtime.block_on(async {
        tokio::select! {
            asked = tokio::signal::ctrl_c() => match asked {
                Ok(()) => Ok(ExitCode::SUCCESS),
                Err(e) => Err(Failure::Machine(format!("cannot be asked to stop: {e}"))),
            },
            failed = watch(args) => failed,
        }
    })
}

/// Ends only when the machine fails.
async fn watch(args: &Check) -> Result<ExitCode, Failure> {
    let mut reader = Reader::default();
    let mut before: Option<Stamps> = None;
    loop {
        let now = stamps(args);
        if before.as_ref() != Some(&now) {
            terminal::clear();
            // A file that is being written is read at the next look: that is no reason to end.
            match reader.read(args) {
                Ok(files) => {
                    super::print(args, &files);
                    terminal::say("watching; Ctrl-C ends it");
                }
                Err(failure) => {
                    failure.report();
                }
            }
            before = Some(now);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn stamps(args: &Check) -> Stamps {
    let mut places = documents(&args.paths).unwrap_or_default();
    // A seat that is filled changes what is found.
    places.extend(team_of(args));
    let stamped = places.into_iter().filter_map(|place| {
        let meta = std::fs::metadata(&place).ok()?;
        let stamp = (meta.modified().ok(), meta.len());
        Some((place, stamp))
    });
    stamped.collect()
}
