//! The team chart: seats, who holds them, whom they answer to.

use crate::{
    Act, App, Error, Result, Who, audit, marks,
    processes::mark_unverified,
    records::{Account, Charter, Holder, Measurable, ProcessRecord, Seat, Token},
    search,
    workspace::text,
};
use gemba_model::{
    Process, Slug,
    id::{AccountId, SeatId},
};
use gemba_store::{
    ItemFilter, ItemState, Mode, Tx, Versioned, all, by_key, insert, load, remove, save, unique,
};
use std::collections::BTreeMap;

const MAX_ALIASES: usize = 20;
const MAX_NAME: usize = 80;
const MAX_PURPOSE: usize = 1_000;
const TRIES_FOR_A_SLUG: u32 = 1_000;

/// A seat as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatView {
    /// The seat.
    pub seat: Seat,
    /// The name of the person or agent on it.
    pub holder: Option<String>,
    /// The name of the seat it answers to.
    pub reports_to: Option<String>,
    /// The slugs and titles of the processes it owns (the revision in force, else the draft).
    pub owns: Vec<(String, String)>,
    /// The slugs and titles of the processes in force in which it does steps.
    pub works_in: Vec<(String, String)>,
}

/// What one writes about a seat. Names of other seats and of the holder are resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeatInput {
    /// The name in documents.
    pub name: String,
    /// The part of the company.
    pub function: Option<String>,
    /// What it is there for.
    pub purpose: String,
    /// The slug or name of the seat it answers to.
    pub reports_to: Option<String>,
    /// Who sits on it.
    pub holder: HolderInput,
    /// Other names that documents use for it.
    pub aliases: Vec<String>,
}

/// Who shall sit on a seat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum HolderInput {
    /// Nobody.
    #[default]
    Vacant,
    /// The person with this account.
    Person(AccountId),
    /// The agent with this name.
    Agent(String),
}

/// All seats, by name.
pub async fn list(app: &App, who: &Who) -> Result<Vec<SeatView>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    views(&mut *tx).await
}

/// One seat, by slug, name or alias.
pub async fn get(app: &App, who: &Who, seat: &str) -> Result<SeatView> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let found = find(&mut *tx, seat).await?.value;
    let views = views(&mut *tx).await?;
    views.into_iter().find(|v| v.seat.id == found.id).ok_or_else(|| Error::not_found("seat", seat))
}

pub(crate) async fn views(tx: &mut dyn Tx) -> Result<Vec<SeatView>> {
    let seats = all::<Seat>(tx).await?;
    let accounts = all::<Account>(tx).await?;
    let processes = all::<ProcessRecord>(tx).await?;
    let names: BTreeMap<SeatId, String> =
        seats.iter().map(|s| (s.value.id, s.value.name.clone())).collect();
    let directory = Directory::of(seats.iter().map(|s| s.value.clone()).collect());
    let mut views: Vec<SeatView> = seats
        .into_iter()
        .map(|Versioned { value: seat, .. }| {
            let holder = match &seat.holder {
                Holder::Vacant => None,
                Holder::Agent { name } => Some(name.clone()),
                Holder::Person { account } => {
                    accounts.iter().find(|a| a.value.id == *account).map(|a| a.value.name.clone())
                }
            };
            let named = |p: &ProcessRecord| (p.slug.clone(), p.summary().title.clone());
            let owned =
                |p: &ProcessRecord| p.retired.is_none() && owner_of(p, &directory) == Some(seat.id);
            let works = |p: &ProcessRecord| {
                p.retired.is_none()
                    && p.published.as_ref().is_some_and(|f| f.seats.contains(&seat.id))
            };
            SeatView {
                holder,
                reports_to: seat.reports_to.and_then(|id| names.get(&id).cloned()),
                owns: processes.iter().map(|p| &p.value).filter(|p| owned(p)).map(named).collect(),
                works_in: processes
                    .iter()
                    .map(|p| &p.value)
                    .filter(|p| works(p))
                    .map(named)
                    .collect(),
                seat,
            }
        })
        .collect();
    views.sort_by(|a, b| a.seat.name.cmp(&b.seat.name));
    Ok(views)
}

