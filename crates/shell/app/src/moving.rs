//! Runs that go on by an older revision, and their move to the one in force or to any other.
//!
//! New runs follow the revision in force; runs that go on stay with theirs. Where a revision changes
//! nothing but words, they take it over by themselves, and their history says so. Else whoever answers for
//! the process looks at what a move would mean for each run, and moves those they choose; a move back is a
//! move like any other.

use crate::{
    Act, App, Error, Result, Who, access, audit,
    processes::find,
    publishing::{Frozen, MAX_NOTE, frozen, numbered},
    records::{ProcessRecord, Revision},
    runs::{calendar_for, state_of, writing},
};
use gemba_engine::{
    Event, Now, Run,
    event::Reseated,
    moving::{Move, Obstacle, Target, moved},
};
use gemba_model::{Process, StepId, id::RunId};
use gemba_store::{Mode, RunFilter, RunRow, RunState, Tx};
use std::collections::BTreeMap;

/// The most runs that are looked at for one process, and that are moved in one go.
const MOST: u32 = 200;

/// What a move would mean for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It can go on there; what whoever moves it should know.
    Possible(Vec<String>),
    /// It cannot, and why.
    Impossible(Vec<String>),
}

/// A run that goes on by another revision.
#[derive(Debug, Clone)]
pub struct Movable {
    /// The run.
    pub id: RunId,
    /// Its number within the process.
    pub number: i64,
    /// What it is about.
    pub title: String,
    /// The steps whose turn it is.
    pub open: Vec<String>,
    /// The number of the revision that it follows.
    pub from: u32,
    /// What a move would mean.
    pub verdict: Verdict,
}

/// The runs of a process that follow another revision than one, and what a move would mean for each.
#[derive(Debug, Clone)]
pub struct Movables {
    /// The title of the process.
    pub title: String,
    /// The number of the revision to move to.
    pub to: u32,
    /// The runs, newest first.
    pub runs: Vec<Movable>,
    /// Whether the one who asks may move them.
    pub may_move: bool,
}

/// What became of the wish to move a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The run.
    pub run: RunId,
    /// Why it was not moved; nothing where it was.
    pub problem: Option<String>,
}

/// What moving the runs of a process to a revision would mean; to the one in force where none is said.
pub async fn preview(app: &App, who: &Who, slug: &str, to: Option<u32>) -> Result<Movables> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?.value;
    let target = target(app, &mut *tx, &record, to).await?;
    let mut found = Vec::new();
    for row in others(&mut *tx, &record, &target.revision.hash).await? {
        let from = frozen(app, &mut *tx, &row.revision).await?;
        let state = state_of(&row)?;
        let verdict = match weigh(app, &mut *tx, &from, &target, &state).await? {
            Ok(change) => Verdict::Possible(notes(&from, &target, &state, &change)),
            Err(obstacles) => Verdict::Impossible(obstacles),
        };
        let open = state.open.iter().map(|open| titled(&from.revision.compiled, &open.step));
        found.push(Movable {
            id: row.id,
            number: row.number,
            open: open.collect(),
            title: state.title,
            from: from.revision.number,
            verdict,
        });
    }
    let owner = record.published.as_ref().map(|published| published.owner);
    Ok(Movables {
        title: target.revision.compiled.title.clone(),
        to: target.revision.number,
        runs: found,
        may_move: access::may(who, Act::Work) && access::owns(who, owner),
    })
}

/// Moves runs, each by itself: one that cannot move holds up no other.
pub async fn go(
    app: &App,
    who: &Who,
    slug: &str,
    runs: &[RunId],
    to: Option<u32>,
    reason: &str,
) -> Result<Vec<Outcome>> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid(
            "reason",
            "say in a few words why these runs change their rules",
        ));
    }
    if reason.chars().count() > MAX_NOTE {
        let message = format!("the reason is longer than {MAX_NOTE} characters");
        return Err(Error::invalid("reason", message));
    }
    if runs.is_empty() || runs.len() > usize::try_from(MOST).unwrap_or(usize::MAX) {
        return Err(Error::invalid("runs", format!("choose between 1 and {MOST} runs")));
    }
    let mut outcomes = Vec::with_capacity(runs.len());
    for run in runs {
        let mut tx = app.open(who, Act::Work, Mode::Write).await?;
        let record = find(&mut *tx, slug).await?.value;
        let owner = record.published.as_ref().map(|published| published.owner);
        access::require_own(who, owner, "move the runs of this process")?;
        let target = target(app, &mut *tx, &record, to).await?;
        let row = tx.run(*run).await?.filter(|row| row.process == record.id);
        let row = row.ok_or_else(|| Error::not_found("run", run))?;
        let problem = one(app, &mut *tx, who, &target, row, Some(reason)).await?;
        if problem.is_none() {
            let detail = (target.revision.number, reason);
            audit::write(app, &mut *tx, who, "run.moved", &run.to_string(), &detail).await?;
            tx.commit().await?;
        }
        outcomes.push(Outcome { run: *run, problem });
    }
    Ok(outcomes)
}

