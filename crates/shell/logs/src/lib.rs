//! Event logs from files: what a file is (by its name and its first bytes), unpacked, and read.

use flate2::read::MultiGzDecoder;
use gemba_mining::{EventLog, Refusal, Watch, csv, xes};
use std::fs::File;
use std::io::{Chain, Cursor, Read};
use std::path::Path;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// XES.
    Xes,
    /// A table.
    Csv,
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
            Self::Unknown => f.write_str("a log is a .xes or .csv file, packed as .gz or not"),
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
        _ => None,
    }
}

/// How a log is to be read.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The columns of a table.
    pub roles: csv::Roles,
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

/// Reads a log. Of a packed file the bytes that the watcher is told are those unpacked.
pub fn read(path: &Path, asked: &Asked, watch: &mut dyn Watch) -> Result<EventLog, Error> {
    match format(path).ok_or(Error::Unknown)? {
        Format::Xes => Ok(xes::read(stream(path)?, watch)?),
        Format::Csv => Ok(csv::read(stream(path)?, &asked.roles, watch)?),
    }
}
