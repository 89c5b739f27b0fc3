//! Coming in: setting up, signing in and out.

use crate::{
    Site,
    gate::{Kept, Plain, Sent},
    refusal::{Refusal, sentence},
    ui::{
        act::{Weight, button, hidden, link_button},
        field::{Field, Input, error_summary, suggest, text},
        layout::plain_page,
        list,
    },
    visit::{self, Answer, Visit, inner},
};
use axum::{
    Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use gemba_app::{
    Error,
    accounts::{self, NewAccount, NewSession},
    workspace::{self, NewWorkspace},
};
use gemba_model::role::Role;
use maud::{Markup, html};
use serde::Deserialize;

/// Zones offered while one types; any other IANA name is taken as well.
const ZONES: &[&str] = &[
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Argentina/Buenos_Aires",
    "America/Bogota",
    "America/Chicago",
    "America/Denver",
    "America/Halifax",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Phoenix",
    "America/Sao_Paulo",
    "America/Toronto",
    "America/Vancouver",
    "Asia/Dubai",
    "Asia/Ho_Chi_Minh",
    "Asia/Hong_Kong",
    "Asia/Istanbul",
    "Asia/Jakarta",
    "Asia/Jerusalem",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Manila",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Brisbane",
    "Australia/Perth",
    "Australia/Sydney",
    "Europe/Amsterdam",
    "Europe/Athens",
    "Europe/Berlin",
    "Europe/Bucharest",
    "Europe/Dublin",
    "Europe/Helsinki",
    "Europe/Kyiv",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Prague",
    "Europe/Rome",
    "Europe/Stockholm",
    "Europe/Vienna",
    "Europe/Warsaw",
    "Europe/Zurich",
    "Pacific/Auckland",
    "UTC",
];

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/sign-in", get(show_sign_in).post(sign_in))
        .route("/sign-in/link/{secret}", get(show_link))
        .route("/sign-in/link", get(to_sign_in).post(use_link))
        .route("/sign-out", get(to_sign_in).post(sign_out))
        .route("/setup/{key}", get(show_setup).post(set_up))
}

async fn to_sign_in() -> Redirect {
    Redirect::to("/sign-in")
}

fn plain(status: StatusCode, title: &str, headers: &HeaderMap, body: &Markup) -> Response {
    (status, Html(plain_page(title, visit::theme(headers), body).into_string())).into_response()
}

/// The field and the words of what is wrong with a form; other errors have a page of their own.
fn fault(error: Error) -> Result<(&'static str, String), Refusal> {
    match error {
        Error::Invalid { field, message } | Error::Taken { field, message } => {
            Ok((field, sentence(&message)))
        }
        Error::SignInFailed { reason } => Ok(("email", sentence(&reason))),
        other => Err(other.into()),
    }
}

fn cookie_of(session: &NewSession, secure: bool) -> String {
    let NewSession { secret, max_age_s } = session;
    let only = if secure { "; Secure" } else { "" };
    let name = visit::SESSION;
    format!("{name}={secret}; HttpOnly; SameSite=Lax; Path=/; Max-Age={max_age_s}{only}")
}

fn welcome(session: &NewSession, to: &str, secure: bool) -> Response {
    let cookie = cookie_of(session, secure);
    ([(header::SET_COOKIE, cookie)], Redirect::to(inner(to))).into_response()
}

// Signing in ------------------------------------------------------------------------------------

#[derive(Debug, Default, Deserialize)]
struct Back {
    #[serde(default)]
    back: String,
}

#[derive(Debug, Default, Deserialize)]
struct SignIn {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    back: String,
    /// Where a form goes that met the end of a session.
    #[serde(default)]
    action: String,
    /// What was typed into it, as forms write it.
    #[serde(default)]
    kept: String,
}

async fn show_sign_in(
    Query(Back { back }): Query<Back>,
    headers: HeaderMap,
    visit: Result<Visit, Refusal>,
) -> Answer {
    match visit {
        Ok(_) => Ok(Redirect::to(inner(&back)).into_response()),
        Err(Refusal::SignIn { .. }) => {
            let form = SignIn { back, ..SignIn::default() };
            Ok(sign_in_page(StatusCode::OK, &headers, &form, None))
        }
        Err(other) => Err(other),
    }
}

fn sign_in_page(
    status: StatusCode,
    headers: &HeaderMap,
    form: &SignIn,
    error: Option<&str>,
) -> Response {
    let title = if form.kept.is_empty() { "Sign in" } else { "Sign in again" };
    plain(status, title, headers, &sign_in_form(form, error))
}

