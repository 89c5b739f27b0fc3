//! The library of written processes: to read, and to make a draft of.

use crate::{
    Act, App, Error, Result, Who, access, processes, processes::Checked, records::ProcessRecord,
    seats::Directory,
};
use gemba_library::Entry;
use gemba_model::{Owner, OwnerState, Process};
use gemba_store::{Mode, Tx, all};

/// A process of the library, and whether the workspace has it already.
#[derive(Debug, Clone)]
pub struct Shelf {
    /// The process.
    pub entry: &'static Entry,
    /// How far the workspace is with it.
    pub cover: Cover,
}

/// How far the workspace is with a process that it should have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cover {
    /// Nothing is written.
    Nothing,
    /// There is a draft; the slug of its process.
    Draft(String),
    /// A revision is in force; the slug of its process.
    InForce(String),
}

impl Cover {
    /// Where the workspace is with the process of this title.
    pub(crate) fn of(record: Option<&ProcessRecord>) -> Self {
        match record {
            None => Self::Nothing,
            Some(record) if record.retired.is_some() => Self::Nothing,
            Some(record) if record.published.is_some() => Self::InForce(record.slug.clone()),
            Some(record) => Self::Draft(record.slug.clone()),
        }
    }
}

/// The record that stands for a process of the library: by its name or its title, whatever is in
/// force before a draft. One that was retired stands for nothing any more.
pub(crate) fn record_for<'a>(
    records: &'a [ProcessRecord],
    slug: &str,
    title: &str,
) -> Option<&'a ProcessRecord> {
    records
        .iter()
        .filter(|r| r.retired.is_none())
        .filter(|r| r.slug == slug || r.summary().title.eq_ignore_ascii_case(title))
        .max_by_key(|r| r.published.is_some())
}

/// All processes of the library, by function.
pub async fn list(app: &App, who: &Who) -> Result<Vec<Shelf>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let records = records(&mut *tx).await?;
    Ok(gemba_library::all()
        .iter()
        .map(|entry| Shelf {
            cover: Cover::of(record_for(&records, entry.slug, entry.title)),
            entry,
        })
        .collect())
}

pub(crate) async fn records(tx: &mut dyn Tx) -> Result<Vec<ProcessRecord>> {
    Ok(all::<ProcessRecord>(tx).await?.into_iter().map(|r| r.value).collect())
}

/// One process of the library with what it says.
pub async fn get(app: &App, who: &Who, slug: &str) -> Result<(Shelf, Process)> {
    let entry = find(slug)?;
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let records = records(&mut *tx).await?;
    let cover = Cover::of(record_for(&records, entry.slug, entry.title));
    Ok((Shelf { entry, cover }, read(entry).process))
}

/// Makes a draft of a process of the library; the slug of the new process comes back. Making it again
/// while the draft is unchanged gives the same process.
pub async fn draft(app: &App, who: &Who, slug: &str) -> Result<String> {
    let entry = find(slug)?;
    access::require(who, Act::Write)?;
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let made = add(app, &mut *tx, who, entry, "").await?;
    tx.commit().await?;
    Ok(made)
}

/// Adds a draft of a process of the library, owned by the seat that somebody named, if any.
pub(crate) async fn add(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    entry: &Entry,
    owner: &str,
) -> Result<String> {
    let text = if owner.is_empty() {
        entry.source.to_owned()
    } else {
        let directory = Directory::load(tx).await?;
        // The chart's own spelling, where the chart has the seat.
        let name = directory.find(owner).and_then(|id| directory.name(id)).unwrap_or(owner);
        owned_by(entry, name)
    };
    processes::add_text(app, tx, who, entry.title, text).await
}

fn owned_by(entry: &Entry, owner: &str) -> String {
    let mut process = read(entry).process;
    process.owner =
        Owner { state: OwnerState::Stated, seat: Some(owner.to_owned()), ..Owner::missing() };
    gemba_sop::print(&process)
}

fn read(entry: &Entry) -> Checked {
    processes::checked(entry.source, entry.slug)
}

fn find(slug: &str) -> Result<&'static Entry> {
    gemba_library::find(slug).ok_or_else(|| Error::not_found("process of the library", slug))
}
