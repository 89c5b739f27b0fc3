//! Triggers, their policies and their occurrences.

use crate::{
    Time,
    inlet::{FromOutside, LastValue, TriggerSource},
};
use gemba_app::{
    inlets, processes,
    records::{self, Side, Source},
    triggers,
};
use gemba_model::{Misfire, Overlap, Policy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A schedule in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Trigger {
    /// The id.
    pub id: String,
    /// The rule in words: "every Monday at 09:00".
    pub rule: String,
    /// When it is due next.
    pub next_due: Option<Time>,
    /// The next times it fires.
    pub next: Vec<Time>,
}

impl From<&processes::TriggerView> for Trigger {
    fn from(view: &processes::TriggerView) -> Self {
        Self {
            id: view.trigger.id.to_string(),
            rule: view.trigger.rule.to_string(),
            next_due: view.trigger.next_due.map(Time::of),
            next: view.next.iter().map(Time::of).collect(),
        }
    }
}

/// A trigger with everything that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TriggerDetail {
    /// The id.
    pub id: String,
    /// What it is: "schedule", "event", "threshold" or "request".
    pub kind: String,
    /// What it is called; of a schedule its rule.
    pub name: String,
    /// The rule in words: "every Monday at 09:00".
    pub rule: String,
    /// Of an event: the address of its messages, below that of the server.
    pub address: Option<String>,
    /// What is set up, for a trigger that no document names.
    pub set_up: Option<TriggerSource>,
    /// Of a threshold: the last value that was looked at, and what came of it.
    pub last: Option<LastValue>,
    /// The process that it starts.
    pub process: TriggeredProcess,
    /// Whether it is in force.
    pub active: bool,
    /// When it is due next.
    pub next_due: Option<Time>,
    /// The next ten occurrences, on the clock of the workspace.
    pub next: Vec<ToCome>,
    /// The IANA name of the zone in which its times are meant.
    pub zone: String,
    /// When the clock of that zone is moved next, within a year.
    pub clock_change: Option<ClockMove>,
    /// What becomes of occurrences that are missed or overlap.
    pub policy: TriggerPolicy,
    /// Why it starts nothing at present.
    pub paused: Option<Paused>,
    /// How many occurrences wait for an answer.
    pub asked: usize,
    /// How many occurrences wait their turn.
    pub waiting: usize,
}

/// The process of a trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TriggeredProcess {
    /// Its name in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
}

/// An occurrence to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ToCome {
    /// When.
    pub at: Time,
    /// The local date and time that the rule names.
    pub civil: String,
    /// How far the clock is from UTC then: "+01:00".
    pub offset: String,
    /// What the clock does to that time: `once`, `left_out` (then the run begins at `shows`) or `twice`
    /// (then it begins the first time).
    pub clock: String,
    /// What the clock shows then, where it leaves the named time out.
    pub shows: Option<String>,
    /// By how many seconds the clock was moved since the occurrence before; 0 where it was not.
    pub moved_s: i64,
    /// The day that the rule names, where it is no workday and the occurrence was moved for that.
    pub instead_of: Option<String>,
}

impl From<&triggers::Preview> for ToCome {
    fn from(one: &triggers::Preview) -> Self {
        let (clock, shows) = match one.clock {
            triggers::Clock::Once => ("once", None),
            triggers::Clock::LeftOut { shows } => ("left_out", Some(shows.to_string())),
            triggers::Clock::Twice => ("twice", None),
        };
        let minutes = one.offset.seconds() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        Self {
            at: Time::of(one.firing.at),
            civil: one.firing.civil.to_string(),
            offset: format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60),
            clock: clock.to_owned(),
            shows,
            moved_s: one.moved.map_or(0, |moved| moved.as_secs()),
            instead_of: one.instead_of.map(|day| day.to_string()),
        }
    }
}

/// A change of the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClockMove {
    /// When.
    pub at: Time,
    /// By how many seconds; negative for back.
    pub by_s: i64,
}

