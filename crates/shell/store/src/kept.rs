//! Whole tables, row by row: how a workspace is copied from one store into another, and how the copy
//! is held against what it was made from.

use crate::{
    AuditRow, DeliveryRow, Error, EventRow, ItemRow, OccurrenceRow, RecordRow, RunRow, SearchRow,
    Tx, ValueRow,
};
use gemba_model::id::RunId;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// How many rows are read at a time; files, which may be large, one by one.
const PAGE: u32 = 500;

/// What is kept, in the order in which it is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Records with their keys.
    Record,
    /// Runs.
    Run,
    /// The events of runs.
    Event,
    /// Work items.
    Item,
    /// The occurrences of triggers.
    Occurrence,
    /// The outbox.
    Delivery,
    /// The values of measurables.
    Value,
    /// The audit log.
    Audit,
    /// Files.
    Blob,
    /// What a search looks through.
    Search,
}

impl Table {
    /// All tables, in order.
    pub const ALL: [Self; 10] = [
        Self::Record,
        Self::Run,
        Self::Event,
        Self::Item,
        Self::Occurrence,
        Self::Delivery,
        Self::Value,
        Self::Audit,
        Self::Blob,
        Self::Search,
    ];

    /// What its rows are called, in the plural.
    pub fn words(self) -> &'static str {
        match self {
            Self::Record => "records",
            Self::Run => "runs",
            Self::Event => "events",
            Self::Item => "work items",
            Self::Occurrence => "occurrences",
            Self::Delivery => "deliveries",
            Self::Value => "values",
            Self::Audit => "lines of the audit log",
            Self::Blob => "files",
            Self::Search => "texts to search",
        }
    }
}

/// A key of a record, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeptKey {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether no other record of the kind may have the same value.
    pub unique: bool,
}

/// One row, whole.
#[derive(Debug, Clone, PartialEq)]
pub enum Kept {
    /// A record; its keys in order.
    Record {
        /// The kind.
        kind: String,
        /// The record.
        row: RecordRow,
        /// Its keys.
        keys: Vec<KeptKey>,
    },
    /// A run.
    Run(RunRow),
    /// An event of a run.
    Event {
        /// The run.
        run: RunId,
        /// The event.
        row: EventRow,
    },
    /// A work item.
    Item(ItemRow),
    /// An occurrence.
    Occurrence(OccurrenceRow),
    /// A row of the outbox.
    Delivery(DeliveryRow),
    /// A value.
    Value(ValueRow),
    /// A line of the audit log.
    Audit(AuditRow),
    /// A file.
    Blob {
        /// Its digest.
        digest: String,
        /// What is in it.
        bytes: Vec<u8>,
    },
    /// A text to search.
    Search(SearchRow),
}

/// How much of a table was copied, and what tells it from any other content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The table.
    pub table: Table,
    /// How many rows.
    pub rows: u64,
    /// SHA-256 over the rows in order, in hexadecimal digits. It says that two stores read by the same
    /// program hold the same; another version may write it differently.
    pub digest: String,
}

/// Whether nothing at all is kept.
pub async fn is_empty(tx: &mut dyn Tx) -> Result<bool, Error> {
    for table in Table::ALL {
        if !tx.kept(table, None, 1).await?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Copies everything into an empty store and reads both again, row against row: what comes back is
/// what both hold. A row that differs, is missing or is too many is an error; the caller commits.
pub async fn copy(from: &mut dyn Tx, to: &mut dyn Tx) -> Result<Vec<Copied>, Error> {
    for table in Table::ALL {
        let mut after = None;
        loop {
            let page = from.kept(table, after.as_ref(), page(table)).await?;
            for row in &page {
                put(to, row).await?;
            }
            let Some(last) = page.into_iter().next_back() else { break };
            after = Some(last);
        }
    }
    let mut all = Vec::new();
    for table in Table::ALL {
        all.push(compare(from, to, table).await?);
    }
    Ok(all)
}

fn page(table: Table) -> u32 {
    if table == Table::Blob { 1 } else { PAGE }
}

async fn put(tx: &mut dyn Tx, row: &Kept) -> Result<(), Error> {
    match row {
        Kept::Record { kind, row, keys } => tx.put_kept_record(kind, row, keys).await,
        Kept::Run(row) => tx.put_run(row).await,
        Kept::Event { run, row } => {
            tx.append_events(*run, row.seq, std::slice::from_ref(row)).await
        }
        Kept::Item(row) => tx.put_item(row).await,
        Kept::Occurrence(row) => tx.put_occurrence(row).await.map(|_| ()),
        Kept::Delivery(row) => tx.put_delivery(row).await,
        Kept::Value(row) => tx.put_value(row).await,
        Kept::Audit(row) => tx.put_kept_audit(row).await,
        Kept::Blob { digest, bytes } => tx.put_blob(digest, bytes).await,
        Kept::Search(row) => tx.put_search(row).await,
    }
}

async fn compare(from: &mut dyn Tx, to: &mut dyn Tx, table: Table) -> Result<Copied, Error> {
    let differs = |n: u64| {
        let why = format!("row {n} of the {} is not what it was copied from", table.words());
        Error::corrupt("copy", why)
    };
    let (mut after, mut rows, mut digest) = (None, 0, Sha256::new());
    loop {
        let here = from.kept(table, after.as_ref(), page(table)).await?;
        let there = to.kept(table, after.as_ref(), page(table)).await?;
        for (n, row) in (rows + 1..).zip(&here) {
            let same = usize::try_from(n - rows - 1).ok().and_then(|at| there.get(at)) == Some(row);
            if !same {
                return Err(differs(n));
            }
            digest.update(Sha256::digest(written(row)));
        }
        if there.len() != here.len() {
            return Err(differs(rows + 1));
        }
        rows += u64::try_from(here.len()).unwrap_or(u64::MAX);
        let Some(last) = here.into_iter().next_back() else { break };
        after = Some(last);
    }
    let hex = digest.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _written = write!(hex, "{byte:02x}");
        hex
    });
    Ok(Copied { table, rows, digest: hex })
}

/// A row as bytes: texts are quoted, so no two rows are written alike.
fn written(row: &Kept) -> Vec<u8> {
    match row {
        Kept::Blob { digest, bytes } => [digest.as_bytes(), b"\0", bytes].concat(),
        other => format!("{other:?}").into_bytes(),
    }
}
