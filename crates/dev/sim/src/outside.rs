//! What comes in from outside beside messages (numbers, forms, what is asked for afterwards), and what is
//! told outside; with the laws of both.
//!
//! A number that crosses its limit starts one occurrence, and the next when it has been back: replayed from
//! the log of what was pushed. What was asked for afterwards is there as often as it was promised. Each
//! thing that happened in a run is one piece of news, none lost and none twice, and it is carried out at
//! least once and never more often than it was claimed.

use crate::{
    laws::SeenRun,
    world::{Answer, World},
};
use gemba_app::{App, Error, Who, inlets, inlets::SourceInput, outbox, triggers};
use gemba_engine::Event;
use gemba_model::{
    Overlap,
    id::{DeliveryId, RunId, TriggerId},
};
use gemba_store::{DeliveryFilter, DeliveryState, OccurrenceKind, OccurrenceRow, Tx};
use gemba_testkit::Postbox;
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};

const ALL: u32 = 100_000;
/// The limit of every threshold, and where a number must come back to.
const LIMIT: f64 = 80.0;
const BACK: f64 = 70.0;
/// What is told outside, of all that happens in runs.
const TOLD: [&str; 5] =
    ["run.started", "run.completed", "run.cancelled", "step.completed", "step.skipped"];

/// What happened: its kind, the run and the work item.
type Happened = (String, String, Option<String>);

/// What is known of the ways in and out.
#[derive(Debug, Default)]
pub(crate) struct Outside {
    /// The thresholds that there are.
    pub(crate) thresholds: BTreeSet<TriggerId>,
    /// Whether somebody wants to hear of what happens.
    pub(crate) tells: bool,
    /// What was told, by the row that tells it.
    told: BTreeMap<Happened, DeliveryId>,
    known: BTreeSet<DeliveryId>,
    /// How many pieces of news are to be carried out still.
    pub(crate) left: usize,
    /// How often the receiver had no time.
    turned_away: u32,
    /// How often each piece of news was carried out, by its id.
    pub(crate) carried: BTreeMap<String, i64>,
}

/// What a process has beside its schedule.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ways {
    /// A threshold that takes numbers.
    pub(crate) threshold: Option<TriggerId>,
    /// The secret of the link to a form.
    pub(crate) form: Option<String>,
}

impl Ways {
    /// Makes both for a process.
    pub(crate) async fn made(
        app: &App,
        slug: &str,
        overlap: Overlap,
    ) -> Result<(Self, Vec<TriggerId>), Error> {
        let operator = Who::operator();
        let source = SourceInput::Threshold {
            measurable: None,
            side: gemba_app::records::Side::Above,
            limit: LIMIT,
            rearm: Some(BACK),
        };
        let input = inlets::InletInput { name: "Heat".to_owned(), overlap, source };
        let threshold = inlets::create(app, &operator, slug, input).await?;
        let question =
            gemba_app::records::Question { label: "What is it?".to_owned(), required: true };
        let source = SourceInput::Request { words: String::new(), questions: vec![question] };
        let input = inlets::InletInput { name: "Ask".to_owned(), overlap, source };
        let form = inlets::create(app, &operator, slug, input).await?;
        let ids = vec![threshold.id, form.id];
        Ok((Self { threshold: Some(threshold.id), form: form.secret }, ids))
    }
}

/// Lets somebody outside hear of what happens.
pub(crate) async fn listen(app: &App) -> Result<(), Error> {
    let input = outbox::ChannelInput {
        name: "Ledger".to_owned(),
        target: outbox::TargetInput::Webhook { url: "https://ledger.example/gemba".to_owned() },
        kinds: TOLD.iter().map(|kind| (*kind).to_owned()).collect(),
        process: None,
    };
    outbox::create(app, &Who::operator(), input).await.map(|_| ())
}

impl World {
    /// A number is pushed.
    pub(crate) fn push(&mut self) {
        let ids: Vec<_> = self.processes.iter().filter_map(|one| one.ways.threshold).collect();
        let Some(id) = self.dice.pick(&ids).copied() else { return };
        let value = self.dice.pick(&[60.0, 70.0, 75.0, 80.0, 81.0, 95.0]).copied().unwrap_or(0.0);
        let who = self.company.manager.clone();
        let request = Self::request(move |app| {
            let who = who.clone();
            async move { Answer::of(inlets::push(&app, &who, id, value).await) }
        });
        self.send(&format!("the number {value}"), None, &request);
    }