/// The seat that owns a process: of the revision in force, or else what its draft's owner means.
pub(crate) fn owner_of(process: &ProcessRecord, directory: &Directory) -> Option<SeatId> {
    if let Some(in_force) = &process.published {
        return Some(in_force.owner);
    }
    let summary = &process.draft_summary;
    let named = matches!(
        summary.owner_state,
        gemba_model::OwnerState::Stated | gemba_model::OwnerState::Implied
    );
    summary.owner.as_deref().filter(|_| named).and_then(|name| directory.find(name))
}

/// Which seat a name means: its name, slug or an alias, whatever the case.
#[derive(Debug, Clone)]
pub(crate) struct Directory {
    seats: Vec<Seat>,
}

impl Directory {
    pub(crate) fn of(seats: Vec<Seat>) -> Self {
        Self { seats }
    }

    pub(crate) async fn load(tx: &mut dyn Tx) -> Result<Self> {
        Ok(Self::of(all::<Seat>(tx).await?.into_iter().map(|s| s.value).collect()))
    }

    pub(crate) fn find(&self, name: &str) -> Option<SeatId> {
        let name = name.trim().to_lowercase();
        let bare = name.strip_prefix("the ").unwrap_or(&name);
        let is = |text: &str| {
            let text = text.to_lowercase();
            text == bare || text.strip_prefix("the ") == Some(bare)
        };
        let by_name = self.seats.iter().find(|s| is(&s.name) || s.slug == bare);
        by_name
            .or_else(|| self.seats.iter().find(|s| s.aliases.iter().any(|a| is(a))))
            .map(|s| s.id)
    }

    /// The seat by what else the document calls it: its "Incident Commander" may be the chart's "IC".
    pub(crate) fn found_as(&self, process: &Process, name: &str) -> Option<SeatId> {
        process.also_written(name).and_then(|written| self.find(written))
    }

    pub(crate) fn name(&self, id: SeatId) -> Option<&str> {
        self.seats.iter().find(|s| s.id == id).map(|s| s.name.as_str())
    }

    pub(crate) fn slug(&self, id: SeatId) -> Option<&str> {
        self.seats.iter().find(|s| s.id == id).map(|s| s.slug.as_str())
    }

    pub(crate) fn is_vacant(&self, id: SeatId) -> bool {
        self.seats.iter().any(|s| s.id == id && s.holder == Holder::Vacant)
    }
}

pub(crate) async fn names(tx: &mut dyn Tx) -> Result<BTreeMap<SeatId, String>> {
    Ok(all::<Seat>(tx).await?.into_iter().map(|s| (s.value.id, s.value.name)).collect())
}

/// The seat with this slug, name or alias.
pub(crate) async fn find(tx: &mut dyn Tx, text: &str) -> Result<Versioned<Seat>> {
    if let Some(seat) = unique::<Seat>(tx, "slug", text).await? {
        return Ok(seat);
    }
    let missing = || Error::not_found("seat", text);
    let id = Directory::load(tx).await?.find(text).ok_or_else(missing)?;
    load::<Seat>(tx, &id.to_string()).await?.ok_or_else(missing)
}

/// Adds a seat; its slug comes back.
pub async fn create(app: &App, who: &Who, input: SeatInput) -> Result<String> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let slug = add(app, &mut *tx, who, input).await?.slug;
    tx.commit().await?;
    Ok(slug)
}

pub(crate) async fn add(app: &App, tx: &mut dyn Tx, who: &Who, input: SeatInput) -> Result<Seat> {
    let wanted = Slug::from_text(&input.name, "seat");
    add_as(app, tx, who, input, &wanted).await
}

