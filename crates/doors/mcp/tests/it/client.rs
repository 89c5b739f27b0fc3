//! An rmcp client that talks HTTP to the router over a socket in a folder of its own: no port, no
//! network, no TLS.

use axum::{
    Router,
    body::Body,
    http::{Request, Response},
};
use rmcp::{
    RoleClient,
    model::{CallToolRequestParams, CallToolResult, ProtocolVersion},
    service::{ClientLifecycleMode, ClientServiceExt, RunningService},
    transport::{
        StreamableHttpClientTransport, UnixSocketHttpClient,
        streamable_http_client::StreamableHttpClientTransportConfig,
    },
};
use serde_json::Value;
use std::ops::Deref;
use tempfile::TempDir;
use tokio::net::UnixListener;
use tower::ServiceExt;

const URL: &str = "http://localhost/mcp";

pub(crate) struct Client {
    running: RunningService<RoleClient, ()>,
    _folder: TempDir,
}

impl Deref for Client {
    type Target = RunningService<RoleClient, ()>;

    fn deref(&self) -> &Self::Target {
        &self.running
    }
}

/// One POST to the server.
pub(crate) async fn post(
    router: &Router,
    uri: &str,
    token: Option<&str>,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Response<Body> {
    let mut request = Request::post(uri)
        .header("host", "localhost")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
}

/// The newest generation: no session, no handshake.
pub(crate) fn modern() -> ClientLifecycleMode {
    ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] }
}

/// The generation with the handshake.
pub(crate) fn legacy() -> ClientLifecycleMode {
    ClientLifecycleMode::Initialize
}

pub(crate) async fn connect(router: &Router, token: &str, mode: ClientLifecycleMode) -> Client {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("s");
    let listener = UnixListener::bind(&socket).unwrap();
    tokio::spawn(axum::serve(listener, router.clone()).into_future());
    let config = StreamableHttpClientTransportConfig::with_uri(URL).auth_header(token);
    let http = UnixSocketHttpClient::new(socket.to_str().unwrap(), URL);
    let transport = StreamableHttpClientTransport::with_client(http, config);
    Client { running: ().serve_with_lifecycle(transport, mode).await.unwrap(), _folder: folder }
}

/// Calls a tool whatever comes of it.
pub(crate) async fn call(client: &Client, tool: &'static str, arguments: Value) -> CallToolResult {
    let arguments = arguments.as_object().cloned().unwrap_or_default();
    client.call_tool(CallToolRequestParams::new(tool).with_arguments(arguments)).await.unwrap()
}

/// What a tool answers.
pub(crate) async fn told(client: &Client, tool: &'static str, arguments: Value) -> Value {
    let result = call(client, tool, arguments).await;
    assert_eq!(result.is_error, Some(false), "{tool}: {}", text(&result));
    assert!(!text(&result).is_empty(), "{tool} has a text for clients without structured content");
    result.structured_content.unwrap()
}

/// Why a tool refuses; the refusal has this code and says what to call next.
pub(crate) async fn refused(
    client: &Client,
    tool: &'static str,
    arguments: Value,
    code: &str,
) -> String {
    let result = call(client, tool, arguments).await;
    let text = text(&result);
    assert_eq!(result.is_error, Some(true), "{tool}: {text}");
    assert!(text.starts_with(&format!("Refused ({code}): ")), "{tool}: {text}");
    assert!(text.contains(" Next: "), "{tool}: {text}");
    assert_eq!(result.structured_content, None, "a refusal has no content of the tool's shape");
    text
}

pub(crate) fn text(result: &CallToolResult) -> String {
    result.content.iter().filter_map(|c| c.as_text()).map(|t| t.text.as_str()).collect()
}
