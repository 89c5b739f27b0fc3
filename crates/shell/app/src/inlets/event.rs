//! Signed messages that start runs: verified, taken once, mapped to what the run gets.

use super::{
    find, in_force,
    message::{Letter, Mapped, Message},
};
use crate::{
    Act, App, Error, Result, Who,
    accounts::hashed,
    audit,
    records::{Inlet, Source, TakenMessage, Webhook, WebhookSecret},
    signing::{Secret, Signed},
    triggers::{
        Brought,
        turn::{self, Armed, Happening},
    },
};
use gemba_model::id::TriggerId;
use gemba_schedule::policy::{self, Turn};
use gemba_store::{Mode, OccurrenceKind, OccurrenceRow, OccurrenceState, Tx, insert, load, save};
use jiff::SignedDuration;

/// How long the secret before still verifies after another took its place.
const BOTH: SignedDuration = SignedDuration::from_hours(24);

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It was taken; its occurrence stands so.
    Taken(OccurrenceState),
    /// It was taken before.
    Repeated,
}

fn of(inlet: &Inlet) -> Result<&Webhook> {
    match &inlet.source {
        Source::Event(webhook) => Ok(webhook),
        Source::Threshold(_) | Source::Request(_) => Err(Error::not_found("webhook", inlet.id)),
    }
}

/// Takes a message from outside. Who sends it proves it by its signature and by nothing else.
pub async fn receive(app: &App, id: TriggerId, signed: &Signed, letter: &Letter) -> Result<Answer> {
    let now = app.now();
    let mut tx = app.open_for_identity(Mode::Read).await?;
    let inlet = in_force(&mut *tx, id).await?.value;
    drop(tx);
    let secrets: Vec<&Secret> = of(&inlet)?
        .secrets
        .iter()
        .filter(|one| one.until.is_none_or(|until| now < until))
        .map(|one| &one.secret)
        .collect();
    signed.verify(&secrets, now, &letter.body)?;
    let message = letter.read()?;
    let name = format!("Webhook {}", inlet.name);
    let who = Who { name, ..Who::system() };
    let mut tx = app.open(&who, Act::StartRun, Mode::Write).await?;
    let inlet = in_force(&mut *tx, id).await?.value;
    let taken = TakenMessage { id: hashed(format!("{id}\n{}", signed.id).as_bytes()), at: now };
    // In binary mode id and source of an event are not signed, but the id of the message is: a copy under
    // another event's name is still a copy.
    if load::<TakenMessage>(&mut *tx, &taken.id).await?.is_some() {
        return Ok(Answer::Repeated);
    }
    insert(&mut *tx, &taken).await?;
    let answer = take(app, &mut *tx, &who, &inlet, letter, &message).await?;
    tx.commit().await?;
    Ok(answer.map_or(Answer::Repeated, |row| Answer::Taken(row.state)))
}

async fn take(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    inlet: &Inlet,
    letter: &Letter,
    message: &Message,
) -> Result<Option<OccurrenceRow>> {
    let webhook = of(inlet)?;
    let mapped = webhook.mapping.apply(message);
    let digest = hashed(&letter.body);
    tx.put_blob(&digest, &letter.body).await?;
    let happening = Happening {
        kind: OccurrenceKind::Event,
        cause: Some(format!("{}\n{}", message.source, message.id)),
        skip: refused_type(webhook, message),
        because: Some(because(message, &mapped)),
        brought: Brought {
            title: mapped.title,
            inputs: mapped.inputs,
            source: Some(message.source.clone()),
            message: Some(message.id.clone()),
            message_type: Some(message.kind.clone()),
            digest: Some(digest),
            ..Brought::default()
        },
    };
    turn::happen(app, tx, who, &Armed::of_inlet(inlet), happening).await
}

fn refused_type(webhook: &Webhook, message: &Message) -> Option<String> {
    let fits = webhook.types.is_empty() || webhook.types.contains(&message.kind);
    (!fits).then(|| format!("Its type “{}” is none of those that start a run here.", message.kind))
}

fn because(message: &Message, mapped: &Mapped) -> String {
    let said = format!("“{}” {} from {} started it.", message.kind, message.id, message.source);
    match mapped.missing.join(", ") {
        missing if missing.is_empty() => said,
        missing => format!("{said} The message has nothing at {missing}."),
    }
}

/// A new secret, or the one that the sender made.
pub(super) fn secret(app: &App, given: Option<&str>) -> Result<Secret> {
    match given.map(str::trim).filter(|given| !given.is_empty()) {
        None => Ok(Secret::new(app)),
        Some(given) => Secret::of_text(given).ok_or_else(|| {
            let message = "a secret is `whsec_` and 24 to 64 bytes in base 64";
            Error::invalid("secret", message)
        }),
    }
}

/// Gives an inlet another secret, which comes back, once; the one before verifies for a day longer.
pub(super) async fn rotate(
    app: &App,
    who: &Who,
    id: TriggerId,
    given: Option<&str>,
) -> Result<String> {
    let secret = secret(app, given)?;
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let mut inlet = in_force(&mut *tx, id).await?;
    let now = app.now();
    let Source::Event(webhook) = &mut inlet.value.source else {
        return Err(Error::not_found("webhook", id));
    };
    let shown = secret.reveal();
    // Only the one in use stays beside the new one: what must stop at once is changed twice.
    let before = webhook.secrets.pop();
    webhook.secrets = before
        .map(|before| WebhookSecret { until: Some(now + BOTH), ..before })
        .into_iter()
        .chain([WebhookSecret { secret, from: now, until: None }])
        .collect();
    save(&mut *tx, &inlet).await?;
    audit::write(app, &mut *tx, who, "trigger.secret_changed", &id.to_string(), &()).await?;
    tx.commit().await?;
    Ok(shown)
}

/// What a message would do.
#[derive(Debug, Clone)]
pub struct DryRun {
    /// The message, as it was read.
    pub message: Message,
    /// What the run would get.
    pub mapped: Mapped,
    /// Why it would start no run; nothing where it would start one.
    pub held: Option<String>,
}

/// What a message would do, without its signature and without doing it.
pub async fn dry_run(app: &App, who: &Who, id: TriggerId, letter: &Letter) -> Result<DryRun> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let inlet = find(&mut *tx, id).await?.value;
    let webhook = of(&inlet)?;
    let message = letter.read()?;
    let mapped = webhook.mapping.apply(&message);
    let cause = format!("{}\n{}", message.source, message.id);
    let paused = crate::records::Pause::open(&inlet.pauses);
    let held = match (refused_type(webhook, &message), paused) {
        (_, _) if !inlet.active => Some("The trigger was taken away.".to_owned()),
        (Some(reason), _) => Some(reason),
        (None, Some(pause)) => {
            Some(format!("The trigger is paused by {}: {}", pause.by, pause.reason))
        }
        (None, None) if tx.caused(id, &cause).await?.is_some() => {
            Some("This message was taken before.".to_owned())
        }
        (None, None) => {
            let others = !turn::going_on(&mut *tx, &Armed::of_inlet(&inlet)).await?.is_empty();
            match policy::turn(inlet.overlap, others, 0, false) {
                Turn::Start | Turn::EndOthers => None,
                Turn::Wait => Some("It would wait for a run that goes on.".to_owned()),
                Turn::Skip | Turn::Full => {
                    Some("A run goes on, and only one may at a time.".to_owned())
                }
            }
        }
    };
    Ok(DryRun { message, mapped, held })
}
