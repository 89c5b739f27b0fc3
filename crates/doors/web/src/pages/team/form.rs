//! The form of a seat, new or known.

use super::{address, processes};
use crate::{
    gate::Sent,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        badge::Tone,
        field::{self, Choice, Field, Input},
        layout::{self, Part, Width},
        notice,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
};
use gemba_app::{
    Act, Error, access, accounts,
    records::Holder,
    seats::{self, HolderInput, SeatInput, SeatView},
};
use maud::{Markup, html};
use serde::Deserialize;

/// What is typed into the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    function: String,
    purpose: String,
    reports_to: String,
    holder: String,
    person: String,
    agent: String,
    aliases: String,
    /// The mark of what was shown when the form was opened.
    seen: String,
}

impl Typed {
    fn of(seat: &SeatView, all: &[SeatView]) -> Self {
        let above = all.iter().find(|s| Some(s.seat.id) == seat.seat.reports_to);
        let (holder, person, agent) = match &seat.seat.holder {
            Holder::Vacant => ("vacant", String::new(), String::new()),
            Holder::Person { account } => ("person", account.to_string(), String::new()),
            Holder::Agent { name } => ("agent", String::new(), name.clone()),
        };
        Self {
            name: seat.seat.name.clone(),
            function: seat.seat.function.clone().unwrap_or_default(),
            purpose: seat.seat.purpose.clone(),
            reports_to: above.map(|s| s.seat.slug.clone()).unwrap_or_default(),
            holder: holder.to_owned(),
            person,
            agent,
            aliases: seat.seat.aliases.join("\n"),
            seen: seats::mark(&seat.seat),
        }
    }

    fn input(&self) -> Result<SeatInput, Fault> {
        let holder = match self.holder.as_str() {
            "person" => HolderInput::Person(
                self.person.parse().map_err(|_none| Fault::new("person", "Choose a person."))?,
            ),
            "agent" => HolderInput::Agent(self.agent.clone()),
            _ => HolderInput::Vacant,
        };
        Ok(SeatInput {
            name: self.name.clone(),
            function: Some(self.function.clone()),
            purpose: self.purpose.clone(),
            reports_to: Some(self.reports_to.clone()),
            holder,
            aliases: self.aliases.lines().map(str::to_owned).collect(),
        })
    }
}

/// What a link may fill in before.
#[derive(Debug, Deserialize)]
pub(super) struct Before {
    name: Option<String>,
}

pub(super) async fn fresh(visit: Visit, Query(before): Query<Before>) -> Answer {
    access::require(&visit.who, Act::Manage)?;
    let name = before.name.unwrap_or_default();
    let typed = Typed { name, holder: "vacant".to_owned(), ..Typed::default() };
    page(&visit, None, &typed, None).await
}

pub(super) async fn create(Sent { visit, form }: Sent<Typed>) -> Answer {
    let made = match form.input() {
        Ok(input) => seats::create(&visit.app, &visit.who, input).await.map_err(fault),
        Err(fault) => Err(Ok(fault)),
    };
    match made {
        Ok(slug) => Ok(go(&address(&slug), Done::Created)),
        Err(fault) => page(&visit, None, &form, Some(fault?)).await,
    }
}

pub(super) async fn edit(visit: Visit, Path(slug): Path<String>) -> Answer {
    access::require(&visit.who, Act::Manage)?;
    let seat = seats::get(&visit.app, &visit.who, &slug).await?;
    let all = seats::list(&visit.app, &visit.who).await?;
    let typed = Typed::of(&seat, &all);
    page(&visit, Some(&seat), &typed, None).await
}

pub(super) async fn change(Path(slug): Path<String>, Sent { visit, form }: Sent<Typed>) -> Answer {
    let made = match form.input() {
        Ok(input) => {
            let seen = Some(form.seen.as_str()).filter(|seen| !seen.is_empty());
            seats::change_seen(&visit.app, &visit.who, &slug, input, seen).await.map_err(fault)
        }
        Err(fault) => Err(Ok(fault)),
    };
    match made {
        Ok(slug) => Ok(go(&address(&slug), Done::Saved)),
        Err(fault) => {
            let seat = seats::get(&visit.app, &visit.who, &slug).await?;
            page(&visit, Some(&seat), &form, Some(fault?)).await
        }
    }
}

fn fault(error: Error) -> Result<Fault, Refusal> {
    match error {
        Error::NotFound { what: "account", .. } => {
            Ok(Fault::new("person", "This person has left or may not sign in. Choose another."))
        }
        Error::NotFound { what: "seat", .. } => {
            Ok(Fault::new("reports_to", "This seat is gone. Choose another."))
        }
        Error::Changed { .. } => Ok(Fault::overtaken("name")),
        other => Ok(Fault::of(other)?.beside(&[("holder", "agent")])),
    }
}

