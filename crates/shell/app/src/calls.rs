//! A run within a run: the procedure that a step carries out begins as a run of its own when the step's
//! turn comes, and the step goes on when that run comes to its end.
//!
//! All of it happens in the transaction that brought it about. The called run follows the revision that is
//! in force when the step opens.

use crate::{
    App, Error, Result, Who, incidents,
    processes::{self, find},
    publishing::{Frozen, frozen},
    records::{ProcessRecord, Trouble},
    runs::{self, act, state_of},
};
use gemba_engine::{By, Call, Caller, Command, Completion, Event, Given, Origin, Run, Status};
use gemba_model::{
    EvidenceKind, Next, Procedure, Process, Step, StepId, StepKind, acceptance,
    field::{self, Field},
    flow,
    id::{RunId, WorkItemId},
};
use gemba_store::{RunRow, Tx, all};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    future::Future,
    pin::Pin,
};

/// How many runs stand within each other at most.
const DEEPEST: u32 = 8;
/// The name under which a step asks how the run that it called ended.
const OUTCOME: &str = "outcome";
/// How many inputs a run takes.
const MOST_INPUTS: usize = 50;
/// How many processes are looked at for one that calls itself.
const MOST_LOOKED_AT: usize = 1_000;

/// What a decision on a run brings to the runs that it calls and to the one that called it.
struct Consequences<'a> {
    /// Steps whose procedure begins: work item, procedure.
    begin: Vec<(WorkItemId, &'a str)>,
    /// Called runs that nobody waits for any more.
    orphans: Vec<RunId>,
    /// The step that waits for this run, where this run has ended.
    answer: Option<Caller>,
    /// The step that waits for this run, where its output was returned, with the reason.
    returned: Option<(Caller, String)>,
}

impl<'a> Consequences<'a> {
    fn of(frozen: &'a Frozen, before: &Run, after: &Run, events: &[Event]) -> Self {
        let mut begin = Vec::new();
        if frozen.plan.calls() {
            for event in events {
                let Event::StepOpened { item, step, .. } = event else { continue };
                let to = frozen.plan.step(step).and_then(|step| step.calls.as_deref());
                let waits = after.open.iter().any(|open| open.item == *item);
                begin.extend(to.filter(|_| waits).map(|to| (*item, to)));
            }
        }
        let told = |child: &RunId| {
            events.iter().any(|event| {
                matches!(event, Event::CallReturned { run, .. } | Event::CallEnded { run, .. } if run == child)
            })
        };
        let still =
            |child: &RunId| after.open.iter().any(|open| open.child.as_ref() == Some(child));
        let children = before.open.iter().filter_map(|open| open.child);
        let orphans = children.filter(|child| !still(child) && !told(child)).collect();
        let ended = matches!(after.status, Status::Completed | Status::Cancelled);
        Self {
            begin,
            orphans,
            answer: after.called_by.clone().filter(|_| ended),
            returned: after
                .called_by
                .clone()
                .filter(|_| !ended)
                .and_then(|caller| Some((caller, returned(&frozen.revision.compiled, events)?))),
        }
    }

    fn is_empty(&self) -> bool {
        self.begin.is_empty()
            && self.orphans.is_empty()
            && self.answer.is_none()
            && self.returned.is_none()
    }
}

/// Why the output was returned to a step, where it was.
fn returned(process: &Process, events: &[Event]) -> Option<String> {
    let act = acceptance::of(process)?;
    events.iter().find_map(|event| match event {
        Event::StepCompleted { step, branch: Some(branch), reason, .. }
            if *step == act.step.id && branch != acceptance::ACCEPT =>
        {
            Some(reason.clone().unwrap_or_default())
        }
        _ => None,
    })
}

