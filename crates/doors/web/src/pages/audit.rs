//! The audit: what is exposed, as a grid by function and as a list of things to mend.

mod first_day;
mod log;
mod mend;

use super::team;
use crate::{
    Site,
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        field::{self, Choice, Field},
        icon::Icon,
        layout::{self, Part, Width},
        list::{self, Item, Stat},
        notice,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Visit},
};
use axum::{Router, extract::Query, routing::get};
use gemba_app::{
    coverage::{self, Coverage, FunctionRow, Gap, ProcessGaps},
    seats::SeatView,
};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

/// How many processes a page of the list shows.
const PAGE: usize = 50;
/// The function of processes that name none, in addresses.
const NONE: &str = "-";

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/audit", get(index))
        .route("/audit/log", get(log::index))
        .merge(first_day::router())
}

/// What the list is narrowed to; all of it in the address.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
struct Look {
    #[serde(skip_serializing_if = "String::is_empty")]
    gap: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    function: String,
    #[serde(skip_serializing_if = "is_start")]
    from: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_start(from: &usize) -> bool {
    *from == 0
}

impl Look {
    fn address(&self) -> String {
        match serde_urlencoded::to_string(self).unwrap_or_default() {
            query if query.is_empty() => "/audit".to_owned(),
            query => format!("/audit?{query}"),
        }
    }

    fn takes(&self, entry: &ProcessGaps) -> bool {
        let function = entry.process.summary.function.as_deref().unwrap_or(NONE);
        (self.function.is_empty() || self.function == function)
            && (self.gap.is_empty() || entry.gaps.iter().any(|gap| gap.word() == self.gap))
    }

