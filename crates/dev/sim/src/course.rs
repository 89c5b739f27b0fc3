//! The course of one run, judged event by event by what its process was written to mean: a second
//! reading of order, parts, claims and seats that shares no code with the engine's.

use crate::{
    company::Company,
    written::{Goes, NO, Parts, REFUSED, UNDO, Written, WrittenStep},
};
use gemba_engine::{By, Event};
use gemba_model::{
    approval::Unanswered,
    id::{AccountId, SeatId, WorkItemId},
};
use gemba_store::ItemState;
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

/// A work item as the events tell it.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each says what happened to it")]
pub(crate) struct Item {
    pub(crate) step: String,
    pub(crate) seat: SeatId,
    pub(crate) state: ItemState,
    until: Option<Timestamp>,
    claim: Option<(By, Option<Timestamp>)>,
    /// Who had it when the time of their claim passed, until it is taken again.
    lapsed: Option<By>,
    /// Whether another run carries it out now.
    called: bool,
    /// Whether the run that carried it out came to its end.
    returned: bool,
    /// The person to whom it was given.
    given: Option<AccountId>,
    /// Whether one was reminded of its deadline.
    reminded: bool,
    /// Whether nobody answered it in time, which counts as a no.
    refused: bool,
}

impl Item {
    fn is_open(&self) -> bool {
        ItemState::UNDONE.contains(&self.state)
    }

    fn rest(&mut self) {
        self.claim = None;
        let waits = self.until.is_some() || self.called;
        self.state = if waits { ItemState::Waiting } else { ItemState::Open };
    }
}

/// What must happen before the next decision on the run.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Owed {
    /// This step, or part, has its turn.
    Turn(String),
    /// All parts of this step are done, and it goes on.
    Join(String),
    /// The procedure of this step begins as a run, or it is said why not.
    Call(String),
    /// This step is done, for the run that carried it out has ended.
    Done(String),
    /// The step sends the run back to this one.
    Round(String, String),
    /// The step would send it back to this one, and has done so often enough.
    Held(String, String),
    /// The run comes to the end of this name.
    Outcome(Option<String>),
    /// The clean-up is done.
    Cancelled,
    /// This part is not needed any more.
    Withdrawn(String),
    /// The last step is done.
    End,
}

/// The words of a branch by its step and name, as the published process has them.
pub(crate) type Labels = BTreeMap<(String, String), String>;

/// How far a run is.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    written: Arc<Written>,
    labels: Arc<Labels>,
    pub(crate) items: BTreeMap<WorkItemId, Item>,
    /// The parts that are left of the steps whose parts are handed out.
    left: BTreeMap<String, Vec<String>>,
    owed: Vec<Owed>,
    /// What the last of several who approve said, by the step.
    said: BTreeMap<String, Option<String>>,
    /// Who said yes or no to this approval, by the step.
    voters: BTreeMap<String, Vec<By>>,
    /// Whether whoever did the last thing answers for the output.
    settled: bool,
    /// How often the run came to each step.
    visits: BTreeMap<String, u32>,
    /// How often in a row each step sent it back, and on which visit last.
    rounds: BTreeMap<String, (u32, u32)>,
    /// The step that sent it back often enough, and where to.
    held: Option<(String, String)>,
    outcome: Option<String>,
    /// Whether it is cleaned up.
    ending: bool,
    over: bool,
}

/// The act by which the owner accepts the output.
const ACCEPTANCE: &str = "accept-output";

impl Course {
    pub(crate) fn new(written: Arc<Written>, labels: Arc<Labels>) -> Self {
        let first = written.steps.first().map(|step| Owed::Turn(step.id.clone()));
        let owed = first.into_iter().collect();
        let (items, left, said) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self {
            written,
            labels,
            items,
            left,
            owed,
            said,
            voters: BTreeMap::new(),
            settled: false,
            visits: BTreeMap::new(),
            rounds: BTreeMap::new(),
            held: None,
            outcome: None,
            ending: false,
            over: false,
        }
    }

    pub(crate) fn written(&self) -> &Written {
        &self.written
    }

    /// The name of the branch of a step that has these words.
    pub(crate) fn branch(&self, step: &str, words: &str) -> Option<String> {
        let found = self.labels.iter().find(|((s, _), label)| s == step && *label == words);
        found.map(|((_, id), _)| id.clone())
    }

