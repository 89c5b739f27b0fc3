//! The scorecard: the numbers of each seat, week by week, held against their goals.

mod form;
mod one;

pub(super) use one::number;

use super::team;
use crate::{
    Site,
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        chart::{self, Week as Cell},
        icon::Icon,
        layout::{self, Part, Width},
        list::{self, Stat},
        notice,
        table::{self, Column, Group, Narrow},
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
    measurables::{self, ScoreRow, Standing, Week},
    records::{Direction, Measurable},
    seats::{self, SeatView},
};
use maud::{Markup, html};
use serde::Deserialize;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/scorecard", get(index))
        .route("/scorecard/new", get(form::fresh).post(form::create))
        .route("/scorecard/{slug}", get(one::show))
        .route("/scorecard/{slug}/values", post(one::push))
        .route("/scorecard/{slug}/edit", get(form::edit).post(form::change))
        .route("/scorecard/{slug}/removal", post(one::remove))
}

#[derive(Debug, Deserialize)]
struct Look {
    show: Option<String>,
}

async fn index(visit: Visit, Query(look): Query<Look>) -> Answer {
    let rows = measurables::scorecard(&visit.app, &visit.who).await?;
    let seats = seats::list(&visit.app, &visit.who).await?;
    let may_manage = access::may(&visit.who, Act::Manage);
    let add =
        || act::icon_link("/scorecard/new", Icon::Plus, "Add a measurable", Weight::Secondary);
    let acts: Vec<Markup> = may_manage.then(add).into_iter().collect();
    let only = look.show.as_deref().and_then(Show::of_word);
    let body = html! {
        (layout::head("Scorecard", Some(&lead(&rows)), &[], &acts))
        @if rows.is_empty() { (nothing(may_manage)) } @else {
            (figures(&rows))
            @if let Some(only) = only {
                p { "Only " (only.says()) ". " a href="/scorecard" { "Show all" } }
            }
            (listing(&visit, &rows, &seats, only))
        }
    };
    Ok(visit.page("Scorecard", Some(Part::Scorecard), Width::Wide, &body))
}

/// Which rows to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Show {
    OffTrack,
    Missing,
}

impl Show {
    fn of_word(word: &str) -> Option<Self> {
        match word {
            "off-track" => Some(Self::OffTrack),
            "missing" => Some(Self::Missing),
            _ => None,
        }
    }

    fn says(self) -> &'static str {
        match self {
            Self::OffTrack => "what is off track",
            Self::Missing => "what has no value for last week",
        }
    }

    fn takes(self, row: &ScoreRow) -> bool {
        match self {
            Self::OffTrack => row.latest == Standing::OffTrack,
            Self::Missing => is_missing(row),
        }
    }
}

/// Whether the last week that is over has no value.
fn is_missing(row: &ScoreRow) -> bool {
    row.weeks.iter().rev().nth(1).is_some_and(|week| week.standing == Standing::Missing)
}

fn count(rows: &[ScoreRow], standing: Standing) -> usize {
    rows.iter().filter(|row| row.latest == standing).count()
}

fn lead(rows: &[ScoreRow]) -> String {
    let on = count(rows, Standing::OnTrack);
    match rows.len() {
        0 => "Numbers that say each week whether the company is winning.".to_owned(),
        1 if on == 1 => "The one measurable is on track.".to_owned(),
        1 => "The one measurable is not on track.".to_owned(),
        n if on == n => format!("All {} are on track.", team::number(n, "measurable")),
        n => format!("{on} of {} are on track.", team::number(n, "measurable")),
    }
}

fn nothing(may_manage: bool) -> Markup {
    let add = act::link_button("/scorecard/new", "Add the first measurable", Weight::Primary);
    notice::empty_state(
        Icon::Scorecard,
        "No measurables yet",
        "A measurable is one number a week with a goal, owned by one seat. Thirteen weeks side by \
         side show early what goes wrong; agents push their own numbers.",
        may_manage.then_some(&add),
    )
}

