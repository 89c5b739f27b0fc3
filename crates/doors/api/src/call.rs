//! A request as a handler gets it: who asks, and path, query and body as typed values.

use crate::answer::{JSON, Result};
use axum::{
    body::Bytes,
    http::{HeaderMap, header::CONTENT_TYPE},
};
use gemba_app::{App, Who};
use gemba_wire::Problem;
use schemars::{JsonSchema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The most bytes of a JSON body: the largest document, with room for its escapes.
const MAX_JSON: usize = 2 * 1024 * 1024;
/// The most bytes of a file with its overhead; the application has the exact limit.
const MAX_FILE: usize = gemba_app::files::MAX_BYTES + 64 * 1024;

/// A request.
#[derive(Debug)]
pub(crate) struct Call<P = (), Q = (), I = Nothing> {
    pub(crate) app: App,
    pub(crate) who: Who,
    pub(crate) path: P,
    pub(crate) query: Q,
    pub(crate) input: I,
}

/// What an operation takes as its body.
pub(crate) trait Input: Sized + Send {
    /// The most bytes.
    const LIMIT: usize;
    /// The `requestBody` in the OpenAPI document; none where there is no body.
    fn describe(schemas: &mut SchemaGenerator) -> Option<Value>;
    /// Reads it.
    fn read(headers: &HeaderMap, body: Bytes) -> Result<Self>;
}

/// No body.
#[derive(Debug)]
pub(crate) struct Nothing;

impl Input for Nothing {
    const LIMIT: usize = MAX_JSON;

    fn describe(_schemas: &mut SchemaGenerator) -> Option<Value> {
        None
    }

    fn read(_headers: &HeaderMap, body: Bytes) -> Result<Self> {
        match body.trim_ascii() {
            b"" | b"{}" => Ok(Self),
            _ => Err(Problem::unreadable("this request takes no body").into()),
        }
    }
}

/// A wire type as JSON; an empty body is an empty object.
#[derive(Debug)]
pub(crate) struct Sent<T>(pub(crate) T);

impl<T: DeserializeOwned + JsonSchema + Send> Input for Sent<T> {
    const LIMIT: usize = MAX_JSON;

    fn describe(schemas: &mut SchemaGenerator) -> Option<Value> {
        let content = json!({ JSON: { "schema": schemas.subschema_for::<T>() } });
        let required = serde_json::from_str::<T>("{}").is_err();
        Some(json!({ "required": required, "content": content }))
    }

    fn read(headers: &HeaderMap, body: Bytes) -> Result<Self> {
        let body = if body.is_empty() { Bytes::from_static(b"{}") } else { typed(headers, body)? };
        let read = serde_json::from_slice(&body);
        read.map(Self).map_err(|wrong| Problem::unreadable(format!("the body: {wrong}")).into())
    }
}

fn typed(headers: &HeaderMap, body: Bytes) -> Result<Bytes> {
    let said = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = said.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(JSON) {
        Ok(body)
    } else {
        Err(Problem::wrong_media_type().into())
    }
}

/// The bytes of a file, of whatever media type.
#[derive(Debug)]
pub(crate) struct Raw(pub(crate) Bytes);

impl Input for Raw {
    const LIMIT: usize = MAX_FILE;

    fn describe(_schemas: &mut SchemaGenerator) -> Option<Value> {
        Some(json!({ "required": true, "content": { "application/octet-stream": {} } }))
    }

    fn read(_headers: &HeaderMap, body: Bytes) -> Result<Self> {
        Ok(Self(body))
    }
}
