//! `gemba move`: a whole workspace from one database into another, held against it row by row.

use crate::{args::Move, database::Database, failure::Failure, terminal, world};
use gemba_store::{
    Mode,
    kept::{self, Copied},
};
use std::process::ExitCode;

pub(super) fn run(args: &Move) -> Result<ExitCode, Failure> {
    let (from, to) = (Database::parse(&args.from)?, Database::parse(&args.to)?);
    from.must_exist()?;
    if from == to {
        return Err(Failure::Usage("both are the same database".to_owned()));
    }
    to.make_folder()?;
    let copied = world::block_on(copy(&from, Mode::Write, &to))?;
    for Copied { table, rows, digest } in &copied {
        terminal::print(&format!("{rows:>10}  {:<24}  {digest}", table.words()));
    }
    let rows: u64 = copied.iter().map(|table| table.rows).sum();
    terminal::say(&format!(
        "{rows} rows are in {to}, each held against the one in {from}, which stays as it is. \
         Start `gemba serve` on the new database only."
    ));
    Ok(ExitCode::SUCCESS)
}

/// Copies one database into another; nothing is left behind where something fails. Nobody writes to the
/// first meanwhile where it is opened to write; else the copy is of one moment.
pub(super) async fn copy(
    from: &Database,
    mode: Mode,
    to: &Database,
) -> Result<Vec<Copied>, Failure> {
    let (source, target) = (from.open().await?, to.open().await?);
    let mut here = source.begin(mode).await?;
    let mut there = target.begin(Mode::Write).await?;
    if !kept::is_empty(&mut *there).await? {
        let message = format!("{to} holds a workspace already; nothing was moved");
        return Err(Failure::Usage(message));
    }
    if kept::is_empty(&mut *here).await? {
        return Err(Failure::Usage(format!("there is nothing in {from}; nothing was moved")));
    }
    let copied = kept::copy(&mut *here, &mut *there).await?;
    there.commit().await?;
    Ok(copied)
}
