//! API tokens: how agents and programs act for a seat.

use crate::{
    Act, App, Error, Principal, Result, Who,
    access::Scope,
    accounts::hashed,
    audit,
    records::{Account, Holder, Seat, Token},
    seats,
    workspace::text,
};
use gemba_model::{
    id::{AccountId, SeatId, TokenId},
    role::Role,
};
use gemba_store::{Mode, Tx, all, insert, load, remove, save, unique};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

const USED_EVERY: SignedDuration = SignedDuration::from_hours(1);
const MAX_SECRET: usize = 200;
/// The longest life of a token that has an end, in days: ten years.
const MAX_DAYS: u16 = 3_650;
/// The longest time that an old and a new secret work side by side, in hours: a week.
pub const MAX_OVERLAP: u16 = 168;

/// A token as it is shown once.
#[derive(Debug, Clone)]
pub struct Created {
    /// The token.
    pub id: TokenId,
    /// The secret: never shown again.
    pub secret: String,
    /// The seat it acts for.
    pub seat: String,
}

/// A token in a list.
#[derive(Debug, Clone)]
pub struct TokenView {
    /// The token without its hash.
    pub token: Token,
    /// The seat's name.
    pub seat: String,
}

/// What is said about a new token.
#[derive(Debug, Clone, Default)]
pub struct NewToken {
    /// The slug or name of the seat it acts for.
    pub seat: String,
    /// What it is for.
    pub name: String,
    /// After how many days it works no more; never where none is said.
    pub days: Option<u16>,
    /// What it may be used for. Where none is said: everything the seat may, but for an agent's seat not
    /// what concerns the whole company.
    pub scopes: Option<BTreeSet<Scope>>,
}

/// Makes a token for a seat (slug or name), for everything the seat may, without an end.
pub async fn create(app: &App, who: &Who, seat: &str, name: &str) -> Result<Created> {
    let (seat, name) = (seat.to_owned(), name.to_owned());
    make(app, who, NewToken { seat, name, days: None, scopes: Some(Scope::all()) }).await
}

/// Makes a token for a seat.
pub async fn make(app: &App, who: &Who, new: NewToken) -> Result<Created> {
    let name = text("name", &new.name, 100)?;
    if new.scopes.as_ref().is_some_and(BTreeSet::is_empty) {
        return Err(Error::invalid("scopes", "choose at least one thing that the token may do"));
    }
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let seat = seats::find(&mut *tx, &new.seat).await?.value;
    let scopes = new.scopes.unwrap_or_else(|| usual(&seat));
    let secret = app.secret("gemba");
    let token = fresh(app, who, &secret, seat.id, name, scopes, ends(app, new.days)?);
    insert(&mut *tx, &token).await?;
    let subject = token.id.to_string();
    let detail = (&seat.slug, &token.name);
    audit::write(app, &mut *tx, who, "token.created", &subject, &detail).await?;
    tx.commit().await?;
    Ok(Created { id: token.id, secret, seat: seat.name })
}

/// What the token of a seat is made for where nobody says.
fn usual(seat: &Seat) -> BTreeSet<Scope> {
    let mut scopes = Scope::all();
    if matches!(seat.holder, Holder::Agent { .. }) {
        scopes.remove(&Scope::Company);
    }
    scopes
}

fn ends(app: &App, days: Option<u16>) -> Result<Option<Timestamp>> {
    let Some(days) = days else { return Ok(None) };
    if days == 0 || days > MAX_DAYS {
        let message = format!("a token lives 1 to {MAX_DAYS} days");
        return Err(Error::invalid("days", message));
    }
    let end = app.now().checked_add(SignedDuration::from_hours(24 * i64::from(days)));
    end.map(Some).map_err(|_too_far| Error::invalid("days", "the end is too far away"))
}

fn fresh(
    app: &App,
    who: &Who,
    secret: &str,
    seat: SeatId,
    name: String,
    scopes: BTreeSet<Scope>,
    expires: Option<Timestamp>,
) -> Token {
    let (millis, chance) = app.fresh();
    Token {
        id: TokenId::new(millis, chance),
        hash: hashed(secret.as_bytes()),
        prefix: secret.chars().take(12).collect(),
        seat,
        name,
        created_by: who.name.clone(),
        created: app.now(),
        expires,
        used: None,
        scopes,
        replaced_by: None,
    }
}

