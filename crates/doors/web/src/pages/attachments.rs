//! Pictures, videos and links that belong to a process: looking after them, showing them, serving them.

use crate::{
    Site,
    gate::{Sent, Upload},
    refusal::Fault,
    ui::{
        act::{self, Weight},
        field::{self, Choice, Field, Input},
        icon::Icon,
        layout::{self, Part, Width},
        list, notice,
        prose::prose,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use gemba_app::{
    Error,
    attachments::{self, About, AttachmentView, Content, MAX_PICTURE, MAX_VIDEO, Way},
    processes::{self, ProcessView},
    records::AttachmentForm,
};
use gemba_model::id::EntryId;
use maud::{Markup, html};
use serde::Deserialize;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/processes/{slug}/attachments", get(show).post(add))
        .route("/processes/{slug}/attachments/{id}", post(change))
        .route("/processes/{slug}/attachments/{id}/place", post(shift))
        .route("/processes/{slug}/attachments/{id}/removal", post(remove))
        .route("/attachments/{id}", get(file))
}

fn id(given: &str) -> Result<EntryId, Error> {
    given.parse().map_err(|_other| Error::NotFound { what: "attachment", id: given.to_owned() })
}

#[derive(Debug, Default, Deserialize)]
struct Written {
    #[serde(default)]
    title: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    step: String,
    #[serde(default)]
    way: String,
}

impl Written {
    fn about(&self) -> About {
        About {
            title: self.title.clone(),
            summary: self.summary.clone(),
            step: Some(self.step.clone()).filter(|s| !s.is_empty()),
        }
    }
}

async fn show(visit: Visit, Path(slug): Path<String>) -> Answer {
    page(&visit, &slug, &Written::default(), None).await
}

async fn page(visit: &Visit, slug: &str, typed: &Written, fault: Option<&Fault>) -> Answer {
    let view = processes::get(&visit.app, &visit.who, slug).await?;
    let all = attachments::list(&visit.app, &visit.who, slug).await?;
    let home = format!("/processes/{slug}");
    let title = "Pictures and videos";
    let body = html! {
        (layout::breadcrumbs(&[("Processes", "/processes"), (&view.row.summary.title, &home)]))
        (layout::head(title, Some("What shows better than it tells: a screen, a place, a walkthrough. Each has a written summary, for those who cannot see it and for the search."), &[], &[]))
        (field::error_summary(&Fault::all(fault)))
        @if all.is_empty() {
            (notice::empty_state(Icon::Document, "Nothing is attached yet",
                "A picture of the screen or a short walkthrough spares the next person a question. It is shown with the process and with the step that it belongs to.", None))
        }
        @for (place, one) in all.iter().enumerate() {
            (list::card(&html! {
                (figure(one))
                @if view.may_write { (tools(visit, &view, one, place > 0, place + 1 < all.len())) }
            }))
        }
        @if view.may_write { (layout::section("Attach something", None, &form(visit, &view, typed, fault))) }
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visit.page_with(status, title, Some(Part::Processes), Width::Reading, &body))
}

/// The words about an attachment and the step it belongs to.
fn words(view: &ProcessView, prefix: &str, typed: &Written, fault: Option<&Fault>) -> Markup {
    let (title, summary, step) =
        (format!("{prefix}title"), format!("{prefix}summary"), format!("{prefix}step"));
    let named = |id: &str, name: &'static str| {
        if prefix.is_empty() { name.to_owned() } else { id.to_owned() }
    };
    let (title, summary, step) =
        (named(&title, "title"), named(&summary, "summary"), named(&step, "step"));
    let steps: Vec<(String, String)> = view
        .process
        .all_steps()
        .into_iter()
        .map(|s| (s.id.as_str().to_owned(), format!("{} {}", s.number, s.title)))
        .collect();
    let mut choices = vec![Choice::new("", "The whole process")];
    choices.extend(steps.iter().map(|(id, title)| Choice::new(id, title)));
    html! {
        (field::text(&Field::new(&title, "Title").error(Fault::at(fault, "title")), Input::Text, &typed.title))
        (field::textarea(&Field::new(&summary, "Summary").hint("What one sees, in a few sentences.").error(Fault::at(fault, "summary")), &typed.summary, 4))
        (field::select(&Field::new(&step, "Belongs to"), &choices, &typed.step))
    }
}

