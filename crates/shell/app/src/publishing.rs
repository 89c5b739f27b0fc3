//! Publishing: a draft becomes a revision, frozen as source and compiled form under a content hash.

use crate::{
    Act, App, Error, Result, Who,
    accounts::hashed,
    around, audit, calls,
    conditions::Conditions,
    drafts, moving,
    processes::{self, DraftView, checked, find, summary},
    proposals,
    records::{
        InForce, InReview, ProcessRecord, Reply, Retired, Revision, RevisionLine, Summary,
        TriggerRecord, Trust,
    },
    search,
    seats::{self, Directory, SeatInput},
    triggers::plan,
    upcoming,
    workspace::{its_calendar, loaded},
};
use gemba_diag::Severity;
use gemba_engine::{By, Plan, plan::Bindings};
use gemba_model::{
    Process, Recurrence, StepId,
    id::{ProcessId, SeatId, TriggerId},
};
use gemba_store::{Mode, Tx, Versioned, by_key, insert, load, save};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most characters of a change note or an answer.
pub(crate) const MAX_NOTE: usize = 500;

/// A revision ready to run.
#[derive(Debug)]
pub struct Frozen {
    /// The revision.
    pub revision: Revision,
    /// Its plan.
    pub plan: Plan,
    /// The steps whose way out values decide.
    pub(crate) conditions: BTreeMap<StepId, Conditions>,
}

/// Where a revision stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevisionState {
    /// New runs follow it.
    InForce,
    /// Nothing new runs by it.
    Retired {
        /// Who ended it.
        by: String,
        /// When.
        at: Timestamp,
        /// Why.
        because: String,
    },
}

/// A revision in a list.
#[derive(Debug, Clone)]
pub struct RevisionRow {
    /// The content hash.
    pub hash: String,
    /// Its number.
    pub number: u32,
    /// What was changed.
    pub note: String,
    /// Who published it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Whether it is the one in force.
    pub in_force: bool,
    /// Where it stands.
    pub state: RevisionState,
    /// Who wrote the change; empty where that was not kept.
    pub writers: Vec<String>,
    /// The second person's yes.
    pub approved: Option<Reply>,
    /// The number of the older revision that it brought back.
    pub restores: Option<u32>,
}

impl RevisionRow {
    /// The revisions of a process, newest first. What ended one is told by what took its place: the
    /// next one, or the end of the process.
    pub(crate) fn all(process: &ProcessRecord, mut revisions: Vec<RevisionLine>) -> Vec<Self> {
        revisions.sort_by_key(|r| std::cmp::Reverse(r.number));
        let in_force = process.published.as_ref().filter(|_| process.retired.is_none());
        let mut newer: Option<Retired> = process.retired.clone();
        let mut rows = Vec::with_capacity(revisions.len());
        for revision in revisions {
            let because = match revision.note.as_str() {
                "" => format!("revision {} took its place", revision.number),
                note => format!("revision {} took its place: {note}", revision.number),
            };
            let by = revision.by.clone();
            let next = Retired { by, at: revision.at, because };
            let ended = newer.replace(next);
            let in_force = in_force.is_some_and(|p| p.revision == revision.hash);
            rows.push(Self {
                state: match ended.filter(|_| !in_force) {
                    Some(Retired { by, at, because }) => RevisionState::Retired { by, at, because },
                    None => RevisionState::InForce,
                },
                in_force,
                hash: revision.hash,
                number: revision.number,
                note: revision.note,
                by: revision.by,
                at: revision.at,
                writers: revision.writers,
                approved: revision.approved,
                restores: revision.restores,
            });
        }
        rows
    }
}

/// What publishing the draft now would mean.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The draft with its findings and the names without a seat.
    pub draft: DraftView,
    /// The number the revision would get.
    pub number: u32,
    /// The number of the revision in force.
    pub in_force: Option<u32>,
    /// Whether the draft says anything else than the revision in force.
    pub has_changes: bool,
    /// The schedules that would be in force, with the next times each fires.
    pub schedules: Vec<(Recurrence, Vec<Timestamp>)>,
    /// Whether a second person must say yes first.
    pub needs_approval: bool,
    /// The revision that was proposed last, until something newer is in force.
    pub proposal: Option<InReview>,
    /// Whether the process came to its end.
    pub is_retired: bool,
}