    /// A guest sends a form.
    pub(crate) fn ask(&mut self) {
        let links: Vec<_> = self.processes.iter().filter_map(|one| one.ways.form.clone()).collect();
        let Some(link) = self.dice.pick(&links).cloned() else { return };
        let mark = self.mark("form");
        let answer = vec![mark.clone()];
        let request = Self::request(move |app| {
            let (link, answer) = (link.clone(), answer.clone());
            async move { Answer::of(inlets::guest(&app, &link, &answer).await) }
        });
        self.send(&mark.clone(), Some((&mark, false)), &request);
    }

    /// Somebody asks for what was never written of the last days.
    pub(crate) fn backfill(&mut self) {
        let ids: Vec<_> = self.processes.iter().filter_map(|process| process.schedule).collect();
        let Some(id) = self.dice.pick(&ids).copied() else { return };
        let (who, reason) = (self.company.manager.clone(), self.mark("backfill"));
        let days = self.dice.between(1, 5);
        let name = reason.clone();
        let request = Self::request(move |app| {
            let (who, reason) = (who.clone(), reason.clone());
            async move {
                let (to, back) = (app.now(), SignedDuration::from_hours(24 * days));
                let asked = async {
                    let seen = triggers::preview_backfill(&app, &who, id, to - back, to).await?;
                    let n = seen.n_new();
                    triggers::backfill(&app, &who, id, to - back, to, &reason, n).await
                };
                Answer::of(asked.await)
            }
        });
        self.send(&name, None, &request);
    }

    /// A node carries out what is due.
    pub(crate) fn carry(&mut self) {
        // Fewer times in all than after which one is given up.
        if self.laws.outside.turned_away < 5 && self.dice.permille(300) {
            self.laws.outside.turned_away += 1;
            self.postbox.answer(503);
        }
        let request = Self::request(move |app| async move {
            // Few of one channel are sent at a time.
            for _ in 0..40 {
                let claimed = match outbox::claim_due(&app, 10).await {
                    Ok(claimed) if claimed.is_empty() => break,
                    Ok(claimed) => claimed,
                    Err(error) => return Answer::of::<()>(Err(error)),
                };
                for one in claimed {
                    let sent = outbox::send(&app, one).await;
                    if sent.is_err() {
                        return Answer::of(sent);
                    }
                }
            }
            Answer::Done
        });
        self.send("the news", None, &request);
    }
}

impl Outside {
    /// Counts what came to the one who wants to hear.
    pub(crate) fn came(&mut self, postbox: &Postbox) {
        for post in postbox.posts() {
            let id = post.headers.into_iter().find(|(name, _)| *name == "webhook-id");
            *self.carried.entry(id.map(|(_, id)| id).unwrap_or_default()).or_default() += 1;
        }
    }

    /// What must hold after each commit.
    pub(crate) async fn look(
        &mut self,
        tx: &mut dyn Tx,
        runs: &BTreeMap<RunId, SeenRun>,
        occurrences: &[OccurrenceRow],
    ) -> Result<(), String> {
        self.crossings(tx, occurrences).await?;
        afterwards(tx, occurrences).await?;
        if self.tells { self.news(tx, runs).await } else { Ok(()) }
    }

    /// One crossing, one occurrence.
    async fn crossings(
        &self,
        tx: &mut dyn Tx,
        occurrences: &[OccurrenceRow],
    ) -> Result<(), String> {
        for id in &self.thresholds {
            let mut lines = log(tx, &id.to_string()).await?;
            lines.retain(|(action, _)| action == "trigger.pushed");
            let (mut armed, mut crossed) = (true, 0);
            for (_, detail) in &lines {
                let value: f64 = serde_json::from_str(detail).map_err(|e| e.to_string())?;
                if armed && value > LIMIT {
                    (armed, crossed) = (false, crossed + 1);
                } else if value <= BACK {
                    armed = true;
                }
            }
            let of_it =
                |row: &&OccurrenceRow| row.trigger == *id && row.kind == OccurrenceKind::Threshold;
            let n = occurrences.iter().filter(of_it).count();
            if n != crossed {
                return Err(format!("the limit was crossed {crossed} times and counted {n}"));
            }
        }
        Ok(())
    }

