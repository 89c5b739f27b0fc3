//! The same answer for the same request: what `Idempotency-Key` promises.

use crate::{Act, App, Error, Principal, Result, Who, accounts::hashed, records::Answered};
use gemba_store::{Mode, Tx, all, insert, load, remove};
use jiff::{SignedDuration, Timestamp};

/// An answer that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

fn id(who: &Who, key: &str) -> String {
    let asker = match who.principal {
        Principal::Person { account } => account.to_string(),
        Principal::Token { token, .. } => token.to_string(),
        Principal::Operator | Principal::System => "gemba".to_owned(),
    };
    hashed(format!("{asker}\n{key}").as_bytes())
}

/// The answer that this request got before. Another request under the same key is refused.
pub async fn recall(app: &App, who: &Who, key: &str, request: &[u8]) -> Result<Option<Answer>> {
    if key.is_empty() || key.len() > 200 {
        return Err(Error::invalid(
            "Idempotency-Key",
            "an idempotency key has 1 to 200 characters",
        ));
    }
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    match load::<Answered>(&mut *tx, &id(who, key)).await? {
        None => Ok(None),
        Some(answered) if answered.value.request == hashed(request) => {
            Ok(Some(Answer { status: answered.value.status, body: answered.value.body }))
        }
        Some(_) => Err(Error::KeyReused),
    }
}

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Removes answers that are older than a day.
pub(crate) async fn sweep(tx: &mut dyn Tx, now: Timestamp) -> Result<()> {
    for answered in all::<Answered>(tx).await?.into_iter().filter(|a| now >= a.value.at + KEPT) {
        remove::<Answered>(tx, &answered.value.id).await?;
    }
    Ok(())
}

/// Keeps an answer for the next time, for a day.
pub async fn remember(
    app: &App,
    who: &Who,
    key: &str,
    request: &[u8],
    answer: Answer,
) -> Result<()> {
    let mut tx = app.open(who, Act::Read, Mode::Write).await?;
    let answered = Answered {
        id: id(who, key),
        request: hashed(request),
        status: answer.status,
        body: answer.body,
        at: app.now(),
    };
    if load::<Answered>(&mut *tx, &answered.id).await?.is_none() {
        insert(&mut *tx, &answered).await?;
        tx.commit().await?;
    }
    Ok(())
}
