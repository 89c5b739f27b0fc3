//! The documents of a check, each held against the others.

use crate::{args::Check, failure::Failure, paths, world::SystemClock};
use gemba_app::{
    exchange::{self, team},
    models,
    ports::Clock,
};
use gemba_diag::Diagnostic;
use gemba_sop::{Folder, KnownProcess, KnownSeat, Surroundings};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A document and what was found in it.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    /// Its name as the findings give it.
    pub(super) path: String,
    /// Where it is.
    pub(super) place: PathBuf,
    pub(super) source: String,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// What a document says of itself, whatever stands around it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    bytes: Vec<u8>,
    processes: Vec<KnownProcess>,
}

/// Reads documents, and remembers those that have not changed.
#[derive(Debug, Default)]
pub(super) struct Reader {
    known: BTreeMap<PathBuf, Known>,
    checked: BTreeMap<PathBuf, Checked>,
    around: Surroundings,
}

impl Reader {
    /// All documents of a call with what was found in them: those that changed are read anew, and all
    /// where what they name of each other changed.
    pub(super) fn read(&mut self, args: &Check) -> Result<Vec<Checked>, Failure> {
        let places = documents(&args.paths)?;
        let mut fresh = BTreeSet::new();
        for place in &places {
            let bytes = paths::read(place)?;
            if self.known.get(place).is_none_or(|known| known.bytes != bytes) {
                let processes = processes(place, &bytes);
                self.known.insert(place.clone(), Known { bytes, processes });
                fresh.insert(place.clone());
            }
        }
        self.known.retain(|place, _| places.contains(place));
        let around = self.surroundings(args)?;
        let moved = around.processes != self.around.processes
            || around.folders != self.around.folders
            || around.seats != self.around.seats;
        self.around = around;
        for (place, known) in &self.known {
            if moved || fresh.contains(place) || !self.checked.contains_key(place) {
                let path = place.display().to_string();
                let (source, mut diagnostics) = if models::is_model(&path) {
                    let model = models::read(&known.bytes, &path);
                    (model.source, model.diagnostics)
                } else {
                    let (source, compiled) =
                        gemba_sop::compile_bytes_in(&known.bytes, &path, &self.around);
                    (source, compiled.diagnostics)
                };
                diagnostics.retain(|found| wanted(args, found.code.as_str()));
                let checked = Checked { path, place: place.clone(), source, diagnostics };
                self.checked.insert(place.clone(), checked);
            }
        }
        self.checked.retain(|place, _| self.known.contains_key(place));
        Ok(places.iter().filter_map(|place| self.checked.get(place).cloned()).collect())
    }

    /// The text of a document with all fixes carried out, and how many were; nothing where none is.
    pub(super) fn settled(&self, file: &Checked, args: &Check) -> Option<(String, usize)> {
        // What is not text, or no Markdown, has no fixes.
        let whole = self.known.get(&file.place).is_some_and(|k| k.bytes == file.source.as_bytes());
        if !whole || !file.diagnostics.iter().any(|found| found.fix.is_some()) {
            return None;
        }
        let (made, n) = gemba_sop::fix_all(&file.source, &file.path, &self.around, |code| {
            wanted(args, code.as_str())
        });
        (n > 0).then_some((made, n))
    }

    fn surroundings(&self, args: &Check) -> Result<Surroundings, Failure> {
        let folders = args.paths.iter().filter(|path| path.is_dir());
        let all: Vec<String> = self.known.keys().map(|place| name(place)).collect();
        Ok(Surroundings {
            seats: seats(args)?,
            processes: Some(self.known.values().flat_map(|k| k.processes.clone()).collect()),
            folders: folders.map(|folder| inside(&name(folder), &all)).collect(),
            today: Some(SystemClock.now().to_zoned(TimeZone::system()).date()),
        })
    }
}

/// The documents of a call; in the folder of an exported workspace its sheets are none.
pub(super) fn documents(all: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let exported: Vec<&PathBuf> = all.iter().filter(|folder| is_workspace(folder)).collect();
    let mut places = paths::documents(all)?;
    places.retain(|place| {
        let inside = exported.iter().find_map(|folder| place.strip_prefix(folder).ok());
        !inside.is_some_and(|path| team::is_sheet(&name(path)))
    });
    Ok(places)
}

/// Whether this is the folder of an exported workspace.
fn is_workspace(folder: &Path) -> bool {
    let mark = folder.join(exchange::MARK);
    mark.is_file() && paths::read(&mark).is_ok_and(|bytes| exchange::is_mark(&bytes))
}

/// The file that says which seats there are: the one named, or that of an exported workspace.
pub(super) fn team_of(args: &Check) -> Option<PathBuf> {
    let own = || {
        let folder = args.paths.iter().find(|folder| is_workspace(folder))?;
        Some(folder.join(team::FILE)).filter(|file| file.is_file())
    };
    args.team.clone().or_else(own)
}

/// The seats of the team file. A workspace without a single one has not said yet who there is, so nothing
/// is held against it; a file that somebody names must name them.
fn seats(args: &Check) -> Result<Option<Vec<KnownSeat>>, Failure> {
    let Some(file) = team_of(args) else { return Ok(None) };
    let wrong = |why| Failure::Usage(format!("{} is no team file: {why}", file.display()));
    let seats = team::read(&paths::read(&file)?).map_err(wrong)?;
    if seats.is_empty() && args.team.is_some() {
        return Err(wrong(
            "it names no seat; each is a heading such as `## Accounting`".to_owned(),
        ));
    }
    Ok((!seats.is_empty()).then_some(seats))
}

/// The folder and the documents that lie in it.
fn inside(folder: &str, all: &[String]) -> Folder {
    let path = folder.trim_end_matches('/');
    let path = if path == "." { "" } else { path };
    let mine = all
        .iter()
        .filter(|f| path.is_empty() || f.strip_prefix(path).is_some_and(|r| r.starts_with('/')));
    Folder { path: path.to_owned(), files: mine.cloned().collect() }
}

/// The path of a document with `/` between its parts and without a leading "./".
fn name(place: &Path) -> String {
    let shown = place.display().to_string();
    let shown = if cfg!(windows) { shown.replace('\\', "/") } else { shown };
    shown.strip_prefix("./").map_or(shown.clone(), str::to_owned)
}

fn processes(place: &Path, bytes: &[u8]) -> Vec<KnownProcess> {
    let file = place.display().to_string();
    let processes = if models::is_model(&file) {
        models::read(bytes, &file).processes
    } else {
        gemba_sop::compile_bytes(bytes, &file).1.processes
    };
    let known = processes.into_iter().map(|process| KnownProcess {
        slug: process.slug.as_str().to_owned(),
        title: process.title,
        file: Some(file.clone()),
    });
    known.collect()
}

/// Whether the findings of a code are asked for.
fn wanted(args: &Check, code: &str) -> bool {
    let among = |list: &[String]| {
        list.iter().any(|wanted| code.starts_with(wanted.to_ascii_uppercase().as_str()))
    };
    (args.select.is_empty() || among(&args.select)) && !among(&args.ignore)
}
