//! Channels: set up, changed, tried, stopped, taken away; and what a person is told by e-mail.

use super::{Kind, fresh, fresh_id, put};
use crate::{
    Act, App, Error, Principal, Result, Who, access, audit, processes,
    records::{Channel, Stopped, Target, WebhookSecret},
    signing::Secret,
    workspace::text,
};
use gemba_model::id::{AccountId, ChannelId, DeliveryId};
use gemba_store::{
    DeliveryFilter, DeliveryState, Mode, Tx, Versioned, by_key, insert, load, save, unique,
};
use jiff::SignedDuration;

/// How long the secret before still signs after another took its place.
const BOTH: SignedDuration = SignedDuration::from_hours(24);
/// The longest address of a webhook, in characters.
const MAX_URL: usize = 2_000;
/// The most addresses of one e-mail channel.
const MAX_ADDRESSES: usize = 20;
/// How many deliveries of a channel are counted at most.
const COUNTED: u32 = 200;

/// What one writes about a channel.
#[derive(Debug, Clone)]
pub struct ChannelInput {
    /// What it is called.
    pub name: String,
    /// Where it goes to.
    pub target: TargetInput,
    /// The kinds of news that it takes; empty for all.
    pub kinds: Vec<String>,
    /// Only news of this process (slug).
    pub process: Option<String>,
}

/// Where a channel goes to, as it is written. An empty address keeps the one that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetInput {
    /// Another program.
    Webhook {
        /// Its address.
        url: String,
    },
    /// A chat that takes what Slack takes.
    Slack {
        /// Its address.
        url: String,
    },
    /// Addresses of e-mail.
    Mail {
        /// To whom.
        to: Vec<String>,
    },
}

/// A channel that was set up.
#[derive(Debug, Clone)]
pub struct SetUp {
    /// The channel.
    pub id: ChannelId,
    /// The secret that signs: never shown again.
    pub secret: Option<String>,
}

/// A channel as it is shown: without its secrets.
#[derive(Debug, Clone)]
pub struct ChannelView {
    /// The channel, its secrets taken out.
    pub channel: Channel,
    /// Where it goes to, in words, without what is secret in it.
    pub goes_to: String,
    /// The process that it is about: slug and title.
    pub process: Option<(String, String)>,
    /// How many deliveries wait, at most 200 counted.
    pub n_waiting: usize,
    /// How many were given up, at most 200 counted.
    pub n_failed: usize,
}

/// What a person is told by e-mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notices {
    /// The kinds of news about the seats they hold.
    pub kinds: Vec<String>,
    /// Whether a digest comes on the morning of each workday.
    pub digest: bool,
}

fn kinds_of(given: &[String], choice: &[Kind]) -> Result<Vec<String>> {
    let known = |word: &&String| choice.iter().any(|kind| kind.word() == word.as_str());
    if let Some(unknown) = given.iter().find(|word| !known(word)) {
        return Err(Error::invalid("kinds", format!("`{unknown}` is no kind of news")));
    }
    Ok(given.to_vec())
}

fn address(app: &App, url: &str, kept: Option<&str>) -> Result<String> {
    let url = match (url.trim(), kept) {
        ("", Some(kept)) => kept,
        (given, _) => given,
    };
    if url.is_empty() || url.len() > MAX_URL {
        return Err(Error::invalid("url", format!("an address has 1 to {MAX_URL} characters")));
    }
    match app.courier().refuses(url) {
        Some(why) => Err(Error::invalid("url", why)),
        None => Ok(url.to_owned()),
    }
}

fn addresses(given: &[String]) -> Result<Vec<String>> {
    let to: Vec<String> = given.iter().map(|one| one.trim().to_owned()).collect();
    if to.is_empty() || to.len() > MAX_ADDRESSES {
        return Err(Error::invalid("to", format!("name 1 to {MAX_ADDRESSES} addresses")));
    }
    let sound = |one: &&String| {
        let (name, host) = one.split_once('@').unwrap_or_default();
        let odd = |c: char| c.is_whitespace() || c.is_control() || "<>,;:\"()[]\\".contains(c);
        !name.is_empty()
            && host.contains('.')
            && one.len() <= 254
            && !one.contains(odd)
            && !host.contains('@')
    };
    match to.iter().find(|one| !sound(one)) {
        Some(odd) => Err(Error::invalid("to", format!("`{odd}` is no address of e-mail"))),
        None => Ok(to),
    }
}

