//! Who is away, and who acts for them meanwhile.
//!
//! The one who acts for somebody does the work of that person's seats, and what they do says for whom. They
//! get no more rights: documents, measurables and settings stay with the holder of the seat and with
//! managers. Acting for goes no further: where the one who acts is away too, nobody acts for both.

use crate::{
    Act, App, Error, Result, Who, access, accounts, audit,
    records::{Absence, Account, Seat},
    workspace,
};
use gemba_engine::{ActedFor, Acting};
use gemba_model::id::AccountId;
use gemba_store::{Mode, Tx, Versioned, all, by_key, insert, load, remove, save};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

/// The most days of one absence.
const MAX_DAYS: i32 = 366;

/// An absence as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AbsenceInput {
    /// The first day, such as "2026-08-03"; today where it is empty.
    pub from: String,
    /// The last day.
    pub until: String,
    /// Who acts for them: the id, the e-mail address or the name of an account.
    pub deputy: String,
}

/// An absence as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsenceView {
    /// The absence.
    pub absence: Absence,
    /// The name of the one who is away.
    pub name: String,
    /// The name of the one who acts for them.
    pub deputy: String,
    /// The seats they hold.
    pub seats: Vec<String>,
    /// Whether they are away now.
    pub is_now: bool,
}

/// The absences that are not over, the earliest first.
pub async fn list(app: &App, who: &Who) -> Result<Vec<AbsenceView>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let now = app.now();
    let mut absences: Vec<Absence> = all::<Absence>(&mut *tx)
        .await?
        .into_iter()
        .map(|absence| absence.value)
        .filter(|absence| now < absence.ends)
        .collect();
    absences.sort_by_key(|absence| (absence.from, absence.account));
    let mut views = Vec::with_capacity(absences.len());
    for absence in absences {
        let held = by_key::<Seat>(&mut *tx, "account", &absence.account.to_string()).await?;
        let mut seats: Vec<String> = held.into_iter().map(|seat| seat.value.name).collect();
        seats.sort_unstable();
        views.push(AbsenceView {
            name: name_of(&mut *tx, absence.account).await?,
            deputy: name_of(&mut *tx, absence.deputy).await?,
            seats,
            is_now: absence.holds(now),
            absence,
        });
    }
    Ok(views)
}

/// Writes down that a person is away, in place of what was written before. One does it for oneself;
/// managers do it for others as well, named by id, e-mail address or name.
pub async fn set(app: &App, who: &Who, of: Option<&str>, input: &AbsenceInput) -> Result<()> {
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let account = whose(&mut *tx, who, of).await?;
    let deputy = accounts::worker(&mut *tx, "deputy", &input.deputy).await?;
    if deputy.id == account {
        return Err(Error::invalid("deputy", "somebody else acts for whoever is away"));
    }
    let zone = workspace::its_zone(&mut *tx).await?;
    let today = app.now().to_zoned(zone.clone()).date();
    let from = match input.from.trim() {
        "" => today,
        given => day("from", given)?,
    };
    let until = day("until", &input.until)?;
    if until < from {
        return Err(Error::invalid("until", "the last day lies before the first"));
    }
    if until < today {
        return Err(Error::invalid("until", "the last day is over already"));
    }
    if (until - from).get_days() >= MAX_DAYS {
        let message = format!("an absence has at most {MAX_DAYS} days");
        return Err(Error::invalid("until", message));
    }
    if let Some(theirs) = load::<Absence>(&mut *tx, &deputy.id.to_string()).await? {
        let Absence { from: first, until: last, .. } = theirs.value;
        if first <= until && from <= last {
            let message = format!("{} is away too, from {first} until {last}", deputy.name);
            return Err(Error::invalid("deputy", message));
        }
    }
    let (starts, ends) = (midnight(from, &zone)?, midnight(after(until)?, &zone)?);
    let absence = Absence {
        account,
        from,
        until,
        starts,
        ends,
        deputy: deputy.id,
        by: who.name.clone(),
        at: app.now(),
    };
    match load::<Absence>(&mut *tx, &account.to_string()).await? {
        Some(kept) => {
            save(&mut *tx, &Versioned { value: absence, ..kept }).await?;
        }
        None => insert(&mut *tx, &absence).await?,
    }
    let detail = (from, until, &deputy.name);
    audit::write(app, &mut *tx, who, "absence.set", &account.to_string(), &detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes an absence away: the person is back, or does not go. Nothing where none is written down.
pub async fn end(app: &App, who: &Who, of: Option<&str>) -> Result<()> {
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let account = whose(&mut *tx, who, of).await?;
    if load::<Absence>(&mut *tx, &account.to_string()).await?.is_some() {
        remove::<Absence>(&mut *tx, &account.to_string()).await?;
        audit::write(app, &mut *tx, who, "absence.ended", &account.to_string(), &()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The seats on which somebody acts for holders who are away now.
pub(crate) async fn acting(
    tx: &mut dyn Tx,
    deputy: AccountId,
    now: Timestamp,
) -> Result<Vec<Acting>> {
    let mut acting = Vec::new();
    for absence in by_key::<Absence>(tx, "deputy", &deputy.to_string()).await? {
        let Absence { account, .. } = absence.value;
        if !absence.value.holds(now) {
            continue;
        }
        let away = ActedFor { account, name: name_of(tx, account).await? };
        for seat in by_key::<Seat>(tx, "account", &account.to_string()).await? {
            acting.push(Acting { seat: seat.value.id, away: away.clone() });
        }
    }
    Ok(acting)
}

/// Whether somebody acts for this person now.
pub(crate) async fn acts_for(
    tx: &mut dyn Tx,
    deputy: AccountId,
    account: AccountId,
    now: Timestamp,
) -> Result<bool> {
    let absence = load::<Absence>(tx, &account.to_string()).await?;
    Ok(absence.is_some_and(|found| found.value.deputy == deputy && found.value.holds(now)))
}

/// Whose absence is meant: one's own, or that of another where one may.
async fn whose(tx: &mut dyn Tx, who: &Who, of: Option<&str>) -> Result<AccountId> {
    let own = match who.account() {
        Some(account) => load::<Account>(tx, &account.to_string()).await?,
        None => None,
    };
    let own = own.map(|account| account.value);
    let Some(of) = of.map(str::trim).filter(|of| !of.is_empty()) else {
        return own.map(|own| own.id).ok_or_else(|| Error::invalid("person", "say who is away"));
    };
    if access::may(who, Act::Manage) {
        return Ok(accounts::named(tx, "person", of).await?.id);
    }
    own.filter(|own| own.is_called(of)).map(|own| own.id).ok_or(Error::Forbidden {
        act: "write down that somebody else is away",
        help: "they themselves, managers and above may",
    })
}

async fn name_of(tx: &mut dyn Tx, account: AccountId) -> Result<String> {
    let found = load::<Account>(tx, &account.to_string()).await?;
    Ok(found.map(|account| account.value.name).unwrap_or_default())
}

fn day(field: &'static str, text: &str) -> Result<Date> {
    let unclear = |_unread| Error::invalid(field, "write a day as year, month and day: 2026-08-03");
    text.trim().parse().map_err(unclear)
}

fn after(date: Date) -> Result<Date> {
    date.checked_add(1.day()).map_err(|_end| Error::invalid("until", "this day is too far off"))
}

/// When a day begins.
fn midnight(date: Date, zone: &TimeZone) -> Result<Timestamp> {
    let begins = date.to_zoned(zone.clone()).map(|at| at.timestamp());
    begins.map_err(|_end| Error::invalid("until", "this day is too far off"))
}
