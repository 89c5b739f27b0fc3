//! What an agent's seat needs before the agent may act: a sponsor, a mandate with hard edges, a business
//! metric, and a person who holds its switch.

use super::{Lack, StopView, Target, guard, stops};
use crate::{
    Act, App, Error, Result, Who, access, accounts, audit, known,
    records::{Account, Charter, Holder, Level, Seat},
    search, seats,
    workspace::text,
};
use gemba_model::role::Role;
use gemba_store::{Mode, Tx, all, save};

/// The longest mandate or edge, in characters.
const MAX_TEXT: usize = 1_000;
/// The most edges.
const MAX_EDGES: usize = 20;

/// What one says about the agent of a seat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CharterInput {
    /// What it is there to do.
    pub mandate: String,
    /// What it never does, one each.
    pub edges: Vec<String>,
    /// The number by which the company sees whether it is worth it.
    pub metric: String,
    /// The id, e-mail address or name of the person who holds its switch; the sponsor where nothing is
    /// said.
    pub switch: Option<String>,
    /// How far it goes in a process of which nothing else was said.
    pub level: Level,
}

/// An agent's seat as it is shown.
#[derive(Debug, Clone)]
pub struct AgentView {
    /// The seat.
    pub seat: Seat,
    /// The name of the agent.
    pub name: String,
    /// The seat of its sponsor, slug and name, and the person on it.
    pub sponsor: Option<((String, String), String)>,
    /// The name of the person who holds its switch.
    pub switch: Option<String>,
    /// What it lacks.
    pub missing: Vec<Lack>,
    /// What stops it: itself, or all agents.
    pub stopped: Option<StopView>,
    /// Whether the one who asks may stop it and let it go on.
    pub may_stop: bool,
}

impl AgentView {
    /// Whether it sits there since before agents' seats had charters, and acts without one.
    pub fn is_from_before(&self) -> bool {
        self.seat.charter.is_none()
    }
}

/// What a seat lacks before the agent on it may act.
pub(crate) async fn missing(app: &App, tx: &mut dyn Tx, seat: &Seat) -> Result<Vec<Lack>> {
    let empty = Charter::default();
    let charter = seat.charter.as_ref().unwrap_or(&empty);
    let mut missing = Vec::new();
    if guard::sponsor(app, tx, seat).await?.is_none() {
        missing.push(Lack::Sponsor);
    }
    let blank = |text: &String| text.trim().is_empty();
    if blank(&charter.mandate) {
        missing.push(Lack::Mandate);
    }
    if charter.edges.iter().all(blank) {
        missing.push(Lack::Edges);
    }
    if blank(&charter.metric) {
        missing.push(Lack::Metric);
    }
    let holder = match charter.switch {
        Some(account) => known::record::<Account>(app, tx, &account.to_string()).await?,
        None => None,
    };
    if !holder.is_some_and(|account| account.active && account.role >= Role::Member) {
        missing.push(Lack::Switch);
    }
    Ok(missing)
}

/// Says what the agent of a seat is there for. Only people do.
pub async fn charter(app: &App, who: &Who, seat: &str, input: CharterInput) -> Result<()> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    stops::require_no_agent(app, &mut *tx, who, "what an agent is there for").await?;
    let mut found = seats::find(&mut *tx, seat).await?;
    if !matches!(found.value.holder, Holder::Agent { .. }) {
        let message = "put an agent on this seat first: what stands here is about agents";
        return Err(Error::invalid("seat", message));
    }
    let edges: Vec<String> = input
        .edges
        .iter()
        .map(|edge| edge.trim().to_owned())
        .filter(|edge| !edge.is_empty())
        .collect();
    if edges.is_empty() || edges.len() > MAX_EDGES {
        let message = format!("write 1 to {MAX_EDGES} things that it never does, one each");
        return Err(Error::invalid("edges", message));
    }
    if edges.iter().any(|edge| edge.chars().count() > MAX_TEXT) {
        let message = format!("an edge is longer than {MAX_TEXT} characters");
        return Err(Error::invalid("edges", message));
    }
    let switch = match input.switch.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => Some(accounts::worker(&mut *tx, "switch", name).await?.id),
        None => sponsor_account(app, &mut *tx, &found.value).await?,
    };
    if switch.is_none() {
        let message = "no person is above this seat: name who holds its switch";
        return Err(Error::invalid("switch", message));
    }
    found.value.charter = Some(Charter {
        mandate: text("mandate", &input.mandate, MAX_TEXT)?,
        edges,
        metric: text("metric", &input.metric, 200)?,
        switch,
        level: input.level,
    });
    save(&mut *tx, &found).await?;
    search::put_seat(&mut *tx, &found.value).await?;
    let id = found.value.id.to_string();
    audit::write(app, &mut *tx, who, "agent.chartered", &id, &found.value.charter).await?;
    tx.commit().await?;
    Ok(())
}