/// Makes a new secret for what a token does.
///
/// The old one works for as long as is said (at most [`MAX_OVERLAP`] hours), so that what uses it can change over without a gap; the new one lives as long
/// as the old one was made for.
pub async fn rotate(app: &App, who: &Who, id: TokenId, overlap_hours: u16) -> Result<Created> {
    if overlap_hours > MAX_OVERLAP {
        let message = format!("both work side by side for at most {MAX_OVERLAP} hours");
        return Err(Error::invalid("overlap_hours", message));
    }
    let now = app.now();
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let mut old = load::<Token>(&mut *tx, &id.to_string())
        .await?
        .ok_or_else(|| Error::not_found("token", id))?;
    if old.value.replaced_by.is_some() {
        return Err(Error::Changed { what: "this token".to_owned() });
    }
    let seat = load::<Seat>(&mut *tx, &old.value.seat.to_string()).await?;
    let seat = seat.ok_or_else(|| Error::not_found("seat", old.value.seat))?.value;
    let lived = old.value.expires.map(|end| end.duration_since(old.value.created));
    let expires = lived.and_then(|lived| now.checked_add(lived).ok());
    let secret = app.secret("gemba");
    let Token { name, scopes, .. } = old.value.clone();
    let token = fresh(app, who, &secret, seat.id, name, scopes, expires);
    insert(&mut *tx, &token).await?;
    let over = now.checked_add(SignedDuration::from_hours(i64::from(overlap_hours))).ok();
    old.value.expires = match (old.value.expires, over) {
        (Some(end), Some(over)) => Some(end.min(over)),
        (end, over) => over.or(end),
    };
    old.value.replaced_by = Some(token.id);
    save(&mut *tx, &old).await?;
    let detail = (token.id.to_string(), overlap_hours);
    audit::write(app, &mut *tx, who, "token.rotated", &id.to_string(), &detail).await?;
    tx.commit().await?;
    Ok(Created { id: token.id, secret, seat: seat.name })
}

/// All tokens, newest first.
pub async fn list(app: &App, who: &Who) -> Result<Vec<TokenView>> {
    let mut tx = app.open(who, Act::Administer, Mode::Read).await?;
    let names = seats::names(&mut *tx).await?;
    let mut tokens: Vec<TokenView> = all::<Token>(&mut *tx)
        .await?
        .into_iter()
        .map(|t| TokenView {
            seat: names.get(&t.value.seat).cloned().unwrap_or_default(),
            token: Token { hash: String::new(), ..t.value },
        })
        .collect();
    tokens.reverse();
    Ok(tokens)
}

/// Takes a token back; it stops working at once.
pub async fn revoke(app: &App, who: &Who, id: TokenId) -> Result<()> {
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    if !remove::<Token>(&mut *tx, &id.to_string()).await? {
        return Err(Error::not_found("token", id));
    }
    audit::write(app, &mut *tx, who, "token.revoked", &id.to_string(), &()).await?;
    tx.commit().await?;
    Ok(())
}

/// Who the bearer of this secret is. A token acts for its one seat: with the standing of a member, or
/// of a manager where the person on the seat is one or more. It never looks after accounts.
pub async fn bearer(app: &App, secret: &str) -> Result<Who> {
    if secret.len() > MAX_SECRET {
        return Err(Error::NotSignedIn);
    }
    let now = app.now();
    let mut tx = app.open_for_identity(Mode::Read).await?;
    let hash = hashed(secret.as_bytes());
    let token = unique::<Token>(&mut *tx, "hash", &hash).await?.ok_or(Error::NotSignedIn)?.value;
    if token.expires.is_some_and(|end| now >= end) {
        return Err(Error::NotSignedIn);
    }
    let seat =
        load::<Seat>(&mut *tx, &token.seat.to_string()).await?.ok_or(Error::NotSignedIn)?.value;
    let role = match &seat.holder {
        Holder::Person { account } => standing(&mut *tx, *account).await?,
        Holder::Vacant | Holder::Agent { .. } => Role::Member,
    };
    drop(tx);
    if token.used.is_none_or(|used| now >= used + USED_EVERY) {
        let mut tx = app.open_for_identity(Mode::Write).await?;
        if let Some(mut again) = load::<Token>(&mut *tx, &token.id.to_string()).await? {
            again.value.used = Some(now);
            save(&mut *tx, &again).await?;
            tx.commit().await?;
        }
    }
    let name = match &seat.holder {
        Holder::Agent { name } => name.clone(),
        Holder::Vacant | Holder::Person { .. } => format!("{} ({})", seat.name, token.name),
    };
    let principal = Principal::Token { token: token.id, seat: seat.id, scopes: token.scopes };
    Ok(Who { principal, name, role, seats: vec![seat.id], acting: Vec::new() })
}

/// What the tokens of a seat may do that this person holds; nothing when the person may not sign in.
async fn standing(tx: &mut dyn Tx, account: AccountId) -> Result<Role> {
    let holder = load::<Account>(tx, &account.to_string()).await?.filter(|a| a.value.active);
    Ok(holder.ok_or(Error::NotSignedIn)?.value.role.min(Role::Manager))
}