/// What publishing the draft now would mean.
pub async fn preview(app: &App, who: &Who, slug: &str) -> Result<Preview> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?;
    let directory = Directory::load(&mut *tx).await?;
    let calendar = its_calendar(&mut *tx).await?;
    let published = record.value.published.as_ref();
    let in_force = published.map(|p| p.number);
    let has_changes = published.is_none_or(|p| p.source_hash != record.value.draft_hash);
    let number = record.value.n_revisions + 1;
    let needs_approval = loaded(&mut *tx).await?.value.second_person;
    let (proposal, is_retired) = (record.value.proposal.clone(), record.value.retired.is_some());
    let draft = drafts::of(&mut *tx, &record).await?;
    let around = around::of(app, &mut *tx).await?;
    let now = (app.now(), &calendar);
    let draft = processes::draft_view(who, &record.value, draft, &directory, &around, now);
    let rules = draft.checked.process.triggers.iter().filter_map(|t| t.rule.clone());
    let schedules = rules
        .map(|rule| {
            let next = upcoming::times(&rule, app.now(), &calendar);
            (rule, next)
        })
        .collect();
    Ok(Preview {
        draft,
        number,
        in_force,
        has_changes,
        schedules,
        needs_approval,
        proposal,
        is_retired,
    })
}

/// What is to be put in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// The draft; in this version, where one was looked at.
    Draft {
        /// The version that was on the page.
        version: Option<i64>,
    },
    /// The proposed revision with this hash.
    Proposal {
        /// The hash that was on the page.
        hash: String,
    },
    /// An older revision, which is to be effective again.
    Revision {
        /// Its number.
        number: u32,
    },
}

impl Default for Basis {
    fn default() -> Self {
        Self::Draft { version: None }
    }
}

/// What comes with "publish".
#[derive(Debug, Clone, Default)]
pub struct Publication {
    /// What is published.
    pub basis: Basis,
    /// Which seats (slug or name) the names in the document mean, where the chart does not say.
    pub bindings: BTreeMap<String, String>,
    /// What was changed. Needed for every revision but the first; a proposal brings its own.
    pub note: String,
}

impl Publication {
    /// The draft of the moment, with this note.
    pub fn noted(note: impl Into<String>) -> Self {
        Self { note: note.into(), ..Self::default() }
    }
}

/// Publishes what passes every gate.
///
/// Refused while the document has errors or names seats that do not exist, while it is another than the
/// one that was looked at, and while a second person's yes is missing where the workspace asks for one.
pub async fn publish(app: &App, who: &Who, slug: &str, with: Publication) -> Result<RevisionRow> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let mut record = find(&mut *tx, slug).await?;
    processes::require_kept(&record.value)?;
    let revision = match &with.basis {
        Basis::Proposal { hash } => {
            let proposal = proposals::current(&mut *tx, &record.value, hash).await?;
            proposals::put_in_force(app, &mut *tx, who, &mut record, proposal).await?
        }
        Basis::Draft { .. } | Basis::Revision { .. } => {
            if loaded(&mut *tx).await?.value.second_person {
                return Err(Error::ApprovalNeeded { slug: slug.to_owned() });
            }
            let change = change(&mut *tx, who, &record, with).await?;
            put_in_force(app, &mut *tx, who, &mut record, change).await?
        }
    };
    tx.commit().await?;
    row(&record.value, revision)
}

pub(crate) fn row(record: &ProcessRecord, revision: Revision) -> Result<RevisionRow> {
    let missing = || Error::not_found("revision", &record.slug);
    RevisionRow::all(record, vec![revision.into()]).pop().ok_or_else(missing)
}

/// A text that passed every gate, with what is told about it: all that a revision is frozen from.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) source: String,
    pub(crate) compiled: Process,
    pub(crate) summary: Summary,
    pub(crate) bindings: Bindings,
    pub(crate) note: String,
    pub(crate) writers: Vec<By>,
    pub(crate) restores: Option<u32>,
    pub(crate) approved: Option<Reply>,
}

