//! The outbox: what happened is told to the channels that want to hear of it.
//!
//! A row for each channel is written in the transaction of the act, so nothing is told that did not
//! happen and nothing that happened is forgotten. The worker sends what is due ([`claim_due`], [`send`]),
//! again and again with growing pauses until it is taken or was tried often enough; each try is in the
//! log. A receiver may hear of the same event twice, under the same id.

mod channels;
mod delivering;
mod digest;
mod facts;
mod letter;
mod log;

pub use channels::{
    ChannelInput, ChannelView, Notices, SetUp, TargetInput, change, create, delete, get, list,
    my_notices, renew, resume, set_my_notices, stop, test,
};
pub use delivering::{Claimed, claim_due, next_due, send};
pub use digest::write_due as write_digests;
pub(crate) use facts::{of_act, of_run};
pub use letter::cloud_event;
pub use log::{DeliveryView, Listing, deliveries, delivery, replay};

use crate::{
    App, Result, absences,
    records::{Channel, Holder, Seat, Target},
};
use gemba_model::id::{AccountId, DeliveryId, EntryId, ProcessId, SeatId};
pub use gemba_store::DeliveryState;
use gemba_store::{DeliveryRow, Tx, by_key, load};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How long the log is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What news is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// A run began.
    #[serde(rename = "run.started")]
    RunStarted,
    /// A run came to its end.
    #[serde(rename = "run.completed")]
    RunCompleted,
    /// A run was ended before its end.
    #[serde(rename = "run.cancelled")]
    RunCancelled,
    /// A step's turn came.
    #[serde(rename = "step.opened")]
    StepOpened,
    /// A step was handed to another seat.
    #[serde(rename = "step.handed_over")]
    StepHandedOver,
    /// A step was given to a person to do for its seat.
    #[serde(rename = "step.delegated")]
    StepDelegated,
    /// The deadline of a step is near.
    #[serde(rename = "step.reminder")]
    StepReminder,
    /// A step was done.
    #[serde(rename = "step.completed")]
    StepCompleted,
    /// A run went on without a step.
    #[serde(rename = "step.skipped")]
    StepSkipped,
    /// A step was not done by its deadline.
    #[serde(rename = "step.late")]
    StepLate,
    /// A failure signal came true.
    #[serde(rename = "signal.raised")]
    SignalRaised,
    /// An incident was opened.
    #[serde(rename = "incident.opened")]
    IncidentOpened,
    /// An incident was handed up the chart.
    #[serde(rename = "incident.handed_up")]
    IncidentHandedUp,
    /// An incident was closed.
    #[serde(rename = "incident.closed")]
    IncidentClosed,
    /// A trigger was due and started no run.
    #[serde(rename = "trigger.held")]
    TriggerHeld,
    /// A revision was put in force.
    #[serde(rename = "process.published")]
    ProcessPublished,
    /// A revision was proposed.
    #[serde(rename = "process.proposed")]
    ProcessProposed,
    /// A process was retired.
    #[serde(rename = "process.retired")]
    ProcessRetired,
    /// The digest of a morning.
    #[serde(rename = "digest")]
    Digest,
    /// Somebody tries a channel.
    #[serde(rename = "test")]
    Test,
}

impl Kind {
    /// The kinds that one chooses from.
    pub const CHOICE: [Self; 18] = [
        Self::RunStarted,
        Self::RunCompleted,
        Self::RunCancelled,
        Self::StepOpened,
        Self::StepHandedOver,
        Self::StepDelegated,
        Self::StepCompleted,
        Self::StepSkipped,
        Self::StepReminder,
        Self::StepLate,
        Self::SignalRaised,
        Self::IncidentOpened,
        Self::IncidentHandedUp,
        Self::IncidentClosed,
        Self::TriggerHeld,
        Self::ProcessPublished,
        Self::ProcessProposed,
        Self::ProcessRetired,
    ];

    /// The kinds that a person chooses from, about the seats they hold.
    pub const PERSONAL: [Self; 7] = [
        Self::StepOpened,
        Self::StepHandedOver,
        Self::StepDelegated,
        Self::StepReminder,
        Self::StepLate,
        Self::IncidentOpened,
        Self::IncidentHandedUp,
    ];