/// Lets the runs that go on take over a revision that has just been put in force, where nothing but words
/// differs from theirs.
pub(crate) async fn follow_words(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    record: &ProcessRecord,
    revision: &Revision,
) -> Result<()> {
    let target = frozen(app, tx, &revision.hash).await?;
    for row in others(tx, record, &revision.hash).await? {
        let from = frozen(app, tx, &row.revision).await?;
        if from.plan == target.plan {
            one(app, tx, who, &target, row, None).await?;
        }
    }
    Ok(())
}

/// Moves one run; what stands in the way comes back.
async fn one(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    target: &Frozen,
    row: RunRow,
    reason: Option<&str>,
) -> Result<Option<String>> {
    if row.state != RunState::Running {
        return Ok(Some("it has ended".to_owned()));
    }
    if row.revision == target.revision.hash {
        return Ok(Some(format!("it follows revision {} already", target.revision.number)));
    }
    let from = frozen(app, tx, &row.revision).await?;
    let state = state_of(&row)?;
    let Move { seats, raised, watch, .. } = match weigh(app, tx, &from, target, &state).await? {
        Ok(change) => change,
        Err(obstacles) => return Ok(Some(obstacles.join("; "))),
    };
    let event = Event::RunMoved {
        at: app.now(),
        by: who.by(),
        from: from.revision.number,
        to: target.revision.number,
        reason: reason.map(str::to_owned),
        seats: seats.into_iter().map(|(item, seat)| Reseated { item, seat }).collect(),
        raised,
        watch,
    };
    let row = RunRow { revision: target.revision.hash.clone(), ..row };
    writing::write(app, tx, row, state, &[event]).await?;
    Ok(None)
}

async fn target(
    app: &App,
    tx: &mut dyn Tx,
    record: &ProcessRecord,
    to: Option<u32>,
) -> Result<std::sync::Arc<Frozen>> {
    let in_force = record.published.as_ref();
    let in_force = in_force.ok_or_else(|| Error::NotPublished { slug: record.slug.clone() })?;
    match to {
        Some(number) if number != in_force.number => {
            let hash = numbered(tx, record, number).await?.hash;
            frozen(app, tx, &hash).await
        }
        Some(_) | None => frozen(app, tx, &in_force.revision).await,
    }
}

/// The runs of a process that go on by another revision.
async fn others(tx: &mut dyn Tx, record: &ProcessRecord, hash: &str) -> Result<Vec<RunRow>> {
    let filter = RunFilter {
        process: Some(record.id),
        state: Some(RunState::Running),
        limit: MOST,
        ..RunFilter::default()
    };
    let mut rows = tx.runs(&filter).await?;
    rows.retain(|row| row.revision != hash);
    Ok(rows)
}

async fn weigh(
    app: &App,
    tx: &mut dyn Tx,
    from: &Frozen,
    target: &Frozen,
    state: &Run,
) -> Result<std::result::Result<Move, Vec<String>>> {
    let calendar = calendar_for(tx, &target.plan).await?;
    let now = Now { at: app.now(), calendar: &calendar };
    let signals = signals(&from.revision.compiled, &target.revision.compiled);
    let to = Target { plan: &target.plan, signals: &signals };
    let told = |obstacle: &Obstacle| match obstacle {
        Obstacle::Gone { step } => {
            let title = titled(&from.revision.compiled, step);
            let to = target.revision.number;
            format!("it stands at “{title}”, which revision {to} does not have")
        }
        Obstacle::OtherParts { step } => {
            let title = titled(&from.revision.compiled, step);
            format!("parts of “{title}” are being done, and there it has other parts")
        }
    };
    let weighed = moved(&from.plan, to, state, now);
    Ok(weighed.map_err(|obstacles| obstacles.iter().map(told).collect()))
}

/// Which failure signal of one process is which of another, by their words.
fn signals(from: &Process, to: &Process) -> BTreeMap<u32, u32> {
    let there = |text: &str| (0..).zip(&to.failure_signals).find(|(_, signal)| signal.text == text);
    (0..)
        .zip(&from.failure_signals)
        .filter_map(|(n, signal)| Some((n, there(&signal.text)?.0)))
        .collect()
}

/// What whoever moves a run should know.
fn notes(from: &Frozen, target: &Frozen, state: &Run, change: &Move) -> Vec<String> {
    let (old, new) = (&from.revision.compiled, &target.revision.compiled);
    let mut notes = Vec::new();
    for open in &state.open {
        let (then, there) = (titled(old, &open.step), titled(new, &open.step));
        if then != there {
            notes.push(format!("“{then}” is called “{there}” there"));
        }
    }
    for step in &change.passed {
        notes.push(format!(
            "“{}” is new, comes before, and is not done in this run",
            titled(new, step)
        ));
    }
    let gone = state.done.keys().filter(|step| new.asked(step).is_none());
    notes
        .extend(gone.map(|step| format!("“{}” was done, and is no step there", titled(old, step))));
    match change.seats.len() {
        0 => {}
        1 => notes.push("its open step is another seat's there".to_owned()),
        n => notes.push(format!("{n} open steps are other seats' there")),
    }
    notes
}

fn titled(process: &Process, step: &StepId) -> String {
    process.asked(step).map_or_else(|| step.to_string(), |step| step.title)
}
