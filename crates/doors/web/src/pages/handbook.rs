//! The handbook: what the company has written down, for those who look something up.

mod reading;

use crate::{
    Site,
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        field::{self, Field, Input},
        icon::Icon,
        layout::{self, Part, Tab, Width},
        notice, table,
    },
    visit::{Answer, Visit},
};
use axum::{Router, extract::Query, routing::get};
use gemba_app::{
    Act, access, handbook,
    processes::ProcessRow,
    seats::{self, SeatView},
};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::processes::{count, words};

pub(super) fn router() -> Router<Site> {
    Router::new().route("/handbook", get(index)).route("/handbook/{slug}", get(reading::show))
}

/// By what the pages are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Function,
    Seat,
    Letter,
}

impl Order {
    const ALL: [Self; 3] = [Self::Function, Self::Seat, Self::Letter];

    fn word(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Seat => "seat",
            Self::Letter => "letter",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Function => "By function",
            Self::Seat => "By seat",
            Self::Letter => "A to Z",
        }
    }

    fn of_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|order| order.word() == word).unwrap_or(Self::Function)
    }
}

/// How many pages a long list shows at once.
const LISTED: usize = 100;
/// So many in all are shown at once; of more, each group shows only its first.
const ALL_SHOWN: usize = 160;
/// How many of a group are shown among many others.
const FIRST: usize = 6;
/// So many groups show pages; of more only the names are shown.
const GROUPS: usize = 40;

#[derive(Debug, Default, Deserialize, Serialize)]
struct Look {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    by: String,
    /// Only this group.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    only: String,
    #[serde(default)]
    from: usize,
}

/// Pages that belong together.
struct Group<'r> {
    name: String,
    note: Option<String>,
    rows: Vec<(&'r ProcessRow, &'static str)>,
}

async fn index(visit: Visit, Query(look): Query<Look>) -> Answer {
    let rows = handbook::shelf(&visit.app, &visit.who).await?;
    let order = Order::of_word(&look.by);
    let seats = seats::list(&visit.app, &visit.who).await?;
    let groups = match order {
        Order::Function => by_function(&rows),
        Order::Seat => by_seat(&visit, &rows, &seats),
        Order::Letter => by_letter(&rows),
    };
    let lead = "How the company does what it does, as it is in force.";
    let body = html! {
        (layout::head("Handbook", Some(lead), &[], &[]))
        @if rows.is_empty() { (nothing_yet(&visit)) } @else {
            (seek())
            (tabs(order))
            (shown(&look, order, &groups, rows.len()))
        }
    };
    Ok(visit.page("Handbook", Some(Part::Handbook), Width::Reading, &body))
}

fn nothing_yet(visit: &Visit) -> Markup {
    let write = act::link_button("/processes/import", "Import documents", Weight::Primary);
    notice::empty_state(
        Icon::Document,
        "Nothing is in force yet",
        "Here people look up how something is done: what starts it, who does each step, what it must \
         come to. A process stands here once a revision of it is published.",
        access::may(&visit.who, Act::Write).then_some(&write),
    )
}

fn seek() -> Markup {
    let words =
        Field::new("q", "Look something up").hint("Any words of a title, a step or the text.");
    html! {
        form class="form seek" method="get" action="/search" role="search" {
            (field::text(&words, Input::Search, ""))
            (act::button("Search", Weight::Secondary))
        }
    }
}

fn tabs(order: Order) -> Markup {
    let all = Order::ALL.map(|o| (o, format!("/handbook?by={}", o.word())));
    let tabs: Vec<Tab<'_>> = all
        .iter()
        .map(|(o, href)| Tab { label: o.label(), href, count: None, current: *o == order })
        .collect();
    layout::tabs("Orders of the handbook", &tabs)
}

fn by_function(rows: &[ProcessRow]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for row in rows {
        let name = words::function(row);
        match groups.last_mut().filter(|g| g.name == name) {
            Some(group) => group.rows.push((row, "")),
            None => {
                groups.push(Group { name: name.to_owned(), note: None, rows: vec![(row, "")] });
            }
        }
    }
    groups
}

fn by_letter(rows: &[ProcessRow]) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<String, Vec<&ProcessRow>> = BTreeMap::new();
    for row in rows {
        let first = row.summary.title.chars().find(|c| c.is_alphanumeric()).unwrap_or('#');
        let name = if first.is_alphabetic() {
            first.to_uppercase().to_string()
        } else {
            "0–9".to_owned()
        };
        groups.entry(name).or_default().push(row);
    }
    let mut all = Vec::new();
    for (name, mut rows) in groups {
        rows.sort_by_key(|row| row.summary.title.to_lowercase());
        let rows = rows.into_iter().map(|row| (row, "")).collect();
        all.push(Group { name, note: None, rows });
    }
    all
}

