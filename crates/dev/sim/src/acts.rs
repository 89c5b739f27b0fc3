//! What people, agents, other programs and the loops do in a simulation.

use crate::{
    world::{Answer, Request, World},
    written::Parts,
};
use gemba_app::{
    App, Who, incidents, inlets,
    inlets::message::Letter,
    processes, publishing, runs,
    signing::{Secret, Signed},
    triggers, upkeep, work,
};
use gemba_engine::{Completion, Given, Status};
use gemba_model::{
    EvidenceKind,
    id::{RunId, WorkItemId},
};
use gemba_store::OccurrenceState;
use jiff::SignedDuration;
use std::sync::Arc;

/// An open work item, as the simulation knows it.
struct Place {
    run: RunId,
    item: WorkItemId,
    step: String,
    seat: gemba_model::id::SeatId,
    token: u32,
    waits: bool,
    /// Whether another run does it.
    called: bool,
    claimed: bool,
}

impl World {
    /// Something happens.
    pub(crate) fn act(&mut self) {
        match self.dice.below(100) {
            0..12 => self.start(),
            12..52 => self.complete(),
            52..60 => self.claim(),
            60..63 => self.release(),
            63..67 => self.skip(),
            67..71 => self.reassign(),
            71..73 => self.cancel(),
            73..76 => self.message(),
            76..78 => self.ask(),
            78..81 => self.push(),
            81..82 => self.backfill(),
            82..86 => self.carry(),
            86..91 => self.loops(),
            91..94 => self.publish_again(),
            94..96 => self.decide(),
            96..98 => self.allow(),
            _ => self.pause(),
        }
    }

    /// Time goes by, most often a little.
    pub(crate) fn time(&mut self) {
        let most = match self.dice.below(10) {
            0..6 => 120,
            6..9 => 7_200,
            _ => 200_000,
        };
        let time = SignedDuration::from_secs(self.dice.between(1, most));
        self.pass(time);
        if self.dice.permille(40) {
            self.jump();
        }
    }

    pub(crate) fn request<F, W>(act: F) -> Request
    where
        F: Fn(App) -> W + 'static,
        W: Future<Output = Answer> + 'static,
    {
        Arc::new(move |app| Box::pin(act(app)))
    }

    fn places(&self) -> Vec<Place> {
        let goes_on = |status| matches!(status, Status::Running | Status::Ending);
        let running = self.laws.runs.iter().filter(|(_, r)| goes_on(r.state.status));
        running
            .flat_map(|(run, seen)| {
                seen.state.open.iter().map(|open| Place {
                    run: *run,
                    item: open.item,
                    step: open.step.to_string(),
                    seat: open.seat,
                    token: open.token,
                    waits: open.until.is_some(),
                    called: open.child.is_some(),
                    claimed: open.claim.is_some(),
                })
            })
            .collect()
    }

    fn place(&mut self) -> Option<Place> {
        let mut places = self.places();
        let at = self.dice.below(places.len());
        (at < places.len()).then(|| places.swap_remove(at))
    }

    /// Most often the one whose work it is.
    fn someone(&mut self, place: &Place) -> Who {
        let own = self.company.doers.iter().find(|(seat, _)| *seat == place.seat);
        let own = own.map(|(_, who)| who.clone());
        match self.dice.below(20) {
            0 => None,
            1 => self.dice.pick(&self.company.doers).map(|(_, who)| who.clone()),
            _ => own,
        }
        .unwrap_or_else(|| self.company.manager.clone())
    }

    fn start(&mut self) {
        let Some(process) = self.dice.pick(&self.processes).cloned() else { return };
        let (mark, who) = (self.mark("start"), self.company.manager.clone());
        let (slug, title) = (process.slug, mark.clone());
        let request = Self::request(move |app| {
            let (who, slug, title) = (who.clone(), slug.clone(), title.clone());
            async move { Answer::of(runs::start(&app, &who, &slug, &title).await) }
        });
        self.send(&mark.clone(), Some((&mark, false)), &request);
    }

