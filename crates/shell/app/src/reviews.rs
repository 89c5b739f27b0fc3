//! Reviews: when a document must be held against reality, and what came of it.

use crate::{
    Act, App, Error, Result, Who, access, audit,
    processes::{self, find},
    records::{ProcessRecord, Review, ReviewOutcome, Trust},
    seats::{self, Directory},
};
use gemba_model::id::EntryId;
use gemba_store::{Mode, by_key, insert, save};
use jiff::{Timestamp, ToSpan, tz::TimeZone};

/// When the next review is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewDue {
    /// When; none where no cadence is known or nothing is in force.
    pub at: Option<Timestamp>,
    /// Whether that has passed.
    pub overdue: bool,
}

/// A review in a list.
#[derive(Debug, Clone)]
pub struct ReviewRow {
    /// The process.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The seat that owns it.
    pub owner: Option<String>,
    /// When it is due.
    pub due: ReviewDue,
}

pub(crate) fn due(record: &ProcessRecord, now: Timestamp) -> ReviewDue {
    let in_force = record.published.as_ref().filter(|_| record.retired.is_none());
    let months = in_force.and_then(|p| p.summary.review_months);
    let at = months.zip(record.reviewed).and_then(|(months, last)| {
        let due = last.to_zoned(TimeZone::UTC).checked_add(i32::from(months).months()).ok()?;
        Some(due.timestamp())
    });
    ReviewDue { at, overdue: at.is_some_and(|at| at <= now) }
}

/// The processes in force, the most urgent review first.
pub async fn list(app: &App, who: &Who) -> Result<Vec<ReviewRow>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let mut rows: Vec<ReviewRow> = processes::rows(app, &mut *tx)
        .await?
        .into_iter()
        .filter(|row| row.revision.is_some() && row.retired.is_none())
        .map(|row| ReviewRow {
            slug: row.slug,
            title: row.summary.title,
            owner: row.owner.map(|o| o.name),
            due: row.review,
        })
        .collect();
    rows.sort_by_key(|row| (row.due.at.is_none(), row.due.at));
    Ok(rows)
}

/// Records a review. "Needs redesign" takes the trust away; the other outcomes by the owner's holder
/// give it.
pub async fn record(
    app: &App,
    who: &Who,
    slug: &str,
    outcome: ReviewOutcome,
    note: &str,
) -> Result<()> {
    let mut tx = app.open(who, Act::Write, Mode::Write).await?;
    let mut process = find(&mut *tx, slug).await?;
    processes::require_kept(&process.value)?;
    let directory = Directory::load(&mut *tx).await?;
    let owner = seats::owner_of(&process.value, &directory);
    access::require_own(who, owner, "review this process")?;
    let now = app.now();
    let (millis, chance) = app.fresh();
    let review = Review {
        id: EntryId::new(millis, chance),
        process: process.value.id,
        revision: process.value.published.as_ref().map(|p| p.number),
        outcome,
        note: match note.trim() {
            note if note.chars().count() > 2_000 => {
                return Err(Error::invalid("note", "the note is longer than 2000 characters"));
            }
            note => note.to_owned(),
        },
        by: who.name.clone(),
        at: now,
    };
    insert(&mut *tx, &review).await?;
    process.value.reviewed = Some(now);
    match outcome {
        ReviewOutcome::NeedsRedesign => {
            let because = "its review found that the work must be thought over";
            process.value.trust = Trust::Unverified { because: because.to_owned(), since: now };
        }
        ReviewOutcome::StillRight | ReviewOutcome::Edited => {
            if owner.is_some_and(|seat| who.holds(seat)) {
                process.value.trust = Trust::Verified { by: who.name.clone(), at: now };
            }
        }
    }
    save(&mut *tx, &process).await?;
    audit::write(app, &mut *tx, who, "process.reviewed", &process.value.id.to_string(), &review)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// The reviews of a process, newest first.
pub async fn of_process(app: &App, who: &Who, slug: &str) -> Result<Vec<Review>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let record = find(&mut *tx, slug).await?.value;
    let mut reviews: Vec<Review> = by_key::<Review>(&mut *tx, "process", &record.id.to_string())
        .await?
        .into_iter()
        .map(|r| r.value)
        .collect();
    reviews.reverse();
    Ok(reviews)
}
