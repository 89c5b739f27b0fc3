//! The team chart: seats, who holds them, whom they answer to.

mod calendar;
mod chart;
mod files;
mod form;
mod seat;

use crate::{
    Site,
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        holder::{self, HolderKind},
        icon::Icon,
        layout::{self, Part, Tab, Width},
        list::{self, Stat},
        notice,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Visit},
};
use axum::{
    Router,
    extract::Query,
    routing::{get, post},
};
use gemba_app::{
    Act, access,
    coverage::{self, Ownership, SeatOwnership},
    records::Holder,
    seats::SeatView,
};
use maud::{Markup, html};
use serde::Deserialize;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/seats", get(index))
        .route("/seats/new", get(form::fresh).post(form::create))
        .route("/seats/{slug}", get(seat::show))
        .route("/seats/{slug}/edit", get(form::edit).post(form::change))
        .route("/seats/{slug}/export/{form}", get(files::save))
        .route("/seats/{slug}/calendar", get(calendar::show).post(calendar::create))
        .route("/seats/{slug}/calendar/{id}/removal", post(calendar::remove))
        .route("/calendar/{file}", get(calendar::feed))
        .route("/seats/{slug}/removal", post(seat::remove))
}

#[derive(Debug, Deserialize)]
struct Look {
    view: Option<String>,
}

async fn index(visit: Visit, Query(look): Query<Look>) -> Answer {
    let team = coverage::ownership(&visit.app, &visit.who).await?;
    let as_table = look.view.as_deref() == Some("table");
    let may_manage = access::may(&visit.who, Act::Manage);
    let body = html! {
        (layout::head("Team", Some(&lead(&team)), &[], &acts(may_manage)))
        @if team.seats.is_empty() { (nobody(may_manage)) } @else {
            (list::stats(&figures(&team).each()))
            (layout::tabs("Views of the team", &[
                Tab { label: "Chart", href: "/seats", count: None, current: !as_table },
                Tab { label: "Table", href: "/seats?view=table", count: None, current: as_table },
                Tab { label: "Agents", href: "/agents", count: None, current: false },
            ]))
            @if as_table { (listing(&team.seats)) } @else { (chart::chart(&team.seats)) }
        }
    };
    Ok(visit.page("Team", Some(Part::Team), Width::Wide, &body))
}

fn acts(may_manage: bool) -> Vec<Markup> {
    let add = || act::icon_link("/seats/new", Icon::Plus, "Add a seat", Weight::Secondary);
    may_manage.then(add).into_iter().collect()
}

fn lead(team: &Ownership) -> String {
    let count =
        |is: fn(&Holder) -> bool| team.seats.iter().filter(|s| is(&s.seat.seat.holder)).count();
    format!(
        "{}: {} held by people, {} by agents, {} vacant.",
        number(team.seats.len(), "seat"),
        count(|h| matches!(h, Holder::Person { .. })),
        count(|h| matches!(h, Holder::Agent { .. })),
        count(|h| matches!(h, Holder::Vacant)),
    )
}

fn nobody(may_manage: bool) -> Markup {
    let add = act::link_button("/seats/new", "Add the first seat", Weight::Primary);
    notice::empty_state(
        Icon::Team,
        "No seats yet",
        "A seat is a place in the company that answers for work, whoever holds it: a person, an \
         agent, or nobody yet. Processes are owned by seats, so that they outlive a change of people.",
        may_manage.then_some(&add),
    )
}

/// The figures above the chart, as words.
struct Figures {
    owning: String,
    idle: String,
    vacant: String,
    homeless: String,
    n_idle: usize,
    n_vacant: usize,
    n_homeless: usize,
}

fn figures(team: &Ownership) -> Figures {
    let owns = |s: &&SeatOwnership| !s.seat.owns.is_empty();
    let vacant = |s: &&SeatOwnership| s.seat.seat.holder == Holder::Vacant;
    let n_owning = team.seats.iter().filter(owns).count();
    let n_idle = team.seats.iter().filter(|s| !owns(s) && !vacant(s)).count();
    let n_vacant = team.seats.iter().filter(|s| owns(s) && vacant(s)).count();
    let n_homeless = team.without_owner.len();
    Figures {
        owning: format!("{n_owning} of {}", team.seats.len()),
        idle: n_idle.to_string(),
        vacant: n_vacant.to_string(),
        homeless: n_homeless.to_string(),
        n_idle,
        n_vacant,
        n_homeless,
    }
}

impl Figures {
    fn each(&self) -> [Stat<'_>; 4] {
        let judged =
            |n: usize, tone, words| Some(if n == 0 { (Tone::Good, "none") } else { (tone, words) });
        [
            Stat {
                label: "Own processes",
                value: &self.owning,
                note: Some((Tone::Neutral, "seats")),
                href: None,
            },
            Stat {
                label: "Own nothing",
                value: &self.idle,
                note: judged(self.n_idle, Tone::Warn, "though somebody holds them"),
                href: Some("/audit#idle"),
            },
            Stat {
                label: "Vacant owners",
                value: &self.vacant,
                note: judged(self.n_vacant, Tone::Bad, "nobody answers"),
                href: Some("/audit#vacant"),
            },
            Stat {
                label: "Processes without a home",
                value: &self.homeless,
                note: judged(self.n_homeless, Tone::Bad, "no seat owns them"),
                href: Some("/audit"),
            },
        ]
    }
}

fn listing(seats: &[SeatOwnership]) -> Markup {
    let columns = [
        Column::text("Seat"),
        Column::text("Holder"),
        Column::text("Reports to"),
        Column::number("Owns"),
        Column::number("Works in"),
        Column::text("To note"),
    ];
    let mut by_name: Vec<&SeatOwnership> = seats.iter().collect();
    by_name.sort_by(|a, b| a.seat.seat.name.cmp(&b.seat.seat.name));
    let rows: Vec<Vec<Markup>> = by_name
        .iter()
        .map(|s| {
            let function = s.seat.seat.function.as_deref().unwrap_or("No function");
            vec![
                table::row_link_with(&address(&s.seat.seat.slug), &s.seat.seat.name, function),
                holder_of(&s.seat),
                html! { (s.seat.reports_to.as_deref().unwrap_or("Nobody")) },
                html! { (s.seat.owns.len()) },
                html! { (s.seat.works_in.len()) },
                noted(&chart::marks(s, seats)),
            ]
        })
        .collect();
    table::table("Seats", &columns, &rows, Narrow::Stack)
}

/// Marks side by side; nothing at all where there are none.
fn noted(marks: &Markup) -> Markup {
    html! { @if !marks.0.is_empty() { div class="cluster" { (marks) } } }
}

/// The address of a seat's page.
pub(super) fn address(slug: &str) -> String {
    format!("/seats/{slug}")
}

/// Who sits on a seat.
pub(super) fn holder_of(seat: &SeatView) -> Markup {
    let name = seat.holder.as_deref().unwrap_or("Somebody who has left");
    match seat.seat.holder {
        Holder::Vacant => holder::vacant(),
        Holder::Person { .. } => holder::holder(name, HolderKind::Person),
        Holder::Agent { .. } => holder::holder(name, HolderKind::Agent),
    }
}

/// A number of things: "1 seat", "3 seats".
pub(super) fn number(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}

/// The same for processes, which have no plain plural.
fn processes(n: usize) -> String {
    if n == 1 { "1 process".to_owned() } else { format!("{n} processes") }
}

pub(super) fn mark(tone: Tone, words: &str) -> Markup {
    badge(tone, words)
}