/// What a draft or an old revision would change, past every gate of the document: it is the one that
/// was looked at, it has no errors, its schedules can fire, all its seats exist, it says something else
/// than the revision in force, and the change has its note.
pub(crate) async fn change(
    tx: &mut dyn Tx,
    who: &Who,
    record: &Versioned<ProcessRecord>,
    with: Publication,
) -> Result<Change> {
    let (source, mut writers, restores, mut said) = match with.basis {
        Basis::Draft { version } => {
            let draft = drafts::of(tx, record).await?;
            if version.is_some_and(|version| version != draft.version) {
                return Err(Error::Changed { what: "this draft".to_owned() });
            }
            let writers = drafts::writers(tx, &draft).await?;
            (draft.text, writers, None, BTreeMap::new())
        }
        Basis::Revision { number } => {
            let old = numbered(tx, &record.value, number).await?;
            let said = names_of(tx, &old.bindings).await?;
            (old.source, vec![who.by()], Some(number), said)
        }
        Basis::Proposal { hash } => return Err(Error::not_found("draft", hash)),
    };
    // Who says which seats are meant has a hand in what is published.
    if !with.bindings.is_empty() && !writers.iter().any(|by| by.is_same(&who.by())) {
        writers.push(who.by());
    }
    said.extend(with.bindings);
    let directory = Directory::load(tx).await?;
    let checked = checked(&source, &record.value.slug);
    let errors: Vec<_> =
        checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).cloned().collect();
    if !errors.is_empty() {
        return Err(Error::NotPublishable(errors));
    }
    for rule in checked.process.triggers.iter().filter_map(|t| t.rule.as_ref()) {
        gemba_schedule::check(rule)
            .map_err(|never| Error::invalid("trigger", format!("`{rule}`: {never}")))?;
    }
    let bindings = bind(&checked.process, &directory, &said)?;
    owner(&checked.process, &bindings)?;
    Plan::of(&checked.process, &bindings)
        .map_err(|unbound| Error::UnboundSeats { names: unbound.names })?;
    if let Some(in_force) = &record.value.published
        && in_force.source_hash == hashed(source.as_bytes())
        && load::<Revision>(tx, &in_force.revision)
            .await?
            .is_some_and(|r| r.value.bindings == bindings)
    {
        let message = "the text is the same as the revision in force";
        return Err(Error::invalid("source", message));
    }
    let note = note(&with.note, restores, record.value.n_revisions > 0)?;
    let summary = summary(&checked);
    let compiled = checked.process;
    Ok(Change { source, compiled, summary, bindings, note, writers, restores, approved: None })
}

/// The change note: needed for all but the first revision; one that brings back an old revision says so
/// by itself.
fn note(given: &str, restores: Option<u32>, is_needed: bool) -> Result<String> {
    let note = match (given.trim(), restores) {
        ("", Some(number)) => format!("Makes revision {number} effective again."),
        (given, Some(number)) => format!("Makes revision {number} effective again: {given}"),
        ("", None) if is_needed => {
            let message = "say what changed and why; those who run it read this first";
            return Err(Error::invalid("note", message));
        }
        (given, None) => given.to_owned(),
    };
    if note.chars().count() > MAX_NOTE {
        let message = format!("the change note is longer than {MAX_NOTE} characters");
        return Err(Error::invalid("note", message));
    }
    Ok(note)
}

fn owner(process: &Process, bindings: &Bindings) -> Result<SeatId> {
    let owner = process.owner.named().and_then(|name| bindings.get(&name.to_lowercase()));
    owner.copied().ok_or_else(|| Error::invalid("owner", "the document names no owner"))
}

/// The names by which the seats of an old revision are found today; one that is gone is bound anew.
async fn names_of(tx: &mut dyn Tx, bindings: &Bindings) -> Result<BTreeMap<String, String>> {
    let names = seats::names(tx).await?;
    let named = bindings
        .iter()
        .filter_map(|(name, seat)| names.get(seat).map(|seat| (name.clone(), seat.clone())));
    Ok(named.collect())
}

