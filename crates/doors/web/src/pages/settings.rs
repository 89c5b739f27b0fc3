//! Settings: oneself, the people, the tokens of the seats, the workspace.

mod away;
mod channels;
mod deliveries;
mod hours;
mod notices;
mod people;
mod tokens;

use crate::{
    Site,
    gate::Sent,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        field::{self, Field, Input},
        layout::{self, Part, Tab, Width},
        list, moment, notice,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    Router,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use gemba_app::{
    Act, Error, Principal, access, accounts, archive, exchange, ports,
    records::{self, Account},
    seats,
    workspace::{self, HoursInput, Settings},
};
use gemba_model::role::Role;
use maud::{Markup, html};
use serde::Deserialize;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/settings", get(you))
        .route("/settings/password", post(change_password))
        .route("/settings/people", get(people::index).post(people::create))
        .route("/settings/people/{id}", get(people::one).post(people::change))
        .route("/settings/people/{id}/link", post(people::link))
        .route("/settings/notices", get(notices::show).post(notices::change))
        .route("/settings/away", get(away::show).post(away::set))
        .route("/settings/away/end", post(away::end).get(away::back))
        .route("/settings/channels", get(channels::index))
        .route("/settings/channels/new", get(channels::fresh).post(channels::create))
        .route("/settings/channels/{id}", get(channels::show))
        .route("/settings/channels/{id}/edit", get(channels::edit).post(channels::change))
        .route("/settings/channels/{id}/secret", post(channels::secret).get(channels::back))
        .route("/settings/channels/{id}/test", post(channels::test).get(channels::back))
        .route("/settings/channels/{id}/stop", post(channels::stop).get(channels::back))
        .route("/settings/channels/{id}/return", post(channels::resume).get(channels::back))
        .route("/settings/channels/{id}/removal", post(channels::remove).get(channels::back))
        .route("/settings/deliveries", get(deliveries::index))
        .route("/settings/deliveries/{id}", get(deliveries::show))
        .route("/settings/deliveries/{id}/again", post(deliveries::again).get(deliveries::back))
        .route("/settings/tokens", get(tokens::index).post(tokens::create))
        .route("/settings/tokens/{id}/removal", post(tokens::revoke))
        .route("/settings/tokens/{id}/rotation", post(tokens::rotate))
        .route("/settings/workspace", get(space).post(change_space))
        .route("/settings/workspace/hours", post(hours::change).get(hours::back))
        .route("/settings/workspace/export.zip", get(export))
}

/// One part of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    You,
    Away,
    Notices,
    People,
    Tokens,
    Channels,
    Workspace,
}

impl Room {
    fn title(self) -> &'static str {
        match self {
            Self::You => "You",
            Self::Away => "Away",
            Self::Notices => "E-mail",
            Self::People => "People",
            Self::Tokens => "API tokens",
            Self::Channels => "Channels",
            Self::Workspace => "Workspace",
        }
    }

    fn href(self) -> &'static str {
        match self {
            Self::You => "/settings",
            Self::Away => "/settings/away",
            Self::Notices => "/settings/notices",
            Self::People => "/settings/people",
            Self::Tokens => "/settings/tokens",
            Self::Channels => "/settings/channels",
            Self::Workspace => "/settings/workspace",
        }
    }
}

/// A page of the settings, with the tabs that the visitor may open.
fn room(visit: &Visit, room: Room, status: StatusCode, content: &Markup) -> Response {
    let administers = access::may(&visit.who, Act::Administer);
    let all = [
        Room::You,
        Room::Away,
        Room::Notices,
        Room::People,
        Room::Tokens,
        Room::Channels,
        Room::Workspace,
    ];
    let tabs: Vec<Tab<'_>> = all
        .into_iter()
        .filter(|one| administers || !matches!(one, Room::People | Room::Tokens | Room::Channels))
        .map(|one| Tab { label: one.title(), href: one.href(), count: None, current: one == room })
        .collect();
    let body = html! {
        (layout::head("Settings", None, &[], &[]))
        (layout::tabs("Parts of the settings", &tabs))
        (content)
    };
    let width = match room {
        Room::You | Room::Away | Room::Notices | Room::Workspace => Width::Reading,
        Room::People | Room::Tokens | Room::Channels => Width::Wide,
    };
    let title = format!("{} · Settings", room.title());
    visit.page_with(status, &title, Some(Part::Settings), width, &body)
}

fn status(fault: Option<&Fault>) -> StatusCode {
    fault.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY)
}

