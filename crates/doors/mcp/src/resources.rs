//! The SOPs as resources: `sop://SLUG` is the text of the revision in force.

use crate::page;
use gemba_app::{App, Error, Who, processes, publishing};
use rmcp::{
    ErrorData,
    model::{
        ListResourcesResult, ReadResourceResult, Resource, ResourceContents, ResourceTemplate,
    },
};
use serde_json::json;

const SCHEME: &str = "sop://";
const MARKDOWN: &str = "text/markdown";
const PAGE: u32 = 50;

/// The address of a process's text.
pub(crate) fn address(slug: &str) -> String {
    format!("{SCHEME}{slug}")
}

/// How addresses are made.
pub(crate) fn template() -> ResourceTemplate {
    ResourceTemplate::new("sop://{slug}", "sop")
        .with_title("SOP")
        .with_description("The text of a process's revision in force, by the slug of find_process")
        .with_mime_type(MARKDOWN)
}

/// One page of the processes that have a revision in force.
pub(crate) async fn list(
    app: &App,
    who: &Who,
    cursor: Option<String>,
) -> Result<ListResourcesResult, ErrorData> {
    let rows = processes::list(app, who).await.map_err(|e| failed(&e))?;
    let published: Vec<_> = rows.into_iter().filter(|row| row.revision.is_some()).collect();
    let (rows, next) = page::cut(published, Some(PAGE), cursor.as_deref())
        .map_err(|refusal| ErrorData::invalid_params(refusal.why, None))?;
    let resources = rows
        .into_iter()
        .map(|row| {
            let owner = row.owner.map(|o| o.name).unwrap_or_default();
            let revision = row.revision.unwrap_or_default();
            Resource::new(address(&row.slug), row.slug)
                .with_title(row.summary.title)
                .with_description(format!("Revision {revision}, owned by {owner}"))
                .with_mime_type(MARKDOWN)
        })
        .collect();
    let mut result = ListResourcesResult::with_all_items(resources);
    result.next_cursor = next;
    Ok(result)
}

/// The text at an address.
pub(crate) async fn read(app: &App, who: &Who, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let missing = || {
        let message = format!("there is no published SOP at `{uri}`; resources/list has them all");
        ErrorData::resource_not_found(message, Some(json!({ "uri": uri })))
    };
    let slug = uri.strip_prefix(SCHEME).ok_or_else(missing)?;
    let text = text(app, who, slug).await.map_err(|error| match error {
        Error::NotFound { .. } | Error::NotPublished { .. } => missing(),
        other => failed(&other),
    })?;
    Ok(ReadResourceResult::new(vec![ResourceContents::text(text, uri).with_mime_type(MARKDOWN)]))
}

/// The text of the revision in force.
pub(crate) async fn text(app: &App, who: &Who, slug: &str) -> Result<String, Error> {
    let rows = processes::list(app, who).await?;
    let row = rows.into_iter().find(|row| row.slug == slug);
    let row = row.ok_or_else(|| Error::NotFound { what: "process", id: slug.to_owned() })?;
    let number = row.revision.ok_or_else(|| Error::NotPublished { slug: slug.to_owned() })?;
    Ok(publishing::revision(app, who, slug, number).await?.source)
}

/// An application error where the protocol has no place for a refusal.
pub(crate) fn failed(error: &Error) -> ErrorData {
    if let Error::Store(source) = error {
        tracing::error!(error = %gemba_app::error::chain(source), "a request failed");
        return ErrorData::internal_error("the store failed; try again", None);
    }
    ErrorData::invalid_params(error.to_string(), Some(json!({ "code": error.code() })))
}
