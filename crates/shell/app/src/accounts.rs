//! People: their accounts, how they sign in, and their sessions.
//!
//! Passwords are kept as argon2id hashes; the secrets of sessions and links are kept as SHA-256, as
//! they have 256 random bits and need no stretching.

use crate::{
    Act, App, Error, Principal, Result, Who, absences, audit, marks,
    records::{Account, Seat, Session, SignInLink, SignInTries},
    workspace::text,
};
use argon2::{
    Argon2,
    password_hash::{
        PasswordHasher, PasswordVerifier,
        phc::{PasswordHash, Salt},
    },
};
use gemba_model::{
    id::{AccountId, SeatId},
    role::Role,
};
use gemba_store::{Mode, Tx, Versioned, all, by_key, insert, load, remove, save, unique};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

const IDLE: SignedDuration = SignedDuration::from_hours(24 * 14);
const LIFE: SignedDuration = SignedDuration::from_hours(24 * 60);
const TRIES: u32 = 10;
const TRIES_WITHIN: SignedDuration = SignedDuration::from_mins(15);
const MAX_EMAIL: usize = 254;
const MAX_PASSWORD: usize = 1_000;
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(10);

/// A new account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The address.
    pub email: String,
    /// The name to show.
    pub name: String,
    /// The password; none for an account that signs in by link only.
    pub password: Option<String>,
    /// What they may do.
    pub role: Role,
}

/// A session as the browser gets it.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The secret for the cookie.
    pub secret: String,
    /// How long the cookie lives, in seconds.
    pub max_age_s: i64,
}

/// Who a session is, and what its forms carry.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub who: Who,
    /// The account's address.
    pub email: String,
    /// The secret that forms carry.
    pub csrf: String,
}

/// The SHA-256 of a secret, in hexadecimal.
pub(crate) fn hashed(secret: &[u8]) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::digest(secret);
    digest.iter().fold(String::with_capacity(64), |mut out, byte| {
        // Writing to a string cannot fail.
        let _fine = write!(out, "{byte:02x}");
        out
    })
}

/// How many passwords are hashed at the same time: the work is heavy on purpose, and strangers can ask
/// for it.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Does the heavy work beside the requests, a few at a time.
async fn heavy<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let broken = |e: String| Error::Store(gemba_store::Error::corrupt("password", e));
    let _turn = HASHING.acquire().await.map_err(|e| broken(e.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|e| broken(e.to_string()))
}

async fn password_hash(app: &App, password: &str) -> Result<String> {
    let n = password.chars().count();
    if !(10..=200).contains(&n) {
        return Err(Error::invalid("password", "a password has 10 to 200 characters"));
    }
    let broken = |e: String| Error::Store(gemba_store::Error::corrupt("password", e));
    let salt = Salt::new(&app.chance().to_le_bytes()).map_err(|e| broken(e.to_string()))?;
    let password = password.to_owned();
    let hashed = heavy(move || {
        let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
        hash.map(|hash| hash.to_string()).map_err(|e| e.to_string())
    });
    hashed.await?.map_err(broken)
}

fn address(email: &str) -> Result<String> {
    let email = text("email", email, 254)?.to_lowercase();
    let fine = email.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.contains('@') && !email.contains(' ')
    });
    if fine {
        Ok(email)
    } else {
        Err(Error::invalid("email", format!("`{email}` is no e-mail address")))
    }
}

/// The account as it will be stored; its password is hashed here, before any transaction begins.
pub(crate) async fn prepared(app: &App, new: NewAccount) -> Result<Account> {
    let (millis, chance) = app.fresh();
    let password = match new.password {
        Some(password) => Some(password_hash(app, &password).await?),
        None => None,
    };
    Ok(Account {
        id: AccountId::new(millis, chance),
        email: address(&new.email)?,
        name: text("name", &new.name, 100)?,
        password,
        role: new.role,
        active: true,
        created: app.now(),
    })
}

/// Adds an account. Only an owner appoints admins and owners.
pub async fn create(app: &App, who: &Who, new: NewAccount) -> Result<AccountId> {
    crate::access::require(who, Act::Administer)?;
    may_appoint(who, new.role)?;
    let role = new.role;
    let account = prepared(app, new).await?;
    let id = account.id;
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    insert(&mut *tx, &account).await?;
    audit::write(app, &mut *tx, who, "account.created", &id.to_string(), &role).await?;
    tx.commit().await?;
    Ok(id)
}