    /// One more event, which must be allowed.
    pub(crate) fn take(&mut self, event: &Event, company: &Company) -> Result<(), String> {
        if self.over {
            return Err(format!("something happens to a run that has ended: {event:?}"));
        }
        match event {
            // Words are taken over by themselves; nobody asks for any other move here.
            Event::RunMoved { reason: None, .. }
            | Event::RunStarted { .. }
            | Event::DeadlinePassed { .. }
            | Event::PriorityChanged { .. }
            | Event::SignalRaised { .. } => Ok(()),
            Event::StepOpened { item, step, seat, until, visit, .. } => {
                let step = step.to_string();
                self.visits.insert(step.clone(), *visit);
                if step.starts_with(ACCEPTANCE) {
                    self.pay(&Owed::End)?;
                    let named = self.outcome.is_some();
                    if !self.written.accepted || self.settled || named {
                        return Err("the output is accepted twice, or needs no acceptance".into());
                    }
                } else {
                    self.pay(&Owed::Turn(step.clone()))?;
                    if self.written.steps.iter().any(|own| own.calls && own.id == step) {
                        self.owed.push(Owed::Call(step.clone()));
                    }
                }
                let mut made = Item {
                    step,
                    seat: *seat,
                    state: ItemState::Open,
                    until: *until,
                    claim: None,
                    lapsed: None,
                    called: false,
                    returned: false,
                    given: None,
                    reminded: false,
                    refused: false,
                };
                made.rest();
                match self.items.insert(*item, made) {
                    Some(_) => Err(format!("work item {item} is opened twice")),
                    None => Ok(()),
                }
            }
            Event::StepDivided { step, parts, visit, .. } => {
                self.visits.insert(step.to_string(), *visit);
                self.pay(&Owed::Turn(step.to_string()))?;
                let said: Vec<String> = parts.iter().map(ToString::to_string).collect();
                let meant = self.written.holding(step.as_str()).and_then(|(_, s)| s.parts.clone());
                match meant {
                    Some((how, all)) if all == said => {
                        let first = match how {
                            Parts::Together | Parts::Votes { in_turn: false, .. } => all.len(),
                            Parts::InTurn | Parts::Votes { in_turn: true, .. } => 1,
                        };
                        self.owed.extend(all.iter().take(first).cloned().map(Owed::Turn));
                        self.voters.remove(step.as_str());
                        self.left.insert(step.to_string(), all);
                        Ok(())
                    }
                    _ => Err(format!("{step} has no such parts to hand out: {said:?}")),
                }
            }
            Event::StepJoined { step, .. } => {
                self.pay(&Owed::Join(step.to_string()))?;
                let said = self.said.remove(step.as_str()).flatten();
                self.go_on(step.as_str(), said.as_deref())
            }
            Event::RunMoved { to, .. } => Err(format!("the run is moved to revision {to}")),
            Event::StepWithdrawn { item, step, .. } => {
                self.pay(&Owed::Withdrawn(step.to_string()))?;
                self.open(*item)?.state = ItemState::Dropped;
                Ok(())
            }
            Event::RunCalled { item, step, .. } => {
                self.pay(&Owed::Call(step.to_string()))?;
                let item = self.open(*item)?;
                item.called = true;
                item.rest();
                Ok(())
            }
            Event::CallNotMade { step, .. } => self.pay(&Owed::Call(step.to_string())),
            Event::CallReturned { item, step, .. } => {
                self.owed.push(Owed::Done(step.to_string()));
                let item = self.open(*item)?;
                if !item.called {
                    return Err(format!("{step} hears of a run that it did not call"));
                }
                (item.called, item.returned) = (false, true);
                item.rest();
                Ok(())
            }
            Event::CallEnded { item, step, .. } => {
                let item = self.open(*item)?;
                if !item.called {
                    return Err(format!("{step} hears of a run that it did not call"));
                }
                item.called = false;
                item.rest();
                Ok(())
            }
            Event::RoundBegun { step, to, times, .. } => {
                self.pay(&Owed::Round(step.to_string(), to.to_string()))?;
                if self.rounds_of(step.as_str()) + 1 != *times {
                    return Err(format!("{step} counts its rounds wrongly: {times}"));
                }
                self.count(step.as_str(), *times);
                self.owed.push(Owed::Turn(to.to_string()));
                Ok(())
            }
            Event::RoundHeld { step, to, .. } => {
                self.pay(&Owed::Held(step.to_string(), to.to_string()))?;
                self.held = Some((step.to_string(), to.to_string()));
                Ok(())
            }
            Event::RoundAllowed { by, .. } => {
                let (step, to) = self.held.take().ok_or("a round is allowed that nobody held")?;
                if !company.answers(by) {
                    return Err(format!("{} may not allow a round", by.name()));
                }
                self.count(&step, self.rounds_of(&step) + 1);
                self.owed.push(Owed::Turn(to));
                Ok(())
            }
            Event::OutcomeReached { outcome, .. } => {
                self.pay(&Owed::Outcome(outcome.clone()))?;
                self.outcome.clone_from(outcome);
                Ok(())
            }
            Event::RunEnding { .. } => {
                if !self.written.cleanup || self.ending {
                    return Err("a clean-up begins that there is not, or again".into());
                }
                self.drop_all();
                self.ending = true;
                self.owed.push(Owed::Turn(UNDO.to_owned()));
                Ok(())
            }
            Event::StepClaimed { at, item, by, until } => {
                self.free(*item, by, *at)?;
                let item = self.open(*item)?;
                if item.called {
                    return Err(format!("{} is taken, and another run does it", item.step));
                }
                may(company, by, item)?;
                item.claim = Some((by.clone(), *until));
                item.lapsed = None;
                item.state = ItemState::Claimed;
                Ok(())
            }
            Event::LeaseExtended { item, until, .. } => match &mut self.open(*item)?.claim {
                Some((_, end)) => {
                    *end = Some(*until);
                    Ok(())
                }
                None => Err("a claim that nobody has is made longer".into()),
            },
            Event::ClaimLapsed { at, item, by } => {
                let item = self.open(*item)?;
                item.lapsed = Some(by.clone());
                if item.claim.as_ref().and_then(|(_, end)| *end).is_none_or(|end| end > *at) {
                    return Err(format!("the claim of {} lapses before its time", item.step));
                }
                item.rest();
                Ok(())
            }
            Event::StepReassigned { item, to, .. } => {
                let item = self.open(*item)?;
                item.seat = *to;
                item.lapsed = None;
                item.given = None;
                item.rest();
                Ok(())
            }
            Event::StepDelegated { item, to, .. } => {
                let item = self.open(*item)?;
                item.given = Some(*to);
                item.lapsed = None;
                item.rest();
                Ok(())
            }
            Event::DelegationEnded { item, .. } => {
                let item = self.open(*item)?;
                let given = item.given.take().ok_or("what was given to nobody is taken back")?;
                let theirs =
                    |by: &By| matches!(by, By::Person { account, .. } if *account == given);
                if item.claim.as_ref().is_some_and(|(holder, _)| theirs(holder)) {
                    item.rest();
                }
                Ok(())
            }
            Event::StepDeferred { item, by, .. } => self.free(*item, by, event.at()),
            Event::ReminderDue { at, item, due, .. } => {
                let item = self.open(*item)?;
                if std::mem::replace(&mut item.reminded, true) || due <= at {
                    return Err(format!("one is reminded of {} twice, or too late", item.step));
                }
                Ok(())
            }
            Event::DeadlineSet { item, .. } => {
                self.open(*item)?.reminded = false;
                Ok(())
            }
            Event::ApprovalExpired { item, then, to, .. } => {
                let item = self.open(*item)?;
                match (then, to) {
                    (Unanswered::Reject, _) => item.refused = true,
                    (Unanswered::Escalate, Some(to)) => {
                        item.seat = *to;
                        item.lapsed = None;
                        item.given = None;
                        item.reminded = false;
                        item.rest();
                    }
                    (Unanswered::Escalate, None) => {
                        return Err(format!("{} is handed up to nobody", item.step));
                    }
                    (Unanswered::AskOwner, _) => {}
                }
                Ok(())
            }
            Event::StepReleased { item, .. } => {
                self.open(*item)?.rest();
                Ok(())
            }
            Event::StepCompleted { at, item, step, by, branch, evidence, .. } => {
                // Time ends a wait whoever has it.
                if *by != By::System {
                    self.free(*item, by, *at)?;
                }
                let own = self.open(*item)?;
                let lost = own
                    .claim
                    .as_ref()
                    .and_then(|(holder, end)| end.is_some_and(|end| end <= *at).then_some(holder));
                if lost.or(own.lapsed.as_ref()).is_some_and(|had| had.is_same(by)) {
                    return Err(format!("{} finishes {step}, which they have lost", by.name()));
                }
                if own.called {
                    return Err(format!("{step} is done before the run that does it"));
                }
                match by {
                    By::System if own.returned => {}
                    By::System if own.refused => {}
                    By::System if own.until.is_none_or(|until| until > *at) => {
                        return Err(format!("{step} is done by itself before its time"));
                    }
                    By::System => {}
                    By::Person { .. } | By::Agent { .. } => may(company, by, own)?,
                }
                let returned = std::mem::take(&mut own.returned);
                own.state = ItemState::Done;
                if returned {
                    self.pay(&Owed::Done(step.to_string()))?;
                }
                let asks = self.written.steps.iter().any(|s| s.proof && s.id == step.as_str());
                if asks && evidence.is_empty() {
                    return Err(format!("{step} is done without the proof that it asks for"));
                }
                self.votes(step.as_str(), by)?;
                self.closed(step.as_str(), branch.as_deref(), by, company)
            }
            Event::StepSkipped { item, step, by, branch, .. } => {
                if !company.answers(by) {
                    return Err(format!("{} may not skip {step}", by.name()));
                }
                self.open(*item)?.state = ItemState::Skipped;
                self.closed(step.as_str(), branch.as_deref(), by, company)
            }
            Event::RunCompleted { .. } => {
                self.pay(&Owed::End)?;
                self.over = true;
                if self.written.accepted && !self.settled && self.outcome.is_none() {
                    return Err("the run ends before its output is accepted".into());
                }
                self.nothing_open()
            }
            Event::RunCancelled { .. } => {
                if self.written.cleanup && !self.ending {
                    return Err("the run is over before it is cleaned up".into());
                }
                self.drop_all();
                self.over = true;
                Ok(())
            }
        }
    }

