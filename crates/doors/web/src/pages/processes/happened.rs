//! What really happened in a process: how often, how long, which ways.

use crate::{
    pages::processes::count,
    ui::{
        act::{self, Weight},
        badge::Tone,
        chart::{self, Bar},
        icon::Icon,
        layout,
        list::{self, Stat},
        notice, step,
        table::{self, Column, Narrow},
    },
    visit::Visit,
};
use gemba_app::{
    Result,
    insight::{self, Insight, StepInsight, duration},
    maps::{self, Picture},
    processes::ProcessView,
};
use maud::{Markup, html};

pub(super) async fn view(visit: &Visit, view: &ProcessView) -> Result<Markup> {
    let slug = &view.row.slug;
    let seen = insight::of_process(&visit.app, &visit.who, slug).await?;
    if seen.running + seen.completed + seen.cancelled == 0 {
        return Ok(never_run(view));
    }
    let home = format!("/processes/{slug}");
    let drawing = maps::shown_of(&visit.app, &visit.who, slug, &Picture::AsItRuns, &home).await?;
    Ok(html! {
        (figures(slug, &seen))
        (layout::section("The map as it runs", Some("how often, and the mean time of each step"),
            &step::both_maps("as-it-runs", &format!("{} as it runs", view.process.title), &drawing, None)))
        @if !seen.steps.is_empty() { (times(&seen.steps)) }
        (branches(view, &seen.steps))
        @if !seen.paths.is_empty() { (paths(&seen)) }
    })
}

fn never_run(view: &ProcessView) -> Markup {
    let act = act::link_button(
        &format!("/processes/{}/publish", view.row.slug),
        "See what publishing needs",
        Weight::Secondary,
    );
    notice::empty_state(
        Icon::Run,
        "Never run yet",
        "After the first runs, this page shows which ways the work really took, how often each step was \
         done and how long it took, drawn on the map. That is where the document and the work part.",
        view.row.revision.is_none().then_some(&act),
    )
}

fn figures(slug: &str, seen: &Insight) -> Markup {
    let runs = format!("/runs?process={slug}");
    let median = seen.median_cycle_s.map_or_else(|| "–".to_owned(), duration);
    let (completed, running, cancelled) =
        (seen.completed.to_string(), seen.running.to_string(), seen.cancelled.to_string());
    let stat = |label, value, note, href| Stat { label, value, note, href };
    let (unit, seconds) = unit_for(seen.cycles_s.iter().copied().max().unwrap_or(0));
    let cycles: Vec<Option<f64>> =
        seen.cycles_s.iter().map(|s| Some(float(*s) / seconds)).collect();
    html! {
        (list::stats(&[
            stat("Completed runs", completed.as_str(), None, Some(runs.as_str())),
            stat("Running now", running.as_str(), None, Some(runs.as_str())),
            stat("Ended early", cancelled.as_str(), None, Some(runs.as_str())),
            stat("Median time from start to end", median.as_str(), None, None),
        ]))
        @if cycles.len() > 1 {
            p class="cluster" {
                span class="muted" { "Time from start to end of the latest " (count(cycles.len(), "run")) ", oldest first" }
                (chart::sparkline(&cycles, None, unit))
            }
        }
    }
}

fn times_in_words(n: i64) -> String {
    match n {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    }
}

/// The unit in which lengths of time are told together: its name and its seconds.
fn unit_for(longest: i64) -> (&'static str, f64) {
    match longest {
        ..120 => (" s", 1.0),
        120..7_200 => (" min", 60.0),
        7_200..172_800 => (" h", 3_600.0),
        _ => (" d", 86_400.0),
    }
}

/// A count as a length of drawing.
fn float(n: i64) -> f64 {
    f64::from(i32::try_from(n).unwrap_or(i32::MAX))
}

fn times(steps: &[StepInsight]) -> Markup {
    let shown: Vec<String> =
        steps.iter().map(|s| format!("{}, {}", duration(s.mean_s), times_in_words(s.n))).collect();
    let slowest = steps.iter().map(|s| s.mean_s).max().unwrap_or(0);
    let bars: Vec<Bar<'_>> = steps
        .iter()
        .zip(&shown)
        .map(|(step, shown)| Bar {
            label: &step.title,
            value: float(step.mean_s),
            shown,
            tone: if step.mean_s == slowest && steps.len() > 1 {
                Tone::Warn
            } else {
                Tone::Neutral
            },
        })
        .collect();
    layout::section(
        "How long each step takes",
        Some("from its turn to done; the slowest stands out"),
        &chart::bar_chart("Mean time of each step", "Mean time and count", &bars),
    )
}

fn branches(view: &ProcessView, steps: &[StepInsight]) -> Markup {
    let deciding: Vec<&StepInsight> = steps.iter().filter(|s| !s.branches.is_empty()).collect();
    if deciding.is_empty() {
        return html! {};
    }
    let charts = html! {
        @for step in deciding {
            @let all: i64 = step.branches.iter().map(|(_, n)| n).sum();
            @let named: Vec<(String, String, i64)> = step.branches.iter()
                .map(|(id, n)| (condition(view, step, id), format!("{n} of {all}"), *n)).collect();
            @let bars: Vec<Bar<'_>> = named.iter()
                .map(|(label, shown, n)| Bar { label, value: float(*n), shown, tone: Tone::Neutral }).collect();
            (chart::bar_chart(&step.title, "How often", &bars))
        }
    };
    layout::section(
        "What was decided",
        Some("the share of each branch"),
        &html! { div class="stack" { (charts) } },
    )
}

fn condition(view: &ProcessView, step: &StepInsight, branch: &str) -> String {
    let written = view.process.step(&step.step);
    let decision = written.and_then(|s| s.decisions.iter().find(|d| d.id == branch));
    decision.map_or_else(|| branch.to_owned(), |d| d.condition.clone())
}

fn paths(seen: &Insight) -> Markup {
    let all = seen.cycles_s.len().max(1);
    let columns = [Column::text("Path"), Column::number("Runs"), Column::number("Share")];
    let rows: Vec<Vec<Markup>> = seen
        .paths
        .iter()
        .map(|path| {
            let steps = if path.steps.is_empty() {
                "No step was done".to_owned()
            } else {
                path.steps.join(" → ")
            };
            vec![html! { (steps) }, html! { (path.n) }, html! { (path.n * 100 / all) "\u{a0}%" }]
        })
        .collect();
    layout::section(
        "The ways that runs took",
        Some("most frequent first"),
        &table::table("The ways that runs took", &columns, &rows, Narrow::Stack),
    )
}
