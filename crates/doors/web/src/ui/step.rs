//! The steps of a document or a run, in order, the current one open.

use gemba_app::maps::{Drawing, Frame, MOST_DRAWN, Shown};
use maud::{Markup, PreEscaped, html};

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Only described, not part of a run.
    Written,
    /// Completed.
    Done,
    /// To be done now.
    Now,
    /// Not yet its turn.
    Coming,
}

/// One step as shown.
#[derive(Debug, Clone)]
pub struct StepView<'a> {
    /// The reader's number: "3", "3.2".
    pub number: &'a str,
    /// Its stable id, the target of links.
    pub id: &'a str,
    /// What is done.
    pub title: &'a str,
    /// Where it stands.
    pub state: StepState,
    /// Who does it, by when, with which evidence.
    pub facts: Vec<Markup>,
    /// Its text, its form, what was left.
    pub body: Option<Markup>,
}

/// The steps in order.
pub fn steps(steps: &[StepView<'_>]) -> Markup {
    html! {
        ol class="steps" {
            @for step in steps {
                li class=[class(step.state)] id={ "step-" (step.id) }
                    aria-current=[(step.state == StepState::Now).then_some("step")] {
                    span class="step-mark" {
                        @if step.state == StepState::Done {
                            span aria-hidden="true" { "✓" }
                            span class="hush" { "Step " (step.number) ", done" }
                        } @else {
                            span class="hush" { "Step " } (step.number)
                        }
                    }
                    div class="step-body" {
                        h3 class="step-title" { (step.title) }
                        @if !step.facts.is_empty() {
                            div class="step-facts" { @for fact in &step.facts { span { (fact) } } }
                        }
                        @if let Some(body) = &step.body { (body) }
                    }
                }
            }
        }
    }
}

fn class(state: StepState) -> Option<&'static str> {
    match state {
        StepState::Written => None,
        StepState::Done => Some("done"),
        StepState::Now => Some("now"),
        StepState::Coming => Some("coming"),
    }
}

/// A process map as wide screens and as narrow ones show it, and the same in words. `file` is where
/// the whole drawing is, for one that is too large for a page.
pub fn both_maps(name: &str, label: &str, shown: &Shown, file: Option<&str>) -> Markup {
    html! {
        (drawn(name, label, shown, file))
        @if let Shown::Drawn(drawing) = shown { (told(drawing)) }
    }
}

/// A process map as wide screens and as narrow ones show it, each in a region that scrolls by itself;
/// `name` keeps its place over live updates.
pub fn drawn(name: &str, label: &str, shown: &Shown, file: Option<&str>) -> Markup {
    let drawing = match shown {
        Shown::Drawn(drawing) => drawing,
        Shown::TooLarge { steps } => {
            return html! {
                p class="muted" {
                    "This process has " (steps) " steps. Within a page maps of up to " (MOST_DRAWN)
                    " steps are drawn. "
                    @if let Some(file) = file { a href=(file) { "Download the map as SVG" } }
                }
            };
        }
    };
    let down = format!("{name}-down");
    let class = if drawing.wide { "map map-right wide" } else { "map map-right" };
    html! {
        @if let Some(right) = &drawing.right { (frame(name, label, class, right)) }
        @if let Some(frame_down) = &drawing.down {
            (frame(&down, label, "map map-down", frame_down))
        }
    }
}

fn frame(name: &str, label: &str, class: &str, frame: &Frame) -> Markup {
    html! {
        div class=(class) role="region" aria-label=(label) tabindex="0" data-keep=(name) {
            @if !frame.names.is_empty() {
                div class="map-names" aria-hidden="true" { (PreEscaped(&frame.names)) }
            }
            (PreEscaped(&frame.map))
        }
    }
}

/// The map in words.
fn told(drawing: &Drawing) -> Markup {
    html! {
        details class="map-told" {
            summary { "The map as a list" }
            ul {
                @for step in &drawing.told {
                    li {
                        (step.text)
                        @if step.ways.len() > 1 {
                            ul { @for way in &step.ways { li { (way) } } }
                        } @else if let Some(way) = step.ways.first() {
                            ": " (way)
                        }
                    }
                }
            }
        }
    }
}

/// A process map in a region that scrolls by itself; `name` keeps its place over live updates.
///
/// The drawing must bring no style element and no style attribute: pages forbid both.
pub fn map(name: &str, label: &str, drawing: &Markup) -> Markup {
    html! {
        div class="map" role="region" aria-label=(label) tabindex="0" data-keep=(name) { (drawing) }
    }
}
