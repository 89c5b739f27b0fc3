//! The handbook: the processes as readers want them, with what is in force and nothing else around.

use crate::{
    Act, App, Error, Result, Who, access,
    processes::{self, ProcessRow, ProcessView},
};
use gemba_store::Mode;

/// What a reader may look up, by function and title: what is in force, and to those who write them the
/// drafts of what is not. What was retired is not there.
pub async fn shelf(app: &App, who: &Who) -> Result<Vec<ProcessRow>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let mut rows = processes::rows(app, &mut *tx).await?;
    rows.retain(|row| is_for(who, row));
    Ok(rows)
}

fn is_for(who: &Who, row: &ProcessRow) -> bool {
    let writes = || match &row.owner {
        Some(owner) => access::owns(who, Some(owner.id)),
        None => access::may(who, Act::Write),
    };
    row.retired.is_none() && (row.revision.is_some() || writes())
}

/// A page of the handbook.
#[derive(Debug, Clone)]
pub struct Page {
    /// The process.
    pub view: ProcessView,
    /// The slug and title of the page before it.
    pub before: Option<(String, String)>,
    /// The slug and title of the page after it.
    pub after: Option<(String, String)>,
}

/// One page of the handbook, between its neighbours in the order of the shelf.
pub async fn page(app: &App, who: &Who, slug: &str) -> Result<Page> {
    let rows = shelf(app, who).await?;
    let missing = || Error::not_found("process", slug);
    let at = rows.iter().position(|row| row.slug == slug).ok_or_else(missing)?;
    let named = |row: &ProcessRow| (row.slug.clone(), row.summary.title.clone());
    let before = at.checked_sub(1).and_then(|at| rows.get(at)).map(named);
    let after = rows.get(at + 1).map(named);
    Ok(Page { view: processes::get(app, who, slug).await?, before, after })
}
