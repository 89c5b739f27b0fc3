//! `gemba mcp`: the Model Context Protocol over standard input and output, on a data folder or passed
//! on to a server.

use crate::{args::Mcp, failure::Failure, terminal, world};
use gemba_app::{Who, tokens};
use gemba_mcp::StartedBy;
use std::io::{BufRead, Read, Write, stdin, stdout};
use std::process::ExitCode;
use std::time::Duration;

/// The largest message passed on, in bytes.
const MAX_MESSAGE: u64 = 4 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_mins(1);

pub(super) fn run(args: Mcp) -> Result<ExitCode, Failure> {
    match (args.url, args.token) {
        (Some(url), Some(token)) => pass_on(&url, &token),
        (Some(_), None) => Err(Failure::Usage("name the token: --token or GEMBA_TOKEN".to_owned())),
        (None, token) => {
            let app = world::open_existing(&args.data)?;
            world::block_on(async {
                let started_by = match token {
                    Some(token) => {
                        // A token that is not known is said at once, not with the first question.
                        tokens::bearer(&app, &token).await?;
                        StartedBy::Token(token)
                    }
                    None => StartedBy::Known(Who::operator()),
                };
                Box::pin(gemba_mcp::stdio(app, started_by))
                    .await
                    .map_err(|e| Failure::Machine(e.to_string()))
            })?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// One JSON message per line, each a request to the server; the answers in the order of the questions.
fn pass_on(url: &str, token: &str) -> Result<ExitCode, Failure> {
    let url = format!("{}/mcp", url.trim_end_matches('/').trim_end_matches("/mcp"));
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .build()
        .into();
    let mut lines = stdin().lock();
    loop {
        let mut line = String::new();
        let read = lines.by_ref().take(MAX_MESSAGE).read_line(&mut line);
        match read {
            Ok(0) => return Ok(ExitCode::SUCCESS),
            Ok(_) if line.trim().is_empty() => continue,
            Ok(_) => {}
            Err(error) => return Err(Failure::Machine(format!("cannot read a message: {error}"))),
        }
        let mut request = agent
            .post(&url)
            .header("authorization", &format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream");
        for (name, value) in headers(&line) {
            request = request.header(name, value);
        }
        let sent = request.send(line.trim());
        match sent {
            Ok(mut response) => {
                let status = response.status().as_u16();
                let body = response.body_mut().read_to_string().unwrap_or_default();
                answer(status, &body)?;
            }
            Err(error) => return Err(Failure::Machine(format!("{url} does not answer: {error}"))),
        }
    }
}

/// What HTTP headers repeat of a message since the revision of 2026-07-28 (Streamable HTTP, "Standard
/// request headers"); older messages carry no version within them and need none.
fn headers(message: &str) -> Vec<(&'static str, String)> {
    let Ok(message) = serde_json::from_str::<serde_json::Value>(message) else { return Vec::new() };
    let params = message.get("params");
    let version = params
        .and_then(|p| p.get("_meta")?.get("io.modelcontextprotocol/protocolVersion")?.as_str())
        .map(str::to_owned);
    let Some(version) = version else { return Vec::new() };
    let text =
        |value: Option<&serde_json::Value>| value.and_then(|v| v.as_str()).map(str::to_owned);
    let subject = params.and_then(|p| p.get("name").or_else(|| p.get("uri")));
    let mut found = vec![("mcp-protocol-version", version)];
    found.extend(text(message.get("method")).map(|method| ("mcp-method", method)));
    found.extend(text(subject).map(|name| ("mcp-name", name)));
    found
}

fn answer(status: u16, body: &str) -> Result<(), Failure> {
    if status == 401 {
        return Err(Failure::Refused {
            code: "APP0101",
            message: "the server does not know this token".to_owned(),
            findings: String::new(),
        });
    }
    let mut out = stdout().lock();
    for message in messages(body) {
        let written = writeln!(out, "{message}").and_then(|()| out.flush());
        if let Err(error) = written {
            terminal::say(&format!("gemba: the client is gone: {error}"));
        }
    }
    Ok(())
}

/// The messages of an answer: one JSON body, or the data lines of an event stream.
fn messages(body: &str) -> Vec<&str> {
    let body = body.trim();
    if body.starts_with('{') || body.starts_with('[') {
        return vec![body];
    }
    body.lines()
        .filter_map(|l| l.strip_prefix("data:"))
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{headers, messages};

    #[test]
    fn a_message_of_the_new_revision_is_repeated_in_headers() {
        let call = r#"{"id":1,"method":"tools/call","params":{"name":"list_seats",
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#;
        let expected = [
            ("mcp-protocol-version", "2026-07-28".to_owned()),
            ("mcp-method", "tools/call".to_owned()),
            ("mcp-name", "list_seats".to_owned()),
        ];
        assert_eq!(headers(call), expected);
        assert!(headers(r#"{"id":1,"method":"tools/list"}"#).is_empty());
        assert!(headers("nonsense").is_empty());
    }

    #[test]
    fn answers_are_taken_from_a_body_or_a_stream() {
        assert_eq!(messages("{\"id\":1}\n"), ["{\"id\":1}"]);
        assert_eq!(messages("event: message\ndata: {\"id\":1}\n\ndata: \n"), ["{\"id\":1}"]);
        assert!(messages("").is_empty());
    }
}
