//! What the worker asks of the server, over REST.

use crate::failure::Failure;
use serde_json::{Value, json};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_mins(1);

/// What the server says.
#[derive(Debug)]
pub(super) enum Answer {
    /// It was done; what came back.
    Given(Value),
    /// It says no, and why.
    Refused(String),
}

/// A server, and the token of the seat.
pub(super) struct Door {
    agent: ureq::Agent,
    base: String,
    token: String,
}

impl Door {
    pub(super) fn new(url: &str, token: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .build()
            .into();
        let base = format!("{}/api/v1", url.trim_end_matches('/'));
        Self { agent, base, token: token.to_owned() }
    }

    fn ask(
        &self,
        method: &str,
        path: &str,
        key: Option<&str>,
        body: &[u8],
    ) -> Result<Answer, Failure> {
        let unreachable = |e: &dyn std::fmt::Display| {
            Failure::Machine(format!("{} does not answer: {e}", self.base))
        };
        let is_file = path.starts_with("/files");
        let kind = if is_file { "application/octet-stream" } else { "application/json" };
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", kind);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = request.body(body.to_vec()).map_err(|e| unreachable(&e))?;
        let mut response = self.agent.run(request).map_err(|e| unreachable(&e))?;
        let status = response.status();
        let said = response.body_mut().read_to_string().map_err(|e| unreachable(&e))?;
        let value: Value = serde_json::from_str(&said).unwrap_or(Value::Null);
        if status.is_success() {
            return Ok(Answer::Given(value));
        }
        let word = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
        let (code, detail) = (word("code"), word("detail"));
        match status.as_u16() {
            401 => Err(Failure::Refused {
                code: "APP0101",
                message: "the server does not know this token".to_owned(),
                findings: String::new(),
            }),
            // Whatever is on the way may be well again in a moment; a worker that was told so goes on.
            500.. => Err(Failure::Machine(format!("the server failed ({status}): {detail}"))),
            _ => Ok(Answer::Refused(format!("{code}: {detail}{}", items(&value)))),
        }
    }

    fn json(&self, method: &str, path: &str, body: &Value) -> Result<Answer, Failure> {
        self.ask(method, path, None, body.to_string().as_bytes())
    }

    fn get(&self, path: &str) -> Result<Answer, Failure> {
        self.ask("GET", path, None, &[])
    }

    /// The name of the seat, which must be the one that the token is for.
    pub(super) fn seat(&self, wanted: &str) -> Result<String, Failure> {
        let me = match self.get("/me")? {
            Answer::Given(me) => me,
            Answer::Refused(why) => return Err(Failure::Machine(why)),
        };
        let seats = me.get("seats").and_then(Value::as_array).cloned().unwrap_or_default();
        let word = |seat: &Value, key: &str| {
            seat.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let is = |seat: &&Value| {
            ["slug", "name"].iter().any(|key| word(seat, key).eq_ignore_ascii_case(wanted))
        };
        match seats.iter().find(is) {
            Some(seat) => Ok(word(seat, "slug")),
            None => Err(Failure::Usage(format!(
                "the token is not for the seat `{wanted}`; make one with `gemba token create --seat`"
            ))),
        }
    }

    /// The open work of the seat, oldest first.
    pub(super) fn open_work(&self, seat: &str) -> Result<Vec<Value>, Failure> {
        match self.get(&format!("/work-items?seat={seat}&state=open&limit=50"))? {
            Answer::Given(page) => {
                Ok(page.get("items").and_then(Value::as_array).cloned().unwrap_or_default())
            }
            Answer::Refused(why) => Err(Failure::Machine(why)),
        }
    }

    pub(super) fn item(&self, id: &str) -> Result<Answer, Failure> {
        self.get(&format!("/work-items/{id}"))
    }

    /// Takes a work item, or keeps it for longer.
    pub(super) fn claim(&self, id: &str) -> Result<Answer, Failure> {
        self.json("PUT", &format!("/work-items/{id}/claim"), &json!({}))
    }

    pub(super) fn release(&self, id: &str) -> Result<Answer, Failure> {
        self.ask("DELETE", &format!("/work-items/{id}/claim"), None, &[])
    }

    pub(super) fn problem(&self, id: &str, why: &str) -> Result<Answer, Failure> {
        let short: String = why.chars().take(3_500).collect();
        self.json("POST", &format!("/work-items/{id}/incidents"), &json!({"problem": short}))
    }

    pub(super) fn complete(&self, id: &str, key: &str, body: &Value) -> Result<Answer, Failure> {
        let path = format!("/work-items/{id}/completion");
        self.ask("PUT", &path, Some(key), body.to_string().as_bytes())
    }

    pub(super) fn file(&self, name: &str, bytes: &[u8]) -> Result<Answer, Failure> {
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        let name: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
        self.ask("POST", &format!("/files?name={name}"), None, bytes)
    }
}

/// Each thing that is wrong, behind what is wrong as a whole.
fn items(problem: &Value) -> String {
    let all = problem.get("errors").and_then(Value::as_array).cloned().unwrap_or_default();
    let one = |item: &Value| {
        let word = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default();
        format!("\n- {} {}", word("value"), word("message"))
    };
    all.iter().map(one).collect()
}