    /// After a decision: whatever its events brought about has happened.
    pub(crate) fn settled(&self) -> Result<(), String> {
        match self.owed.first() {
            Some(owed) => Err(format!("the run stands still, it owes {owed:?}")),
            None if !self.over
                && self.held.is_none()
                && !self.items.values().any(Item::is_open) =>
            {
                Err("the run goes on and nobody has anything to do".into())
            }
            None => Ok(()),
        }
    }

    fn drop_all(&mut self) {
        for item in self.items.values_mut().filter(|item| item.is_open()) {
            item.state = ItemState::Dropped;
        }
        self.owed.clear();
        self.held = None;
    }

    /// How often in a row a step that is done now sent the run back before.
    fn rounds_of(&self, step: &str) -> u32 {
        let visit = self.visits.get(step).copied().unwrap_or(0);
        match self.rounds.get(step) {
            Some((times, last)) if *last + 1 >= visit => *times,
            Some(_) | None => 0,
        }
    }

    fn count(&mut self, step: &str, times: u32) {
        let visit = self.visits.get(step).copied().unwrap_or(0);
        self.rounds.insert(step.to_owned(), (times, visit));
    }

    fn nothing_open(&self) -> Result<(), String> {
        match self.items.values().find(|item| item.is_open()) {
            Some(item) => Err(format!("the run ends, and {} is open", item.step)),
            None => Ok(()),
        }
    }