fn figures(rows: &[ScoreRow]) -> Markup {
    let (on, off) = (count(rows, Standing::OnTrack), count(rows, Standing::OffTrack));
    let missing = rows.iter().filter(|row| is_missing(row)).count();
    let pending = rows
        .iter()
        .filter(|row| row.weeks.last().is_some_and(|w| w.standing == Standing::Pending))
        .count();
    let tone = |n: usize, tone| if n == 0 { Tone::Good } else { tone };
    list::stats(&[
        Stat {
            label: "On track",
            value: &format!("{on} of {}", rows.len()),
            note: Some((Tone::Neutral, "by their latest value")),
            href: None,
        },
        Stat {
            label: "Off track",
            value: &off.to_string(),
            note: Some((tone(off, Tone::Bad), if off == 0 { "none" } else { "goal missed" })),
            href: Some("/scorecard?show=off-track"),
        },
        Stat {
            label: "Missing",
            value: &missing.to_string(),
            note: Some((
                tone(missing, Tone::Warn),
                if missing == 0 { "none" } else { "no value for last week" },
            )),
            href: Some("/scorecard?show=missing"),
        },
        Stat {
            label: "This week pending",
            value: &pending.to_string(),
            note: Some((Tone::Neutral, "the week is not over")),
            href: None,
        },
    ])
}

fn listing(visit: &Visit, rows: &[ScoreRow], seats: &[SeatView], only: Option<Show>) -> Markup {
    let columns = [
        Column::text("Measurable"),
        Column::number("Latest"),
        Column::tight("State"),
        Column::tight("13 weeks"),
        Column::tight("Course"),
        Column::tight("This week"),
    ];
    let shown: Vec<&ScoreRow> =
        rows.iter().filter(|row| only.is_none_or(|only| only.takes(row))).collect();
    let groups: Vec<Group> = shown
        .chunk_by(|a, b| a.seat == b.seat)
        .filter_map(|of_seat| {
            let seat = &of_seat.first()?.seat;
            Some(Group {
                heading: heading(seat, seats),
                rows: of_seat.iter().map(|row| cells(visit, row)).collect(),
            })
        })
        .collect();
    html! {
        @if groups.is_empty() { p class="muted" { "Nothing: good." } }
        @else { div class="scores" { (table::grouped("Measurables by seat", &columns, &groups, Narrow::Stack)) } }
    }
}

fn heading((slug, name): &(String, String), seats: &[SeatView]) -> Markup {
    html! {
        span class="group-name" {
            a href=(team::address(slug)) { (name) }
            @if let Some(seat) = seats.iter().find(|s| s.seat.slug == *slug) {
                span class="small" { (team::holder_of(seat)) }
            }
        }
    }
}

fn cells(visit: &Visit, row: &ScoreRow) -> Vec<Markup> {
    let m = &row.measurable;
    let values: Vec<Option<f64>> = row.weeks.iter().map(|week| week.value).collect();
    let weeks: Vec<Cell> = row.weeks.iter().map(|week| cell(week.standing)).collect();
    let latest = row.weeks.iter().rev().find_map(|week| week.value);
    vec![
        table::row_link_with(&address(&m.slug), &m.name, &goal(m)),
        html! { (latest.map_or_else(|| "–".to_owned(), |v| figure(v, &m.unit))) },
        state(row.latest),
        chart::trail(&weeks),
        chart::sparkline(&values, Some(m.goal), &spaced(&m.unit)),
        this_week(visit, row),
    ]
}

fn this_week(visit: &Visit, row: &ScoreRow) -> Markup {
    let m = &row.measurable;
    let Some(week) = row.weeks.last() else { return html! {} };
    html! {
        @if row.may_push {
            form class="push" method="post" action={ (address(&m.slug)) "/values" } {
                (act::csrf(&visit.csrf))
                (act::hidden("week", &week.period))
                (act::hidden("back", "scorecard"))
                input class="input" type="number" step="any" name="value" required
                    value=(week.value.map(|v| v.to_string()).unwrap_or_default())
                    placeholder="Pending" aria-label={ "This week's value of " (m.name) };
                button class="button secondary compact" type="submit" {
                    "Push" span class="hush" { " the value of " (m.name) }
                }
            }
        } @else if let Some(value) = week.value { (figure(value, &m.unit)) }
        @else { (badge(Tone::Neutral, "Pending")) }
    }
}