/// Lets happen what a decision on a run brings to the runs around it; the state that the run has then
/// comes back. `after` is the state that was written.
pub(crate) async fn follow(
    app: &App,
    tx: &mut dyn Tx,
    run: RunId,
    frozen: &Frozen,
    before: &Run,
    after: Run,
    events: &[Event],
) -> Result<Run> {
    let told = Consequences::of(frozen, before, &after, events);
    if told.is_empty() {
        return Ok(after);
    }
    let whole = !told.begin.is_empty();
    let why = why(events);
    bring(app, tx, run, &after, told, why).await?;
    if !whole {
        return Ok(after);
    }
    // Calls were noted on this very run.
    let row = tx.run(run).await?.ok_or_else(|| Error::not_found("run", run))?;
    state_of(&row)
}

/// Why called runs are ended.
fn why(events: &[Event]) -> String {
    let told = events.iter().find_map(|event| match event {
        Event::RunEnding { reason, .. } | Event::RunCancelled { reason, .. } => {
            Some(format!("the run that called it was ended: {reason}"))
        }
        Event::StepSkipped { reason, .. } => {
            Some(format!("the step that called it was skipped: {reason}"))
        }
        _ => None,
    });
    told.unwrap_or_else(|| "the step that called it is not needed any more".to_owned())
}

/// Boxed, for a call brings another, at most [`DEEPEST`] deep.
fn bring<'a>(
    app: &'a App,
    tx: &'a mut dyn Tx,
    run: RunId,
    after: &'a Run,
    told: Consequences<'a>,
    why: String,
) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
    Box::pin(async move {
        for child in told.orphans {
            let reason: String = why.chars().take(gemba_engine::decide::MAX_TEXT).collect();
            let ended = act(app, tx, &Who::system(), child, Command::Cancel { reason }).await;
            match ended {
                Ok(_) | Err(Error::Rejected(gemba_engine::Rejection::RunEnded)) => {}
                Err(other) => return Err(other),
            }
        }
        if let Some((caller, reason)) = told.returned {
            tell_returned(app, tx, &caller, run, reason).await?;
        }
        if let Some(caller) = told.answer {
            answer(app, tx, &caller, run, after).await?;
        }
        for (item, to) in told.begin {
            let call = match begin(app, tx, run, after, item, to).await? {
                Ok(child) => Call::Begun { item, run: child },
                Err(why) => Call::NotMade { item, why },
            };
            act(app, tx, &Who::system(), run, Command::Call(call)).await?;
        }
        Ok(())
    })
}

/// Begins the procedure as a run of its own, or says why it cannot.
async fn begin(
    app: &App,
    tx: &mut dyn Tx,
    run: RunId,
    state: &Run,
    item: WorkItemId,
    to: &str,
) -> Result<std::result::Result<RunId, String>> {
    let depth = state.called_by.as_ref().map_or(0, |caller| caller.depth).saturating_add(1);
    if depth > DEEPEST {
        return Ok(Err(format!("runs call each other at most {DEEPEST} deep")));
    }
    let Some(process) = resolve(tx, to).await? else {
        return Ok(Err(format!("there is no process `{to}` in this workspace")));
    };
    let Some(in_force) = &process.published else {
        return Ok(Err(format!("“{}” is not published yet", process.summary().title)));
    };
    let called = frozen(app, tx, &in_force.revision).await?;
    let inputs = inputs(tx, run, state, &called.revision.compiled).await?;
    let origin = Origin::Call(Caller { run, item, depth });
    match runs::begin_run(app, tx, &process, By::System, origin, &state.title, &inputs).await {
        Ok(child) => Ok(Ok(child)),
        Err(refusal @ (Error::Rejected(_) | Error::Retired { .. })) => Ok(Err(refusal.to_string())),
        Err(other) => Err(other),
    }
}