    fn pay(&mut self, owed: &Owed) -> Result<(), String> {
        match self.owed.iter().position(|one| one == owed) {
            Some(at) => {
                self.owed.remove(at);
                Ok(())
            }
            None => Err(format!("out of order: {owed:?}, where {:?} is owed", self.owed)),
        }
    }

    fn open(&mut self, item: WorkItemId) -> Result<&mut Item, String> {
        let found = self.items.get_mut(&item).filter(|item| item.is_open());
        found.ok_or_else(|| format!("work item {item} is closed, or never was"))
    }

    /// Nobody else has the item, and the one who does not has not lost it.
    fn free(&mut self, item: WorkItemId, by: &By, at: Timestamp) -> Result<(), String> {
        let item = self.open(item)?;
        match &item.claim {
            Some((holder, end)) if end.is_none_or(|end| at < end) && !holder.is_same(by) => {
                Err(format!("{} acts on {}, which {} has", by.name(), item.step, holder.name()))
            }
            _ => Ok(()),
        }
    }

    /// Each of several who approve is another.
    fn votes(&mut self, step: &str, by: &By) -> Result<(), String> {
        let holder = self.written.holding(step).map(|(_, holder)| holder);
        let is_vote = |one: &&WrittenStep| matches!(one.parts, Some((Parts::Votes { .. }, _)));
        let Some(holder) = holder.filter(is_vote) else { return Ok(()) };
        let voters = self.voters.entry(holder.id.clone()).or_default();
        if voters.iter().any(|one| one.is_same(by)) {
            return Err(format!("{} approves {} twice", by.name(), holder.id));
        }
        voters.push(by.clone());
        Ok(())
    }

