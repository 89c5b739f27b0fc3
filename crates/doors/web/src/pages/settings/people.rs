//! People: their accounts, what each may do, and links that sign them in once.

use super::{Room, base, role_hint, role_name, room, status};
use crate::{
    Site,
    gate::Sent,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        field::{self, Choice, Field, Input},
        holder::{HolderKind, avatar},
        icon::Icon,
        layout::{self, Part, Width},
        list, moment, notice,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use gemba_app::{
    Act, Error, access,
    accounts::{self, NewAccount},
    records::Account,
    seats,
};
use gemba_model::{id::AccountId, role::Role};
use jiff::SignedDuration;
use maud::{Markup, html};
use serde::Deserialize;

/// How long a sign-in link is good for.
const LINK: SignedDuration = SignedDuration::from_hours(24 * 7);

/// What is typed about a new person.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    email: String,
    role: String,
    entry: String,
    password: String,
}

/// What is chosen about a known one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Standing {
    role: String,
    active: String,
    /// The mark of what was shown when the page was opened.
    seen: String,
}

pub(super) async fn index(visit: Visit) -> Answer {
    let typed = Typed {
        role: Role::Member.word().to_owned(),
        entry: "link".to_owned(),
        ..Typed::default()
    };
    page(&visit, &typed, None).await
}

pub(super) async fn create(
    State(site): State<Site>,
    headers: HeaderMap,
    Sent { visit, form }: Sent<Typed>,
) -> Answer {
    let by_link = form.entry != "password";
    let Some(role) = Role::of_word(&form.role) else {
        return page(&visit, &form, Some(Fault::new("role", "Choose a role."))).await;
    };
    let new = NewAccount {
        email: form.email.clone(),
        name: form.name.clone(),
        password: (!by_link).then(|| form.password.clone()),
        role,
    };
    match accounts::create(&visit.app, &visit.who, new).await {
        Ok(id) if by_link => shown_link(&visit, id, &base(&headers, &site)).await,
        Ok(_) => Ok(go(Room::People.href(), Done::Created)),
        Err(error) => {
            let fault = fault(error)?;
            page(&visit, &form, Some(fault)).await
        }
    }
}

fn fault(error: Error) -> Result<Fault, Refusal> {
    match error {
        // The store knows the address as a key and names no field of a form.
        Error::Taken { field: "name", .. } => {
            Ok(Fault::new("email", "Somebody has an account with this address already."))
        }
        Error::Forbidden { act: "appoint admins and owners", .. } => {
            Ok(Fault::new("role", "Only an owner appoints admins and owners."))
        }
        Error::Changed { .. } => Ok(Fault::overtaken("role")),
        other => Fault::of(other),
    }
}

async fn page(visit: &Visit, typed: &Typed, fault: Option<Fault>) -> Answer {
    access::require(&visit.who, Act::Administer)?;
    let people = accounts::list(&visit.app, &visit.who).await?;
    let at = |name| Fault::at(fault.as_ref(), name);
    let entries = [
        Choice {
            hint: Some("You get a link to hand over; it works once, within a week"),
            ..Choice::new("link", "By a sign-in link")
        },
        Choice {
            hint: Some("You choose one now and hand it over"),
            ..Choice::new("password", "With a password")
        },
    ];
    let form = html! {
        form class="form entering" method="post" action=(Room::People.href()) {
            (field::error_summary(&Fault::all(fault.as_ref())))
            (act::csrf(&visit.csrf))
            (field::text(&Field::new("name", "Name").error(at("name")), Input::Text, &typed.name))
            (field::text(&Field::new("email", "E-mail address").error(at("email")), Input::Email, &typed.email))
            (roles(visit, &typed.role, at("role")))
            (field::radios(&Field::new("entry", "How they come in first"), &entries, Some(&typed.entry)))
            div class="if-password" { (field::text(&Field::new("password", "Password").hint("10 characters or more").error(at("password")), Input::NewPassword, "")) }
            (act::buttons(&[act::button("Add the person", Weight::Primary)]))
        }
    };
    let content = html! {
        p { (act::icon_link("#add", Icon::Plus, "Add a person", Weight::Secondary)) }
        (listing(visit, &people))
        div id="add" { (layout::section("Add a person", None, &form)) }
    };
    Ok(room(visit, Room::People, status(fault.as_ref()), &content))
}

/// The roles that the visitor may give.
fn roles(visit: &Visit, chosen: &str, error: Option<&str>) -> Markup {
    let choices: Vec<Choice<'_>> = Role::ALL
        .into_iter()
        .filter(|role| {
            *role < Role::Admin || visit.who.role == Role::Owner || role.word() == chosen
        })
        .map(|role| Choice {
            hint: Some(role_hint(role)),
            ..Choice::new(role.word(), role_name(role))
        })
        .collect();
    field::radios(&Field::new("role", "Role").error(error), &choices, Some(chosen))
}

fn listing(visit: &Visit, people: &[Account]) -> Markup {
    let columns = [
        Column::text("Person"),
        Column::text("E-mail"),
        Column::text("Role"),
        Column::tight("State"),
        Column::tight("Since"),
    ];
    let rows: Vec<Vec<Markup>> = people
        .iter()
        .map(|person| {
            vec![
                html! {
                    span class="holder" {
                        (avatar(&person.name, HolderKind::Person))
                        (table::row_link(&address(person.id), &person.name))
                    }
                },
                html! { (person.email) },
                html! { (role_name(person.role)) },
                state(person.active),
                moment::time(person.created, visit.now, &visit.zone),
            ]
        })
        .collect();
    table::table("People", &columns, &rows, Narrow::Stack)
}

