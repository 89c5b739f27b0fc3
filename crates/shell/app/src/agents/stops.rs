//! The kill switch: for the agent of a seat, for agents in a process, for all agents.
//!
//! A stop is a record. [`super::guard`] reads it in the transaction of every act, so it holds on every
//! node from the moment at which it was written. Whatever stopped agents had taken is open to people again.

use super::{Bar, guard};
use crate::{
    Act, App, Error, Result, Who, access, audit, known, processes,
    records::{Holder, Seat, Stop, Stops},
    runs::act,
    seats,
};
use gemba_engine::{By, Command, Which};
use gemba_model::id::SeatId;
use gemba_store::{ItemFilter, ItemState, Mode, Tx, all, insert, load, remove};

/// The longest reason, in characters.
const MAX_REASON: usize = 500;
/// The most claims that a stop gives back at once; the others run out by themselves within a lease.
const MOST_CLAIMS: u32 = 1_000;

/// What is stopped, by its names in addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// All agents.
    All,
    /// Whatever acts by a token of the seat with this slug or name.
    Seat(String),
    /// Agents in the process with this slug.
    Process(String),
}

/// A stop as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopView {
    /// What is kept of it.
    pub stop: Stop,
    /// The slug and the name of the seat or process; none for all agents.
    pub of: Option<(String, String)>,
}

/// Refuses agents: none moves its own limits. What a person's seat lets a program do is the person's word.
pub(crate) async fn require_no_agent(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    what: &'static str,
) -> Result<()> {
    match guard::agent_seat(app, tx, who).await? {
        None => Ok(()),
        Some(_agent) => Err(Bar::PersonsOnly { what }.into()),
    }
}

async fn meant(tx: &mut dyn Tx, target: &Target) -> Result<Stops> {
    Ok(match target {
        Target::All => Stops::All,
        Target::Seat(seat) => Stops::Seat(seats::find(tx, seat).await?.value.id),
        Target::Process(slug) => Stops::Process(processes::find(tx, slug).await?.value.id),
    })
}

/// Whether the one who asks may stop this: managers everything; whoever holds a seat above an agent's, or
/// its switch, that agent; the owner of a process agents in it.
pub(crate) async fn may_stop(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    target: &Target,
) -> Result<bool> {
    if guard::agent_seat(app, tx, who).await?.is_some() {
        return Ok(false);
    }
    if access::may(who, Act::Manage) {
        return Ok(true);
    }
    Ok(match target {
        Target::All => false,
        Target::Seat(seat) => {
            let seat = seats::find(tx, seat).await?.value;
            let switch = seat.charter.as_ref().and_then(|charter| charter.switch);
            (switch.is_some() && switch == who.account()) || is_above(app, tx, who, &seat).await?
        }
        Target::Process(slug) => {
            let process = processes::find(tx, slug).await?.value;
            process.published.is_some_and(|in_force| who.holds(in_force.owner))
        }
    })
}

/// Whether the one who asks holds a seat above this one.
pub(crate) async fn is_above(app: &App, tx: &mut dyn Tx, who: &Who, seat: &Seat) -> Result<bool> {
    let mut seen: Vec<SeatId> = vec![seat.id];
    let mut next = seat.reports_to;
    while let Some(id) = next.filter(|id| !seen.contains(id)) {
        if who.holds(id) {
            return Ok(true);
        }
        seen.push(id);
        let above = known::record::<Seat>(app, tx, &id.to_string()).await?;
        next = above.and_then(|above| above.reports_to);
    }
    Ok(false)
}

async fn require_may_stop(app: &App, tx: &mut dyn Tx, who: &Who, target: &Target) -> Result<()> {
    require_no_agent(app, tx, who, "the switch of agents").await?;
    if may_stop(app, tx, who, target).await? {
        Ok(())
    } else {
        let help =
            "managers may, the people above an agent's seat, and the owner of a process in it";
        Err(Error::Forbidden { act: "stop agents or let them go on", help })
    }
}

