//! Who has a work item: taking it, keeping it, giving it back, handing it to another seat.

use super::{MAX_TEXT, answers_for, on_behalf, short};
use crate::{By, Event, Open, Plan, Rejection, command::Asker};
use gemba_model::id::SeatId;
use jiff::{SignedDuration, Timestamp};

/// A claim is a compare-and-set: the first one has it, for as long as the lease says.
///
/// Taking again what one has is harmless; with a lease it keeps the work item for longer, from now on.
/// A claim whose time has passed keeps nobody away: whoever takes the work item next gets the next
/// fencing token, also the one who had it before.
pub(super) fn claim(
    open: &Open,
    by: &By,
    lease: Option<SignedDuration>,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let until = lease.and_then(|lease| now.checked_add(lease).ok());
    match (open.claimed(now), until) {
        (Some(claim), _) if claim.bars(by) => {
            Err(Rejection::ClaimedByOther { name: claim.by.name().to_owned() })
        }
        (Some(claim), Some(until)) if claim.until.is_some_and(|before| before < until) => {
            Ok(vec![Event::LeaseExtended { at: now, item: open.item, until }])
        }
        (Some(claim), _) if claim.by.is_same(by) => Ok(Vec::new()),
        // Whoever was away takes over what was taken for them, and whoever acts for them what they had.
        (_, until) => {
            Ok(vec![Event::StepClaimed { at: now, item: open.item, by: by.clone(), until }])
        }
    }
}

pub(super) fn release(open: &Open, asker: &Asker, now: Timestamp) -> Result<Vec<Event>, Rejection> {
    match open.claimed(now) {
        None => Err(Rejection::NotClaimed),
        Some(claim) if asker.any_seat || !claim.bars(&asker.by_for(open.seat)) => {
            let by = asker.by_for(open.seat);
            Ok(vec![Event::StepReleased { at: now, item: open.item, by }])
        }
        Some(claim) => Err(Rejection::ClaimedByOther { name: claim.by.name().to_owned() }),
    }
}

/// The seat that has the work, the owner's seat and managers hand it to another; what somebody has taken
/// stays theirs unless they, the owner or a manager hand it on.
pub(super) fn reassign(
    plan: &Plan,
    open: &Open,
    asker: &Asker,
    to: SeatId,
    reason: String,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    if !answers_for(plan, asker) {
        if !asker.holds(open.seat) {
            return Err(Rejection::WrongSeat);
        }
        if let Some(claim) = open.claimed(now).filter(|claim| claim.bars(&asker.by_for(open.seat)))
        {
            return Err(Rejection::ClaimedByOther { name: claim.by.name().to_owned() });
        }
    }
    if reason.trim().is_empty() {
        return Err(Rejection::ReassignReasonNeeded);
    }
    short("reason", &reason, MAX_TEXT)?;
    if open.seat == to {
        return Err(Rejection::SameSeat);
    }
    let (item, from) = (open.item, open.seat);
    let by = on_behalf(plan, open, asker);
    Ok(vec![Event::StepReassigned { at: now, item, by, from, to, reason }])
}
