//! API tokens: how agents and programs act for a seat.

use super::{Room, base, room, status};
use crate::{
    Site,
    gate::Sent,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        badge::Tone,
        field::{self, Choice, Field, Input},
        icon::Icon,
        layout::{self, Part, Width},
        moment, notice,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use gemba_app::{
    Act, Error, access, seats,
    tokens::{self, Created, TokenView},
};
use maud::{Markup, html};
use serde::Deserialize;

/// What is typed about a new token.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    seat: String,
    name: String,
}

pub(super) async fn index(visit: Visit) -> Answer {
    page(&visit, &Typed::default(), None).await
}

pub(super) async fn create(
    State(site): State<Site>,
    headers: HeaderMap,
    Sent { visit, form }: Sent<Typed>,
) -> Answer {
    match tokens::create(&visit.app, &visit.who, &form.seat, &form.name).await {
        Ok(made) => Ok(visit.page_with(
            StatusCode::OK,
            "New token",
            Some(Part::Settings),
            Width::Reading,
            &shown(&made, &form.name, &base(&headers, &site)),
        )),
        Err(error) => {
            let fault = fault(error)?;
            page(&visit, &form, Some(fault)).await
        }
    }
}

fn fault(error: Error) -> Result<Fault, Refusal> {
    match error {
        Error::NotFound { what: "seat", .. } => {
            Ok(Fault::new("seat", "Choose the seat that the token acts for."))
        }
        other => Fault::of(other),
    }
}

pub(super) async fn revoke(
    Path(id): Path<String>,
    Sent { visit, .. }: Sent<Vec<(String, String)>>,
) -> Answer {
    let missing = |_| Error::NotFound { what: "token", id: id.clone() };
    let token = id.parse().map_err(missing)?;
    tokens::revoke(&visit.app, &visit.who, token).await?;
    Ok(go(Room::Tokens.href(), Done::Removed))
}

/// The new secret and how to use it: this answer is the only place where it can ever be read.
fn shown(made: &Created, name: &str, base: &str) -> Markup {
    let secret = &made.secret;
    let client = format!(
        "{{\n  \"mcpServers\": {{\n    \"gemba\": {{\n      \"type\": \"http\",\n      \"url\": \"{base}/mcp\",\n      \
         \"headers\": {{ \"Authorization\": \"Bearer {secret}\" }}\n    }}\n  }}\n}}"
    );
    let stdio = format!("gemba mcp --url {base} --token {secret}");
    let curl = format!(
        "curl -H 'Authorization: Bearer {secret}' \\\n  '{base}/api/v1/work-items?state=open'"
    );
    html! {
        (layout::breadcrumbs(&[("Settings", "/settings"), ("API tokens", Room::Tokens.href())]))
        (layout::head(&format!("Token “{}”", name.trim()), None, &[html! { "acts for " (made.seat) }], &[]))
        (notice::banner(Tone::Warn, &html! { "Copy the token now: it is not shown again. Whoever has it acts for " (made.seat) "." }, None))
        p { (act::copyable(secret, "the token")) }
        (layout::section("An MCP client over HTTP", Some("its configuration file"), &snippet("Configuration of an MCP client", &client)))
        (layout::section("An MCP client over stdio", Some("the command it starts"), &snippet("Command for an MCP client", &stdio)))
        (layout::section("Anything else over REST", Some("what waits for the seat"), &snippet("Command line call of the REST API", &curl)))
        (act::buttons(&[act::link_button(Room::Tokens.href(), "Back to the tokens", Weight::Secondary)]))
    }
}

fn snippet(label: &str, text: &str) -> Markup {
    html! { pre class="snippet" role="region" aria-label=(label) tabindex="0" { code { (text) } } }
}

async fn page(visit: &Visit, typed: &Typed, fault: Option<Fault>) -> Answer {
    access::require(&visit.who, Act::Administer)?;
    let all = tokens::list(&visit.app, &visit.who).await?;
    let seats = seats::list(&visit.app, &visit.who).await?;
    let choices: Vec<Choice<'_>> = std::iter::once(Choice::new("", "Choose a seat"))
        .chain(seats.iter().map(|s| Choice::new(&s.seat.slug, &s.seat.name)))
        .collect();
    let at = |name| Fault::at(fault.as_ref(), name);
    let form = html! {
        form class="form" method="post" action=(Room::Tokens.href()) {
            (field::error_summary(&Fault::all(fault.as_ref())))
            (act::csrf(&visit.csrf))
            (field::select(&Field::new("seat", "Seat").hint("The token does the work of this one seat, with the standing of a member, or of a manager where its holder is one").error(at("seat")), &choices, &typed.seat))
            (field::text(&Field::new("name", "Name").hint("What it is for: \"scorecard sync\"").error(at("name")), Input::Text, &typed.name))
            (act::buttons(&[act::button("Create the token", Weight::Primary)]))
        }
    };
    let content = html! {
        @if all.is_empty() {
            (notice::empty_state(Icon::Link, "No API tokens yet",
                "With a token an agent or a program acts for one seat: it reads, takes and completes the seat's steps and pushes its numbers, over MCP or REST, under the same rules as a person.", None))
        } @else { (listing(visit, &all)) }
        (layout::section("Create a token", None, &form))
    };
    Ok(room(visit, Room::Tokens, status(fault.as_ref()), &content))
}

fn listing(visit: &Visit, all: &[TokenView]) -> Markup {
    let columns = [
        Column::text("Token"),
        Column::text("Seat"),
        Column::text("Created"),
        Column::tight("Last used"),
        Column::tight("Revoke").hushed(),
    ];
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|view| {
            let token = &view.token;
            vec![
                html! { strong { (token.name) } span class="under" { code { (token.prefix) "…" } } },
                html! { (view.seat) },
                html! { (moment::time(token.created, visit.now, &visit.zone)) " by " (token.created_by) },
                token.used.map_or_else(
                    || html! { span class="muted" { "Never" } },
                    |used| moment::time(used, visit.now, &visit.zone),
                ),
                act::ask_act(
                    &format!("/settings/tokens/{}/removal", token.id),
                    &visit.csrf,
                    "Revoke",
                    "Programs that use it stop working at once. It cannot be brought back.",
                    &format!("Revoke “{}”", token.name),
                ),
            ]
        })
        .collect();
    table::table("API tokens", &columns, &rows, Narrow::Stack)
}
