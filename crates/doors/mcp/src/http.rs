//! MCP over Streamable HTTP: the route, and who asks by the bearer token of each request.

use crate::server::Server;
use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use gemba_app::{App, Error, Who, tokens};
use gemba_wire::problem::Problem;
use rmcp::{
    ServerHandler,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use std::sync::Arc;

/// The largest request taken, in bytes. Tools take texts, never files.
const MAX_BODY: usize = 1024 * 1024;

/// Under which names the server is reached.
#[derive(Debug, Clone, Default)]
pub struct McpConfig {
    /// Host names (`gemba.example.com`, with or without a port) besides those of the machine itself.
    /// A request for another host is refused, so that no web page can reach in by rebinding a name.
    pub hosts: Vec<String>,
    /// Origins with scheme and port (`https://gemba.example.com:443`) whose pages may call. A request
    /// that carries another origin is refused.
    pub origins: Vec<String>,
}

/// Whether clients of the generation with the handshake get a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sessions {
    /// None: each request stands for itself, and nothing is ever asked of a client. So the product is.
    None,
    /// One each, so that a handler may ask the client something while it answers.
    Kept,
}

/// The MCP server at `/mcp`, for both generations of the protocol.
pub fn router(app: App, config: McpConfig) -> Router {
    let server = Server::for_requests(app.clone());
    mounted(app, config, Sessions::None, server)
}

/// Any handler at `/mcp` behind what the product has there: the hosts and origins, the largest body,
/// the bearer tokens and what refuses them. The conformance suite mounts its fixtures here.
pub fn mounted<H: ServerHandler + Clone>(
    app: App,
    config: McpConfig,
    sessions: Sessions,
    handler: H,
) -> Router {
    let hosts = ["localhost", "127.0.0.1", "::1"].into_iter().map(ToOwned::to_owned);
    let settings = StreamableHttpServerConfig::default()
        .with_allowed_hosts(hosts.chain(config.hosts))
        .with_allowed_origins(config.origins)
        .enforce_origin_validation()
        .with_legacy_session_mode(sessions == Sessions::Kept)
        .with_json_response(true)
        .with_max_request_body_bytes(MAX_BODY);
    let service = StreamableHttpService::new(
        move || Ok(handler.clone()),
        Arc::new(LocalSessionManager::default()),
        settings,
    );
    Router::new().route_service("/mcp", service).layer(from_fn_with_state(app, signed_in))
}

/// Lets only bearers of a good token through, and tells the handlers who that is.
async fn signed_in(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let Some(secret) = bearer(request.headers()) else {
        return refused(&Error::NotSignedIn, false);
    };
    match tokens::bearer(&app, secret).await {
        Ok(who) => {
            request.extensions_mut().insert::<Who>(who);
            next.run(request).await
        }
        Err(error) => refused(&error, true),
    }
}

/// The secret of `Authorization: Bearer SECRET`; nowhere else is looked for one.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim()).filter(|s| !s.is_empty())
}

fn refused(error: &Error, had_token: bool) -> Response {
    let problem = match error {
        Error::Store(source) => {
            tracing::error!(error = %gemba_app::error::chain(source), "a token could not be looked up");
            Problem::from(error)
        }
        _ if had_token => Problem::new(
            401,
            error.code(),
            "Unknown token",
            "the token is not known, was taken back or has expired; an admin makes a new one in the settings",
        ),
        _ => Problem::new(
            401,
            error.code(),
            "Token needed",
            "send the token of a seat as `Authorization: Bearer TOKEN`; an admin makes one in the settings",
        ),
    };
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(problem)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::UNAUTHORIZED {
        let challenge = if had_token {
            HeaderValue::from_static("Bearer realm=\"gemba\", error=\"invalid_token\"")
        } else {
            HeaderValue::from_static("Bearer realm=\"gemba\"")
        };
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
