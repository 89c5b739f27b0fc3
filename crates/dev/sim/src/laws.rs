//! The laws: what must hold of the store after every commit, whatever happened before.

use crate::{
    company::Company,
    course::{Course, Labels},
    now::at_once,
    outside::Outside,
    written::Written,
};
use gemba_app::records::{Revision, TriggerRecord};
use gemba_engine::{Event, Origin, Run, Status};
use gemba_model::{
    Overlap, Routes, flow,
    id::{OccurrenceKey, RunId, TriggerId},
};
use gemba_schedule::WorkCalendar;
use gemba_store::{
    ItemFilter, ItemState, Mode, OccurrenceFilter, OccurrenceKind, OccurrenceRow, OccurrenceState,
    RunFilter, RunRow, RunState, Store, Tx, all, load,
};
use jiff::{Timestamp, tz::TimeZone};
use std::{collections::BTreeMap, sync::Arc};

const ALL: u32 = 100_000;

/// What was asked for under one mark, and what the askers were told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// Whether it can happen once at most, however often it is delivered.
    pub(crate) once: bool,
    /// How often it was delivered.
    pub(crate) sent: u32,
    /// How often "done" came back.
    pub(crate) acknowledged: u32,
    /// How often it was refused.
    pub(crate) refused: u32,
}

/// A run as it was seen last.
#[derive(Debug)]
pub(crate) struct SeenRun {
    bodies: Vec<String>,
    pub(crate) events: Vec<Event>,
    pub(crate) state: Run,
    pub(crate) course: Course,
    origin: Option<Origin>,
}

/// What is known of the store, and of what was asked of it.
#[derive(Debug, Default)]
pub(crate) struct Laws {
    /// The processes by their texts.
    pub(crate) written: BTreeMap<String, Arc<Written>>,
    pub(crate) runs: BTreeMap<RunId, SeenRun>,
    /// What was asked, by its mark.
    pub(crate) asked: BTreeMap<String, Asked>,
    /// How often each mark was found in a history.
    found: BTreeMap<String, u32>,
    revisions: BTreeMap<String, (Arc<Written>, Arc<Labels>)>,
    pub(crate) occurrences: Vec<OccurrenceRow>,
    pub(crate) overlaps: BTreeMap<TriggerId, Overlap>,
    /// What comes in and goes out.
    pub(crate) outside: Outside,
    pub(crate) n_looks: u64,
}

impl Laws {
    /// Looks at everything that changed; says which law is broken.
    pub(crate) fn look(&mut self, store: &dyn Store, company: &Company) -> Result<(), String> {
        self.n_looks += 1;
        at_once(self.looked(store, company))?
    }

    async fn looked(&mut self, store: &dyn Store, company: &Company) -> Result<(), String> {
        let mut tx = store.begin(Mode::Read).await.map_err(|e| told(&e))?;
        let filter = RunFilter { limit: ALL, ..RunFilter::default() };
        let rows = tx.runs(&filter).await.map_err(|e| told(&e))?;
        if rows.len() < self.runs.len() {
            return Err("a run is gone".to_owned());
        }
        for row in &rows {
            let n = self.runs.get(&row.id).map_or(0, |seen| seen.bodies.len());
            if usize::try_from(row.n_events) != Ok(n) {
                self.run(&mut *tx, company, row)
                    .await
                    .map_err(|broken| format!("run #{} ({}): {broken}", row.number, row.id))?;
            }
        }
        self.calls()?;
        self.marks()?;
        self.triggers(&mut *tx, &rows).await?;
        self.outside.look(&mut *tx, &self.runs, &self.occurrences).await
    }

