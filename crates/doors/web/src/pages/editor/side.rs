//! What a text comes to while it is written: findings, map, the five pieces, who does what.

use super::{findings, pieces};
use crate::ui::{
    badge::{Tone, badge},
    editor::{self, Pane, Place, line_link},
    step,
    table::{self, Column, Narrow},
};
use crate::visit::Visit;
use gemba_app::{
    maps::{self, Direction, Shown},
    processes::Checked,
    writing::Spot,
};
use gemba_diag::LineIndex;
use gemba_model::{
    Process, Span, Step,
    raci::{self, Conflict},
};
use maud::{Markup, html};
use std::fmt::Write as _;

use crate::pages::processes::{conflict_words, count};

/// All panes of a text; the map in the direction that is in sight, or in both where that is not known.
pub(super) fn panes(
    visit: &Visit,
    source: &str,
    checked: &Checked,
    place: Place<'_>,
    in_sight: Option<Direction>,
) -> Vec<Pane> {
    let lines = LineIndex::new(source);
    let process = &checked.process;
    let located = findings::located(source, &checked.diagnostics);
    let (matrix, conflicts) = who_does_what(process, &lines);
    vec![
        Pane {
            name: "findings",
            title: "Findings",
            note: findings::tally(&checked.diagnostics),
            body: editor::findings(&findings::shown(&located), place),
        },
        Pane {
            name: "map",
            title: "Map",
            note: String::new(),
            body: map(source, checked, &lines, in_sight),
        },
        Pane {
            name: "pieces",
            title: "Five pieces",
            note: pieces::tally(process),
            body: pieces::pieces(visit, process, &lines),
        },
        Pane {
            name: "raci",
            title: "Who does what",
            note: match conflicts {
                0 => String::new(),
                n => count(n, "contradiction"),
            },
            body: matrix,
        },
    ]
}

/// The line on which something was read.
pub(super) fn line_of(lines: &LineIndex<'_>, span: Span) -> u32 {
    u32::try_from(lines.line(span.range().start)).unwrap_or(0)
}

fn map(
    source: &str,
    checked: &Checked,
    lines: &LineIndex<'_>,
    in_sight: Option<Direction>,
) -> Markup {
    if checked.process.steps.is_empty() {
        return html! { p class="muted" { "The map appears with the first step." } };
    }
    let one = |nth: usize, process: &Process| {
        let name = if nth == 0 { "map".to_owned() } else { format!("map-{}", nth + 1) };
        html! {
            // Where each step is written is told also where the map is too large to be drawn.
            div data-process=(nth) data-steps=(places(nth, process, source, lines)) {
                @match maps::of_lines(process, source, in_sight) {
                    shown @ Shown::Drawn(_) => {
                        (step::drawn(&name, &format!("Map of {}", process.title), &shown, None))
                    },
                    Shown::TooLarge { steps } => p class="muted" {
                        "This text has " (steps) " steps. While you write, maps of up to "
                        (maps::MOST_DRAWN) " steps are drawn; everything else is checked as ever."
                    },
                }
            }
        }
    };
    let others = checked.others.iter().enumerate().filter(|(_, other)| !other.steps.is_empty());
    html! {
        (one(0, &checked.process))
        @if !checked.others.is_empty() {
            p class="muted" {
                "The file holds " (count(checked.others.len() + 1, "process")) ". Only the first one, "
                (checked.process.title) ", is published and run; give each of the others a file of its own."
            }
        }
        @for (nth, other) in others.take(MOST_OTHERS) {
            h3 { (other.title) }
            (one(nth + 1, other))
        }
    }
}

/// How many maps of further processes are drawn at each key press.
const MOST_OTHERS: usize = 4;

/// From which to which line each step goes, parts after what they belong to: "collect 8 14,check 15 19".
fn places(nth: usize, process: &Process, source: &str, lines: &LineIndex<'_>) -> String {
    let mut out = String::new();
    for step in process.all_steps() {
        let range = step.span.range();
        let written = source.get(range.clone()).map_or(0, |text| text.trim_end().len());
        let (from, to) = (lines.line(range.start), lines.line(range.start + written));
        let joint = if out.is_empty() { "" } else { "," };
        // Writing to a string cannot fail.
        let spot = Spot { nth, step: step.id.clone() };
        let _written = write!(out, "{joint}{spot} {from} {to}");
    }
    out
}

fn who_does_what(process: &Process, lines: &LineIndex<'_>) -> (Markup, usize) {
    if process.steps.is_empty() {
        return (html! { p class="muted" { "The matrix appears with the first step." } }, 0);
    }
    let mut found = 0;
    let rows: Vec<Vec<Markup>> = raci::matrix(process)
        .iter()
        .zip(&process.steps)
        .map(|(row, step)| {
            let wrong = raci::conflicts(process, step);
            found += wrong.len();
            let names = [&row.responsible, &row.accountable, &row.consulted, &row.informed];
            let first = first_cell(&row.step, step, &wrong, lines);
            std::iter::once(first).chain(names.map(|names| html! { (names.join(", ")) })).collect()
        })
        .collect();
    let columns = [
        Column::text("Step"),
        Column::text("Responsible"),
        Column::text("Accountable"),
        Column::text("Consulted"),
        Column::text("Informed"),
    ];
    (table::table("Who does what, step by step", &columns, &rows, Narrow::Stack), found)
}

fn first_cell(number: &str, step: &Step, wrong: &[Conflict], lines: &LineIndex<'_>) -> Markup {
    html! {
        (number) " " (step.title) " "
        span class="small" { (line_link(line_of(lines, step.span))) }
        @for conflict in wrong {
            div class="under" { (badge(Tone::Bad, conflict_words(*conflict))) }
        }
    }
}