    fn is_narrowed(&self) -> bool {
        !self.gap.is_empty() || !self.function.is_empty()
    }
}

async fn index(visit: Visit, Query(look): Query<Look>) -> Answer {
    let report = coverage::report(&visit.app, &visit.who).await?;
    let n: usize = report.functions.iter().map(|f| f.n).sum();
    let acts = [
        act::link_button("/audit/first-day", "First-day audit", Weight::Secondary),
        act::link_button("/audit/log", "Who did what", Weight::Secondary),
    ];
    let body = html! {
        (layout::head("Audit", Some(&lead(&report, n)), &[], &acts))
        @if n == 0 {
            (notice::empty_state(
                Icon::Audit,
                "Nothing to audit yet",
                "Once there are processes, this page says which of them nobody owns, which are stale, which never ran: what the company depends on without knowing. The first-day audit finds out what happens here and what to write down first.",
                Some(&act::link_button("/audit/first-day", "Start the first-day audit", Weight::Primary)),
            ))
        } @else {
            (figures(&report, n))
            (layout::section("Coverage by function", Some("how many processes have each gap"), &grid(&report.functions, n)))
            (layout::section("To mend", Some("most exposed first"), &to_mend(&visit, &report, &look)))
            @if !report.vacant_owners.is_empty() {
                div id="vacant" { (layout::section("Vacant owners", Some("nobody answers for what these seats own"), &vacant(&visit, &report.vacant_owners))) }
            }
            @if !report.idle_seats.is_empty() {
                div id="idle" { (layout::section("Seats that own nothing", Some("their work is either owned elsewhere or not written down"), &idle(&report.idle_seats))) }
            }
        }
    };
    Ok(visit.page("Audit", Some(Part::Audit), Width::Wide, &body))
}

fn lead(report: &Coverage, n: usize) -> String {
    match (report.processes.len(), n) {
        (_, 0) => "What the company depends on without knowing.".to_owned(),
        (0, n) => format!("All {} are sound.", processes(n)),
        (exposed, n) => format!("{exposed} of {} have gaps.", processes(n)),
    }
}

fn processes(n: usize) -> String {
    if n == 1 { "1 process".to_owned() } else { format!("{n} processes") }
}

fn figures(report: &Coverage, n: usize) -> Markup {
    let with = |wanted: &[Gap]| {
        report.processes.iter().filter(|p| p.gaps.iter().any(|gap| wanted.contains(gap))).count()
    };
    let unowned = with(&[Gap::NoOwner, Gap::OwnerIsNoSeat, Gap::OwnerUnknown]);
    let stale = with(&[Gap::Stale]);
    let sound = n - report.processes.len().min(n);
    let vacant = report.vacant_owners.len();
    let tone = |n: usize, tone| if n == 0 { Tone::Good } else { tone };
    list::stats(&[
        Stat {
            label: "Sound",
            value: &format!("{sound} of {n}"),
            note: Some((Tone::Neutral, "without any gap")),
            href: None,
        },
        Stat {
            label: "Without an owner on the chart",
            value: &unowned.to_string(),
            note: Some((
                tone(unowned, Tone::Bad),
                if unowned == 0 { "none" } else { "nobody answers" },
            )),
            href: None,
        },
        Stat {
            label: "Review overdue",
            value: &stale.to_string(),
            note: Some((
                tone(stale, Tone::Bad),
                if stale == 0 { "none" } else { "the page may be wrong" },
            )),
            href: Some("/audit?gap=review_overdue"),
        },
        Stat {
            label: "Vacant owners",
            value: &vacant.to_string(),
            note: Some((
                tone(vacant, Tone::Bad),
                if vacant == 0 { "none" } else { "seats without a holder" },
            )),
            href: Some("#vacant").filter(|_| vacant > 0),
        },
    ])
}

/// How bad a gap is.
fn tone(gap: Gap) -> Tone {
    match gap {
        Gap::NoOwner
        | Gap::OwnerIsNoSeat
        | Gap::OwnerUnknown
        | Gap::OwnerVacant
        | Gap::HasErrors
        | Gap::Stale => Tone::Bad,
        Gap::NoTrigger | Gap::NoOutput | Gap::NoFailureSignals | Gap::Unverified => Tone::Warn,
        Gap::NotPublished | Gap::NeverRun => Tone::Neutral,
    }
}

fn grid(functions: &[FunctionRow], n: usize) -> Markup {
    let name = |f: &FunctionRow| f.function.clone().unwrap_or_else(|| "No function".to_owned());
    let names: Vec<String> = functions.iter().map(name).collect();
    let mut columns = vec![Column::text("Gap")];
    columns.extend(names.iter().map(|name| Column::number(name)));
    columns.push(Column::number("All"));
    let sound: usize = functions.iter().map(|f| f.n_sound).sum();
    let mut rows = vec![sound_row(functions, sound, n)];
    for gap in Gap::ALL {
        let count = |f: &FunctionRow| f.gaps.get(&gap).copied().unwrap_or_default();
        let all: usize = functions.iter().map(count).sum();
        if all == 0 {
            continue;
        }
        let mut row = vec![html! { (gap.says()) }];
        row.extend(
            functions.iter().map(|f| cell(gap, f.function.as_deref().unwrap_or(NONE), count(f))),
        );
        row.push(cell(gap, "", all));
        rows.push(row);
    }
    html! {
        div class="cover" { (table::table("Gaps by function", &columns, &rows, Narrow::Stack)) }
    }
}

fn sound_row(functions: &[FunctionRow], sound: usize, n: usize) -> Vec<Markup> {
    let share = |sound: usize, of: usize| html! { strong { (sound) } span class="muted small" { " of " (of) } };
    let mut row = vec![html! { strong { "Sound" } span class="under" { "without any gap" } }];
    row.extend(functions.iter().map(|f| share(f.n_sound, f.n)));
    row.push(share(sound, n));
    row
}

fn cell(gap: Gap, function: &str, n: usize) -> Markup {
    let look = Look { gap: gap.word().to_owned(), function: function.to_owned(), from: 0 };
    html! {
        @if n == 0 { span class="nil" aria-label="none" role="img" { "·" } }
        @else { a class=(tone(gap).class()) href={ (look.address()) "#mend" } { (n) } }
    }
}

fn to_mend(visit: &Visit, report: &Coverage, look: &Look) -> Markup {
    let found: Vec<&ProcessGaps> = report.processes.iter().filter(|p| look.takes(p)).collect();
    let shown: Vec<&&ProcessGaps> = found.iter().skip(look.from).take(PAGE).collect();
    let to = look.from + shown.len();
    let next = (to < found.len()).then(|| Look { from: to, ..look.clone() }.address());
    let first = (look.from > 0).then(|| Look { from: 0, ..look.clone() }.address());
    let addresses: Vec<String> =
        shown.iter().map(|p| format!("/processes/{}", p.process.slug)).collect();
    let items: Vec<Item<'_>> = shown
        .iter()
        .zip(&addresses)
        .map(|(entry, href)| Item {
            href,
            title: &entry.process.summary.title,
            facts: facts(entry),
            side: mend::act(visit, entry),
        })
        .collect();
    html! {
        div class="stack" id="mend" {
            (filters(report, look))
            @if items.is_empty() && look.is_narrowed() {
                p class="muted" { "No process has this gap. " a href="/audit" { "Show all" } }
            } @else if items.is_empty() {
                p { (badge(Tone::Good, "No gaps")) " Every process has an owner, a trigger, an output and failure signals, and is in force, verified and reviewed." }
            } @else {
                (list::items(&items))
                @if next.is_some() || first.is_some() {
                    (table::pager(&format!("{to} of {}", processes(found.len())), first.as_deref(), next.as_deref()))
                }
            }
        }
    }
}

fn facts(entry: &ProcessGaps) -> Vec<Markup> {
    let mut facts: Vec<Markup> =
        entry.gaps.iter().map(|gap| badge(tone(*gap), gap.says())).collect();
    if let Some(function) = &entry.process.summary.function {
        facts.push(html! { (function) });
    }
    if let Some(owner) = &entry.process.owner {
        facts.push(html! { "owned by " a href=(team::address(&owner.slug)) { (owner.name) } });
    }
    facts
}

fn filters(report: &Coverage, look: &Look) -> Markup {
    let mut gaps = vec![Choice::new("", "Any gap")];
    gaps.extend(Gap::ALL.into_iter().map(|gap| Choice::new(gap.word(), gap.says())));
    let mut functions = vec![Choice::new("", "All functions")];
    functions.extend(report.functions.iter().map(|f| match &f.function {
        Some(name) => Choice::new(name, name),
        None => Choice::new(NONE, "No function"),
    }));
    html! {
        form class="filters" method="get" action="/audit" {
            (field::select(&Field::new("gap", "Gap"), &gaps, &look.gap))
            (field::select(&Field::new("function", "Function"), &functions, &look.function))
            (act::button("Show", Weight::Secondary))
            @if look.is_narrowed() { (act::link_button("/audit", "Show all", Weight::Quiet)) }
        }
    }
}

fn vacant(visit: &Visit, seats: &[SeatView]) -> Markup {
    seat_items(seats, |seat| {
        html! {
            (badge(Tone::Bad, &format!("Owns {}", processes(seat.owns.len()))))
            (mend::fill(visit, &seat.seat.slug))
        }
    })
}

fn idle(seats: &[SeatView]) -> Markup {
    seat_items(seats, |seat| {
        html! { @if !seat.works_in.is_empty() {
            span class="muted small" { "works in " (processes(seat.works_in.len())) }
        } }
    })
}

fn seat_items(seats: &[SeatView], side: impl Fn(&SeatView) -> Markup) -> Markup {
    let addresses: Vec<String> = seats.iter().map(|s| team::address(&s.seat.slug)).collect();
    let items: Vec<Item<'_>> = seats
        .iter()
        .zip(&addresses)
        .map(|(seat, href)| Item {
            href,
            title: &seat.seat.name,
            facts: vec![team::holder_of(seat)],
            side: side(seat),
        })
        .collect();
    list::items(&items)
}
