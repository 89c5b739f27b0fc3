//! Where signed messages from outside come in: `POST /hooks/{id}`. Who sends one proves it by its
//! signature; no token is read here, and no secret is in the address.

use crate::answer::{Answer, JSON, Refusal};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::post,
};
use gemba_app::{
    App, Error,
    inlets::{
        self,
        message::{Letter, MAX_BYTES},
    },
    signing::Signed,
};
use gemba_wire::{Problem, inlet::HookAnswer};

/// The most headers of a `CloudEvent` in binary mode.
const ATTRIBUTES: usize = 30;

/// The addresses of messages.
pub fn hooks(app: App) -> Router {
    Router::new().route("/hooks/{id}", post(receive)).with_state(app)
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

async fn receive(State(app): State<App>, Path(id): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match taken(&app, &id, &parts.headers, body).await {
        Ok(answer) => Answer::json(202, JSON, &answer).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn taken(
    app: &App,
    id: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<HookAnswer, Refusal> {
    let missing = |_| Error::NotFound { what: "trigger", id: id.to_owned() };
    let id = id.parse().map_err(missing)?;
    let body = to_bytes(body, MAX_BYTES).await.map_err(|_longer| Problem::too_large(MAX_BYTES))?;
    let signed = Signed {
        id: text(headers, "webhook-id"),
        timestamp: text(headers, "webhook-timestamp"),
        signature: text(headers, "webhook-signature"),
    };
    let attributes = headers
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str().strip_prefix("ce-")?.to_owned(), value.to_str().ok()?.to_owned()))
        })
        .take(ATTRIBUTES)
        .collect();
    let letter = Letter {
        content_type: text(headers, CONTENT_TYPE.as_str()),
        attributes,
        id: signed.id.clone(),
        body: body.to_vec(),
    };
    Ok(HookAnswer::from(inlets::receive(app, id, &signed, &letter).await?))
}
