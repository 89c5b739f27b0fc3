//! Processes: their drafts, what they say, and how they stand.

mod import;

use import::Fresh;
pub use import::{File, Imported, MAX_FILES, import};
pub(crate) use import::{import_into, restored};

use crate::{
    Act, App, Error, Result, Who, access, accounts, around, audit, drafts,
    publishing::RevisionRow,
    records::{
        DraftRecord, InReview, ProcessRecord, Retired, Revision, RevisionLine, Summary,
        TriggerRecord, Trust,
    },
    reviews::{self, ReviewDue},
    search,
    seats::{self, Directory},
    upcoming,
    workspace::{its_calendar, text},
};
use gemba_diag::{Diagnostic, Severity};
use gemba_model::{
    Process, Slug, flow,
    id::{ProcessId, SeatId},
    raci,
};
use gemba_schedule::WorkCalendar;
use gemba_sop::{Compiled, Surroundings};
use gemba_store::{Mode, RunState, Tx, Versioned, all, by_key, insert, load, save, unique};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

const TRIES_FOR_A_SLUG: u32 = 100;
/// Saves of one person that follow each other within this time are one act of writing.
const ONE_WRITING: SignedDuration = SignedDuration::from_mins(10);
/// Words that mean something else in the addresses of processes.
const RESERVED: [&str; 2] = ["new", "import"];

/// A process in a list.
#[derive(Debug, Clone)]
pub struct ProcessRow {
    /// The id.
    pub id: ProcessId,
    /// The name in addresses.
    pub slug: String,
    /// What is true of it: the revision in force, or else the draft.
    pub summary: Summary,
    /// The seat that owns it: slug and name.
    pub owner: Option<OwnerSeat>,
    /// The number of the revision in force.
    pub revision: Option<u32>,
    /// Whether the draft differs from the revision in force.
    pub has_changes: bool,
    /// Whether the owner stands behind it.
    pub trust: Trust,
    /// When it must be held against reality.
    pub review: ReviewDue,
    /// When its schedule starts the next run.
    pub next_due: Option<Timestamp>,
    /// Runs going on.
    pub running: i64,
    /// Runs that came to their end.
    pub completed: i64,
    /// Runs ended before their end.
    pub cancelled: i64,
    /// The revision that was proposed last, until something newer is in force.
    pub proposal: Option<InReview>,
    /// The end of the process; nothing new runs by it, and no revision is in force.
    pub retired: Option<Retired>,
}

/// The seat that owns a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerSeat {
    /// The id.
    pub id: SeatId,
    /// The name in addresses.
    pub slug: String,
    /// The name.
    pub name: String,
    /// Whether nobody sits on it.
    pub vacant: bool,
}

/// A process with everything its page shows.
#[derive(Debug, Clone)]
pub struct ProcessView {
    /// As in lists.
    pub row: ProcessRow,
    /// What is true of it.
    pub process: Process,
    /// The text of that.
    pub source: String,
    /// The matrix.
    pub raci: Vec<raci::Row>,
    /// The revisions, newest first.
    pub revisions: Vec<RevisionRow>,
    /// The schedules in force, with the next times each fires.
    pub triggers: Vec<TriggerView>,
    /// The next times of each trigger of the text, in its order, also before it is published.
    pub upcoming: Vec<Vec<Timestamp>>,
    /// Whether the one who asks may change its draft.
    pub may_write: bool,
    /// Whether the one who asks may record a review of it.
    pub reviews_it: bool,
    /// Whether the one who asks holds the owner's seat.
    pub is_owner: bool,
}

/// A schedule trigger with its near future.
#[derive(Debug, Clone)]
pub struct TriggerView {
    /// The trigger.
    pub trigger: TriggerRecord,
    /// The next times.
    pub next: Vec<Timestamp>,
}

/// A draft with its findings.
#[derive(Debug, Clone)]
pub struct DraftView {
    /// The name in addresses.
    pub slug: String,
    /// The text.
    pub source: String,
    /// The version to give back when saving and publishing.
    pub version: i64,
    /// Who changed it last.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What it says, and what is wrong with it.
    pub checked: Checked,
    /// The next times of each of its triggers, in their order.
    pub upcoming: Vec<Vec<Timestamp>>,
    /// Seat names in it that the team chart does not have.
    pub unbound: Vec<String>,
    /// Whether the one who asks may change it.
    pub may_write: bool,
    /// Whether the one who asks may publish it.
    pub may_publish: bool,
}

