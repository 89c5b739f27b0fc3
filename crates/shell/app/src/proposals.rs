//! Proposed revisions: sent for review, approved by a second person or sent back, and put in force.
//!
//! A proposal is frozen when it is sent. What is approved is its hash; a draft that is edited afterwards
//! is another text and inherits nothing.

use crate::{
    Act, App, Error, Principal, Result, Who, access,
    accounts::hashed,
    around, audit, drafts,
    processes::{self, ProcessRow, checked_in, find},
    publishing::{self, Basis, Change, MAX_NOTE, Publication, RevisionRow},
    records::{
        Account, Holder, InReview, ProcessRecord, Proposal, ProposalState, Reply, Revision, Seat,
        wrote,
    },
    seats::{self, Directory},
    workspace,
};
use gemba_diag::Diagnostic;
use gemba_engine::By;
use gemba_model::{
    id::{AccountId, EntryId, SeatId},
    role::Role,
};
use gemba_store::{Mode, Tx, Versioned, all, insert, load, save};
use std::collections::BTreeMap;

/// What comes with "send for review".
#[derive(Debug, Clone, Default)]
pub struct Sending {
    /// What is proposed: the draft, or an older revision.
    pub basis: Basis,
    /// Which seats (slug or name) the names in the document mean, where the chart does not say.
    pub bindings: BTreeMap<String, String>,
    /// What was changed.
    pub note: String,
    /// Who is asked; none for the holder of the owner's seat and managers.
    pub reviewer: Option<AccountId>,
}

/// A proposed revision with everything its page shows.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each answers one question of its page")]
pub struct ProposalView {
    /// The proposal.
    pub proposal: Proposal,
    /// What was found in its text; never an error.
    pub diagnostics: Vec<Diagnostic>,
    /// The name of who was asked.
    pub reviewer: Option<String>,
    /// The title of the process.
    pub title: String,
    /// Whether the draft says something else by now.
    pub draft_moved_on: bool,
    /// Whether it must be approved before it can be in force.
    pub needs_approval: bool,
    /// Whether the one who asks wrote the change.
    pub wrote_it: bool,
    /// Whether the one who asks may approve it or send it back.
    pub may_answer: bool,
    /// Whether the one who asks may put it in force now.
    pub may_publish: bool,
    /// Whether the one who asks may take it back.
    pub may_withdraw: bool,
}

/// Somebody who can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewer {
    /// The account.
    pub account: AccountId,
    /// The name.
    pub name: String,
}

/// Whether the one who asks may answer: a person of the company who did not write the change, and who
/// was asked, holds the owner's seat or is a manager.
fn may_answer(who: &Who, owner: Option<SeatId>, proposal: &InReview) -> bool {
    let Principal::Person { account } = who.principal else { return false };
    let asked = proposal.reviewer == Some(account) && access::may(who, Act::Write);
    (asked || access::owns(who, owner)) && !wrote(&proposal.writers, who)
}

/// Whether an answer is expected from the one who asks.
pub(crate) fn waits_for(who: &Who, row: &ProcessRow) -> bool {
    let owner = row.owner.as_ref().map(|owner| owner.id);
    row.retired.is_none()
        && row.proposal.as_ref().is_some_and(|proposal| {
            proposal.state == ProposalState::InReview
                && may_answer(who, owner, proposal)
                && match (proposal.reviewer, &who.principal) {
                    (Some(asked), Principal::Person { account }) => asked == *account,
                    _ => true,
                }
        })
}

/// Whether the one who sent it has to do something now: it was approved and can be published, or it came
/// back.
pub(crate) fn is_answered_to(who: &Who, row: &ProcessRow) -> bool {
    row.proposal.as_ref().is_some_and(|proposal| {
        let mine = proposal.by.is_same(&who.by());
        match proposal.state {
            ProposalState::Approved => access::may(who, Act::Manage),
            ProposalState::SentBack => mine,
            ProposalState::InReview
            | ProposalState::Withdrawn
            | ProposalState::Replaced
            | ProposalState::Published => false,
        }
    })
}

