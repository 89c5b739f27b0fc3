//! Who acts: the seats of the company, each with the person or agent that does its work.

use crate::company::{Charter, Company, Holder};
use gemba_app::{
    App, Error, Result, Who,
    accounts::{self, NewAccount},
    agents::{self, CharterInput},
    records::Level,
    seats::{self, HolderInput, SeatInput},
    tokens,
    workspace::{self, NewWorkspace},
};
use gemba_model::{id::AccountId, role::Role};
use std::collections::BTreeMap;

/// The seat that keeps the company's processes true; its holder stands in where a seat is vacant.
const OPERATIONS: &str = "Operations lead";

/// One seat and who acts for it.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    pub(crate) who: Who,
    pub(crate) is_agent: bool,
    /// How many times longer than usual work lies before it is taken up, in percent.
    pub(crate) patience: u32,
}

#[derive(Debug)]
pub(crate) struct Cast {
    seats: BTreeMap<String, Actor>,
    /// Everybody with a seat.
    pub(crate) people: Vec<Who>,
    secrets: Vec<String>,
    /// The holder of the operations lead's seat.
    pub(crate) operations: Who,
    pub(crate) lead: AccountId,
}

impl Cast {
    /// Who acts for the seat with this name or alias.
    pub(crate) fn seat(&self, name: &str) -> Result<&Actor> {
        self.seats.get(&name.to_lowercase()).ok_or_else(|| missing("seat", name))
    }

    /// Each agent shows its token once more: a token says when it was used last.
    pub(crate) async fn sign_on(&self, app: &App) -> Result<()> {
        for secret in &self.secrets {
            tokens::bearer(app, secret).await?;
        }
        Ok(())
    }
}

fn missing(what: &'static str, name: &str) -> Error {
    Error::NotFound { what, id: name.to_owned() }
}

/// Sets up the workspace with its accounts, seats and tokens.
pub(crate) async fn found(app: &App, company: &Company) -> Result<Cast> {
    let accounts = people(app, company).await?;
    let account = |name: &str| accounts.get(name).copied().ok_or_else(|| missing("person", name));
    let owner = company.people.iter().find(|p| p.role == Role::Owner);
    let owner = owner.ok_or_else(|| missing("person", "owner"))?;
    let owner = accounts::acting_as(app, &Who::operator(), account(&owner.name)?).await?;
    for seat in &company.seats {
        let holder = match &seat.holder {
            Holder::Person { name } => HolderInput::Person(account(name)?),
            Holder::Agent { name } => HolderInput::Agent(name.clone()),
            Holder::Vacant => HolderInput::Vacant,
        };
        let input = SeatInput {
            name: seat.name.clone(),
            function: Some(seat.function.clone()),
            purpose: seat.purpose.clone(),
            reports_to: seat.reports_to.clone(),
            holder,
            aliases: seat.aliases.clone(),
        };
        seats::create(app, &owner, input).await?;
        if let Some(charter) = &seat.charter {
            let Charter { mandate, edges, metric } = charter.clone();
            let level = Level::Act;
            let input = CharterInput { mandate, edges, metric, switch: None, level };
            agents::charter(app, &owner, &seat.name, input).await?;
        }
    }
    let lead = company.seats.iter().find(|s| s.name == OPERATIONS).map(|s| &s.holder);
    let Some(Holder::Person { name }) = lead else { return Err(missing("seat", OPERATIONS)) };
    let lead = account(name)?;
    let operations = accounts::acting_as(app, &Who::operator(), lead).await?;
    let mut cast =
        Cast { seats: BTreeMap::new(), people: Vec::new(), secrets: Vec::new(), operations, lead };
    for seat in &company.seats {
        let (who, is_agent) = match &seat.holder {
            Holder::Person { name } => {
                let who = accounts::acting_as(app, &Who::operator(), account(name)?).await?;
                cast.people.push(who.clone());
                (who, false)
            }
            Holder::Agent { name } => {
                let made = tokens::create(app, &cast.operations, &seat.name, name).await?;
                let who = tokens::bearer(app, &made.secret).await?;
                cast.secrets.push(made.secret);
                (who, true)
            }
            Holder::Vacant => (cast.operations.clone(), false),
        };
        let slow = company.slow_seats.get(&seat.name).copied().unwrap_or(1.0);
        let patience = percent(slow);
        for name in seat.aliases.iter().chain([&seat.name]) {
            let actor = Actor { who: who.clone(), is_agent, patience };
            cast.seats.insert(name.to_lowercase(), actor);
        }
    }
    Ok(cast)
}

fn percent(factor: f64) -> u32 {
    (1..=1_000).find(|n| f64::from(*n) >= factor * 100.0).unwrap_or(1_000)
}

async fn people(app: &App, company: &Company) -> Result<BTreeMap<String, AccountId>> {
    let mut accounts = BTreeMap::new();
    let new = |person: &crate::company::Person| NewAccount {
        email: person.email.clone(),
        name: person.name.clone(),
        // They sign in by link: a sample with known passwords would be an open door.
        password: None,
        role: person.role,
    };
    let (owners, others): (Vec<_>, Vec<_>) =
        company.people.iter().partition(|p| p.role == Role::Owner);
    let Some(first) = owners.first() else { return Err(missing("person", "owner")) };
    let workspace = NewWorkspace {
        name: company.name.clone(),
        zone: company.time_zone.clone(),
        owner: new(first),
    };
    let id = workspace::create(app, workspace).await?;
    let owner = accounts::acting_as(app, &Who::operator(), id).await?;
    accounts.insert(first.name.clone(), id);
    for person in owners.iter().skip(1).chain(&others) {
        accounts.insert(person.name.clone(), accounts::create(app, &owner, new(person)).await?);
    }
    Ok(accounts)
}
