//! The five pieces of a process as they were read: how surely, and where.

use super::{doers, side::line_of};
use crate::{
    pages::processes::count,
    ui::{
        badge::{Tone, badge},
        editor::line_link,
        moment,
    },
    visit::Visit,
};
use gemba_app::upcoming;
use gemba_diag::LineIndex;
use gemba_model::{OwnerState, Process, Trigger, TriggerKind, ValueState};
use maud::{Markup, html};

/// How surely a piece was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Stated,
    Implied,
    Blank,
    Channel,
    Missing,
}

impl Known {
    fn badge(self) -> Markup {
        match self {
            Self::Stated => badge(Tone::Good, "Stated"),
            Self::Implied => badge(Tone::Neutral, "Implied"),
            Self::Blank => badge(Tone::Warn, "Blank to fill in"),
            Self::Channel => badge(Tone::Warn, "A channel, not a seat"),
            Self::Missing => badge(Tone::Bad, "Missing"),
        }
    }

    fn of(state: ValueState) -> Self {
        match state {
            ValueState::Stated => Self::Stated,
            ValueState::Implied => Self::Implied,
            ValueState::Placeholder => Self::Blank,
        }
    }

    fn of_list<T>(list: &[T]) -> Self {
        if list.is_empty() { Self::Missing } else { Self::Stated }
    }

    fn is_there(self) -> bool {
        matches!(self, Self::Stated | Self::Implied)
    }
}

fn owner(process: &Process) -> Known {
    match process.owner.state {
        OwnerState::Stated => Known::Stated,
        OwnerState::Implied => Known::Implied,
        OwnerState::Channel => Known::Channel,
        OwnerState::Placeholder => Known::Blank,
        OwnerState::Missing => Known::Missing,
    }
}

/// The surest of the triggers: one that is stated is enough to start a run.
fn triggers(process: &Process) -> Known {
    let surest = process.triggers.iter().map(|trigger| trigger.state).min_by_key(|s| match s {
        ValueState::Stated => 0,
        ValueState::Implied => 1,
        ValueState::Placeholder => 2,
    });
    surest.map_or(Known::Missing, Known::of)
}

/// How many of the five are there.
pub(super) fn tally(process: &Process) -> String {
    let known = [
        owner(process),
        triggers(process),
        Known::of_list(&process.steps),
        Known::of_list(&process.expected_output),
        Known::of_list(&process.failure_signals),
    ];
    format!("{} of 5", known.iter().filter(|known| known.is_there()).count())
}

/// The five pieces.
pub(super) fn pieces(visit: &Visit, process: &Process, lines: &LineIndex<'_>) -> Markup {
    let at = |span: gemba_model::Span| line_of(lines, span);
    let owner_said =
        process.owner.seat.iter().map(|name| (html! { (name) }, process.owner.span.map(at)));
    let starts = process.triggers.iter().map(|t| (trigger(visit, t), t.span.map(at)));
    let steps = process.steps.iter().map(|step| {
        let doer = process.doer(step).map(|name| html! { span class="muted" { ", " (name) } });
        (html! { (step.number) " " (step.title) (doer.unwrap_or_default()) }, Some(at(step.span)))
    });
    let output = process.expected_output.iter().map(|o| (html! { (o.text) }, Some(at(o.span))));
    let signals = process.failure_signals.iter().map(|s| {
        let rule = s.rule.as_ref().map(|rule| html! { " " code { (rule) } });
        (html! { (s.text) (rule.unwrap_or_default()) }, Some(at(s.span)))
    });
    let doing = if process.steps.is_empty() {
        String::new()
    } else {
        format!("{}, done by {}", count(process.steps.len(), "step"), doers(process))
    };
    html! {
        div class="five" {
            (piece("Owner", owner(process), "", owner_said, "One seat answers for a process. Write it as owner: in the first lines."))
            (piece("Trigger", triggers(process), "", starts, "What starts a run: a date, an event, a number, a request. Write it as trigger: in the first lines."))
            (piece("Steps", Known::of_list(&process.steps), &doing, steps, "Number what is done, one line for each step, under the heading Steps."))
            (piece("Expected output", Known::of_list(&process.expected_output), "", output, "Say under this heading what a run must have produced."))
            (piece("Failure signals", Known::of_list(&process.failure_signals), "", signals, "Say under this heading how one notices that it went wrong."))
        }
    }
}

fn piece(
    name: &str,
    known: Known,
    note: &str,
    said: impl Iterator<Item = (Markup, Option<u32>)>,
    advice: &str,
) -> Markup {
    html! {
        section class="piece" {
            div class="piece-head" { h3 { (name) } (known.badge()) span class="muted small" { (note) } }
            ul {
                @for (words, line) in said {
                    li { span { (words) } @if let Some(line) = line { span class="small" { (line_link(line)) } } }
                }
            }
            @if !known.is_there() { p class="muted" { (advice) } }
        }
    }
}

fn trigger(visit: &Visit, trigger: &Trigger) -> Markup {
    let kind = match trigger.kind {
        TriggerKind::Schedule => "schedule",
        TriggerKind::Event => "event",
        TriggerKind::Threshold => "threshold",
        TriggerKind::Request => "request",
    };
    let state = match trigger.state {
        ValueState::Stated => "",
        ValueState::Implied => ", implied",
        ValueState::Placeholder => ", a blank",
    };
    let next = trigger.rule.as_ref().map(|rule| upcoming::times(rule, visit.now, &visit.calendar));
    html! {
        (trigger.text) " " span class="muted" { "(" (kind) (state) ")" }
        @if let Some(rule) = trigger.normalised().filter(|rule| *rule != trigger.text) {
            " " code { (rule) }
        }
        @for at in next.iter().flatten() {
            br;
            span class="muted small" { (moment::exact_time(*at, &visit.zone)) }
        }
    }
}
