//! What is put on paper: the map of a process as PNG and PDF, its document as PDF.

use crate::{
    App, Result, Who, attachments,
    maps::{self, Picture},
    processes::{self, ProcessView},
    records::{Attachment, AttachmentForm, Trust},
    workspace::{self, its_zone},
};
use gemba_paper::{About, Extra, document as typeset};
pub use gemba_paper::{Paper, Turn};
use jiff::{Timestamp, tz::TimeZone};

/// How many bytes the pictures of a printed document have in all; of what is beyond, the words stand.
const MOST_PICTURES: u64 = 48 * 1024 * 1024;

/// The map of a process as a PNG.
pub async fn map_png(app: &App, who: &Who, slug: &str, picture: &Picture) -> Result<Vec<u8>> {
    let svg = maps::of(app, who, slug, picture, maps::SvgStyle::Print).await?;
    Ok(gemba_paper::png(&svg)?)
}

/// The map of a process as a PDF. Without a turn the sheet lies as it shows more.
pub async fn map_pdf(
    app: &App,
    who: &Who,
    slug: &str,
    picture: &Picture,
    paper: Paper,
    turn: Option<Turn>,
) -> Result<Vec<u8>> {
    let (process, overlay) = maps::pictured(app, who, slug, picture).await?;
    Ok(gemba_paper::map(&process, &overlay, paper, turn)?)
}

/// The document of a process as a PDF: what is in force, or else the draft.
pub async fn document(app: &App, who: &Who, slug: &str, paper: Paper) -> Result<Vec<u8>> {
    let view = processes::get(app, who, slug).await?;
    let about = about(app, who, &view).await?;
    Ok(typeset(&view.process, &about, paper)?)
}

async fn about(app: &App, who: &Who, view: &ProcessView) -> Result<About> {
    let workspace = workspace::get(app, who).await?;
    let mut tx = app.open(who, crate::Act::Read, gemba_store::Mode::Read).await?;
    let zone = its_zone(&mut *tx).await?;
    drop(tx);
    let row = &view.row;
    let current = view.revisions.iter().find(|r| r.in_force);
    let revision = current.map_or_else(
        || "Draft: nothing runs by it".to_owned(),
        |r| format!("Revision {}, in force since {}", r.number, day(r.at, &zone)),
    );
    let mut extras = Vec::new();
    let mut left = MOST_PICTURES;
    for shown in attachments::list(app, who, &row.slug).await? {
        let lost = shown.is_detached;
        let Attachment { id, form, size, title, summary, step, href, .. } = shown.attachment;
        let has_room = form == AttachmentForm::Picture && size <= left;
        let picture = if has_room { Some(attachments::bytes(app, who, id).await?.1) } else { None };
        left -= if has_room { size } else { 0 };
        extras.push(Extra { title, summary, step: step.filter(|_| !lost), href, picture });
    }
    let review = row.review.at.filter(|_| current.is_some()).map(|at| day(at, &zone));
    Ok(About {
        revision,
        standing: standing(view, &zone),
        owner: row
            .owner
            .as_ref()
            .map(|o| if o.vacant { format!("{} (vacant)", o.name) } else { o.name.clone() }),
        review,
        company: Some(workspace.name),
        extras,
    })
}

/// How far the document can be trusted, in a sentence.
fn standing(view: &ProcessView, zone: &TimeZone) -> Option<String> {
    let row = &view.row;
    row.revision?;
    Some(match &row.trust {
        _ if row.review.overdue => {
            let due = row.review.at.map(|at| day(at, zone)).unwrap_or_default();
            format!("Review overdue since {due}: take it with care")
        }
        Trust::Unverified { because, since } => {
            format!("Unverified since {}: {because}", day(*since, zone))
        }
        Trust::Verified { by, at } => format!("Verified by {by} on {}", day(*at, zone)),
    })
}

fn day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%-d %B %Y").to_string()
}