    /// What a step asks for, with a branch.
    fn completion(&mut self, place: &Place, calm: bool) -> Completion {
        let Some(seen) = self.laws.runs.get(&place.run) else { return Completion::default() };
        let course = &seen.course;
        let mut with = Completion { reason: Some("so it is".to_owned()), ..Completion::default() };
        if place.step.starts_with("accept-output") {
            let back = course.written().steps.first().map(|step| format!("return-{}", step.id));
            let accept = calm || self.dice.permille(700);
            with.branch = if accept { Some("accept".to_owned()) } else { back };
            return with;
        }
        let Some((_, step)) = course.written().holding(&place.step) else { return with };
        let votes = matches!(step.parts, Some((Parts::Votes { .. }, _)));
        if step.id != place.step && !votes {
            return with;
        }
        if step.proof {
            let (kind, value) = (EvidenceKind::Text, "seen".to_owned());
            with.evidence.push(Given { kind, value, name: None });
        }
        let words: Vec<&str> = step.ways.iter().map(|(words, _)| words.as_str()).collect();
        let last = words.last().copied().unwrap_or_default();
        let said = if calm { last } else { self.dice.pick(&words).copied().unwrap_or_default() };
        with.branch = course.branch(&step.id, said);
        with
    }

    fn complete(&mut self) {
        let Some(place) = self.place() else { return self.start() };
        let (who, mark) = (self.someone(&place), self.mark("done"));
        let mut with = self.completion(&place, false);
        with.note = Some(mark.clone());
        // Some give the fencing token of the claim they know of, some of one before, some no proof.
        match self.dice.below(10) {
            0 => with.token = Some(place.token),
            1 => with.token = Some(place.token.saturating_sub(1)),
            2 => with.evidence.clear(),
            _ => {}
        }
        let item = place.item;
        let name = format!("{mark}: {} by {}", place.step, who.name);
        let request = Self::request(move |app| {
            let (who, with) = (who.clone(), with.clone());
            async move { Answer::of(work::complete(&app, &who, item, with).await) }
        });
        self.send(&name, Some((&mark, true)), &request);
    }

    fn claim(&mut self) {
        let Some(place) = self.place() else { return };
        let who = self.someone(&place);
        self.claim_as(who, &place);
    }

    fn claim_as(&mut self, who: Who, place: &Place) {
        let (item, name) = (place.item, format!("claim {} by {}", place.step, who.name));
        let request = Self::request(move |app| {
            let who = who.clone();
            async move { Answer::of(work::claim(&app, &who, item).await) }
        });
        self.send(&name, None, &request);
    }

    fn release(&mut self) {
        let Some(place) = self.place() else { return };
        let who = self.someone(&place);
        self.release_as(who, &place);
    }

    fn release_as(&mut self, who: Who, place: &Place) {
        let (item, name) = (place.item, format!("release {} by {}", place.step, who.name));
        let request = Self::request(move |app| {
            let who = who.clone();
            async move { Answer::of(work::release(&app, &who, item).await) }
        });
        self.send(&name, None, &request);
    }

    fn skip(&mut self) {
        let Some(place) = self.place() else { return };
        let who = if self.dice.permille(500) { self.owner() } else { self.someone(&place) };
        let (mark, branch) = (self.mark("skip"), self.completion(&place, false).branch);
        let (item, name) = (place.item, format!("{mark}: {} by {}", place.step, who.name));
        let reason = mark.clone();
        let request = Self::request(move |app| {
            let (who, branch, reason) = (who.clone(), branch.clone(), reason.clone());
            async move { Answer::of(work::skip(&app, &who, item, branch, &reason).await) }
        });
        self.send(&name, Some((&mark, true)), &request);
    }

    fn reassign(&mut self) {
        let Some(place) = self.place() else { return };
        let who = self.someone(&place);
        let Some(to) = self.dice.pick(&crate::written::SEATS).copied() else { return };
        let (item, name) = (place.item, format!("{} to {to} by {}", place.step, who.name));
        let request = Self::request(move |app| {
            let who = who.clone();
            async move { Answer::of(work::reassign(&app, &who, item, to, "away").await) }
        });
        self.send(&name, None, &request);
    }