/// A text that was read.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The first process in it.
    pub process: Process,
    /// What else it holds: only the first one is published and run.
    pub others: Vec<Process>,
    /// All findings.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a text without keeping it, and holds it against the workspace as it is today.
pub async fn check(app: &App, who: &Who, source: &str, name: &str) -> Result<Checked> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let around = around::of(app, &mut *tx).await?;
    Ok(checked_in(source, name, &around))
}

/// Reads a text by itself, whatever the workspace is.
pub fn read(who: &Who, source: &str, name: &str) -> Result<Checked> {
    access::require(who, Act::Read)?;
    Ok(checked(source, name))
}

/// What a text says, with what is wrong in it whenever and wherever it is read: what is kept of it and
/// what decides follows from this.
pub(crate) fn checked(source: &str, name: &str) -> Checked {
    checked_in(source, name, &Surroundings::default())
}

/// The same with what is wrong with it here and today, for the one who looks at it.
pub(crate) fn checked_in(source: &str, name: &str, around: &Surroundings) -> Checked {
    let Compiled { mut processes, diagnostics } = gemba_sop::compile_in(source, name, around);
    // The reader always gives at least one process, however broken the text.
    let process = processes.remove(0);
    Checked { process, others: processes, diagnostics }
}

pub(crate) fn summary(checked: &Checked) -> Summary {
    let process = &checked.process;
    let count = |severity| checked.diagnostics.iter().filter(|d| d.severity == severity).count();
    Summary {
        title: process.title.clone(),
        function: process.function.clone(),
        owner_state: process.owner.state,
        owner: process.owner.seat.clone(),
        triggers: process.triggers.iter().map(|t| t.text.clone()).collect(),
        rules: process.triggers.iter().filter_map(|t| t.rule.clone()).collect(),
        n_steps: process.steps.len(),
        has_output: !process.expected_output.is_empty(),
        has_failure_signals: !process.failure_signals.is_empty(),
        n_errors: count(Severity::Error),
        n_warnings: count(Severity::Warning),
        review_months: process.review.cadence.map(gemba_model::review::Cadence::n_months),
    }
}

/// All processes, by function and title.
pub async fn list(app: &App, who: &Who) -> Result<Vec<ProcessRow>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    rows(app, &mut *tx).await
}

pub(crate) async fn rows(app: &App, tx: &mut dyn Tx) -> Result<Vec<ProcessRow>> {
    let directory = Directory::load(tx).await?;
    let mut counts: BTreeMap<ProcessId, [i64; 3]> = BTreeMap::new();
    for (process, state, n) in tx.run_counts().await? {
        let [running, completed, cancelled] = counts.entry(process).or_default();
        match state {
            RunState::Running => *running = n,
            RunState::Completed => *completed = n,
            RunState::Cancelled => *cancelled = n,
        }
    }
    let mut due: BTreeMap<ProcessId, Timestamp> = BTreeMap::new();
    for trigger in by_key::<TriggerRecord>(tx, "active", "yes").await? {
        if let Some(next) = trigger.value.next_due {
            due.entry(trigger.value.process).and_modify(|d| *d = next.min(*d)).or_insert(next);
        }
    }
    let now = app.now();
    let mut rows: Vec<ProcessRow> = all::<ProcessRecord>(tx)
        .await?
        .into_iter()
        .map(|p| {
            let [running, completed, cancelled] =
                counts.get(&p.value.id).copied().unwrap_or_default();
            ProcessRow {
                next_due: due.get(&p.value.id).copied(),
                running,
                completed,
                cancelled,
                ..row(&p.value, &directory, now)
            }
        })
        .collect();
    rows.sort_by(|a, b| {
        let key = |r: &ProcessRow| {
            (r.summary.function.is_none(), r.summary.function.clone(), r.summary.title.clone())
        };
        key(a).cmp(&key(b))
    });
    Ok(rows)
}

fn row(record: &ProcessRecord, directory: &Directory, now: Timestamp) -> ProcessRow {
    let owner = seats::owner_of(record, directory).and_then(|id| {
        Some(OwnerSeat {
            id,
            slug: directory.slug(id)?.to_owned(),
            name: directory.name(id)?.to_owned(),
            vacant: directory.is_vacant(id),
        })
    });
    ProcessRow {
        id: record.id,
        slug: record.slug.clone(),
        summary: record.summary().clone(),
        owner,
        revision: record.published.as_ref().map(|p| p.number),
        has_changes: record.published.as_ref().is_none_or(|p| p.source_hash != record.draft_hash),
        trust: record.trust.clone(),
        review: reviews::due(record, now),
        next_due: None,
        running: 0,
        completed: 0,
        cancelled: 0,
        proposal: record.proposal.clone(),
        retired: record.retired.clone(),
    }
}

