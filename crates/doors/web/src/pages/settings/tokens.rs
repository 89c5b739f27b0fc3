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
    Act, Error,
    access::{self, Scope},
    seats,
    tokens::{self, Created, NewToken, TokenView},
};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeSet;

/// What is typed about a new token.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    seat: String,
    name: String,
    days: Option<String>,
    work: Option<String>,
    numbers: Option<String>,
    documents: Option<String>,
    company: Option<String>,
}

impl Typed {
    fn ticked(&self, scope: Scope) -> bool {
        let box_of = match scope {
            Scope::Work => &self.work,
            Scope::Numbers => &self.numbers,
            Scope::Documents => &self.documents,
            Scope::Company => &self.company,
        };
        box_of.is_some()
    }

    /// The token that is meant; none of the boxes ticked means what is usual for the seat.
    fn meant(&self) -> NewToken {
        let scopes: BTreeSet<Scope> =
            Scope::ALL.into_iter().filter(|scope| self.ticked(*scope)).collect();
        NewToken {
            seat: self.seat.clone(),
            name: self.name.clone(),
            days: self.days.as_deref().unwrap_or(USUAL_DAYS).parse().ok(),
            scopes: Some(scopes).filter(|scopes| !scopes.is_empty()),
        }
    }
}

/// How long a token lives where nothing is chosen, in days.
const USUAL_DAYS: &str = "90";

/// How a token is to be replaced.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Rotation {
    overlap: u16,
}

fn says(scope: Scope) -> (&'static str, &'static str) {
    match scope {
        Scope::Work => ("Work", "take and submit the steps of the seat"),
        Scope::Numbers => ("Numbers", "push the values of the seat"),
        Scope::Documents => ("Documents", "check texts, write drafts, propose changes"),
        Scope::Company => ("Company", "the chart, the gaps, starting runs, managing"),
    }
}

pub(super) async fn index(visit: Visit) -> Answer {
    page(&visit, &Typed::default(), None).await
}

pub(super) async fn create(
    State(site): State<Site>,
    headers: HeaderMap,
    Sent { visit, form }: Sent<Typed>,
) -> Answer {
    match tokens::make(&visit.app, &visit.who, form.meant()).await {
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

pub(super) async fn rotate(
    State(site): State<Site>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Sent { visit, form }: Sent<Rotation>,
) -> Answer {
    let missing = |_| Error::NotFound { what: "token", id: id.clone() };
    let token = id.parse().map_err(missing)?;
    let made = tokens::rotate(&visit.app, &visit.who, token, form.overlap).await?;
    Ok(visit.page_with(
        StatusCode::OK,
        "New secret",
        Some(Part::Settings),
        Width::Reading,
        &shown(&made, "in its new form", &base(&headers, &site)),
    ))
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
    let lives = [("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("", "no end")]
        .map(|(days, says)| Choice::new(days, says));
    let at = |name| Fault::at(fault.as_ref(), name);
    let form = html! {
        form class="form" method="post" action=(Room::Tokens.href()) {
            (field::error_summary(&Fault::all(fault.as_ref())))
            (act::csrf(&visit.csrf))
            (field::select(&Field::new("seat", "Seat").hint("The token does the work of this one seat, with the standing of a member, or of a manager where its holder is one").error(at("seat")), &choices, &typed.seat))
            (field::text(&Field::new("name", "Name").hint("What it is for: \"scorecard sync\"").error(at("name")), Input::Text, &typed.name))
            (field::select(&Field::new("days", "Works for").error(at("days")), &lives, typed.days.as_deref().unwrap_or(USUAL_DAYS)))
            fieldset class="field" {
                legend { "May be used for" }
                p class="hint" { "Nothing ticked: everything the seat may; for an agent's seat all but Company." }
                @for scope in Scope::ALL {
                    @let (name, what) = says(scope);
                    (field::checkbox(&Field::new(scope.word(), name).hint(what), typed.ticked(scope)))
                }
            }
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
        Column::text("For"),
        Column::tight("Works until"),
        Column::tight("Last used"),
        Column::tight("Replace").hushed(),
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
                html! { (scopes(&token.scopes)) },
                token.expires.map_or_else(
                    || html! { span class="muted" { "No end" } },
                    |end| moment::time(end, visit.now, &visit.zone),
                ),
                token.used.map_or_else(
                    || html! { span class="muted" { "Never" } },
                    |used| moment::time(used, visit.now, &visit.zone),
                ),
                if token.replaced_by.is_some() {
                    html! { span class="muted" { "Replaced" } }
                } else {
                    replace(visit, &token.id.to_string(), &token.name)
                },
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

fn scopes(scopes: &BTreeSet<Scope>) -> String {
    if scopes.len() == Scope::ALL.len() {
        return "Everything of the seat".to_owned();
    }
    scopes.iter().map(|scope| says(*scope).0).collect::<Vec<_>>().join(", ")
}

/// A new secret in place of the old one, which goes on for a while.
fn replace(visit: &Visit, id: &str, name: &str) -> Markup {
    let overlaps = [("0", "stops at once"), ("24", "works for a day"), ("168", "works for a week")]
        .map(|(hours, says)| Choice::new(hours, says));
    html! {
        details class="ask" {
            summary class="button" { "Replace" }
            form class="ask-box" method="post" action={ "/settings/tokens/" (id) "/rotation" } {
                (act::csrf(&visit.csrf))
                (field::select(&Field::new("overlap", "The old secret"), &overlaps, "24"))
                (act::button(&format!("Replace “{name}”"), Weight::Primary))
            }
        }
    }
}
