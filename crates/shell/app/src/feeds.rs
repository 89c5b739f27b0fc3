//! Calendar feeds: what is due for a seat, for the calendar program of whoever has the link.
//!
//! In it are the deadlines of its work, the reviews of the processes that it owns, and the runs of them
//! that schedules will start. A link is a secret of its own: it reads one calendar and nothing else, and
//! can be taken back.

use crate::{
    Act, App, Error, Principal, Result, Who, access,
    accounts::hashed,
    audit, processes,
    records::{Account, Feed, Seat},
    seats, triggers, work,
    workspace::{its_zone, loaded},
};
use gemba_model::{
    id::{EntryId, SeatId},
    role::Role,
};
use gemba_schedule::icalendar::{self, Entry, When};
use gemba_store::{Mode, Tx, by_key, insert, load, remove, save, unique};
use jiff::SignedDuration;

/// The most links of one seat.
const LINKS: usize = 20;
/// How often it is noted that a link was read.
const USED_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// The most deadlines of one calendar.
const DEADLINES: u32 = 200;

async fn own(tx: &mut dyn Tx, who: &Who, seat: &str) -> Result<Seat> {
    let seat = seats::find(tx, seat).await?.value;
    access::require_own(who, Some(seat.id), "look after the calendar of this seat")?;
    Ok(seat)
}

/// The links to the calendar of a seat, newest first; its holder or a manager may see them.
pub async fn list(app: &App, who: &Who, seat: &str) -> Result<Vec<Feed>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let seat = own(&mut *tx, who, seat).await?;
    let found = by_key::<Feed>(&mut *tx, "seat", &seat.id.to_string()).await?;
    let mut feeds: Vec<Feed> =
        found.into_iter().map(|feed| Feed { hash: String::new(), ..feed.value }).collect();
    feeds.reverse();
    Ok(feeds)
}

/// Makes a link to the calendar of a seat; its secret comes back, once.
pub async fn create(app: &App, who: &Who, seat: &str) -> Result<String> {
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let seat = own(&mut *tx, who, seat).await?;
    let kept = by_key::<Feed>(&mut *tx, "seat", &seat.id.to_string()).await?;
    if kept.len() >= LINKS {
        let message = format!("a seat has at most {LINKS} links; take one back first");
        return Err(Error::invalid("seat", message));
    }
    let secret = app.secret("cal");
    let (millis, chance) = app.fresh();
    let feed = Feed {
        id: EntryId::new(millis, chance),
        hash: hashed(secret.as_bytes()),
        seat: seat.id,
        account: match who.principal {
            Principal::Person { account } => Some(account),
            Principal::Token { .. } | Principal::Operator | Principal::System => None,
        },
        by: who.name.clone(),
        created: app.now(),
        used: None,
    };
    insert(&mut *tx, &feed).await?;
    audit::write(app, &mut *tx, who, "seat.feed_made", &seat.id.to_string(), &feed.id).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Takes a link back; it reads nothing any more.
pub async fn revoke(app: &App, who: &Who, id: EntryId) -> Result<()> {
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let gone = || Error::not_found("calendar link", id);
    let feed = load::<Feed>(&mut *tx, &id.to_string()).await?.ok_or_else(gone)?.value;
    access::require_own(who, Some(feed.seat), "look after the calendar of this seat")?;
    remove::<Feed>(&mut *tx, &id.to_string()).await?;
    audit::write(app, &mut *tx, who, "seat.feed_removed", &feed.seat.to_string(), &id).await?;
    tx.commit().await?;
    Ok(())
}

/// The calendar behind a link, as iCalendar. Whoever has the link may read it, while the account of the
/// one who made it is open.
pub async fn calendar(app: &App, secret: &str) -> Result<String> {
    let gone = || Error::not_found("calendar", "behind this link");
    if secret.len() > 200 {
        return Err(gone());
    }
    let now = app.now();
    let mut tx = app.open_for_identity(Mode::Read).await?;
    let hash = hashed(secret.as_bytes());
    let feed = unique::<Feed>(&mut *tx, "hash", &hash).await?.ok_or_else(gone)?.value;
    if let Some(account) = feed.account {
        let account = load::<Account>(&mut *tx, &account.to_string()).await?;
        if !account.is_some_and(|account| account.value.active) {
            return Err(gone());
        }
    }
    let seat = load::<Seat>(&mut *tx, &feed.seat.to_string()).await?.ok_or_else(gone)?.value;
    let zone = its_zone(&mut *tx).await?;
    let company = loaded(&mut *tx).await?.value.name;
    drop(tx);
    if feed.used.is_none_or(|used| now >= used + USED_EVERY) {
        let mut tx = app.open_for_identity(Mode::Write).await?;
        if let Some(mut kept) = unique::<Feed>(&mut *tx, "hash", &hash).await? {
            kept.value.used = Some(now);
            save(&mut *tx, &kept).await?;
            tx.commit().await?;
        }
    }
    let who = Who {
        principal: Principal::System,
        name: seat.name.clone(),
        role: Role::Observer,
        seats: vec![seat.id],
        acting: Vec::new(),
    };
    let entries = due(app, &who, &seat, &zone).await?;
    Ok(icalendar::write(&format!("{}, {company}", seat.name), &entries, now))
}

async fn due(app: &App, who: &Who, seat: &Seat, zone: &jiff::tz::TimeZone) -> Result<Vec<Entry>> {
    let base = app.courier().base();
    let listing = work::Listing {
        seat: Some(seat.slug.clone()),
        limit: DEADLINES,
        ..work::Listing::default()
    };
    let mut entries = Vec::new();
    for row in work::list(app, who, listing).await? {
        let Some(at) = row.item.due else { continue };
        entries.push(Entry {
            uid: format!("{}@gemba", row.item.id),
            when: When::Moment(at),
            title: format!("Due: {}", row.step.title),
            text: format!("{}, {}", row.run_title, row.process.1),
            url: format!("{base}/work/{}", row.item.id),
            category: "Deadline".to_owned(),
        });
    }
    let owned: Vec<_> = processes::list(app, who)
        .await?
        .into_iter()
        .filter(|row| is_owned(row.owner.as_ref(), seat.id) && row.retired.is_none())
        .collect();
    for row in &owned {
        let Some(at) = row.review.at else { continue };
        entries.push(Entry {
            uid: format!("review-{}@gemba", row.id),
            when: When::Day(at.to_zoned(zone.clone()).date()),
            title: format!("Review: {}", row.summary.title),
            text: "Hold the document against what is done.".to_owned(),
            url: format!("{base}/processes/{}?view=review", row.slug),
            category: "Review".to_owned(),
        });
    }
    for trigger in triggers::overview(app, who).await? {
        let (slug, title) = &trigger.process;
        if trigger.paused.is_some() || !owned.iter().any(|row| row.slug == *slug) {
            continue;
        }
        for next in &trigger.next {
            entries.push(Entry {
                uid: format!("{}-{}@gemba", trigger.trigger.id, next.firing.at.as_microsecond()),
                when: When::Moment(next.firing.at),
                title: format!("Starts: {title}"),
                text: format!("A schedule starts a run of {title}."),
                url: format!("{base}/triggers/{}", trigger.trigger.id),
                category: "Scheduled run".to_owned(),
            });
        }
    }
    Ok(entries)
}

fn is_owned(owner: Option<&processes::OwnerSeat>, seat: SeatId) -> bool {
    owner.is_some_and(|owner| owner.id == seat)
}
