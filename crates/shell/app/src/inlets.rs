//! Inlets: triggers that are set up here, because they hold secrets, numbers or links. Each occurrence
//! of one goes the same way as those of schedules ([`crate::triggers`]).

mod event;
mod form;
pub mod message;
mod threshold;

pub use event::{Answer, DryRun, dry_run, receive};
pub use form::{Asked, asked, guest};
pub(crate) use threshold::observed;
pub use threshold::push;

use crate::{
    Act, App, Error, Result, Who, access, audit, processes,
    records::{
        GuestForm, Inlet, Mapping, Measurable, Pause, Question, Side, Source, TakenMessage,
        Threshold, Webhook, WebhookSecret,
    },
    workspace::text,
};
use gemba_model::{Overlap, id::TriggerId};
use gemba_store::{
    Mode, OccurrenceFilter, OccurrenceState, Tx, Versioned, all, insert, load, remove, save,
};
use jiff::{SignedDuration, Timestamp};

/// How long a message is remembered, so that its repetition is known: much longer than a message may be
/// on its way.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
/// The most types of messages that one inlet names.
const TYPES: usize = 50;

/// What one writes about an inlet.
#[derive(Debug, Clone)]
pub struct InletInput {
    /// What it is called.
    pub name: String,
    /// What becomes of what overlaps.
    pub overlap: Overlap,
    /// What starts a run.
    pub source: SourceInput,
}

/// What starts a run, as it is written.
#[derive(Debug, Clone)]
pub enum SourceInput {
    /// A signed message.
    Event {
        /// The types that are taken; empty for all.
        types: Vec<String>,
        /// What a run gets.
        mapping: Mapping,
        /// The secret that the sender made; one is made here where it made none.
        secret: Option<String>,
    },
    /// A number that crosses a limit.
    Threshold {
        /// The measurable (slug); none for values that are pushed to the trigger.
        measurable: Option<String>,
        /// On which side a run starts.
        side: Side,
        /// The limit.
        limit: f64,
        /// Where the number must come back to; the limit where nothing is said.
        rearm: Option<f64>,
    },
    /// A form for guests.
    Request {
        /// What a guest is told.
        words: String,
        /// What is asked.
        questions: Vec<Question>,
    },
}

/// An inlet that was set up.
#[derive(Debug, Clone)]
pub struct SetUp {
    /// The inlet.
    pub id: TriggerId,
    /// Its secret, or that of its link: never shown again.
    pub secret: Option<String>,
}

/// An inlet with everything its page shows. The secrets are not in it.
#[derive(Debug, Clone)]
pub struct InletView {
    /// The inlet, its secrets taken out.
    pub inlet: Inlet,
    /// The process: slug and title.
    pub process: (String, String),
    /// Why it is paused, where it is.
    pub paused: Option<Pause>,
    /// How many occurrences wait their turn.
    pub n_waiting: usize,
    /// Whether the one who asks may pause it.
    pub may_pause: bool,
    /// Whether the one who asks may change it.
    pub may_change: bool,
}

fn webhook(
    app: &App,
    types: &[String],
    mapping: Mapping,
    given: Option<&str>,
    kept: Option<&Source>,
) -> Result<Source> {
    mapping.check()?;
    if types.len() > TYPES {
        return Err(Error::invalid("types", format!("name at most {TYPES} types")));
    }
    let types = types.iter().map(|one| text("types", one, 200)).collect::<Result<_>>()?;
    let secrets = if let Some(Source::Event(webhook)) = kept {
        webhook.secrets.clone()
    } else {
        let secret = event::secret(app, given)?;
        vec![WebhookSecret { secret, from: app.now(), until: None }]
    };
    Ok(Source::Event(Webhook { types, mapping, secrets }))
}

/// The source as it is kept, and a secret to be shown once.
async fn made(
    app: &App,
    tx: &mut dyn Tx,
    input: SourceInput,
    kept: Option<&Source>,
) -> Result<(Source, Option<String>)> {
    match input {
        SourceInput::Event { types, mapping, secret } => {
            let source = webhook(app, &types, mapping, secret.as_deref(), kept)?;
            let secret = match (&source, kept) {
                (Source::Event(webhook), None) => webhook.secrets.last().map(|s| s.secret.reveal()),
                _ => None,
            };
            Ok((source, secret))
        }
        SourceInput::Threshold { measurable, side, limit, rearm } => {
            if let Some(slug) = &measurable {
                load::<Measurable>(tx, slug)
                    .await?
                    .ok_or_else(|| Error::not_found("measurable", slug))?;
            }
            let rearm = rearm.unwrap_or(limit);
            if !limit.is_finite() || !rearm.is_finite() {
                return Err(Error::invalid("limit", "the limit is a number"));
            }
            let beyond = match side {
                Side::Above => rearm > limit,
                Side::Below => rearm < limit,
            };
            if beyond {
                let message = "the number must come back to the limit or past it";
                return Err(Error::invalid("rearm", message));
            }
            let (armed, last) = match kept {
                Some(Source::Threshold(t)) if t.measurable == measurable => {
                    (t.armed, t.last.clone())
                }
                _ => (true, None),
            };
            let threshold = Threshold { measurable, side, limit, rearm, armed, last };
            Ok((Source::Threshold(threshold), None))
        }
        SourceInput::Request { words, questions } => {
            let questions = form::checked(questions)?;
            if words.chars().count() > 2_000 {
                return Err(Error::invalid("words", "at most 2,000 characters"));
            }
            let (hash, sent, secret) = if let Some(Source::Request(form)) = kept {
                (form.hash.clone(), form.sent.clone(), None)
            } else {
                let secret = app.secret("ask");
                (crate::accounts::hashed(secret.as_bytes()), Vec::new(), Some(secret))
            };
            Ok((Source::Request(GuestForm { hash, words, questions, sent }), secret))
        }
    }
}

