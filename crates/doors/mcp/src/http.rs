//! MCP over Streamable HTTP: the route, and who asks by the bearer token of each request.

use crate::{server::Server, tools};
use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use gemba_app::{
    App, Error, Who,
    access::{self, Scope},
    tokens,
};
use gemba_wire::problem::Problem;
use rmcp::{
    ServerHandler,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use serde_json::{Value, json};
use std::{fmt::Write as _, sync::Arc};

/// The largest request taken, in bytes. Tools take texts, never files.
const MAX_BODY: usize = 1024 * 1024;

/// Under which names the server is reached.
#[derive(Debug, Clone, Default)]
pub struct McpConfig {
    /// Host names (`gemba.example.com`, with or without a port) besides those of the machine itself.
    /// A request for another host is refused, so that no web page can reach in by rebinding a name.
    pub hosts: Vec<String>,
    /// The address at which people and clients reach it: `https://gemba.example.com`. Where none is said,
    /// what a request names is told back.
    pub url: Option<String>,
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
    let gate = Gate { app, url: config.url.map(Arc::from) };
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
    let about = get(metadata).with_state(gate.clone());
    Router::new()
        .route_service("/mcp", service)
        .layer(from_fn_with_state(gate, signed_in))
        .route(METADATA, about.clone())
        .route(METADATA_OF_MCP, about)
}

/// Where clients look for what guards the server (RFC 9728, section 3.1), with and without its path.
const METADATA: &str = "/.well-known/oauth-protected-resource";
const METADATA_OF_MCP: &str = "/.well-known/oauth-protected-resource/mcp";

/// What the gate needs to know.
#[derive(Clone)]
struct Gate {
    app: App,
    url: Option<Arc<str>>,
}

impl Gate {
    /// The address under which this request came.
    fn base(&self, headers: &HeaderMap) -> String {
        if let Some(url) = &self.url {
            return url.trim_end_matches('/').to_owned();
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || ".:-[]".contains(c);
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.filter(|host| host.chars().all(plain)).unwrap_or("localhost");
        format!("http://{host}")
    }

    /// What a refusal asks for (RFC 6750, section 3; RFC 9728, section 5.1).
    fn challenge(&self, headers: &HeaderMap, error: Option<&str>, scope: Option<Scope>) -> String {
        let mut text = format!(
            "Bearer realm=\"gemba\", resource_metadata=\"{}{METADATA_OF_MCP}\"",
            self.base(headers)
        );
        for (key, value) in [("error", error), ("scope", scope.map(Scope::word))] {
            if let Some(value) = value {
                // Writing to a string cannot fail.
                let _fine = write!(text, ", {key}=\"{value}\"");
            }
        }
        text
    }
}

/// What guards the server: bearer tokens of seats, in the header. No authorization server is named, as
/// tokens are made by an admin in the settings.
async fn metadata(State(gate): State<Gate>, headers: HeaderMap) -> Json<Value> {
    let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.word()).collect();
    Json(json!({
        "resource": format!("{}/mcp", gate.base(&headers)),
        "resource_name": "Gemba",
        "bearer_methods_supported": ["header"],
        "scopes_supported": scopes,
    }))
}

/// Lets only bearers of a good token through, and tells the handlers who that is.
async fn signed_in(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let Some(secret) = bearer(headers) else {
        let challenge = gate.challenge(headers, None, None);
        return refused(&Error::NotSignedIn, false, &challenge);
    };
    let who = match tokens::bearer(&gate.app, secret).await {
        Ok(who) => who,
        Err(error) => {
            let challenge = gate.challenge(headers, Some("invalid_token"), None);
            return refused(&error, true, &challenge);
        }
    };
    // The newest generation names the tool in a header, so it is told what is missing as OAuth has it;
    // others read the tool's own refusal.
    if let Some(scope) = called(headers).and_then(tools::scope)
        && !access::within(&who, scope)
    {
        let challenge = gate.challenge(headers, Some("insufficient_scope"), Some(scope));
        return refused(&Error::OutOfScope { scope }, true, &challenge);
    }
    request.extensions_mut().insert::<Who>(who);
    next.run(request).await
}

/// The tool that a request calls, as its headers say.
fn called(headers: &HeaderMap) -> Option<&str> {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    said("mcp-method").filter(|method| *method == "tools/call")?;
    said("mcp-name")
}

/// The secret of `Authorization: Bearer SECRET`; nowhere else is looked for one.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim()).filter(|s| !s.is_empty())
}

fn refused(error: &Error, had_token: bool, challenge: &str) -> Response {
    let problem = match error {
        Error::OutOfScope { .. } => Problem::from(error),
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
    let asks = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
    if let Some(challenge) = HeaderValue::from_str(challenge).ok().filter(|_| asks) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