fn form(visit: &Visit, view: &ProcessView, typed: &Written, fault: Option<&Fault>) -> Markup {
    let hint = format!(
        "PNG, JPEG, WebP or GIF up to {} MiB; MP4 or WebM up to {} MiB.",
        MAX_PICTURE >> 20,
        MAX_VIDEO >> 20
    );
    let file = Field::new("file", "Picture or video")
        .hint(&hint)
        .error(Fault::at(fault, "file"))
        .optional();
    let link = Field::new("link", "Or a link")
        .hint("To a video or page elsewhere; a longer video belongs there.")
        .error(Fault::at(fault, "link"))
        .optional();
    let to = format!("/processes/{}/attachments", view.row.slug);
    html! {
        form class="form" method="post" action=(to) enctype="multipart/form-data" {
            (act::csrf(&visit.csrf))
            (words(view, "", typed, fault))
            (field::file(&file))
            (field::text(&link, Input::Url, ""))
            (act::buttons(&[act::button("Attach it", Weight::Primary)]))
        }
    }
}

fn tools(visit: &Visit, view: &ProcessView, one: &AttachmentView, up: bool, down: bool) -> Markup {
    let attachment = &one.attachment;
    let to = format!("/processes/{}/attachments/{}", view.row.slug, attachment.id);
    let typed = Written {
        title: attachment.title.clone(),
        summary: attachment.summary.clone(),
        step: attachment.step.as_ref().map(|s| s.as_str().to_owned()).unwrap_or_default(),
        way: String::new(),
    };
    let prefix = format!("{}-", attachment.id);
    let move_to = |way: &str, label: &str| {
        html! {
            form method="post" action={ (to) "/place" } {
                (act::csrf(&visit.csrf))
                (act::value_button(label, Weight::Quiet, "way", way))
            }
        }
    };
    html! {
        (list::fold("Change the words", &html! {
            form class="form" method="post" action=(to) {
                (act::csrf(&visit.csrf))
                (words(view, &prefix, &typed, None))
                (act::buttons(&[act::button("Save the words", Weight::Secondary)]))
            }
        }, false))
        div class="buttons" {
            @if up { (move_to("up", "Move up")) }
            @if down { (move_to("down", "Move down")) }
            (act::act(&format!("{to}/removal"), &visit.csrf, "Take it away", Weight::Danger))
        }
    }
}

/// An attachment as one sees it.
fn figure(one: &AttachmentView) -> Markup {
    let attachment = &one.attachment;
    let src = format!("/attachments/{}", attachment.id);
    let words = format!("{}-words", attachment.id);
    html! {
        figure class="attached" id={ "attached-" (attachment.id) } {
            @match attachment.form {
                AttachmentForm::Picture => img src=(src) alt=(attachment.summary) loading="lazy";,
                AttachmentForm::Video => {
                    video src=(src) controls preload="metadata" aria-label=(attachment.title) aria-describedby=(words) {}
                }
                AttachmentForm::Link => {}
            }
            figcaption {
                strong {
                    @match &attachment.href {
                        Some(href) => a href=(href) rel="noopener noreferrer" { (attachment.title) },
                        None => (attachment.title),
                    }
                }
                @if let Some((number, title)) = &one.step { span class="muted small" { " Step " (number) ", " (title) } }
                @if one.is_detached { span class="muted small" { " No longer attached to a step: the document has another now." } }
                div id=(words) { (prose(&attachment.summary)) }
            }
        }
    }
}

/// Attachments among the parts of a page; nothing where there are none.
pub(super) fn shown(all: &[AttachmentView]) -> Markup {
    html! {
        @if !all.is_empty() {
            (layout::section("Pictures and videos", None, &html! { @for one in all { (figure(one)) } }))
        }
    }
}

async fn add(Path(slug): Path<String>, upload: Upload) -> Answer {
    let typed = Written {
        title: upload.field("title").to_owned(),
        summary: upload.field("summary").to_owned(),
        step: upload.field("step").to_owned(),
        way: String::new(),
    };
    let link = upload.field("link").trim().to_owned();
    let Upload { visit, mut files, .. } = upload;
    let content = match (files.pop(), link.is_empty()) {
        (Some(file), true) => Content::File { bytes: file.bytes },
        (None, false) => Content::Link(link),
        (Some(_), false) => {
            let fault = Fault::new("link", "Choose a file or write a link, not both.");
            return page(&visit, &slug, &typed, Some(&fault)).await;
        }
        (None, true) => {
            let fault = Fault::new("file", "Choose a file, or write a link.");
            return page(&visit, &slug, &typed, Some(&fault)).await;
        }
    };
    match attachments::add(&visit.app, &visit.who, &slug, &typed.about(), content).await {
        Ok(_) => Ok(go(&format!("/processes/{slug}/attachments"), Done::Saved)),
        Err(error) => page(&visit, &slug, &typed, Some(&Fault::of(error)?)).await,
    }
}

