//! From the workspace to its files: the same bytes for the same workspace, whenever it is asked.

use super::{
    ATTACHMENTS, FORMAT, INDEX, MARK, SCORECARD, TEAM,
    sheet::{self, Entry},
};
use crate::{
    Act, App, Error, Result, Who, attachments, drafts,
    records::{
        Account, Attachment, Direction, Holder, Measurable, ProcessRecord, Revision, Seat,
        Workspace,
    },
    seats::Directory,
    workspace::loaded,
};
use gemba_model::{
    Slug,
    id::{AccountId, SeatId},
};
use gemba_store::{Mode, Tx, Versioned, all, load};
use std::collections::BTreeMap;

/// The most bytes of attachments that are exported.
const MAX_ATTACHED: u64 = 1024 * 1024 * 1024;

const ABOUT: &str = "This folder is a workspace of Gemba. `gemba import FOLDER` makes the same workspace of it, \
and `gemba export FOLDER` writes it again: the same workspace gives the same bytes, so that git shows what changed.\n\n\
- `processes/FUNCTION/NAME.md` is what is in force\n\
- `NAME.draft.md` beside it is a draft that says something else, or a process that is not published yet\n\
- `retired/` holds the processes by which nothing runs any more\n\
- `processes/index.md` lists all of them, with why one was retired and whom its names mean\n\
- `team.md` is the team chart, `scorecard.md` what is measured\n\
- `attachments/` holds pictures and videos, and in `index.md` what is written about them\n\n\
Not in it: runs and work, earlier revisions with their notes and approvals, proposals under review, reviews and \
verifications, answers of the first-day audit, the values of the scorecard, files left as evidence, accounts with \
their passwords, API tokens, and the audit log. `gemba backup FILE` keeps all of these.";

/// The files of the workspace: path with `/` between folders, and bytes; ordered by path.
pub async fn export(app: &App, who: &Who) -> Result<Vec<(String, Vec<u8>)>> {
    let mut tx = app.open(who, Act::Manage, Mode::Read).await?;
    let tx = &mut *tx;
    let workspace = loaded(tx).await?.value;
    let directory = Directory::load(tx).await?;
    let mut files = BTreeMap::new();
    files.insert(MARK.to_owned(), settings(&workspace).into_bytes());
    files.insert(TEAM.to_owned(), team(tx, &directory).await?.into_bytes());
    files.insert(SCORECARD.to_owned(), scorecard(tx, &directory).await?.into_bytes());
    let mut records = all::<ProcessRecord>(tx).await?;
    records.sort_by(|a, b| a.value.slug.cmp(&b.value.slug));
    let mut index = Vec::new();
    let mut about = Vec::new();
    let mut attached: u64 = 0;
    for record in &records {
        index.push(process(tx, record, &directory, &mut files).await?);
        for attachment in attachments::of(tx, record.value.id).await? {
            attached = attached.saturating_add(attachment.value.size);
            if attached > MAX_ATTACHED {
                let message = format!(
                    "the attachments are larger than {} MiB together; `gemba backup` keeps them",
                    MAX_ATTACHED >> 20
                );
                return Err(Error::invalid("attachments", message));
            }
            about.push(attachment_of(tx, &record.value.slug, attachment.value, &mut files).await?);
        }
    }
    let said = "Every process of the workspace. The texts lie in the folders beside this file.";
    files.insert(INDEX.to_owned(), sheet::print("Processes", said, &index).into_bytes());
    let said = "Pictures, videos and links, each with what one sees in it.";
    files.insert(ATTACHMENTS.to_owned(), sheet::print("Attachments", said, &about).into_bytes());
    Ok(files.into_iter().collect())
}

fn settings(workspace: &Workspace) -> String {
    let second = if workspace.second_person { "yes" } else { "no" };
    let entry = Entry::new("Settings")
        .with("Format", FORMAT)
        .with("Name", &workspace.name)
        .with("Zone", &workspace.zone)
        .with("A second person approves every revision", second);
    sheet::print(&workspace.name, ABOUT, &[entry])
}

fn of_seat(directory: &Directory, seat: Option<SeatId>) -> String {
    seat.and_then(|id| directory.name(id)).unwrap_or_default().to_owned()
}