pub(crate) async fn find(tx: &mut dyn Tx, slug: &str) -> Result<Versioned<ProcessRecord>> {
    unique::<ProcessRecord>(tx, "slug", slug)
        .await?
        .ok_or_else(|| Error::not_found("process", slug))
}

pub(crate) async fn of_id(tx: &mut dyn Tx, id: ProcessId) -> Result<Versioned<ProcessRecord>> {
    load::<ProcessRecord>(tx, &id.to_string()).await?.ok_or_else(|| Error::not_found("process", id))
}

/// One process: the revision in force, or else its draft.
pub async fn get(app: &App, who: &Who, slug: &str) -> Result<ProcessView> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let found = find(&mut *tx, slug).await?;
    let draft = drafts::of(&mut *tx, &found).await?.text;
    let record = found.value;
    let all_rows = rows(app, &mut *tx).await?;
    let row = all_rows
        .into_iter()
        .find(|r| r.id == record.id)
        .ok_or_else(|| Error::not_found("process", slug))?;
    let revisions = RevisionLine::of(&mut *tx, record.id).await?;
    let current = match &record.published {
        Some(published) => load::<Revision>(&mut *tx, &published.revision).await?,
        None => None,
    };
    let (process, source) = match current.map(|found| found.value) {
        Some(revision) => (revision.compiled, revision.source),
        None => (checked(&draft, &record.slug).process, draft),
    };
    let calendar = its_calendar(&mut *tx).await?;
    let triggers = by_key::<TriggerRecord>(&mut *tx, "process", &record.id.to_string())
        .await?
        .into_iter()
        .filter(|t| t.value.active)
        .map(|t| TriggerView {
            next: upcoming::times(&t.value.rule, app.now(), &calendar),
            trigger: t.value,
        })
        .collect();
    let upcoming = upcoming::of(&process, app.now(), &calendar);
    let revisions = RevisionRow::all(&record, revisions);
    let owner = row.owner.as_ref().map(|o| o.id);
    let directory = Directory::load(&mut *tx).await?;
    Ok(ProcessView {
        raci: raci::matrix(&process),
        process,
        source,
        revisions,
        triggers,
        upcoming,
        may_write: may_write(who, &record, &directory),
        reviews_it: record.retired.is_none() && access::owns(who, owner),
        is_owner: owner.is_some_and(|seat| who.holds(seat)),
        row,
    })
}

/// The draft of a process with its findings.
pub async fn draft(app: &App, who: &Who, slug: &str) -> Result<DraftView> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?;
    let draft = drafts::of(&mut *tx, &record).await?;
    let directory = Directory::load(&mut *tx).await?;
    let calendar = its_calendar(&mut *tx).await?;
    let around = around::of(app, &mut *tx).await?;
    Ok(draft_view(who, &record.value, draft, &directory, &around, (app.now(), &calendar)))
}

pub(crate) fn draft_view(
    who: &Who,
    record: &ProcessRecord,
    draft: DraftRecord,
    directory: &Directory,
    around: &Surroundings,
    (now, calendar): (Timestamp, &WorkCalendar),
) -> DraftView {
    let checked = checked_in(&draft.text, &record.slug, around);
    DraftView {
        upcoming: upcoming::of(&checked.process, now, calendar),
        unbound: unbound(&checked.process, directory),
        may_write: may_write(who, record, directory),
        may_publish: access::may(who, Act::Manage),
        slug: record.slug.clone(),
        source: draft.text,
        version: draft.version,
        by: draft.by,
        at: draft.at,
        checked,
    }
}

/// The names of owner and doers that mean no seat.
pub(crate) fn unbound(process: &Process, directory: &Directory) -> Vec<String> {
    let steps = process.all_steps();
    let approvers = steps.iter().filter_map(|step| step.approval.as_ref()).flat_map(|a| &a.seats);
    let doers = flow::handed_out(process).into_iter().filter_map(|(_, doer)| doer);
    let doers = doers.chain(approvers.map(String::as_str));
    let mut names: Vec<String> = Vec::new();
    for name in process.owner.named().into_iter().chain(doers) {
        let known = directory.find(name).or_else(|| directory.found_as(process, name)).is_some();
        if !known && !names.iter().any(|n| n.eq_ignore_ascii_case(name)) {
            names.push(name.to_owned());
        }
    }
    names
}