fn may_appoint(who: &Who, role: Role) -> Result<()> {
    if role >= Role::Admin && who.role < Role::Owner {
        return Err(Error::Forbidden { act: "appoint admins and owners", help: "an owner may" });
    }
    Ok(())
}

/// Changes what an account may do and whether it may sign in. The last owner stays.
pub async fn change(app: &App, who: &Who, id: AccountId, role: Role, active: bool) -> Result<()> {
    change_seen(app, who, id, role, active, None).await
}

/// The mark of what is shown of an account, for [`change_seen`].
pub fn mark(account: &Account) -> String {
    marks::of(&(account.role, account.active))
}

/// The same, if the account still is what was seen.
pub async fn change_seen(
    app: &App,
    who: &Who,
    id: AccountId,
    role: Role,
    active: bool,
    seen: Option<&str>,
) -> Result<()> {
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let mut account = loaded(&mut *tx, id).await?;
    marks::require(seen, &(account.value.role, account.value.active), "this account")?;
    may_appoint(who, role.max(account.value.role))?;
    account.value.role = role;
    account.value.active = active;
    save(&mut *tx, &account).await?;
    let left = all::<Account>(&mut *tx).await?;
    if !left.iter().any(|a| a.value.active && a.value.role == Role::Owner) {
        return Err(Error::invalid("role", "a workspace keeps at least one owner who may sign in"));
    }
    if !active {
        end_sessions(&mut *tx, id).await?;
    }
    audit::write(app, &mut *tx, who, "account.changed", &id.to_string(), &(role, active)).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes the password of the one who asks; all their sessions end, the present one too.
pub async fn change_password(app: &App, who: &Who, old: &str, new: &str) -> Result<()> {
    let Principal::Person { account: id } = who.principal else { return Err(Error::NotSignedIn) };
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let mut account = loaded(&mut *tx, id).await?;
    drop(tx);
    if account.value.password.is_some() && !verifies(&account.value, old).await? {
        return Err(Error::invalid("old_password", "this is not your present password"));
    }
    account.value.password = Some(password_hash(app, new).await?);
    let mut tx = app.open(who, Act::Read, Mode::Write).await?;
    // An account that was changed since it was read is a conflict, never overwritten.
    save(&mut *tx, &account).await?;
    end_sessions(&mut *tx, id).await?;
    audit::write(app, &mut *tx, who, "account.password_changed", &id.to_string(), &()).await?;
    tx.commit().await?;
    Ok(())
}

async fn end_sessions(tx: &mut dyn Tx, id: AccountId) -> Result<()> {
    for session in by_key::<Session>(tx, "account", &id.to_string()).await? {
        remove::<Session>(tx, &session.value.hash).await?;
    }
    Ok(())
}

async fn loaded(tx: &mut dyn Tx, id: AccountId) -> Result<Versioned<Account>> {
    load::<Account>(tx, &id.to_string()).await?.ok_or_else(|| Error::not_found("account", id))
}

/// The account with this id, e-mail address or name.
pub(crate) async fn named(tx: &mut dyn Tx, field: &'static str, text: &str) -> Result<Account> {
    let text = text.trim();
    let found: Vec<Account> = all::<Account>(tx).await?.into_iter().map(|a| a.value).collect();
    if let Some(account) = found.iter().find(|account| account.is_called(text)) {
        return Ok(account.clone());
    }
    let mut named = found.into_iter().filter(|one| one.name.eq_ignore_ascii_case(text));
    match (named.next(), named.next()) {
        (Some(account), None) => Ok(account),
        (None, _) => Err(Error::invalid(field, format!("nobody here is called `{text}`"))),
        (Some(_), Some(_)) => {
            let message = format!("several are called `{text}`: give the e-mail address");
            Err(Error::invalid(field, message))
        }
    }
}

/// The account with this id, e-mail address or name, of somebody who may do the work of a seat.
pub(crate) async fn worker(tx: &mut dyn Tx, field: &'static str, text: &str) -> Result<Account> {
    let account = named(tx, field, text).await?;
    if account.active && account.role >= Role::Member {
        return Ok(account);
    }
    Err(Error::invalid(field, format!("{} may do no work here", account.name)))
}

/// All accounts, by name. Passwords stay behind.
pub async fn list(app: &App, who: &Who) -> Result<Vec<Account>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let mut accounts: Vec<Account> = all::<Account>(&mut *tx)
        .await?
        .into_iter()
        .map(|a| Account { password: None, ..a.value })
        .collect();
    accounts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(accounts)
}

