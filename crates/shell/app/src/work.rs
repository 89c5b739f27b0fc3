//! Work items: what a seat must do now, taking it, giving it back, reporting it as done.

mod inbox;

use crate::attachments::{self, AttachmentView};
use crate::{
    Act, App, Error, Principal, Result, Who, access, accounts,
    approvals::{self, Record},
    audit,
    calls::{self, RunLink},
    error::counts,
    known, last_run,
    publishing::frozen,
    records::{Account, ProcessRecord, Seat},
    runs::{self, act},
    seats,
};
use gemba_engine::{Command, Run, Which, event::Left};
pub use gemba_engine::{Completion, Delegated, Given};
use gemba_model::{
    Branch, Routes, Step, StepId,
    field::Field,
    id::{AccountId, RunId, SeatId, WorkItemId},
    role::Role,
};
use gemba_store::{ItemFilter, Mode, Tx, all};
pub use gemba_store::{ItemRow, ItemState};
pub use inbox::{MyWork, count_mine, mine};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// The most work items of one page.
const PAGE: u32 = 200;

/// A work item in a list.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub struct WorkRow {
    /// The work item.
    pub item: ItemRow,
    /// The seat's name.
    pub seat: String,
    /// The process: slug and title.
    pub process: (String, String),
    /// The run's number within the process.
    pub run_number: i64,
    /// What the run is about.
    pub run_title: String,
    /// The step as written.
    pub step: Step,
    /// The ways out to choose from; empty where there is no choice.
    pub branches: Vec<Branch>,
    /// Whether the one who asks may do it.
    pub is_mine: bool,
    /// Whether somebody else has taken it.
    pub taken_by_other: bool,
    /// The seat that the SOP names, where the work was handed on to another.
    pub for_seat: Option<String>,
    /// The claim in force, where it is that of the one who asks.
    pub lease: Option<Lease>,
    /// Whether the one who asks may let the run go on without the step.
    pub may_skip: bool,
    /// The title of the step of which it is a part, where parts are handed out one by one.
    pub part_of: Option<String>,
    /// Whether the values of the run decide which branch is taken, and nobody is asked.
    pub values_decide: bool,
    /// The values that it asks for and that the run has already, by their keys.
    pub values: BTreeMap<String, String>,
    /// Until when it waits; then it is done by itself.
    pub until: Option<Timestamp>,
    /// The run that carries out its procedure: it is done when that comes to its end.
    pub child: Option<RunLink>,
    /// Why no run carries out its procedure, where it has one.
    pub uncalled: Option<String>,
    /// Whether its deadline has passed and it is not done.
    pub late: bool,
    /// The person to whom it was given, for as long as it is theirs.
    pub delegated: Option<Delegated>,
    /// Whether that is the one who asks.
    pub is_given: bool,
    /// Whether the one who asks may take it back, or give it back.
    pub may_take_back: bool,
    /// The name of the holder of its seat, who is away and for whom the one who asks acts.
    pub acting_for: Option<String>,
    /// Whether it is put aside until a moment that is to come.
    pub is_aside: bool,
}

/// How somebody has a work item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The fencing token: given with the completion, it proves that the claim is the present one.
    pub token: u32,
    /// Until when it is kept from others; a person's is kept without end.
    pub until: Option<Timestamp>,
}

/// How long an agent or program keeps a work item without a word; a person keeps it until it is given
/// back.
const LEASE: SignedDuration = SignedDuration::from_mins(15);

/// A work item with what is needed to do it.
#[derive(Debug, Clone)]
pub struct WorkView {
    /// As in lists.
    pub row: WorkRow,
    /// How many steps the process has.
    pub n_steps: usize,
    /// What the run must have produced in the end.
    pub expected_output: Vec<String>,
    /// What says that something is wrong.
    pub failure_signals: Vec<String>,
    /// What its run was given when it began.
    pub inputs: Vec<Left>,
    /// What is on record, where it is to be approved.
    pub record: Option<Record>,
    /// The revision it is pinned to.
    pub revision: u32,
    /// The pictures and videos of its step and of the parts of its step.
    pub attachments: Vec<AttachmentView>,
    /// The seats that the one who asks may hand it to: slug and name. Empty where they may not.
    pub hand_to: Vec<(String, String)>,
    /// The people to whom the one who asks may give it. Empty where they may not.
    pub give_to: Vec<(AccountId, String)>,
}

