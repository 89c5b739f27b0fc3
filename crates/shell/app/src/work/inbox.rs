//! My work: the one place for everything that waits for a person.

use super::{ItemFilter, ItemRow, ItemState, PAGE, WorkRow, is_given_to, of_one, row};
use crate::{
    Act, App, Result, Who,
    incidents::{self, IncidentView},
    processes::{self, ProcessRow},
    proposals,
    records::Trust,
    seats, suggestions,
    triggers::{self, Occurrence, Trigger},
};
use gemba_model::Priority;
use gemba_store::Mode;
use jiff::SignedDuration;

/// The most steps of others that are shown to wait for.
const WATCHED: usize = 20;
/// How near a deadline is that makes work more urgent.
const SOON: SignedDuration = SignedDuration::from_hours(24);

/// Everything that waits for the one who asks.
#[derive(Debug, Clone)]
pub struct MyWork {
    /// Steps to do: the most urgent first, then what waits longest.
    pub items: Vec<WorkRow>,
    /// Steps that were put aside, what comes back first before the others.
    pub aside: Vec<WorkRow>,
    /// Steps of the own seats that were given to others.
    pub given: Vec<WorkRow>,
    /// Incidents to answer, latest first.
    pub incidents: Vec<IncidentView>,
    /// Own processes whose review is due or overdue.
    pub reviews: Vec<ProcessRow>,
    /// Processes with a proposed revision that waits for an answer.
    pub to_approve: Vec<ProcessRow>,
    /// Processes with an answer: approved and to be published, or sent back.
    pub answered: Vec<ProcessRow>,
    /// Own processes for which others suggest changes, and how many of them wait for an answer.
    pub suggested: Vec<(ProcessRow, usize)>,
    /// Occurrences of the triggers of own processes that were missed and ask whether to start.
    pub missed: Vec<(Trigger, Occurrence)>,
    /// Own processes to verify.
    pub to_verify: Vec<ProcessRow>,
    /// Steps of own processes that wait for others.
    pub waiting: Vec<WorkRow>,
    /// The names of the seats held.
    pub seats: Vec<(String, String)>,
}

/// How many steps wait for the one who asks, without what is put aside or given to others; of more than
/// 200 it says 200.
pub async fn count_mine(app: &App, who: &Who) -> Result<usize> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let filter = ItemFilter {
        states: vec![ItemState::Open, ItemState::Claimed],
        limit: PAGE,
        ..ItemFilter::default()
    };
    let now = app.now();
    let waits = |item: &&ItemRow| {
        item.follow_up.is_none_or(|until| until <= now)
            && (item.delegate.is_none() || is_given_to(item, who))
    };
    Ok(of_one(&mut *tx, who, &filter).await?.iter().filter(waits).count())
}

/// Everything that waits for the one who asks.
pub async fn mine(app: &App, who: &Who) -> Result<MyWork> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let states = vec![ItemState::Open, ItemState::Claimed];
    let filter = ItemFilter { states: states.clone(), limit: PAGE, ..ItemFilter::default() };
    let (mut items, mut aside, mut given) = (Vec::new(), Vec::new(), Vec::new());
    for item in of_one(&mut *tx, who, &filter).await? {
        let row = row(app, &mut *tx, who, item).await?;
        match &row {
            row if row.delegated.is_some() && !row.is_given => &mut given,
            row if row.is_aside => &mut aside,
            _ => &mut items,
        }
        .push(row);
    }
    // Stable: of the same urgency, what waits longest comes first.
    items.sort_by_key(|row| std::cmp::Reverse(urgency(app, row)));
    aside.sort_by_key(|row| row.item.follow_up);
    let rows = processes::rows(app, &mut *tx).await?;
    let to_approve = rows.iter().filter(|p| proposals::waits_for(who, p)).cloned().collect();
    let answered = rows.iter().filter(|p| proposals::is_answered_to(who, p)).cloned().collect();
    let owned: Vec<ProcessRow> = rows
        .into_iter()
        .filter(|p| p.revision.is_some() && p.retired.is_none())
        .filter(|p| p.owner.as_ref().is_some_and(|o| who.holds(o.id)))
        .collect();
    let mut waiting = Vec::new();
    for process in owned.iter().filter(|p| p.running > 0) {
        let filter = ItemFilter {
            process: Some(process.id),
            states: states.clone(),
            limit: PAGE,
            ..ItemFilter::default()
        };
        for item in tx.items(&filter).await? {
            if !who.works_for(item.seat) && waiting.len() < WATCHED {
                waiting.push(row(app, &mut *tx, who, item).await?);
            }
        }
    }
    let mut suggested = Vec::new();
    for process in &owned {
        let n = suggestions::open_to(&mut *tx, who, process.id).await?;
        if n > 0 {
            suggested.push((process.clone(), n));
        }
    }
    let seats = seats::views(&mut *tx)
        .await?
        .into_iter()
        .filter(|s| who.holds(s.seat.id))
        .map(|s| (s.seat.slug, s.seat.name))
        .collect();
    let is_unverified = |p: &&ProcessRow| matches!(p.trust, Trust::Unverified { .. });
    Ok(MyWork {
        items,
        aside,
        given,
        incidents: incidents::mine(app, &mut *tx, who).await?,
        reviews: owned.iter().filter(|p| p.review.overdue).cloned().collect(),
        to_approve,
        answered,
        suggested,
        missed: triggers::asked_of(app, &mut *tx, who).await?,
        to_verify: owned.iter().filter(is_unverified).cloned().collect(),
        waiting,
        seats,
    })
}

/// How urgent a work item is now: as its run, and one step more where it is late or was reminded of.
fn urgency(app: &App, row: &WorkRow) -> Priority {
    let near = row.item.due.is_some_and(|due| due <= app.now() + SOON);
    if row.late || near { row.item.priority.raised() } else { row.item.priority }
}