/// Sends a draft or an older revision for review: freezes it, past every gate of publishing but the
/// second person's yes. One that was sent before and is not in force yet is replaced.
pub async fn send(app: &App, who: &Who, slug: &str, with: Sending) -> Result<ProposalView> {
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let mut record = find(&mut *tx, slug).await?;
    let directory = Directory::load(&mut *tx).await?;
    processes::require_write(who, &record.value, &directory)?;
    let draft_version = match with.basis {
        Basis::Draft { .. } => Some(drafts::of(&mut *tx, &record).await?.version),
        Basis::Revision { .. } | Basis::Proposal { .. } => None,
    };
    let said = with.bindings.clone();
    let publication = Publication { basis: with.basis, bindings: with.bindings, note: with.note };
    let change = publishing::change(&mut *tx, who, &record, publication).await?;
    if let Some(asked) = with.reviewer {
        let may = able(&mut *tx, &change.writers).await?;
        if !may.iter().any(|reviewer| reviewer.account == asked) {
            let message = "choose an active person who did not write the change";
            return Err(Error::invalid("reviewer", message));
        }
    }
    let base = record.value.published.as_ref().map(|p| p.number);
    let shown = (
        &record.value.id,
        base,
        &change.source,
        &change.compiled,
        &change.bindings,
        &change.note,
        change.restores,
    );
    let shown =
        serde_json::to_string(&shown).map_err(|e| gemba_store::Error::corrupt("proposal", e))?;
    let (millis, chance) = app.fresh();
    let proposal = Proposal {
        id: EntryId::new(millis, chance),
        process: record.value.id,
        hash: hashed(shown.as_bytes()),
        base,
        draft_version,
        restores: change.restores,
        source: change.source,
        compiled: change.compiled,
        summary: change.summary,
        bindings: change.bindings,
        said,
        note: change.note,
        writers: change.writers,
        by: who.by(),
        at: app.now(),
        reviewer: with.reviewer,
        state: ProposalState::InReview,
        reply: None,
        revision: None,
    };
    end_open(&mut *tx, &mut record.value, ProposalState::Replaced).await?;
    insert(&mut *tx, &proposal).await?;
    record.value.proposal = Some(InReview::of(&proposal));
    save(&mut *tx, &record).await?;
    let subject = record.value.id.to_string();
    let detail = (&proposal.hash, &proposal.note);
    audit::write(app, &mut *tx, who, "process.proposed", &subject, &detail).await?;
    let view = view(app, &mut *tx, who, &record, proposal).await?;
    tx.commit().await?;
    Ok(view)
}

/// Sets the state of the open proposal, and forgets it at the process.
async fn end_open(
    tx: &mut dyn Tx,
    record: &mut ProcessRecord,
    state: ProposalState,
) -> Result<Option<EntryId>> {
    let Some(open) = record.proposal.take() else { return Ok(None) };
    if let Some(mut stored) = load::<Proposal>(tx, &open.id.to_string()).await? {
        // One that came back stays "sent back" in the history of proposals.
        if stored.value.state != ProposalState::SentBack {
            stored.value.state = state;
            save(tx, &stored).await?;
        }
    }
    Ok(Some(open.id))
}

/// Takes a proposal back, or puts away one that came back.
pub async fn withdraw(app: &App, who: &Who, slug: &str) -> Result<()> {
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let mut record = find(&mut *tx, slug).await?;
    let directory = Directory::load(&mut *tx).await?;
    processes::require_write(who, &record.value, &directory)?;
    if end_open(&mut *tx, &mut record.value, ProposalState::Withdrawn).await?.is_none() {
        return Err(Error::not_found("proposal", slug));
    }
    save(&mut *tx, &record).await?;
    let subject = record.value.id.to_string();
    audit::write(app, &mut *tx, who, "process.proposal_withdrawn", &subject, &()).await?;
    tx.commit().await?;
    Ok(())
}

/// The proposal of a process: in review, approved or sent back.
pub async fn get(app: &App, who: &Who, slug: &str) -> Result<ProposalView> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?;
    let proposal = open(&mut *tx, &record.value).await?;
    view(app, &mut *tx, who, &record, proposal.value).await
}

async fn open(tx: &mut dyn Tx, record: &ProcessRecord) -> Result<Versioned<Proposal>> {
    let missing = || Error::not_found("proposal", &record.slug);
    let brief = record.proposal.as_ref().ok_or_else(missing)?;
    load::<Proposal>(tx, &brief.id.to_string()).await?.ok_or_else(missing)
}

/// The proposal of a process, which must be the one that was looked at.
pub(crate) async fn current(
    tx: &mut dyn Tx,
    record: &ProcessRecord,
    hash: &str,
) -> Result<Versioned<Proposal>> {
    let proposal = open(tx, record).await?;
    if proposal.value.hash == hash {
        Ok(proposal)
    } else {
        Err(Error::Changed { what: "this proposal".to_owned() })
    }
}