/// Sets up an inlet for a process; its secret comes back, once.
pub async fn create(app: &App, who: &Who, process: &str, input: InletInput) -> Result<SetUp> {
    let name = text("name", &input.name, 100)?;
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let process = processes::find(&mut *tx, process).await?.value;
    let (source, secret) = made(app, &mut *tx, input.source, None).await?;
    let (millis, chance) = app.fresh();
    let inlet = Inlet {
        id: TriggerId::new(millis, chance),
        process: process.id,
        name,
        source,
        overlap: input.overlap,
        pauses: Vec::new(),
        active: true,
        by: who.name.clone(),
        created: app.now(),
    };
    insert(&mut *tx, &inlet).await?;
    let detail = (&inlet.name, &process.slug);
    audit::write(app, &mut *tx, who, "trigger.created", &inlet.id.to_string(), &detail).await?;
    tx.commit().await?;
    Ok(SetUp { id: inlet.id, secret })
}

/// Changes an inlet; its secrets, and what it knows of the last value, stay. What it is stays as well.
pub async fn change(app: &App, who: &Who, id: TriggerId, input: InletInput) -> Result<()> {
    let name = text("name", &input.name, 100)?;
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let mut inlet = in_force(&mut *tx, id).await?;
    let (source, _none) = made(app, &mut *tx, input.source, Some(&inlet.value.source)).await?;
    if std::mem::discriminant(&source) != std::mem::discriminant(&inlet.value.source) {
        return Err(Error::invalid("kind", "a trigger stays of its kind; set up another"));
    }
    let value = &mut inlet.value;
    (value.name, value.source, value.overlap) = (name, source, input.overlap);
    save(&mut *tx, &inlet).await?;
    let detail = &inlet.value.name;
    audit::write(app, &mut *tx, who, "trigger.changed", &id.to_string(), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes an inlet away: it starts no run any more, its secrets and links work no longer.
pub async fn delete(app: &App, who: &Who, id: TriggerId) -> Result<()> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let mut inlet = in_force(&mut *tx, id).await?;
    inlet.value.active = false;
    if let Source::Event(webhook) = &mut inlet.value.source {
        webhook.secrets.clear();
    }
    save(&mut *tx, &inlet).await?;
    let detail = &inlet.value.name;
    audit::write(app, &mut *tx, who, "trigger.removed", &id.to_string(), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives an inlet another secret or link, which comes back, once.
pub async fn renew(app: &App, who: &Who, id: TriggerId, given: Option<&str>) -> Result<String> {
    access::require(who, Act::Manage)?;
    let kept = get(app, who, id).await?.inlet.source;
    match kept {
        Source::Request(_) => form::new_link(app, who, id).await,
        Source::Event(_) | Source::Threshold(_) => event::rotate(app, who, id, given).await,
    }
}

async fn find(tx: &mut dyn Tx, id: TriggerId) -> Result<Versioned<Inlet>> {
    load::<Inlet>(tx, &id.to_string()).await?.ok_or_else(|| Error::not_found("trigger", id))
}

async fn in_force(tx: &mut dyn Tx, id: TriggerId) -> Result<Versioned<Inlet>> {
    let inlet = find(tx, id).await?;
    if inlet.value.active { Ok(inlet) } else { Err(Error::not_found("trigger", id)) }
}

/// The inlets in force, by name.
pub async fn list(app: &App, who: &Who) -> Result<Vec<InletView>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let mut found = Vec::new();
    for inlet in all::<Inlet>(&mut *tx).await? {
        if inlet.value.active {
            found.push(shown(&mut *tx, who, inlet.value).await?);
        }
    }
    found.sort_by(|a, b| (&a.inlet.name, a.inlet.id).cmp(&(&b.inlet.name, b.inlet.id)));
    Ok(found)
}

/// One inlet, also one that was taken away.
pub async fn get(app: &App, who: &Who, id: TriggerId) -> Result<InletView> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let inlet = find(&mut *tx, id).await?.value;
    shown(&mut *tx, who, inlet).await
}

async fn shown(tx: &mut dyn Tx, who: &Who, mut inlet: Inlet) -> Result<InletView> {
    match &mut inlet.source {
        Source::Event(webhook) => webhook.secrets.clear(),
        Source::Request(form) => form.hash.clear(),
        Source::Threshold(_) => {}
    }
    let process = processes::of_id(tx, inlet.process).await?.value;
    let owner = process.published.as_ref().map(|in_force| in_force.owner);
    let filter = OccurrenceFilter {
        trigger: Some(inlet.id),
        states: vec![OccurrenceState::Waiting],
        limit: 100,
        ..OccurrenceFilter::default()
    };
    Ok(InletView {
        process: (process.slug.clone(), process.summary().title.clone()),
        paused: Pause::open(&inlet.pauses).cloned(),
        n_waiting: tx.occurrences(&filter).await?.len(),
        may_pause: access::may(who, Act::Write) && access::owns(who, owner),
        may_change: access::may(who, Act::Manage),
        inlet,
    })
}

/// Forgets messages that are too old to be repeated, and secrets that another took the place of.
pub(crate) async fn sweep(tx: &mut dyn Tx, now: Timestamp) -> Result<()> {
    for taken in all::<TakenMessage>(tx).await? {
        if now >= taken.value.at + REMEMBERED {
            remove::<TakenMessage>(tx, &taken.value.id).await?;
        }
    }
    Ok(())
}
