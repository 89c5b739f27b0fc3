//! `gemba import` and `gemba export`: documents and whole workspaces, from a disk and to it.

use crate::{
    args::{Data, Import, SeatForm},
    failure::Failure,
    paths, terminal, world,
};
use gemba_app::{
    Who, archive,
    exchange::{self, MARK, Outcome, Restored, Source},
    processes::Imported,
    seat_files::{self, Form},
    workspace,
};
use gemba_diag::text;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

pub(super) fn import(args: &Import) -> Result<ExitCode, Failure> {
    let mut files = Vec::new();
    for path in &args.paths {
        files.extend(found(path)?);
    }
    if files.iter().all(|file| !file.chosen && !exchange::is_document(&file.path)) {
        let message = "there is no *.md or *.bpmn file here".to_owned();
        return Err(Failure::Usage(message));
    }
    let app = world::open(&args.data)?;
    let who = Who::operator();
    let Outcome { documents, notes, restored } = world::block_on(async {
        if workspace::is_empty(&app).await? {
            let message =
                "there is no workspace here yet; make one with `gemba setup` or `gemba serve`";
            return Err(Failure::Usage(message.to_owned()));
        }
        Ok(exchange::import(&app, &who, files).await?)
    })?;
    let refused = documents.iter().any(|file| file.refused);
    for file in &documents {
        say(file, refused);
    }
    for note in &notes {
        terminal::say(&format!("{}: {}", note.about, note.message));
    }
    if let Some(Restored { seats, measurables, processes, in_force, attachments }) = restored {
        terminal::say(&format!(
            "the workspace was imported: {processes} processes ({in_force} in force), {seats} seats, {measurables} measurables, {attachments} attachments are new",
        ));
    }
    if refused {
        terminal::say("Nothing was imported: take out or mend the files above, then import again.");
    }
    Ok(ExitCode::from(u8::from(refused)))
}

/// The files that a path of the command line means. Of a folder, what is no document is named and not
/// read, except where the folder is a workspace.
fn found(path: &Path) -> Result<Vec<Source>, Failure> {
    let shown = path.display().to_string();
    if !path.is_dir() {
        let bytes = paths::read(path)?;
        if archive::is_zip(&bytes) {
            let files = exchange::unpacked(&bytes)?.into_iter();
            return Ok(files
                .map(|file| Source { name: format!("{shown}/{}", file.name), ..file })
                .collect());
        }
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
        let path = name.unwrap_or_else(|| shown.clone());
        return Ok(vec![Source { name: shown, path, bytes, chosen: true }]);
    }
    let mark = path.join(MARK);
    let is_workspace = mark.is_file() && exchange::is_mark(&paths::read(&mark)?);
    let mut files = Vec::new();
    for file in paths::below(path)? {
        let within = within(path, &file);
        let wanted = is_workspace || exchange::is_document(&within);
        let bytes = if wanted { paths::read(&file)? } else { Vec::new() };
        let name = file.display().to_string();
        files.push(Source { name, path: within, bytes, chosen: false });
    }
    Ok(files)
}

/// The path of a file within a folder, with `/` between folders.
fn within(folder: &Path, file: &Path) -> String {
    let rest = file.strip_prefix(folder).unwrap_or(file);
    let parts: Vec<_> = rest.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// Whether a finding is why the file was not taken.
fn refuses(file: &Imported, finding: &gemba_diag::Diagnostic) -> bool {
    if gemba_app::models::is_model(&file.file) {
        finding.severity == gemba_diag::Severity::Error
    } else {
        gemba_sop::refuses_import(finding)
    }
}

fn say(file: &Imported, nothing_kept: bool) {
    if file.refused {
        let diagnostics: Vec<_> =
            file.diagnostics.iter().filter(|d| refuses(file, d)).cloned().collect();
        terminal::say(&text::render(&file.file, &file.source, &diagnostics, false));
    } else if !nothing_kept {
        let n = file.diagnostics.len();
        for slug in &file.slugs {
            terminal::print(slug);
        }
        terminal::say(&format!("{}: {} imported, {n} findings", file.file, file.slugs.join(", ")));
    }
}

pub(super) fn export(dir: &Path, data: &Data) -> Result<ExitCode, Failure> {
    let app = world::open_existing(data)?;
    let files = world::block_on(async { Ok(exchange::export(&app, &Who::operator()).await?) })?;
    fs::create_dir_all(dir).map_err(|e| Failure::file("make", dir, &e))?;
    let kept: BTreeSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let gone = outdated(dir, &kept)?;
    write_all(dir, &files)?;
    let n = files.len();
    terminal::say(&format!("the workspace was written to {}, {n} files", dir.display()));
    if gone > 0 {
        terminal::say(&format!(
            "{gone} files of an earlier export were removed: they are no part of it any more"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes files into a folder; what is there already stays untouched.
fn write_all(dir: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    for (path, bytes) in files {
        let target = dir.join(path);
        let unchanged = fs::read(&target).is_ok_and(|before| before == *bytes);
        if unchanged {
            continue;
        }
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(|e| Failure::file("make", folder, &e))?;
        }
        paths::write(&target, bytes)?;
    }
    Ok(())
}

pub(super) fn export_seat(
    dir: &Path,
    seat: &str,
    form: SeatForm,
    data: &Data,
) -> Result<ExitCode, Failure> {
    let form = match form {
        SeatForm::AgentsMd => Form::AgentsMd,
        SeatForm::ClaudeMd => Form::ClaudeMd,
        SeatForm::Skills => Form::Skills,
        SeatForm::SopMd => Form::SopMd,
    };
    let app = world::open_existing(data)?;
    let files = world::block_on(async {
        Ok(seat_files::export(&app, &Who::operator(), seat, form).await?)
    })?;
    fs::create_dir_all(dir).map_err(|e| Failure::file("make", dir, &e))?;
    write_all(dir, &files)?;
    for (path, _) in &files {
        terminal::print(&dir.join(path).display().to_string());
    }
    if files.is_empty() {
        terminal::say("the seat works by no SOP in force, and nothing was written");
    }
    Ok(ExitCode::SUCCESS)
}

/// Removes what an earlier export wrote and this one does not: the old text of a process that was
/// retired would else be imported beside the new one. Only in a folder that is marked as a workspace,
/// and only files as an export writes them.
fn outdated(dir: &Path, kept: &BTreeSet<&str>) -> Result<usize, Failure> {
    let mark = dir.join(MARK);
    if !mark.is_file() || !exchange::is_mark(&paths::read(&mark)?) {
        return Ok(0);
    }
    let mut gone = 0;
    for file in paths::below(dir)? {
        let path = within(dir, &file);
        if exchange::is_exported(&path) && !kept.contains(path.as_str()) {
            fs::remove_file(&file).map_err(|e| Failure::file("remove", &file, &e))?;
            gone += 1;
        }
    }
    Ok(gone)
}
