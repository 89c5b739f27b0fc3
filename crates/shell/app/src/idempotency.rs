//! The same answer for the same request: what `Idempotency-Key` promises.
//!
//! That a request was done is kept in the transaction that does it, its answer when it was given. Where
//! the machine stops in between, the request is not done again: whoever repeats it is told so.

use crate::{Act, App, Error, Principal, Result, Who, accounts::hashed, records::Answered};
use gemba_store::{Mode, Tx, Versioned, all, insert, load, remove, save};
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

/// A request under a key, while it is answered.
#[derive(Debug, Clone)]
pub(crate) struct Keyed {
    id: String,
    request: String,
    /// What tells this answering of it from any other.
    mark: String,
}

/// What is known of a request.
#[derive(Debug)]
pub enum Asked {
    /// It was answered before.
    Before(Answer),
    /// It is new: to be done by this application, which keeps in the transaction of each act that it was
    /// done, and then to be [`answered`].
    New(App),
}

/// What is known of a request under a key. Another request under the same key is refused, and so is one
/// that was done and whose answer was lost.
pub async fn ask(app: &App, who: &Who, key: &str, request: &[u8]) -> Result<Asked> {
    if key.is_empty() || key.len() > 200 {
        return Err(Error::invalid(
            "Idempotency-Key",
            "an idempotency key has 1 to 200 characters",
        ));
    }
    let (id, request) = (id(who, key), hashed(request));
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    match load::<Answered>(&mut *tx, &id).await?.map(|known| known.value) {
        None => {
            let mark = format!("{:032x}", app.chance());
            Ok(Asked::New(app.under(Keyed { id, request, mark })))
        }
        Some(known) if known.request != request => Err(Error::KeyReused),
        Some(known) if known.status == UNANSWERED => Err(Error::AnswerLost),
        Some(Answered { status, body, .. }) => Ok(Asked::Before(Answer { status, body })),
    }
}

/// The status of what was done and not answered yet.
const UNANSWERED: u16 = 0;

/// Keeps that the request is done, together with what it does.
pub(crate) async fn begun(tx: &mut dyn Tx, keyed: &Keyed, now: Timestamp) -> Result<()> {
    match load::<Answered>(tx, &keyed.id).await?.map(|known| known.value) {
        None => {
            let Keyed { id, request, mark } = keyed.clone();
            let answered = Answered { id, request, status: UNANSWERED, body: mark, at: now };
            Ok(insert(tx, &answered).await?)
        }
        // The second transaction of the same answering.
        Some(known) if known.status == UNANSWERED && known.body == keyed.mark => Ok(()),
        Some(known) if known.request != keyed.request => Err(Error::KeyReused),
        Some(_) => Err(Error::AnswerLost),
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

/// Keeps the answer to a request for the next time, for a day; with the application that [`ask`] gave.
pub async fn answered(app: &App, who: &Who, answer: Answer) -> Result<()> {
    let Some(Keyed { id, request, mark }) = app.key() else { return Ok(()) };
    let mut tx = app.plain().open(who, Act::Read, Mode::Write).await?;
    let Answer { status, body } = answer;
    let now = Answered { id: id.clone(), request: request.clone(), status, body, at: app.now() };
    match load::<Answered>(&mut *tx, id).await? {
        None => insert(&mut *tx, &now).await?,
        Some(known) if known.value.status == UNANSWERED && known.value.body == *mark => {
            save(&mut *tx, &Versioned { value: now, version: known.version }).await?;
        }
        Some(_) => return Ok(()),
    }
    tx.commit().await?;
    Ok(())
}
