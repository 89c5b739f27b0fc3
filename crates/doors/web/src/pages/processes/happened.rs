//! A process as it runs: how often, how long, which ways, and where that is not what is written.

mod held;

use self::held::{Shown, percent, view as of_held};
use crate::{
    pages::processes::count,
    ui::{
        act::{self, Weight},
        badge::Tone,
        chart::{self, Bar},
        field::{self, Field, Input},
        icon::Icon,
        layout,
        list::{self, Stat},
        moment, notice,
    },
    visit::Visit,
};
use gemba_app::{
    Result,
    insight::{self, StepInsight, duration},
    processes::ProcessView,
    reality::{self, Held, MOST_RUNS, Reality, Window},
};
use jiff::{ToSpan, civil::Date};
use maud::{Markup, html};
use serde::Deserialize;

/// The time that is looked at, as it stands in the address.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// So many days up to today.
    #[serde(default)]
    days: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// The times that are offered.
const DAYS: [(&str, &str); 4] =
    [("", "All"), ("30", "Last 30 days"), ("90", "Last 90 days"), ("365", "Last 365 days")];

impl Asked {
    /// A day that is none counts as none.
    fn window(&self, today: Date) -> Window {
        let back = self.days.parse::<i64>().ok().filter(|days| (1..=3_650).contains(days));
        match back.and_then(|days| today.checked_sub(days.days()).ok()) {
            Some(from) => Window { from: Some(from), to: None },
            None => Window { from: self.from.parse().ok(), to: self.to.parse().ok() },
        }
    }
}

pub(super) async fn view(visit: &Visit, view: &ProcessView, asked: &Asked) -> Result<Markup> {
    let slug = &view.row.slug;
    let today = visit.now.to_zoned(visit.zone.clone()).date();
    let window = asked.window(today);
    let found = reality::of_process(&visit.app, &visit.who, slug, window).await?;
    let Some(seen) =
        found.filter(|_| view.row.running + view.row.completed + view.row.cancelled > 0)
    else {
        return Ok(never_run(view));
    };
    let decided = insight::steps(&visit.app, &visit.who, slug).await?;
    Ok(html! {
        (times_form(slug, asked, window))
        @match &seen.held {
            Ok(held) => {
                (figures(view, held))
                (extent(&seen))
                @if held.cases == 0 && window != Window::default() {
                    (notice::banner(Tone::Neutral, &html! { "No run that began in this time came to its end." },
                        Some(&act::link_button(&format!("/processes/{slug}?view=happened"), "Look at all", Weight::Secondary))))
                }
                @let name = |id: &str| run_link(visit, &seen, id);
                (of_held(visit, &Shown { held, title: &view.process.title, noun: "run", name: &name }))
            }
            Err(why) => (notice::banner(Tone::Warn, &html! {
                "The document cannot be held against its runs: " (why) "."
            }, None)),
        }
        (branches(view, &decided))
    })
}

fn run_link(visit: &Visit, seen: &Reality, id: &str) -> Markup {
    html! {
        a href={ "/runs/" (id) } {
            @match seen.names.get(id) {
                Some(run) => { "Run " (run.number) ", begun " (moment::time(run.started, visit.now, &visit.zone)) }
                None => (id),
            }
        }
    }
}

fn never_run(view: &ProcessView) -> Markup {
    let home = format!("/processes/{}", view.row.slug);
    let act = if view.row.revision.is_none() {
        act::link_button(&format!("{home}/publish"), "See what publishing needs", Weight::Secondary)
    } else {
        act::link_button(&format!("{home}#start"), "Start a run", Weight::Secondary)
    };
    notice::empty_state(
        Icon::Run,
        "Never run yet",
        "After the first runs, this page shows which ways the work really took, how often each step was \
         done and how long it took, drawn on the map. That is where the document and the work part.",
        view.row.retired.is_none().then_some(&act),
    )
}

/// Which time is looked at; a plain form.
fn times_form(slug: &str, asked: &Asked, window: Window) -> Markup {
    let home = format!("/processes/{slug}");
    let is_range = window != Window::default() && asked.days.is_empty();
    let day =
        |day: Option<Date>| day.filter(|_| is_range).map(|d| d.to_string()).unwrap_or_default();
    html! {
        nav class="cluster" aria-label="Time that is looked at" {
            @for (days, label) in DAYS {
                @let here = !is_range && asked.days == days;
                @let query = if days.is_empty() { String::new() } else { format!("&days={days}") };
                a href={ (home) "?view=happened" (query) } aria-current=[here.then_some("true")] { (label) }
            }
        }
        form class="filters" method="get" action=(home) aria-label="Time that is looked at, by day" {
            (act::hidden("view", "happened"))
            (field::text(&Field::new("from", "Begun from"), Input::Date, &day(window.from)))
            (field::text(&Field::new("to", "To"), Input::Date, &day(window.to)))
            (act::button("Show", Weight::Secondary))
        }
    }
}

/// What was looked at.
fn extent(seen: &Reality) -> Markup {
    html! {
        p class="muted small" {
            "Held against revision " (seen.revision) ": "
            @if seen.is_cut { "the latest " (MOST_RUNS) " finished runs of this time; there are more. " }
            @else { (count(seen.runs, "finished run")) ". " }
            @match seen.older {
                0 => {}
                1 => "One of them followed an older revision.",
                n => { (n) " of them followed an older revision." }
            }
        }
    }
}

fn figures(view: &ProcessView, held: &Held) -> Markup {
    let row = &view.row;
    let runs = format!("/runs?process={}", row.slug);
    let median = held.median_s.map_or_else(|| "–".to_owned(), duration);
    let p90 = held.p90_s.map(|s| format!("nine of ten within {}", duration(s)));
    let written = match held.cases {
        0 => "–".to_owned(),
        all => percent(held.as_written, all),
    };
    let arithmetic = format!("{} of {}", held.as_written, count(held.cases, "run"));
    let fitness = format!("{:.2}", held.fitness);
    let running = row.running.to_string();
    let ended = row.cancelled.to_string();
    let note = |words| Some((Tone::Neutral, words));
    let stat = |label, value, note, href| Stat { label, value, note, href };
    list::stats(&[
        stat("Went as written", written.as_str(), note(arithmetic.as_str()), None),
        stat("Fitness of the order", fitness.as_str(), note("1 is wholly as written"), None),
        stat("Median time from start to end", median.as_str(), p90.as_deref().and_then(note), None),
        stat("Running now", running.as_str(), None, Some(runs.as_str())),
        stat("Ended early", ended.as_str(), None, Some(runs.as_str())),
    ])
}

fn branches(view: &ProcessView, steps: &[StepInsight]) -> Markup {
    let deciding: Vec<&StepInsight> = steps.iter().filter(|s| !s.branches.is_empty()).collect();
    if deciding.is_empty() {
        return html! {};
    }
    let float = |n: i64| f64::from(i32::try_from(n).unwrap_or(i32::MAX));
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
        Some("the share of each branch, over all runs"),
        &html! { div class="stack" { (charts) } },
    )
}

fn condition(view: &ProcessView, step: &StepInsight, branch: &str) -> String {
    let written = view.process.step(&step.step);
    let decision = written.and_then(|s| s.decisions.iter().find(|d| d.id == branch));
    decision.map_or_else(|| branch.to_owned(), |d| d.condition.clone())
}