/// Adds a seat with this slug, or the next one that is free.
pub(crate) async fn add_as(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    input: SeatInput,
    wanted: &Slug,
) -> Result<Seat> {
    let name = text("name", &input.name, 80)?;
    let directory = Directory::load(tx).await?;
    if directory.find(&name).is_some() {
        let message = format!("there is a seat `{name}` already, by name or by another name");
        return Err(Error::Taken { field: "name", message });
    }
    let wanted = wanted.as_str();
    let mut slug = if wanted == "new" { "new-seat" } else { wanted }.to_owned();
    for n in 2..TRIES_FOR_A_SLUG {
        if unique::<Seat>(tx, "slug", &slug).await?.is_none() {
            break;
        }
        slug = format!("{wanted}-{n}");
    }
    let (millis, chance) = app.fresh();
    let mut seat = Seat {
        id: SeatId::new(millis, chance),
        slug,
        name,
        function: None,
        purpose: String::new(),
        reports_to: None,
        holder: Holder::Vacant,
        aliases: Vec::new(),
        charter: None,
    };
    fill(tx, &directory, &mut seat, input).await?;
    insert(tx, &seat).await?;
    search::put_seat(tx, &seat).await?;
    audit::write(app, tx, who, "seat.created", &seat.id.to_string(), &seat).await?;
    Ok(seat)
}

async fn fill(
    tx: &mut dyn Tx,
    directory: &Directory,
    seat: &mut Seat,
    input: SeatInput,
) -> Result<()> {
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    seat.function = input.function.as_deref().and_then(filled);
    input.purpose.trim().clone_into(&mut seat.purpose);
    seat.aliases = input.aliases.iter().filter_map(|a| filled(a)).collect();
    let too_long = |t: &String| t.chars().count() > MAX_NAME;
    if seat.aliases.len() > MAX_ALIASES || seat.aliases.iter().any(too_long) {
        let message =
            format!("a seat has at most {MAX_ALIASES} other names of {MAX_NAME} characters");
        return Err(Error::invalid("aliases", message));
    }
    if seat.function.as_ref().is_some_and(too_long) {
        let message = format!("a function has at most {MAX_NAME} characters");
        return Err(Error::invalid("function", message));
    }
    if seat.purpose.chars().count() > MAX_PURPOSE {
        let message = format!("the purpose is longer than {MAX_PURPOSE} characters");
        return Err(Error::invalid("purpose", message));
    }
    for alias in &seat.aliases {
        if directory.find(alias).is_some_and(|other| other != seat.id) {
            let message = format!("`{alias}` is a name of another seat");
            return Err(Error::Taken { field: "aliases", message });
        }
    }
    seat.reports_to = match input.reports_to.as_deref().and_then(filled) {
        None => None,
        Some(name) => Some(directory.find(&name).ok_or_else(|| Error::not_found("seat", &name))?),
    };
    if seat.reports_to.is_some_and(|above| leads_to(directory, above, seat.id)) {
        return Err(Error::invalid(
            "reports_to",
            "a seat cannot answer to itself, by however many steps",
        ));
    }
    let before = seat.holder.clone();
    seat.holder = match input.holder {
        HolderInput::Vacant => Holder::Vacant,
        HolderInput::Agent(name) => Holder::Agent { name: text("holder", &name, 80)? },
        HolderInput::Person(account) => {
            let known = load::<Account>(tx, &account.to_string()).await?;
            known.filter(|a| a.value.active).ok_or_else(|| Error::not_found("account", account))?;
            Holder::Person { account }
        }
    };
    // A new agent begins with nothing said about it. One that sat there before seats had charters keeps
    // none, and goes on.
    match (&seat.holder, seat.holder == before) {
        (_, true) => {}
        (Holder::Agent { .. }, false) => seat.charter = Some(Charter::default()),
        (Holder::Vacant | Holder::Person { .. }, false) => seat.charter = None,
    }
    Ok(())
}

