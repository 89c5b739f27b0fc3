//! Notices: banners over a page and places that are still empty.

use super::{
    badge::{Tone, shape},
    icon::{Icon, large_icon},
    list,
};
use maud::{Markup, html};

/// A line that concerns the whole page, with what to do about it.
pub fn banner(tone: Tone, words: &Markup, act: Option<&Markup>) -> Markup {
    html! {
        div class={ "banner " (tone.class()) } {
            (shape(tone))
            p { (words) }
            @if let Some(act) = act { (act) }
        }
    }
}

/// What came of the act before this page.
pub fn flash(tone: Tone, words: &str) -> Markup {
    html! {
        div class={ "banner " (tone.class()) } role="status" { (shape(tone)) p { (words) } }
    }
}

/// A place with nothing in it yet: what it will show, why that matters, the act to begin with.
pub fn empty_state(sign: Icon, title: &str, why: &str, act: Option<&Markup>) -> Markup {
    html! {
        div class="empty" {
            (large_icon(sign))
            h2 { (title) }
            p { (why) }
            @if let Some(act) = act { div class="buttons" { (act) } }
        }
    }
}

/// What somebody else made of the fields of a form meanwhile: of each that says something else than what
/// was typed, its label and what it says now. Each is a label, what was typed, what it says.
pub fn meanwhile(fields: &[(&str, &str, &str)]) -> Markup {
    // A browser ends the lines of a form in its own way.
    let differs = |(_, typed, now): &&(&str, &str, &str)| !typed.lines().eq(now.lines());
    let others: Vec<(&str, Markup)> = fields
        .iter()
        .filter(differs)
        .map(|(label, _, now)| {
            let words = html! {
                @if now.is_empty() { span class="muted" { "Nothing" } }
                @for line in now.lines() { div { (line) } }
            };
            (*label, words)
        })
        .collect();
    html! {
        @if !others.is_empty() {
            div class="stack" {
                p { "What it says now, where you typed something else:" }
                (list::facts(&others))
            }
        }
    }
}
