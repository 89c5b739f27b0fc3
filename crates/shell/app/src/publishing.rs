//! Publishing: a draft becomes a revision, frozen as source and compiled form under a content hash.

use crate::{
    Act, App, Error, Result, Who,
    accounts::hashed,
    audit, drafts,
    processes::{self, DraftView, checked, find, summary},
    records::{DraftRecord, InForce, Revision, TriggerRecord, Trust},
    search,
    seats::{self, Directory, SeatInput},
    workspace::its_zone,
};
use gemba_diag::Severity;
use gemba_engine::{Plan, plan::Bindings};
use gemba_model::{
    Process, Recurrence,
    id::{ProcessId, TriggerId},
};
use gemba_store::{Mode, Tx, by_key, insert, load, save};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A revision ready to run.
#[derive(Debug)]
pub struct Frozen {
    /// The revision.
    pub revision: Revision,
    /// Its plan.
    pub plan: Plan,
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
}

impl RevisionRow {
    pub(crate) fn of(revision: &Revision, in_force: bool) -> Self {
        Self {
            hash: revision.hash.clone(),
            number: revision.number,
            note: revision.note.clone(),
            by: revision.by.clone(),
            at: revision.at,
            in_force,
        }
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
}

/// What publishing the draft now would mean.
pub async fn preview(app: &App, who: &Who, slug: &str) -> Result<Preview> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?;
    let directory = Directory::load(&mut *tx).await?;
    let zone = its_zone(&mut *tx).await?;
    let published = record.value.published.as_ref();
    let in_force = published.map(|p| p.number);
    let has_changes = published.is_none_or(|p| p.source_hash != record.value.draft_hash);
    let number = record.value.n_revisions + 1;
    let draft = drafts::of(&mut *tx, &record).await?;
    let draft = processes::draft_view(who, &record.value, draft, &directory);
    let rules = draft.checked.process.triggers.iter().filter_map(|t| t.rule.clone());
    let schedules = rules
        .map(|rule| {
            let firings = gemba_schedule::next_n(&rule, app.now(), &zone, 3);
            (rule, firings.into_iter().map(|firing| firing.at).collect())
        })
        .collect();
    Ok(Preview { draft, number, in_force, has_changes, schedules })
}

/// What comes with "publish".
#[derive(Debug, Clone, Default)]
pub struct Publication {
    /// Which seats (slug or name) the names in the document mean, where the chart does not say.
    pub bindings: BTreeMap<String, String>,
    /// What was changed.
    pub note: String,
}