async fn team(tx: &mut dyn Tx, directory: &Directory) -> Result<String> {
    let accounts: BTreeMap<AccountId, Account> =
        all::<Account>(tx).await?.into_iter().map(|a| (a.value.id, a.value)).collect();
    let mut seats: Vec<Seat> = all::<Seat>(tx).await?.into_iter().map(|s| s.value).collect();
    seats.sort_by(|a, b| a.slug.cmp(&b.slug));
    let entries: Vec<Entry> = seats
        .into_iter()
        .map(|seat| {
            let holder = match &seat.holder {
                Holder::Vacant => "nobody".to_owned(),
                Holder::Agent { name } => format!("agent {name}"),
                Holder::Person { account } => accounts.get(account).map_or_else(
                    || "nobody".to_owned(),
                    |person| format!("person {} <{}>", person.name, person.email),
                ),
            };
            let mut entry = Entry::new(&seat.name)
                .with("Slug", seat.slug)
                .with("Function", seat.function.unwrap_or_default())
                .with("Reports to", of_seat(directory, seat.reports_to))
                .with("Held by", holder);
            for alias in seat.aliases {
                entry = entry.with("Also called", alias);
            }
            Entry { words: seat.purpose, ..entry }
        })
        .collect();
    let said = "The seats: who answers to whom, who holds them, and what they are there for.";
    Ok(sheet::print("Team", said, &entries))
}

async fn scorecard(tx: &mut dyn Tx, directory: &Directory) -> Result<String> {
    let mut measured: Vec<Measurable> =
        all::<Measurable>(tx).await?.into_iter().map(|m| m.value).collect();
    measured.sort_by(|a, b| a.slug.cmp(&b.slug));
    let entries: Vec<Entry> = measured
        .into_iter()
        .map(|m| {
            let goal = match m.direction {
                Direction::Up => format!("at least {}", m.goal),
                Direction::Down => format!("at most {}", m.goal),
            };
            Entry::new(&m.name)
                .with("Slug", m.slug)
                .with("Seat", of_seat(directory, Some(m.seat)))
                .with("Goal", goal)
                .with("Unit", m.unit)
        })
        .collect();
    let said = "What is measured each week, who answers for it, and what it should be.";
    Ok(sheet::print("Scorecard", said, &entries))
}

/// Adds the texts of a process; its line in the index comes back.
async fn process(
    tx: &mut dyn Tx,
    record: &Versioned<ProcessRecord>,
    directory: &Directory,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<Entry> {
    let process = &record.value;
    let summary = process.summary();
    let folder = match (&process.retired, &summary.function) {
        (Some(_), _) => "retired".to_owned(),
        (None, Some(function)) => {
            format!("processes/{}", Slug::from_text(function, "without-function").as_str())
        }
        (None, None) => "processes/without-function".to_owned(),
    };
    let in_force = match &process.published {
        Some(published) => load::<Revision>(tx, &published.revision).await?.map(|r| r.value),
        None => None,
    };
    let state = match (&process.retired, &in_force) {
        (Some(_), _) => "retired",
        (None, Some(_)) => "in force",
        (None, None) => "draft",
    };
    let mut entry = Entry::new(&summary.title).with("Slug", &process.slug).with("State", state);
    if let Some(function) = &summary.function {
        entry = entry.with("Function", function);
    }
    let draft = drafts::of(tx, record).await?.text;
    if in_force.as_ref().is_none_or(|revision| revision.source != draft) {
        let path = format!("{folder}/{}.draft.md", process.slug);
        entry = entry.with("Draft", &path);
        files.insert(path, draft.into_bytes());
    }
    if let Some(revision) = in_force {
        let path = format!("{folder}/{}.md", process.slug);
        entry = entry.with("Text", &path);
        files.insert(path, revision.source.into_bytes());
        for (name, seat) in &revision.bindings {
            // What the chart says by itself needs no telling.
            if directory.find(name) != Some(*seat)
                && let Some(seat) = directory.name(*seat)
            {
                entry = entry.with("Seat", format!("{name} = {seat}"));
            }
        }
    }
    if let Some(retired) = &process.retired {
        entry.words.clone_from(&retired.because);
    }
    Ok(entry)
}

async fn attachment_of(
    tx: &mut dyn Tx,
    process: &str,
    attachment: Attachment,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<Entry> {
    let step = attachment.step.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut entry = Entry::new(&attachment.title).with("Process", process).with("Step", step);
    if let Some(digest) = &attachment.digest {
        let bytes = tx.blob(digest).await?;
        let bytes = bytes.ok_or_else(|| Error::not_found("attachment", attachment.id))?;
        let ending = match attachment.media.as_deref() {
            Some("image/png") => ".png",
            Some("image/jpeg") => ".jpg",
            Some("image/gif") => ".gif",
            Some("image/webp") => ".webp",
            Some("video/mp4") => ".mp4",
            Some("video/webm") => ".webm",
            Some(_) | None => "",
        };
        let path = format!("attachments/{digest}{ending}");
        entry = entry.with("File", &path);
        files.insert(path, bytes);
    }
    entry = entry.with("Address", attachment.href.unwrap_or_default());
    Ok(Entry { words: attachment.summary, ..entry })
}
