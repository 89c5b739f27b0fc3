//! Pictures and videos with a written summary, attached to a process or to one of its steps.
//!
//! What is written about them is required: it is what one reads who cannot see them, and what a search
//! finds. A step that a later revision no longer has leaves its attachments with the process.

use crate::{
    Act, App, Error, Result, Who, access,
    accounts::hashed,
    audit,
    processes::{self, find, require_write},
    records::{Attachment, AttachmentForm, FileRecord, ProcessRecord},
    search,
    seats::Directory,
    workspace::text,
};
use gemba_model::{
    Process, StepId,
    id::{EntryId, ProcessId},
};
use gemba_store::{Mode, Tx, Versioned, all, by_key, insert, load, remove as take_out, save};

/// The largest picture, in bytes.
pub const MAX_PICTURE: usize = 10 * 1024 * 1024;
/// The largest video, in bytes. A file goes through memory as a whole when it comes and when it is
/// shown, so what is longer belongs on a server made for videos, with a link to it here.
pub const MAX_VIDEO: usize = 24 * 1024 * 1024;
/// The most attachments of one process.
pub const MAX_OF_PROCESS: usize = 100;
const MAX_TITLE: usize = 120;
const MAX_SUMMARY: usize = 2_000;
const MAX_LINK: usize = 2_000;

/// What one writes about an attachment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Its title.
    pub title: String,
    /// What one sees in it, in words.
    pub summary: String,
    /// The step it belongs to; none for the whole process.
    pub step: Option<String>,
}

/// What is attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A picture or video.
    File {
        /// What is in it.
        bytes: Vec<u8>,
    },
    /// The address of a video or page elsewhere.
    Link(String),
}

/// An attachment as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentView {
    /// The attachment.
    pub attachment: Attachment,
    /// The number and title of its step; none where it belongs to the whole process.
    pub step: Option<(String, String)>,
    /// Whether its step is no longer in the document.
    pub is_detached: bool,
}

/// Which way an attachment moves among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Before the one before it.
    Up,
    /// After the one after it.
    Down,
}

/// The media type of a picture or video by its first bytes, which no name can contradict. SVG is not
/// among them: it can hold scripts.
pub fn media_of(bytes: &[u8]) -> Option<(AttachmentForm, &'static str)> {
    use AttachmentForm::{Picture, Video};
    let begins = |with: &[u8]| bytes.starts_with(with);
    let at =
        |from: usize, what: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(what));
    if begins(b"\x89PNG\r\n\x1a\n") {
        Some((Picture, "image/png"))
    } else if begins(b"\xff\xd8\xff") {
        Some((Picture, "image/jpeg"))
    } else if begins(b"GIF87a") || begins(b"GIF89a") {
        Some((Picture, "image/gif"))
    } else if begins(b"RIFF") && at(8, b"WEBP") {
        Some((Picture, "image/webp"))
    } else if at(4, b"ftyp") {
        Some((Video, "video/mp4"))
    } else if begins(b"\x1a\x45\xdf\xa3")
        && bytes.get(..64.min(bytes.len())).is_some_and(|h| h.windows(4).any(|w| w == b"webm"))
    {
        Some((Video, "video/webm"))
    } else {
        None
    }
}

/// The attachments of a process, in their order.
pub async fn list(app: &App, who: &Who, slug: &str) -> Result<Vec<AttachmentView>> {
    let process = processes::get(app, who, slug).await?;
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let all = of(&mut *tx, process.row.id).await?;
    Ok(all.into_iter().map(|a| view(a.value, &process.process)).collect())
}

/// One attachment of a process, as it is shown.
pub async fn shown(app: &App, who: &Who, slug: &str, id: EntryId) -> Result<AttachmentView> {
    let all = list(app, who, slug).await?;
    all.into_iter()
        .find(|view| view.attachment.id == id)
        .ok_or_else(|| Error::not_found("attachment", id))
}

pub(crate) fn view(attachment: Attachment, process: &Process) -> AttachmentView {
    let step = attachment.step.as_ref().and_then(|id| process.step(id));
    AttachmentView {
        is_detached: attachment.step.is_some() && step.is_none(),
        step: step.map(|step| (step.number.clone(), step.title.clone())),
        attachment,
    }
}

/// The attachments of a process, in their order.
pub(crate) async fn of(tx: &mut dyn Tx, process: ProcessId) -> Result<Vec<Versioned<Attachment>>> {
    let mut all = by_key::<Attachment>(tx, "process", &process.to_string()).await?;
    all.sort_by_key(|a| (a.value.place, a.value.id));
    Ok(all)
}

/// One attachment.
pub async fn get(app: &App, who: &Who, id: EntryId) -> Result<Attachment> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    Ok(of_id(&mut *tx, id).await?.value)
}

async fn of_id(tx: &mut dyn Tx, id: EntryId) -> Result<Versioned<Attachment>> {
    load::<Attachment>(tx, &id.to_string()).await?.ok_or_else(|| Error::not_found("attachment", id))
}