/// Publishes the draft. Refused while the document has errors or names seats that do not exist.
pub async fn publish(app: &App, who: &Who, slug: &str, with: Publication) -> Result<RevisionRow> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let mut record = find(&mut *tx, slug).await?;
    let directory = Directory::load(&mut *tx).await?;
    let draft = drafts::of(&mut *tx, &record).await?;
    let checked = checked(&draft.text, slug);
    let errors: Vec<_> =
        checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).cloned().collect();
    if !errors.is_empty() {
        return Err(Error::NotPublishable(errors));
    }
    for rule in checked.process.triggers.iter().filter_map(|t| t.rule.as_ref()) {
        gemba_schedule::check(rule)
            .map_err(|never| Error::invalid("trigger", format!("`{rule}`: {never}")))?;
    }
    let bindings = bind(&checked.process, &directory, &with.bindings)?;
    let owner = checked.process.owner.named().and_then(|name| bindings.get(&name.to_lowercase()));
    let owner = *owner.ok_or_else(|| Error::invalid("owner", "the document names no owner"))?;
    let plan = Plan::of(&checked.process, &bindings)
        .map_err(|unbound| Error::UnboundSeats { names: unbound.names })?;
    let source_hash = hashed(draft.text.as_bytes());
    let number = record.value.n_revisions + 1;
    let note = with.note.trim().to_owned();
    if note.chars().count() > 500 {
        return Err(Error::invalid("note", "the change note is longer than 500 characters"));
    }
    let revision = freeze(app, who, draft, number, checked.process.clone(), bindings, note)?;
    if let Some(in_force) = &record.value.published
        && in_force.source_hash == source_hash
        && load::<Revision>(&mut *tx, &in_force.revision)
            .await?
            .is_some_and(|r| r.value.bindings == revision.bindings)
    {
        return Err(Error::invalid("source", "the draft is the same as the revision in force"));
    }
    insert(&mut *tx, &revision).await?;
    let mut doers: Vec<_> = plan.steps().iter().map(|step| step.seat).collect();
    doers.sort_unstable();
    doers.dedup();
    let now = app.now();
    record.value.n_revisions = number;
    record.value.published = Some(InForce {
        revision: revision.hash.clone(),
        number,
        summary: summary(&checked),
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
    save(&mut *tx, &record).await?;
    search::put_process(&mut *tx, record.value.id, &checked.process).await?;
    let rules: Vec<Recurrence> =
        checked.process.triggers.iter().filter_map(|t| t.rule.clone()).collect();
    set_triggers(app, &mut *tx, record.value.id, rules).await?;
    let detail = (number, &revision.hash, &revision.note);
    audit::write(app, &mut *tx, who, "process.published", &record.value.id.to_string(), &detail)
        .await?;
    tx.commit().await?;
    Ok(RevisionRow::of(&revision, true))
}

/// Which seat each name of owner, doers and receivers means.
fn bind(
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
    app: &App,
    who: &Who,
    draft: DraftRecord,
    number: u32,
    compiled: Process,
    bindings: Bindings,
    note: String,
) -> Result<Revision> {
    let content =
        serde_json::to_string(&(&draft.process, number, &draft.text, &compiled, &bindings))
            .map_err(|e| gemba_store::Error::corrupt("revision", e))?;
    Ok(Revision {
        hash: hashed(content.as_bytes()),
        process: draft.process,
        number,
        source: draft.text,
        compiled,
        bindings,
        note,
        by: who.name.clone(),
        at: app.now(),
    })
}

/// Puts exactly these schedules in force. One that stays keeps its id and its next time.
async fn set_triggers(
    app: &App,
    tx: &mut dyn Tx,
    process: ProcessId,
    mut rules: Vec<Recurrence>,
) -> Result<()> {
    rules.sort();
    rules.dedup();
    let zone = its_zone(tx).await?;
    let now = app.now();
    for mut trigger in by_key::<TriggerRecord>(tx, "process", &process.to_string()).await? {
        let wanted = rules.iter().position(|rule| *rule == trigger.value.rule);
        let was = trigger.value.active;
        trigger.value.active = wanted.is_some();
        if let Some(at) = wanted {
            rules.swap_remove(at);
            if !was {
                crate::triggers::plan_next(&mut trigger.value, now, &zone);
            }
        } else {
            trigger.value.next_due = None;
            trigger.value.next_civil = None;
        }
        if was != trigger.value.active {
            save(tx, &trigger).await?;
        }
    }
    for rule in rules {
        let (millis, chance) = app.fresh();
        let id = TriggerId::new(millis, chance);
        let mut trigger =
            TriggerRecord { id, process, rule, next_due: None, next_civil: None, active: true };
        crate::triggers::plan_next(&mut trigger, now, &zone);
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
    let frozen = Arc::new(Frozen { revision, plan });
    app.cache(hash, Arc::clone(&frozen));
    Ok(frozen)
}

/// One revision of a process, by number.
pub async fn revision(app: &App, who: &Who, slug: &str, number: u32) -> Result<Revision> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?.value;
    let revisions = by_key::<Revision>(&mut *tx, "process", &record.id.to_string()).await?;
    revisions
        .into_iter()
        .map(|r| r.value)
        .find(|r| r.number == number)
        .ok_or_else(|| Error::not_found("revision", format!("{slug} {number}")))
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

/// The holder of the owner's seat stands behind the revision in force.
pub async fn verify(app: &App, who: &Who, slug: &str) -> Result<()> {
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let mut record = find(&mut *tx, slug).await?;
    let Some(in_force) = &record.value.published else {
        return Err(Error::NotPublished { slug: slug.to_owned() });
    };
    if !who.holds(in_force.owner) {
        let help = "the holder of the owner's seat does, after reading it against the work";
        return Err(Error::Forbidden { act: "verify this process", help });
    }
    let now = app.now();
    record.value.trust = Trust::Verified { by: who.name.clone(), at: now };
    record.value.reviewed = Some(now);
    save(&mut *tx, &record).await?;
    audit::write(app, &mut *tx, who, "process.verified", &record.value.id.to_string(), &()).await?;
    tx.commit().await?;
    Ok(())
}