    async fn run(
        &mut self,
        tx: &mut dyn Tx,
        company: &Company,
        row: &RunRow,
    ) -> Result<(), String> {
        let events = tx.events(row.id, 0, ALL).await.map_err(|e| told(&e))?;
        if !events.iter().zip(1..).all(|(event, n)| event.seq == n) {
            return Err("its history has a gap".to_owned());
        }
        if i64::try_from(events.len()) != Ok(row.n_events) {
            return Err(format!("{} events, and it says {}", events.len(), row.n_events));
        }
        let mut seen = if let Some(seen) = self.runs.remove(&row.id) {
            seen
        } else {
            let (written, labels) = self.revision(tx, &row.revision).await?;
            let course = Course::new(written, labels);
            SeenRun {
                bodies: Vec::new(),
                events: Vec::new(),
                state: Run::default(),
                course,
                origin: None,
            }
        };
        let known = seen.bodies.len();
        if events.iter().zip(&seen.bodies).any(|(event, body)| event.body != *body) {
            return Err("what had happened was changed".to_owned());
        }
        for row in events.iter().skip(known) {
            let event: Event = serde_json::from_str(&row.body).map_err(|e| e.to_string())?;
            seen.course.take(&event, company)?;
            // A run that was cleaned up is ended for the reason that began it.
            let said = seen.state.ending.as_ref().map(|ending| &ending.reason);
            if !matches!(&event, Event::RunCancelled { reason, .. } if Some(reason) == said) {
                self.note(&event);
            }
            if let Event::RunStarted { origin, .. } = &event {
                seen.origin = Some(origin.clone());
            }
            seen.state = seen.state.apply(&event);
            seen.bodies.push(row.body.clone());
            seen.events.push(event);
        }
        seen.course.settled()?;
        let kept: Run = serde_json::from_str(&row.body).map_err(|e| e.to_string())?;
        if kept != seen.state {
            return Err(format!("its state is not that of its events: {kept:?}"));
        }
        let (state, wake) = match seen.state.status {
            Status::New | Status::Running | Status::Ending => {
                (RunState::Running, seen.state.wake())
            }
            Status::Completed => (RunState::Completed, None),
            Status::Cancelled => (RunState::Cancelled, None),
        };
        if (row.state, row.wake, row.ended) != (state, wake, seen.state.ended) {
            return Err(format!("its row says {:?}, {:?}, {:?}", row.state, row.wake, row.ended));
        }
        items(tx, row.id, &seen.course).await?;
        self.runs.insert(row.id, seen);
        Ok(())
    }

    /// What a revision was written to mean, and the names of its branches.
    async fn revision(
        &mut self,
        tx: &mut dyn Tx,
        hash: &str,
    ) -> Result<(Arc<Written>, Arc<Labels>), String> {
        if let Some((written, labels)) = self.revisions.get(hash) {
            return Ok((Arc::clone(written), Arc::clone(labels)));
        }
        let found = load::<Revision>(tx, hash).await.map_err(|e| told(&e))?;
        let revision = found.ok_or("its revision is gone")?.value;
        let written = self.written.get(&revision.source).ok_or("a text that nobody wrote")?;
        let process = &revision.compiled;
        let mut labels = Labels::new();
        for (index, step) in process.steps.iter().enumerate() {
            if let Routes::Branches(branches) = flow::routes(process, index) {
                for branch in branches {
                    labels.insert((step.id.to_string(), branch.id), branch.label);
                }
            }
        }
        let known = (Arc::clone(written), Arc::new(labels));
        self.revisions.insert(hash.to_owned(), (Arc::clone(&known.0), Arc::clone(&known.1)));
        Ok(known)
    }

    fn note(&mut self, event: &Event) {
        let mark = match event {
            // A called run has the title of the one that called it.
            Event::RunStarted { title, origin, .. } => {
                Some(title).filter(|_| !matches!(origin, Origin::Call(_)))
            }
            Event::StepCompleted { note, .. } => note.as_ref(),
            Event::StepSkipped { reason, .. }
            | Event::RunEnding { reason, .. }
            | Event::RunCancelled { reason, .. } => Some(reason),
            Event::StepOpened { .. }
            | Event::StepDivided { .. }
            | Event::StepJoined { .. }
            | Event::StepWithdrawn { .. }
            | Event::RunMoved { .. }
            | Event::RunCalled { .. }
            | Event::CallNotMade { .. }
            | Event::CallReturned { .. }
            | Event::CallEnded { .. }
            | Event::RoundBegun { .. }
            | Event::RoundHeld { .. }
            | Event::RoundAllowed { .. }
            | Event::OutcomeReached { .. }
            | Event::DeadlinePassed { .. }
            | Event::ClaimLapsed { .. }
            | Event::SignalRaised { .. }
            | Event::StepClaimed { .. }
            | Event::LeaseExtended { .. }
            | Event::StepReassigned { .. }
            | Event::StepDelegated { .. }
            | Event::DelegationEnded { .. }
            | Event::StepDeferred { .. }
            | Event::PriorityChanged { .. }
            | Event::ReminderDue { .. }
            | Event::DeadlineSet { .. }
            | Event::ApprovalExpired { .. }
            | Event::StepReleased { .. }
            | Event::RunCompleted { .. } => None,
        };
        if let Some(mark) = mark {
            *self.found.entry(mark.clone()).or_default() += 1;
        }
    }