/// The bytes of an attachment with its media type.
pub async fn bytes(app: &App, who: &Who, id: EntryId) -> Result<(Attachment, Vec<u8>)> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let attachment = of_id(&mut *tx, id).await?.value;
    let missing = || Error::not_found("attachment", id);
    let digest = attachment.digest.clone().ok_or_else(missing)?;
    let bytes = tx.blob(&digest).await?.ok_or_else(missing)?;
    Ok((attachment, bytes))
}

/// What a form says about an attachment, checked. A step is asked for by its stable id.
struct Checked {
    title: String,
    summary: String,
    step: Option<StepId>,
}

fn checked(about: &About) -> Result<Checked> {
    let title = text("title", &about.title, MAX_TITLE)?;
    let summary = about.summary.trim().replace("\r\n", "\n");
    if summary.is_empty() {
        let message = "write in a sentence or two what one sees in it: for those who cannot see it, and for the search";
        return Err(Error::invalid("summary", message));
    }
    if summary.chars().count() > MAX_SUMMARY {
        let message = format!("the summary is longer than {MAX_SUMMARY} characters");
        return Err(Error::invalid("summary", message));
    }
    let step = about.step.as_deref().map(str::trim).filter(|step| !step.is_empty());
    Ok(Checked { title, summary, step: step.map(|id| StepId::from_text(id, "step")) })
}

fn link(address: &str) -> Result<String> {
    let address = address.trim();
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let is_plain = !address.chars().any(|c| c.is_whitespace() || c.is_control());
    if !is_plain || !rest.is_some_and(|r| r.starts_with(char::is_alphanumeric)) {
        return Err(Error::invalid("link", "a link begins with https:// or http://"));
    }
    if address.len() > MAX_LINK {
        return Err(Error::invalid("link", format!("a link has at most {MAX_LINK} characters")));
    }
    Ok(address.to_owned())
}

/// The process, where the one who asks may write it.
async fn writable(tx: &mut dyn Tx, who: &Who, slug: &str) -> Result<Versioned<ProcessRecord>> {
    let record = find(tx, slug).await?;
    let directory = Directory::load(tx).await?;
    require_write(who, &record.value, &directory)?;
    Ok(record)
}

/// Attaches a picture, video or link; its id comes back.
pub async fn add(
    app: &App,
    who: &Who,
    slug: &str,
    about: &About,
    content: Content,
) -> Result<EntryId> {
    access::require(who, Act::Write)?;
    let new = prepared(about, content)?;
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let record = writable(&mut *tx, who, slug).await?;
    let id = put(app, &mut *tx, who, record.value.id, new).await?;
    search::refresh(&mut *tx, &record).await?;
    tx.commit().await?;
    Ok(id)
}

/// An attachment that was checked and is to be kept.
pub(crate) struct New {
    about: Checked,
    form: AttachmentForm,
    media: Option<String>,
    href: Option<String>,
    kept: Option<(String, Vec<u8>)>,
}

pub(crate) fn prepared(about: &About, content: Content) -> Result<New> {
    let about = checked(about)?;
    Ok(match content {
        Content::Link(address) => New {
            about,
            form: AttachmentForm::Link,
            media: None,
            href: Some(link(&address)?),
            kept: None,
        },
        Content::File { bytes } => {
            let (form, media) = media_of(&bytes).ok_or_else(|| {
                let message = "a picture is a PNG, JPEG, WebP or GIF, a video an MP4 or WebM; this file is none of these";
                Error::invalid("file", message)
            })?;
            let most = if form == AttachmentForm::Picture { MAX_PICTURE } else { MAX_VIDEO };
            if bytes.len() > most {
                let message = format!(
                    "a picture has at most {} MiB and a video {} MiB; put a longer video where your videos are and attach a link to it",
                    MAX_PICTURE >> 20,
                    MAX_VIDEO >> 20,
                );
                return Err(Error::invalid("file", message));
            }
            let media = Some(media.to_owned());
            New { about, form, media, href: None, kept: Some((hashed(&bytes), bytes)) }
        }
    })
}

pub(crate) async fn put(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    process: ProcessId,
    new: New,
) -> Result<EntryId> {
    let others = of(tx, process).await?;
    if others.len() >= MAX_OF_PROCESS {
        let message = format!("a process has at most {MAX_OF_PROCESS} attachments");
        return Err(Error::invalid("file", message));
    }
    if let Some((digest, bytes)) = &new.kept {
        tx.put_blob(digest, bytes).await?;
    }
    let (millis, chance) = app.fresh();
    let size = new.kept.as_ref().map_or(0, |(_, b)| u64::try_from(b.len()).unwrap_or(u64::MAX));
    let attachment = Attachment {
        id: EntryId::new(millis, chance),
        process,
        step: new.about.step,
        form: new.form,
        title: new.about.title,
        summary: new.about.summary,
        digest: new.kept.map(|(digest, _)| digest),
        media: new.media,
        href: new.href,
        size,
        place: others.last().map_or(1, |last| last.value.place.saturating_add(1)),
        by: who.name.clone(),
        at: app.now(),
    };
    insert(tx, &attachment).await?;
    let said = (&attachment.id, &attachment.title);
    audit::write(app, tx, who, "process.attachment_added", &process.to_string(), &said).await?;
    Ok(attachment.id)
}

