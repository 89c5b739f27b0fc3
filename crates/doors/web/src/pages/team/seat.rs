//! One seat: what it is there for, who holds it, what it owns, what waits for it.

use super::{address, holder_of, number};
use crate::{
    gate::Sent,
    refusal::Fault,
    ui::{
        act,
        badge::{Tone, badge},
        layout::{self, Part, Width},
        list::{self, Item},
        moment, notice,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{extract::Path, http::StatusCode};
use gemba_app::{
    Act, absences,
    absences::AbsenceView,
    access, agents, measurables,
    measurables::{ScoreRow, Standing},
    processes::{self, ProcessRow},
    records::{Holder, Trust},
    seats::{self, SeatView},
    work::{self, WorkRow},
};
use maud::{Markup, html};

/// How many waiting steps the page names.
const SHOWN: usize = 5;
/// How many waiting steps are counted.
const COUNTED: u32 = 100;

pub(super) async fn show(visit: Visit, Path(slug): Path<String>) -> Answer {
    page(&visit, &slug, None).await
}

pub(super) async fn remove(Path(slug): Path<String>, sent: Sent<Vec<(String, String)>>) -> Answer {
    match seats::delete(&sent.visit.app, &sent.visit.who, &slug).await {
        Ok(()) => Ok(go("/seats", Done::Removed)),
        Err(error) => page(&sent.visit, &slug, Some(Fault::of(error)?)).await,
    }
}

async fn page(visit: &Visit, slug: &str, fault: Option<Fault>) -> Answer {
    let (app, who) = (&visit.app, &visit.who);
    let seat = seats::get(app, who, slug).await?;
    let all = seats::list(app, who).await?;
    let rows = processes::list(app, who).await?;
    let scores = measurables::scorecard(app, who).await?;
    let listing =
        work::Listing { seat: Some(seat.seat.slug.clone()), limit: COUNTED, ..Default::default() };
    let waiting = work::list(app, who, listing).await?;
    let owned: Vec<&ProcessRow> =
        rows.iter().filter(|r| r.owner.as_ref().is_some_and(|o| o.id == seat.seat.id)).collect();
    let scores: Vec<&ScoreRow> =
        scores.iter().filter(|s| s.measurable.seat == seat.seat.id).collect();
    let absences = absences::list(app, who).await?;
    let away = absences.iter().find(|one| one.is_now && is_holder(&seat, one));
    let agent = agents::readiness(app, who, slug).await?;
    let content = html! {
        @if let Some(agent) = &agent { (super::super::agents::of_seat(visit, agent)) }
        @if let Some(away) = away { (is_away(visit, away)) }
        (layout::section("Owns", Some("answers for these processes"), &owns(&owned)))
        (layout::section("Works in", Some("does steps of these processes"), &works_in(&seat, &rows)))
        (layout::section("Waiting work", Some(&n_waiting(waiting.len())), &open_work(visit, &waiting)))
        (layout::section("Measurables", None, &measured(&scores)))
    };
    let body = html! {
        (layout::breadcrumbs(&[("Team", "/seats")]))
        @if let Some(fault) = &fault {
            (notice::banner(Tone::Bad, &html! { "Not removed: " (fault.says) }, None))
        }
        (layout::head(
            &seat.seat.name,
            Some(&seat.seat.purpose).filter(|p| !p.is_empty()).map(String::as_str),
            &[holder_of(&seat), html! { (seat.seat.function.as_deref().unwrap_or("No function")) }],
            &acts(visit, &seat),
        ))
        (layout::beside(&content, "About this seat", &about(visit, &seat, &all)))
    };
    let status = fault.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    Ok(visit.page_with(status, &seat.seat.name, Some(Part::Team), Width::Wide, &body))
}

fn is_holder(seat: &SeatView, absence: &AbsenceView) -> bool {
    seat.seat.holder == Holder::Person { account: absence.absence.account }
}

fn is_away(visit: &Visit, away: &AbsenceView) -> Markup {
    let today = visit.now.to_zoned(visit.zone.clone()).date();
    let says = html! { (away.name) " is away until " (moment::day(away.absence.until, today)) ". " strong { (away.deputy) } " acts for them." };
    notice::banner(Tone::Warn, &says, None)
}

fn acts(visit: &Visit, seat: &SeatView) -> Vec<Markup> {
    let edit = || act::edit_link(&format!("{}/edit", address(&seat.seat.slug)), "Edit the seat");
    access::may(&visit.who, Act::Manage).then(edit).into_iter().collect()
}

fn about(visit: &Visit, seat: &SeatView, all: &[SeatView]) -> Markup {
    let above = all.iter().find(|s| Some(s.seat.id) == seat.seat.reports_to);
    let below: Vec<&SeatView> =
        all.iter().filter(|s| s.seat.reports_to == Some(seat.seat.id)).collect();
    let link = |s: &SeatView| html! { a href=(address(&s.seat.slug)) { (s.seat.name) } };
    let mut facts = vec![
        ("Holder", holder_of(seat)),
        ("Reports to", above.map_or_else(|| html! { "Nobody" }, link)),
        (
            "Reports to it",
            html! {
                @if below.is_empty() { "Nobody" }
                @else { ul { @for s in &below { li { (link(s)) } } } }
            },
        ),
    ];
    if !seat.seat.aliases.is_empty() {
        facts.push(("Other names", html! { (seat.seat.aliases.join(", ")) }));
    }
    facts.push(("Address", act::copyable(&seat.seat.slug, "the address of the seat")));
    let log = format!("/audit/log?subject={}", seat.seat.id);
    html! {
        (layout::section("About", None, &list::facts(&facts)))
        (super::files::section(seat))
        @if access::owns(&visit.who, Some(seat.seat.id)) {
            p class="small" { a href={ (address(&seat.seat.slug)) "/calendar" } { "Its calendar, for calendar programs" } }
        }
        p class="small" { a href=(log) { "What was done to this seat" } }
        @if access::may(&visit.who, Act::Manage) {
            (act::ask_act(
                &format!("{}/removal", address(&seat.seat.slug)), &visit.csrf, "Remove the seat",
                "Its API tokens stop working at once. A seat that processes in force need, or that others answer to, is not removed.",
                "Remove the seat",
            ))
        }
    }
}

fn owns(owned: &[&ProcessRow]) -> Markup {
    if owned.is_empty() {
        return html! {
            p { (badge(Tone::Warn, "Owns no process")) }
            p class="muted small" {
                "A process names its owner in its document. A seat that owns nothing is either new, or its work is not written down."
            }
        };
    }
    processes_of(owned)
}

fn works_in(seat: &SeatView, rows: &[ProcessRow]) -> Markup {
    let found: Vec<&ProcessRow> =
        rows.iter().filter(|r| seat.works_in.iter().any(|(slug, _)| *slug == r.slug)).collect();
    if found.is_empty() {
        return html! { p class="muted" { "No process in force has a step for this seat." } };
    }
    processes_of(&found)
}

fn processes_of(rows: &[&ProcessRow]) -> Markup {
    let addresses: Vec<String> = rows.iter().map(|r| format!("/processes/{}", r.slug)).collect();
    let items: Vec<Item<'_>> = rows
        .iter()
        .zip(&addresses)
        .map(|(row, href)| Item {
            href,
            title: &row.summary.title,
            facts: vec![
                html! { (row.summary.triggers.first().map_or("No trigger", String::as_str)) },
            ],
            side: state(row),
        })
        .collect();
    list::items(&items)
}

/// How a process stands, in words.
fn state(row: &ProcessRow) -> Markup {
    let (tone, word) = match (&row.trust, row.revision) {
        (_, None) => (Tone::Neutral, "Draft"),
        _ if row.review.overdue => (Tone::Bad, "Review overdue"),
        (Trust::Unverified { .. }, _) => (Tone::Warn, "Unverified"),
        (Trust::Verified { .. }, _) => (Tone::Good, "Verified"),
    };
    badge(tone, word)
}

fn n_waiting(n: usize) -> String {
    match u32::try_from(n) {
        Ok(n) if n < COUNTED => number(usize::try_from(n).unwrap_or_default(), "step"),
        _ => format!("{COUNTED} steps or more"),
    }
}

fn open_work(visit: &Visit, waiting: &[WorkRow]) -> Markup {
    if waiting.is_empty() {
        return html! { p class="muted" { "No step of a run waits for this seat." } };
    }
    let addresses: Vec<String> =
        waiting.iter().take(SHOWN).map(|w| format!("/runs/{}", w.item.run)).collect();
    let items: Vec<Item<'_>> = waiting
        .iter()
        .zip(&addresses)
        .map(|(row, href)| Item {
            href,
            title: &row.step.title,
            facts: vec![html! { (row.process.1) }, html! { "run " (row.run_number) }],
            side: html! { span class="muted small" { "since " (moment::time(row.item.opened, visit.now, &visit.zone)) } },
        })
        .collect();
    list::items(&items)
}

fn measured(scores: &[&ScoreRow]) -> Markup {
    if scores.is_empty() {
        return html! { p class="muted" { "No number of the scorecard is this seat's." } };
    }
    let addresses: Vec<String> =
        scores.iter().map(|s| format!("/scorecard/{}", s.measurable.slug)).collect();
    let items: Vec<Item<'_>> = scores
        .iter()
        .zip(&addresses)
        .map(|(row, href)| Item {
            href,
            title: &row.measurable.name,
            facts: Vec::new(),
            side: match row.latest {
                Standing::OnTrack => badge(Tone::Good, "On track"),
                Standing::OffTrack => badge(Tone::Bad, "Off track"),
                Standing::Pending | Standing::Missing => badge(Tone::Neutral, "No value yet"),
            },
        })
        .collect();
    list::items(&items)
}