fn sign_in_form(form: &SignIn, error: Option<&str>) -> Markup {
    let errors: Vec<(&str, &str)> = error.into_iter().map(|error| ("email", error)).collect();
    html! {
        @if form.kept.is_empty() {
            h1 { "Sign in" }
        } @else {
            h1 { "Sign in again" }
            p { "Your session had ended when you sent this. What you typed is kept on this page: sign in, look at it, and send it." }
        }
        (error_summary(&errors))
        form class="form" method="post" action="/sign-in" {
            (hidden("back", inner(&form.back)))
            @if !form.kept.is_empty() {
                (hidden("action", inner(&form.action)))
                (hidden("kept", &form.kept))
            }
            (text(&Field::new("email", "E-mail").error(error), Input::Email, &form.email))
            (text(&Field::new("password", "Password"), Input::Password, ""))
            (button("Sign in", Weight::Primary))
        }
        p class="muted small" { "No password, or forgotten it? An admin of your workspace can send you a sign-in link." }
    }
}

/// The page for one whose session had ended when they sent a form.
pub(crate) fn sign_in_again(kept: &Kept) -> Markup {
    let form = SignIn {
        back: kept.back.clone(),
        action: kept.action.clone(),
        kept: serde_urlencoded::to_string(&kept.fields).unwrap_or_default(),
        ..SignIn::default()
    };
    sign_in_form(&form, None)
}

/// Fields by which a page knows what it was about; nobody typed them.
const UNTYPED: [&str; 6] = ["version", "seen", "base", "back", "revision", "act"];

/// How much of a long text is shown again, in characters.
const SHOWN: usize = 400;

