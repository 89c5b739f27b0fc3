//! Files left as evidence: kept once under their digest, whatever their name.

use crate::{Act, App, Error, Result, Who, accounts::hashed, records::FileRecord, workspace::text};
use gemba_store::{Mode, Tx, insert, load};

/// The largest file taken, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;

/// Keeps a file; its record comes back.
pub async fn put(app: &App, who: &Who, name: &str, bytes: &[u8]) -> Result<FileRecord> {
    let short = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let name = text("name", short, 200)?;
    if bytes.is_empty() || bytes.len() > MAX_BYTES {
        return Err(Error::invalid("file", "a file has 1 byte to 10 MiB"));
    }
    let digest = hashed(bytes);
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    if let Some(known) = load::<FileRecord>(&mut *tx, &digest).await? {
        // What was read may belong to writes that are not on disk yet: wait until they are.
        tx.commit().await?;
        return Ok(known.value);
    }
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let record = FileRecord { digest, name, size, by: who.name.clone(), at: app.now() };
    tx.put_blob(&record.digest, bytes).await?;
    insert(&mut *tx, &record).await?;
    tx.commit().await?;
    Ok(record)
}

/// The file with this digest.
pub async fn get(app: &App, who: &Who, digest: &str) -> Result<(FileRecord, Vec<u8>)> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let missing = || Error::not_found("file", digest);
    let record = load::<FileRecord>(&mut *tx, digest).await?.ok_or_else(missing)?.value;
    let bytes = tx.blob(digest).await?.ok_or_else(missing)?;
    Ok((record, bytes))
}

/// Refuses a digest that names no kept file.
pub(crate) async fn require(tx: &mut dyn Tx, digest: &str) -> Result<()> {
    match load::<FileRecord>(tx, digest).await? {
        Some(_) => Ok(()),
        None => Err(Error::not_found("file", digest)),
    }
}
