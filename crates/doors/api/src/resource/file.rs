//! Files left as evidence.

use crate::{
    answer::{Answer, Given, Output, Result},
    call::{Call, Raw},
    operation::Operation,
};
use axum::http::{HeaderValue, Method, header::CONTENT_DISPOSITION};
use gemba_app::files;
use gemba_wire::file::File;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt::Write as _;

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    vec![
        Op::new(
            Method::POST,
            "/files",
            "put_file",
            "Bring a file, at most 10 MiB; the same bytes are kept once",
            put,
        ),
        Op::new(Method::GET, "/files/{digest}", "get_file", "The bytes of a file", get),
    ]
}

/// What a file is called.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FileQuery {
    /// The file's name.
    name: String,
}

async fn put(call: Call<(), FileQuery, Raw>) -> Result<Given<File>> {
    let bytes = &call.input.0;
    let record = files::put(&call.app, &call.who, &call.query.name, bytes).await?;
    Ok(Given(File::from(&record)))
}

/// The bytes of a file, for saving: a browser never shows them as a page of ours.
pub(super) struct Saved {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

const OCTETS: &str = "application/octet-stream";

impl Output for Saved {
    fn describe(_schemas: &mut SchemaGenerator) -> Option<Value> {
        Some(json!({ OCTETS: {} }))
    }

    fn answer(self) -> Answer {
        let named = format!("attachment; filename*=UTF-8''{}", escaped(&self.name));
        let value =
            HeaderValue::try_from(named).unwrap_or_else(|_| HeaderValue::from_static("attachment"));
        let headers = vec![(CONTENT_DISPOSITION, value)];
        Answer { status: 200, media: OCTETS, headers, body: self.bytes.into() }
    }
}

/// Percent-encoded as RFC 8187 asks.
fn escaped(name: &str) -> String {
    name.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            write!(out, "%{byte:02X}").unwrap_or_default();
        }
        out
    })
}

async fn get(call: Call<String>) -> Result<Saved> {
    let (record, bytes) = files::get(&call.app, &call.who, &call.path).await?;
    Ok(Saved { name: record.name, bytes })
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(escaped("Bericht ü\".pdf\r\n"), "Bericht%20%C3%BC%22.pdf%0D%0A");
    }
}
