//! The past of a process: every revision with what it changed and how often it was run.

use crate::{
    Act, App, Result, Who, access,
    changes::text,
    processes::{self, find},
    publishing::RevisionRow,
    records::{Revision, RevisionLine},
    seats::Directory,
    workspace,
};
use gemba_model::change;
use gemba_store::{Mode, load};
use std::collections::BTreeMap;

/// How many of the newest revisions are compared with the one before whenever the history is looked at.
const COMPARED: usize = 20;

/// A revision in the history.
#[derive(Debug, Clone)]
pub struct HistoryRow {
    /// As in lists.
    pub revision: RevisionRow,
    /// What it changed, compared with the one before; none for the first, and for those that were
    /// followed by so many that they are compared only when somebody asks.
    pub changes: Option<Size>,
    /// Whether there is one before it to compare it with.
    pub follows: bool,
    /// How many runs followed or follow it.
    pub n_runs: i64,
}

/// How much a revision changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// In the terms of a process, in one line.
    pub summary: String,
    /// How many lines of the text came.
    pub n_added: usize,
    /// How many went.
    pub n_removed: usize,
}

/// The past of a process.
#[derive(Debug, Clone)]
pub struct History {
    /// The revisions, newest first.
    pub rows: Vec<HistoryRow>,
    /// Whether a second person approves every revision.
    pub needs_approval: bool,
    /// Whether the one who asks may propose one.
    pub may_propose: bool,
    /// Whether the one who asks may publish, retire and bring back.
    pub may_publish: bool,
}

/// The past of a process.
pub async fn of(app: &App, who: &Who, slug: &str) -> Result<History> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?.value;
    let directory = Directory::load(&mut *tx).await?;
    let needs_approval = workspace::loaded(&mut *tx).await?.value.second_person;
    let runs: BTreeMap<String, i64> = tx.revision_counts(record.id).await?.into_iter().collect();
    let revisions = RevisionLine::of(&mut *tx, record.id).await?;
    let mut sizes: BTreeMap<u32, Size> = BTreeMap::new();
    let older = revisions.len().saturating_sub(COMPARED + 1);
    let mut before: Option<Revision> = None;
    for line in revisions.iter().skip(older) {
        let loaded = load::<Revision>(&mut *tx, &line.hash).await?.map(|found| found.value);
        if let (Some(old), Some(new)) = (&before, &loaded) {
            sizes.insert(new.number, size(old, new));
        }
        before = loaded;
    }
    let first = revisions.first().map(|r| r.number);
    let rows = RevisionRow::all(&record, revisions)
        .into_iter()
        .map(|revision| HistoryRow {
            changes: sizes.remove(&revision.number),
            follows: first.is_some_and(|number| revision.number > number),
            n_runs: runs.get(&revision.hash).copied().unwrap_or(0),
            revision,
        })
        .collect();
    Ok(History {
        rows,
        needs_approval,
        may_propose: processes::may_write(who, &record, &directory),
        may_publish: access::may(who, Act::Manage),
    })
}

fn size(old: &Revision, new: &Revision) -> Size {
    let blocks = text::blocks(&old.source, &new.source);
    let differing = || blocks.iter().filter(|block| !block.is_same);
    Size {
        summary: change::between(&old.compiled, &new.compiled).summary(),
        n_added: differing().map(|block| block.new.len()).sum(),
        n_removed: differing().map(|block| block.old.len()).sum(),
    }
}