/// Stops agents, with a reason. It holds from the moment at which it is written, everywhere.
pub async fn stop(app: &App, who: &Who, target: &Target, reason: &str) -> Result<()> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_REASON {
        let message = format!("say in 1 to {MAX_REASON} characters why");
        return Err(Error::invalid("reason", message));
    }
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let stops = meant(&mut *tx, target).await?;
    require_may_stop(app, &mut *tx, who, target).await?;
    if load::<Stop>(&mut *tx, &stops.key()).await?.is_some() {
        return Ok(());
    }
    let (by, at) = (who.name.clone(), app.now());
    let stop = Stop { stops, by, at, reason: reason.to_owned() };
    insert(&mut *tx, &stop).await?;
    let freed = give_back(app, &mut *tx, stops).await?;
    audit::write(app, &mut *tx, who, "agents.stopped", &stops.key(), &(reason, freed)).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives back what stopped agents have taken.
async fn give_back(app: &App, tx: &mut dyn Tx, stops: Stops) -> Result<usize> {
    let mut filter = ItemFilter {
        states: vec![ItemState::Claimed],
        limit: MOST_CLAIMS,
        ..ItemFilter::default()
    };
    match stops {
        Stops::Seat(seat) => filter.seats = Some(vec![seat]),
        Stops::Process(process) => filter.process = Some(process),
        Stops::All => {
            let agents = all::<Seat>(tx).await?.into_iter().map(|seat| seat.value);
            let agents = agents.filter(|seat| matches!(seat.holder, Holder::Agent { .. }));
            filter.seats = Some(agents.map(|seat| seat.id).collect());
        }
    }
    let mut freed = 0;
    for item in tx.items(&filter).await? {
        let Some(run) = tx.run(item.run).await? else { continue };
        let state = app.known().run(&run)?;
        let open = state.open.iter().find(|open| open.item == item.id);
        let claim = open.and_then(|open| open.claimed(app.now()));
        if claim.is_some_and(|claim| matches!(claim.by, By::Agent { .. })) {
            let command = Command::Release { which: Which::Item(item.id) };
            act(app, tx, &Who::system(), item.run, command).await?;
            freed += 1;
        }
    }
    Ok(freed)
}

/// Lets agents go on.
pub async fn resume(app: &App, who: &Who, target: &Target) -> Result<()> {
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let stops = meant(&mut *tx, target).await?;
    require_may_stop(app, &mut *tx, who, target).await?;
    if remove::<Stop>(&mut *tx, &stops.key()).await? {
        audit::write(app, &mut *tx, who, "agents.resumed", &stops.key(), &()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Everything that is stopped now: all agents first.
pub async fn stopped(app: &App, who: &Who) -> Result<Vec<StopView>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let mut stops: Vec<Stop> = all::<Stop>(&mut *tx).await?.into_iter().map(|s| s.value).collect();
    stops.sort_by_key(|stop| stop.stops);
    let mut views = Vec::with_capacity(stops.len());
    for stop in stops {
        views.push(view(app, &mut *tx, stop).await?);
    }
    Ok(views)
}

async fn view(app: &App, tx: &mut dyn Tx, stop: Stop) -> Result<StopView> {
    let of = match stop.stops {
        Stops::All => None,
        Stops::Seat(seat) => known::record::<Seat>(app, tx, &seat.to_string())
            .await?
            .map(|seat| (seat.slug.clone(), seat.name.clone())),
        Stops::Process(process) => {
            let process = processes::of_id(tx, process).await?.value;
            Some((process.slug.clone(), process.summary().title.clone()))
        }
    };
    Ok(StopView { stop, of })
}

/// What stops the agent of a seat, if anything does.
pub(crate) async fn of_seat(app: &App, tx: &mut dyn Tx, seat: SeatId) -> Result<Option<StopView>> {
    for stops in [Stops::All, Stops::Seat(seat)] {
        if let Some(stop) = load::<Stop>(tx, &stops.key()).await? {
            return Ok(Some(view(app, tx, stop.value).await?));
        }
    }
    Ok(None)
}
