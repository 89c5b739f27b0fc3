//! Search over everything, and the palette, which asks the same while one types.

use crate::{
    Site,
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        field::{self, Field, Input},
        icon::Icon,
        layout::{self, Part, Width},
        notice, table,
    },
    visit::{Answer, Visit},
};
use axum::{Json, Router, extract::Query, response::IntoResponse, routing::get};
use gemba_app::search::{self, Found, Hit, Kind, Piece, Question};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

/// How many are on one page.
const PAGE: u32 = 20;
/// How many the palette shows.
const PALETTE: u32 = 12;

pub(super) fn router() -> Router<Site> {
    Router::new().route("/search", get(show)).route("/palette.json", get(palette))
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    page: Option<u32>,
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let page = asked.page.unwrap_or(1).clamp(1, search::MAX_OFFSET / PAGE + 1);
    let question = Question {
        text: asked.q.chars().take(search::MAX_QUESTION).collect(),
        kind: Kind::of_word(&asked.kind),
        offset: (page - 1) * PAGE,
        limit: PAGE,
    };
    let answer = search::find(&visit.app, &visit.who, &question).await?;
    let title = if question.text.trim().is_empty() { "Search" } else { "Search results" };
    let body = html! {
        (layout::head(title, None, &[], &[]))
        (form(&question))
        @if !question.text.trim().is_empty() { (tabs(&question)) }
        @if answer.hits.is_empty() { (nothing(&question)) }
        @else { ol class="hits" data-list { @for hit in &answer.hits { li data-row { (one(hit)) } } } }
        (pager(&question, page, answer.more))
    };
    Ok(visit.page(title, None, Width::Reading, &body))
}

fn form(question: &Question) -> Markup {
    let words = Field::new("q", "Words to look for")
        .hint("Every word must be there; the beginning of a word is enough.");
    html! {
        form class="form seek" method="get" action="/search" role="search" {
            @if let Some(kind) = question.kind { (act::hidden("kind", kind.word())) }
            (field::text(&words, Input::Search, &question.text))
            (act::button("Search", Weight::Primary))
        }
    }
}

fn address(question: &Question, kind: Option<Kind>, page: u32) -> String {
    let mut fields = vec![("q", question.text.clone())];
    fields.extend(kind.map(|kind| ("kind", kind.word().to_owned())));
    if page > 1 {
        fields.push(("page", page.to_string()));
    }
    let query = serde_urlencoded::to_string(fields).unwrap_or_default();
    format!("/search?{query}")
}

fn many(kind: Kind) -> &'static str {
    match kind {
        Kind::Process => "Processes",
        Kind::Seat => "Seats",
        Kind::Run => "Runs",
    }
}

fn tabs(question: &Question) -> Markup {
    let kinds = std::iter::once(None).chain(Kind::ALL.map(Some));
    let all: Vec<(String, Option<Kind>)> =
        kinds.map(|kind| (address(question, kind, 1), kind)).collect();
    let tabs: Vec<layout::Tab<'_>> = all
        .iter()
        .map(|(href, kind)| layout::Tab {
            label: kind.map_or("Everything", many),
            href,
            count: None,
            current: *kind == question.kind,
        })
        .collect();
    layout::tabs("What to look through", &tabs)
}

fn nothing(question: &Question) -> Markup {
    if question.text.trim().is_empty() {
        return notice::empty_state(
            Icon::Search,
            "Find anything that is written down",
            "Titles, steps, seats, conditions, outputs and the text of every process; seats and who holds \
             them; runs by what they are about. Type a word or the beginning of one.",
            None,
        );
    }
    let everything =
        act::link_button(&address(question, None, 1), "Look through everything", Weight::Secondary);
    let words = "Take a word away, or type only the beginning of it.";
    notice::empty_state(
        Icon::Search,
        "Nothing has all these words",
        words,
        question.kind.is_some().then_some(&everything),
    )
}

/// A text with the words asked for marked.
pub(super) fn marked(pieces: &[Piece]) -> Markup {
    html! {
        @for piece in pieces { @if piece.hit { mark { (piece.text) } } @else { (piece.text) } }
    }
}

fn href(found: &Found) -> String {
    match found {
        Found::Process { slug, .. } => format!("/processes/{slug}"),
        Found::Seat { slug, .. } => format!("/seats/{slug}"),
        Found::Run { id, .. } => format!("/runs/{id}"),
    }
}

fn one_word(found: &Found) -> &'static str {
    match found.kind() {
        Kind::Process => "Process",
        Kind::Seat => "Seat",
        Kind::Run => "Run",
    }
}

fn one(hit: &Hit) -> Markup {
    html! {
        a class="hit-title" href=(href(&hit.found)) { (marked(&hit.title)) }
        @if !hit.excerpt.is_empty() { p class="hit-text" { (marked(&hit.excerpt)) } }
        p class="hit-facts" {
            span { (one_word(&hit.found)) }
            @match &hit.found {
                Found::Process { function, owner, draft, .. } => {
                    @if let Some(function) = function { span { (function) } }
                    @if let Some(owner) = owner { span { "Owner: " (owner) } }
                    @if *draft { (badge(Tone::Neutral, "Draft only")) }
                }
                Found::Seat { holder, .. } => span { (holder.as_deref().unwrap_or("Vacant")) },
                Found::Run { process, state, .. } => { span { (process) } span { (state.word()) } }
            }
        }
    }
}

fn pager(question: &Question, page: u32, more: bool) -> Markup {
    let before = (page > 1).then(|| address(question, question.kind, page - 1));
    let next = more.then(|| address(question, question.kind, page + 1));
    html! {
        @if before.is_some() || next.is_some() {
            (table::pager(&format!("Page {page}"), before.as_deref(), next.as_deref()))
        }
    }
}

/// One thing that the palette offers.
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

/// Without a question the pages, which the palette looks through itself; with one what a search finds.
async fn palette(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let entries = if asked.q.trim().is_empty() {
        let page = |part: Part| Entry {
            title: part.name().to_owned(),
            kind: "Page",
            href: part.href().to_owned(),
            words: String::new(),
        };
        Part::ALL.into_iter().map(page).collect()
    } else {
        let text = asked.q.chars().take(search::MAX_QUESTION).collect();
        let question = Question { text, limit: PALETTE, ..Question::default() };
        let answer = search::find(&visit.app, &visit.who, &question).await?;
        answer.hits.iter().map(entry).collect()
    };
    Ok(Json(Entries { entries }).into_response())
}

fn entry(hit: &Hit) -> Entry {
    let words = match &hit.found {
        Found::Process { function, .. } => function.clone(),
        Found::Seat { holder, .. } => holder.clone(),
        Found::Run { process, .. } => Some(process.clone()),
    };
    Entry {
        title: hit.title.iter().map(|piece| piece.text.as_str()).collect(),
        kind: one_word(&hit.found),
        href: href(&hit.found),
        words: words.unwrap_or_default(),
    }
}