    /// A called run goes on exactly while a step waits for it.
    fn calls(&self) -> Result<(), String> {
        for (id, seen) in &self.runs {
            for open in &seen.state.open {
                let Some(child) = open.child else { continue };
                let called = self.runs.get(&child).ok_or("a called run is gone")?;
                let by = called.state.called_by.as_ref().map(|caller| (caller.run, caller.item));
                let goes_on = matches!(called.state.status, Status::Running | Status::Ending);
                if !goes_on || by != Some((*id, open.item)) {
                    return Err(format!(
                        "{} waits for run {child}, which is not its own",
                        open.step
                    ));
                }
            }
            let Some(caller) = &seen.state.called_by else { continue };
            let above = self.runs.get(&caller.run).ok_or("the calling run is gone")?;
            let waits = above.state.open.iter().any(|open| open.child == Some(*id));
            // What is cleaned up is waited for where it was ended by itself, and not where its caller was.
            if seen.state.status != Status::Ending
                && waits != (seen.state.status == Status::Running)
            {
                return Err(format!("run {id} is called, and waited for is {waits}"));
            }
        }
        Ok(())
    }

    /// What was acknowledged has happened and stays; nothing happened more often than it was asked for;
    /// what was refused has not happened.
    fn marks(&self) -> Result<(), String> {
        for (mark, asked) in &self.asked {
            let found = match mark.split_once(' ') {
                Some(("message", id)) => self.caused_by(id),
                Some(("form", _)) => self.asked_by(mark),
                _ => self.found.get(mark).copied().unwrap_or(0),
            };
            let at_least = if asked.once { asked.acknowledged.min(1) } else { asked.acknowledged };
            let at_most = asked.sent - asked.refused;
            let at_most = if asked.once { at_most.min(1) } else { at_most };
            if found < at_least {
                return Err(format!("{mark} was acknowledged and is lost ({asked:?})"));
            }
            if found > at_most {
                return Err(format!("{mark} happened {found} times ({asked:?})"));
            }
        }
        Ok(())
    }

    fn caused_by(&self, message: &str) -> u32 {
        let is_its = |row: &&OccurrenceRow| {
            row.cause.as_deref().and_then(|c| c.split('\n').nth(1)) == Some(message)
        };
        u32::try_from(self.occurrences.iter().filter(is_its).count()).unwrap_or(u32::MAX)
    }

    fn asked_by(&self, form: &str) -> u32 {
        let answer = format!("\"{form}\"");
        let is_its = |row: &&OccurrenceRow| {
            row.kind == OccurrenceKind::Request
                && row.detail.as_ref().is_some_and(|detail| detail.contains(&answer))
        };
        u32::try_from(self.occurrences.iter().filter(is_its).count()).unwrap_or(u32::MAX)
    }

    /// Each occurrence has one run or says why it has none, and each run of a trigger its occurrence.
    async fn triggers(&mut self, tx: &mut dyn Tx, rows: &[RunRow]) -> Result<(), String> {
        let filter = OccurrenceFilter { limit: ALL, earliest_first: true, ..Default::default() };
        self.occurrences = tx.occurrences(&filter).await.map_err(|e| told(&e))?;
        let mut started: BTreeMap<(TriggerId, i64), RunId> = BTreeMap::new();
        let mut waiting: BTreeMap<TriggerId, usize> = BTreeMap::new();
        for row in &self.occurrences {
            let at = (row.trigger, row.due.as_microsecond());
            match (row.state, row.run) {
                (OccurrenceState::Started, Some(run)) => {
                    if started.insert(at, run).is_some() {
                        return Err(format!("the occurrence of {} is there twice", row.due));
                    }
                }
                (OccurrenceState::Skipped, None) if row.reason.is_none() => {
                    return Err(format!("nobody knows why {} started no run", row.due));
                }
                // What was asked for afterwards waits beside what may wait.
                (OccurrenceState::Waiting, None) => {
                    let counts = row.kind != OccurrenceKind::Backfill;
                    *waiting.entry(row.trigger).or_default() += usize::from(counts);
                }
                (
                    OccurrenceState::Planned | OccurrenceState::Asked | OccurrenceState::Skipped,
                    None,
                ) => {}
                (state, run) => return Err(format!("{}: {state:?} with {run:?}", row.due)),
            }
        }
        let running: Vec<RunId> =
            rows.iter().filter(|r| r.state == RunState::Running).map(|r| r.id).collect();
        let mut busy: BTreeMap<TriggerId, u32> = BTreeMap::new();
        let mut n_caused = 0;
        for (id, seen) in &self.runs {
            let occurrence = seen.origin.as_ref().and_then(Origin::occurrence);
            let Some(OccurrenceKey { trigger, due_us }) = occurrence else { continue };
            n_caused += 1;
            if started.get(&(trigger, due_us)) != Some(id) {
                return Err(format!(
                    "run {id} was started by an occurrence that knows nothing of it"
                ));
            }
            // What was ended for the next one is cleaned up beside it.
            let gives_way = self.overlaps.get(&trigger) == Some(&Overlap::CancelOther)
                && seen.state.status == Status::Ending;
            if running.contains(id) && !gives_way {
                *busy.entry(trigger).or_default() += 1;
            }
        }
        if n_caused != started.len() {
            return Err("an occurrence says that it started a run, and there is none".to_owned());
        }
        for (trigger, overlap) in &self.overlaps {
            let n = busy.get(trigger).copied().unwrap_or(0);
            if *overlap != Overlap::AllowAll && n > 1 {
                return Err(format!("{n} runs of one trigger at a time under {}", overlap.word()));
            }
            let n = waiting.get(trigger).copied().unwrap_or(0);
            if *overlap == Overlap::BufferOne && n > 1 {
                return Err(format!("{n} occurrences wait where one may"));
            }
        }
        Ok(())
    }

