//! Lists, page by page.

use crate::answer::Result;
use gemba_app::Error;
use gemba_wire::page::{DEFAULT_LIMIT, ListQuery, MAX_LIMIT, Page};

/// The number of items asked for.
pub(crate) fn limit(said: Option<u32>) -> Result<u32> {
    let limit = said.unwrap_or(DEFAULT_LIMIT);
    if (1..=MAX_LIMIT).contains(&limit) {
        return Ok(limit);
    }
    let message = format!("a page has 1 to {MAX_LIMIT} items");
    Err(Error::Invalid { field: "limit", message }.into())
}

/// The part of a whole list that was asked for; `name` tells its items apart.
pub(crate) fn part<T>(
    all: impl IntoIterator<Item = T>,
    name: impl Fn(&T) -> String,
    query: &ListQuery,
) -> Result<Page<T>> {
    let page = Page::of_all(all, name, limit(query.limit)?, query.cursor.as_deref());
    page.ok_or_else(|| {
        let message = "the list has changed under this cursor: begin again without one".to_owned();
        Error::Invalid { field: "cursor", message }.into()
    })
}