async fn view(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    record: &Versioned<ProcessRecord>,
    proposal: Proposal,
) -> Result<ProposalView> {
    let directory = Directory::load(tx).await?;
    let around = around::of(app, tx).await?;
    let owner = seats::owner_of(&record.value, &directory);
    let reviewer = match proposal.reviewer {
        Some(id) => load::<Account>(tx, &id.to_string()).await?.map(|a| a.value.name),
        None => None,
    };
    let needs_approval = workspace::loaded(tx).await?.value.second_person;
    let brief = InReview::of(&proposal);
    let is_open = proposal.state == ProposalState::InReview;
    let is_approved = proposal.state == ProposalState::Approved;
    let is_ready = is_approved || (is_open && !needs_approval);
    Ok(ProposalView {
        diagnostics: checked_in(&proposal.source, &record.value.slug, &around).diagnostics,
        reviewer,
        title: record.value.summary().title.clone(),
        draft_moved_on: hashed(proposal.source.as_bytes()) != record.value.draft_hash
            && proposal.restores.is_none(),
        needs_approval,
        wrote_it: wrote(&proposal.writers, who),
        may_answer: is_open && may_answer(who, owner, &brief),
        may_publish: is_ready && access::may(who, Act::Manage),
        may_withdraw: processes::may_write(who, &record.value, &directory),
        proposal,
    })
}

/// Says yes to exactly the proposal with this hash, and puts it in force at once where asked.
pub async fn approve(
    app: &App,
    who: &Who,
    slug: &str,
    hash: &str,
    comment: &str,
    publish: bool,
) -> Result<Option<RevisionRow>> {
    let act = if publish { Act::Manage } else { Act::Write };
    let mut tx = app.open(who, act, Mode::Write).await?;
    let mut record = find(&mut *tx, slug).await?;
    let proposal =
        answer(app, &mut *tx, who, &mut record, hash, ProposalState::Approved, comment).await?;
    let row = if publish {
        let revision = put_in_force(app, &mut *tx, who, &mut record, proposal).await?;
        Some(publishing::row(&record.value, revision)?)
    } else {
        None
    };
    tx.commit().await?;
    Ok(row)
}