/// What came of reporting a step as done.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The run.
    pub run: RunId,
    /// Its state now.
    pub state: Run,
    /// The work items that are open now.
    pub next: Vec<WorkRow>,
}

/// Which work items to list.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Only of this seat (slug, name or alias).
    pub seat: Option<String>,
    /// Only of the seats of the one who asks.
    pub mine: bool,
    /// Only in these states; open and claimed where empty.
    pub states: Vec<ItemState>,
    /// Only younger than this.
    pub after: Option<WorkItemId>,
    /// At most this many.
    pub limit: u32,
}

pub(crate) async fn row(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    mut item: ItemRow,
) -> Result<WorkRow> {
    let run = tx.run(item.run).await?.ok_or_else(|| Error::not_found("run", item.run))?;
    let frozen = frozen(app, tx, &run.revision).await?;
    let record = known::record::<ProcessRecord>(app, tx, &run.process.to_string()).await?;
    let slug = record.ok_or_else(|| Error::not_found("process", run.process))?.slug.clone();
    let process = &frozen.revision.compiled;
    let missing = || Error::not_found("step", &item.step);
    let mut step = process.asked(&item.step).ok_or_else(missing)?;
    let planned = frozen.plan.step(&item.step).ok_or_else(missing)?;
    let branches = match &planned.routes {
        Routes::Straight(_) => Vec::new(),
        Routes::Branches(branches) => branches.clone(),
    };
    // Parts that are handed out are work items of their own and no checklist of this one.
    if !planned.parts.is_empty() {
        step.steps.clear();
    }
    let state = app.known().run(&run)?;
    let open = state.open.iter().find(|o| o.item == item.id);
    let claim = open.and_then(|open| open.claimed(app.now()));
    // A claim whose time has passed is written down still, and keeps nobody away.
    if item.state == ItemState::Claimed && claim.is_none() {
        item.state = ItemState::Open;
        item.holder = None;
    }
    let by = who.asker().by_for(item.seat);
    let is_own = claim.is_some_and(|claim| claim.by.is_same(&by));
    let delegated = open.and_then(|open| open.delegated.clone());
    let delegated = delegated.filter(|given| given.holds(app.now()));
    let is_given = delegated.is_some() && is_given_to(&item, who);
    let lease = open.zip(claim).filter(|_| is_own);
    let seat = name_of(app, tx, item.seat).await?;
    let for_seat = match open.and_then(|open| open.for_seat) {
        Some(planned) => Some(name_of(app, tx, planned).await?),
        None => None,
    };
    let child = match open.and_then(|open| open.child) {
        Some(child) => Some(calls::link(app, tx, child).await?),
        None => None,
    };
    let part_of = open.and_then(|open| open.within.as_ref());
    let conditions = frozen.conditions.get(&item.step);
    let fields = planned.evidence.iter().filter_map(Field::of);
    let has = |key: String| Some((key.clone(), state.values.get(&key)?.value.clone()));
    let values = fields.filter_map(|field| has(field.key)).collect();
    Ok(WorkRow {
        values,
        values_decide: conditions.is_some_and(|own| own.can_decide(planned, &state.values)),
        part_of: part_of.and_then(|id| process.step(id)).map(|step| step.title.clone()),
        until: open.and_then(|open| open.until),
        child,
        uncalled: open.and_then(|open| open.uncalled.clone()),
        late: open.is_some() && item.due.is_some_and(|due| due <= app.now()),
        for_seat,
        lease: lease.map(|(open, claim)| Lease { token: open.token, until: claim.until }),
        may_skip: open.is_some() && access::does(who, frozen.plan.owner()),
        is_mine: may_do(who, item.seat) || (is_given && access::may(who, Act::Work)),
        may_take_back: delegated.is_some()
            && (is_given
                || access::does(who, Some(item.seat))
                || access::does(who, frozen.plan.owner())),
        delegated,
        is_given,
        acting_for: who.acts_for(item.seat).map(str::to_owned),
        is_aside: open.is_some() && item.follow_up.is_some_and(|until| until > app.now()),
        seat,
        process: (slug, process.title.clone()),
        run_number: run.number,
        run_title: state.title,
        taken_by_other: claim.is_some_and(|claim| claim.bars(&by)),
        step,
        branches,
        item,
    })
}

async fn name_of(app: &App, tx: &mut dyn Tx, seat: SeatId) -> Result<String> {
    let seat = known::record::<Seat>(app, tx, &seat.to_string()).await?;
    Ok(seat.map(|seat| seat.name.clone()).unwrap_or_default())
}

