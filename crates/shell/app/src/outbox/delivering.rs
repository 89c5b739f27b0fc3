//! Sending what is due, and what comes of each try.
//!
//! A row is claimed in a transaction of its own: its next due moment is put off, so that no other node
//! sends it meanwhile, and a crash before the answer is written only means that it is sent again. What
//! comes back counts only where the row is still that of this claim.

use super::{Parcel, Try, letter};
use crate::{
    Act, App, Result, Who, audit,
    ports::{Answer, Post},
    records::{Account, Channel, Stopped, Target},
};
use gemba_store::{DeliveryRow, DeliveryState, Mode, Tx, load, save};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// How long a claim keeps a row from others: longer than any try may take.
const CLAIM: SignedDuration = SignedDuration::from_mins(2);
/// The pauses after each try that failed, before chance makes them a little longer or shorter.
const PAUSES: [SignedDuration; 9] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(14),
    SignedDuration::from_hours(20),
];
/// The longest pause that a receiver may ask for.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// How many rows are looked at for those to claim, and how many of one channel are sent at a time: one
/// that is slow must not hold up the others.
const LOOKED_AT: u32 = 200;
const AT_A_TIME: usize = 2;
/// The most tries that the log of one delivery keeps.
const LOG: usize = 40;
/// The longest answer that the log keeps, in characters.
const SAID: usize = 500;

/// A row that is to be sent now, by whoever claimed it.
#[derive(Debug)]
pub struct Claimed {
    row: DeliveryRow,
    channel: Channel,
}

