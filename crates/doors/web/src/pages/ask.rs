//! The form behind a link, for guests: no account, no navigation.

use crate::{
    Site,
    gate::Plain,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        field::{self, Field},
        layout::plain_page,
    },
    visit::{Answer, theme},
};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use gemba_app::{
    Error,
    inlets::{self, Asked},
};
use maud::{Markup, html};

pub(super) fn router() -> Router<Site> {
    Router::new().route("/ask/{secret}", get(show).post(send))
}

fn plain(status: StatusCode, title: &str, headers: &HeaderMap, body: &Markup) -> Response {
    (status, Html(plain_page(title, theme(headers), body).into_string())).into_response()
}

async fn show(State(site): State<Site>, Path(secret): Path<String>, headers: HeaderMap) -> Answer {
    match inlets::asked(&site.app, &secret).await {
        Ok(asked) => Ok(form(StatusCode::OK, &headers, &secret, &asked, &[], None)),
        Err(error) => gone(&headers, error),
    }
}

fn gone(headers: &HeaderMap, error: Error) -> Answer {
    let Error::NotFound { .. } = error else { return Err(Refusal::App(error)) };
    let body = html! {
        h1 { "This link does not work" }
        p { "It was taken back, or it is not whole. Ask whoever gave it to you for a new one." }
    };
    Ok(plain(StatusCode::NOT_FOUND, "Not found", headers, &body))
}

fn form(
    status: StatusCode,
    headers: &HeaderMap,
    secret: &str,
    asked: &Asked,
    answers: &[String],
    fault: Option<&str>,
) -> Response {
    let names: Vec<String> = (0..asked.questions.len()).map(|n| format!("answer-{n}")).collect();
    let body = html! {
        h1 { (asked.name) }
        p class="muted" { "To " (asked.workspace) }
        @if !asked.words.is_empty() { p { (asked.words) } }
        form class="form" method="post" action={ "/ask/" (secret) } {
            @if let Some(fault) = fault { (field::error_summary(&[("answer-0", fault)])) }
            @for (n, (question, name)) in asked.questions.iter().zip(&names).enumerate() {
                @let field = Field::new(name, &question.label);
                @let field = if question.required { field } else { field.optional() };
                (field::textarea(&field, answers.get(n).map_or("", String::as_str), 2))
            }
            (act::buttons(&[act::button("Send", Weight::Primary)]))
        }
    };
    plain(status, &asked.name, headers, &body)
}

async fn send(
    State(site): State<Site>,
    Path(secret): Path<String>,
    headers: HeaderMap,
    Plain(fields): Plain<Vec<(String, String)>>,
) -> Answer {
    let asked = match inlets::asked(&site.app, &secret).await {
        Ok(asked) => asked,
        Err(error) => return gone(&headers, error),
    };
    let answer = |n: usize| {
        let name = format!("answer-{n}");
        let found = fields.iter().find(|(field, _)| *field == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let answers: Vec<String> = (0..asked.questions.len()).map(answer).collect();
    match inlets::guest(&site.app, &secret, &answers).await {
        Ok(_) => {
            let body = html! {
                h1 { "Thank you" }
                p { (asked.workspace) " has what you sent." }
                p { a href={ "/ask/" (secret) } { "Send another" } }
            };
            Ok(plain(StatusCode::OK, "Sent", &headers, &body))
        }
        Err(Error::TooOften { .. }) => {
            let says = "This form was sent too often within the last hour. Try again later.";
            let status = StatusCode::TOO_MANY_REQUESTS;
            Ok(form(status, &headers, &secret, &asked, &answers, Some(says)))
        }
        Err(error) => {
            let fault = Fault::of(error)?;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(form(status, &headers, &secret, &asked, &answers, Some(&fault.says)))
        }
    }
}
