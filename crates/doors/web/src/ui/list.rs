//! Lists: items with one act, facts, stats, timelines, folds and cards.

use super::badge::{Tone, shape};
use maud::{Markup, html};

/// One item of a list of things to do or to open.
#[derive(Debug, Clone)]
pub struct Item<'a> {
    /// The page it leads to.
    pub href: &'a str,
    /// What it is.
    pub title: &'a str,
    /// What else one must know, in small.
    pub facts: Vec<Markup>,
    /// State and the one button.
    pub side: Markup,
}

/// Things to do or to open, most pressing first.
pub fn items(items: &[Item<'_>]) -> Markup {
    html! {
        ul class="items" data-list {
            @for item in items {
                li class="item" data-row {
                    div class="item-words" {
                        a class="item-title" href=(item.href) { (item.title) }
                        div class="item-facts" { @for fact in &item.facts { span { (fact) } } }
                    }
                    div class="item-side" { (item.side) }
                }
            }
        }
    }
}

/// Names and values.
pub fn facts(facts: &[(&str, Markup)]) -> Markup {
    html! {
        dl class="facts" { @for (name, value) in facts { dt { (name) } dd { (value) } } }
    }
}

/// One figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat<'a> {
    /// What is counted.
    pub label: &'a str,
    /// The figure with its unit.
    pub value: &'a str,
    /// What it means; its tone has a shape where it judges.
    pub note: Option<(Tone, &'a str)>,
    /// Where the figure comes from.
    pub href: Option<&'a str>,
}

/// Figures side by side.
pub fn stats(stats: &[Stat<'_>]) -> Markup {
    html! {
        div class="stats" {
            @for stat in stats {
                @if let Some(href) = stat.href { a class="stat" href=(href) { (figure(stat)) } }
                @else { div class="stat" { (figure(stat)) } }
            }
        }
    }
}

fn figure(stat: &Stat<'_>) -> Markup {
    html! {
        span class="stat-label" { (stat.label) }
        span class="stat-value" { (stat.value) }
        @if let Some((tone, note)) = stat.note {
            @if tone == Tone::Neutral { span class="stat-note" { (note) } }
            @else { span class={ "stat-note " (tone.class()) } { (shape(tone)) (note) } }
        }
    }
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Happening {
    /// How to read it.
    pub tone: Tone,
    /// Who did what.
    pub what: Markup,
    /// When.
    pub when: Markup,
    /// The note or evidence left.
    pub more: Option<Markup>,
}

/// What happened, in the order given.
pub fn timeline(happenings: &[Happening]) -> Markup {
    html! {
        ol class="timeline" {
            @for happening in happenings {
                li class=(happening.tone.class()) {
                    (shape(happening.tone))
                    div { (happening.what) }
                    span class="timeline-when" { (happening.when) }
                    @if let Some(more) = &happening.more { div class="timeline-more" { (more) } }
                }
            }
        }
    }
}

/// What is there for those who want it.
pub fn fold(summary: &str, body: &Markup, open: bool) -> Markup {
    html! { details class="fold" open[open] { summary { (summary) } div { (body) } } }
}

/// A framed part of a page.
pub fn card(body: &Markup) -> Markup {
    html! { div class="card" { (body) } }
}

/// Framed parts side by side.
pub fn cards(bodies: &[Markup]) -> Markup {
    html! { div class="cards" { @for body in bodies { (card(body)) } } }
}
