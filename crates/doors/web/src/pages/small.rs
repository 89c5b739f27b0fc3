//! Small things that all pages use: the theme, the pages of codes, files left as evidence.

use crate::{
    Site,
    gate::Sent,
    refusal::Refusal,
    ui::{
        layout::{Theme, Width, plain_page, section},
        prose::prose,
    },
    visit::{self, Answer, Visit, inner},
};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use gemba_app::{codes, files};
use maud::html;
use serde::Deserialize;

/// A year, in seconds.
const YEAR: u32 = 31_536_000;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/theme", post(set_theme))
        .route("/codes/{code}", get(code))
        .route("/files/{digest}", get(file))
}

#[derive(Debug, Deserialize)]
struct Choice {
    #[serde(default)]
    theme: String,
    #[serde(default)]
    back: String,
}

async fn set_theme(State(site): State<Site>, sent: Sent<Choice>) -> Response {
    let Choice { theme, back } = sent.form;
    let word = Theme::of_word(&theme).word();
    let only = if site.config.secure { "; Secure" } else { "" };
    let cookie = format!("theme={word}; HttpOnly; SameSite=Lax; Path=/; Max-Age={YEAR}{only}");
    ([(header::SET_COOKIE, cookie)], Redirect::to(inner(&back))).into_response()
}

/// The page of a code is for everybody: it is met before one is signed in, too.
async fn code(
    Path(code): Path<String>,
    headers: HeaderMap,
    visit: Result<Visit, Refusal>,
) -> Answer {
    let wanted = code.trim().to_uppercase();
    let page = codes::page(&wanted).ok_or_else(|| Refusal::no_page(&format!("/codes/{code}")))?;
    let (title, text) = page.split_once('\n').unwrap_or((page, ""));
    let title = title.trim_start_matches('#').trim();
    let body = html! {
        h1 { (title) }
        @for (heading, text) in parts(text) { (section(heading, None, &prose(&text))) }
    };
    Ok(match visit {
        Ok(visit) => visit.page(title, None, Width::Reading, &body),
        Err(_) => {
            Html(plain_page(title, visit::theme(&headers), &body).into_string()).into_response()
        }
    })
}

/// The parts of a text under its headings of the second rank; those within an example are no headings.
fn parts(text: &str) -> Vec<(&str, String)> {
    let mut parts: Vec<(&str, String)> = Vec::new();
    let mut fence = "";
    for line in text.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        if fence.is_empty() && ticks >= 3 {
            fence = line.get(..ticks).unwrap_or_default();
        } else if !fence.is_empty() && ticks >= fence.len() {
            fence = "";
        } else if let Some(heading) = line.strip_prefix("## ").filter(|_| fence.is_empty()) {
            parts.push((heading, String::new()));
            continue;
        }
        if let Some((_, part)) = parts.last_mut() {
            part.push_str(line);
            part.push('\n');
        }
    }
    parts
}

/// A file is handed over as it came and never shown: nobody knows what is in it.
async fn file(visit: Visit, Path(digest): Path<String>) -> Answer {
    let (record, bytes) = files::get(&visit.app, &visit.who, &digest).await?;
    let headers: [(HeaderName, String); 4] = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&record.name)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "private, max-age=3600".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// The name of a file for those who read only ASCII and for all others (RFC 6266, RFC 8187).
pub(super) fn attachment(name: &str) -> String {
    use std::fmt::Write as _;
    let plain = |c: char| c.is_ascii_alphanumeric() || " ._-()".contains(c);
    let ascii: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let full = name.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _fine = write!(out, "%{byte:02X}");
        }
        out
    });
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{full}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_its_name_and_cannot_add_a_header() {
        assert_eq!(
            attachment("Übersicht \"a\"\r\n.pdf"),
            "attachment; filename=\"_bersicht _a___.pdf\"; \
             filename*=UTF-8''%C3%9Cbersicht%20%22a%22%0D%0A.pdf"
        );
    }
}
