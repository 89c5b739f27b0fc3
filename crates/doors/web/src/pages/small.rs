//! Small things that all pages use: the theme, the palette, the pages of codes, files left as evidence.

use crate::{
    Site,
    gate::Sent,
    refusal::Refusal,
    ui::{
        layout::{Part, Theme, Width, plain_page, section},
        prose::prose,
    },
    visit::{self, Answer, Visit, inner},
};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use gemba_app::{
    codes, files, processes,
    runs::{self, RunState},
    seats,
};
use maud::html;
use serde::{Deserialize, Serialize};

/// The most runs that the palette finds.
const RUNS: u32 = 100;
/// A year, in seconds.
const YEAR: u32 = 31_536_000;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/theme", post(set_theme))
        .route("/palette.json", get(palette))
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

/// One thing that the palette finds by its title; the words are looked through as well.
#[derive(Debug, Serialize)]
struct Entry {
    title: String,
    kind: &'static str,
    href: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    words: String,
}

#[derive(Debug, Serialize)]
struct Entries {
    entries: Vec<Entry>,
}

async fn palette(visit: Visit) -> Answer {
    let Visit { app, who, .. } = &visit;
    let going_on =
        runs::Listing { state: Some(RunState::Running), limit: RUNS, ..runs::Listing::default() };
    let pages = Part::ALL.into_iter().map(|part| Entry {
        title: part.name().to_owned(),
        kind: "Page",
        href: part.href().to_owned(),
        words: String::new(),
    });
    let processes = processes::list(app, who).await?.into_iter().map(|row| Entry {
        title: row.summary.title,
        kind: "Process",
        href: format!("/processes/{}", row.slug),
        words: row.summary.function.unwrap_or_default(),
    });
    let seats = seats::list(app, who).await?.into_iter().map(|view| Entry {
        title: view.seat.name,
        kind: "Seat",
        href: format!("/seats/{}", view.seat.slug),
        words: view.holder.unwrap_or_default(),
    });
    let runs = runs::list(app, who, going_on).await?.into_iter().map(|run| Entry {
        title: run.title,
        kind: "Run",
        href: format!("/runs/{}", run.id),
        words: run.process.1,
    });
    let entries = pages.chain(processes).chain(seats).chain(runs).collect();
    Ok(Json(Entries { entries }).into_response())
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
fn attachment(name: &str) -> String {
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