fn state(active: bool) -> Markup {
    if active { badge(Tone::Good, "May sign in") } else { badge(Tone::Neutral, "Shut out") }
}

fn address(id: AccountId) -> String {
    format!("/settings/people/{id}")
}

fn id_of(text: &str) -> Result<AccountId, Refusal> {
    let missing = |_| Error::NotFound { what: "account", id: text.to_owned() };
    Ok(text.parse().map_err(missing)?)
}

async fn account(visit: &Visit, id: AccountId) -> Result<Account, Refusal> {
    let people = accounts::list(&visit.app, &visit.who).await?;
    let missing = || Error::NotFound { what: "account", id: id.to_string() };
    Ok(people.into_iter().find(|p| p.id == id).ok_or_else(missing)?)
}

pub(super) async fn one(visit: Visit, Path(id): Path<String>) -> Answer {
    access::require(&visit.who, Act::Administer)?;
    let person = account(&visit, id_of(&id)?).await?;
    person_page(&visit, &person, &person, None).await
}

pub(super) async fn change(Path(id): Path<String>, Sent { visit, form }: Sent<Standing>) -> Answer {
    let id = id_of(&id)?;
    let active = form.active == "yes";
    let changed = match Role::of_word(&form.role) {
        None => Err(Ok(Fault::new("role", "Choose a role."))),
        Some(role) => {
            let seen = Some(form.seen.as_str()).filter(|seen| !seen.is_empty());
            let made = accounts::change_seen(&visit.app, &visit.who, id, role, active, seen).await;
            made.map_err(fault)
        }
    };
    match changed {
        Ok(()) => Ok(go(Room::People.href(), Done::Saved)),
        Err(fault) => {
            let fault = fault?;
            let known = account(&visit, id).await?;
            let role = Role::of_word(&form.role).unwrap_or(known.role);
            let typed = Account { role, active, ..known.clone() };
            person_page(&visit, &known, &typed, Some(fault)).await
        }
    }
}

async fn person_page(
    visit: &Visit,
    person: &Account,
    typed: &Account,
    fault: Option<Fault>,
) -> Answer {
    let standing = |a: &Account| {
        let may = if a.active { "may sign in" } else { "is shut out" };
        format!("{}, {may}", role_name(a.role))
    };
    let seats = seats::list(&visit.app, &visit.who).await?;
    let held: Vec<_> = seats
        .iter()
        .filter(|s| s.seat.holder == gemba_app::records::Holder::Person { account: person.id })
        .collect();
    let to = address(person.id);
    let body = html! {
        (layout::breadcrumbs(&[("Settings", "/settings"), ("People", Room::People.href())]))
        (layout::head(&person.name, None, &[html! { (person.email) }, state(person.active)], &[]))
        (list::facts(&[("Seats", html! {
            @if held.is_empty() { span class="muted" { "Holds none" } }
            @for (place, seat) in held.iter().enumerate() {
                @if place > 0 { ", " }
                a href={ "/seats/" (seat.seat.slug) } { (seat.seat.name) }
            }
        })]))
        form class="form" method="post" action=(to) {
            (field::error_summary(&Fault::all(fault.as_ref())))
            (act::csrf(&visit.csrf))
            (act::hidden("seen", &accounts::mark(person)))
            (notice::meanwhile(&[("Now", &standing(typed), &standing(person))]))
            (roles(visit, typed.role.word(), Fault::at(fault.as_ref(), "role")))
            (field::checkbox(&Field::new("active", "May sign in").hint("Without this, all sessions end at once; the account and its history stay"), typed.active))
            (act::buttons(&[act::button("Save the person", Weight::Primary), act::link_button(Room::People.href(), "Cancel", Weight::Quiet)]))
        }
        (layout::section("Sign-in link", Some("works once, within a week"), &html! {
            p class="muted" { "For a first visit, or when a password is lost. Whoever has the link signs in as " (person.name) "." }
            (act::act(&format!("{to}/link"), &visit.csrf, "Make a sign-in link", Weight::Secondary))
        }))
    };
    let code = status(fault.as_ref());
    Ok(visit.page_with(code, &person.name, Some(Part::Settings), Width::Reading, &body))
}

pub(super) async fn link(
    State(site): State<Site>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Sent { visit, .. }: Sent<Vec<(String, String)>>,
) -> Answer {
    shown_link(&visit, id_of(&id)?, &base(&headers, &site)).await
}

/// Makes a link and shows it: this answer is the only place where it can ever be read.
async fn shown_link(visit: &Visit, id: AccountId, base: &str) -> Answer {
    let secret = accounts::link(&visit.app, &visit.who, id, LINK).await?;
    let person = account(visit, id).await?;
    let body = html! {
        (layout::breadcrumbs(&[("Settings", "/settings"), ("People", Room::People.href())]))
        (layout::head(&format!("Sign-in link for {}", person.name), None, &[], &[]))
        (notice::banner(Tone::Warn, &html! { "Copy the link now: it is not shown again. It works once, within a week." }, None))
        p { (act::copyable(&format!("{base}/sign-in/link/{secret}"), "the sign-in link")) }
        (act::buttons(&[act::link_button(Room::People.href(), "Back to people", Weight::Secondary)]))
    };
    Ok(visit.page_with(StatusCode::OK, "Sign-in link", Some(Part::Settings), Width::Reading, &body))
}
