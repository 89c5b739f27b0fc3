//! The past, played in order: what the agenda says, what the schedules start, and step after step of
//! every run, each done by whoever holds its seat.

use crate::{
    agenda::{self, Agenda, Fate, Task},
    cast::{Actor, Cast},
    clock::SetClock,
    company::Past,
    company::{Company, LeftOpen, Pace, SOPS, Standing, Starter, Story},
    dice::Dice,
    hours, path,
    words::Place,
};
use gemba_app::{
    App, Error, Result, Who, files, measurables,
    processes::{self, File},
    publishing::{self, Publication},
    records::ReviewOutcome,
    reviews, runs, triggers, work,
};
use gemba_engine::{Completion, Given, Rejection, Run};
use gemba_model::{
    Branch, Evidence, EvidenceKind, Next, Process, Step, StepId, acceptance,
    field::{Field, Shape},
    flow,
    id::{RunId, WorkItemId},
    role::Role,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How late the loops notice that a schedule came due.
const LATE: SignedDuration = SignedDuration::from_secs(1);
/// The minutes that work lies before a person takes it up, before the patience of the seat.
const LIES: [u32; 2] = [8, 130];
/// The seconds that an agent needs to notice its work.
const NOTICES: [u32; 2] = [3, 40];
/// One in so many steps of people is taken before it is done.
const TAKES: u32 = 9;
/// How often values are drawn until they decide what was planned.
const TRIES: u32 = 60;
/// How many different files are left at a step.
const VARIANTS: u32 = 3;
/// After so many steps per step of the document a run goes straight to its end.
const PATIENCE: usize = 2;

/// A run under way.
#[derive(Debug)]
struct Live {
    slug: String,
    id: RunId,
    number: u32,
    process: Arc<Process>,
    dice: Dice,
    fate: Fate,
    n_done: usize,
    step: StepId,
    item: Option<WorkItemId>,
    opened: Timestamp,
    /// No step of it is done after this.
    limit: Timestamp,
}

/// The stage on which the past is played.
#[derive(Debug)]
pub(crate) struct Stage<'a> {
    pub(crate) app: &'a App,
    pub(crate) clock: &'a SetClock,
    pub(crate) zone: &'a TimeZone,
    pub(crate) now: Timestamp,
    pub(crate) company: &'a Company,
    pub(crate) past: &'a Past,
    pub(crate) cast: &'a Cast,
    /// The slugs that the scorecard gave the measurables.
    pub(crate) measurables: Vec<String>,
}

#[derive(Debug, Default)]
struct Played {
    agenda: Agenda,
    live: Vec<Live>,
    imported: Vec<String>,
    in_force: BTreeMap<String, Arc<Process>>,
    fired: BTreeMap<String, u32>,
    known: Vec<RunId>,
    files: BTreeMap<String, String>,
    due: Option<Timestamp>,
}

