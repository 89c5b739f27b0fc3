//! A work item is given to a person, who does it for its seat; the seat goes on answering for it.

use super::{MAX_TEXT, answers_for, on_behalf, short};
use crate::{Event, Open, Plan, Rejection, command::Asker};
use gemba_model::id::AccountId;
use jiff::Timestamp;

/// What comes with "delegate".
pub(super) struct Wish {
    pub(super) to: AccountId,
    pub(super) name: String,
    pub(super) until: Option<Timestamp>,
    pub(super) note: Option<String>,
}

/// The seat that has the work, the owner's seat and managers give it to a person. What somebody else has
/// taken stays theirs unless the owner or a manager gives it away.
pub(super) fn delegate(
    plan: &Plan,
    open: &Open,
    asker: &Asker,
    wish: Wish,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let Wish { to, name, until, note } = wish;
    if !answers_for(plan, asker) {
        if !asker.holds(open.seat) {
            return Err(Rejection::WrongSeat);
        }
        let by = asker.by_for(open.seat);
        if let Some(claim) = open.claimed(now).filter(|claim| claim.bars(&by)) {
            return Err(Rejection::ClaimedByOther { name: claim.by.name().to_owned() });
        }
    }
    let given = open.delegated.as_ref().filter(|given| given.holds(now));
    if given.is_some_and(|given| given.to == to && given.until == until) {
        return Err(Rejection::TheirsAlready { name });
    }
    if until.is_some_and(|until| until <= now) {
        return Err(Rejection::PastMoment);
    }
    let note = note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    short("note", note.as_deref().unwrap_or_default(), MAX_TEXT)?;
    let (item, by) = (open.item, on_behalf(plan, open, asker));
    Ok(vec![Event::StepDelegated { at: now, item, by, to, name, until, note }])
}

/// Whoever may give it away takes it back, and the one who has it gives it back.
pub(super) fn take_back(
    plan: &Plan,
    open: &Open,
    asker: &Asker,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let theirs = open.is_delegated_to(&asker.by, now);
    if !theirs && !asker.holds(open.seat) && !answers_for(plan, asker) {
        return Err(Rejection::WrongSeat);
    }
    if open.delegated.is_none() {
        return Err(Rejection::NotDelegated);
    }
    let by = if theirs { asker.by.clone() } else { on_behalf(plan, open, asker) };
    Ok(vec![Event::DelegationEnded { at: now, item: open.item, by }])
}
