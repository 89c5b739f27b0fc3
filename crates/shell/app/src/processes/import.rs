//! Documents that become processes: from files, all or none, and from the folder of a workspace.

use super::{Checked, add, checked, find, with_line};
use crate::{
    Act, App, Error, Result, Who, access, around,
    models::{self, Model},
    records::ProcessRecord,
};
use gemba_diag::Diagnostic;
use gemba_sop::{Compiled, Surroundings};
use gemba_store::{Mode, Tx, Versioned};

/// The most files of one import.
pub const MAX_FILES: usize = 2_000;

/// A file to import.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name or path, for messages and as a fallback title.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What became of a file.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The file.
    pub file: String,
    /// Its text, for showing findings.
    pub source: String,
    /// The processes made of it; empty where it was refused.
    pub slugs: Vec<String>,
    /// What was found in it.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it could not be taken at all.
    pub refused: bool,
}

/// Imports files as drafts, all or none: where one cannot be taken (no text, too large), nothing is kept
/// and the answer says which. Findings about what a document says do not refuse it.
pub async fn import(app: &App, who: &Who, files: Vec<File>) -> Result<Vec<Imported>> {
    import_into(app, who, files.into_iter().map(|file| (file, None)).collect()).await
}

/// Imports files as [`import`] does, each with the function that its document belongs to where it names
/// none.
pub(crate) async fn import_into(
    app: &App,
    who: &Who,
    files: Vec<(File, Option<String>)>,
) -> Result<Vec<Imported>> {
    if files.is_empty() || files.len() > MAX_FILES {
        let message = format!("an import takes 1 to {MAX_FILES} files, here are {}", files.len());
        return Err(Error::invalid("files", message));
    }
    access::require(who, Act::Write)?;
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let around = around::of(app, &mut *tx).await?;
    drop(tx);
    // Reading takes its time; nobody else who writes has to wait for it.
    let mut read: Vec<(Imported, Vec<Fresh>)> = files
        .iter()
        .map(|(file, function)| {
            let (imported, found) = read_file(file, &around);
            (imported, found.into_iter().map(|f| f.within(function.as_deref())).collect())
        })
        .collect();
    let beside = read.iter().flat_map(|(imported, found)| {
        found.iter().map(|f| (imported.file.as_str(), &f.checked.process))
    });
    let around = around::with(around, beside);
    for ((imported, _), (file, _)) in read.iter_mut().zip(&files) {
        // What the files are to each other is known only now; it matters to those that call another one.
        if imported.diagnostics.iter().any(gemba_sop::calls_unknown) {
            imported.diagnostics = read_file(file, &around).0.diagnostics;
        }
    }
    if read.iter().any(|(file, _)| file.refused) {
        return Ok(read.into_iter().map(|(file, _)| file).collect());
    }
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    for (file, found) in &mut read {
        for fresh in found.drain(..) {
            file.slugs.push(add(app, &mut *tx, who, fresh).await?);
        }
    }
    tx.commit().await?;
    Ok(read.into_iter().map(|(file, _)| file).collect())
}

/// A document that is to become a process.
pub(super) struct Fresh {
    pub(super) wanted: String,
    pub(super) text: String,
    pub(super) checked: Checked,
}

impl Fresh {
    /// The document in this function, where it names none itself.
    fn within(self, function: Option<&str>) -> Self {
        match function {
            Some(function) if self.checked.process.function.is_none() => {
                Self::of(&self.wanted, with_line(&self.text, "function", function))
            }
            _ => self,
        }
    }

    pub(super) fn of(wanted: &str, text: String) -> Self {
        Self { wanted: wanted.to_owned(), checked: checked(&text, wanted), text }
    }
}

fn read_file(file: &File, around: &Surroundings) -> (Imported, Vec<Fresh>) {
    let imported = |source, diagnostics, refused| Imported {
        file: file.name.clone(),
        source,
        slugs: Vec::new(),
        diagnostics,
        refused,
    };
    if models::is_model(&file.name) {
        let model = models::read_in(&file.bytes, &file.name, around);
        let refused = model.definitions.is_none();
        let found = models::texts(&model.processes)
            .into_iter()
            .map(|(slug, text)| Fresh::of(&slug, text))
            .collect();
        let Model { source, diagnostics, .. } = model;
        return (imported(source, diagnostics, refused), found);
    }
    let (source, Compiled { processes, diagnostics }) =
        gemba_sop::compile_bytes_in(&file.bytes, &file.name, around);
    let refused = diagnostics.iter().any(gemba_sop::refuses_import);
    let single = processes.len() == 1;
    let text = |process| if single { source.clone() } else { gemba_sop::print(process) };
    let found = if refused { Vec::new() } else { processes };
    let found = found.iter().map(|p| Fresh::of(p.slug.as_str(), text(p))).collect();
    (imported(source, diagnostics, refused), found)
}

/// Adds a process with exactly this text as its draft, under this slug where it is free.
pub(crate) async fn restored(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    slug: &str,
    text: String,
) -> Result<Versioned<ProcessRecord>> {
    let slug = add(app, tx, who, Fresh::of(slug, text)).await?;
    find(tx, &slug).await
}
