//! Server-rendered pages: every essential act is a link or a form, and works without a script.
//!
//! One file per page under [`pages`](crate) holds its view, its form and its handlers; a handler
//! parses, calls one application function and renders. Boundary: nothing here names the engine, the
//! reader of SOPs or a store.

pub mod assets;
mod gate;
mod pages;
mod refusal;
pub mod ui;
mod visit;

use axum::{
    Router,
    http::{HeaderValue, header},
    middleware,
    response::Response,
};
use gemba_app::App;
use std::sync::Arc;

/// How the pages are served.
#[derive(Debug, Clone)]
pub struct Config {
    /// The secret of the page that sets up an empty workspace; none where there is one already.
    pub setup_key: Option<String>,
    /// The address people use, where it is not the one their browser names.
    pub public_url: Option<String>,
    /// Whether people come by https: cookies are for https only then.
    pub secure: bool,
    /// Becomes true when the server is asked to stop: pages that listen are let go then.
    pub stop: Option<tokio::sync::watch::Receiver<bool>>,
}

/// What the handlers share.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) app: App,
    pub(crate) config: Arc<Config>,
}

/// The pages.
pub fn router(app: App, config: Config) -> Router {
    let site = Site { app, config: Arc::new(config) };
    let frame = middleware::from_fn_with_state(site.clone(), refusal::framed);
    pages::router()
        .with_state(site)
        .layer(frame)
        .merge(assets::router())
        .layer(middleware::map_response(guard))
}

/// What a page may load and do: its own files only, nothing within the markup.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

async fn guard(mut response: Response) -> Response {
    let headers = response.headers_mut();
    // A file by itself has a stricter one of its own.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
