//! API tokens: how agents and programs act for a seat.

use crate::{
    Act, App, Error, Principal, Result, Who,
    accounts::hashed,
    audit,
    records::{Account, Holder, Seat, Token},
    seats,
    workspace::text,
};
use gemba_model::{
    id::{AccountId, TokenId},
    role::Role,
};
use gemba_store::{Mode, Tx, all, insert, load, remove, save, unique};
use jiff::SignedDuration;

const USED_EVERY: SignedDuration = SignedDuration::from_hours(1);
const MAX_SECRET: usize = 200;

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

/// Makes a token for a seat (slug or name).
pub async fn create(app: &App, who: &Who, seat: &str, name: &str) -> Result<Created> {
    let name = text("name", name, 100)?;
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let seat = seats::find(&mut *tx, seat).await?.value;
    let secret = app.secret("gemba");
    let (millis, chance) = app.fresh();
    let token = Token {
        id: TokenId::new(millis, chance),
        hash: hashed(secret.as_bytes()),
        prefix: secret.chars().take(12).collect(),
        seat: seat.id,
        name,
        created_by: who.name.clone(),
        created: app.now(),
        expires: None,
        used: None,
    };
    insert(&mut *tx, &token).await?;
    audit::write(
        app,
        &mut *tx,
        who,
        "token.created",
        &token.id.to_string(),
        &(&seat.slug, &token.name),
    )
    .await?;
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
    let principal = Principal::Token { token: token.id, seat: seat.id };
    Ok(Who { principal, name, role, seats: vec![seat.id] })
}

/// What the tokens of a seat may do that this person holds; nothing when the person may not sign in.
async fn standing(tx: &mut dyn Tx, account: AccountId) -> Result<Role> {
    let holder = load::<Account>(tx, &account.to_string()).await?.filter(|a| a.value.active);
    Ok(holder.ok_or(Error::NotSignedIn)?.value.role.min(Role::Manager))
}
