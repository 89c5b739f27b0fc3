//! `gemba log convert`: a log in another format.

use crate::args::Source;
use crate::failure::Failure;
use crate::terminal;
use flate2::{Compression, write::GzEncoder};
use gemba_mining::{csv, xes};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run(source: &Source, output: &Path) -> Result<ExitCode, Failure> {
    let name = output.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let (plain, is_packed) = match name.strip_suffix(".gz") {
        Some(plain) => (plain, true),
        None => (name.as_str(), false),
    };
    let ending = plain.rsplit_once('.').map_or("", |(_, ending)| ending);
    if !matches!(ending, "xes" | "csv") {
        let message = format!("`{name}` names no format; end it with .xes, .xes.gz or .csv");
        return Err(Failure::Usage(message));
    }
    let log = super::read(source)?;
    let fail = |error: &std::io::Error| Failure::file("write", output, error);
    let file = BufWriter::new(File::create(output).map_err(|e| fail(&e))?);
    let mut out: Box<dyn Write> = if is_packed {
        Box::new(GzEncoder::new(file, Compression::default()))
    } else {
        Box::new(file)
    };
    match ending {
        "xes" => xes::write(&log, &mut out),
        _ => csv::write(&log, &mut out),
    }
    .and_then(|()| out.flush())
    .map_err(|e| fail(&e))?;
    terminal::say(&format!("{} cases, {} events", log.cases(), log.events()));
    Ok(ExitCode::SUCCESS)
}
