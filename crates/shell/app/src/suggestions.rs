//! Changes that agents and people suggest for a process that they do not write: the owner takes them into
//! the draft or puts them away. Nothing that is suggested is ever published by that.

use crate::{
    Act, App, Error, Result, Who,
    accounts::hashed,
    around, audit, drafts,
    processes::{self, checked_in, find},
    records::{ProcessRecord, Revision, Suggestion, SuggestionAnswer, SuggestionState},
    seats::Directory,
};
use gemba_diag::{Diagnostic, Severity};
use gemba_model::id::{EntryId, ProcessId};
use gemba_store::{Mode, Tx, Versioned, by_key, insert, load, save};

/// The longest reason or answer, in characters.
const MAX_NOTE: usize = 2_000;
/// The most open suggestions of one process.
const MOST_OPEN: usize = 50;

/// A suggestion as it is shown.
#[derive(Debug, Clone)]
pub struct SuggestionView {
    /// What is kept of it.
    pub suggestion: Suggestion,
    /// What was found in its text.
    pub diagnostics: Vec<Diagnostic>,
    /// The text in force, which it changes.
    pub before: String,
    /// Whether it can become the draft as it is: nothing was changed since.
    pub fits: bool,
    /// Whether the one who asks may take it or put it away.
    pub may_answer: bool,
}

impl SuggestionView {
    /// Who suggests it, as a name to show.
    pub fn by(&self) -> &str {
        self.suggestion.by.name()
    }
}

/// How many suggestions for a process wait for an answer.
pub async fn count_open(app: &App, who: &Who, slug: &str) -> Result<usize> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?.value;
    let all = of_process(&mut *tx, &record).await?;
    Ok(all.iter().filter(|s| s.value.state == SuggestionState::Open).count())
}

/// How many suggestions for a process wait for an answer of somebody else than who suggested them.
pub(crate) async fn open_to(tx: &mut dyn Tx, who: &Who, process: ProcessId) -> Result<usize> {
    let all = by_key::<Suggestion>(tx, "process", &process.to_string()).await?;
    let me = who.by();
    let waits = |s: &Suggestion| s.state == SuggestionState::Open && !s.by.is_same(&me);
    Ok(all.iter().filter(|s| waits(&s.value)).count())
}

/// Keeps a changed text of a process in force. A text with errors is refused, with all of them.
pub async fn suggest(
    app: &App,
    who: &Who,
    slug: &str,
    source: &str,
    note: &str,
) -> Result<EntryId> {
    if source.len() > gemba_sop::MAX_BYTES {
        return Err(Error::invalid("text", "a document has at most 1 MiB"));
    }
    let note = said(note)?;
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let record = find(&mut *tx, slug).await?.value;
    processes::require_kept(&record)?;
    let in_force = record.published.as_ref();
    let in_force = in_force.ok_or_else(|| Error::NotPublished { slug: record.slug.clone() })?;
    let source = source.replace("\r\n", "\n");
    if hashed(source.as_bytes()) == in_force.source_hash {
        return Err(Error::invalid("text", "this is the text in force; there is no change in it"));
    }
    let around = around::of(app, &mut *tx).await?;
    let found = checked_in(&source, &record.slug, &around).diagnostics;
    if found.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(Error::NotPublishable(found));
    }
    let open = of_process(&mut *tx, &record).await?;
    let open = open.iter().filter(|s| s.value.state == SuggestionState::Open).count();
    if open >= MOST_OPEN {
        let message = format!("{MOST_OPEN} suggestions wait for an answer already");
        return Err(Error::invalid("process", message));
    }
    let (millis, chance) = app.fresh();
    let suggestion = Suggestion {
        id: EntryId::new(millis, chance),
        process: record.id,
        base: in_force.source_hash.clone(),
        source,
        note,
        by: who.by(),
        at: app.now(),
        state: SuggestionState::Open,
        answer: None,
    };
    insert(&mut *tx, &suggestion).await?;
    let subject = record.id.to_string();
    let detail = (suggestion.id.to_string(), &suggestion.note);
    audit::write(app, &mut *tx, who, "process.change_suggested", &subject, &detail).await?;
    tx.commit().await?;
    Ok(suggestion.id)
}

fn said(note: &str) -> Result<String> {
    let note = note.trim();
    if note.is_empty() {
        return Err(Error::invalid("note", "say in a sentence why"));
    }
    if note.chars().count() > MAX_NOTE {
        let message = format!("the note is longer than {MAX_NOTE} characters");
        return Err(Error::invalid("note", message));
    }
    Ok(note.to_owned())
}

