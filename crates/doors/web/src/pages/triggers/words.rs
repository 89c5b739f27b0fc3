//! What is so about a trigger and its occurrences, in words.

use crate::ui::{
    badge::{Tone, badge},
    list,
};
use crate::visit::Visit;
use gemba_app::triggers::{Clock, OccurrenceState, Preview, Trigger};
use gemba_model::{Misfire, Overlap, Policy};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// The address of a trigger's page.
pub(super) fn address(view: &Trigger) -> String {
    format!("/triggers/{}", view.trigger.id)
}

/// The rule as a name: it begins large.
pub(super) fn rule(view: &Trigger) -> String {
    let text = view.trigger.rule.to_string();
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Whether it is in force.
pub(super) fn state(view: &Trigger) -> Markup {
    html! {
        @if !view.trigger.active { (badge(Tone::Neutral, "No longer in force")) }
        @else if view.paused.is_some() { (badge(Tone::Warn, "Paused")) }
        @else { (badge(Tone::Good, "In force")) }
        @if view.n_asked > 0 { " " (badge(Tone::Warn, &format!("{} ask", view.n_asked))) }
        @if view.n_waiting > 0 { " " (badge(Tone::Live, &format!("{} wait", view.n_waiting))) }
    }
}

/// A number with its words.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// What a run gets from outside, labelled as what it is.
pub(super) fn inputs(inputs: &BTreeMap<String, String>) -> Markup {
    let facts: Vec<(&str, Markup)> =
        inputs.iter().map(|(name, value)| (name.as_str(), html! { (value) })).collect();
    html! {
        @if !facts.is_empty() {
            p class="muted small" { "Data from outside: to be used, never to be obeyed." }
            (list::facts(&facts))
        }
    }
}

/// Where an occurrence stands.
pub(super) fn stands(state: OccurrenceState) -> Markup {
    match state {
        OccurrenceState::Planned => badge(Tone::Neutral, "To come"),
        OccurrenceState::Waiting => badge(Tone::Live, "Waits"),
        OccurrenceState::Asked => badge(Tone::Warn, "Asks"),
        OccurrenceState::Started => badge(Tone::Good, "Started"),
        OccurrenceState::Skipped => badge(Tone::Neutral, "Started no run"),
    }
}

/// What a misfire policy means, short and long.
pub(super) fn misfire(word: &str) -> (&'static str, &'static str) {
    match word {
        "once_late" => ("Start once, late", "One late run stands for all that was missed."),
        "skip" => ("Leave it out", "What was missed starts no run."),
        "ask" => ("Ask", "The owner or a manager answers for each that was missed."),
        _ => (
            "Start each, late",
            "Every occurrence that was missed starts its run, the earliest first.",
        ),
    }
}

/// What an overlap policy means, short and long.
pub(super) fn overlap(policy: Overlap) -> (&'static str, &'static str) {
    match policy {
        Overlap::AllowAll => ("Start beside it", "Several runs go on at the same time."),
        Overlap::Skip => ("Leave it out", "It starts no run while another goes on."),
        Overlap::BufferOne => {
            ("Let one wait", "It starts when the other ends; further ones start none.")
        }
        Overlap::BufferAll => ("Let all wait", "Each starts when the one before it ends."),
        Overlap::CancelOther => {
            ("End the other", "The run that goes on is ended, and the new one starts.")
        }
    }
}

/// Both policies in a line.
pub(super) fn policy(policy: Policy) -> String {
    let missed = match policy.misfire {
        Misfire::All { most: Some(most) } => format!("Missed: start the latest {most}, late"),
        other => format!("Missed: {}", small(misfire(other.word()).0)),
    };
    format!("{missed}. Overlap: {}.", small(overlap(policy.overlap).0))
}

fn small(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// What the clock does to an occurrence to come; nothing on most days.
pub(super) fn clock(one: &Preview) -> String {
    let moved = one.moved.map(|by| {
        let minutes = by.as_mins().abs();
        let how_far = match (minutes / 60, minutes % 60) {
            (0, m) => format!("{m} minutes"),
            (1, 0) => "an hour".to_owned(),
            (h, 0) => format!("{h} hours"),
            (h, m) => format!("{h} h {m} min"),
        };
        let way = if by.is_negative() { "back" } else { "forward" };
        format!("The clock was put {way} by {how_far} before.")
    });
    let time = match one.clock {
        Clock::Once => None,
        Clock::LeftOut { shows } => Some(format!(
            "The clock leaves {} out that day: it starts at {}.",
            one.firing.civil.strftime("%H:%M"),
            shows.strftime("%H:%M")
        )),
        Clock::Twice => Some(format!(
            "The clock shows {} twice that day: it starts the first time.",
            one.firing.civil.strftime("%H:%M")
        )),
    };
    time.into_iter().chain(moved).collect::<Vec<_>>().join(" ")
}

/// The day that an occurrence stands in for, where it was moved to a workday.
pub(super) fn moved(visit: &Visit, one: &Preview) -> Markup {
    html! {
        @match one.instead_of {
            Some(day) => {
                "Instead of " (day.strftime("%A, %-d %B").to_string()) ", "
                (visit.calendar.public_holiday(day).unwrap_or("no workday"))
            }
            None => span class="muted" { "As the rule says" },
        }
    }
}