/// What becomes of occurrences that are missed or overlap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TriggerPolicy {
    /// For what came due while nobody was there: `all` (each starts its run late; the default),
    /// `once_late` (one late run stands for all), `skip` or `ask` (the owner is asked).
    #[serde(default = "all")]
    pub misfire: String,
    /// For `all`: only the latest so many, 1 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u16", range(min = 1, max = 100))]
    pub most: Option<u16>,
    /// For what comes due while an earlier run of the trigger goes on: `allow_all` (the default), `skip`,
    /// `buffer_one`, `buffer_all` or `cancel_other`.
    #[serde(default = "allow_all")]
    pub overlap: String,
}

fn all() -> String {
    Misfire::default().word().to_owned()
}

pub(crate) fn allow_all() -> String {
    Overlap::default().word().to_owned()
}

impl From<Policy> for TriggerPolicy {
    fn from(policy: Policy) -> Self {
        let most = match policy.misfire {
            Misfire::All { most } => most,
            Misfire::OnceLate | Misfire::Skip | Misfire::Ask => None,
        };
        Self {
            misfire: policy.misfire.word().to_owned(),
            most,
            overlap: policy.overlap.word().to_owned(),
        }
    }
}

impl TriggerPolicy {
    /// The policy; the name of the field whose word is unknown otherwise.
    pub fn read(&self) -> Result<Policy, &'static str> {
        Ok(Policy {
            misfire: Misfire::of_word(&self.misfire, self.most).ok_or("misfire")?,
            overlap: Overlap::of_word(&self.overlap).ok_or("overlap")?,
        })
    }
}

/// A pause that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Paused {
    /// Since when.
    pub from: Time,
    /// Who paused it.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl From<&records::Pause> for Paused {
    fn from(pause: &records::Pause) -> Self {
        Self { from: Time::of(pause.from), by: pause.by.clone(), reason: pause.reason.clone() }
    }
}

/// Why a trigger shall start nothing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseInput {
    /// Why.
    pub reason: String,
}

impl From<&triggers::Trigger> for TriggerDetail {
    fn from(view: &triggers::Trigger) -> Self {
        let trigger = &view.trigger;
        let (slug, title) = view.process.clone();
        let moved = |change: &triggers::ClockChange| ClockMove {
            at: Time::of(change.at),
            by_s: change.by.as_secs(),
        };
        Self {
            id: trigger.id.to_string(),
            kind: "schedule".to_owned(),
            name: trigger.rule.to_string(),
            rule: trigger.rule.to_string(),
            address: None,
            set_up: None,
            last: None,
            process: TriggeredProcess { slug, title },
            active: trigger.active,
            next_due: trigger.next_due.map(Time::of),
            next: view.next.iter().map(ToCome::from).collect(),
            zone: view.zone.clone(),
            clock_change: view.clock_change.as_ref().map(moved),
            policy: trigger.policy.into(),
            paused: view.paused.as_ref().map(Paused::from),
            asked: view.n_asked,
            waiting: view.n_waiting,
        }
    }
}

impl From<&inlets::InletView> for TriggerDetail {
    fn from(view: &inlets::InletView) -> Self {
        let inlet = &view.inlet;
        let (slug, title) = view.process.clone();
        let (kind, rule, last) = match &inlet.source {
            Source::Event(webhook) => ("event", webhook.types.join(", "), None),
            Source::Threshold(threshold) => {
                let side = match threshold.side {
                    Side::Above => ">",
                    Side::Below => "<",
                };
                let of = threshold.measurable.as_deref().unwrap_or("pushed value");
                ("threshold", format!("{of} {side} {}", threshold.limit), threshold.last.as_ref())
            }
            Source::Request(_) => ("request", String::new(), None),
        };
        let policy = Policy { overlap: inlet.overlap, ..Policy::default() };
        let id = inlet.id.to_string();
        Self {
            address: (kind == "event").then(|| format!("/hooks/{id}")),
            id,
            kind: kind.to_owned(),
            name: inlet.name.clone(),
            rule,
            set_up: Some(TriggerSource::from(&inlet.source)),
            last: last.map(LastValue::from),
            process: TriggeredProcess { slug, title },
            active: inlet.active,
            next_due: None,
            next: Vec::new(),
            zone: String::new(),
            clock_change: None,
            policy: policy.into(),
            paused: view.paused.as_ref().map(Paused::from),
            asked: 0,
            waiting: view.n_waiting,
        }
    }
}