    fn cancel(&mut self) {
        let Some(place) = self.place() else { return };
        let (mark, who) = (self.mark("cancel"), self.company.manager.clone());
        let (run, reason) = (place.run, mark.clone());
        let request = Self::request(move |app| {
            let (who, reason) = (who.clone(), reason.clone());
            async move { Answer::of(runs::cancel(&app, &who, run, &reason).await) }
        });
        self.send(&mark.clone(), Some((&mark, true)), &request);
    }

    /// The runs that stand still.
    fn held(&self) -> Vec<RunId> {
        let held = self.laws.runs.iter().filter(|(_, run)| run.state.held.is_some());
        held.map(|(id, _)| *id).collect()
    }

    /// Somebody lets a run that stands still go round once more.
    fn allow(&mut self) {
        let held = self.held();
        let Some(run) = self.dice.pick(&held).copied() else { return };
        let who = if self.dice.permille(300) {
            self.dice.pick(&self.company.doers).map(|(_, who)| who.clone())
        } else {
            None
        };
        let who = who.unwrap_or_else(|| self.company.manager.clone());
        self.allow_as(who, run);
    }

    fn allow_as(&mut self, who: Who, run: RunId) {
        let request = Self::request(move |app| {
            let who = who.clone();
            async move { Answer::of(runs::allow_round(&app, &who, run, "once more").await) }
        });
        self.send("one more round", None, &request);
    }

    /// A signed message from outside.
    fn message(&mut self) {
        let with_inlet: Vec<_> =
            self.processes.iter().filter_map(|process| process.inlet.clone()).collect();
        let Some((inlet, secret)) = self.dice.pick(&with_inlet).cloned() else { return };
        let mark = self.mark("message");
        let id = mark.trim_start_matches("message ").to_owned();
        let body = br#"{"type":"order","n":1}"#.to_vec();
        let Ok(secret) = serde_json::from_value::<Secret>(secret.into()) else { return };
        let at = self.now.as_second();
        let signature = secret.sign(&id, at, &body).unwrap_or_default();
        let signed = Signed { id: id.clone(), timestamp: at.to_string(), signature };
        let content_type = "application/json".to_owned();
        let letter = Letter { content_type, id, body, ..Letter::default() };
        let request = Self::request(move |app| {
            let (signed, letter) = (signed.clone(), letter.clone());
            async move { Answer::of(inlets::receive(&app, inlet, &signed, &letter).await) }
        });
        self.send(&mark.clone(), Some((&mark, true)), &request);
    }

    /// What the loops of a node do.
    fn loops(&mut self) {
        let request = Self::request(move |app| async move {
            let woken = runs::wake_due(&app, 100).await;
            let fired = triggers::fire_due(&app, 100).await;
            let handed = incidents::hand_up_due(&app).await;
            let swept = upkeep::sweep(&app).await;
            [Answer::of(woken), Answer::of(fired), Answer::of(handed), Answer::of(swept)]
                .into_iter()
                .find(|answer| *answer != Answer::Done)
                .unwrap_or(Answer::Done)
        });
        self.send("the loops", None, &request);
    }

    /// The document changes while runs go on.
    fn publish_again(&mut self) {
        let Some(process) = self.dice.pick(&self.processes).cloned() else { return };
        let text = self.rewrite(&process);
        let (who, slug) = (Who::operator(), process.slug);
        let request = Self::request(move |app| {
            let (who, slug, text) = (who.clone(), slug.clone(), text.clone());
            async move {
                Answer::of(
                    async {
                        let draft = processes::draft(&app, &who, &slug).await?;
                        processes::save_draft(&app, &who, &slug, text, draft.version).await?;
                        let with = publishing::Publication::noted("another way");
                        publishing::publish(&app, &who, &slug, with).await
                    }
                    .await,
                )
            }
        });
        self.send("another revision", None, &request);
    }