    /// The word stored and sent.
    pub fn word(self) -> &'static str {
        match self {
            Self::RunStarted => "run.started",
            Self::RunCompleted => "run.completed",
            Self::RunCancelled => "run.cancelled",
            Self::StepOpened => "step.opened",
            Self::StepHandedOver => "step.handed_over",
            Self::StepDelegated => "step.delegated",
            Self::StepReminder => "step.reminder",
            Self::StepCompleted => "step.completed",
            Self::StepSkipped => "step.skipped",
            Self::StepLate => "step.late",
            Self::SignalRaised => "signal.raised",
            Self::IncidentOpened => "incident.opened",
            Self::IncidentHandedUp => "incident.handed_up",
            Self::IncidentClosed => "incident.closed",
            Self::TriggerHeld => "trigger.held",
            Self::ProcessPublished => "process.published",
            Self::ProcessProposed => "process.proposed",
            Self::ProcessRetired => "process.retired",
            Self::Digest => "digest",
            Self::Test => "test",
        }
    }

    /// The kind of a [`Self::word`] that one chooses from.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::CHOICE.into_iter().find(|kind| kind.word() == word)
    }

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::RunStarted => "A run begins",
            Self::RunCompleted => "A run is completed",
            Self::RunCancelled => "A run is ended early",
            Self::StepOpened => "A step's turn comes",
            Self::StepHandedOver => "A step is handed over",
            Self::StepDelegated => "A step is given to a person",
            Self::StepReminder => "The deadline of a step is near",
            Self::StepCompleted => "A step is done",
            Self::StepSkipped => "A step is skipped",
            Self::StepLate => "A step misses its deadline",
            Self::SignalRaised => "A failure signal comes true",
            Self::IncidentOpened => "An incident is opened",
            Self::IncidentHandedUp => "An incident is handed up",
            Self::IncidentClosed => "An incident is closed",
            Self::TriggerHeld => "A trigger is due and starts no run",
            Self::ProcessPublished => "A revision is put in force",
            Self::ProcessProposed => "A revision is proposed",
            Self::ProcessRetired => "A process is retired",
            Self::Digest => "Daily digest",
            Self::Test => "A try",
        }
    }
}

/// Something with a name that news speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its id or slug.
    pub id: String,
    /// What it is called.
    pub title: String,
}

impl Named {
    fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into() }
    }
}

/// A piece of news.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The id, the same for every channel and every try.
    pub id: EntryId,
    /// What it is about.
    pub kind: Kind,
    /// When it happened.
    pub at: Timestamp,
    /// What happened, as a sentence.
    pub says: String,
    /// The id of what it happened to.
    pub subject: String,
    /// The page about it, below the address of the server.
    pub path: String,
    /// The process: slug and title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<Named>,
    /// The run: id and title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Named>,
    /// The step: id and title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Named>,
    /// The work item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_item: Option<String>,
    /// The seat: slug and name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<Named>,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// By when it must be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// A longer text, for channels that are read by people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What a row of the outbox holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Parcel {
    /// The news.
    pub(crate) news: News,
    /// What came of each try, earliest first.
    #[serde(default)]
    pub(crate) tries: Vec<Try>,
}

impl Parcel {
    pub(crate) fn of(row: &DeliveryRow) -> Result<Self> {
        let corrupt = |e| gemba_store::Error::corrupt(format!("delivery {}", row.id), e);
        Ok(serde_json::from_str(&row.body).map_err(corrupt)?)
    }

    pub(crate) fn written(&self) -> Result<String> {
        let corrupt = |e| gemba_store::Error::corrupt("delivery", e);
        Ok(serde_json::to_string(self).map_err(corrupt)?)
    }
}

/// One try of a delivery, or a word on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// When.
    pub at: Timestamp,
    /// The HTTP status that came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What came back, or why nothing did.
    pub said: String,
    /// How long it took, in milliseconds.
    #[serde(default)]
    pub took_ms: i64,
}