fn answer(app: &App, who: &Who, note: &str) -> SuggestionAnswer {
    SuggestionAnswer { by: who.name.clone(), note: note.to_owned(), at: app.now() }
}

async fn of_process(tx: &mut dyn Tx, record: &ProcessRecord) -> Result<Vec<Versioned<Suggestion>>> {
    Ok(by_key::<Suggestion>(tx, "process", &record.id.to_string()).await?)
}

/// The suggestions for a process: open ones first, each kind latest first.
pub async fn list(app: &App, who: &Who, slug: &str) -> Result<Vec<SuggestionView>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?;
    let directory = Directory::load(&mut *tx).await?;
    let around = around::of(app, &mut *tx).await?;
    let may_answer = processes::may_write(who, &record.value, &directory);
    let before = match &record.value.published {
        Some(p) => load::<Revision>(&mut *tx, &p.revision).await?.map(|r| r.value.source),
        None => None,
    };
    let before = before.unwrap_or_default();
    let mut all: Vec<Suggestion> =
        of_process(&mut *tx, &record.value).await?.into_iter().map(|s| s.value).collect();
    all.sort_by_key(|s| (s.state != SuggestionState::Open, std::cmp::Reverse(s.at)));
    let view = |suggestion: Suggestion| SuggestionView {
        diagnostics: checked_in(&suggestion.source, slug, &around).diagnostics,
        before: before.clone(),
        fits: fits(&record.value, &suggestion),
        may_answer: may_answer && suggestion.state == SuggestionState::Open,
        suggestion,
    };
    Ok(all.into_iter().map(view).collect())
}

/// Whether neither the text in force nor the draft has moved on since.
fn fits(record: &ProcessRecord, suggestion: &Suggestion) -> bool {
    let in_force = record.published.as_ref().map(|p| p.source_hash.as_str());
    in_force == Some(suggestion.base.as_str()) && record.draft_hash == suggestion.base
}

/// Makes a suggestion the draft of its process.
pub async fn take(app: &App, who: &Who, slug: &str, id: EntryId) -> Result<()> {
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let (mut record, mut suggestion) = open(&mut *tx, who, slug, id).await?;
    if !fits(&record.value, &suggestion.value) {
        return Err(Error::Changed { what: "the text of this process".to_owned() });
    }
    let source = suggestion.value.source.clone();
    processes::write_draft(app, &mut *tx, who, &mut record, &source).await?;
    // The draft names who wrote it; whoever suggested it counts among them.
    drafts::written_with(&mut *tx, &record, &suggestion.value.by).await?;
    suggestion.value.state = SuggestionState::Taken;
    suggestion.value.answer = Some(answer(app, who, "It became the draft."));
    save(&mut *tx, &suggestion).await?;
    let subject = record.value.id.to_string();
    audit::write(app, &mut *tx, who, "process.suggestion_taken", &subject, &id.to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts a suggestion away, with a word on why.
pub async fn dismiss(app: &App, who: &Who, slug: &str, id: EntryId, note: &str) -> Result<()> {
    let note = said(note)?;
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let (record, mut suggestion) = open(&mut *tx, who, slug, id).await?;
    let subject = record.value.id.to_string();
    let detail = (id.to_string(), &note);
    audit::write(app, &mut *tx, who, "process.suggestion_dismissed", &subject, &detail).await?;
    suggestion.value.state = SuggestionState::Dismissed;
    suggestion.value.answer = Some(answer(app, who, &note));
    save(&mut *tx, &suggestion).await?;
    tx.commit().await?;
    Ok(())
}

async fn open(
    tx: &mut dyn Tx,
    who: &Who,
    slug: &str,
    id: EntryId,
) -> Result<(Versioned<ProcessRecord>, Versioned<Suggestion>)> {
    let record = find(tx, slug).await?;
    let directory = Directory::load(tx).await?;
    processes::require_write(who, &record.value, &directory)?;
    let found = load::<Suggestion>(tx, &id.to_string()).await?;
    let found = found.filter(|s| s.value.process == record.value.id);
    let found = found.ok_or_else(|| Error::not_found("suggestion", id))?;
    if found.value.by.is_same(&who.by()) {
        let help = "another who may write the document does";
        return Err(Error::Forbidden { act: "answer a suggestion of one's own", help });
    }
    if found.value.state != SuggestionState::Open {
        return Err(Error::Changed { what: "this suggestion".to_owned() });
    }
    Ok((record, found))
}