    /// What must hold in the end, when there were no faults for a while and all work was done.
    pub(crate) fn at_last(&self, store: &dyn Store, now: Timestamp) -> Result<(), String> {
        let goes_on = |run: &SeenRun| matches!(run.state.status, Status::Running | Status::Ending);
        if let Some((id, seen)) = self.runs.iter().find(|(_, run)| goes_on(run)) {
            return Err(format!("run {id} never comes to its end: {:?}", seen.state.open));
        }
        for row in &self.occurrences {
            let left = match row.state {
                OccurrenceState::Planned => row.due <= now,
                OccurrenceState::Waiting => true,
                OccurrenceState::Asked | OccurrenceState::Started | OccurrenceState::Skipped => {
                    false
                }
            };
            if left {
                return Err(format!("the occurrence of {} is left {:?}", row.due, row.state));
            }
        }
        at_once(self.chains(store))??;
        at_once(async {
            let mut tx = store.begin(Mode::Read).await.map_err(|e| told(&e))?;
            self.outside.at_last(&mut *tx).await
        })?
    }

    /// Between the first and the last occurrence of a schedule none is missing.
    async fn chains(&self, store: &dyn Store) -> Result<(), String> {
        let calendar = WorkCalendar::usual(TimeZone::UTC);
        let mut tx = store.begin(Mode::Read).await.map_err(|e| told(&e))?;
        for trigger in all::<TriggerRecord>(&mut *tx).await.map_err(|e| told(&e))? {
            let trigger = trigger.value;
            let its_own = |row: &&OccurrenceRow| {
                // One that was asked for afterwards stands where the schedule would have put it.
                row.trigger == trigger.id
                    && matches!(row.kind, OccurrenceKind::Schedule | OccurrenceKind::Backfill)
            };
            let mut before: Option<Timestamp> = None;
            for row in self.occurrences.iter().filter(its_own) {
                let next = before.and_then(|before| {
                    gemba_schedule::next_after(&trigger.rule, before, &calendar)
                });
                if before.is_some() && next.as_ref().map(|next| next.at) != Some(row.due) {
                    let lost = next.map(|next| next.at);
                    return Err(format!("an occurrence is lost: {lost:?} before {}", row.due));
                }
                before = Some(row.due);
            }
        }
        Ok(())
    }
}

/// The work items of a run are those that its events tell of.
async fn items(tx: &mut dyn Tx, run: RunId, course: &Course) -> Result<(), String> {
    let filter = ItemFilter { run: Some(run), limit: ALL, ..ItemFilter::default() };
    let rows = tx.items(&filter).await.map_err(|e| told(&e))?;
    if rows.len() != course.items.len() {
        return Err(format!("{} work items instead of {}", rows.len(), course.items.len()));
    }
    for row in rows {
        let told = course.items.get(&row.id).ok_or("a work item from nowhere")?;
        let is_over = !ItemState::UNDONE.contains(&row.state);
        let same = row.state == told.state
            && row.step.as_str() == told.step
            && row.seat == told.seat
            && row.closed.is_some() == is_over;
        if !same {
            return Err(format!("work item {row:?} is not as its events tell: {told:?}"));
        }
    }
    Ok(())
}

fn told(error: &gemba_store::Error) -> String {
    format!("the store: {error}")
}