async fn sponsor_account(
    app: &App,
    tx: &mut dyn Tx,
    seat: &Seat,
) -> Result<Option<gemba_model::id::AccountId>> {
    let Some(sponsor) = guard::sponsor(app, tx, seat).await? else { return Ok(None) };
    let above = known::record::<Seat>(app, tx, &sponsor.to_string()).await?;
    Ok(above.and_then(|above| match above.holder {
        Holder::Person { account } => Some(account),
        Holder::Agent { .. } | Holder::Vacant => None,
    }))
}

/// Every agent's seat, by name.
pub async fn list(app: &App, who: &Who) -> Result<Vec<AgentView>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let mut seats: Vec<Seat> = all::<Seat>(&mut *tx).await?.into_iter().map(|s| s.value).collect();
    seats.retain(|seat| matches!(seat.holder, Holder::Agent { .. }));
    seats.sort_by(|a, b| a.name.cmp(&b.name));
    let mut views = Vec::with_capacity(seats.len());
    for seat in seats {
        views.push(view(app, &mut *tx, who, seat).await?);
    }
    Ok(views)
}

/// The agent of one seat; none where no agent sits on it.
pub async fn readiness(app: &App, who: &Who, seat: &str) -> Result<Option<AgentView>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let seat = seats::find(&mut *tx, seat).await?.value;
    match seat.holder {
        Holder::Agent { .. } => Ok(Some(view(app, &mut *tx, who, seat).await?)),
        Holder::Vacant | Holder::Person { .. } => Ok(None),
    }
}

async fn view(app: &App, tx: &mut dyn Tx, who: &Who, seat: Seat) -> Result<AgentView> {
    let sponsor = match guard::sponsor(app, tx, &seat).await? {
        Some(id) => known::record::<Seat>(app, tx, &id.to_string()).await?,
        None => None,
    };
    let sponsor = match sponsor {
        Some(above) => {
            let person = match above.holder {
                Holder::Person { account } => account_name(app, tx, account).await?,
                Holder::Agent { .. } | Holder::Vacant => None,
            };
            Some(((above.slug.clone(), above.name.clone()), person.unwrap_or_default()))
        }
        None => None,
    };
    let switch = match seat.charter.as_ref().and_then(|charter| charter.switch) {
        Some(account) => account_name(app, tx, account).await?,
        None => None,
    };
    let name = match &seat.holder {
        Holder::Agent { name } => name.clone(),
        Holder::Vacant | Holder::Person { .. } => String::new(),
    };
    Ok(AgentView {
        missing: missing(app, tx, &seat).await?,
        stopped: stops::of_seat(app, tx, seat.id).await?,
        may_stop: access::may(who, Act::Work)
            && stops::may_stop(app, tx, who, &Target::Seat(seat.slug.clone())).await?,
        name,
        sponsor,
        switch,
        seat,
    })
}

async fn account_name(
    app: &App,
    tx: &mut dyn Tx,
    account: gemba_model::id::AccountId,
) -> Result<Option<String>> {
    let found = known::record::<Account>(app, tx, &account.to_string()).await?;
    Ok(found.map(|account| account.name.clone()))
}
