//! The REST interface over its router, with the small company of the test kit behind it.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and JSON answers null for what is not there"
)]

mod access;
mod channels;
mod cycle;
mod described;
mod hooks;
mod hours;
mod keys;
mod refusals;
mod revisions;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, Response, header},
};
use gemba_api::{router, router_as};
use gemba_app::Who;
use gemba_testkit::TestApp;
use serde_json::Value;
use tower::ServiceExt as _;

/// One who asks.
struct Client {
    router: Router,
    token: Option<String>,
}

/// What came back.
#[derive(Debug)]
struct Reply {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("plain text"))
    }

    /// Its JSON, after making sure of the status.
    #[track_caller]
    fn with(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.json()
    }

    /// Makes sure that it is a problem with this status and code.
    #[track_caller]
    fn problem(&self, status: u16, code: &str) -> Value {
        let problem = self.with(status);
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        problem
    }
}

impl Client {
    /// The bearer of a token of a seat.
    async fn bearer(kit: &TestApp, seat: &str) -> Self {
        Self { router: router(kit.app.clone()), token: Some(kit.token(seat).await) }
    }

    /// Somebody who comes in without a token.
    fn stranger(kit: &TestApp) -> Self {
        Self { router: router(kit.app.clone()), token: None }
    }

    /// One who is known already.
    fn known(kit: &TestApp, who: Who) -> Self {
        Self { router: router_as(kit.app.clone(), who), token: None }
    }

    async fn operator(kit: &TestApp) -> Self {
        Self::known(kit, kit.person("Olga").await)
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        let (mut parts, body) = request.into_parts();
        if let Some(token) = &self.token {
            let value = format!("Bearer {token}").parse().expect("a header");
            parts.headers.insert(header::AUTHORIZATION, value);
        }
        let response: Response<Body> = self
            .router
            .clone()
            .oneshot(Request::from_parts(parts, body))
            .await
            .expect("a router always answers");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Reply { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }

    async fn get(&self, path: &str) -> Reply {
        self.send(request("GET", path).body(Body::empty()).expect("a request")).await
    }

    async fn delete(&self, path: &str) -> Reply {
        self.send(request("DELETE", path).body(Body::empty()).expect("a request")).await
    }

    async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(with_json("POST", path, body)).await
    }

    async fn put(&self, path: &str, body: &Value) -> Reply {
        self.send(with_json("PUT", path, body)).await
    }
}

fn request(method: &str, path: &str) -> axum::http::request::Builder {
    let uri = if path.starts_with("/api/") { path.to_owned() } else { format!("/api/v1{path}") };
    Request::builder().method(method).uri(uri)
}

fn with_json(method: &str, path: &str, body: &Value) -> Request<Body> {
    request(method, path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .expect("a request")
}