/// Freezes a change as the next revision and puts it in force: the one place where that happens. What
/// was in force before is retired by it.
pub(crate) async fn put_in_force(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    record: &mut Versioned<ProcessRecord>,
    change: Change,
) -> Result<Revision> {
    let now = app.now();
    let number = record.value.n_revisions + 1;
    let owner = owner(&change.compiled, &change.bindings)?;
    let plan = Plan::of(&change.compiled, &change.bindings)
        .map_err(|unbound| Error::UnboundSeats { names: unbound.names })?;
    calls::require_end(app, tx, &record.value, &change.compiled).await?;
    let mut doers = plan.doers();
    doers.sort_unstable();
    doers.dedup();
    let rules = change.summary.rules.clone();
    let summary = change.summary.clone();
    let source_hash = hashed(change.source.as_bytes());
    if change.restores.is_some() {
        bring_draft_along(app, tx, who, record, &change.source, &source_hash).await?;
    }
    let revision = freeze(who, record.value.id, number, change, now)?;
    insert(tx, &revision).await?;
    record.value.n_revisions = number;
    record.value.published = Some(InForce {
        revision: revision.hash.clone(),
        number,
        summary,
        owner,
        seats: doers,
        at: now,
        source_hash,
    });
    record.value.trust = if who.holds(owner) {
        record.value.reviewed = Some(now);
        Trust::Verified { by: who.name.clone(), at: now }
    } else {
        let because = "it was published by somebody else than the holder of the owner's seat";
        Trust::Unverified { because: because.to_owned(), since: now }
    };
    if record.value.reviewed.is_none() {
        record.value.reviewed = Some(now);
    }
    proposals::close(tx, &mut record.value, &revision).await?;
    record.version = save(tx, record).await?;
    search::put_process(tx, record.value.id, &revision.compiled).await?;
    set_triggers(app, tx, record.value.id, rules).await?;
    moving::follow_words(app, tx, who, &record.value, &revision).await?;
    let detail = (number, &revision.hash, &revision.note);
    audit::write(app, tx, who, "process.published", &record.value.id.to_string(), &detail).await?;
    Ok(revision)
}

/// A draft without changes of its own follows an old revision that comes back; otherwise the next
/// publication of it would undo that unasked. One with changes stays as it is.
async fn bring_draft_along(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    record: &mut Versioned<ProcessRecord>,
    source: &str,
    source_hash: &str,
) -> Result<()> {
    let has_changes =
        record.value.published.as_ref().is_none_or(|p| p.source_hash != record.value.draft_hash);
    if has_changes {
        return Ok(());
    }
    record.value.draft_summary = summary(&checked(source, &record.value.slug));
    source_hash.clone_into(&mut record.value.draft_hash);
    record.value.draft_changed = app.now();
    record.value.draft_by.clone_from(&who.name);
    drafts::write(app, tx, who, record, source.to_owned()).await?;
    Ok(())
}

/// Which seat each name of owner, doers and receivers means.
pub(crate) fn bind(
    process: &Process,
    directory: &Directory,
    said: &BTreeMap<String, String>,
) -> Result<Bindings> {
    let said: BTreeMap<String, &String> =
        said.iter().map(|(name, seat)| (name.to_lowercase(), seat)).collect();
    let mut bindings = Bindings::new();
    for name in process.seat_names() {
        let lower = name.to_lowercase();
        let wanted = said.get(&lower).map_or(name, |seat| seat.as_str());
        if let Some(seat) = directory.find(wanted).or_else(|| directory.found_as(process, name)) {
            bindings.insert(lower, seat);
        }
    }
    let missing: Vec<String> = processes::unbound(process, directory)
        .into_iter()
        .filter(|name| !bindings.contains_key(&name.to_lowercase()))
        .collect();
    if missing.is_empty() { Ok(bindings) } else { Err(Error::UnboundSeats { names: missing }) }
}

fn freeze(
    who: &Who,
    process: ProcessId,
    number: u32,
    change: Change,
    now: Timestamp,
) -> Result<Revision> {
    let Change { source, compiled, bindings, .. } = &change;
    let content = serde_json::to_string(&(&process, number, source, compiled, bindings))
        .map_err(|e| gemba_store::Error::corrupt("revision", e))?;
    Ok(Revision {
        hash: hashed(content.as_bytes()),
        process,
        number,
        source: change.source,
        compiled: change.compiled,
        bindings: change.bindings,
        note: change.note,
        by: who.name.clone(),
        at: now,
        writers: change.writers.iter().map(|by| by.name().to_owned()).collect(),
        approved: change.approved,
        restores: change.restores,
    })
}

