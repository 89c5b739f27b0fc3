//! Event logs from files: what a file is (by its name and its first bytes), unpacked, and read.

mod database;

use flate2::read::MultiGzDecoder;
use gemba_mining::ocel::{self, Ocel};
use gemba_mining::{EventLog, Refusal, Watch, csv, xes};
use std::fs::File;
use std::io::{Chain, Cursor, Read};
use std::path::Path;

pub use database::write_database;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// XES.
    Xes,
    /// A table.
    Csv,
    /// Objects and events as JSON.
    ObjectsJson,
    /// Objects and events as XML.
    ObjectsXml,
    /// Objects and events as an SQLite database.
    ObjectsSqlite,
}

/// Why a file was not read.
#[derive(Debug)]
pub enum Error {
    /// The file itself could not be opened or read.
    File(std::io::Error),
    /// Its ending is none that is known.
    Unknown,
    /// What is in it was refused.
    Refused(Refusal),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(error) => write!(f, "it cannot be read: {error}"),
            Self::Unknown => f.write_str(
                "a log is a .xes, .csv, .json, .xml or .sqlite file, packed as .gz or not",
            ),
            Self::Refused(refusal) => refusal.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File(error) => Some(error),
            Self::Refused(refusal) => Some(refusal),
            Self::Unknown => None,
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::File(error)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What a file is by its name; a `.gz` behind the ending is passed over.
pub fn format(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let (_, ending) = name.rsplit_once('.')?;
    match ending {
        "xes" => Some(Format::Xes),
        "csv" | "tsv" => Some(Format::Csv),
        "json" | "jsonocel" => Some(Format::ObjectsJson),
        "xml" | "xmlocel" => Some(Format::ObjectsXml),
        "sqlite" | "sqlite3" | "db" => Some(Format::ObjectsSqlite),
        _ => None,
    }
}

/// How a log is to be read.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The columns of a table.
    pub roles: csv::Roles,
    /// The type of object that is the case, where the log is one of objects; else the one with the most
    /// relations.
    pub object_type: Option<String>,
}

/// A file as a stream, unpacked where its first bytes say that it is packed.
fn stream(path: &Path) -> std::io::Result<Box<dyn Read>> {
    let mut file = File::open(path)?;
    let mut head = Vec::new();
    file.by_ref().take(2).read_to_end(&mut head)?;
    let is_packed = head == [0x1f, 0x8b];
    let whole: Chain<Cursor<Vec<u8>>, File> = Cursor::new(head).chain(file);
    Ok(if is_packed { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) })
}

/// How much of a table is looked at to see whether it is one of objects.
const HEAD: u64 = 64 * 1024;

/// Reads a log of objects; `None` where the file holds cases.
///
/// # Errors
///
/// A file that cannot be opened, has no known ending, or is refused by its reader.
pub fn read_objects(path: &Path, watch: &mut dyn Watch) -> Result<Option<Ocel>, Error> {
    Ok(Some(match format(path).ok_or(Error::Unknown)? {
        Format::Xes => return Ok(None),
        Format::Csv => {
            let mut head = Vec::new();
            stream(path)?.take(HEAD).read_to_end(&mut head)?;
            if !ocel::is_table(&head) {
                return Ok(None);
            }
            ocel::read_table(stream(path)?, watch)?
        }
        Format::ObjectsJson => ocel::read_json(stream(path)?)?,
        Format::ObjectsXml => ocel::read_xml(stream(path)?)?,
        Format::ObjectsSqlite => database::read(path, watch)?,
    }))
}

/// Reads a log. Of a packed file the bytes that the watcher is told are those unpacked.
///
/// # Errors
///
/// A file that cannot be opened, has no known ending, or is refused by its reader; a log of objects without the
/// type that is asked for.
pub fn read(path: &Path, asked: &Asked, watch: &mut dyn Watch) -> Result<EventLog, Error> {
    if let Some(objects) = read_objects(path, watch)? {
        let kind = asked.object_type.clone().or_else(|| objects.main_type());
        let none = || Refusal::Malformed("no event belongs to an object".to_owned());
        return Ok(objects.cases(&kind.ok_or_else(none)?)?);
    }
    match format(path).ok_or(Error::Unknown)? {
        Format::Xes => Ok(xes::read(stream(path)?, watch)?),
        Format::Csv | Format::ObjectsJson | Format::ObjectsXml | Format::ObjectsSqlite => {
            Ok(csv::read(stream(path)?, &asked.roles, watch)?)
        }
    }
}