    /// A step, part or the acceptance is done or skipped.
    fn closed(
        &mut self,
        step: &str,
        branch: Option<&str>,
        by: &By,
        company: &Company,
    ) -> Result<(), String> {
        self.settled = company.owns(by);
        if step.starts_with(ACCEPTANCE) {
            self.settled = true;
            match branch.unwrap_or_default() {
                "accept" => self.owed.push(Owed::End),
                other => {
                    let back = other.strip_prefix("return-").unwrap_or_default();
                    let known = self.written.steps.iter().any(|step| step.id == back);
                    if !known {
                        return Err(format!("the output is returned to `{other}`"));
                    }
                    self.settled = false;
                    self.owed.push(Owed::Turn(back.to_owned()));
                }
            }
            return Ok(());
        }
        if self.ending && step == UNDO {
            self.owed.push(Owed::Cancelled);
            return Ok(());
        }
        let holder = self.written.holding(step).map(|(_, holder)| holder.clone());
        let Some(holder) = holder else { return Err(format!("there is no step {step}")) };
        let Some((how, parts)) = holder.parts.filter(|_| holder.id != step) else {
            return self.go_on(step, branch);
        };
        let left = self.left.entry(holder.id.clone()).or_default();
        left.retain(|part| part != step);
        if let Parts::Votes { need, in_turn } = how {
            let yeses = parts.len() - left.len();
            let next = left.first().cloned();
            let key = (holder.id.clone(), branch.unwrap_or_default().to_owned());
            let is_no = self.labels.get(&key).is_some_and(|words| words == NO);
            if is_no || yeses >= need {
                let of_it = |item: &&Item| item.is_open() && parts.contains(&item.step);
                let others = self.items.values().filter(of_it);
                self.owed.extend(others.map(|item| Owed::Withdrawn(item.step.clone())));
                self.said.insert(holder.id.clone(), branch.map(str::to_owned));
                self.owed.push(Owed::Join(holder.id));
            } else if in_turn {
                self.owed.extend(next.map(Owed::Turn));
            }
            return Ok(());
        }
        match (how, left.first()) {
            (_, None) => self.owed.push(Owed::Join(holder.id)),
            (Parts::InTurn, Some(next)) => {
                let in_order = parts.iter().find(|part| left.contains(part));
                debug_assert_eq!(in_order, Some(next));
                self.owed.push(Owed::Turn(next.clone()));
            }
            (Parts::Together | Parts::Votes { .. }, Some(_)) => {}
        }
        Ok(())
    }

    /// A step that is no part is over: where its way leads has its turn.
    fn go_on(&mut self, step: &str, branch: Option<&str>) -> Result<(), String> {
        let words = match branch {
            None => String::new(),
            Some(branch) => self
                .labels
                .get(&(step.to_owned(), branch.to_owned()))
                .cloned()
                .ok_or_else(|| format!("{step} has no branch {branch}"))?,
        };
        let found = self.written.steps.iter().find(|one| one.id == step);
        let ways = found.map(|one| one.ways.as_slice()).unwrap_or_default();
        let Some((_, goes)) = ways.iter().find(|(own, _)| *own == words) else {
            return Err(format!("{step} does not lead anywhere by \"{words}\""));
        };
        let goes = *goes;
        let own = self.written.steps.iter().position(|one| one.id == step);
        let at_most = found.and_then(|one| one.at_most).unwrap_or(100);
        let end = match goes {
            Goes::End => None,
            Goes::Refused => Some(REFUSED.to_owned()),
            Goes::To(to) => match self.written.steps.get(to).map(|next| next.id.clone()) {
                Some(next) if own.is_some_and(|own| to <= own) => {
                    let round = (step.to_owned(), next);
                    let held = self.rounds_of(step) >= at_most;
                    self.owed.push(if held {
                        Owed::Held(round.0, round.1)
                    } else {
                        Owed::Round(round.0, round.1)
                    });
                    return Ok(());
                }
                Some(next) => {
                    self.owed.push(Owed::Turn(next));
                    return Ok(());
                }
                None => None,
            },
        };
        if self.outcome != end {
            self.owed.push(Owed::Outcome(end));
        }
        self.owed.push(Owed::End);
        Ok(())
    }
}

fn may(company: &Company, by: &By, item: &Item) -> Result<(), String> {
    let given = matches!(by, By::Person { account, .. } if item.given == Some(*account));
    if given || company.may_do(by, item.seat) {
        Ok(())
    } else {
        Err(format!("{} acts for a seat that is not theirs", by.name()))
    }
}
