//! The state of a run: small, and of a size that does not grow with its history.

use crate::{
    By, Event, Origin,
    event::{Caller, Left, Value, Watch},
};
use gemba_model::{
    Priority, StepId,
    approval::Unanswered,
    id::{AccountId, RunId, SeatId, WorkItemId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Where a run stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It has no event yet.
    #[default]
    New,
    /// It goes on.
    Running,
    /// Somebody ended it, and its clean-up is done.
    Ending,
    /// It came to its end.
    Completed,
    /// Somebody ended it.
    Cancelled,
}

impl Status {
    /// The word used in JSON, storage and pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Running => "running",
            Self::Ending => "ending",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Who has taken a work item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Who.
    pub by: By,
    /// Since when.
    pub at: Timestamp,
    /// Until when it is kept from others; without end where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Claim {
    /// Whether it keeps this one away: it is another's, and neither of both acts for the other.
    pub fn bars(&self, by: &By) -> bool {
        !self.by.is_same(by) && !self.by.acted_for(by) && !by.acted_for(&self.by)
    }

    /// Whether it still keeps others away.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// A person to whom a work item was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegated {
    /// To whom.
    pub to: AccountId,
    /// Their name at the time.
    pub name: String,
    /// By whom.
    pub by: By,
    /// Since when.
    pub at: Timestamp,
    /// Until when; without end where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Delegated {
    /// Whether it is still theirs to do.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    fn is_to(&self, by: &By) -> bool {
        matches!(by, By::Person { account, .. } if *account == self.to)
    }
}

/// A step whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// Its work item.
    pub item: WorkItemId,
    /// The step.
    pub step: StepId,
    /// How often this run has come to it, from 1.
    pub visit: u32,
    /// The seat that must do it.
    pub seat: SeatId,
    /// The seat for which it does it: the one that the SOP names, where the work was handed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_seat: Option<SeatId>,
    /// Since when.
    pub since: Timestamp,
    /// Who has taken it.
    pub claim: Option<Claim>,
    /// How often it was taken: the fencing token of the present claim.
    #[serde(default)]
    pub token: u32,
    /// The step whose part it is, where parts are handed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<StepId>,
    /// By when it must be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Whether its deadline has passed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub late: bool,
    /// Until when it waits; then it is done by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// How often the time of a claim passed without a word.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lapses: u32,
    /// Who had it when the time of their claim passed, until it is taken again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapsed: Option<By>,
    /// The run that carries out its procedure, while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child: Option<RunId>,
    /// Why no run carries out its procedure, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncalled: Option<String>,
    /// The person to whom it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegated: Option<Delegated>,
    /// Until when it was put aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<Timestamp>,
    /// When one is reminded of its deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind: Option<Timestamp>,
    /// Whether one was reminded.
    #[serde(default, skip_serializing_if = "is_false")]
    pub reminded: bool,
    /// The seats that did not answer, where it is an approval that was handed up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unanswered: Vec<SeatId>,
    /// Whether nobody is left to whom it can be handed up.
    #[serde(default, skip_serializing_if = "is_false")]
    pub expired: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

impl Open {
    /// A step whose turn has just come.
    pub fn new(item: WorkItemId, step: StepId, visit: u32, seat: SeatId, since: Timestamp) -> Self {
        Self {
            item,
            step,
            visit,
            seat,
            for_seat: None,
            since,
            claim: None,
            token: 0,
            within: None,
            due: None,
            late: false,
            until: None,
            lapses: 0,
            lapsed: None,
            child: None,
            uncalled: None,
            delegated: None,
            follow_up: None,
            remind: None,
            reminded: false,
            unanswered: Vec::new(),
            expired: false,
        }
    }

    /// Whether it is this person's to do because it was given to them.
    pub fn is_delegated_to(&self, by: &By, now: Timestamp) -> bool {
        self.delegated.as_ref().is_some_and(|given| given.holds(now) && given.is_to(by))
    }

    /// It is its seat's alone again; what the one to whom it was given had taken is free.
    fn take_back(&mut self) {
        let Some(given) = self.delegated.take() else { return };
        if self.claim.as_ref().is_some_and(|claim| given.is_to(&claim.by)) {
            self.claim = None;
        }
    }