/// What a role may do, in a line.
fn role_hint(role: Role) -> &'static str {
    match role {
        Role::Observer => "Reads everything, changes nothing",
        Role::Member => "Does the work of the seats held, edits what they own",
        Role::Manager => "Also edits and publishes any process, changes the team chart",
        Role::Admin => "Also looks after people, tokens and settings",
        Role::Owner => "Also appoints admins and other owners",
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Observer => "Observer",
        Role::Member => "Member",
        Role::Manager => "Manager",
        Role::Admin => "Admin",
        Role::Owner => "Owner",
    }
}

/// The address of this server as the visitor's browser knows it.
pub(super) fn base(headers: &HeaderMap, site: &Site) -> String {
    if let Some(url) = &site.config.public_url {
        return url.clone();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let scheme = if site.config.secure { "https" } else { "http" };
    format!("{scheme}://{}", host.unwrap_or("localhost"))
}

// You -------------------------------------------------------------------------------------------

async fn you(visit: Visit) -> Answer {
    your_page(&visit, None).await
}

/// What is typed to change a password.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Passwords {
    old_password: String,
    password: String,
    again: String,
}

async fn change_password(Sent { visit, form }: Sent<Passwords>) -> Answer {
    let changed = if form.password == form.again {
        accounts::change_password(&visit.app, &visit.who, &form.old_password, &form.password)
            .await
            .map_err(Fault::of)
    } else {
        Err(Ok(Fault::new("again", "The two new passwords differ.")))
    };
    match changed {
        Ok(()) => Ok(go("/settings", Done::PasswordChanged)),
        Err(fault) => your_page(&visit, Some(fault?)).await,
    }
}

async fn your_page(visit: &Visit, fault: Option<Fault>) -> Answer {
    let account = own_account(visit).await?;
    let seats = seats::list(&visit.app, &visit.who).await?;
    let held: Vec<_> = seats.iter().filter(|s| visit.who.holds(s.seat.id)).collect();
    let role = visit.who.role;
    let at = |name| Fault::at(fault.as_ref(), name);
    let content = html! {
        (layout::section("About you", None, &list::facts(&[
            ("Name", html! { (visit.who.name) }),
            ("E-mail", html! { (account.as_ref().map_or("", |a| a.email.as_str())) }),
            ("Role", html! { (role_name(role)) span class="muted" { ": " (role_hint(role)) } }),
            ("Seats", html! {
                @if held.is_empty() { span class="muted" { "You hold none" } }
                @for (place, seat) in held.iter().enumerate() {
                    @if place > 0 { ", " }
                    a href={ "/seats/" (seat.seat.slug) } { (seat.seat.name) }
                }
            }),
        ])))
        (layout::section("Password", Some("afterwards you sign in again, here and everywhere else"), &html! {
            form class="form" method="post" action="/settings/password" {
                (field::error_summary(&Fault::all(fault.as_ref())))
                (act::csrf(&visit.csrf))
                (field::text(&Field::new("old_password", "Present password").hint("Leave empty if you only ever signed in by link").error(at("old_password")), Input::Password, ""))
                (field::text(&Field::new("password", "New password").hint("10 characters or more; a few words are easy to keep").error(at("password")), Input::NewPassword, ""))
                (field::text(&Field::new("again", "New password again").error(at("again")), Input::NewPassword, ""))
                (act::buttons(&[act::button("Change the password", Weight::Primary)]))
            }
        }))
    };
    Ok(room(visit, Room::You, status(fault.as_ref()), &content))
}

async fn own_account(visit: &Visit) -> Result<Option<Account>, Refusal> {
    let Principal::Person { account } = visit.who.principal else { return Ok(None) };
    let all = accounts::list(&visit.app, &visit.who).await?;
    Ok(all.into_iter().find(|a| a.id == account))
}

// The workspace ---------------------------------------------------------------------------------

/// What is typed about the workspace.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Space {
    name: String,
    zone: String,
    second_person: Option<String>,
    /// The mark of what was shown when the page was opened.
    seen: String,
}

impl Space {
    fn of(space: records::Workspace) -> Self {
        let seen = workspace::mark(&space);
        let second_person = space.second_person.then(|| "yes".to_owned());
        Self { name: space.name, zone: space.zone, second_person, seen }
    }
}

async fn space(visit: Visit) -> Answer {
    let space = workspace::get(&visit.app, &visit.who).await?;
    space_page(&visit, &Space::of(space), None).await
}