fn made(app: &App, input: &TargetInput, kept: Option<&Target>) -> Result<Target> {
    Ok(match (input, kept) {
        (TargetInput::Webhook { url }, Some(Target::Webhook { url: kept, secrets })) => {
            Target::Webhook { url: address(app, url, Some(kept))?, secrets: secrets.clone() }
        }
        (TargetInput::Webhook { url }, None) => {
            let first = WebhookSecret { secret: Secret::new(app), from: app.now(), until: None };
            Target::Webhook { url: address(app, url, None)?, secrets: vec![first] }
        }
        (TargetInput::Slack { url }, Some(Target::Slack { url: kept })) => {
            Target::Slack { url: address(app, url, Some(kept))? }
        }
        (TargetInput::Slack { url }, None) => Target::Slack { url: address(app, url, None)? },
        (TargetInput::Mail { to }, None | Some(Target::Mail { .. })) => {
            Target::Mail { to: addresses(to)? }
        }
        _ => {
            let message = "a channel stays of its kind; set up another";
            return Err(Error::invalid("kind", message));
        }
    })
}

async fn process_of(
    tx: &mut dyn Tx,
    slug: Option<&str>,
) -> Result<Option<gemba_model::id::ProcessId>> {
    match slug {
        Some(slug) => Ok(Some(processes::find(tx, slug).await?.value.id)),
        None => Ok(None),
    }
}

/// Sets up a channel; the secret that signs comes back, once.
pub async fn create(app: &App, who: &Who, input: ChannelInput) -> Result<SetUp> {
    access::require(who, Act::Administer)?;
    let name = text("name", &input.name, 100)?;
    let kinds = kinds_of(&input.kinds, &Kind::CHOICE)?;
    let target = made(app, &input.target, None)?;
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let process = process_of(&mut *tx, input.process.as_deref()).await?;
    let (millis, chance) = app.fresh();
    let secret = match &target {
        Target::Webhook { secrets, .. } => secrets.last().map(|one| one.secret.reveal()),
        Target::Slack { .. } | Target::Mail { .. } | Target::Person { .. } => None,
    };
    let channel = Channel {
        id: ChannelId::new(millis, chance),
        name,
        target,
        kinds,
        process,
        stopped: None,
        active: true,
        by: who.name.clone(),
        created: app.now(),
    };
    insert(&mut *tx, &channel).await?;
    let (id, detail) = (channel.id.to_string(), &channel.name);
    audit::write(app, &mut *tx, who, "channel.created", &id, detail).await?;
    tx.commit().await?;
    app.know_channels(None);
    Ok(SetUp { id: channel.id, secret })
}

/// Changes a channel; its secrets stay, and so does an address that is left empty.
pub async fn change(app: &App, who: &Who, id: ChannelId, input: ChannelInput) -> Result<()> {
    access::require(who, Act::Administer)?;
    let name = text("name", &input.name, 100)?;
    let kinds = kinds_of(&input.kinds, &Kind::CHOICE)?;
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let mut channel = in_force(&mut *tx, id).await?;
    let target = made(app, &input.target, Some(&channel.value.target))?;
    let process = process_of(&mut *tx, input.process.as_deref()).await?;
    channel.value = Channel { name, target, kinds, process, ..channel.value.clone() };
    save(&mut *tx, &channel).await?;
    let detail = &channel.value.name;
    audit::write(app, &mut *tx, who, "channel.changed", &id.to_string(), detail).await?;
    tx.commit().await?;
    app.know_channels(None);
    Ok(())
}

