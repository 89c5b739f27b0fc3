//! What happened, held against what is written: the map, what differs, the ways, the weeks, what changed.

use crate::{
    pages::processes::count,
    ui::{
        badge::{Tone, badge},
        chart::{self, Bar},
        layout, list, moment, notice, step,
        table::{self, Column, Narrow},
    },
    visit::Visit,
};
use gemba_app::{
    insight::duration,
    reality::{Change, Difference, Found, Held, Kind, LEAST_CASES, StepRow, Way, Week},
};
use maud::{Markup, html};

/// What is shown, and what its cases are called here.
pub(super) struct Shown<'a> {
    /// What was found.
    pub(super) held: &'a Held,
    /// The title of the process.
    pub(super) title: &'a str,
    /// "run", or "case" of another system.
    pub(super) noun: &'a str,
    /// A case as a person reads it.
    pub(super) name: &'a dyn Fn(&str) -> Markup,
}

/// A share in whole percent, which is all or nothing only where it is.
pub(super) fn percent(some: usize, all: usize) -> String {
    let share = some * 100 / all.max(1);
    match share {
        0 if some > 0 => "under 1\u{a0}%".to_owned(),
        _ => format!("{share}\u{a0}%"),
    }
}

pub(super) fn view(visit: &Visit, shown: &Shown<'_>) -> Markup {
    let held = shown.held;
    html! {
        (too_few(shown))
        (changes(visit, shown))
        (layout::section("The map as it runs", Some("as written, with how often each step is done and how long half of them take at most"),
            &step::both_maps("as-it-runs", &format!("{} as it runs", shown.title), &held.map, None)))
        @if held.cases > 0 {
            (differences(shown))
            (trend(visit, shown))
            (ways(shown))
        }
        (steps(shown))
    }
}

fn too_few(shown: &Shown<'_>) -> Markup {
    let n = shown.held.cases;
    html! {
        @if n > 0 && n < LEAST_CASES {
            (notice::banner(Tone::Neutral, &html! {
                "Only " (count(n, shown.noun)) " to go by: the shares on this page may be chance. "
                "From " (LEAST_CASES) " on they begin to tell."
            }, None))
        }
    }
}

/// What changed, and since when the document is out of date.
fn changes(visit: &Visit, shown: &Shown<'_>) -> Markup {
    let one = |change: &Change| {
        let words = html! {
            "Since " (moment::day(change.since.to_zoned(visit.zone.clone()).date(), visit.now.to_zoned(visit.zone.clone()).date()))
            " it goes another way (" (count(change.cases, shown.noun)) "): "
            (change.words.join("; ")) "."
            @if change.is_stale { " The document is out of date from that day on." }
        };
        notice::banner(if change.is_stale { Tone::Warn } else { Tone::Neutral }, &words, None)
    };
    html! { @for change in shown.held.changes.iter().rev().take(3) { (one(change)) } }
}

fn differences(shown: &Shown<'_>) -> Markup {
    let held = shown.held;
    if held.differences.is_empty() {
        let words = html! { "Every " (shown.noun) " went as it is written: all " (count(held.cases, shown.noun)) "." };
        return notice::banner(Tone::Good, &words, None);
    }
    let noun = plural(shown.noun);
    let columns = [
        Column::text("Step"),
        Column::text("What differs"),
        Column::number(&noun),
        Column::number("Share"),
        Column::text("Which"),
    ];
    let row = |found: &Difference| {
        vec![
            html! { (found.title) },
            html! {
                (kind(found.kind))
                @if let Some(detail) = &found.detail { span class="muted small" { " " (detail) } }
            },
            html! { (found.cases) },
            html! { (percent(found.cases, held.cases)) },
            some(shown, &found.some, found.cases),
        ]
    };
    let rows: Vec<Vec<Markup>> = held.differences.iter().map(row).collect();
    layout::section(
        "Where document and reality part",
        Some("each step that deviates, the most frequent first"),
        &table::table("Where document and reality part", &columns, &rows, Narrow::Stack),
    )
}

/// A kind of deviation as a person says it.
fn kind(kind: Kind) -> Markup {
    match kind {
        Kind::Skipped => badge(Tone::Bad, "Skipped"),
        Kind::Extra => badge(Tone::Warn, "Done besides"),
        Kind::WrongOrder => badge(Tone::Warn, "In another place"),
        Kind::WrongSeat => badge(Tone::Warn, "By another seat"),
        Kind::TooLate => badge(Tone::Bad, "Too late"),
    }
}

