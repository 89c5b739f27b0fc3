//! The part of the access check that stands in the store: whether an agent may do anything at all now.
//!
//! It is read in the transaction of each act, from what is stored, so that what one node writes holds on
//! every other with the next request.

use super::{Bar, charters};
use crate::{
    Act, App, Error, Principal, Result, Who, known,
    records::{Holder, Seat, Stop, Stops},
};
use gemba_model::id::{ProcessId, SeatId};
use gemba_store::Tx;

/// The seat of an agent that asks; none for people, their programs and the machine itself.
pub(crate) async fn agent_seat(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
) -> Result<Option<std::sync::Arc<Seat>>> {
    let Principal::Token { seat, .. } = &who.principal else { return Ok(None) };
    let seat = known::record::<Seat>(app, tx, &seat.to_string()).await?;
    Ok(seat.filter(|seat| !matches!(seat.holder, Holder::Person { .. })))
}

/// Refuses what acts by a token where it is stopped, and acts of an agent whose seat is not ready.
pub(crate) async fn admit(app: &App, tx: &mut dyn Tx, who: &Who, act: Act) -> Result<()> {
    let Principal::Token { seat, .. } = &who.principal else { return Ok(()) };
    refuse_stopped(app, tx, Stops::Seat(*seat)).await?;
    // A seat that is gone since has no token either.
    let Some(own) = known::record::<Seat>(app, tx, &seat.to_string()).await? else {
        return Err(Error::NotSignedIn);
    };
    if matches!(own.holder, Holder::Person { .. }) {
        return Ok(());
    }
    refuse_stopped(app, tx, Stops::All).await?;
    if act == Act::Read || own.charter.is_none() {
        return Ok(());
    }
    let missing = charters::missing(app, tx, &own).await?;
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Bar::NotReady { seat: own.name.clone(), missing }.into())
    }
}

/// Refuses an agent what belongs to a process in which agents are stopped.
pub(crate) async fn in_process(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    process: ProcessId,
) -> Result<()> {
    match agent_seat(app, tx, who).await? {
        None => Ok(()),
        Some(_agent) => refuse_stopped(app, tx, Stops::Process(process)).await,
    }
}

async fn refuse_stopped(app: &App, tx: &mut dyn Tx, stops: Stops) -> Result<()> {
    let Some(stop) = known::record::<Stop>(app, tx, &stops.key()).await? else { return Ok(()) };
    let what = match stops {
        Stops::All => "all agents",
        Stops::Seat(_) => "this seat's agent",
        Stops::Process(_) => "agents in this process",
    };
    let (by, reason) = (stop.by.clone(), stop.reason.clone());
    Err(Bar::Stopped { what: what.to_owned(), by, reason }.into())
}

/// The first seat above this one on which a person sits.
pub(crate) async fn sponsor(app: &App, tx: &mut dyn Tx, seat: &Seat) -> Result<Option<SeatId>> {
    let mut seen = vec![seat.id];
    let mut next = seat.reports_to;
    while let Some(id) = next.filter(|id| !seen.contains(id)) {
        seen.push(id);
        let Some(above) = known::record::<Seat>(app, tx, &id.to_string()).await? else { break };
        if matches!(above.holder, Holder::Person { .. }) {
            return Ok(Some(id));
        }
        next = above.reports_to;
    }
    Ok(None)
}