/// Sends the proposal with this hash back, with what should be changed.
pub async fn send_back(app: &App, who: &Who, slug: &str, hash: &str, comment: &str) -> Result<()> {
    if comment.trim().is_empty() {
        return Err(Error::invalid("comment", "say what should be changed"));
    }
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let mut record = find(&mut *tx, slug).await?;
    answer(app, &mut *tx, who, &mut record, hash, ProposalState::SentBack, comment).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes an answer to a proposal that waits for one.
async fn answer(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    record: &mut Versioned<ProcessRecord>,
    hash: &str,
    state: ProposalState,
    comment: &str,
) -> Result<Versioned<Proposal>> {
    processes::require_kept(&record.value)?;
    let mut proposal = open(tx, &record.value).await?;
    let owner = seats::owner_of(&record.value, &Directory::load(tx).await?);
    if !may_answer(who, owner, &InReview::of(&proposal.value)) {
        let help = "a person does who did not write the change: who was asked, the holder of the \
                    owner's seat, or a manager";
        return Err(Error::Forbidden { act: "answer this proposal", help });
    }
    let base = record.value.published.as_ref().map(|p| p.number);
    let is_open = proposal.value.state == ProposalState::InReview;
    if proposal.value.hash != hash || proposal.value.base != base || !is_open {
        return Err(Error::Changed { what: "this proposal".to_owned() });
    }
    let comment = comment.trim();
    if comment.chars().count() > MAX_NOTE {
        let message = format!("the comment is longer than {MAX_NOTE} characters");
        return Err(Error::invalid("comment", message));
    }
    proposal.value.state = state;
    proposal.value.reply = Some(Reply { by: who.by(), at: app.now(), comment: comment.to_owned() });
    proposal.version = save(tx, &proposal).await?;
    record.value.proposal = Some(InReview::of(&proposal.value));
    record.version = save(tx, record).await?;
    let action = match state {
        ProposalState::Approved => "process.approved",
        ProposalState::SentBack
        | ProposalState::InReview
        | ProposalState::Withdrawn
        | ProposalState::Replaced
        | ProposalState::Published => "process.sent_back",
    };
    let subject = record.value.id.to_string();
    audit::write(app, tx, who, action, &subject, &(hash, comment)).await?;
    Ok(proposal)
}

/// Puts a proposal in force as it was frozen.
pub(crate) async fn put_in_force(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    record: &mut Versioned<ProcessRecord>,
    proposal: Versioned<Proposal>,
) -> Result<Revision> {
    let proposal = proposal.value;
    let needs_approval = workspace::loaded(tx).await?.value.second_person;
    let is_ready = match proposal.state {
        ProposalState::Approved => true,
        ProposalState::InReview => !needs_approval,
        ProposalState::SentBack
        | ProposalState::Withdrawn
        | ProposalState::Replaced
        | ProposalState::Published => false,
    };
    if !is_ready {
        return Err(Error::ApprovalNeeded { slug: record.value.slug.clone() });
    }
    // The chart may have changed since: what was shown must still be true.
    let directory = Directory::load(tx).await?;
    let names = seats::names(tx).await?;
    let said: BTreeMap<String, String> = proposal
        .bindings
        .iter()
        .filter_map(|(name, seat)| Some((name.clone(), names.get(seat)?.clone())))
        .collect();
    let bindings = publishing::bind(&proposal.compiled, &directory, &said)?;
    let base = record.value.published.as_ref().map(|p| p.number);
    if bindings != proposal.bindings || base != proposal.base {
        return Err(Error::Changed { what: "what this proposal builds on".to_owned() });
    }
    let change = Change {
        source: proposal.source,
        compiled: proposal.compiled,
        summary: proposal.summary,
        bindings: proposal.bindings,
        note: proposal.note,
        writers: proposal.writers,
        restores: proposal.restores,
        approved: proposal.reply.filter(|_| proposal.state == ProposalState::Approved),
    };
    publishing::put_in_force(app, tx, who, record, change).await
}

/// Closes the open proposal when a revision comes into force: it is that revision, or it was replaced.
pub(crate) async fn close(
    tx: &mut dyn Tx,
    record: &mut ProcessRecord,
    revision: &Revision,
) -> Result<()> {
    let Some(open) = record.proposal.take() else { return Ok(()) };
    let Some(mut stored) = load::<Proposal>(tx, &open.id.to_string()).await? else {
        return Ok(());
    };
    let is_it = stored.value.source == revision.source
        && stored.value.bindings == revision.bindings
        && stored.value.state != ProposalState::SentBack;
    if is_it {
        stored.value.state = ProposalState::Published;
        stored.value.revision = Some(revision.number);
        save(tx, &stored).await?;
    } else if stored.value.state != ProposalState::SentBack {
        stored.value.state = ProposalState::Replaced;
        save(tx, &stored).await?;
    }
    Ok(())
}

/// Withdraws the open proposal of a process that comes to its end.
pub(crate) async fn drop_open(tx: &mut dyn Tx, record: &mut ProcessRecord) -> Result<()> {
    end_open(tx, record, ProposalState::Withdrawn).await?;
    Ok(())
}

/// Who can be asked to review the draft: every active person who may work here and did not write it.
pub async fn reviewers(app: &App, who: &Who, slug: &str) -> Result<Vec<Reviewer>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?;
    let draft = drafts::of(&mut *tx, &record).await?;
    let writers = drafts::writers(&mut *tx, &draft).await?;
    able(&mut *tx, &writers).await
}

/// The people who may answer to a change of these writers, by name.
async fn able(tx: &mut dyn Tx, writers: &[By]) -> Result<Vec<Reviewer>> {
    let seats = all::<Seat>(tx).await?;
    let mut able: Vec<Reviewer> = all::<Account>(tx)
        .await?
        .into_iter()
        .map(|account| account.value)
        .filter(|account| account.active && account.role >= Role::Member)
        .map(|account| Who {
            principal: Principal::Person { account: account.id },
            name: account.name,
            role: account.role,
            seats: seats
                .iter()
                .filter(|s| s.value.holder == Holder::Person { account: account.id })
                .map(|s| s.value.id)
                .collect(),
            acting: Vec::new(),
        })
        .filter(|who| !wrote(writers, who))
        .filter_map(|who| match who.principal {
            Principal::Person { account } => Some(Reviewer { account, name: who.name }),
            Principal::Token { .. } | Principal::Operator | Principal::System => None,
        })
        .collect();
    able.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(able)
}