/// News with what decides who hears of it.
#[derive(Debug)]
pub(crate) struct Fact {
    news: News,
    process: Option<ProcessId>,
    seat: Option<SeatId>,
    /// The person whom it concerns, whatever seat they hold.
    person: Option<AccountId>,
    /// Who did it: nobody is told of their own acts.
    actor: Option<AccountId>,
}

fn fresh(app: &App, kind: Kind, says: String, subject: String, path: String) -> News {
    let (millis, chance) = app.fresh();
    News {
        id: EntryId::new(millis, chance),
        kind,
        at: app.now(),
        says,
        subject,
        path,
        process: None,
        run: None,
        step: None,
        work_item: None,
        seat: None,
        by: None,
        due: None,
        text: None,
    }
}

/// The channels in force that are not stopped. They are read once in a while and not with every act:
/// nearly every act happens where there are none or few.
async fn listening(app: &App, tx: &mut dyn Tx) -> Result<Arc<[Channel]>> {
    if let Some(known) = app.known_channels() {
        return Ok(known);
    }
    let all = by_key::<Channel>(tx, "active", "yes").await?;
    let all: Arc<[Channel]> =
        all.into_iter().map(|c| c.value).filter(|c| c.stopped.is_none()).collect();
    app.know_channels(Some(Arc::clone(&all)));
    Ok(all)
}

/// Writes a row for every channel that wants to hear of a fact.
async fn tell(app: &App, tx: &mut dyn Tx, channels: &[Channel], facts: Vec<Fact>) -> Result<()> {
    let mut told = Vec::new();
    for fact in facts {
        for channel in channels {
            if wants(tx, channel, &fact).await? {
                told.push((channel, fact.news.clone()));
            }
        }
    }
    // What happened in one moment is kept in its order.
    let mut ids: Vec<DeliveryId> = told.iter().map(|_| fresh_id(app)).collect();
    ids.sort_unstable();
    for (id, (channel, news)) in ids.into_iter().zip(told) {
        put(app, tx, id, channel, news).await?;
    }
    Ok(())
}

async fn wants(tx: &mut dyn Tx, channel: &Channel, fact: &Fact) -> Result<bool> {
    let word = fact.news.kind.word();
    let about = channel.process.is_none_or(|process| Some(process) == fact.process)
        && (channel.kinds.is_empty() || channel.kinds.iter().any(|kind| kind == word));
    let Target::Person { account, .. } = &channel.target else { return Ok(about) };
    // For a person an empty choice means none: most want the digest alone.
    let chosen = channel.kinds.iter().any(|kind| kind == word) && fact.actor != Some(*account);
    if about && chosen && fact.person == Some(*account) {
        return Ok(true);
    }
    let Some(seat) = fact.seat.filter(|_| about && chosen) else { return Ok(false) };
    let seat = load::<Seat>(tx, &seat.to_string()).await?;
    match seat.map(|seat| seat.value.holder) {
        Some(Holder::Person { account: holder }) if holder == *account => Ok(true),
        // Whoever acts for a holder who is away is told in their place, and so are they.
        Some(Holder::Person { account: holder }) => {
            absences::acts_for(tx, *account, holder, fact.news.at).await
        }
        Some(Holder::Vacant | Holder::Agent { .. }) | None => Ok(false),
    }
}

fn fresh_id(app: &App) -> DeliveryId {
    let (millis, chance) = app.fresh();
    DeliveryId::new(millis, chance)
}

/// Writes a row of the outbox, due at once.
async fn put(
    app: &App,
    tx: &mut dyn Tx,
    id: DeliveryId,
    channel: &Channel,
    news: News,
) -> Result<()> {
    let kind = news.kind.word().to_owned();
    let row = DeliveryRow {
        id,
        channel: channel.id,
        kind,
        state: DeliveryState::Waiting,
        due: Some(app.now()),
        tries: 0,
        body: Parcel { news, tries: Vec::new() }.written()?,
    };
    tx.put_delivery(&row).await?;
    Ok(())
}

/// Forgets what was sent long ago.
pub(crate) async fn sweep(tx: &mut dyn Tx, now: Timestamp) -> Result<()> {
    let before = u64::try_from((now - KEPT).as_millisecond()).unwrap_or(0);
    tx.forget_deliveries(DeliveryId::new(before, 0)).await?;
    Ok(())
}