/// An occurrence of a trigger: it started one run, or was accounted for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Occurrence {
    /// When it was due.
    pub due: Time,
    /// The local date and time it stands for.
    pub civil: String,
    /// What made it due: "schedule", "backfill", "event", "threshold" or "request".
    pub kind: String,
    /// Where it stands: "planned", "waiting", "asked", "started" or "skipped".
    pub state: String,
    /// Why it did or did not start a run.
    pub explanation: String,
    /// The run it started.
    pub run: Option<String>,
    /// Why it started none.
    pub reason: Option<String>,
    /// When Gemba acted on it.
    pub handled: Time,
    /// How late that was, in seconds.
    pub late_s: i64,
    /// What came from outside with it.
    pub outside: Option<FromOutside>,
}

impl From<&triggers::Occurrence> for Occurrence {
    fn from(occurrence: &triggers::Occurrence) -> Self {
        let row = &occurrence.row;
        Self {
            due: Time::of(row.due),
            civil: row.civil.clone(),
            kind: row.kind.word().to_owned(),
            state: row.state.word().to_owned(),
            explanation: occurrence.explanation.clone(),
            run: row.run.map(|run| run.to_string()),
            reason: row.reason.clone().filter(|_| row.run.is_none()),
            handled: Time::of(row.handled),
            late_s: occurrence.late_s,
            outside: FromOutside::of(&occurrence.brought),
        }
    }
}

/// The answer to an occurrence that asks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionInput {
    /// Whether it shall start its run.
    pub start: bool,
}

/// What became of an occurrence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Decided {
    /// Where it stands now.
    pub state: String,
    /// The run it started.
    pub run: Option<String>,
}

impl From<&triggers::OccurrenceRow> for Decided {
    fn from(row: &triggers::OccurrenceRow) -> Self {
        Self { state: row.state.word().to_owned(), run: row.run.map(|run| run.to_string()) }
    }
}

/// A request for occurrences of the past.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BackfillInput {
    /// From when.
    pub from: String,
    /// To when, not within it.
    pub to: String,
    /// Why.
    pub reason: String,
    /// How many new ones the preview showed; another number is refused.
    pub expected: usize,
}

/// Occurrences of the past: what asking for them would start, or has started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Backfill {
    /// From when.
    pub from: Time,
    /// To when, not within it.
    pub to: Time,
    /// How many start a run.
    pub new: usize,
    /// Each moment that the rules in force then name, earliest first.
    pub moments: Vec<BackfillMoment>,
}

/// A moment of the past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BackfillMoment {
    /// When.
    pub at: Time,
    /// The local date and time.
    pub civil: String,
    /// The rule that names it.
    pub rule: String,
    /// The number of the revision that was in force.
    pub revision: u32,
    /// What became of the occurrence that is there already, which is left alone.
    pub there: Option<String>,
}

impl From<&triggers::Backfill> for Backfill {
    fn from(backfill: &triggers::Backfill) -> Self {
        let moment = |line: &triggers::BackfillLine| BackfillMoment {
            at: Time::of(line.at),
            civil: line.civil.to_string(),
            rule: line.rule.to_string(),
            revision: line.revision,
            there: line.there.map(|state| state.word().to_owned()),
        };
        Self {
            from: Time::of(backfill.from),
            to: Time::of(backfill.to),
            new: backfill.n_new(),
            moments: backfill.lines.iter().map(moment).collect(),
        }
    }
}
