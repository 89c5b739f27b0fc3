//! `gemba log convert`: a log in another format.

use crate::args::Source;
use crate::failure::Failure;
use crate::terminal;
use flate2::{Compression, write::GzEncoder};
use gemba_mining::ocel::{self, Ocel};
use gemba_mining::{EventLog, csv, xes};
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
    if !matches!(ending, "xes" | "csv" | "jsonocel") {
        let message =
            format!("`{name}` names no format; end it with .xes, .xes.gz, .csv or .jsonocel");
        return Err(Failure::Usage(message));
    }
    // Objects stay what they are, unless it is said which of them are the cases.
    let kept = match &source.object_type {
        None if ending == "jsonocel" => super::objects(&source.log)?,
        _ => None,
    };
    let what = if let Some(objects) = kept {
        What::Objects(objects)
    } else {
        let log = super::read(source)?;
        if ending == "jsonocel" {
            What::Objects(Ocel::of_log(&log))
        } else {
            What::Cases(Box::new(log))
        }
    };
    let fail = |error: &std::io::Error| Failure::file("write", output, error);
    let file = BufWriter::new(File::create(output).map_err(|e| fail(&e))?);
    let mut out: Box<dyn Write> = if is_packed {
        Box::new(GzEncoder::new(file, Compression::default()))
    } else {
        Box::new(file)
    };
    match &what {
        What::Objects(objects) => ocel::write_json(objects, &mut out),
        What::Cases(log) if ending == "xes" => xes::write(log, &mut out),
        What::Cases(log) => csv::write(log, &mut out),
    }
    .and_then(|()| out.flush())
    .map_err(|e| fail(&e))?;
    terminal::say(&match &what {
        What::Objects(all) => format!("{} objects, {} events", all.objects.len(), all.events.len()),
        What::Cases(log) => format!("{} cases, {} events", log.cases(), log.events()),
    });
    Ok(ExitCode::SUCCESS)
}

enum What {
    Objects(Ocel),
    Cases(Box<EventLog>),
}