/// What a called run is given: the values of the calling run and what that was given itself, by name;
/// first what the called process asks for.
async fn inputs(
    tx: &mut dyn Tx,
    run: RunId,
    state: &Run,
    called: &Process,
) -> Result<BTreeMap<String, String>> {
    let steps = called.all_steps();
    let asked: BTreeSet<String> = steps
        .iter()
        .flat_map(|step| &step.evidence)
        .filter_map(Field::of)
        .map(|field| field.key)
        .collect();
    let (first, later): (Vec<_>, Vec<_>) =
        state.values.iter().partition(|(key, _)| asked.contains(*key));
    let given = runs::inputs(tx, run).await?;
    let words = given.into_iter().filter(|given| given.value().is_none());
    let words = words.filter_map(|given| Some((given.name?, given.value)));
    let value = |(key, value): (&String, &gemba_engine::Value)| (key.clone(), value.value.clone());
    let every = first.into_iter().map(value).chain(words).chain(later.into_iter().map(value));
    Ok(every.take(MOST_INPUTS).collect())
}

/// Tells the step that waits for a run that it has ended, and what it brought.
async fn answer(
    app: &App,
    tx: &mut dyn Tx,
    caller: &Caller,
    child: RunId,
    state: &Run,
) -> Result<()> {
    let Some((row, step)) = waiting(tx, caller, child).await? else { return Ok(()) };
    let told = if state.status == Status::Completed {
        let above = frozen(app, tx, &row.revision).await?;
        let fields = above.plan.step(&step).into_iter().flat_map(|step| &step.evidence);
        let asked: BTreeSet<String> = fields.filter_map(Field::of).map(|field| field.key).collect();
        let mut values: Vec<Given> = state
            .values
            .iter()
            .map(|(key, value)| Given {
                kind: value.kind,
                value: value.value.clone(),
                name: Some(key.clone()),
            })
            .collect();
        let ended_as = state.outcome.as_ref().map(|outcome| Given {
            kind: EvidenceKind::Choice,
            value: outcome.clone(),
            name: Some(OUTCOME.to_owned()),
        });
        values.extend(ended_as.filter(|_| asked.contains(OUTCOME)));
        let is_asked = |given: &&Given| {
            given.name.as_deref().is_some_and(|name| asked.contains(&field::key(name)))
        };
        let evidence = values.iter().filter(is_asked).cloned().collect();
        let with = Completion { evidence, ..Completion::default() };
        let outcome = state.outcome.clone();
        Call::Returned { run: child, outcome, values, with }
    } else {
        let reason = ended_because(tx, child).await?;
        Call::Ended { run: child, reason }
    };
    act(app, tx, &Who::system(), caller.run, Command::Call(told)).await?;
    Ok(())
}

async fn ended_because(tx: &mut dyn Tx, run: RunId) -> Result<String> {
    let row = tx.run(run).await?.ok_or_else(|| Error::not_found("run", run))?;
    let last = runs::history(tx, run, (row.n_events - 1).max(0), 1).await?;
    Ok(match last.into_iter().next().map(|line| line.event) {
        Some(Event::RunCancelled { reason, .. }) => reason,
        _ => String::new(),
    })
}

/// The run that called this one and the step that waits for it, while it does.
async fn waiting(
    tx: &mut dyn Tx,
    caller: &Caller,
    child: RunId,
) -> Result<Option<(RunRow, StepId)>> {
    let Some(row) = tx.run(caller.run).await? else { return Ok(None) };
    let state = state_of(&row)?;
    let step = state.open.into_iter().find(|open| open.child == Some(child)).map(|open| open.step);
    Ok(step.map(|step| (row, step)))
}

/// Whoever answers for the calling process hears that the output of a called run was returned.
async fn tell_returned(
    app: &App,
    tx: &mut dyn Tx,
    caller: &Caller,
    child: RunId,
    reason: String,
) -> Result<()> {
    if let Some((row, step)) = waiting(tx, caller, child).await? {
        let trouble = Trouble::CallReturned { run: child, reason };
        let about = Some((caller.item, step));
        incidents::open(app, tx, (row.process, row.id), about, trouble).await?;
    }
    Ok(())
}

