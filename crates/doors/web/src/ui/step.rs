//! The steps of a document or a run, in order, the current one open.

use maud::{Markup, html};

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

/// A process map in a region that scrolls by itself; `name` keeps its place over live updates.
///
/// The drawing must bring no style element and no style attribute: pages forbid both.
pub fn map(name: &str, label: &str, drawing: &Markup) -> Markup {
    html! {
        div class="map" role="region" aria-label=(label) tabindex="0" data-keep=(name) { (drawing) }
    }
}