/// Takes a channel away: nothing is sent to it any more, and its secrets are forgotten.
pub async fn delete(app: &App, who: &Who, id: ChannelId) -> Result<()> {
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let mut channel = in_force(&mut *tx, id).await?;
    channel.value.active = false;
    match &mut channel.value.target {
        Target::Webhook { secrets, .. } => secrets.clear(),
        Target::Slack { url } => url.clear(),
        Target::Mail { .. } | Target::Person { .. } => {}
    }
    save(&mut *tx, &channel).await?;
    let detail = &channel.value.name;
    audit::write(app, &mut *tx, who, "channel.removed", &id.to_string(), detail).await?;
    tx.commit().await?;
    app.know_channels(None);
    Ok(())
}

/// Gives a webhook another secret, which comes back, once; for a day both sign.
pub async fn renew(app: &App, who: &Who, id: ChannelId) -> Result<String> {
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let mut channel = in_force(&mut *tx, id).await?;
    let Target::Webhook { secrets, .. } = &mut channel.value.target else {
        return Err(Error::not_found("webhook", id));
    };
    let (secret, now) = (Secret::new(app), app.now());
    let shown = secret.reveal();
    let before = secrets.pop().map(|one| WebhookSecret { until: Some(now + BOTH), ..one });
    *secrets =
        before.into_iter().chain([WebhookSecret { secret, from: now, until: None }]).collect();
    save(&mut *tx, &channel).await?;
    audit::write(app, &mut *tx, who, "channel.secret_changed", &id.to_string(), &()).await?;
    tx.commit().await?;
    app.know_channels(None);
    Ok(shown)
}

/// Stops a channel, with a reason: what happens meanwhile is not told, and what waits is dropped.
pub async fn stop(app: &App, who: &Who, id: ChannelId, reason: &str) -> Result<()> {
    access::require(who, Act::Administer)?;
    let reason = text("reason", reason, 500)?;
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let mut channel = in_force(&mut *tx, id).await?;
    if channel.value.stopped.is_some() {
        return Err(Error::Changed { what: "the channel".to_owned() });
    }
    audit::write(app, &mut *tx, who, "channel.stopped", &id.to_string(), &reason).await?;
    channel.value.stopped = Some(Stopped { at: app.now(), by: who.name.clone(), reason });
    save(&mut *tx, &channel).await?;
    tx.commit().await?;
    app.know_channels(None);
    Ok(())
}

/// Lets a stopped channel go on, from now.
pub async fn resume(app: &App, who: &Who, id: ChannelId) -> Result<()> {
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let mut channel = in_force(&mut *tx, id).await?;
    if channel.value.stopped.take().is_none() {
        return Err(Error::Changed { what: "the channel".to_owned() });
    }
    save(&mut *tx, &channel).await?;
    audit::write(app, &mut *tx, who, "channel.resumed", &id.to_string(), &()).await?;
    tx.commit().await?;
    app.know_channels(None);
    Ok(())
}

/// Sends a try to a channel; the delivery comes back.
pub async fn test(app: &App, who: &Who, id: ChannelId) -> Result<DeliveryId> {
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let channel = in_force(&mut *tx, id).await?.value;
    let says = format!("{} tries the channel “{}”.", who.name, channel.name);
    let path = format!("/settings/channels/{id}");
    let news = fresh(app, Kind::Test, says, id.to_string(), path);
    let delivery = fresh_id(app);
    put(app, &mut *tx, delivery, &channel, news).await?;
    audit::write(app, &mut *tx, who, "channel.tried", &id.to_string(), &()).await?;
    tx.commit().await?;
    Ok(delivery)
}

async fn find(tx: &mut dyn Tx, id: ChannelId) -> Result<Versioned<Channel>> {
    let found = load::<Channel>(tx, &id.to_string()).await?;
    // What a person chose for themself is not looked after by others.
    found
        .filter(|channel| !matches!(channel.value.target, Target::Person { .. }))
        .ok_or_else(|| Error::not_found("channel", id))
}

async fn in_force(tx: &mut dyn Tx, id: ChannelId) -> Result<Versioned<Channel>> {
    let channel = find(tx, id).await?;
    if channel.value.active { Ok(channel) } else { Err(Error::not_found("channel", id)) }
}

