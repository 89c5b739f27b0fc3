//! Why there is no page, as a page: what happened, why, what to do.
//!
//! A refusal knows nothing of the visitor. It is answered as words, which [`framed`] puts into the frame
//! of the one who is signed in, or on a page without navigation.

use crate::{
    Site,
    gate::Kept,
    ui::{
        act::{Weight, link_button},
        layout::{Width, plain_page},
        prose::line,
    },
    visit::{Visit, theme},
};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{Method, StatusCode, Uri},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
};
use gemba_app::Error;
use maud::{Markup, html};

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Somebody must sign in first, then comes back.
    SignIn {
        /// Where to.
        back: String,
    },
    /// Somebody must sign in first; what they typed is kept meanwhile.
    Kept(Box<Kept>),
    /// The workspace is not set up.
    NotSetUp,
    /// The form did not come from one of our pages, or from a session that has ended.
    NotOurForm,
    /// The form is larger than is taken, or not a form.
    BadForm(String),
    /// The application says no.
    App(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::App(error)
    }
}

impl Refusal {
    /// There is no such page.
    pub(crate) fn no_page(address: &str) -> Self {
        Self::App(Error::NotFound { what: "page", id: address.to_owned() })
    }
}

fn status(error: &Error) -> StatusCode {
    let status = error.kind().http_status();
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What a refusal says, until it becomes a page.
#[derive(Debug, Clone)]
struct Words {
    title: String,
    body: Markup,
}

fn page(status: StatusCode, title: &str, what: &str, todo: &str, code: Option<&str>) -> Response {
    let body = html! {
        h1 { (title) }
        p { (line(what)) }
        p { (todo) }
        @if status == StatusCode::NOT_FOUND {
            ul class="cluster" {
                li { a href="/processes" { "Find a process" } }
                li { a href="/runs" { "See the runs" } }
                li { a href="/seats" { "See the team" } }
            }
        }
        @if let Some(code) = code { p class="muted small" { "Code " a href={ "/codes/" (code) } { (code) } } }
        p { (link_button("/", "Go to my work", Weight::Secondary)) }
    };
    let mut response = status.into_response();
    response.extensions_mut().insert(Words { title: title.to_owned(), body });
    response
}

/// Turns the words of a refusal into a page: with the navigation for the one who is signed in.
pub(crate) async fn framed(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let kept = parts.clone();
    let mut response = next.run(Request::from_parts(kept, body)).await;
    let Some(words) = response.extensions_mut().remove::<Words>() else { return response };
    // The frame leads back to this address, which only answers when it is looked at.
    let here = if parts.method == Method::GET { parts.uri.path() } else { "/" };
    parts.uri = here.parse().unwrap_or_else(|_strange| Uri::from_static("/"));
    let status = response.status();
    if let Ok(visit) = Visit::from_request_parts(&mut parts, &site).await {
        return visit.page_with(status, &words.title, None, Width::Reading, &words.body);
    }
    let page = plain_page(&words.title, theme(&parts.headers), &words.body);
    (status, Html(page.into_string())).into_response()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn { back } if back == "/" => Redirect::to("/sign-in").into_response(),
            Self::SignIn { back } => {
                let query = serde_urlencoded::to_string([("back", back)]).unwrap_or_default();
                Redirect::to(&format!("/sign-in?{query}")).into_response()
            }
            Self::Kept(kept) => {
                let mut response = StatusCode::UNAUTHORIZED.into_response();
                response.extensions_mut().insert(Words {
                    title: "Sign in again".to_owned(),
                    body: crate::pages::sign_in_again(&kept),
                });
                response
            }
            Self::NotSetUp => page(
                StatusCode::SERVICE_UNAVAILABLE,
                "This workspace is not set up yet",
                "Nobody has named the company and its first owner.",
                "Open the set-up address that the server printed when it started.",
                None,
            ),
            Self::NotOurForm => page(
                StatusCode::FORBIDDEN,
                "This form is too old",
                "It did not come from a page of your present session, so nothing was changed.",
                "Go back, load the page again and repeat what you did.",
                None,
            ),
            Self::BadForm(why) => page(
                StatusCode::BAD_REQUEST,
                "This form could not be read",
                &why,
                "Go back, check what you filled in and send it again.",
                None,
            ),
            Self::App(error) => {
                let status = status(&error);
                if let Error::Store(cause) = &error {
                    tracing::error!(error = %gemba_app::error::chain(cause), "a page failed");
                }
                let title = match status {
                    StatusCode::NOT_FOUND => "Not found",
                    StatusCode::FORBIDDEN => "Not allowed",
                    StatusCode::CONFLICT => "Not possible now",
                    StatusCode::INTERNAL_SERVER_ERROR => "Something failed on our side",
                    _ => "This could not be done",
                };
                let todo = match status {
                    StatusCode::INTERNAL_SERVER_ERROR => {
                        "Nothing was half-written. Try again in a moment."
                    }
                    StatusCode::NOT_FOUND => {
                        "It may have been renamed or removed, or the address has a slip in it. Look for \
                         it by its name:"
                    }
                    _ => "Go back and try another way; the code's page says more.",
                };
                page(status, title, &sentence(&error.to_string()), todo, Some(error.code()))
            }
        }
    }
}

/// A message as a sentence: messages begin small and have no full stop.
pub(crate) fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    match chars.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), chars.as_str().trim_end_matches('.')),
        None => String::new(),
    }
}

/// What is wrong with one field of a form, to be said beside it.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) field: &'static str,
    pub(crate) says: String,
}

impl Fault {
    /// A fault in words.
    pub(crate) fn new(field: &'static str, says: impl Into<String>) -> Self {
        Self { field, says: says.into() }
    }

    /// The fault of one who comes second: somebody changed the same thing after they opened it.
    pub(crate) fn overtaken(field: &'static str) -> Self {
        let says = "Somebody changed this after you opened it. Nothing was overwritten: what you typed \
                    stands below. Save again to put it in the place of what it says now.";
        Self::new(field, says)
    }

    /// The fault that an error tells of; an error that belongs to no field stays a refusal.
    pub(crate) fn of(error: Error) -> Result<Self, Refusal> {
        match error {
            Error::Invalid { field, message } | Error::Taken { field, message } => {
                Ok(Self { field, says: sentence(&message) })
            }
            other => Err(Refusal::App(other)),
        }
    }

    /// The same fault beside another field: what the form calls otherwise than the application.
    pub(crate) fn beside(self, names: &[(&str, &'static str)]) -> Self {
        let field = names.iter().find(|(name, _)| *name == self.field).map_or(self.field, |n| n.1);
        Self { field, ..self }
    }

    /// What to say at a field.
    pub(crate) fn at<'a>(fault: Option<&'a Self>, field: &str) -> Option<&'a str> {
        fault.filter(|fault| fault.field == field).map(|fault| fault.says.as_str())
    }

    /// For the summary above a form.
    pub(crate) fn all(fault: Option<&Self>) -> Vec<(&str, &str)> {
        fault.iter().map(|fault| (fault.field, fault.says.as_str())).collect()
    }
}
