//! Processes: the list by function, and the way to each one and to new ones.

mod add;
pub(super) mod document;
mod happened;
mod history;
mod lifecycle;
mod one;
mod paper;
pub(super) mod words;

pub(super) use document::{conflict_words, starts};
pub(super) use words::count;

use crate::{
    Site,
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        field::{self, Choice, Field, Input},
        icon::Icon,
        layout::{self, Part, Width},
        moment, notice,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Visit},
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Query},
    routing::{get, post},
};
use gemba_app::{
    Act, access,
    processes::{self, ProcessRow},
    seats::{self, SeatView},
};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use words::Standing;

/// How many processes a page of the list shows.
const PAGE: usize = 100;

/// A document as it is read: its map, its steps, its other parts.
pub(super) fn written(process: &gemba_model::Process) -> Markup {
    document::content(process, &[])
}

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/processes", get(index))
        .route("/processes/new", get(add::fresh).post(add::create))
        .route(
            "/processes/import",
            get(add::choose)
                .post(add::import)
                .layer(DefaultBodyLimit::max(crate::gate::MAX_UPLOAD)),
        )
        .route("/processes/{slug}", get(one::show))
        .route("/processes/{slug}/verification", post(one::verify))
        .route("/processes/{slug}/reviews", post(one::review))
        .route("/processes/{slug}/restoration", post(lifecycle::restore))
        .route("/processes/{slug}/retirement", post(lifecycle::retire))
        .route("/processes/{slug}/return", post(lifecycle::bring_back))
        .route("/processes/{slug}/map.svg", get(one::map_file))
        .route("/processes/{slug}/map.bpmn", get(one::model_file))
        .route("/processes/{slug}/map.png", get(paper::map_png))
        .route("/processes/{slug}/map.pdf", get(paper::map_pdf))
        .route("/processes/{slug}/document.pdf", get(paper::document))
        .route("/processes/{slug}/source.md", get(one::source_file))
        .route("/processes/{slug}/revisions/{number}", get(history::revision))
}

/// What the list is narrowed to; all of it in the address.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Look {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    function: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    owner: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    state: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    from: String,
}

/// The owner of the filter that finds what belongs to nobody.
const NOBODY: &str = "none";

impl Look {
    fn takes(&self, row: &ProcessRow) -> bool {
        let summary = &row.summary;
        let owner = row.owner.as_ref().map_or(NOBODY, |o| o.slug.as_str());
        let heard = [&summary.title, &row.slug]
            .into_iter()
            .chain(&summary.function)
            .chain(&summary.triggers)
            .map(|text| text.to_lowercase())
            .collect::<Vec<_>>();
        let word_found = |word: &str| heard.iter().any(|text| text.contains(word));
        (self.function.is_empty() || self.function == words::function(row))
            && (self.owner.is_empty() || self.owner == owner)
            && if self.state.is_empty() {
                row.retired.is_none()
            } else {
                words::is_in(row, &self.state)
            }
            && self.q.to_lowercase().split_whitespace().all(word_found)
    }

    fn is_narrowed(&self) -> bool {
        [&self.q, &self.function, &self.owner, &self.state].iter().any(|f| !f.is_empty())
    }

    fn at(&self, from: usize) -> String {
        let from = if from == 0 { String::new() } else { from.to_string() };
        let look = Self {
            q: self.q.clone(),
            function: self.function.clone(),
            owner: self.owner.clone(),
            state: self.state.clone(),
            from,
        };
        format!("/processes?{}", serde_urlencoded::to_string(look).unwrap_or_default())
    }
}

async fn index(visit: Visit, Query(look): Query<Look>) -> Answer {
    let rows = processes::list(&visit.app, &visit.who).await?;
    let seats = seats::list(&visit.app, &visit.who).await?;
    let may_write = access::may(&visit.who, Act::Write);
    let acts = if may_write { new_acts(Weight::Primary) } else { Vec::new() };
    let body = html! {
        (layout::head("Processes", Some(&lead(&rows)), &[], &acts))
        @if rows.is_empty() { (nothing_yet(may_write)) } @else {
            (filters(&look, &rows, &seats))
            (found(&visit, &look, &rows, &seats))
            (retired(&look, &rows))
        }
    };
    Ok(visit.page("Processes", Some(Part::Processes), Width::Wide, &body))
}

/// The way to what came to its end; it is listed apart.
fn retired(look: &Look, rows: &[ProcessRow]) -> Markup {
    let n = rows.iter().filter(|row| row.retired.is_some()).count();
    html! {
        @if n > 0 && look.state != words::RETIRED {
            p class="muted small" { a href={ "/processes?state=" (words::RETIRED) } { "See " (n) " retired" } }
        }
    }
}

fn new_acts(weight: Weight) -> Vec<Markup> {
    vec![
        act::link_button("/processes/import", "Import documents", Weight::Secondary),
        act::icon_link("/processes/new", Icon::Plus, "New process", weight),
    ]
}