/// The seats with what they own and what they do steps in; the reader's own first.
fn by_seat<'r>(visit: &Visit, rows: &'r [ProcessRow], seats: &[SeatView]) -> Vec<Group<'r>> {
    let of_slug: BTreeMap<&str, &ProcessRow> = rows.iter().map(|r| (r.slug.as_str(), r)).collect();
    let mut mine = Vec::new();
    let mut others = Vec::new();
    for view in seats {
        let owned = view.owns.iter().map(|(slug, _)| (slug, "owns it"));
        let worked = view
            .works_in
            .iter()
            .filter(|(slug, _)| !view.owns.iter().any(|(owned, _)| owned == slug))
            .map(|(slug, _)| (slug, "does steps in it"));
        let rows: Vec<(&ProcessRow, &'static str)> = owned
            .chain(worked)
            .filter_map(|(slug, part)| Some((*of_slug.get(slug.as_str())?, part)))
            .collect();
        if rows.is_empty() {
            continue;
        }
        let is_mine = visit.who.holds(view.seat.id);
        let holder = view.holder.clone().unwrap_or_else(|| "vacant".to_owned());
        let note = if is_mine { "your seat".to_owned() } else { holder };
        let group = Group { name: view.seat.name.clone(), note: Some(note), rows };
        if is_mine { mine.push(group) } else { others.push(group) }
    }
    mine.extend(others);
    mine
}

fn address(order: Order, only: &str, from: usize) -> String {
    let look = Look { by: order.word().to_owned(), only: only.to_owned(), from };
    let mut query = serde_urlencoded::to_string(look).unwrap_or_default();
    if from == 0 {
        query = query.trim_end_matches("&from=0").to_owned();
    }
    format!("/handbook?{query}")
}

fn shown(look: &Look, order: Order, groups: &[Group<'_>], all: usize) -> Markup {
    if let Some(group) = groups.iter().find(|g| g.name == look.only) {
        return one_group(look.from, order, group);
    }
    let is_long = all > ALL_SHOWN;
    if is_long && groups.len() > GROUPS {
        return html! {
            ul class="shelf-names" {
                @for group in groups {
                    li {
                        a href=(address(order, &group.name, 0)) { (group.name) }
                        span class="muted small" { " " (count(group.rows.len(), "page")) }
                    }
                }
            }
        };
    }
    html! {
        @for group in groups {
            @let rest = if is_long { group.rows.len().saturating_sub(FIRST) } else { 0 };
            (layout::section(&group.name, Some(&note(group)), &html! {
                (pages(group.rows.iter().take(group.rows.len() - rest)))
                @if rest > 0 {
                    p { a href=(address(order, &group.name, 0)) { "All " (group.rows.len()) " of " (group.name) } }
                }
            }))
        }
    }
}

fn note(group: &Group<'_>) -> String {
    let pages = count(group.rows.len(), "page");
    group.note.as_ref().map_or_else(|| pages.clone(), |note| format!("{note} · {pages}"))
}

fn one_group(from: usize, order: Order, group: &Group<'_>) -> Markup {
    let all = group.rows.len();
    let from = if from < all { from } else { 0 };
    let until = all.min(from + LISTED);
    let first = (from > 0).then(|| address(order, &group.name, 0));
    let next = (until < all).then(|| address(order, &group.name, until));
    let everything = format!("/handbook?by={}", order.word());
    html! {
        p { a href=(everything) { "Back to the whole handbook" } }
        (layout::section(&group.name, Some(&note(group)), &pages(group.rows.iter().skip(from).take(LISTED))))
        @if first.is_some() || next.is_some() {
            (table::pager(&format!("{} to {until} of {all}", from + 1), first.as_deref(), next.as_deref()))
        }
    }
}

fn pages<'g>(rows: impl Iterator<Item = &'g (&'g ProcessRow, &'static str)>) -> Markup {
    html! {
        ul class="shelf" data-list {
            @for (row, part) in rows {
                li data-row {
                    a class="row-link" href={ "/handbook/" (row.slug) } { (row.summary.title) }
                    @if row.revision.is_none() { " " (badge(Tone::Neutral, "Draft only")) }
                    @else if row.review.overdue { " " (badge(Tone::Bad, "Review overdue")) }
                    span class="under" {
                        @if part.is_empty() {
                            @if let Some(owner) = &row.owner { (owner.name) } @else { "No owner" }
                        } @else { (part) }
                        @if !row.summary.triggers.is_empty() { " · " (words::triggers(row)) }
                    }
                }
            }
        }
    }
}