async fn verifies(account: &Account, password: &str) -> Result<bool> {
    let Some(hash) = account.password.clone() else { return Ok(false) };
    let password = password.to_owned();
    heavy(move || {
        PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
}

/// Signs in with e-mail and password. After ten tries within a quarter of an hour the address waits.
pub async fn sign_in(app: &App, email: &str, password: &str) -> Result<NewSession> {
    let wrong = || Error::SignInFailed {
        reason: "e-mail address and password do not belong together".to_owned(),
    };
    let email = email.trim().to_lowercase();
    if email.len() > MAX_EMAIL || password.len() > MAX_PASSWORD {
        return Err(wrong());
    }
    let now = app.now();
    // The try is counted before the password is looked at, so that many at once count as many.
    let mut tx = app.open_for_identity(Mode::Write).await?;
    let tries = count_try(&mut *tx, &email, now).await?;
    let account = unique::<Account>(&mut *tx, "email", &email).await?.map(|a| a.value);
    tx.commit().await?;
    if tries > TRIES {
        return Err(Error::SignInFailed {
            reason: "too many tries with this address; wait a quarter of an hour".to_owned(),
        });
    }
    // The same work is done for an unknown address, so that the time tells nothing.
    let right = match account.as_ref().filter(|a| a.password.is_some()) {
        Some(account) => verifies(account, password).await?,
        None => password_hash(app, "an unknown address").await?.is_empty(),
    };
    let account = account.filter(|a| right && a.active).ok_or_else(wrong)?;
    let mut tx = app.open_for_identity(Mode::Write).await?;
    remove::<SignInTries>(&mut *tx, &email).await?;
    let session = new_session(app, &mut *tx, account.id).await?;
    tx.commit().await?;
    Ok(session)
}

/// Counts a try and says how many there were within the quarter of an hour, this one included.
async fn count_try(tx: &mut dyn Tx, email: &str, now: Timestamp) -> Result<u32> {
    let Some(mut tries) = load::<SignInTries>(tx, email).await? else {
        insert(tx, &SignInTries { email: email.to_owned(), n: 1, since: now }).await?;
        return Ok(1);
    };
    if now >= tries.value.since + TRIES_WITHIN {
        tries.value = SignInTries { n: 0, since: now, ..tries.value };
    }
    tries.value.n = tries.value.n.saturating_add(1);
    save(tx, &tries).await?;
    Ok(tries.value.n)
}

/// Removes sessions, links and counted tries whose time is over.
pub(crate) async fn sweep(tx: &mut dyn Tx, now: Timestamp) -> Result<()> {
    for session in all::<Session>(tx).await?.into_iter().filter(|s| is_over(&s.value, now)) {
        remove::<Session>(tx, &session.value.hash).await?;
    }
    for link in all::<SignInLink>(tx).await?.into_iter().filter(|l| now >= l.value.expires) {
        remove::<SignInLink>(tx, &link.value.hash).await?;
    }
    let old = |t: &Versioned<SignInTries>| now >= t.value.since + TRIES_WITHIN;
    for tries in all::<SignInTries>(tx).await?.into_iter().filter(old) {
        remove::<SignInTries>(tx, &tries.value.email).await?;
    }
    Ok(())
}

async fn new_session(app: &App, tx: &mut dyn Tx, account: AccountId) -> Result<NewSession> {
    let now = app.now();
    for old in by_key::<Session>(tx, "account", &account.to_string()).await? {
        if is_over(&old.value, now) {
            remove::<Session>(tx, &old.value.hash).await?;
        }
    }
    let secret = app.secret("gs");
    let hash = hashed(secret.as_bytes());
    let csrf = app.secret("gc");
    insert(tx, &Session { hash, account, csrf, created: now, seen: now }).await?;
    Ok(NewSession { secret, max_age_s: LIFE.as_secs() })
}

fn is_over(session: &Session, now: Timestamp) -> bool {
    now >= session.seen + IDLE || now >= session.created + LIFE
}

/// Makes a link that signs an account in once; the secret comes back.
pub async fn link(app: &App, who: &Who, id: AccountId, valid: SignedDuration) -> Result<String> {
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let account = loaded(&mut *tx, id).await?;
    may_appoint(who, account.value.role)?;
    let secret = app.secret("gl");
    let hash = hashed(secret.as_bytes());
    insert(&mut *tx, &SignInLink { hash, account: id, expires: app.now() + valid }).await?;
    audit::write(app, &mut *tx, who, "account.link_made", &id.to_string(), &()).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Signs in with a link's secret; it works once.
pub async fn use_link(app: &App, secret: &str) -> Result<NewSession> {
    let hash = hashed(secret.as_bytes());
    let mut tx = app.open_for_identity(Mode::Write).await?;
    let link = load::<SignInLink>(&mut *tx, &hash).await?;
    remove::<SignInLink>(&mut *tx, &hash).await?;
    let good = link.filter(|l| app.now() < l.value.expires);
    let account = match good {
        Some(link) => load::<Account>(&mut *tx, &link.value.account.to_string()).await?,
        None => None,
    };
    let Some(account) = account.filter(|a| a.value.active) else {
        tx.commit().await?;
        return Err(Error::SignInFailed {
            reason: "this link was used already or is too old; ask for a new one".to_owned(),
        });
    };
    let session = new_session(app, &mut *tx, account.value.id).await?;
    tx.commit().await?;
    Ok(session)
}

/// Who the session with this secret is.
pub async fn session(app: &App, secret: &str) -> Result<SignedIn> {
    let hash = hashed(secret.as_bytes());
    let now = app.now();
    let mut tx = app.open_for_identity(Mode::Read).await?;
    let session = load::<Session>(&mut *tx, &hash).await?.ok_or(Error::NotSignedIn)?;
    if is_over(&session.value, now) {
        return Err(Error::NotSignedIn);
    }
    let account = loaded(&mut *tx, session.value.account).await?.value;
    if !account.active {
        return Err(Error::NotSignedIn);
    }
    let seats = seats_of(&mut *tx, account.id).await?;
    let acting = absences::acting(&mut *tx, account.id, now).await?;
    drop(tx);
    if now >= session.value.seen + SEEN_EVERY {
        let mut tx = app.open_for_identity(Mode::Write).await?;
        if let Some(mut again) = load::<Session>(&mut *tx, &hash).await? {
            again.value.seen = now;
            save(&mut *tx, &again).await?;
            tx.commit().await?;
        }
    }
    let principal = Principal::Person { account: account.id };
    let who = Who { principal, name: account.name, role: account.role, seats, acting };
    Ok(SignedIn { who, email: account.email, csrf: session.value.csrf })
}

async fn seats_of(tx: &mut dyn Tx, account: AccountId) -> Result<Vec<SeatId>> {
    let held = by_key::<Seat>(tx, "account", &account.to_string()).await?;
    Ok(held.into_iter().map(|seat| seat.value.id).collect())
}

/// One account as the one who asks: the operator's way to build a history as others made it.
pub async fn acting_as(app: &App, operator: &Who, id: AccountId) -> Result<Who> {
    if operator.principal != Principal::Operator {
        return Err(Error::Forbidden { act: "act as somebody else", help: "the operator may" });
    }
    let mut tx = app.open(operator, Act::Administer, Mode::Read).await?;
    let account = loaded(&mut *tx, id).await?.value;
    if !account.active {
        return Err(Error::NotSignedIn);
    }
    let seats = seats_of(&mut *tx, id).await?;
    let acting = absences::acting(&mut *tx, id, app.now()).await?;
    Ok(Who {
        principal: Principal::Person { account: id },
        name: account.name,
        role: account.role,
        seats,
        acting,
    })
}

/// Ends the session with this secret.
pub async fn sign_out(app: &App, secret: &str) -> Result<()> {
    let mut tx = app.open_for_identity(Mode::Write).await?;
    remove::<Session>(&mut *tx, &hashed(secret.as_bytes())).await?;
    tx.commit().await?;
    Ok(())
}