fn plural(noun: &str) -> String {
    let mut chars = noun.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}s", chars.as_str())
}

/// Some of the cases, behind a fold.
fn some(shown: &Shown<'_>, names: &[String], all: usize) -> Markup {
    let list = html! {
        ul class="plain-list" {
            @for name in names { li { ((shown.name)(name)) } }
            @if all > names.len() { li class="muted" { "and " (all - names.len()) " before them" } }
        }
    };
    list::fold(&count(all, shown.noun), &list, false)
}

fn ways(shown: &Shown<'_>) -> Markup {
    let held = shown.held;
    let noun = plural(shown.noun);
    let columns = [
        Column::text("Way"),
        Column::tight("Order"),
        Column::number(&noun),
        Column::number("Share"),
        Column::text("Which"),
    ];
    let row = |way: &Way| {
        let steps = if way.steps.is_empty() {
            "No step was done".to_owned()
        } else {
            way.steps.join(" → ")
        };
        let order =
            if way.fits { badge(Tone::Good, "As written") } else { badge(Tone::Warn, "Otherwise") };
        vec![
            html! { (steps) },
            order,
            html! { (way.cases) },
            html! { (percent(way.cases, held.cases)) },
            some(shown, &way.some, way.cases),
        ]
    };
    let rows: Vec<Vec<Markup>> = held.ways.iter().map(row).collect();
    let note = if held.n_ways > held.ways.len() {
        format!("the {} most frequent of {}", held.ways.len(), held.n_ways)
    } else {
        "most frequent first".to_owned()
    };
    layout::section(
        "The ways it took",
        Some(&note),
        &table::table("The ways it took", &columns, &rows, Narrow::Stack),
    )
}

/// How many of a hundred went as written, week by week.
fn trend(visit: &Visit, shown: &Shown<'_>) -> Markup {
    let weeks = &shown.held.weeks;
    if weeks.len() < 2 {
        return html! {};
    }
    let share = |week: &Week| {
        let whole = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        (week.cases > 0).then(|| whole(week.as_written) / whole(week.cases) * 100.0)
    };
    let values: Vec<Option<f64>> = weeks.iter().map(|week| share(week).map(f64::round)).collect();
    let noun = plural(shown.noun);
    let columns = [
        Column::text("Week of"),
        Column::number(&noun),
        Column::number("As written"),
        Column::number("Share"),
    ];
    let today = visit.now.to_zoned(visit.zone.clone()).date();
    let row = |week: &Week| {
        let told =
            if week.cases == 0 { "–".to_owned() } else { percent(week.as_written, week.cases) };
        vec![
            moment::day(week.monday, today),
            html! { (week.cases) },
            html! { (week.as_written) },
            html! { (told) },
        ]
    };
    let rows: Vec<Vec<Markup>> = weeks.iter().rev().map(row).collect();
    let table = table::table("As written by week", &columns, &rows, Narrow::Scroll);
    layout::section(
        "As written, week by week",
        Some("the share of those that ended in the week and deviate in nothing"),
        &html! {
            p class="cluster" { (chart::sparkline(&values, None, " %")) }
            (list::fold("The figures of the weeks", &table, false))
        },
    )
}

fn steps(shown: &Shown<'_>) -> Markup {
    let steps = &shown.held.steps;
    if steps.iter().all(|step| step.times == 0) {
        return html! {};
    }
    let timed: Vec<(&StepRow, i64)> =
        steps.iter().filter_map(|step| Some((step, step.median_s?))).collect();
    let words: Vec<String> =
        timed.iter().map(|(step, s)| format!("{}, {}×", duration(*s), step.times)).collect();
    let slowest = timed.iter().map(|(_, s)| *s).max().unwrap_or(0);
    let bars: Vec<Bar<'_>> = timed
        .iter()
        .zip(&words)
        .map(|((step, s), shown)| Bar {
            label: &step.title,
            value: f64::from(i32::try_from(*s).unwrap_or(i32::MAX)),
            shown,
            tone: if *s == slowest && timed.len() > 1 { Tone::Warn } else { Tone::Neutral },
        })
        .collect();
    let never: Vec<&str> = steps
        .iter()
        .filter(|step| step.found == Found::Written)
        .map(|step| step.title.as_str())
        .collect();
    html! {
        @if !bars.is_empty() {
            (layout::section("How long each step takes", Some("half are done within this time from their turn on; the slowest stands out"),
                &chart::bar_chart("Median time of each step", "Median time and count", &bars)))
        }
        @if !never.is_empty() { p class="muted" { "Never done: " (never.join(", ")) "." } }
    }
}