    /// It is another seat's now.
    fn reseat(&mut self, seat: SeatId) {
        self.seat = seat;
        self.claim = None;
        self.lapsed = None;
        self.delegated = None;
        self.follow_up = None;
    }

    /// The next moment at which something happens to it by itself.
    fn wake(&self) -> Option<Timestamp> {
        let due = self.due.filter(|_| !self.late);
        let lease = self.claim.as_ref().and_then(|claim| claim.until);
        let given = self.delegated.as_ref().and_then(|given| given.until);
        [due, self.until, lease, given, self.remind].into_iter().flatten().min()
    }

    /// The claim that keeps others away now.
    pub fn claimed(&self, now: Timestamp) -> Option<&Claim> {
        self.claim.as_ref().filter(|claim| claim.holds(now))
    }
}

/// A step whose parts are handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The step.
    pub step: StepId,
    /// How often this run has come to it, from 1.
    pub visit: u32,
    /// The parts that are not done yet, in order.
    pub left: Vec<StepId>,
    /// The step whose part it is itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<StepId>,
}

/// How often in a row a step sent the run back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rounds {
    /// How often.
    pub times: u32,
    /// How often the run had come to the step then. Where it comes to it once more and goes back again,
    /// that is in a row.
    pub visit: u32,
}

/// A run that stands still, for it went back as often as the document allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The step that sends it back.
    pub step: StepId,
    /// The step that it would go on with.
    pub to: StepId,
    /// How often it went back in a row.
    pub times: u32,
}

/// Who ended a run whose clean-up is done, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// Who.
    pub by: By,
    /// Why.
    pub reason: String,
}

/// The state of one run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Run {
    /// Where it stands.
    pub status: Status,
    /// How many events it has had.
    pub n_events: u64,
    /// What it is about.
    pub title: String,
    /// When it began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// The steps whose turn it is, oldest first.
    pub open: Vec<Open>,
    /// How often each step was come to.
    pub visits: BTreeMap<StepId, u32>,
    /// How often each step was done.
    pub done: BTreeMap<StepId, u32>,
    /// How often each step was skipped.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skipped: BTreeMap<StepId, u32>,
    /// The steps whose parts are handed out now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// When each step was last done.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub done_at: BTreeMap<StepId, Timestamp>,
    /// The failure signals that may tell yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watch: Vec<Watch>,
    /// The failure signals that came true, counted from 0.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub raised: BTreeSet<u32>,
    /// Who last did each step, where a later step asks.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub done_by: BTreeMap<StepId, By>,
    /// The values that were left, by their keys, the latest of each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, Value>,
    /// The step that called it, where it carries out the procedure of another run's step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called_by: Option<Caller>,
    /// How urgent it is.
    #[serde(default, skip_serializing_if = "Priority::is_normal")]
    pub priority: Priority,
    /// How often in a row steps sent the run back.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rounds: BTreeMap<StepId, Rounds>,
    /// Where it stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// The name of the end that it came to last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Who ended it, while its clean-up is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
}

