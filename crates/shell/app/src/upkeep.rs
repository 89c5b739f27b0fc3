//! Looking after the store: copying it, checking it, sweeping out what is over.

use crate::{
    Act, App, Result, Who, access, accounts, audit, drafts, idempotency, inlets, outbox,
    records::Workspace, triggers,
};
use gemba_store::{Mode, watch};

/// A copy of the whole store, consistent at one moment, as one file image.
pub async fn image(app: &App, who: &Who) -> Result<Vec<u8>> {
    access::require(who, Act::Administer)?;
    let image = app.store().image().await?;
    note_copy(app, who, image.len()).await?;
    Ok(image)
}

/// Writes down that the whole store was copied, and how many bytes the copy has.
pub async fn note_copy(app: &App, who: &Who, bytes: usize) -> Result<()> {
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    audit::write(app, &mut *tx, who, "workspace.copied", Workspace::ID, &bytes).await?;
    Ok(tx.commit().await?)
}

/// A number that grows when something was written, by this node or another; see
/// [`gemba_store::Store::changes`].
pub fn changes(app: &App) -> watch::Receiver<u64> {
    app.store().changes()
}

/// What is wrong with the store's structure; nothing when it is whole.
pub async fn check(app: &App, who: &Who) -> Result<Vec<String>> {
    access::require(who, Act::Administer)?;
    Ok(app.store().check().await?)
}

/// Removes what is over: sessions, sign-in links, counted tries, kept answers. Moves what older programs
/// kept elsewhere.
pub async fn sweep(app: &App) -> Result<()> {
    let mut tx = app.open(&Who::system(), Act::Manage, Mode::Write).await?;
    accounts::sweep(&mut *tx, app.now()).await?;
    idempotency::sweep(&mut *tx, app.now()).await?;
    inlets::sweep(&mut *tx, app.now()).await?;
    outbox::sweep(&mut *tx, app.now()).await?;
    drafts::move_out(&mut *tx).await?;
    triggers::plan::missing(app, &mut *tx).await?;
    tx.commit().await?;
    Ok(())
}