/// The channels in force, by name.
pub async fn list(app: &App, who: &Who) -> Result<Vec<ChannelView>> {
    let mut tx = app.open(who, Act::Administer, Mode::Read).await?;
    let mut views = Vec::new();
    for channel in by_key::<Channel>(&mut *tx, "active", "yes").await? {
        if !matches!(channel.value.target, Target::Person { .. }) {
            views.push(view(&mut *tx, channel.value).await?);
        }
    }
    views.sort_by(|a, b| (&a.channel.name, a.channel.id).cmp(&(&b.channel.name, b.channel.id)));
    Ok(views)
}

/// One channel, also one that was taken away.
pub async fn get(app: &App, who: &Who, id: ChannelId) -> Result<ChannelView> {
    let mut tx = app.open(who, Act::Administer, Mode::Read).await?;
    let channel = find(&mut *tx, id).await?.value;
    view(&mut *tx, channel).await
}

async fn view(tx: &mut dyn Tx, mut channel: Channel) -> Result<ChannelView> {
    let process = match channel.process {
        Some(process) => {
            let record = processes::of_id(tx, process).await?.value;
            Some((record.slug.clone(), record.summary().title.clone()))
        }
        None => None,
    };
    let mut counts = [0, 0];
    for (n, state) in counts.iter_mut().zip([DeliveryState::Waiting, DeliveryState::Failed]) {
        let (channel, state) = (Some(channel.id), Some(state));
        let filter = DeliveryFilter { channel, state, before: None, limit: COUNTED };
        *n = tx.deliveries(&filter).await?.len();
    }
    let [n_waiting, n_failed] = counts;
    let goes_to = match &mut channel.target {
        Target::Webhook { url, secrets } => {
            secrets.clear();
            url.clone()
        }
        Target::Slack { url } => {
            // Whoever has the whole address may write there.
            let host = url.split("://").nth(1).and_then(|rest| rest.split('/').next());
            let shown = format!("{}/…", host.unwrap_or_default());
            url.clear();
            shown
        }
        Target::Mail { to } => to.join(", "),
        Target::Person { .. } => String::new(),
    };
    Ok(ChannelView { channel, goes_to, process, n_waiting, n_failed })
}

fn oneself(who: &Who) -> Result<AccountId> {
    match who.principal {
        Principal::Person { account } => Ok(account),
        Principal::Token { .. } | Principal::Operator | Principal::System => {
            Err(Error::Forbidden { act: "choose what you are told", help: "people may" })
        }
    }
}

async fn own(tx: &mut dyn Tx, account: AccountId) -> Result<Option<Versioned<Channel>>> {
    Ok(unique::<Channel>(tx, "account", &account.to_string()).await?)
}

/// What the one who asks is told by e-mail.
pub async fn my_notices(app: &App, who: &Who) -> Result<Notices> {
    let account = oneself(who)?;
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    Ok(match own(&mut *tx, account).await? {
        Some(channel) => {
            let digest = matches!(channel.value.target, Target::Person { digest: true, .. });
            Notices { kinds: channel.value.kinds, digest }
        }
        None => Notices::default(),
    })
}

/// Chooses what the one who asks is told by e-mail.
pub async fn set_my_notices(app: &App, who: &Who, notices: Notices) -> Result<()> {
    let account = oneself(who)?;
    let kinds = kinds_of(&notices.kinds, &Kind::PERSONAL)?;
    let mut tx = app.open(who, Act::Read, Mode::Write).await?;
    let digest = notices.digest;
    if let Some(mut channel) = own(&mut *tx, account).await? {
        channel.value.kinds = kinds;
        if let Target::Person { digest: kept, .. } = &mut channel.value.target {
            *kept = digest;
        }
        save(&mut *tx, &channel).await?;
    } else {
        let (millis, chance) = app.fresh();
        let channel = Channel {
            id: ChannelId::new(millis, chance),
            name: who.name.clone(),
            target: Target::Person { account, digest, last_digest: None },
            kinds,
            process: None,
            stopped: None,
            active: true,
            by: who.name.clone(),
            created: app.now(),
        };
        insert(&mut *tx, &channel).await?;
    }
    audit::write(app, &mut *tx, who, "account.notices", &account.to_string(), &notices.kinds)
        .await?;
    tx.commit().await?;
    app.know_channels(None);
    Ok(())
}
