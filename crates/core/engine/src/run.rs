//! The state of a run: small, and of a size that does not grow with its history.

use crate::{By, Event};
use gemba_model::{
    StepId,
    id::{SeatId, WorkItemId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
}

impl Open {
    /// A step whose turn has just come.
    pub fn new(item: WorkItemId, step: StepId, visit: u32, seat: SeatId, since: Timestamp) -> Self {
        Self { item, step, visit, seat, for_seat: None, since, claim: None, token: 0 }
    }

    /// The claim that keeps others away now.
    pub fn claimed(&self, now: Timestamp) -> Option<&Claim> {
        self.claim.as_ref().filter(|claim| claim.holds(now))
    }
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
}

impl Run {
    /// The state after one more event. Total: an event that does not fit the state changes what it
    /// can and nothing else, so that a stored history can always be read.
    #[must_use]
    pub fn apply(mut self, event: &Event) -> Self {
        self.n_events += 1;
        match event {
            Event::RunStarted { at, title, .. } => {
                self.status = Status::Running;
                self.started = Some(*at);
                self.title.clone_from(title);
            }
            Event::StepOpened { at, item, step, visit, seat } => {
                self.visits.insert(step.clone(), *visit);
                self.open.push(Open::new(*item, step.clone(), *visit, *seat, *at));
            }
            Event::StepClaimed { at, item, by, until } => {
                if let Some(open) = self.item(*item) {
                    open.claim = Some(Claim { by: by.clone(), at: *at, until: *until });
                    open.token = open.token.saturating_add(1);
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
                }
            }
            Event::StepReleased { item, .. } => {
                if let Some(open) = self.item(*item) {
                    open.claim = None;
                }
            }
            Event::StepCompleted { item, step, .. } => {
                self.open.retain(|open| open.item != *item);
                *self.done.entry(step.clone()).or_default() += 1;
            }
            Event::StepSkipped { item, step, .. } => {
                self.open.retain(|open| open.item != *item);
                *self.skipped.entry(step.clone()).or_default() += 1;
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

    fn item(&mut self, item: WorkItemId) -> Option<&mut Open> {
        self.open.iter_mut().find(|open| open.item == item)
    }

    fn end(&mut self, status: Status, at: Timestamp) {
        self.status = status;
        self.ended = Some(at);
        self.open.clear();
    }
}
