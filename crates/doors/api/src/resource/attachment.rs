//! Pictures, videos and links with a written summary, of a process or of one of its steps.

use super::file::Saved;
use crate::{
    answer::{Done, Given, Result},
    call::{Call, Raw, Sent},
    operation::Operation,
    page::part,
};
use axum::http::Method;
use gemba_app::attachments::{self, About, Content};
use gemba_model::id::EntryId;
use gemba_wire::{
    Page,
    attachment::{Attachment, AttachmentInput, PlaceInput},
    page::ListQuery,
};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    vec![
        Op::new(
            Method::GET,
            "/processes/{slug}/attachments",
            "list_attachments",
            "The pictures, videos and links of a process, in their order",
            list,
        ),
        Op::new(
            Method::POST,
            "/processes/{slug}/attachments",
            "add_attachment",
            "Attach a picture or video, whose bytes are the body (at most 10 MiB), or a link",
            add,
        ),
        Op::new(
            Method::PUT,
            "/processes/{slug}/attachments/{id}",
            "change_attachment",
            "Change the title, the summary and the step of an attachment",
            change,
        ),
        Op::new(
            Method::PUT,
            "/processes/{slug}/attachments/{id}/place",
            "move_attachment",
            "Move an attachment by one place among those of its process",
            shift,
        ),
        Op::new(
            Method::DELETE,
            "/processes/{slug}/attachments/{id}",
            "remove_attachment",
            "Take an attachment away, and its bytes where nothing else shows them",
            remove,
        ),
        Op::new(
            Method::GET,
            "/attachments/{id}/bytes",
            "get_attachment_bytes",
            "The bytes of a picture or video",
            bytes,
        ),
    ]
}

/// What is written about an attachment.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AboutQuery {
    /// Its title.
    title: String,
    /// What one sees in it, in words: for those who cannot see it, and for the search.
    summary: String,
    /// The id of the step it belongs to; the whole process where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    step: Option<String>,
    /// The address of a link; then the body is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    href: Option<String>,
}

async fn list(call: Call<String, ListQuery>) -> Result<Given<Page<Attachment>>> {
    let all = attachments::list(&call.app, &call.who, &call.path).await?;
    let page = part(all, |shown| shown.attachment.id.to_string(), &call.query)?;
    Ok(Given(page.map(|shown| Attachment::from(&shown))))
}

async fn add(call: Call<String, AboutQuery, Raw>) -> Result<Given<Attachment>> {
    let AboutQuery { title, summary, step, href } = call.query;
    let content = match href {
        Some(href) => Content::Link(href),
        None => Content::File { bytes: call.input.0.to_vec() },
    };
    let about = About { title, summary, step };
    let id = attachments::add(&call.app, &call.who, &call.path, &about, content).await?;
    let added = attachments::shown(&call.app, &call.who, &call.path, id).await?;
    Ok(Given(Attachment::from(&added)))
}

async fn change(
    call: Call<(String, EntryId), (), Sent<AttachmentInput>>,
) -> Result<Given<Attachment>> {
    let (slug, id) = call.path;
    attachments::change(&call.app, &call.who, &slug, id, &call.input.0.into()).await?;
    let changed = attachments::shown(&call.app, &call.who, &slug, id).await?;
    Ok(Given(Attachment::from(&changed)))
}

async fn shift(call: Call<(String, EntryId), (), Sent<PlaceInput>>) -> Result<Done> {
    let (slug, id) = call.path;
    attachments::shift(&call.app, &call.who, &slug, id, call.input.0.into()).await?;
    Ok(Done)
}

async fn remove(call: Call<(String, EntryId)>) -> Result<Done> {
    let (slug, id) = call.path;
    attachments::remove(&call.app, &call.who, &slug, id).await?;
    Ok(Done)
}

async fn bytes(call: Call<EntryId>) -> Result<Saved> {
    let (attachment, bytes) = attachments::bytes(&call.app, &call.who, call.path).await?;
    Ok(Saved { name: attachment.title, bytes })
}