    /// What happened in runs is told, each once.
    async fn news(
        &mut self,
        tx: &mut dyn Tx,
        runs: &BTreeMap<RunId, SeenRun>,
    ) -> Result<(), String> {
        let filter = DeliveryFilter { channel: None, state: None, before: None, limit: ALL };
        self.left = 0;
        for row in tx.deliveries(&filter).await.map_err(|e| e.to_string())? {
            self.left += usize::from(row.state == DeliveryState::Waiting);
            let body: serde_json::Value =
                serde_json::from_str(&row.body).map_err(|e| e.to_string())?;
            let word = |pointer: &str| body.pointer(pointer).and_then(|v| v.as_str());
            let id = word("/news/id").unwrap_or_default();
            let carried = self.carried.get(id).copied().unwrap_or(0);
            if carried > row.tries {
                return Err(format!("{id} was claimed {} times, carried {carried}", row.tries));
            }
            if row.state == DeliveryState::Sent && carried == 0 {
                return Err(format!("{id} is said to be sent, and nobody heard of it"));
            }
            if self.known.insert(row.id) {
                let run = word("/news/run/id").unwrap_or_default().to_owned();
                let item = word("/news/work_item").map(str::to_owned);
                let what = (word("/news/kind").unwrap_or_default().to_owned(), run, item);
                if self.told.insert(what.clone(), row.id).is_some() {
                    return Err(format!("{what:?} is told twice"));
                }
            }
        }
        let mut n = 0;
        for (run, seen) in runs {
            for event in &seen.events {
                let Some((kind, item)) = told(event) else { continue };
                n += 1;
                let what = (kind.to_owned(), run.to_string(), item);
                if !self.told.contains_key(&what) {
                    return Err(format!("{what:?} happened and is not told"));
                }
            }
        }
        if n == self.told.len() {
            Ok(())
        } else {
            Err(format!("{n} things happened, and {} are told", self.told.len()))
        }
    }

    /// What must hold in the end: nothing is left to be carried out, and all was heard of.
    pub(crate) async fn at_last(&self, tx: &mut dyn Tx) -> Result<(), String> {
        let filter = DeliveryFilter { channel: None, state: None, before: None, limit: ALL };
        let rows = tx.deliveries(&filter).await.map_err(|e| e.to_string())?;
        let left = rows.iter().filter(|row| row.state != DeliveryState::Sent).count();
        if left == 0 { Ok(()) } else { Err(format!("{left} pieces of news are never sent")) }
    }
}

/// How an event is told, where it is.
fn told(event: &Event) -> Option<(&'static str, Option<String>)> {
    match event {
        Event::RunStarted { .. } => Some(("run.started", None)),
        Event::RunCompleted { .. } => Some(("run.completed", None)),
        Event::RunCancelled { .. } => Some(("run.cancelled", None)),
        Event::StepCompleted { item, .. } => Some(("step.completed", Some(item.to_string()))),
        Event::StepSkipped { item, .. } => Some(("step.skipped", Some(item.to_string()))),
        _ => None,
    }
}

/// The log of something, earliest first: what was done, and the words on it.
async fn log(tx: &mut dyn Tx, subject: &str) -> Result<Vec<(String, String)>, String> {
    let mut rows = tx.audit(Some(subject), 0, ALL).await.map_err(|e| e.to_string())?;
    rows.sort_by_key(|row| row.seq);
    Ok(rows.into_iter().map(|row| (row.entry.action, row.entry.detail)).collect())
}

/// What was asked for afterwards is there, each once: as many as the one who asked was told.
async fn afterwards(tx: &mut dyn Tx, occurrences: &[OccurrenceRow]) -> Result<(), String> {
    let mut there: BTreeMap<TriggerId, usize> = BTreeMap::new();
    for row in occurrences.iter().filter(|row| row.kind == OccurrenceKind::Backfill) {
        *there.entry(row.trigger).or_default() += 1;
    }
    let all: BTreeSet<TriggerId> = occurrences.iter().map(|row| row.trigger).collect();
    for id in all {
        let mut promised = 0;
        for (action, detail) in log(tx, &id.to_string()).await? {
            if action == "trigger.backfilled" {
                let said: (String, String, usize, String) =
                    serde_json::from_str(&detail).map_err(|e| e.to_string())?;
                promised += said.2;
            }
        }
        let n = there.get(&id).copied().unwrap_or(0);
        if n != promised {
            return Err(format!("{promised} were asked for afterwards, and {n} are there"));
        }
    }
    Ok(())
}
