//! `gemba log convert`: a log in another format.

use crate::args::Source;
use crate::failure::Failure;
use crate::terminal;
use flate2::{Compression, write::GzEncoder};
use gemba_logs::{Format, write_database};
use gemba_mining::ocel::{self, Ocel};
use gemba_mining::{EventLog, csv, xes};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run(source: &Source, output: &Path) -> Result<ExitCode, Failure> {
    let name = output.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let (plain, is_packed) = match name.strip_suffix(".gz") {
        Some(plain) => (plain, true),
        None => (name.as_str(), false),
    };
    let ending = plain.rsplit_once('.').map_or("", |(_, ending)| ending);
    let format = match ending {
        "xes" => Format::Xes,
        "csv" => Format::Csv,
        "jsonocel" | "json" => Format::ObjectsJson,
        "xmlocel" | "xml" => Format::ObjectsXml,
        "sqlite" | "db" if !is_packed => Format::ObjectsSqlite,
        _ => {
            let message = format!(
                "`{name}` names no format; end it with .xes, .csv, .jsonocel or .xmlocel (packed as .gz or not), or with .sqlite"
            );
            return Err(Failure::Usage(message));
        }
    };
    let is_of_objects = !matches!(format, Format::Xes | Format::Csv);
    // Objects stay what they are, unless it is said which of them are the cases.
    let kept = match &source.object_type {
        None if is_of_objects => super::objects(&source.log)?,
        _ => None,
    };
    let what = if let Some(objects) = kept {
        What::Objects(objects)
    } else {
        let log = super::read(source)?;
        if is_of_objects { What::Objects(Ocel::of_log(&log)) } else { What::Cases(Box::new(log)) }
    };
    let written = match (&what, format) {
        (What::Objects(all), Format::ObjectsSqlite) => write_database(all, output),
        (What::Objects(all), Format::ObjectsXml) => {
            streamed(output, is_packed, |out| ocel::write_xml(all, out))
        }
        (What::Objects(all), _) => streamed(output, is_packed, |out| ocel::write_json(all, out)),
        (What::Cases(log), Format::Xes) => streamed(output, is_packed, |out| xes::write(log, out)),
        (What::Cases(log), _) => streamed(output, is_packed, |out| csv::write(log, out)),
    };
    written.map_err(|e| Failure::file("write", output, &e))?;
    terminal::say(&match &what {
        What::Objects(all) => format!("{} objects, {} events", all.objects.len(), all.events.len()),
        What::Cases(log) => format!("{} cases, {} events", log.cases(), log.events()),
    });
    Ok(ExitCode::SUCCESS)
}

/// Writes a file, packed or not.
fn streamed(
    output: &Path,
    is_packed: bool,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(output)?);
    if is_packed {
        let mut packed = GzEncoder::new(&mut file, Compression::default());
        write(&mut packed)?;
        packed.finish()?;
    } else {
        write(&mut file)?;
    }
    file.flush()
}

enum What {
    Objects(Ocel),
    Cases(Box<EventLog>),
}
