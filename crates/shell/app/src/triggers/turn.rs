//! The turn of an occurrence: it starts its run, waits, or is accounted for.
//!
//! The one place where a trigger of any kind starts a run: the run, what became of the occurrence and
//! the line of the audit log are written in one transaction.

use crate::{
    App, Error, Result, Who, audit, processes,
    records::{Inlet, Pause, TriggerRecord},
    runs,
    workspace::its_zone,
};
use gemba_engine::{Command, Origin, Status};
use gemba_model::{
    Overlap,
    id::{OccurrenceKey, ProcessId, RunId, TriggerId},
};
use gemba_schedule::policy::{Turn, turn};
use gemba_store::{
    OccurrenceFilter, OccurrenceKind, OccurrenceRow, OccurrenceState, RunFilter, RunState, Tx, load,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The most runs of a process that are looked through for those of one trigger.
const RUNNING: u32 = 10_000;
/// The most occurrences of a trigger that are looked through.
const STARTED: u32 = 10_000;

/// What is known of a trigger of any kind when one of its occurrences has its turn.
#[derive(Debug, Clone)]
pub(crate) struct Armed {
    pub(crate) id: TriggerId,
    pub(crate) process: ProcessId,
    pub(crate) active: bool,
    pub(crate) overlap: Overlap,
    pub(crate) pauses: Vec<Pause>,
}

impl Armed {
    /// The trigger with this id.
    pub(crate) async fn load(tx: &mut dyn Tx, id: TriggerId) -> Result<Option<Self>> {
        if let Some(trigger) = load::<TriggerRecord>(tx, &id.to_string()).await? {
            return Ok(Some(Self::of(&trigger.value)));
        }
        let inlet = load::<Inlet>(tx, &id.to_string()).await?;
        Ok(inlet.map(|inlet| Self::of_inlet(&inlet.value)))
    }

    pub(crate) fn of_inlet(inlet: &Inlet) -> Self {
        Self {
            id: inlet.id,
            process: inlet.process,
            active: inlet.active,
            overlap: inlet.overlap,
            pauses: inlet.pauses.clone(),
        }
    }

    pub(crate) fn of(trigger: &TriggerRecord) -> Self {
        Self {
            id: trigger.id,
            process: trigger.process,
            active: trigger.active,
            overlap: trigger.policy.overlap,
            pauses: trigger.pauses.clone(),
        }
    }
}

/// What came with an occurrence: kept as its detail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// What the run shall be about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Who asked for it and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// What the run gets, by name. It comes from outside: data, never instructions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, String>,
    /// Where a message comes from, as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The id of a message at its source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What happened, as its sender calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_type: Option<String>,
    /// The SHA-256 of the whole message, under which it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

impl Brought {
    /// What came with an occurrence; nothing where it is not readable.
    pub fn of(row: &OccurrenceRow) -> Self {
        let detail = row.detail.as_deref().unwrap_or("{}");
        serde_json::from_str(detail).unwrap_or_default()
    }

    /// As the detail of an occurrence.
    pub(crate) fn detail(&self) -> Result<Option<String>> {
        let text = serde_json::to_string(self);
        Ok(Some(text.map_err(|e| gemba_store::Error::corrupt("detail of an occurrence", e))?))
    }
}

/// The runs that occurrences of this trigger started and that still go on, latest first. Where the next
/// run ends those before it, they give way at once: what is cleaned up is none of them.
pub(crate) async fn going_on(tx: &mut dyn Tx, armed: &Armed) -> Result<Vec<(RunId, i64)>> {
    let filter = RunFilter {
        process: Some(armed.process),
        state: Some(RunState::Running),
        limit: RUNNING,
        ..RunFilter::default()
    };
    let running = tx.runs(&filter).await?;
    if running.is_empty() {
        return Ok(Vec::new());
    }
    let filter = OccurrenceFilter {
        trigger: Some(armed.id),
        states: vec![OccurrenceState::Started],
        limit: STARTED,
        ..OccurrenceFilter::default()
    };
    let rows = tx.occurrences(&filter).await?;
    let started: BTreeSet<RunId> = rows.iter().filter_map(|row| row.run).collect();
    let mut found = Vec::new();
    for run in running.iter().filter(|run| started.contains(&run.id)) {
        let gives_way =
            armed.overlap == Overlap::CancelOther && runs::state_of(run)?.status == Status::Ending;
        found.extend((!gives_way).then_some((run.id, run.number)));
    }
    Ok(found)
}

/// The occurrences of a trigger that wait their turn, earliest first.
pub(crate) async fn waiting(tx: &mut dyn Tx, id: TriggerId) -> Result<Vec<OccurrenceRow>> {
    let filter = OccurrenceFilter {
        trigger: Some(id),
        states: vec![OccurrenceState::Waiting],
        earliest_first: true,
        limit: STARTED,
        ..OccurrenceFilter::default()
    };
    Ok(tx.occurrences(&filter).await?)
}

/// Gives an occurrence its turn under the overlap policy; what became of it comes back, not yet written.
/// `because` is what else there is to say about why it starts.
pub(crate) async fn take(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    armed: &Armed,
    row: OccurrenceRow,
    because: Option<String>,
) -> Result<OccurrenceRow> {
    if armed.overlap == Overlap::AllowAll {
        return start(app, tx, who, armed, row, because).await;
    }
    let others = going_on(tx, armed).await?;
    let n_waiting = waiting(tx, armed.id).await?.len();
    let asked_for = row.kind == OccurrenceKind::Backfill;
    let number = others.first().map_or(0, |(_, number)| *number);
    let still = format!("run #{number}, which this trigger started before, still goes on");
    let told = |state, reason: String| {
        Ok(OccurrenceRow { state, reason: Some(reason), handled: app.now(), ..row.clone() })
    };
    match turn(armed.overlap, !others.is_empty(), n_waiting, asked_for) {
        Turn::Start => start(app, tx, who, armed, row, because).await,
        Turn::Wait if others.is_empty() => told(
            OccurrenceState::Waiting,
            format!("It waits for its turn: {n_waiting} before it wait as well."),
        ),
        Turn::Wait => {
            told(OccurrenceState::Waiting, format!("It waits for its turn, because {still}."))
        }
        Turn::Skip => told(
            OccurrenceState::Skipped,
            format!("It started no run, because {still} and only one may at a time."),
        ),
        Turn::Full => told(
            OccurrenceState::Skipped,
            format!("It started no run, because {still} and another occurrence waits already."),
        ),
        Turn::EndOthers => {
            for (run, _) in &others {
                let reason = "The next occurrence of its trigger was due.".to_owned();
                runs::act(app, tx, who, *run, Command::Cancel { reason: reason.clone() }).await?;
                audit::write(app, tx, who, "run.cancelled", &run.to_string(), &reason).await?;
            }
            let ended = match others.len() {
                0 => None,
                1 => Some(format!("Run #{number}, which still went on, was ended for it.")),
                n => Some(format!("{n} runs that still went on were ended for it.")),
            };
            start(app, tx, who, armed, row, joined([because, ended])).await
        }
    }
}

/// Sentences one after the other; nothing where there is none.
fn joined(sentences: [Option<String>; 2]) -> Option<String> {
    let said: Vec<String> = sentences.into_iter().flatten().collect();
    Some(said.join(" ")).filter(|said| !said.is_empty())
}

/// Begins the run of an occurrence. A refusal is no error: it is what became of the occurrence.
pub(crate) async fn start(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    armed: &Armed,
    row: OccurrenceRow,
    because: Option<String>,
) -> Result<OccurrenceRow> {
    let process = processes::of_id(tx, armed.process).await?.value;
    let brought = Brought::of(&row);
    let occurrence = OccurrenceKey { trigger: armed.id, due_us: row.due.as_microsecond() };
    let title = match (brought.title, row.civil.split_once('T')) {
        (Some(title), _) => title,
        (None, Some((date, _))) => format!("{}, {date}", process.summary().title),
        (None, None) => String::new(),
    };
    let origin = match row.kind {
        OccurrenceKind::Schedule | OccurrenceKind::Backfill => Origin::Schedule { occurrence },
        OccurrenceKind::Event => Origin::Event { occurrence },
        OccurrenceKind::Threshold => Origin::Threshold { occurrence },
        OccurrenceKind::Request => Origin::Guest { occurrence },
    };
    let handled = app.now();
    match runs::begin_run(app, tx, &process, who.by(), origin, &title, &brought.inputs).await {
        Ok(run) => {
            let (state, run) = (OccurrenceState::Started, Some(run));
            let reason = joined([brought.because, because]);
            Ok(OccurrenceRow { state, run, reason, handled, ..row })
        }
        Err(
            refusal @ (Error::Rejected(_)
            | Error::NotPublished { .. }
            | Error::Retired { .. }
            | Error::UnboundSeats { .. }),
        ) => {
            let reason = Some(format!("The run was refused: {refusal}."));
            Ok(OccurrenceRow { state: OccurrenceState::Skipped, reason, handled, ..row })
        }
        Err(other) => Err(other),
    }
}

/// Gives something that happens now its turn: a row under the next instant that is free, and what became
/// of it. `None` where the cause was there before.
pub(crate) async fn happen(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    armed: &Armed,
    happening: Happening,
) -> Result<Option<OccurrenceRow>> {
    let Happening { kind, cause, brought, skip, because } = happening;
    let zone = its_zone(tx).await?;
    let now = app.now();
    let mut row = OccurrenceRow {
        trigger: armed.id,
        due: now,
        civil: zone.to_datetime(now).round(jiff::Unit::Second).unwrap_or_default().to_string(),
        kind,
        state: OccurrenceState::Planned,
        cause,
        run: None,
        reason: None,
        detail: brought.detail()?,
        handled: now,
    };
    if let Some(cause) = &row.cause
        && tx.caused(armed.id, cause).await?.is_some()
    {
        return Ok(None);
    }
    // Two in one microsecond are two occurrences.
    while !tx.put_occurrence(&row).await? {
        row.due += jiff::SignedDuration::from_micros(1);
    }
    let pause = Pause::at(&armed.pauses, now);
    let paused = pause.map(|p| format!("The trigger was paused by {}: {}", p.by, p.reason));
    let row = match paused.or(skip) {
        Some(reason) => {
            OccurrenceRow { state: OccurrenceState::Skipped, reason: Some(reason), ..row }
        }
        None => take(app, tx, who, armed, row, because).await?,
    };
    write(app, tx, who, &row).await?;
    Ok(Some(row))
}

/// Something that happens now.
#[derive(Debug)]
pub(crate) struct Happening {
    pub(crate) kind: OccurrenceKind,
    /// What it must not happen twice for.
    pub(crate) cause: Option<String>,
    pub(crate) brought: Brought,
    /// Why it starts no run, where that is known already.
    pub(crate) skip: Option<String>,
    /// What else there is to say where it starts one.
    pub(crate) because: Option<String>,
}

/// Writes what became of an occurrence, with its line of the audit log.
pub(crate) async fn write(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    row: &OccurrenceRow,
) -> Result<()> {
    tx.change_occurrence(row).await?;
    let subject = row.trigger.to_string();
    match row.state {
        OccurrenceState::Started => {
            audit::write(app, tx, who, "trigger.fired", &subject, &(row.due, row.run)).await
        }
        OccurrenceState::Planned
        | OccurrenceState::Waiting
        | OccurrenceState::Asked
        | OccurrenceState::Skipped => {
            let detail = (row.due, row.state.word(), &row.reason);
            audit::write(app, tx, who, "trigger.held", &subject, &detail).await
        }
    }
}