fn may_do(who: &Who, seat: SeatId) -> bool {
    access::may(who, Act::Work) && access::does(who, Some(seat))
}

/// Whether a work item was given to the one who asks.
pub(crate) fn is_given_to(item: &ItemRow, who: &Who) -> bool {
    item.delegate.is_some() && item.delegate == who.account()
}

/// The work items of the one who asks, oldest first: of the seats whose work is theirs, and what was given
/// to them.
pub(crate) async fn of_one(
    tx: &mut dyn Tx,
    who: &Who,
    filter: &ItemFilter,
) -> Result<Vec<ItemRow>> {
    let of_seats = ItemFilter { seats: Some(who.work_seats()), ..filter.clone() };
    let mut items = tx.items(&of_seats).await?;
    if let Some(account) = who.account() {
        let given = ItemFilter { delegate: Some(account), ..filter.clone() };
        items.extend(tx.items(&given).await?);
        items.sort_by_key(|item| item.id);
        items.dedup_by_key(|item| item.id);
        items.truncate(usize::try_from(filter.limit).unwrap_or(usize::MAX));
    }
    Ok(items)
}

/// Work items, oldest first.
pub async fn list(app: &App, who: &Who, listing: Listing) -> Result<Vec<WorkRow>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let wanted = match &listing.seat {
        Some(seat) => Some(vec![seats::find(&mut *tx, seat).await?.value.id]),
        None => None,
    };
    let states = if listing.states.is_empty() {
        vec![ItemState::Open, ItemState::Claimed]
    } else {
        listing.states
    };
    let filter = ItemFilter {
        seats: wanted,
        states,
        after: listing.after,
        limit: listing.limit.clamp(1, PAGE),
        ..ItemFilter::default()
    };
    let found = match (listing.mine, &filter.seats) {
        (false, _) => tx.items(&filter).await?,
        (true, None) => of_one(&mut *tx, who, &filter).await?,
        (true, Some(seats)) if seats.iter().all(|seat| who.works_for(*seat)) => {
            tx.items(&filter).await?
        }
        // Of a seat that is not theirs, only what was given to them.
        (true, Some(_)) => match who.account() {
            Some(account) => {
                tx.items(&ItemFilter { delegate: Some(account), ..filter.clone() }).await?
            }
            None => Vec::new(),
        },
    };
    let mut rows = Vec::new();
    for item in found {
        rows.push(row(app, &mut *tx, who, item).await?);
    }
    Ok(rows)
}

/// One work item with what is needed to do it.
pub async fn get(app: &App, who: &Who, id: WorkItemId) -> Result<WorkView> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let item = tx.item(id).await?.ok_or_else(|| Error::not_found("work item", id))?;
    let row = row(app, &mut *tx, who, item).await?;
    let run = tx.run(row.item.run).await?.ok_or_else(|| Error::not_found("run", row.item.run))?;
    let frozen = frozen(app, &mut *tx, &run.revision).await?;
    let process = &frozen.revision.compiled;
    let attached = attachments::of(&mut *tx, row.item.process).await?;
    let parts = row.step.walk();
    let is_here = |step: &StepId| parts.iter().any(|part| part.id == *step);
    let attachments = attached
        .into_iter()
        .filter(|a| a.value.step.as_ref().is_some_and(is_here))
        .map(|a| attachments::view(a.value, process))
        .collect();
    let is_open = ItemState::UNDONE.contains(&row.item.state);
    let may_hand = row.may_skip || (may_do(who, row.item.seat) && !row.taken_by_other);
    let hand_to = if is_open && may_hand {
        let others = all::<Seat>(&mut *tx).await?.into_iter().map(|seat| seat.value);
        let mut others: Vec<_> = others.filter(|seat| seat.id != row.item.seat).collect();
        others.sort_by(|a, b| a.name.cmp(&b.name));
        others.into_iter().map(|seat| (seat.slug, seat.name)).collect()
    } else {
        Vec::new()
    };
    let give_to = if is_open && may_hand {
        let people = all::<Account>(&mut *tx).await?.into_iter().map(|account| account.value);
        let has_it = row.delegated.as_ref().map(|given| given.to);
        let mut people: Vec<(AccountId, String)> = people
            .filter(|one| one.active && one.role >= Role::Member)
            .filter(|one| Some(one.id) != has_it && Some(one.id) != who.account())
            .map(|one| (one.id, one.name))
            .collect();
        people.sort_by(|a, b| a.1.cmp(&b.1));
        people
    } else {
        Vec::new()
    };
    let planned = frozen.plan.step(&row.item.step).filter(|_| is_open);
    let record = match planned.filter(|step| step.approves) {
        Some(_) => Some(approvals::record(&mut *tx, &run, &frozen).await?),
        None => None,
    };
    Ok(WorkView {
        record,
        hand_to,
        give_to,
        attachments,
        row,
        n_steps: process.steps.len(),
        expected_output: process.expected_output.iter().map(|o| o.text.clone()).collect(),
        failure_signals: process.failure_signals.iter().map(|s| s.text.clone()).collect(),
        revision: frozen.revision.number,
        inputs: runs::inputs(&mut *tx, run.id).await?,
    })
}