fn leads_to(directory: &Directory, from: SeatId, to: SeatId) -> bool {
    let mut at = Some(from);
    // A chart without a circle is at most as deep as it has seats.
    for _ in 0..=directory.seats.len() {
        match at {
            None => return false,
            Some(id) if id == to => return true,
            Some(id) => at = directory.seats.iter().find(|s| s.id == id).and_then(|s| s.reports_to),
        }
    }
    true
}

/// Changes a seat. A new holder makes the processes it owns unverified until they were verified, and the
/// seat's tokens end.
pub async fn change(app: &App, who: &Who, seat: &str, input: SeatInput) -> Result<String> {
    change_seen(app, who, seat, input, None).await
}

/// The mark of what is shown of a seat, for [`change_seen`].
pub fn mark(seat: &Seat) -> String {
    marks::of(seat)
}

/// The same, if the seat still is what was seen.
pub async fn change_seen(
    app: &App,
    who: &Who,
    seat: &str,
    input: SeatInput,
    seen: Option<&str>,
) -> Result<String> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let mut found = find(&mut *tx, seat).await?;
    marks::require(seen, &found.value, "this seat")?;
    let before = found.value.holder.clone();
    let directory = Directory::load(&mut *tx).await?;
    let name = text("name", &input.name, 80)?;
    if directory.find(&name).is_some_and(|other| other != found.value.id) {
        return Err(Error::Taken {
            field: "name",
            message: format!("`{name}` is a name of another seat"),
        });
    }
    // Documents that use the old name must go on meaning this seat.
    let mut input = input;
    if name != found.value.name && !input.aliases.contains(&found.value.name) {
        input.aliases.insert(0, found.value.name.clone());
    }
    found.value.name = name;
    fill(&mut *tx, &directory, &mut found.value, input).await?;
    save(&mut *tx, &found).await?;
    search::put_seat(&mut *tx, &found.value).await?;
    if before != found.value.holder {
        // What acted for the old holder does not go on for the new one.
        remove_tokens(&mut *tx, found.value.id).await?;
        mark_unverified(app, &mut *tx, found.value.id, "a new holder has the owner's seat").await?;
    }
    let id = found.value.id.to_string();
    audit::write(app, &mut *tx, who, "seat.changed", &id, &found.value).await?;
    tx.commit().await?;
    Ok(found.value.slug)
}

async fn remove_tokens(tx: &mut dyn Tx, seat: SeatId) -> Result<()> {
    for token in by_key::<Token>(tx, "seat", &seat.to_string()).await? {
        remove::<Token>(tx, &token.value.id.to_string()).await?;
    }
    Ok(())
}

/// Removes a seat that nothing needs and nobody answers to; its tokens go with it.
pub async fn delete(app: &App, who: &Who, seat: &str) -> Result<()> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let found = find(&mut *tx, seat).await?.value;
    let below = all::<Seat>(&mut *tx).await?.iter().any(|s| s.value.reports_to == Some(found.id));
    let used = all::<ProcessRecord>(&mut *tx).await?.iter().any(|p| {
        p.value
            .published
            .as_ref()
            .is_some_and(|f| f.owner == found.id || f.seats.contains(&found.id))
    });
    let open = ItemFilter {
        seats: Some(vec![found.id]),
        states: vec![ItemState::Open, ItemState::Claimed],
        limit: 1,
        ..ItemFilter::default()
    };
    let busy = !tx.items(&open).await?.is_empty();
    let measured = !by_key::<Measurable>(&mut *tx, "seat", &found.id.to_string()).await?.is_empty();
    if below || used || busy || measured {
        let message = "seats answer to it, processes in force or open steps need it, or it answers for \
                       measurables: change those first";
        return Err(Error::invalid("seat", message));
    }
    remove_tokens(&mut *tx, found.id).await?;
    remove::<Seat>(&mut *tx, &found.id.to_string()).await?;
    search::forget_seat(&mut *tx, &found).await?;
    audit::write(app, &mut *tx, who, "seat.removed", &found.id.to_string(), &found).await?;
    tx.commit().await?;
    Ok(())
}