impl Stage<'_> {
    /// Plays everything up to now.
    pub(crate) async fn play(&self, agenda: Agenda) -> Result<()> {
        let mut played = Played { agenda, ..Played::default() };
        loop {
            let task = played.agenda.next_at().filter(|at| *at <= self.now);
            let due = played.due.filter(|at| *at <= self.now);
            match (task, due) {
                (None, None) => return Ok(()),
                (task, Some(due)) if task.is_none_or(|at| due <= at) => {
                    self.fire(&mut played, due).await?;
                }
                (_, _) => {
                    if let Some((at, task)) = played.agenda.pop() {
                        self.clock.reach(at);
                        self.perform(&mut played, task).await?;
                    }
                }
            }
        }
    }

    async fn perform(&self, played: &mut Played, task: Task) -> Result<()> {
        match task {
            Task::Import => {
                let all = SOPS.iter().map(|(slug, _)| *slug);
                let missing: Vec<&str> =
                    all.filter(|slug| !played.imported.iter().any(|known| known == slug)).collect();
                self.import(played, &missing).await
            }
            Task::Publish { slug } => self.publish(played, &slug).await,
            Task::Revise { slug } => self.revise(played, &slug).await,
            Task::Review { slug } => {
                let owner = self.owner(played, &slug)?;
                let note = "Read against the latest runs: the work is done as written.";
                let outcome = ReviewOutcome::StillRight;
                reviews::record(self.app, &owner.who, &slug, outcome, note).await
            }
            Task::Push { measurable, week } => self.push(measurable, week).await,
            Task::Start { slug, number, fate } => self.start(played, slug, number, fate).await,
            Task::Take { run } => self.take(played, run).await,
            Task::Finish { run } => self.finish(played, run).await,
            Task::Cancel { run } => self.cancel(played, run).await,
        }
    }

    // Documents

    fn story(&self, slug: &str) -> Option<&Story> {
        self.past.processes.get(slug)
    }

    /// The text of an SOP; the first one, where it was another.
    fn text(&self, slug: &str, is_first: bool) -> String {
        let text = SOPS.iter().find(|(name, _)| *name == slug).map(|(_, text)| *text);
        let text = text.unwrap_or_default();
        match self.story(slug).and_then(|story| story.first_trigger.as_deref()) {
            Some(first) if is_first => with_trigger(text, first),
            _ => text.to_owned(),
        }
    }

    async fn import(&self, played: &mut Played, slugs: &[&str]) -> Result<()> {
        let file = |slug: &&str| File {
            name: format!("{slug}.md"),
            bytes: self.text(slug, true).into_bytes(),
        };
        let files = slugs.iter().map(file).collect();
        processes::import(self.app, &self.cast.operations, files).await?;
        played.imported.extend(slugs.iter().map(|slug| (*slug).to_owned()));
        Ok(())
    }

    fn owner(&self, played: &Played, slug: &str) -> Result<&Actor> {
        let process = known(&played.in_force, slug)?;
        self.cast.seat(process.owner.named().unwrap_or_default())
    }

    fn standing(&self, slug: &str) -> Option<&Standing> {
        self.company.processes.iter().find(|p| p.slug == slug)
    }

    /// Puts a process in force: by its owner where that may be, or else by the operations lead, and the
    /// owner verifies it.
    async fn publish(&self, played: &mut Played, slug: &str) -> Result<()> {
        if !played.imported.iter().any(|known| known == slug) {
            self.import(played, &[slug]).await?;
        }
        let operations = &self.cast.operations;
        let view = processes::get(self.app, operations, slug).await?;
        played.in_force.insert(slug.to_owned(), Arc::new(view.process));
        let owner = self.owner(played, slug)?.clone();
        let is_verified = self.standing(slug).is_some_and(|p| p.verified);
        let may_publish = !owner.is_agent && owner.who.role >= Role::Manager;
        let by = if is_verified && may_publish { &owner.who } else { operations };
        let with = Publication::noted("First revision.");
        publishing::publish(self.app, by, slug, with).await?;
        if is_verified && by != &owner.who {
            publishing::verify(self.app, &owner.who, slug, None).await?;
        }
        played.due = triggers::next_due(self.app).await?;
        Ok(())
    }

    async fn revise(&self, played: &mut Played, slug: &str) -> Result<()> {
        let operations = &self.cast.operations;
        let draft = processes::draft(self.app, operations, slug).await?;
        let text = self.text(slug, false);
        processes::save_draft(self.app, operations, slug, text, draft.version).await?;
        let with = Publication::noted("It is started by the calendar from now on.");
        publishing::publish(self.app, operations, slug, with).await?;
        played.due = triggers::next_due(self.app).await?;
        Ok(())
    }

    async fn push(&self, measurable: usize, week: usize) -> Result<()> {
        let entry = self.company.measurables.get(measurable);
        let Some((entry, slug)) = entry.zip(self.measurables.get(measurable)) else {
            return Ok(());
        };
        let Some(value) = entry.values.get(week).copied().flatten() else { return Ok(()) };
        let monday = agenda::monday(self.zone, self.now, entry.values.len() - 1 - week)?;
        let period = measurables::period(monday.iso_week_date());
        let who = &self.cast.seat(&entry.seat)?.who;
        measurables::push(self.app, who, slug, value, Some(&period)).await?;
        Ok(())
    }

    // Runs

    /// The schedules that are due start their runs.
    async fn fire(&self, played: &mut Played, due: Timestamp) -> Result<()> {
        self.clock.reach((due + LATE).min(self.now));
        let handled = triggers::fire_due(self.app, 100).await?;
        played.due = triggers::next_due(self.app).await?;
        // Newest first; one that began in the same millisecond may stand among them.
        let limit = u32::try_from(handled + 2).unwrap_or(u32::MAX);
        let listing = runs::Listing { limit, ..runs::Listing::default() };
        let mut begun = runs::list(self.app, &self.cast.operations, listing).await?;
        begun.retain(|row| !played.known.contains(&row.id));
        for row in begun {
            let slug = row.process.0;
            let nth = played.fired.entry(slug.clone()).or_default();
            let number = *nth;
            *nth += 1;
            let fate = self.fate_of_occurrence(&slug, number).await?;
            self.begin(played, slug, row.id, number, fate)?;
        }
        Ok(())
    }

    /// The last runs of a schedule before now are the ones that are still under way.
    async fn fate_of_occurrence(&self, slug: &str, number: u32) -> Result<Fate> {
        let Some((pace, story)) = self.company.history.get(slug).zip(self.story(slug)) else {
            return Ok(Fate::Finish);
        };
        let open = story.open.len();
        if open > 0 && self.app.now() >= self.near_the_end(slug, pace) {
            let view = processes::get(self.app, &self.cast.operations, slug).await?;
            let to_come = view.triggers.iter().flat_map(|t| &t.next).filter(|at| **at <= self.now);
            if let Some(place) = open.checked_sub(to_come.count() + 1) {
                return Ok(Fate::Leave { place });
            }
        }
        let closed = pace.runs.saturating_sub(pace.open_runs);
        Ok(agenda::fate(self.past, slug, number, closed))
    }

    /// From here on it is worth asking how many occurrences are still to come.
    fn near_the_end(&self, slug: &str, pace: &Pace) -> Timestamp {
        let hours = i64::from(self.company.weeks_of(slug)) * 7 * 24 / i64::from(pace.runs.max(1));
        let window = hours * i64::from(pace.open_runs + 1) + 3 * 24;
        self.now.saturating_sub(SignedDuration::from_hours(window)).unwrap_or(self.now)
    }

    async fn start(
        &self,
        played: &mut Played,
        slug: String,
        number: u32,
        fate: Fate,
    ) -> Result<()> {
        let mut dice = Dice::of(&slug, number + 1_000);
        let process = known(&played.in_force, &slug)?;
        let story = self.story(&slug);
        let who = match story.map(|s| s.started_by).unwrap_or_default() {
            Starter::FirstSeat => {
                let doer = process.steps.first().and_then(|step| process.doer(step));
                &self.cast.seat(doer.unwrap_or_default())?.who
            }
            Starter::Anybody => dice.pick(&self.cast.people).unwrap_or(&self.cast.operations),
        };
        let title = story.and_then(|s| {
            let n = u32::try_from(s.titles.len()).ok().filter(|n| *n > 0)?;
            s.titles.get(usize::try_from(number % n).ok()?)
        });
        let place = Place { past: self.past, slug: &slug, number };
        let title = place.filled(title.map_or("", String::as_str), &who.name, &mut dice);
        let id = runs::start(self.app, who, &slug, &title).await?;
        self.begin(played, slug, id, number, fate)
    }

    fn begin(
        &self,
        played: &mut Played,
        slug: String,
        id: RunId,
        number: u32,
        fate: Fate,
    ) -> Result<()> {
        let process = Arc::clone(known(&played.in_force, &slug)?);
        let Some(first) = process.steps.first() else { return Ok(()) };
        let mut dice = Dice::of(&slug, number + 2_000);
        let opened = self.app.now();
        let so_far = self.now.duration_since(opened);
        let limit = match &fate {
            // The step at which it stands has waited for a while.
            Fate::Leave { .. } => {
                let waits = so_far.mul_f64(f64::from(dice.between([10, 35])) / 100.0);
                self.now.saturating_sub(waits).unwrap_or(self.now)
            }
            Fate::Finish | Fate::Cancel { .. } => self.now,
        };
        let step = first.id.clone();
        played.known.push(id);
        if played.known.len() > 16 {
            played.known.remove(0);
        }
        let live = Live {
            slug,
            id,
            number,
            process,
            dice,
            fate,
            n_done: 0,
            step,
            item: None,
            opened,
            limit,
        };
        let at = played.live.len();
        played.live.push(live);
        self.look_ahead(played, at)
    }

    fn place(&self, live: &Live) -> Option<(usize, &LeftOpen)> {
        let Fate::Leave { place } = live.fate else { return None };
        let open = self.story(&live.slug)?.open.get(place)?;
        let at = live.process.steps.iter().position(|step| step.id.as_str() == open.at)?;
        Some((at, open))
    }

    /// A step has opened: plans who does what about it, and when.
    fn look_ahead(&self, played: &mut Played, run: usize) -> Result<()> {
        let Some(live) = played.live.get_mut(run) else { return Ok(()) };
        let at = path::index(&live.process, &live.step);
        let actor = self.actor(&live.process, &live.step)?;
        let (taken, done) = self.times(live, actor);
        if let Some((place, open)) = self.place(live)
            && place == at
        {
            if open.claimed {
                let taken = squeezed(live.opened, taken, self.now);
                played.agenda.add(taken, Task::Take { run });
            }
            return Ok(());
        }
        let is_cancelled = match &live.fate {
            Fate::Cancel { after, .. } => live.n_done >= usize::try_from(*after).unwrap_or(0),
            Fate::Finish | Fate::Leave { .. } => false,
        };
        if is_cancelled {
            played.agenda.add(squeezed(live.opened, taken, live.limit), Task::Cancel { run });
            return Ok(());
        }
        let finish = squeezed(live.opened, done, live.limit);
        if finish == done && !actor.is_agent && live.item.is_some() && live.dice.one_in(TAKES) {
            played.agenda.add(taken, Task::Take { run });
        }
        played.agenda.add(finish, Task::Finish { run });
        Ok(())
    }

    /// When the open step would be taken up, and done, in the ordinary course of things.
    fn times(&self, live: &mut Live, actor: &Actor) -> (Timestamp, Timestamp) {
        let step = live.step.as_str();
        let pace = self.company.history.get(&live.slug);
        let works = pace.and_then(|p| p.minutes.get(step)).copied().unwrap_or([5, 20]);
        let works = live.dice.between(works);
        let days = self.story(&live.slug).and_then(|s| s.days_before.get(step)).copied();
        let days = days.map_or(0, |days| live.dice.between(days));
        if actor.is_agent {
            let from = hours_later(self.zone, live.opened, days);
            let seconds = live.dice.between(NOTICES);
            let taken = from + SignedDuration::from_secs(i64::from(seconds));
            let works = SignedDuration::from_secs(i64::from(works * 60 - live.dice.below(45)));
            return (taken, taken + works);
        }
        let lies = live.dice.between(LIES) * actor.patience / 100;
        let second = SignedDuration::from_secs(i64::from(live.dice.below(60)));
        let taken = hours::after(self.zone, live.opened, days * hours::DAY + lies) + second;
        (taken, hours::after(self.zone, taken, works))
    }

    /// Who does a step or a part; the output is accepted by the owner.
    fn actor(&self, process: &Process, step: &StepId) -> Result<&Actor> {
        let handed = flow::handed_out(process).into_iter().find(|(known, _)| known.id == *step);
        // What stands in no document says itself whose it is.
        let asked = process.asked(step).and_then(|step| step.seat);
        let doer = match &handed {
            Some((_, doer)) => *doer,
            None => asked.as_ref().map(|seat| seat.name.as_str()),
        };
        self.cast.seat(doer.unwrap_or_default())
    }

    async fn take(&self, played: &mut Played, run: usize) -> Result<()> {
        let Some(live) = played.live.get_mut(run) else { return Ok(()) };
        let Some(item) = live.item else { return Ok(()) };
        let who = &self.actor(&live.process, &live.step)?.who;
        work::claim(self.app, who, item).await
    }

    async fn finish(&self, played: &mut Played, run: usize) -> Result<()> {
        let Some(live) = played.live.get_mut(run) else { return Ok(()) };
        let process = Arc::clone(&live.process);
        let at = path::index(&process, &live.step);
        let Some(mut step) = process.asked(&live.step) else { return Ok(()) };
        // Parts that are handed out are done by themselves.
        if flow::parts(&process, &step).is_some() {
            step.steps.clear();
        }
        let weights = self.company.history.get(&live.slug);
        let weights = weights.and_then(|pace| pace.branch_weights.get(step.id.as_str()));
        let tired = live.n_done > process.steps.len() * PATIENCE;
        let goal = match self.place(live) {
            Some((place, _)) => Some(Next::Step(place)),
            None => tired.then_some(Next::End),
        };
        let is_whole = process.steps.get(at).is_some_and(|whole| whole.id == step.id);
        let accepting = acceptance::of(&process).filter(|act| act.step.id == step.id);
        let branch = match accepting {
            Some(act) => act.branches.into_iter().next(),
            None if is_whole => path::branch(&process, at, weights, goal, &mut live.dice),
            None => None,
        };
        let who = &self.actor(&process, &step.id)?.who;
        let mut tries = 0;
        let done = loop {
            let files = &mut played.files;
            let mut with = self.completion(live, files, who, &step, branch.clone()).await?;
            // Where values decide, others are tried until they decide what was planned.
            if tries == TRIES {
                with.branch = None;
            }
            match work::complete_step(self.app, who, live.id, step.id.clone(), with).await {
                Err(Error::Rejected(Rejection::ValuesDecide { .. })) if tries < TRIES => tries += 1,
                other => break other?,
            }
        };
        live.n_done += 1;
        self.go_on(played, run, &done.state)
    }

    fn go_on(&self, played: &mut Played, run: usize, state: &Run) -> Result<()> {
        let Some(live) = played.live.get_mut(run) else { return Ok(()) };
        let Some(open) = state.open.first() else { return Ok(()) };
        live.step = open.step.clone();
        live.item = Some(open.item);
        live.opened = open.since;
        self.look_ahead(played, run)
    }

    async fn completion(
        &self,
        live: &mut Live,
        kept: &mut BTreeMap<String, String>,
        who: &Who,
        step: &Step,
        branch: Option<Branch>,
    ) -> Result<Completion> {
        let place = Place { past: self.past, slug: &live.slug, number: live.number };
        let dice = &mut live.dice;
        let mut evidence = Vec::new();
        for asked in step.walk().iter().flat_map(|s| &s.evidence) {
            let (value, name) = match asked.kind {
                EvidenceKind::Text => (place.left(step, branch.as_ref(), &asked.text, dice), None),
                EvidenceKind::Link => (place.link(step), None),
                EvidenceKind::Number | EvidenceKind::Date | EvidenceKind::Choice => {
                    (value(asked, dice).unwrap_or_default(), None)
                }
                EvidenceKind::File => {
                    let name = format!("{}-{}.txt", step.id, dice.below(VARIANTS) + 1);
                    let key = format!("{}/{name}", live.slug);
                    let digest = if let Some(digest) = kept.get(&key) {
                        digest.clone()
                    } else {
                        let text =
                            format!("{}\n\n{key}, a file of the sample company.\n", asked.text);
                        files::put(self.app, who, &name, text.as_bytes()).await?.digest
                    };
                    kept.insert(key, digest.clone());
                    (digest, Some(name))
                }
            };
            evidence.push(Given { kind: asked.kind, value, name });
        }
        let told = branch.as_ref().filter(|branch| branch.id != acceptance::ACCEPT);
        let reason = told.map(|branch| place.because(step, branch, dice));
        let note = place.note(dice);
        Ok(Completion {
            branch: branch.map(|b| b.id),
            reason,
            note,
            evidence,
            token: None,
            shown: None,
        })
    }

    async fn cancel(&self, played: &Played, run: usize) -> Result<()> {
        let Some(live) = played.live.get(run) else { return Ok(()) };
        let Fate::Cancel { reason, .. } = &live.fate else { return Ok(()) };
        let owner = self.owner(played, &live.slug)?;
        let may = !owner.is_agent && owner.who.role >= Role::Manager;
        let who = if may { &owner.who } else { &self.cast.operations };
        runs::cancel(self.app, who, live.id, reason).await
    }
}