async fn run_of(tx: &mut dyn Tx, id: WorkItemId) -> Result<RunId> {
    Ok(tx.item(id).await?.ok_or_else(|| Error::not_found("work item", id))?.run)
}

/// Takes a work item, so that others see that somebody is at it. For an agent or program it is kept for
/// fifteen minutes; claiming again keeps it for longer.
pub async fn claim(app: &App, who: &Who, id: WorkItemId) -> Result<()> {
    let done = claim_in(app, who, id, Mode::Ahead).await;
    if counts(&done) {
        return done;
    }
    claim_in(app, who, id, Mode::Write).await
}

async fn claim_in(app: &App, who: &Who, id: WorkItemId, mode: Mode) -> Result<()> {
    let mut tx = app.open(who, Act::Work, mode).await?;
    let run = run_of(&mut *tx, id).await?;
    let lease = matches!(who.principal, Principal::Token { .. }).then_some(LEASE);
    act(app, &mut *tx, who, run, Command::Claim { which: Which::Item(id), lease }).await?;
    tx.commit().await?;
    Ok(())
}

/// The longest word on how far a step is, in characters.
const MAX_PROGRESS: usize = 2_000;

/// Says how far a step is, and keeps it for longer, for who has it or takes it with that.
pub async fn progress(app: &App, who: &Who, id: WorkItemId, note: &str) -> Result<()> {
    let note = note.trim();
    if note.is_empty() || note.chars().count() > MAX_PROGRESS {
        let message = format!("say in 1 to {MAX_PROGRESS} characters how far the step is");
        return Err(Error::invalid("note", message));
    }
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let run = run_of(&mut *tx, id).await?;
    let lease = matches!(who.principal, Principal::Token { .. }).then_some(LEASE);
    act(app, &mut *tx, who, run, Command::Claim { which: Which::Item(id), lease }).await?;
    audit::write(app, &mut *tx, who, "work.progress", &id.to_string(), &note).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives a work item back.
pub async fn release(app: &App, who: &Who, id: WorkItemId) -> Result<()> {
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let run = run_of(&mut *tx, id).await?;
    act(app, &mut *tx, who, run, Command::Release { which: Which::Item(id) }).await?;
    tx.commit().await?;
    Ok(())
}

/// Hands a work item to another seat (slug, name or alias), with a reason.
pub async fn reassign(
    app: &App,
    who: &Who,
    id: WorkItemId,
    seat: &str,
    reason: &str,
) -> Result<()> {
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let run = run_of(&mut *tx, id).await?;
    let to = seats::find(&mut *tx, seat).await?.value;
    let reason = reason.trim().to_owned();
    let detail = (to.name, reason.clone());
    let command = Command::Reassign { which: Which::Item(id), to: to.id, reason };
    act(app, &mut *tx, who, run, command).await?;
    audit::write(app, &mut *tx, who, "work.reassigned", &id.to_string(), &detail).await?;
    tx.commit().await?;
    Ok(())
}

/// A work item as it is given to a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delegation {
    /// The id, the e-mail address or the name of the person.
    pub to: String,
    /// Until when it is theirs; without end where nothing is said.
    pub until: Option<Timestamp>,
    /// What is said with it.
    pub note: String,
}