async fn add(app: &App, tx: &mut dyn Tx, who: &Who, fresh: Fresh) -> Result<String> {
    let Fresh { wanted, text: draft, checked } = fresh;
    let wanted =
        if RESERVED.contains(&wanted.as_str()) { format!("{wanted}-process") } else { wanted };
    let hash = accounts::hashed(draft.as_bytes());
    let mut slug = wanted.clone();
    for n in 2..TRIES_FOR_A_SLUG {
        match unique::<ProcessRecord>(tx, "slug", &slug).await? {
            None => break,
            Some(same) if same.value.draft_hash == hash => return Ok(slug),
            Some(_) => slug = format!("{wanted}-{n}"),
        }
    }
    let (millis, chance) = app.fresh();
    let now = app.now();
    let record = ProcessRecord {
        id: ProcessId::new(millis, chance),
        draft_within: None,
        draft_hash: hash,
        draft_summary: summary(&checked),
        slug,
        draft_changed: now,
        draft_by: who.name.clone(),
        published: None,
        n_revisions: 0,
        trust: Trust::Unverified { because: "it is not published yet".to_owned(), since: now },
        reviewed: None,
        created: now,
        proposal: None,
        retired: None,
    };
    insert(tx, &record).await?;
    let text = DraftRecord {
        process: record.id,
        text: draft,
        version: 1,
        by: who.name.clone(),
        at: now,
        writers: vec![who.by()],
    };
    insert(tx, &text).await?;
    search::put_process(tx, record.id, &checked.process).await?;
    audit::write(app, tx, who, "process.created", &record.id.to_string(), &record.slug).await?;
    Ok(record.slug)
}

/// A new process with a draft that shows where everything goes.
pub async fn create(app: &App, who: &Who, title: &str) -> Result<String> {
    let title = text("title", title, 120)?;
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let slug = add_text(app, &mut *tx, who, &title, blank(&title, "", "")).await?;
    tx.commit().await?;
    Ok(slug)
}

/// A document that shows where everything goes. Owner and function are one line each, or empty.
pub(crate) fn blank(title: &str, owner: &str, function: &str) -> String {
    let said = |text: &str| {
        if text.is_empty() { String::new() } else { serde_json::Value::from(text).to_string() }
    };
    format!(
        "---\nowner: {}\nfunction: {}\ntrigger: \n---\n\n# {title}\n\nWhy this process exists, in a sentence or two.\n\n\
         ## Steps\n\n1. **First step**\n\n   What is done, and how one knows that it is done.\n\n\
         ## Expected output\n\n## Failure signals\n",
        said(owner),
        said(function)
    )
}

/// Adds a process with this text as its draft; its slug, made from the title, comes back.
pub(crate) async fn add_text(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    title: &str,
    text: String,
) -> Result<String> {
    let wanted = Slug::from_text(title, "process");
    add(app, tx, who, Fresh::of(wanted.as_str(), text)).await
}

/// Keeps a draft. The version must be the one that was read: two writers never overwrite each other.
pub async fn save_draft(
    app: &App,
    who: &Who,
    slug: &str,
    source: String,
    version: i64,
) -> Result<DraftView> {
    if source.len() > gemba_sop::MAX_BYTES {
        return Err(Error::invalid("source", "a document has at most 1 MiB"));
    }
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let mut record = find(&mut *tx, slug).await?;
    let directory = Directory::load(&mut *tx).await?;
    require_write(who, &record.value, &directory)?;
    let calendar = its_calendar(&mut *tx).await?;
    let before = drafts::of(&mut *tx, &record).await?;
    if before.version != version {
        return Err(Error::Changed { what: "this draft".to_owned() });
    }
    let draft = write_draft(app, &mut *tx, who, &mut record, &source).await?;
    // Somebody who writes saves every few seconds; the log tells when they began.
    let goes_on = before.by == who.name && app.now().duration_since(before.at) < ONE_WRITING;
    if !goes_on {
        let subject = record.value.id.to_string();
        audit::write(app, &mut *tx, who, "process.draft_saved", &subject, &draft.version).await?;
    }
    let around = around::of(app, &mut *tx).await?;
    tx.commit().await?;
    Ok(draft_view(who, &record.value, draft, &directory, &around, (app.now(), &calendar)))
}

