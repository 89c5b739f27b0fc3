//! The state of a run: small, and of a size that does not grow with its history.

use crate::{
    By, Event, Origin,
    event::{Caller, Left, Value, Watch},
};
use gemba_model::{
    StepId,
    id::{RunId, SeatId, WorkItemId},
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
    /// Whether it still keeps others away.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
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
        }
    }

    /// The next moment at which something happens to it by itself.
    fn wake(&self) -> Option<Timestamp> {
        let due = self.due.filter(|_| !self.late);
        let lease = self.claim.as_ref().and_then(|claim| claim.until);
        [due, self.until, lease].into_iter().flatten().min()
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
}

impl Run {
    /// The state after one more event. Total: an event that does not fit the state changes what it
    /// can and nothing else, so that a stored history can always be read.
    #[must_use]
    pub fn apply(mut self, event: &Event) -> Self {
        self.n_events += 1;
        match event {
            Event::RunStarted { at, title, inputs, watch, origin, .. } => {
                if let Origin::Call(caller) = origin {
                    self.called_by = Some(caller.clone());
                }
                self.keep(inputs);
                self.watch.clone_from(watch);
                self.status = Status::Running;
                self.started = Some(*at);
                self.title.clone_from(title);
            }
            Event::StepOpened { at, item, step, visit, seat, within, due, until } => {
                self.visits.insert(step.clone(), *visit);
                self.groups.retain(|group| group.step != *step);
                let (within, due, until) = (within.clone(), *due, *until);
                let open = Open::new(*item, step.clone(), *visit, *seat, *at);
                self.open.push(Open { within, due, until, ..open });
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
                    open.seat = *to;
                    open.claim = None;
                    open.lapsed = None;
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
            Event::RunMoved { seats, raised, watch, .. } => {
                for reseated in seats {
                    if let Some(open) = self.item(reseated.item) {
                        open.seat = reseated.seat;
                        open.claim = None;
                        open.lapsed = None;
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
        self.open.clear();
        self.groups.clear();
        self.watch.clear();
    }
}
