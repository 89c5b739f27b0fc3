//! What goes back: an answer with its status and bytes, or a refusal as a problem.

use axum::{
    body::{Body, Bytes},
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
};
use gemba_app::Error;
use gemba_wire::Problem;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Value, json};

/// The media type of problems (RFC 9457).
pub(crate) const PROBLEM: &str = "application/problem+json";
/// The media type of everything else that is JSON.
pub(crate) const JSON: &str = "application/json";

/// What a handler gives back.
pub(crate) type Result<T> = std::result::Result<T, Refusal>;

/// Why there is no other answer.
#[derive(Debug)]
pub(crate) struct Refusal(Box<Problem>);

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl From<Box<Problem>> for Refusal {
    fn from(problem: Box<Problem>) -> Self {
        Self(problem)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let problem = Problem::from(&error);
        if problem.status >= 500 {
            // Only here the whole chain is known; the asker is told no more than that it failed.
            tracing::error!(code = error.code(), "{}", gemba_app::error::chain(&error));
        }
        problem.into()
    }
}

/// Status, media type and bytes of an answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) media: &'static str,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Bytes,
}

impl Answer {
    /// An answer that was kept: its media type follows from its status.
    pub(crate) fn kept(status: u16, body: String) -> Self {
        let media = if status >= 400 { PROBLEM } else { JSON };
        Self { status, media, headers: Vec::new(), body: body.into() }
    }

    pub(crate) fn json(status: u16, media: &'static str, value: &impl Serialize) -> Self {
        // Wire types are plain data with text keys: they always have a JSON form.
        let body = serde_json::to_vec(value).unwrap_or_default();
        Self { status, media, headers: Vec::new(), body: body.into() }
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let mut answer = Self::json(refusal.0.status, PROBLEM, &refusal.0);
        if answer.status == 401 {
            answer.headers.push((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        }
        answer
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        if status != StatusCode::NO_CONTENT {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media));
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.extend(self.headers);
        response
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        Answer::from(self).into_response()
    }
}

/// What an operation gives where it succeeds.
pub(crate) trait Output: Send {
    /// The `content` of its response in the OpenAPI document; none where there is no body.
    fn describe(schemas: &mut SchemaGenerator) -> Option<Value>;
    /// The answer; its status is the operation's.
    fn answer(self) -> Answer;
}

/// A wire type as JSON.
#[derive(Debug)]
pub(crate) struct Given<T>(pub(crate) T);

impl<T: Serialize + JsonSchema + Send> Output for Given<T> {
    fn describe(schemas: &mut SchemaGenerator) -> Option<Value> {
        Some(json!({ JSON: { "schema": schemas.subschema_for::<T>() } }))
    }

    fn answer(self) -> Answer {
        Answer::json(200, JSON, &self.0)
    }
}

/// Nothing to say but that it was done.
#[derive(Debug)]
pub(crate) struct Done;

impl Output for Done {
    fn describe(_schemas: &mut SchemaGenerator) -> Option<Value> {
        None
    }

    fn answer(self) -> Answer {
        Answer { status: 204, media: JSON, headers: Vec::new(), body: Bytes::new() }
    }
}