/// The process that a step means: by its name in addresses, by the name of its file, by its title.
async fn resolve(tx: &mut dyn Tx, to: &str) -> Result<Option<ProcessRecord>> {
    let path = to.split(['#', '?']).next().unwrap_or_default().trim();
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let stem = [".md", ".markdown"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    for slug in [stem.to_lowercase(), path.to_lowercase()] {
        match find(tx, &slug).await {
            Ok(found) => return Ok(Some(found.value)),
            Err(Error::NotFound { .. }) => {}
            Err(other) => return Err(other),
        }
    }
    let titled = |record: &ProcessRecord| record.summary().title.eq_ignore_ascii_case(path);
    let records = all::<ProcessRecord>(tx).await?;
    Ok(records.into_iter().map(|found| found.value).find(titled))
}

/// Refuses a text whose every run would call itself, directly or by way of other processes.
pub(crate) async fn require_end(
    app: &App,
    tx: &mut dyn Tx,
    record: &ProcessRecord,
    process: &Process,
) -> Result<()> {
    let mut looked_at = BTreeSet::new();
    let mut to_look_at: VecDeque<(Vec<String>, Vec<Procedure>)> =
        [(vec![process.title.clone()], surely_called(process))].into();
    while let Some((path, calls)) = to_look_at.pop_front() {
        for procedure in calls {
            let Some(called) = resolve(tx, &procedure.to).await? else { continue };
            let mut path = path.clone();
            path.push(called.summary().title.clone());
            if called.id == record.id {
                return Err(Error::CallsItself { path });
            }
            let unseen = looked_at.len() < MOST_LOOKED_AT && looked_at.insert(called.id);
            if let Some(in_force) = called.published.filter(|_| unseen && called.retired.is_none())
            {
                let next = frozen(app, tx, &in_force.revision).await?;
                to_look_at.push_back((path, surely_called(&next.revision.compiled)));
            }
        }
    }
    Ok(())
}

/// The procedures that every run of a process calls, whichever way it takes.
fn surely_called(process: &Process) -> Vec<Procedure> {
    let ways: Vec<Vec<Next>> = (0..process.steps.len())
        .map(|index| flow::routes(process, index).all().into_iter().map(|(to, _)| to).collect())
        .collect();
    let calls = process.steps.iter().enumerate().filter(|(index, _)| cannot_avoid(&ways, *index));
    let procedure = |(_, step): (usize, &Step)| {
        let calls = matches!(step.kind, StepKind::Call | StepKind::Decision);
        step.procedure.clone().filter(|_| calls && step.approval.is_none())
    };
    calls.filter_map(procedure).collect()
}

/// Whether no way from the first step to the end passes by a step.
fn cannot_avoid(ways: &[Vec<Next>], step: usize) -> bool {
    let mut seen = vec![false; ways.len()];
    let mut open = vec![0];
    while let Some(index) = open.pop() {
        match seen.get_mut(index) {
            Some(mark) if !*mark && index != step => *mark = true,
            _ => continue,
        }
        for next in ways.get(index).into_iter().flatten() {
            match next {
                Next::Step(next) => open.push(*next),
                Next::End => return false,
            }
        }
    }
    true
}

/// A run as another one links to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunLink {
    /// The run.
    pub id: RunId,
    /// Its number within the process.
    pub number: i64,
    /// What it is about.
    pub title: String,
    /// The process: slug and title.
    pub process: (String, String),
}

/// A run as another one links to it.
pub(crate) async fn link(app: &App, tx: &mut dyn Tx, id: RunId) -> Result<RunLink> {
    let row = tx.run(id).await?.ok_or_else(|| Error::not_found("run", id))?;
    let slug = processes::of_id(tx, row.process).await?.value.slug;
    let title = frozen(app, tx, &row.revision).await?.revision.compiled.title.clone();
    let about = state_of(&row)?.title;
    Ok(RunLink { id, number: row.number, title: about, process: (slug, title) })
}