async fn change_space(Sent { visit, form }: Sent<Space>) -> Answer {
    let to = Settings {
        name: form.name.clone(),
        zone: form.zone.clone(),
        second_person: Some(form.second_person.is_some()),
    };
    let seen = Some(form.seen.as_str()).filter(|seen| !seen.is_empty());
    match workspace::change_seen(&visit.app, &visit.who, to, seen).await {
        Ok(()) => Ok(go("/settings/workspace", Done::Saved)),
        Err(Error::Changed { .. }) => {
            space_page(&visit, &form, Some(Fault::overtaken("name"))).await
        }
        Err(error) => {
            let fault = Fault::of(error)?;
            space_page(&visit, &form, Some(fault)).await
        }
    }
}

/// The whole workspace as an archive of Markdown.
async fn export(visit: Visit) -> Answer {
    let files = exchange::export(&visit.app, &visit.who).await?;
    let name = workspace::get(&visit.app, &visit.who).await?.name;
    let headers: [(HeaderName, String); 3] = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, super::small::attachment(&format!("{name}.zip"))),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, archive::pack(&files)?).into_response())
}

async fn space_page(visit: &Visit, typed: &Space, fault: Option<Fault>) -> Answer {
    let hours = workspace::get(&visit.app, &visit.who).await?.hours;
    let seen = workspace::hours_mark(&hours);
    space_with(visit, typed, fault, &HoursInput::of(&hours), &seen, None).await
}

async fn space_with(
    visit: &Visit,
    typed: &Space,
    fault: Option<Fault>,
    hours: &HoursInput,
    hours_seen: &str,
    unclear: Option<Fault>,
) -> Answer {
    let at = |name| Fault::at(fault.as_ref(), name);
    let space = workspace::get(&visit.app, &visit.who).await?;
    let (since, mark) = (space.created, workspace::mark(&space));
    let kept = space.hours.clone();
    let own = Space::of(space);
    let rule = |space: &Space| if space.second_person.is_some() { "Yes" } else { "No" };
    let now = visit.now.to_zoned(ports::zone(&typed.zone).unwrap_or_else(|_| visit.zone.clone()));
    let clock = now.strftime("It is %H:%M there now").to_string();
    let content = if access::may(&visit.who, Act::Administer) {
        html! {
            form class="form" method="post" action="/settings/workspace" {
                (field::error_summary(&Fault::all(fault.as_ref())))
                (act::csrf(&visit.csrf))
                (act::hidden("seen", &mark))
                @if typed.seen != mark {
                    (notice::meanwhile(&[
                        ("Name", typed.name.as_str(), own.name.as_str()),
                        ("Time zone", &typed.zone, &own.zone),
                        ("A second person approves every revision", rule(typed), rule(&own)),
                    ]))
                }
                (field::text(&Field::new("name", "Name").hint("The company's name, at the top of every page").error(at("name")), Input::Text, &typed.name))
                (field::text(&Field::new("zone", "Time zone").hint("For schedules, due times and weeks; an IANA name such as Europe/Berlin").error(at("zone")), Input::Text, &typed.zone))
                (field::checkbox(&Field::new("second_person", "A second person approves every revision").hint("Who wrote a change cannot put it in force alone: it is sent for review, and somebody else approves exactly what was shown."), typed.second_person.is_some()))
                (act::buttons(&[act::button("Save the workspace", Weight::Primary)]))
            }
        }
    } else {
        list::facts(&[
            ("Name", html! { (typed.name) }),
            ("Time zone", html! { (typed.zone) " " span class="muted" { (clock) } }),
            (
                "Approval",
                html! { @if typed.second_person.is_some() { "A second person approves every revision" } @else { "Managers publish without a second person" } },
            ),
            ("Since", moment::time(since, visit.now, &visit.zone)),
        ])
    };
    let content = html! {
        (content)
        (hours::section(visit, hours, &kept, hours_seen, unclear.as_ref()))
        @if access::may(&visit.who, Act::Manage) {
            (layout::section("Export", Some("Markdown that imports back to the same workspace"), &html! {
                p { "Processes in force, drafts and retired ones, the team chart, the measurables and the attachments, as files that one can read and keep in git. The folder says itself what is not in it: accounts, runs and everything else of the past." }
                (act::buttons(&[act::link_button("/settings/workspace/export.zip", "Download the workspace (.zip)", Weight::Secondary)]))
            }))
        }
    };
    let fault = fault.or(unclear);
    Ok(room(visit, Room::Workspace, status(fault.as_ref()), &content))
}