impl Run {
    /// The state after one more event. Total: an event that does not fit the state changes what it
    /// can and nothing else, so that a stored history can always be read.
    #[must_use]
    pub fn apply(mut self, event: &Event) -> Self {
        self.n_events += 1;
        match event {
            Event::RunStarted { at, title, inputs, watch, origin, priority, .. } => {
                if let Origin::Call(caller) = origin {
                    self.called_by = Some(caller.clone());
                }
                self.priority = *priority;
                self.keep(inputs);
                self.watch.clone_from(watch);
                self.status = Status::Running;
                self.started = Some(*at);
                self.title.clone_from(title);
            }
            Event::StepOpened { at, item, step, visit, seat, within, due, until, remind } => {
                self.visits.insert(step.clone(), *visit);
                self.groups.retain(|group| group.step != *step);
                let (within, due, until, remind) = (within.clone(), *due, *until, *remind);
                let open = Open::new(*item, step.clone(), *visit, *seat, *at);
                self.open.push(Open { within, due, until, remind, ..open });
            }
            Event::StepDivided { step, visit, parts, within, .. } => {
                self.visits.insert(step.clone(), *visit);
                let (step, visit, left, within) =
                    (step.clone(), *visit, parts.clone(), within.clone());
                self.groups.push(Group { step, visit, left, within });
            }
            Event::StepJoined { at, step } => {
                let within = self.group(step).and_then(|group| group.within.clone());
                self.groups.retain(|group| group.step != *step);
                self.finish(step, within.as_ref());
                *self.done.entry(step.clone()).or_default() += 1;
                self.done_at.insert(step.clone(), *at);
            }
            Event::DeadlinePassed { item, .. } => {
                if let Some(open) = self.item(*item) {
                    open.late = true;
                    open.follow_up = None;
                    open.remind = None;
                }
            }
            Event::ClaimLapsed { item, by, .. } => {
                if let Some(open) = self.item(*item) {
                    open.claim = None;
                    open.lapses = open.lapses.saturating_add(1);
                    open.lapsed = Some(by.clone());
                }
            }
            Event::SignalRaised { signal, .. } => {
                self.watch.retain(|watch| watch.signal != *signal);
                self.raised.insert(*signal);
            }
            Event::StepClaimed { at, item, by, until } => {
                if let Some(open) = self.item(*item) {
                    open.claim = Some(Claim { by: by.clone(), at: *at, until: *until });
                    open.token = open.token.saturating_add(1);
                    open.lapsed = None;
                }
            }
            Event::LeaseExtended { item, until, .. } => {
                if let Some(claim) = self.item(*item).and_then(|open| open.claim.as_mut()) {
                    claim.until = Some(*until);
                }
            }
            Event::StepReassigned { item, from, to, .. } => {
                if let Some(open) = self.item(*item) {
                    let planned = open.for_seat.unwrap_or(*from);
                    open.for_seat = Some(planned).filter(|planned| planned != to);
                    open.reseat(*to);
                }
            }
            Event::StepDelegated { at, item, by, to, name, until, .. } => {
                if let Some(open) = self.item(*item) {
                    let (to, name, by) = (*to, name.clone(), by.clone());
                    open.delegated = Some(Delegated { to, name, by, at: *at, until: *until });
                    open.claim = None;
                    open.lapsed = None;
                    open.follow_up = None;
                }
            }
            Event::DelegationEnded { item, .. } => {
                if let Some(open) = self.item(*item) {
                    open.take_back();
                }
            }
            Event::StepDeferred { item, until, .. } => {
                if let Some(open) = self.item(*item) {
                    open.follow_up = *until;
                }
            }
            Event::PriorityChanged { priority, .. } => self.priority = *priority,
            Event::ReminderDue { item, .. } => {
                if let Some(open) = self.item(*item) {
                    open.remind = None;
                    open.reminded = true;
                    open.follow_up = None;
                }
            }
            Event::DeadlineSet { item, due, remind, .. } => {
                if let Some(open) = self.item(*item) {
                    open.due = Some(*due);
                    open.remind = *remind;
                    open.late = false;
                    open.reminded = false;
                }
            }
            Event::ApprovalExpired { item, then, to, due, .. } => {
                if let Some(open) = self.item(*item) {
                    match (then, to) {
                        (Unanswered::Escalate, Some(to)) => {
                            let planned = open.for_seat.unwrap_or(open.seat);
                            open.for_seat = Some(planned).filter(|planned| planned != to);
                            open.unanswered.push(open.seat);
                            open.reseat(*to);
                            open.due = *due;
                            open.late = false;
                            open.reminded = false;
                        }
                        _ => open.expired = true,
                    }
                }
            }
            Event::StepReleased { item, .. } => {
                if let Some(open) = self.item(*item) {
                    open.claim = None;
                }
            }
            Event::StepWithdrawn { item, .. } => self.open.retain(|open| open.item != *item),
            Event::StepCompleted { at, item, step, by, evidence, witnessed, .. } => {
                if *witnessed {
                    self.done_by.insert(step.clone(), by.clone());
                }
                self.keep(evidence);
                self.close(*item, step);
                *self.done.entry(step.clone()).or_default() += 1;
                self.done_at.insert(step.clone(), *at);
            }
            Event::StepSkipped { item, step, .. } => {
                self.close(*item, step);
                *self.skipped.entry(step.clone()).or_default() += 1;
            }
            Event::RunCalled { item, run, .. } => {
                if let Some(open) = self.item(*item) {
                    open.child = Some(*run);
                    open.uncalled = None;
                    open.claim = None;
                }
            }
            Event::CallNotMade { item, why, .. } => {
                if let Some(open) = self.item(*item) {
                    open.uncalled = Some(why.clone());
                }
            }
            Event::CallReturned { item, values, .. } => {
                if let Some(open) = self.item(*item) {
                    open.child = None;
                }
                self.keep(values);
            }
            Event::CallEnded { item, reason, .. } => {
                if let Some(open) = self.item(*item) {
                    open.child = None;
                    open.uncalled = Some(format!("its run was ended early: {reason}"));
                }
            }
            Event::RoundBegun { step, times, .. } => self.count_round(step, *times),
            Event::RoundHeld { step, to, times, .. } => {
                self.held = Some(Held { step: step.clone(), to: to.clone(), times: *times });
            }
            Event::RoundAllowed { .. } => {
                if let Some(held) = self.held.take() {
                    self.count_round(&held.step, held.times.saturating_add(1));
                }
            }
            Event::OutcomeReached { outcome, .. } => self.outcome.clone_from(outcome),
            Event::RunEnding { by, reason, .. } => {
                self.status = Status::Ending;
                self.ending = Some(Ending { by: by.clone(), reason: reason.clone() });
                self.drop_all();
            }
            Event::RunMoved { seats, raised, watch, .. } => {
                for reseated in seats {
                    if let Some(open) = self.item(reseated.item) {
                        open.reseat(reseated.seat);
                    }
                }
                self.raised.clone_from(raised);
                self.watch.clone_from(watch);
            }
            Event::RunCompleted { at } => self.end(Status::Completed, *at),
            Event::RunCancelled { at, .. } => self.end(Status::Cancelled, *at),
        }
        self
    }