    /// Somebody answers an occurrence that asks.
    fn decide(&mut self) {
        let asked: Vec<_> = self
            .laws
            .occurrences
            .iter()
            .filter(|row| row.state == OccurrenceState::Asked)
            .map(|row| (row.trigger, row.due))
            .collect();
        let Some((trigger, due)) = self.dice.pick(&asked).copied() else { return };
        let (who, yes) = (self.company.manager.clone(), self.dice.permille(600));
        let request = Self::request(move |app| {
            let who = who.clone();
            async move { Answer::of(triggers::decide(&app, &who, trigger, due, yes).await) }
        });
        self.send("an answer to what asks", None, &request);
    }

    fn pause(&mut self) {
        let ids: Vec<_> = self.processes.iter().filter_map(|process| process.schedule).collect();
        let Some(id) = self.dice.pick(&ids).copied() else { return };
        let (who, pause) = (self.company.manager.clone(), self.dice.permille(500));
        let request = Self::request(move |app| {
            let who = who.clone();
            async move {
                if pause {
                    Answer::of(triggers::pause(&app, &who, id, "a holiday").await)
                } else {
                    Answer::of(triggers::resume(&app, &who, id).await)
                }
            }
        });
        self.send(if pause { "pause" } else { "resume" }, None, &request);
    }

    /// No more faults and no more pauses: everybody does their work until nothing is left.
    pub(crate) fn finish(&mut self) -> Result<(), String> {
        self.calm()?;
        let ids: Vec<_> = self.processes.iter().filter_map(|process| process.schedule).collect();
        for id in ids {
            let who = self.company.manager.clone();
            let request = Self::request(move |app| {
                let who = who.clone();
                async move { Answer::of(triggers::resume(&app, &who, id).await) }
            });
            self.send("resume", None, &request);
        }
        self.calm()?;
        for round in 0..MOST_ROUNDS {
            self.loops();
            self.calm()?;
            self.carry();
            self.calm()?;
            if let Some(run) = self.held().first().copied() {
                let manager = self.company.manager.clone();
                self.allow_as(manager, run);
                self.calm()?;
                continue;
            }
            let mut places = self.places();
            places.retain(|place| !place.called);
            let Some(place) = places.iter().find(|p| !p.waits).or(places.first()) else {
                if self.n_waiting() == 0 && self.laws.outside.left == 0 {
                    return self.at_last();
                }
                // What was not taken outside is sent again after a while.
                self.pass(SignedDuration::from_mins(20));
                continue;
            };
            if place.waits {
                self.pass(SignedDuration::from_hours(3));
                continue;
            }
            let manager = self.company.manager.clone();
            if place.claimed {
                self.release_as(manager.clone(), place);
                self.calm()?;
            }
            // Each of several approvals is another person's, so the manager does not do all.
            let own = self.company.doers.iter().find(|(seat, _)| *seat == place.seat);
            let own = own.map(|(_, who)| who.clone()).filter(|_| round % 3 != 0);
            let who = own.unwrap_or(manager);
            // Whoever had it and lost it takes it again before they finish it.
            self.claim_as(who.clone(), place);
            self.calm()?;
            let with = self.completion(place, true);
            let (item, name) = (place.item, format!("the rest: {}", place.step));
            let request = Self::request(move |app| {
                let (who, with) = (who.clone(), with.clone());
                async move { Answer::of(work::complete(&app, &who, item, with).await) }
            });
            self.send(&name, None, &request);
            self.calm()?;
            self.pass(SignedDuration::from_secs(1));
        }
        self.at_last()
    }

    fn n_waiting(&self) -> usize {
        let waits = |state| state == OccurrenceState::Waiting;
        self.laws.occurrences.iter().filter(|row| waits(row.state)).count()
    }
}

/// How many steps the rest of all runs takes at most.
const MOST_ROUNDS: usize = 3_000;