/// What was typed before the session ended, to be looked at and sent by the one who signed in again.
async fn typed_again(
    site: &Site,
    session: &NewSession,
    form: &SignIn,
    headers: &HeaderMap,
) -> Answer {
    let known = accounts::session(&site.app, &session.secret).await?;
    let fields: Vec<(String, String)> = serde_urlencoded::from_str(&form.kept).unwrap_or_default();
    let shown: Vec<(String, Markup)> = fields
        .iter()
        .filter(|(name, value)| !UNTYPED.contains(&name.as_str()) && !value.trim().is_empty())
        .map(|(name, value)| {
            let cut: String = value.chars().take(SHOWN).collect();
            let more = if cut.len() < value.len() { "\u{2026}" } else { "" };
            let words = html! { @for line in cut.lines() { div { (line) } } (more) };
            (name.replace(['_', '.'], " "), words)
        })
        .collect();
    let facts: Vec<(&str, Markup)> =
        shown.iter().map(|(name, words)| (name.as_str(), words.clone())).collect();
    let body = html! {
        h1 { "Send what you typed?" }
        p { "You are signed in as " strong { (known.who.name) } ". This was not sent before, as your session had ended." }
        (list::facts(&facts))
        form method="post" action=(inner(&form.action)) {
            (hidden("csrf", &known.csrf))
            @for (name, value) in fields.iter().filter(|(name, _)| name != "csrf") { (hidden(name, value)) }
            div class="buttons" {
                (button("Send it now", Weight::Primary))
                (link_button(inner(&form.back), "Go back without it", Weight::Secondary))
            }
        }
    };
    let mut response = plain(StatusCode::OK, "Send what you typed?", headers, &body);
    let cookie = cookie_of(session, site.config.secure);
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn sign_in(
    State(site): State<Site>,
    headers: HeaderMap,
    Plain(form): Plain<SignIn>,
) -> Answer {
    match accounts::sign_in(&site.app, &form.email, &form.password).await {
        Ok(session) if !form.kept.is_empty() => typed_again(&site, &session, &form, &headers).await,
        Ok(session) => Ok(welcome(&session, &form.back, site.config.secure)),
        Err(error) => {
            let (_, message) = fault(error)?;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(sign_in_page(status, &headers, &form, Some(&message)))
        }
    }
}

async fn sign_out(State(site): State<Site>, headers: HeaderMap, _form: Sent<Back>) -> Answer {
    if let Some(secret) = visit::cookie(&headers, visit::SESSION) {
        accounts::sign_out(&site.app, &secret).await?;
    }
    let gone = format!("{}=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0", visit::SESSION);
    Ok(([(header::SET_COOKIE, gone)], Redirect::to("/sign-in")).into_response())
}

// Links -----------------------------------------------------------------------------------------

#[derive(Debug, Deserialize)]
struct Link {
    #[serde(default)]
    secret: String,
}

/// Programs that look at links before people do must not use it up, so a person presses a button.
async fn show_link(Path(secret): Path<String>, headers: HeaderMap) -> Response {
    let body = html! {
        h1 { "Sign in to Gemba" }
        p { "This link signs you in once, without a password." }
        form class="form" method="post" action="/sign-in/link" {
            (hidden("secret", &secret))
            (button("Sign in", Weight::Primary))
        }
    };
    plain(StatusCode::OK, "Sign in", &headers, &body)
}

async fn use_link(
    State(site): State<Site>,
    headers: HeaderMap,
    Plain(Link { secret }): Plain<Link>,
) -> Answer {
    match accounts::use_link(&site.app, &secret).await {
        Ok(session) => Ok(welcome(&session, "/", site.config.secure)),
        Err(error) => {
            let (_, message) = fault(error)?;
            let body = html! {
                h1 { "This link does not work" }
                p { (message) }
                p { (link_button("/sign-in", "Sign in with a password", Weight::Secondary)) }
            };
            Ok(plain(StatusCode::UNPROCESSABLE_ENTITY, "Sign in", &headers, &body))
        }
    }
}

// Setting up ------------------------------------------------------------------------------------

#[derive(Debug, Default, Deserialize)]
struct SetUp {
    #[serde(default)]
    name: String,
    #[serde(default)]
    zone: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// Whether the address is the one that the server printed; every byte is compared, so that the time
/// tells nothing about how many were right.
fn check_key(site: &Site, given: &str) -> Result<(), Refusal> {
    let expected = site.config.setup_key.as_deref().unwrap_or_default().as_bytes();
    let differing =
        expected.iter().zip(given.as_bytes()).fold(0, |sum, (right, given)| sum | (right ^ given));
    if expected.is_empty() || expected.len() != given.len() || differing != 0 {
        return Err(Refusal::no_page("/setup"));
    }
    Ok(())
}

async fn show_setup(
    State(site): State<Site>,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Answer {
    check_key(&site, &key)?;
    if !workspace::is_empty(&site.app).await? {
        return Ok(Redirect::to("/").into_response());
    }
    Ok(setup_page(StatusCode::OK, &headers, &key, &SetUp::default(), None))
}

fn setup_page(
    status: StatusCode,
    headers: &HeaderMap,
    key: &str,
    form: &SetUp,
    fault: Option<(&str, &str)>,
) -> Response {
    let error = |name: &str| fault.filter(|(field, _)| *field == name).map(|(_, message)| message);
    let field =
        |name: &'static str, label: &'static str| Field::new(name, label).error(error(name));
    let errors: Vec<(&str, &str)> = fault.into_iter().collect();
    let body = html! {
        h1 { "Set up your workspace" }
        p class="muted" { "A workspace is one company: its processes, its seats and its numbers. You become its owner and can invite others afterwards." }
        (error_summary(&errors))
        form class="form" method="post" action={ "/setup/" (key) } {
            (text(&field("name", "Company"), Input::Text, &form.name))
            (suggest(&field("zone", "Time zone").hint("Deadlines and schedules are meant in this zone, such as Europe/Berlin"), ZONES, &form.zone))
            (text(&field("owner", "Your name"), Input::Text, &form.owner))
            (text(&field("email", "Your e-mail"), Input::Email, &form.email))
            (text(&field("password", "Password").hint("At least 10 characters"), Input::NewPassword, ""))
            (button("Set up the workspace", Weight::Primary))
        }
    };
    plain(status, "Set up your workspace", headers, &body)
}

async fn set_up(
    State(site): State<Site>,
    Path(key): Path<String>,
    headers: HeaderMap,
    Plain(form): Plain<SetUp>,
) -> Answer {
    check_key(&site, &key)?;
    let owner = NewAccount {
        email: form.email.clone(),
        name: form.owner.clone(),
        password: Some(form.password.clone()),
        role: Role::Owner,
    };
    let new = NewWorkspace { name: form.name.clone(), zone: form.zone.trim().to_owned(), owner };
    if let Err(error) = workspace::create(&site.app, new).await {
        let (field, message) = fault(error)?;
        // Company and person both have a name; the company's is looked at first.
        let of_person = field == "name" && !form.name.trim().is_empty();
        let field = if of_person { "owner" } else { field };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(setup_page(status, &headers, &key, &form, Some((field, &message))));
    }
    let session = accounts::sign_in(&site.app, &form.email, &form.password).await?;
    Ok(welcome(&session, "/", site.config.secure))
}
