//! Which SOPs a seat works by, and why each: the one answer that its page, its skills over MCP, its
//! exports and its brief give.

use crate::{
    Act, App, Error, Result, Who,
    records::{ProcessRecord, Revision},
    seats,
};
use gemba_model::{id::SeatId, role::Role};
use gemba_store::{Mode, Tx, all, load};
use std::collections::BTreeMap;

/// Why a seat works by an SOP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It answers for the process.
    Owns,
    /// It does steps of it.
    WorksIn,
}

/// An SOP in force that a seat works by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The process.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The revision in force.
    pub revision: u32,
    /// The hash of that revision.
    pub hash: String,
    /// Why it is here.
    pub why: Why,
}

/// The SOPs that a seat works by, by slug.
pub async fn of(app: &App, who: &Who, seat: &str) -> Result<Vec<Followed>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let seat = seats::find(&mut *tx, seat).await?.value.id;
    let records = in_force(&mut *tx).await?;
    Ok(of_seat(&records, seat))
}

/// The processes in force, by slug.
pub(crate) async fn in_force(tx: &mut dyn Tx) -> Result<Vec<ProcessRecord>> {
    let records = all::<ProcessRecord>(tx).await?.into_iter().map(|found| found.value);
    let mut records: Vec<ProcessRecord> =
        records.filter(|p| p.retired.is_none() && p.published.is_some()).collect();
    records.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok(records)
}

/// What the one who asks works by: what their seats work by, or, for a manager without a seat and the one
/// at the machine, whatever is in force.
pub(crate) async fn of_who(tx: &mut dyn Tx, who: &Who) -> Result<Vec<Followed>> {
    let records = in_force(tx).await?;
    if who.role >= Role::Manager && who.seats.is_empty() {
        return Ok(records.iter().filter_map(|record| made(record, Why::Owns)).collect());
    }
    let mut mine: BTreeMap<String, Followed> = BTreeMap::new();
    for seat in &who.seats {
        for followed in of_seat(&records, *seat) {
            mine.entry(followed.slug.clone()).or_insert(followed);
        }
    }
    Ok(mine.into_values().collect())
}

/// What a seat works by among the processes in force.
pub(crate) fn of_seat(records: &[ProcessRecord], seat: SeatId) -> Vec<Followed> {
    let why = |record: &ProcessRecord| {
        let published = record.published.as_ref()?;
        if published.owner == seat {
            Some(Why::Owns)
        } else {
            published.seats.contains(&seat).then_some(Why::WorksIn)
        }
    };
    records.iter().filter_map(|record| made(record, why(record)?)).collect()
}

fn made(record: &ProcessRecord, why: Why) -> Option<Followed> {
    let published = record.published.as_ref()?;
    Some(Followed {
        slug: record.slug.clone(),
        title: record.summary().title.clone(),
        revision: published.number,
        hash: published.revision.clone(),
        why,
    })
}

/// The revision in force of what is followed.
pub(crate) async fn revision(tx: &mut dyn Tx, followed: &Followed) -> Result<Revision> {
    let found = load::<Revision>(tx, &followed.hash).await?;
    found.map(|found| found.value).ok_or_else(|| Error::not_found("revision", &followed.hash))
}