/// What the seat says now, where something else was typed.
fn theirs(seat: &SeatView, all: &[SeatView], typed: &Typed, people: &[Choice<'_>]) -> Markup {
    let now = Typed::of(seat, all);
    let above = |slug: &str| {
        let found = all.iter().find(|s| s.seat.slug == slug);
        found.map(|s| s.seat.name.clone()).unwrap_or_default()
    };
    let holder = |typed: &Typed| match typed.holder.as_str() {
        "person" => {
            let found = people.iter().find(|p| p.value == typed.person);
            found.map_or_else(|| "A person".to_owned(), |p| p.label.to_owned())
        }
        "agent" => format!("The agent {}", typed.agent),
        _ => "Nobody yet".to_owned(),
    };
    notice::meanwhile(&[
        ("Name", &typed.name, &now.name),
        ("Function", &typed.function, &now.function),
        ("Purpose", &typed.purpose, &now.purpose),
        ("Reports to", &above(&typed.reports_to), &above(&now.reports_to)),
        ("Holder", &holder(typed), &holder(&now)),
        ("Other names", &typed.aliases, &now.aliases),
    ])
}

async fn page(
    visit: &Visit,
    seat: Option<&SeatView>,
    typed: &Typed,
    fault: Option<Fault>,
) -> Answer {
    let all = seats::list(&visit.app, &visit.who).await?;
    let people = accounts::list(&visit.app, &visit.who).await?;
    let above: Vec<Choice<'_>> = std::iter::once(Choice::new("", "Nobody"))
        .chain(
            all.iter()
                .filter(|s| seat.is_none_or(|own| own.seat.id != s.seat.id))
                .map(|s| Choice::new(&s.seat.slug, &s.seat.name)),
        )
        .collect();
    let ids: Vec<(String, &str)> =
        people.iter().filter(|p| p.active).map(|p| (p.id.to_string(), p.name.as_str())).collect();
    let persons: Vec<Choice<'_>> = std::iter::once(Choice::new("", "Choose a person"))
        .chain(ids.iter().map(|(id, name)| Choice::new(id, name)))
        .collect();
    let holders = [
        Choice {
            hint: Some("Its work waits until somebody holds it"),
            ..Choice::new("vacant", "Nobody yet")
        },
        Choice::new("person", "A person"),
        Choice {
            hint: Some("A program with a name, working with an API token of this seat"),
            ..Choice::new("agent", "An agent")
        },
    ];
    let at = |name| Fault::at(fault.as_ref(), name);
    let (title, action, label, back) = match seat {
        None => {
            ("Add a seat".to_owned(), "/seats/new".to_owned(), "Add the seat", "/seats".to_owned())
        }
        Some(seat) => {
            let to = address(&seat.seat.slug);
            (format!("Edit {}", seat.seat.name), format!("{to}/edit"), "Save the seat", to)
        }
    };
    let body = html! {
        (layout::breadcrumbs(&[("Team", "/seats")]))
        (layout::head(&title, None, &[], &[]))
        form class="form holding" method="post" action=(action) {
            (field::error_summary(&Fault::all(fault.as_ref())))
            (act::csrf(&visit.csrf))
            @if let Some(seat) = seat {
                (act::hidden("seen", &seats::mark(&seat.seat)))
                @if typed.seen != seats::mark(&seat.seat) { (theirs(seat, &all, typed, &persons)) }
            }
            (field::text(&Field::new("name", "Name").hint("As documents call it: \"Accounting\", \"Delivery lead\"").error(at("name")), Input::Text, &typed.name))
            (field::text(&Field::new("function", "Function").hint("The part of the company: \"Finance\"").optional().error(at("function")), Input::Text, &typed.function))
            (field::textarea(&Field::new("purpose", "Purpose").hint("What it is there for, in a sentence").optional().error(at("purpose")), &typed.purpose, 2))
            (field::select(&Field::new("reports_to", "Reports to").error(at("reports_to")), &above, &typed.reports_to))
            @if let Some(seat) = seat.filter(|s| !s.owns.is_empty()) {
                (notice::banner(Tone::Warn, &html! {
                    "A new holder makes " (processes(seat.owns.len())) " owned by this seat unverified, until the holder has read and verified them."
                }, None))
            }
            (field::radios(&Field::new("holder", "Holder").error(at("holder")), &holders, Some(&typed.holder)))
            div class="if-person" { (field::select(&Field::new("person", "Person").error(at("person")), &persons, &typed.person)) }
            div class="if-agent" { (field::text(&Field::new("agent", "Name of the agent").error(at("agent")), Input::Text, &typed.agent)) }
            (field::textarea(&Field::new("aliases", "Other names").hint("One per line: what else documents call this seat").optional().error(at("aliases")), &typed.aliases, 3))
            (act::buttons(&[act::button(label, Weight::Primary), act::link_button(&back, "Cancel", Weight::Quiet)]))
        }
    };
    let status = fault.as_ref().map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    Ok(visit.page_with(status, &title, Some(Part::Team), Width::Reading, &body))
}