/// The address of a measurable's page.
fn address(slug: &str) -> String {
    format!("/scorecard/{slug}")
}

fn cell(standing: Standing) -> Cell {
    match standing {
        Standing::OnTrack => Cell::On,
        Standing::OffTrack => Cell::Off,
        Standing::Pending => Cell::Pending,
        Standing::Missing => Cell::None,
    }
}

fn state(standing: Standing) -> Markup {
    match standing {
        Standing::OnTrack => badge(Tone::Good, "On track"),
        Standing::OffTrack => badge(Tone::Bad, "Off track"),
        Standing::Pending => badge(Tone::Neutral, "Pending"),
        Standing::Missing => badge(Tone::Warn, "Missing"),
    }
}

fn goal(measurable: &Measurable) -> String {
    let least = match measurable.direction {
        Direction::Up => "at least",
        Direction::Down => "at most",
    };
    format!("Goal: {least} {}", figure(measurable.goal, &measurable.unit))
}

/// The unit of a value: "1 piece", "2 pieces". A sign such as "ms" has no singular.
fn unit_of(value: f64, unit: &str) -> String {
    let one = (value.abs() - 1.0).abs() < 0.005;
    // "calls per day": the word that counts stands first.
    let (counted, rest) = unit.find(" per ").map_or((unit, ""), |at| unit.split_at(at));
    let letters = counted.chars().rev().take_while(char::is_ascii_lowercase).count();
    if !one || letters < 4 || ["ss", "us", "is"].iter().any(|end| counted.ends_with(end)) {
        return unit.to_owned();
    }
    let singular = match (counted.strip_suffix("ies"), counted.strip_suffix("es")) {
        (Some(stem), _) if letters > 4 => format!("{stem}y"),
        (_, Some(stem)) if ["ss", "x", "ch", "sh"].iter().any(|end| stem.ends_with(end)) => {
            stem.to_owned()
        }
        _ => counted.strip_suffix('s').unwrap_or(counted).to_owned(),
    };
    format!("{singular}{rest}")
}

fn spaced(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!("\u{a0}{unit}") }
}

/// A value with its unit: thousands apart, no needless decimals.
fn figure(value: f64, unit: &str) -> String {
    let text = format!("{:.2}", value.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let rest = rest.trim_end_matches('0');
    let mut out = String::from(if value < 0.0 { "−" } else { "" });
    let n = whole.len();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && n > 4 && (n - place).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    if !rest.is_empty() {
        out.push('.');
        out.push_str(rest);
    }
    out.push_str(&spaced(&unit_of(value, unit)));
    out
}

/// "Week 47" of a period such as "2026-W47".
fn week_name(week: &Week) -> String {
    match week.period.split_once("-W") {
        Some((year, number)) => format!("{year}, week {number}"),
        None => week.period.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_as_short_as_it_can_be() {
        let check = |value: f64, unit: &str, expected: &str| {
            assert_eq!(figure(value, unit), expected, "{value}");
        };
        check(0.0, "", "0");
        check(81.5, "%", "81.5\u{a0}%");
        check(1234.0, "h", "1234\u{a0}h");
        check(12_345.678, "EUR", "12\u{202f}345.68\u{a0}EUR");
        check(1_234_567.0, "", "1\u{202f}234\u{202f}567");
        check(-20.0, "", "−20");
        check(1.0, "pieces", "1\u{a0}piece");
        check(1.0, "workdays", "1\u{a0}workday");
        check(1.0, "calls per day", "1\u{a0}call per day");
        check(1.0, "open inquiries", "1\u{a0}open inquiry");
        check(1.0, "boxes", "1\u{a0}box");
        check(1.0, "cases", "1\u{a0}case");
        check(1.5, "pieces", "1.5\u{a0}pieces");
        for kept in ["ms", "%", "EUR", "business", "status"] {
            check(1.0, kept, &format!("1\u{a0}{kept}"));
        }
    }
}