/// Gives a work item to a person, who does it for its seat.
pub async fn delegate(app: &App, who: &Who, id: WorkItemId, to: Delegation) -> Result<()> {
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let run = run_of(&mut *tx, id).await?;
    let Delegation { to, until, note } = to;
    let person = accounts::worker(&mut *tx, "person", &to).await?;
    let detail = (person.name.clone(), until, note.trim().to_owned());
    let command = Command::Delegate {
        which: Which::Item(id),
        to: person.id,
        name: person.name,
        until,
        note: Some(note),
    };
    act(app, &mut *tx, who, run, command).await?;
    audit::write(app, &mut *tx, who, "work.delegated", &id.to_string(), &detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes back a work item that was given to a person, or gives it back.
pub async fn take_back(app: &App, who: &Who, id: WorkItemId) -> Result<()> {
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let run = run_of(&mut *tx, id).await?;
    act(app, &mut *tx, who, run, Command::TakeBack { which: Which::Item(id) }).await?;
    audit::write(app, &mut *tx, who, "work.taken_back", &id.to_string(), &()).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts a work item aside until a moment; without one, it is taken up again.
pub async fn defer(app: &App, who: &Who, id: WorkItemId, until: Option<Timestamp>) -> Result<()> {
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let run = run_of(&mut *tx, id).await?;
    act(app, &mut *tx, who, run, Command::Defer { which: Which::Item(id), until }).await?;
    tx.commit().await?;
    Ok(())
}

/// Lets a run go on without a step, with a reason; the branch is needed where the step has several ways
/// out.
pub async fn skip(
    app: &App,
    who: &Who,
    id: WorkItemId,
    branch: Option<String>,
    reason: &str,
) -> Result<Outcome> {
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let run = run_of(&mut *tx, id).await?;
    let reason = reason.to_owned();
    let command = Command::Skip { which: Which::Item(id), branch, reason: reason.clone() };
    let state = act(app, &mut *tx, who, run, command).await?;
    audit::write(app, &mut *tx, who, "work.skipped", &id.to_string(), &reason).await?;
    let next = open_items(app, &mut *tx, who, &state).await?;
    tx.commit().await?;
    Ok(Outcome { run, state, next })
}

/// The open work items of a run, in the order in which their turn came.
pub(crate) async fn open_items(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    state: &Run,
) -> Result<Vec<WorkRow>> {
    let mut rows = Vec::with_capacity(state.open.len());
    for open in &state.open {
        if let Some(item) = tx.item(open.item).await? {
            rows.push(row(app, tx, who, item).await?);
        }
    }
    Ok(rows)
}

/// Reports a work item as done.
pub async fn complete(app: &App, who: &Who, id: WorkItemId, with: Completion) -> Result<Outcome> {
    let done = complete_in(app, who, id, with.clone(), Mode::Ahead).await;
    if counts(&done) {
        return done;
    }
    complete_in(app, who, id, with, Mode::Write).await
}

async fn complete_in(
    app: &App,
    who: &Who,
    id: WorkItemId,
    with: Completion,
    mode: Mode,
) -> Result<Outcome> {
    let mut tx = app.open(who, Act::Work, mode).await?;
    let run = run_of(&mut *tx, id).await?;
    finish(app, tx, who, run, Which::Item(id), with).await
}

/// Reports a step of a run as done, by the step's id.
pub async fn complete_step(
    app: &App,
    who: &Who,
    run: RunId,
    step: StepId,
    with: Completion,
) -> Result<Outcome> {
    let which = || Which::Step(step.clone());
    let tx = app.open(who, Act::Work, Mode::Ahead).await?;
    let done = finish(app, tx, who, run, which(), with.clone()).await;
    if counts(&done) {
        return done;
    }
    let tx = app.open(who, Act::Work, Mode::Write).await?;
    finish(app, tx, who, run, which(), with).await
}

async fn finish(
    app: &App,
    mut tx: Box<dyn Tx>,
    who: &Who,
    run: RunId,
    which: Which,
    with: Completion,
) -> Result<Outcome> {
    // An empty field of a form names no file; the engine drops it.
    let is_file =
        |p: &&Given| p.kind == gemba_model::EvidenceKind::File && !p.value.trim().is_empty();
    for piece in with.evidence.iter().filter(is_file) {
        crate::files::require(&mut *tx, piece.value.trim()).await?;
    }
    let state = act(app, &mut *tx, who, run, Command::Complete { which, with }).await?;
    let followed = tx.run(run).await?.ok_or_else(|| Error::not_found("run", run))?;
    let revision = frozen(app, &mut *tx, &followed.revision).await?.revision.number;
    last_run::remember(app, &mut *tx, who, followed.process, revision).await?;
    let next = open_items(app, &mut *tx, who, &state).await?;
    tx.commit().await?;
    Ok(Outcome { run, state, next })
}