fn known<'a>(in_force: &'a BTreeMap<String, Arc<Process>>, slug: &str) -> Result<&'a Arc<Process>> {
    in_force.get(slug).ok_or_else(|| Error::NotPublished { slug: slug.to_owned() })
}

/// An agent waits for days only where the step says so, and then till a working day.
fn hours_later(zone: &TimeZone, from: Timestamp, days: u32) -> Timestamp {
    if days == 0 { from } else { hours::after(zone, from, days * hours::DAY) }
}

/// The time, or one well before the limit where the time would pass it.
fn squeezed(opened: Timestamp, wanted: Timestamp, limit: Timestamp) -> Timestamp {
    if wanted <= limit {
        return wanted;
    }
    let room = limit.duration_since(opened).max(SignedDuration::ZERO);
    opened.saturating_add(room / 6).unwrap_or(opened)
}

/// The text with another trigger in its front matter.
fn with_trigger(text: &str, trigger: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if let Some(line) = lines.iter_mut().find(|line| line.starts_with("trigger:")) {
        *line = format!("trigger: {trigger}");
    }
    lines.join("\n") + "\n"
}

/// A value as it is asked for: within its limits, or one of its words.
fn value(asked: &Evidence, dice: &mut Dice) -> Option<String> {
    let field = Field::of(asked)?;
    Some(match &field.shape {
        Shape::Number { limits, .. } => {
            let tries = (0..VARIANTS).map(|_| dice.between([0, 2_500]).to_string());
            let limit =
                limits.first().map_or_else(|| "1".to_owned(), |(_, limit)| limit.to_string());
            tries.filter(|number| field.fit(number).is_ok()).last().unwrap_or(limit)
        }
        Shape::Date => "2026-03-31".to_owned(),
        Shape::Choice(words) => dice.pick(words)?.clone(),
    })
}