/// How many can be trusted, in a sentence.
fn lead(rows: &[ProcessRow]) -> String {
    let n = |standing: Standing| rows.iter().filter(|r| words::standing(r) == standing).count();
    match rows.iter().filter(|row| row.retired.is_none()).count() {
        0 => "What the company does again and again, written once and run from there.".to_owned(),
        all => {
            let (verified, unverified) = (n(Standing::Verified), n(Standing::Unverified));
            let (stale, draft) = (n(Standing::Stale), n(Standing::Draft));
            format!(
                "{}: {verified} verified, {unverified} unverified, {stale} overdue for review, {}.",
                count(all, "process"),
                if draft == 1 {
                    "1 a draft only".to_owned()
                } else {
                    format!("{draft} drafts only")
                },
            )
        }
    }
}

fn nothing_yet(may_write: bool) -> Markup {
    let acts = html! { @for act in new_acts(Weight::Primary) { (act) } };
    notice::empty_state(
        Icon::Document,
        "No process is written down yet",
        "A process is one readable document that says who owns it, what starts it, its steps, what it \
         must produce and how one notices that it failed. Its map, its runs and its checks all come \
         from that document. Import the documents you have, or write the first one.",
        may_write.then_some(&acts),
    )
}

fn filters(look: &Look, rows: &[ProcessRow], seats: &[SeatView]) -> Markup {
    let mut functions: Vec<&str> = rows.iter().map(words::function).collect();
    functions.sort_unstable();
    functions.dedup();
    let mut of_function = vec![Choice::new("", "All functions")];
    of_function.extend(functions.iter().map(|f| Choice::new(f, f)));
    let mut of_owner = vec![Choice::new("", "All owners"), Choice::new(NOBODY, "Nobody")];
    let owners = seats.iter().filter(|s| !s.owns.is_empty());
    of_owner.extend(owners.map(|s| Choice::new(&s.seat.slug, &s.seat.name)));
    let mut of_state = vec![Choice::new("", "All states")];
    of_state.extend(words::STATES.iter().map(|(word, label)| Choice::new(word, label)));
    html! {
        form class="filters" method="get" action="/processes" role="search" aria-label="Processes" {
            (field::text(&Field::new("q", "Words"), Input::Search, &look.q))
            (field::select(&Field::new("function", "Function"), &of_function, &look.function))
            (field::select(&Field::new("owner", "Owner"), &of_owner, &look.owner))
            (field::select(&Field::new("state", "State"), &of_state, &look.state))
            (act::button("Show these", Weight::Secondary))
            @if look.is_narrowed() { (act::link_button("/processes", "Show all", Weight::Quiet)) }
        }
    }
}

fn found(visit: &Visit, look: &Look, rows: &[ProcessRow], seats: &[SeatView]) -> Markup {
    let from: usize = look.from.parse().unwrap_or(0);
    let found: Vec<&ProcessRow> = rows.iter().filter(|row| look.takes(row)).collect();
    let from = from.min(found.len());
    let shown: Vec<&ProcessRow> = found.iter().skip(from).take(PAGE).copied().collect();
    let mut groups: Vec<(&str, Vec<&ProcessRow>)> = Vec::new();
    for row in &shown {
        let function = words::function(row);
        match groups.last_mut().filter(|(name, _)| *name == function) {
            Some((_, group)) => group.push(row),
            None => groups.push((function, vec![row])),
        }
    }
    let until = from + shown.len();
    let first = (from > 0).then(|| look.at(0));
    let next = (until < found.len()).then(|| look.at(until));
    html! {
        @if shown.is_empty() {
            (notice::empty_state(
                Icon::Search,
                "No process fits",
                "No process has all these words and properties. Take one of them away, or show all.",
                Some(&act::link_button("/processes", "Show all processes", Weight::Secondary)),
            ))
        }
        @for (function, group) in &groups {
            (layout::section(function, Some(&count(group.len(), "process")), &group_table(visit, function, group, seats)))
        }
        @if first.is_some() || next.is_some() {
            (table::pager(
                &format!("{} to {until} of {}", from + 1, count(found.len(), "process")),
                first.as_deref(),
                next.as_deref(),
            ))
        }
    }
}

fn group_table(visit: &Visit, function: &str, rows: &[&ProcessRow], seats: &[SeatView]) -> Markup {
    let columns = [
        Column::text("Process"),
        Column::text("Owner"),
        Column::text("State"),
        Column::text("Revision"),
        Column::number("Running"),
        Column::text("Next run"),
    ];
    let rows: Vec<Vec<Markup>> = rows
        .iter()
        .map(|row| {
            let href = format!("/processes/{}", row.slug);
            vec![
                html! {
                    (table::row_link(&href, &row.summary.title))
                    span class="under" { (words::triggers(row)) }
                },
                words::owner(row, seats),
                words::state(row),
                revision(row),
                html! { @if row.running > 0 { a href={ "/runs?process=" (row.slug) } { (row.running) } } @else { "0" } },
                html! { @if let Some(at) = row.next_due { (moment::time(at, visit.now, &visit.zone)) } },
            ]
        })
        .collect();
    table::table(&format!("Processes of {function}"), &columns, &rows, Narrow::Stack)
}

fn revision(row: &ProcessRow) -> Markup {
    html! {
        @match row.revision {
            Some(number) => {
                (number)
                @if row.has_changes { " " span class="muted small" { "draft differs" } }
            }
            None => span class="muted" { "Draft" },
        }
        @if row.summary.n_errors > 0 {
            " " (badge(Tone::Bad, &count(row.summary.n_errors, "error")))
        }
    }
}