/// The attachment of a process that the one who asks may write.
async fn own(
    tx: &mut dyn Tx,
    who: &Who,
    slug: &str,
    id: EntryId,
) -> Result<(Versioned<ProcessRecord>, Versioned<Attachment>)> {
    let record = writable(tx, who, slug).await?;
    let found = of_id(tx, id).await?;
    if found.value.process == record.value.id {
        Ok((record, found))
    } else {
        Err(Error::not_found("attachment", id))
    }
}

/// Changes what is written about an attachment and where it belongs.
pub async fn change(app: &App, who: &Who, slug: &str, id: EntryId, about: &About) -> Result<()> {
    let new = checked(about)?;
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let (record, mut found) = own(&mut *tx, who, slug, id).await?;
    found.value.title = new.title;
    found.value.summary = new.summary;
    found.value.step = new.step;
    save(&mut *tx, &found).await?;
    let (subject, said) = (record.value.id.to_string(), (id, &found.value.title));
    audit::write(app, &mut *tx, who, "process.attachment_changed", &subject, &said).await?;
    search::refresh(&mut *tx, &record).await?;
    tx.commit().await?;
    Ok(())
}

/// Moves an attachment before or after its neighbour; the first and the last stay where they are.
pub async fn shift(app: &App, who: &Who, slug: &str, id: EntryId, way: Way) -> Result<()> {
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let (record, _) = own(&mut *tx, who, slug, id).await?;
    let mut all = of(&mut *tx, record.value.id).await?;
    let Some(at) = all.iter().position(|a| a.value.id == id) else {
        return Err(Error::not_found("attachment", id));
    };
    let other = match way {
        Way::Up => at.checked_sub(1),
        Way::Down => Some(at + 1).filter(|next| *next < all.len()),
    };
    if let Some(other) = other {
        all.swap(at, other);
        for (place, mut attachment) in (1..).zip(all) {
            if attachment.value.place != place {
                attachment.value.place = place;
                save(&mut *tx, &attachment).await?;
            }
        }
        let subject = record.value.id.to_string();
        audit::write(app, &mut *tx, who, "process.attachment_moved", &subject, &id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Takes an attachment away.
pub async fn remove(app: &App, who: &Who, slug: &str, id: EntryId) -> Result<()> {
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let (record, found) = own(&mut *tx, who, slug, id).await?;
    take_out::<Attachment>(&mut *tx, &id.to_string()).await?;
    if let Some(digest) = &found.value.digest {
        forget(&mut *tx, digest).await?;
    }
    let (subject, said) = (record.value.id.to_string(), (id, &found.value.title));
    audit::write(app, &mut *tx, who, "process.attachment_removed", &subject, &said).await?;
    search::refresh(&mut *tx, &record).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes bytes out that nothing shows any more: the same picture may be attached elsewhere too, or be the
/// evidence of a step.
async fn forget(tx: &mut dyn Tx, digest: &str) -> Result<()> {
    let others = all::<Attachment>(tx).await?;
    let shown = others.iter().any(|other| other.value.digest.as_deref() == Some(digest));
    if !shown && load::<FileRecord>(tx, digest).await?.is_none() {
        tx.delete_blob(digest).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        let check = |bytes: &[u8], expected: Option<&str>| {
            assert_eq!(media_of(bytes).map(|(_, media)| media), expected, "{bytes:?}");
        };
        check(b"\x89PNG\r\n\x1a\n....", Some("image/png"));
        check(b"\xff\xd8\xff\xe0", Some("image/jpeg"));
        check(b"GIF89a", Some("image/gif"));
        check(b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp"));
        check(b"RIFF\0\0\0\0WAVE", None);
        check(b"\0\0\0\x18ftypmp42", Some("video/mp4"));
        check(b"\x1a\x45\xdf\xa3\x01\0\x42\x82\x84webm", Some("video/webm"));
        check(b"\x1a\x45\xdf\xa3\x42\x82\x88matroska", None);
        check(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", None);
        check(b"<!doctype html>", None);
        check(b"%PDF-1.7", None);
        check(b"", None);
    }

    #[test]
    fn a_link_leads_into_the_web_and_nowhere_else() {
        for good in ["https://v.example/1?t=2", " http://a.example/ "] {
            assert!(link(good).is_ok(), "{good}");
        }
        let long = format!("https://a.example/{}", "a".repeat(3_000));
        for bad in [
            "",
            "javascript:alert(1)",
            "data:x",
            "https://",
            "https:// a",
            "//a",
            "https://\u{7}a",
            &long,
        ] {
            assert!(link(bad).is_err(), "{bad}");
        }
    }
}