    /// The state after a history.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        events.into_iter().fold(Self::default(), Self::apply)
    }

    /// The next moment at which something happens by itself.
    pub fn wake(&self) -> Option<Timestamp> {
        let watched = self.watch.iter().map(|watch| watch.at).min();
        self.open.iter().filter_map(Open::wake).chain(watched).min()
    }

    /// How often in a row a step that is done now has sent the run back before.
    pub(crate) fn rounds_of(&self, step: &StepId) -> u32 {
        let visit = self.visits.get(step).copied().unwrap_or(0);
        let before = self.rounds.get(step).filter(|rounds| rounds.visit.saturating_add(1) >= visit);
        before.map_or(0, |rounds| rounds.times)
    }

    /// The step with this id, where its parts are handed out now.
    pub fn group(&self, step: &StepId) -> Option<&Group> {
        self.groups.iter().find(|group| group.step == *step)
    }

    fn keep(&mut self, left: &[Left]) {
        let values = left.iter().filter_map(Left::value);
        self.values.extend(values.map(|(key, value)| (key.to_owned(), value)));
    }

    fn close(&mut self, item: WorkItemId, step: &StepId) {
        let within = self.item(item).and_then(|open| open.within.clone());
        self.open.retain(|open| open.item != item);
        self.finish(step, within.as_ref());
    }

    /// A part is finished: its group waits for one less.
    fn finish(&mut self, part: &StepId, within: Option<&StepId>) {
        let group = self.groups.iter_mut().find(|group| Some(&group.step) == within);
        if let Some(group) = group {
            group.left.retain(|left| left != part);
        }
    }

    fn item(&mut self, item: WorkItemId) -> Option<&mut Open> {
        self.open.iter_mut().find(|open| open.item == item)
    }

    fn end(&mut self, status: Status, at: Timestamp) {
        self.status = status;
        self.ended = Some(at);
        self.drop_all();
    }

    fn drop_all(&mut self) {
        self.open.clear();
        self.groups.clear();
        self.watch.clear();
        self.held = None;
    }

    fn count_round(&mut self, step: &StepId, times: u32) {
        let visit = self.visits.get(step).copied().unwrap_or(0);
        self.rounds.insert(step.clone(), Rounds { times, visit });
    }
}