/// Writes a text as the next version of the draft. Whether that may be was asked before.
pub(crate) async fn write_draft(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    record: &mut Versioned<ProcessRecord>,
    source: &str,
) -> Result<DraftRecord> {
    let source = source.replace("\r\n", "\n");
    let checked = checked(&source, &record.value.slug);
    record.value.draft_summary = summary(&checked);
    record.value.draft_hash = accounts::hashed(source.as_bytes());
    record.value.draft_changed = app.now();
    record.value.draft_by.clone_from(&who.name);
    let draft = drafts::write(app, tx, who, record, source).await?;
    record.version = save(tx, record).await?;
    if record.value.published.is_none() {
        search::put_process(tx, record.value.id, &checked.process).await?;
    }
    Ok(draft)
}

/// The owner's holder and managers write a draft; one without an owner every member, or it would never
/// get one.
pub(crate) fn may_write(who: &Who, record: &ProcessRecord, directory: &Directory) -> bool {
    let owner = seats::owner_of(record, directory);
    let is_nobodys = record.published.is_none() && owner.is_none();
    let its_own = access::owns(who, owner) || (is_nobodys && access::may(who, Act::Write));
    its_own && record.retired.is_none()
}

/// Refuses what makes no sense for a process that was retired.
pub(crate) fn require_kept(record: &ProcessRecord) -> Result<()> {
    match record.retired {
        Some(_) => Err(Error::Retired { slug: record.slug.clone() }),
        None => Ok(()),
    }
}

/// Refuses those who may not change the document, and any change of a process that was retired.
pub(crate) fn require_write(
    who: &Who,
    record: &ProcessRecord,
    directory: &Directory,
) -> Result<()> {
    require_kept(record)?;
    if may_write(who, record, directory) {
        return Ok(());
    }
    access::require_own(who, seats::owner_of(record, directory), "change this document")
}

/// Names the owner in the draft's front matter; the rest of the text stays as it is.
pub async fn assign_owner(app: &App, who: &Who, slug: &str, seat: &str) -> Result<DraftView> {
    let mut tx = app.open(who, Act::Manage, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?;
    let draft = drafts::of(&mut *tx, &record).await?;
    let name = seats::find(&mut *tx, seat).await?.value.name;
    drop(tx);
    save_draft(app, who, slug, with_owner(&draft.text, &name), draft.version).await
}

/// The text with `owner: NAME` in its front matter.
fn with_owner(source: &str, name: &str) -> String {
    with_line(source, "owner", name)
}

/// The text with this fact, of one line, in its front matter.
fn with_line(source: &str, key: &str, value: &str) -> String {
    let plain = value.chars().all(|c| c.is_alphanumeric() || " -_&./".contains(c))
        && value.starts_with(char::is_alphabetic)
        && !value.ends_with(' ');
    let value =
        if plain { value.to_owned() } else { format!("\"{}\"", value.replace(['"', '\\'], " ")) };
    let line = format!("{key}: {value}\n");
    let Some(rest) = source.strip_prefix("---\n") else {
        return format!("---\n{line}---\n\n{source}");
    };
    let mut out = String::from("---\n");
    let mut inside = true;
    let mut named = false;
    for text in rest.split_inclusive('\n') {
        if inside && text.trim_end() == "---" {
            if !named {
                out.push_str(&line);
            }
            inside = false;
        } else if inside && text.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')) {
            out.push_str(&line);
            named = true;
            continue;
        }
        out.push_str(text);
    }
    if inside { format!("---\n{line}---\n\n{source}") } else { out }
}

/// Takes away the trust in every process that this seat owns.
pub(crate) async fn mark_unverified(
    app: &App,
    tx: &mut dyn Tx,
    owner: SeatId,
    because: &str,
) -> Result<()> {
    for mut process in all::<ProcessRecord>(tx).await? {
        if process.value.published.as_ref().is_some_and(|p| p.owner == owner) {
            process.value.trust =
                Trust::Unverified { because: because.to_owned(), since: app.now() };
            save(tx, &process).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::with_owner;

    #[test]
    fn the_owner_is_named_in_the_front_matter_and_nothing_else_changes() {
        for (before, after) in [
            ("# T\n", "---\nowner: Sales\n---\n\n# T\n"),
            ("---\ntitle: T\n---\n# T\n", "---\ntitle: T\nowner: Sales\n---\n# T\n"),
            ("---\nowner: \ntitle: T\n---\n", "---\nowner: Sales\ntitle: T\n---\n"),
            ("---\nno end", "---\nowner: Sales\n---\n\n---\nno end"),
        ] {
            assert_eq!(with_owner(before, "Sales"), after);
        }
        assert_eq!(with_owner("x", "A: b"), "---\nowner: \"A: b\"\n---\n\nx");
    }
}