async fn change(
    Path((slug, given)): Path<(String, String)>,
    Sent { visit, form }: Sent<Vec<(String, String)>>,
) -> Answer {
    let id = id(&given)?;
    let value = |name: &str| {
        let wanted = format!("{id}-{name}");
        form.iter().find(|(n, _)| *n == wanted).map(|(_, v)| v.clone()).unwrap_or_default()
    };
    let typed = Written {
        title: value("title"),
        summary: value("summary"),
        step: value("step"),
        way: String::new(),
    };
    match attachments::change(&visit.app, &visit.who, &slug, id, &typed.about()).await {
        Ok(()) => Ok(go(&format!("/processes/{slug}/attachments"), Done::Saved)),
        Err(error) => page(&visit, &slug, &Written::default(), Some(&Fault::of(error)?)).await,
    }
}

async fn shift(
    Path((slug, given)): Path<(String, String)>,
    Sent { visit, form }: Sent<Written>,
) -> Answer {
    let way = if form.way == "up" { Way::Up } else { Way::Down };
    attachments::shift(&visit.app, &visit.who, &slug, id(&given)?, way).await?;
    Ok(go(&format!("/processes/{slug}/attachments"), Done::Saved))
}

async fn remove(
    Path((slug, given)): Path<(String, String)>,
    Sent { visit, .. }: Sent<Vec<(String, String)>>,
) -> Answer {
    attachments::remove(&visit.app, &visit.who, &slug, id(&given)?).await?;
    Ok(go(&format!("/processes/{slug}/attachments"), Done::Removed))
}

/// What an attachment may do when it is opened by itself: nothing but be seen.
const ALONE: &str =
    "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'";

/// A picture or video by itself, whole or the part that a player asks for (RFC 9110, section 14).
async fn file(visit: Visit, Path(given): Path<String>, asked: HeaderMap) -> Answer {
    let (attachment, bytes) = attachments::bytes(&visit.app, &visit.who, id(&given)?).await?;
    let media = attachment.media.as_deref().unwrap_or("application/octet-stream");
    let text = |value: &str| {
        HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static("application/octet-stream"))
    };
    let all = bytes.len();
    let range = asked.get(header::RANGE).and_then(|v| v.to_str().ok()).map(|r| part_of(r, all));
    let (status, from, to) = match range {
        Some(Some((from, to))) => (StatusCode::PARTIAL_CONTENT, from, to),
        Some(None) => (StatusCode::RANGE_NOT_SATISFIABLE, 0, 0),
        None => (StatusCode::OK, 0, all),
    };
    let body = bytes.get(from..to).unwrap_or_default().to_vec();
    let mut response: Response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, text(media));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(ALONE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    match status {
        StatusCode::PARTIAL_CONTENT => {
            headers.insert(header::CONTENT_RANGE, text(&format!("bytes {from}-{}/{all}", to - 1)));
        }
        StatusCode::RANGE_NOT_SATISFIABLE => {
            headers.insert(header::CONTENT_RANGE, text(&format!("bytes */{all}")));
        }
        _ => {}
    }
    Ok(response)
}

/// The first byte and the one after the last that a range asks for; none where it lies outside.
fn part_of(range: &str, all: usize) -> Option<(usize, usize)> {
    let (from, to) = range.trim().strip_prefix("bytes=")?.split(',').next()?.split_once('-')?;
    let (from, to) = (from.trim(), to.trim());
    let (from, to) = if from.is_empty() {
        (all.saturating_sub(to.parse().ok()?), all)
    } else {
        let last = if to.is_empty() { all } else { to.parse::<usize>().ok()?.saturating_add(1) };
        (from.parse().ok()?, last.min(all))
    };
    (from < to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::part_of;

    #[test]
    fn a_range_is_a_part_of_what_is_there() {
        let check = |range: &str, expected: Option<(usize, usize)>| {
            assert_eq!(part_of(range, 100), expected, "{range}");
        };
        check("bytes=0-", Some((0, 100)));
        check("bytes=0-9", Some((0, 10)));
        check("bytes=90-500", Some((90, 100)));
        check("bytes=-10", Some((90, 100)));
        check("bytes=0-4, 8-9", Some((0, 5)));
        check("bytes=100-", None);
        check("bytes=9-2", None);
        check("items=0-9", None);
        check("bytes=a-b", None);
        check("bytes=0-18446744073709551615", Some((0, 100)));
    }
}