/// Claims rows that are due, at most `limit`; send each of them ([`send`]).
pub async fn claim_due(app: &App, limit: usize) -> Result<Vec<Claimed>> {
    let who = Who::system();
    let mut tx = app.open(&who, Act::Read, Mode::Read).await?;
    if tx.due_deliveries(app.now(), 1).await?.is_empty() {
        return Ok(Vec::new());
    }
    drop(tx);
    let mut tx = app.open(&who, Act::Work, Mode::Write).await?;
    let now = app.now();
    let mut claimed: Vec<Claimed> = Vec::new();
    let mut sent = BTreeMap::new();
    for mut row in tx.due_deliveries(now, LOOKED_AT).await? {
        let n: &mut usize = sent.entry(row.channel).or_default();
        if claimed.len() >= limit || *n >= AT_A_TIME {
            continue;
        }
        *n += 1;
        let channel = load::<Channel>(&mut *tx, &row.channel.to_string()).await?;
        match channel.map(|channel| channel.value) {
            Some(channel) if channel.active && channel.stopped.is_none() => {
                row.due = Some(now + CLAIM);
                row.tries += 1;
                tx.put_delivery(&row).await?;
                claimed.push(Claimed { row, channel });
            }
            gone => {
                let why = match gone.and_then(|channel| channel.stopped) {
                    Some(stopped) => format!("The channel was stopped: {}", stopped.reason),
                    None => "The channel was taken away.".to_owned(),
                };
                let note = Try { at: now, status: None, said: why, took_ms: 0 };
                written(&mut *tx, row, note, DeliveryState::Dropped, None).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(claimed)
}

/// The next moment at which something is due.
pub async fn next_due(app: &App) -> Result<Option<Timestamp>> {
    let mut tx = app.open(&Who::system(), Act::Read, Mode::Read).await?;
    Ok(tx.next_delivery().await?)
}

/// What came of a try.
enum Came {
    /// It was taken.
    Taken { status: Option<u16>, said: String },
    /// It was not, this time.
    NotNow { status: Option<u16>, said: String, wait: Option<SignedDuration> },
    /// The receiver wants nothing any more.
    Gone { status: Option<u16>, said: String },
    /// There is nobody to send it to.
    Nobody { said: String },
}

/// Sends a row that was claimed, and writes what came of it.
pub async fn send(app: &App, claimed: Claimed) -> Result<()> {
    let Claimed { row, channel } = claimed;
    let parcel = Parcel::of(&row)?;
    let began = app.now();
    let came = carry(app, &channel, &parcel).await?;
    let took_ms = app.now().duration_since(began).as_millis();
    let took_ms = i64::try_from(took_ms).unwrap_or(i64::MAX).max(0);
    let who = Who::system();
    let mut tx = app.open(&who, Act::Work, Mode::Write).await?;
    let now = app.now();
    let Some(kept) = tx.delivery(row.id).await? else { return Ok(()) };
    if kept.tries != row.tries || kept.state != DeliveryState::Waiting {
        // The claim ran out and another took it, or somebody asked for it anew.
        return Ok(());
    }
    let note = |status, said: String| {
        let said = said.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SAID).collect();
        Try { at: now, status, said, took_ms }
    };
    let mut stopped = None;
    match came {
        Came::Taken { status, said } => {
            written(&mut *tx, kept, note(status, said), DeliveryState::Sent, None).await?;
        }
        Came::NotNow { status, said, wait } => {
            let pause = usize::try_from(kept.tries - 1).ok().and_then(|n| PAUSES.get(n));
            let due = pause.map(|pause| {
                let pause = jittered(*pause, app.chance());
                now + wait.map_or(pause, |wait| wait.min(LONGEST).max(pause))
            });
            let state = due.map_or(DeliveryState::Failed, |_| DeliveryState::Waiting);
            written(&mut *tx, kept, note(status, said), state, due).await?;
        }
        Came::Gone { status, said } => {
            written(&mut *tx, kept, note(status, said), DeliveryState::Failed, None).await?;
            stopped = Some("The receiver answered that it wants nothing any more (410).");
        }
        Came::Nobody { said } => {
            written(&mut *tx, kept, note(None, said), DeliveryState::Dropped, None).await?;
        }
    }
    if let Some(reason) = stopped
        && let Some(mut channel) = load::<Channel>(&mut *tx, &channel.id.to_string()).await?
    {
        let (by, reason) = (who.name.clone(), reason.to_owned());
        let id = channel.value.id.to_string();
        audit::write(app, &mut *tx, &who, "channel.stopped", &id, &reason).await?;
        channel.value.stopped = Some(Stopped { at: now, by, reason });
        save(&mut *tx, &channel).await?;
    }
    tx.commit().await?;
    if stopped.is_some() {
        app.know_channels(None);
    }
    Ok(())
}

pub(super) async fn written(
    tx: &mut dyn Tx,
    mut row: DeliveryRow,
    note: Try,
    state: DeliveryState,
    due: Option<Timestamp>,
) -> Result<()> {
    let mut parcel = Parcel::of(&row)?;
    parcel.tries.push(note);
    parcel.tries.drain(..parcel.tries.len().saturating_sub(LOG));
    row.body = parcel.written()?;
    (row.state, row.due) = (state, due);
    tx.put_delivery(&row).await?;
    Ok(())
}

/// A pause, a fifth longer or shorter at most.
fn jittered(pause: SignedDuration, chance: u128) -> SignedDuration {
    let share = i32::try_from(chance % 401).unwrap_or(200) - 200;
    pause
        + SignedDuration::from_micros(
            i64::try_from(pause.as_micros()).unwrap_or(0) / 1_000 * i64::from(share),
        )
}

async fn carry(app: &App, channel: &Channel, parcel: &Parcel) -> Result<Came> {
    let courier = app.courier();
    let (news, base) = (&parcel.news, courier.base());
    let mut headers = Vec::new();
    let (url, body) = match &channel.target {
        Target::Webhook { url, secrets } => {
            let body = letter::cloud_event(news, base).to_string().into_bytes();
            let (id, at) = (news.id.to_string(), app.now().as_second());
            let signatures: Vec<String> = secrets
                .iter()
                .filter(|one| one.until.is_none_or(|until| app.now() < until))
                .filter_map(|one| one.secret.sign(&id, at, &body))
                .collect();
            headers.push(("content-type", "application/cloudevents+json".to_owned()));
            headers.push(("webhook-id", id));
            headers.push(("webhook-timestamp", at.to_string()));
            headers.push(("webhook-signature", signatures.join(" ")));
            (url, body)
        }
        Target::Slack { url } => {
            headers.push(("content-type", "application/json".to_owned()));
            (url, letter::chat(news, base).to_string().into_bytes())
        }
        Target::Mail { to } => return Ok(post_mail(app, parcel, to.clone()).await),
        Target::Person { account, .. } => {
            let mut tx = app.open(&Who::system(), Act::Read, Mode::Read).await?;
            let account = load::<Account>(&mut *tx, &account.to_string()).await?;
            drop(tx);
            return Ok(
                match account.map(|account| account.value).filter(|account| account.active) {
                    Some(account) => post_mail(app, parcel, vec![account.email]).await,
                    None => Came::Nobody { said: "The account is closed.".to_owned() },
                },
            );
        }
    };
    if let Some(why) = courier.refuses(url) {
        return Ok(Came::NotNow { status: None, said: why, wait: None });
    }
    Ok(match courier.post(Post { url: url.clone(), headers, body }).await {
        Ok(answer) => answered(answer),
        Err(said) => Came::NotNow { status: None, said, wait: None },
    })
}

async fn post_mail(app: &App, parcel: &Parcel, to: Vec<String>) -> Came {
    let courier = app.courier();
    if !courier.sends_mail() {
        let said = "No mail server is named: start the server with --smtp.".to_owned();
        return Came::NotNow { status: None, said, wait: None };
    }
    match courier.mail(letter::mail(&parcel.news, to, courier.base())).await {
        Ok(said) => Came::Taken { status: None, said },
        Err(said) => Came::NotNow { status: None, said, wait: None },
    }
}

fn answered(answer: Answer) -> Came {
    let Answer { status, retry_after, body } = answer;
    let (said, status) = (body, Some(status));
    match status {
        Some(200..=299) => Came::Taken { status, said },
        Some(410) => Came::Gone { status, said },
        _ => {
            let wait = retry_after.map(|s| SignedDuration::from_secs(i64::from(s)));
            Came::NotNow { status, said, wait }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_moves_a_pause_by_a_fifth_at_most() {
        let minute = SignedDuration::from_mins(1);
        for (chance, expected) in [(0, 48), (200, 60), (400, 72), (401, 48)] {
            assert_eq!(jittered(minute, chance).as_secs(), expected);
        }
    }
}