/// Puts exactly these schedules in force. One that stays keeps its id and its next time; one that takes
/// the place of another takes over its policy and whether it is paused.
pub(crate) async fn set_triggers(
    app: &App,
    tx: &mut dyn Tx,
    process: ProcessId,
    mut rules: Vec<Recurrence>,
) -> Result<()> {
    rules.sort();
    rules.dedup();
    let calendar = its_calendar(tx).await?;
    let mut gone = Vec::new();
    for mut trigger in by_key::<TriggerRecord>(tx, "process", &process.to_string()).await? {
        let wanted = rules.iter().position(|rule| *rule == trigger.value.rule);
        let was = trigger.value.active;
        trigger.value.active = wanted.is_some();
        match wanted {
            Some(at) => {
                rules.swap_remove(at);
                if !was {
                    plan::anew(app, tx, &mut trigger.value, &calendar).await?;
                }
            }
            None if was => {
                plan::withdraw(app, tx, &mut trigger.value).await?;
                gone.push((trigger.value.policy, trigger.value.pauses.clone()));
            }
            None => {}
        }
        if was != trigger.value.active {
            save(tx, &trigger).await?;
        }
    }
    let heir =
        (gone.len() == rules.len()).then(|| gone.pop()).flatten().filter(|_| gone.is_empty());
    for rule in rules {
        let (millis, chance) = app.fresh();
        let id = TriggerId::new(millis, chance);
        let (policy, pauses) = heir.clone().unwrap_or_default();
        let mut trigger = TriggerRecord { policy, pauses, ..TriggerRecord::new(id, process, rule) };
        plan::anew(app, tx, &mut trigger, &calendar).await?;
        insert(tx, &trigger).await?;
    }
    Ok(())
}

/// The revision with this hash, ready to run.
pub(crate) async fn frozen(app: &App, tx: &mut dyn Tx, hash: &str) -> Result<Arc<Frozen>> {
    if let Some(frozen) = app.cached(hash) {
        return Ok(frozen);
    }
    let revision =
        load::<Revision>(tx, hash).await?.ok_or_else(|| Error::not_found("revision", hash))?;
    let revision = revision.value;
    let plan = Plan::of(&revision.compiled, &revision.bindings)
        .map_err(|unbound| Error::UnboundSeats { names: unbound.names })?;
    let steps = plan.steps().iter();
    let decided =
        steps.filter_map(|step| Some((step.id.clone(), Conditions::of(&revision.compiled, step)?)));
    let conditions = decided.collect();
    let frozen = Arc::new(Frozen { revision, plan, conditions });
    app.cache(hash, Arc::clone(&frozen));
    Ok(frozen)
}

/// One revision of a process, by number.
pub async fn revision(app: &App, who: &Who, slug: &str, number: u32) -> Result<Revision> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?.value;
    numbered(&mut *tx, &record, number).await
}

pub(crate) async fn numbered(
    tx: &mut dyn Tx,
    process: &ProcessRecord,
    number: u32,
) -> Result<Revision> {
    let missing = || Error::not_found("revision", format!("{} {number}", process.slug));
    let lines = RevisionLine::of(tx, process.id).await?;
    let line = lines.iter().find(|line| line.number == number).ok_or_else(missing)?;
    load::<Revision>(tx, &line.hash).await?.map(|found| found.value).ok_or_else(missing)
}

/// Adds a vacant seat for every name in the draft that the team chart does not have.
pub async fn create_missing_seats(app: &App, who: &Who, slug: &str) -> Result<Vec<String>> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let record = find(&mut *tx, slug).await?;
    let checked = checked(&drafts::of(&mut *tx, &record).await?.text, slug);
    let directory = Directory::load(&mut *tx).await?;
    let mut made = Vec::new();
    for name in processes::unbound(&checked.process, &directory) {
        let input =
            SeatInput { name, function: checked.process.function.clone(), ..SeatInput::default() };
        made.push(seats::add(app, &mut *tx, who, input).await?.slug);
    }
    tx.commit().await?;
    Ok(made)
}

/// The holder of the owner's seat stands behind the revision in force; behind this one, where one was
/// looked at.
pub async fn verify(app: &App, who: &Who, slug: &str, revision: Option<u32>) -> Result<()> {
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let mut record = find(&mut *tx, slug).await?;
    processes::require_kept(&record.value)?;
    let Some(in_force) = &record.value.published else {
        return Err(Error::NotPublished { slug: slug.to_owned() });
    };
    if !who.holds(in_force.owner) {
        let help = "the holder of the owner's seat does, after reading it against the work";
        return Err(Error::Forbidden { act: "verify this process", help });
    }
    if revision.is_some_and(|number| number != in_force.number) {
        return Err(Error::Changed { what: "the revision in force".to_owned() });
    }
    let now = app.now();
    record.value.trust = Trust::Verified { by: who.name.clone(), at: now };
    record.value.reviewed = Some(now);
    save(&mut *tx, &record).await?;
    audit::write(app, &mut *tx, who, "process.verified", &record.value.id.to_string(), &()).await?;
    tx.commit().await?;
    Ok(())
}
